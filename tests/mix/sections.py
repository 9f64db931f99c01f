"""Small sections to mix: speech-like clips, breaths and chimes at known places."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from audio_builder.compiler.timeline import Event, PlacedSection
from audio_builder.mix.rendering import render
from audio_builder.mix.sources import Sources, gather
from audio_builder.session.cuesheet import EventKind, SectionKind
from audio_builder.sound.levelling import level
from audio_builder.sound.samples import Samples
from audio_builder.sound.settings import Levels
from audio_builder.timebase import RATE, on_grid, to_samples
from tests.sound.measuring import babble


def clip(seconds: float, *, seed: int = 1) -> Samples:
    """Make something like speech at the anchor."""
    return level(babble(seconds, seed=seed), RATE)


def event(kind: EventKind, start: float, seconds: float, *, text: str = "", sound: str = "") -> Event:
    """Place an event by seconds."""
    return Event(kind=kind, start=to_samples(start), length=to_samples(seconds), text=text, sound=sound)


def section(
    *events: Event, seconds: float, name: str = "one", kind: SectionKind = "exercise"
) -> PlacedSection:
    """Make a section of at least so many seconds, on the frame grid."""
    return PlacedSection(
        name=name, title=name.title(), kind=kind, length=on_grid(to_samples(seconds)), events=events
    )


def breaths(count: int, *, start: float = 0.0) -> list[Event]:
    """Place breaths of 4 and 6 s."""
    placed = []
    for breath in range(count):
        at = start + 10.0 * breath
        placed += [event("inhale", at, 4.0), event("exhale", at + 4.0, 6.0)]
    return placed


def mixed(
    placed: PlacedSection,
    clips: Mapping[str, Samples] | None = None,
    *,
    levels: Levels | None = None,
    sources: Sources | None = None,
    **options: object,
) -> Samples:
    """Mix a section into one array."""
    blocks = render(
        placed,
        clips or {},
        levels=levels or Levels(),
        sources=sources or gather([placed]),
        **options,  # type: ignore[arg-type]
    )
    return np.concatenate(list(blocks))
