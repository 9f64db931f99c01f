"""Serving a published folder: on this machine or, with a key, on the local network."""

from audio_builder.web.server import ServerPlan, prepare, run, serve

__all__ = ["ServerPlan", "prepare", "run", "serve"]
