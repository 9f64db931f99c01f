"""The whole way, from a routine's name to a finished session in its folder."""

from audio_builder.building.encoding import Progress
from audio_builder.building.finished import Session
from audio_builder.building.overview import Explained, explain
from audio_builder.building.pipeline import build, preview
from audio_builder.session.cuesheet import CueSheet
from audio_builder.session.sidecars import FORMATS

__all__ = ["FORMATS", "CueSheet", "Explained", "Progress", "Session", "build", "explain", "preview"]
