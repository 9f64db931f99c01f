"""The cue sheet: what happens when in a session, and what it was made with."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from audio_builder.timebase import RATE, to_seconds

FORMAT = "audio-builder cue sheet"
VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetSection:
    """One section, with its place in the session."""

    name: str
    title: str
    kind: str
    exercise: str
    side: str
    round: int
    start: int
    """Samples from the start of the session."""
    length: int
    """Samples."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetEvent:
    """One event, with its place in the session."""

    kind: str
    start: int
    """Samples from the start of the session."""
    length: int
    """Samples."""
    text: str
    role: str
    sound: str
    section: str
    exercise: str
    side: str
    rep: int
    contour: str
    """Of a cue: how its clip begins, as `sound.contour` writes it; by it `verify` finds it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CueSheet:
    """Everything that happens in a session, and what it was made with."""

    title: str
    about: str
    language: str
    routine: str
    estimated: bool
    """True where cue lengths were estimated, not measured."""
    length: int
    """Samples."""
    sections: tuple[SheetSection, ...]
    events: tuple[SheetEvent, ...]
    settings: Mapping[str, str]
    builder: str
    voice: Mapping[str, str]
    """Engine, its version, and the voice; empty for an estimate."""

    def cues(self) -> Iterator[SheetEvent]:
        """Give the spoken cues in order."""
        return (event for event in self.events if event.kind == "cue")

    def to_json(self) -> str:
        """Write the sheet as JSON, a section or event to a line; times in exact samples and in seconds."""
        about = {
            "format": FORMAT,
            "version": VERSION,
            "title": self.title,
            "about": self.about,
            "language": self.language,
            "routine": self.routine,
            "audio": f"{self.routine}.mp3",
            "estimated": self.estimated,
            "sample_rate": RATE,
            **_span(None, self.length),
            "builder": self.builder,
            "voice": dict(self.voice),
            "settings": dict(self.settings),
        }
        lines = [f"{_json(name)}: {_json(value)}" for name, value in about.items()]
        for name, entries in (("sections", self.sections), ("events", self.events)):
            rows = ",\n  ".join(_json(_row(entry)) for entry in entries)
            lines.append(f'"{name}": [\n  {rows}\n ]')
        return "{\n " + ",\n ".join(lines) + "\n}\n"


def read_sheet(text: str) -> CueSheet:
    """Read back what `CueSheet.to_json` wrote."""
    sheet = json.loads(text)
    plain_fields = ("title", "about", "language", "routine", "estimated", "builder", "voice", "settings")
    return CueSheet(
        **{name: sheet[name] for name in plain_fields},
        length=sheet["length_samples"],
        sections=tuple(_entry(SheetSection, row) for row in sheet["sections"]),
        events=tuple(_entry(SheetEvent, row) for row in sheet["events"]),
    )


def _entry(kind: Any, row: Mapping[str, Any]) -> Any:
    """Fill a section or an event; what was left out was empty or 0."""
    numbers = {"start": row["start_samples"], "length": row["length_samples"], "round": 0, "rep": 0}
    return kind(**{field.name: row.get(field.name, numbers.get(field.name, "")) for field in fields(kind)})


def _span(start: int | None, length: int) -> dict[str, Any]:
    places = {} if start is None else {"start_samples": start, "start_seconds": round(to_seconds(start), 6)}
    return places | {"length_samples": length, "length_seconds": round(to_seconds(length), 6)}


def _row(entry: SheetSection | SheetEvent) -> dict[str, Any]:
    """Give an entry without what is empty or 0, its place and length last."""
    names = (field.name for field in fields(entry) if field.name not in ("start", "length"))
    values = {name: value for name in names if (value := getattr(entry, name)) not in ("", 0)}
    return values | _span(entry.start, entry.length)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
