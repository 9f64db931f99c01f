"""A timeline comes in; the cue sheet goes out: what happens when, in samples and seconds, as plain data."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields, is_dataclass
from pathlib import PurePath
from typing import Any

from audio_builder.compiler import Timeline
from audio_builder.script import Program
from audio_builder.script.quantities import Length, Pace, duration_text
from audio_builder.script.routine import Breath
from audio_builder.speech.notation import plain
from audio_builder.timebase import RATE, to_ms, to_seconds

FORMAT = "audio-builder cue sheet"
VERSION = 1
_SECONDS = ("rest", "switch", "length")
_TEXTS = ("title", "about", "background", "opening", "closing", "exercises")


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
        """Write the sheet as JSON; times in exact samples and in seconds."""
        sheet = {
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
            "sections": [_row(section) for section in self.sections],
            "events": [_row(event) for event in self.events],
        }
        return json.dumps(sheet, ensure_ascii=False, indent=1) + "\n"


def _span(start: int | None, length: int) -> dict[str, Any]:
    places = {} if start is None else {"start_samples": start, "start_seconds": round(to_seconds(start), 6)}
    return places | {"length_samples": length, "length_seconds": round(to_seconds(length), 6)}


def _row(entry: SheetSection | SheetEvent) -> dict[str, Any]:
    values = asdict(entry)
    span = _span(values.pop("start"), values.pop("length"))
    return {key: value for key, value in {**values, **span}.items() if value not in ("", 0) or key in span}


def cue_sheet(timeline: Timeline, program: Program, *, voice: Mapping[str, str]) -> CueSheet:
    """Lay a timeline's sections end to end as one sheet."""
    from audio_builder.building.version import builder_version

    sections, events = [], []
    for start, section in timeline.starts():
        sections.append(
            SheetSection(
                name=section.name,
                title=section.title,
                kind=section.kind,
                exercise=section.exercise,
                side=section.side,
                round=section.round,
                start=start,
                length=section.length,
            )
        )
        events += [
            SheetEvent(
                kind=event.kind,
                start=start + event.start,
                length=event.length,
                text=plain(event.text),
                role=event.role,
                sound=PurePath(event.sound).name,
                section=section.name,
                exercise=section.exercise,
                side=section.side,
                rep=event.rep,
            )
            for event in section.events
        ]
    return CueSheet(
        title=program.routine.title,
        about=program.routine.about,
        language=program.routine.language,
        routine=program.name,
        estimated=not timeline.exact,
        length=timeline.length,
        sections=tuple(sections),
        events=tuple(events),
        settings=settings_of(program),
        builder=builder_version(),
        voice=voice,
    )


def settings_of(program: Program) -> dict[str, str]:
    """Write out every setting of a program as people would write it, by dotted path."""
    settings = {
        name: value for name, value in _flat("", program.routine) if name.partition(".")[0] not in _TEXTS
    }
    settings["rounds"] = str(program.rounds)
    for prescription in program.prescriptions:
        if prescription.reps is not None:
            settings[f"{prescription.name}.reps"] = str(prescription.reps)
        if prescription.hold is not None:
            settings[f"{prescription.name}.hold"] = str(prescription.hold)
        settings[f"{prescription.name}.rest"] = duration_text(prescription.rest)
    return settings


def _flat(prefix: str, value: Any) -> Iterator[tuple[str, str]]:
    for field in fields(value):
        part = getattr(value, field.name)
        name = f"{prefix}{field.name}"
        if is_dataclass(part) and not isinstance(part, Length | Pace):
            yield from _flat(f"{name}.", part)
        elif part is not None:
            seconds = isinstance(value, Breath) or name in _SECONDS
            yield name, duration_text(part) if seconds else _plain(part)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "; ".join(f"{word}: {said}" for word, said in value.items())
    if isinstance(value, tuple):
        return "; ".join(str(each) for each in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def clock(samples: int, *, hours: bool = False, separator: str = ".") -> str:
    """Write a time as `MM:SS.mmm`, or `HH:MM:SS.mmm`."""
    seconds, ms = divmod(to_ms(samples), 1_000)
    minutes, seconds = divmod(seconds, 60)
    tail = f"{seconds:02d}{separator}{ms:03d}"
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{tail}" if hours else f"{minutes:02d}:{tail}"
