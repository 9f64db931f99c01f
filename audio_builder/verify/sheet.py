"""What a cue sheet claims of a session's sound: levels, the breath pacer, and which sounds lie near."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import fields
from typing import Final

from audio_builder.breath import PHASES
from audio_builder.errors import AudioBuilderError
from audio_builder.session.cuesheet import CueSheet, EventKind, SheetEvent
from audio_builder.sound.reading import names
from audio_builder.sound.settings import Pacer

TONES: Final[tuple[EventKind, ...]] = PHASES
CHIMES: Final[tuple[EventKind, ...]] = ("chime", "tick")


def level_db(sheet: CueSheet, name: str) -> float | None:
    """Give a level's setting relative to speech; None where the sheet does not say."""
    try:
        level = float(sheet.settings[f"levels.{name}_db"])
    except (KeyError, ValueError):
        return None
    return level if math.isfinite(level) else None


def pacer_of(sheet: CueSheet) -> Pacer:
    """Give the breath pacer as the settings have it; its own defaults where they do not say, or say what cannot be."""
    chosen: dict[str, object] = {}
    try:
        for setting in fields(Pacer):
            value = sheet.settings.get(f"pacer.{setting.name}")
            if setting.name == "sound":
                chosen["sound"] = value or "glide"
            elif value is not None:
                chosen[setting.name] = float(value.split()[0])
        return Pacer(**chosen)  # type: ignore[arg-type]
    except (AudioBuilderError, ValueError, IndexError):
        return Pacer()


def is_shipped(sound: str) -> bool:
    """Tell whether a sound comes with this program. No other file is opened because a sheet names it."""
    return sound in names()


def overlaps(events: Iterable[SheetEvent], start: int, *, stop: int) -> bool:
    """Say whether any event sounds between two samples."""
    return any(event.start_samples < stop and event.end_samples > start for event in events)
