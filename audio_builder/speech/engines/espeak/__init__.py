"""The embedded eSpeak NG, spoken by worker processes."""

from audio_builder.speech.engines.espeak.engine import EspeakEngine

__all__ = ["EspeakEngine"]
