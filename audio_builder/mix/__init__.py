"""Placed sections come in with clips and sounds; mixed samples go out."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from audio_builder.mix.bedplace import POST_SAMPLES, PRE_SAMPLES, BedPlace, bed_places
    from audio_builder.mix.keys import identity
    from audio_builder.mix.palette import Palette, gather
    from audio_builder.mix.rendering import render
    from audio_builder.sound.settings import Levels

_HOMES = {
    "POST_SAMPLES": "audio_builder.mix.bedplace",
    "PRE_SAMPLES": "audio_builder.mix.bedplace",
    "BedPlace": "audio_builder.mix.bedplace",
    "Levels": "audio_builder.sound.settings",
    "Palette": "audio_builder.mix.palette",
    "bed_places": "audio_builder.mix.bedplace",
    "gather": "audio_builder.mix.palette",
    "identity": "audio_builder.mix.keys",
    "render": "audio_builder.mix.rendering",
}

__all__ = [
    "POST_SAMPLES",
    "PRE_SAMPLES",
    "BedPlace",
    "Levels",
    "Palette",
    "bed_places",
    "gather",
    "identity",
    "render",
]


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is: a build that finds everything stored does without numpy."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
