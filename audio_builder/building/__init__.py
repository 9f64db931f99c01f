"""The whole way: a routine's name comes in, a finished session lies in its folder."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from audio_builder.building.encoding import Progress
    from audio_builder.building.explaining import Explained, explain
    from audio_builder.building.pipeline import preview
    from audio_builder.building.rebuilding import build
    from audio_builder.building.session import Session
    from audio_builder.session.cuesheet import CueSheet
    from audio_builder.session.sidecars import FORMATS

_HOMES = {
    "FORMATS": "audio_builder.session.sidecars",
    "CueSheet": "audio_builder.session.cuesheet",
    "Explained": "audio_builder.building.explaining",
    "Progress": "audio_builder.building.encoding",
    "Session": "audio_builder.building.session",
    "build": "audio_builder.building.rebuilding",
    "explain": "audio_builder.building.explaining",
    "preview": "audio_builder.building.pipeline",
}

__all__ = ["FORMATS", "CueSheet", "Explained", "Progress", "Session", "build", "explain", "preview"]


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is: a build that was made before needs little of it."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
