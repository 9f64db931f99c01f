"""Pictures of finished sessions."""

from audio_builder.plot.picture import plot

__all__ = ["plot"]
