"""The whole way: a routine's name comes in, a finished session lies in its folder."""

from audio_builder.building.cuesheet import CueSheet
from audio_builder.building.explaining import Explained, explain
from audio_builder.building.pipeline import Progress, build, preview
from audio_builder.building.session import Session
from audio_builder.building.sidecars import FORMATS

__all__ = ["FORMATS", "CueSheet", "Explained", "Progress", "Session", "build", "explain", "preview"]
