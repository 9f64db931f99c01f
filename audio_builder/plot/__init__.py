"""A finished session comes in; a picture of it goes out."""

from audio_builder.plot.picture import plot

__all__ = ["plot"]
