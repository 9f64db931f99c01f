"""Piper's neural voices, and how one is downloaded."""

from audio_builder.speech.engines.piper.engine import PiperEngine

__all__ = ["PiperEngine"]
