"""The whole way: a routine's name comes in, a finished session lies in its folder."""

from audio_builder.build.cuesheet import CueSheet
from audio_builder.build.pipeline import Progress, build, preview
from audio_builder.build.session import Session
from audio_builder.build.sidecars import FORMATS

__all__ = ["FORMATS", "CueSheet", "Progress", "Session", "build", "preview"]
