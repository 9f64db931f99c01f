"""What a placed session says of itself: the cue sheet of a timeline, and each setting as people would write it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import PurePath
from typing import Any

from audio_builder.breath import Pace
from audio_builder.compiler.timeline import Event, PlacedSection, Timeline
from audio_builder.script.program import Program
from audio_builder.script.quantities import Length, duration_text
from audio_builder.session.cuesheet import FORMAT, SHEET_VERSION, CueSheet, SheetEvent, SheetSection
from audio_builder.speech.notation import plain


def cue_sheet(
    timeline: Timeline,
    program: Program,
    *,
    voice: Mapping[str, str],
    audio: str,
    contour_of: Callable[[str], str] = lambda text: "",
) -> CueSheet:
    """Lay a timeline's sections end to end as one sheet; `contour_of` gives that of a spoken text's clip."""
    return CueSheet(
        format=FORMAT,
        version=SHEET_VERSION,
        title=program.routine.title,
        about=program.routine.about,
        language=program.routine.language,
        routine=program.name,
        audio=audio,
        estimated=not timeline.exact,
        length_samples=timeline.length,
        sections=tuple(_section(start, section) for start, section in timeline.starts()),
        events=tuple(
            _event(start, section, event, contour_of)
            for start, section in timeline.starts()
            for event in section.events
        ),
        settings=settings_of(program),
        builder=builder_version(),
        voice=dict(voice),
    )


def _section(start: int, section: PlacedSection) -> SheetSection:
    return SheetSection(
        name=section.name,
        title=section.title,
        kind=section.kind,
        exercise=section.exercise,
        side=section.side,
        round=section.round,
        start_samples=start,
        length_samples=section.length,
    )


def _event(start: int, section: PlacedSection, event: Event, contour_of: Callable[[str], str]) -> SheetEvent:
    return SheetEvent(
        kind=event.kind,
        start_samples=start + event.start,
        length_samples=event.length,
        text=plain(event.text),
        role=event.role,
        sound=PurePath(event.sound).name,
        section=section.name,
        exercise=section.exercise,
        side=section.side,
        rep=event.rep,
        contour=contour_of(event.text) if event.kind == "cue" else "",
    )


@cache
def builder_version() -> str:
    """Give the installed version, or `0` where the package was never installed."""
    try:
        return version("audio-builder")
    except PackageNotFoundError:
        return "0"


_SECONDS = ("rest", "switch", "length")
_TEXTS = ("title", "about", "background", "opening", "closing", "exercises")


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
        if is_dataclass(part) and not isinstance(part, Length):
            yield from _flat(f"{name}.", part)
        elif part is not None:
            seconds = isinstance(value, Pace) or name in _SECONDS
            yield name, duration_text(part) if seconds else _plain(part)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "; ".join(f"{word}: {said}" for word, said in value.items())
    if isinstance(value, tuple):
        return "; ".join(str(each) for each in value)
    return f"{value:g}" if isinstance(value, float) else str(value)
