"""Google's voices, over the network."""

from audio_builder.speech.engines.gtts.engine import GttsEngine

__all__ = ["GttsEngine"]
