"""The claims that a session is held to: `NAME.json` comes in, a checked and typed cue sheet goes out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from audio_builder.errors import AudioBuilderError, OutputError
from audio_builder.sound.settings import Pacer
from audio_builder.timebase import RATE, clock

FORMAT = "audio-builder cue sheet"
VERSION = 1
MOST_BYTES = 64 << 20
CONTOUR = re.compile(r"([0-9A-Za-z_-]{3}){0,50}")
"""What `sound.contour` writes: three bands of at most so many moments."""

TONES = ("inhale", "hold-in", "exhale", "hold-out")
CHIMES = ("chime", "tick")


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One stretch of the session, and its chapter."""

    name: str
    title: str
    start_samples: int
    length_samples: int

    @property
    def end_samples(self) -> int:
        """The first sample after it."""
        return self.start_samples + self.length_samples


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that should happen."""

    kind: str
    start_samples: int
    length_samples: int
    text: str = ""
    sound: str = ""
    section: str = ""
    contour: str = ""
    """Of a cue: how its clip begins; see `sound.contour`. Empty where the sheet does not say."""

    @property
    def end_samples(self) -> int:
        """The first sample after it."""
        return self.start_samples + self.length_samples

    @property
    def label(self) -> str:
        """Name it for a person: when, and what."""
        words = self.text if len(self.text) <= 40 else f"{self.text[:39].rstrip()}…"
        what = f'"{words}"' if words else " ".join(filter(None, (self.kind, self.sound)))
        return f"{clock(self.start_samples, decimals=3)} {what}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What a session says it holds."""

    title: str
    length_samples: int
    sections: tuple[Section, ...]
    events: tuple[Event, ...]
    settings: Mapping[str, str] = field(default_factory=dict)
    language: str = "en"
    format: str = ""
    version: int = 0
    sample_rate: int = RATE
    estimated: bool = False

    def of_kind(self, *kinds: str) -> tuple[Event, ...]:
        """Give the events of some kinds, in order of time."""
        return tuple(sorted((e for e in self.events if e.kind in kinds), key=lambda e: e.start_samples))

    def level_db(self, name: str) -> float | None:
        """Give a level's setting relative to speech; None where the sheet does not say."""
        try:
            return float(self.settings[f"levels.{name}_db"])
        except (KeyError, ValueError):
            return None

    def pacer(self) -> Pacer:
        """Give the breath pacer as the settings have it; its own defaults where they do not say."""
        chosen: dict[str, object] = {}
        for setting in fields(Pacer):
            value = self.settings.get(f"pacer.{setting.name}")
            if setting.name == "sound":
                chosen["sound"] = value or "glide"
            elif value is not None:
                chosen[setting.name] = float(value.split()[0])
        try:
            return Pacer(**chosen)  # type: ignore[arg-type]
        except AudioBuilderError:
            return Pacer()


def overlaps(events: Iterable[Event], start: int, *, stop: int) -> bool:
    """Say whether any event sounds between two samples."""
    return any(event.start_samples < stop and event.end_samples > start for event in events)


def read_sheet(path: Path) -> Sheet:
    """Read and check `NAME.json`; raises OutputError saying what is wrong with it."""
    from pydantic import TypeAdapter, ValidationError

    try:
        if path.stat().st_size > MOST_BYTES:
            raise OutputError("this cue sheet is too large to be one", str(path))
        content = path.read_bytes()
    except FileNotFoundError as error:
        remedy = "Verify a session as it was built, with its sidecars beside it."
        raise OutputError("the session has no cue sheet beside it", str(path), remedy) from error
    except OSError as error:
        raise OutputError(f"the cue sheet cannot be read: {error.strerror}", str(path)) from error
    try:
        sheet = TypeAdapter(Sheet).validate_json(content)
    except ValidationError as error:
        problem = error.errors()[0]
        place = ".".join(str(part) for part in problem["loc"])
        message = f"this is not a cue sheet: {place + ': ' if place else ''}{problem['msg']}"
        raise OutputError(message, str(path)) from error
    return _checked(sheet, path)


def _checked(sheet: Sheet, path: Path) -> Sheet:
    if sheet.format != FORMAT or sheet.version != VERSION or sheet.sample_rate != RATE:
        message = f"this is no cue sheet of version {VERSION} at {RATE} Hz"
        raise OutputError(message, str(path), "Build the session again.")
    if sheet.estimated:
        raise OutputError("the times in this cue sheet are an estimate", str(path), "Build the session.")
    if not all(CONTOUR.fullmatch(event.contour) for event in sheet.events):
        raise OutputError("a cue's contour is none", str(path), "Build the session again.")
    if not sheet.sections or sheet.length_samples <= 0:
        raise OutputError("this cue sheet is empty", str(path), "Build the session again.")
    return sheet
