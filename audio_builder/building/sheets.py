"""What a placed session says of itself: the cue sheet of a timeline."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import PurePath

from audio_builder.building.settings import settings_of
from audio_builder.compiler import Event, PlacedSection, Timeline
from audio_builder.script import Program
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
