"""Serving: a published folder comes in, HTTP on loopback or, with a key, on the local network goes out."""

from audio_builder.web.server import ServerPlan, prepare, run, serve

__all__ = ["ServerPlan", "prepare", "run", "serve"]
