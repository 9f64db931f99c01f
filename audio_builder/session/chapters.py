"""The chapters of a session: its sections or, where a player cannot list so many, what can be told of several."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from audio_builder.session.cuesheet import CueSheet, SheetSection

MOST_CHAPTERS = 255
"""The table of contents of an MP3 counts its entries in one byte."""

Group = Sequence[SheetSection]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """A stretch of a session that a player lists and jumps to."""

    title: str
    start: int
    """Samples from the start of the session."""
    end: int
    """Samples; where the next one starts."""


def chapters_of(sheet: CueSheet) -> tuple[Chapter, ...]:
    """Give at most MOST_CHAPTERS: the sections, else one for each exercise of a round, else for each round.

    Where that is still too many, neighbours are joined.
    """
    groups: list[Group] = [(section,) for section in sheet.sections]
    shared: tuple[Callable[[SheetSection], object], ...] = (
        lambda section: (section.kind, section.round, section.exercise),
        lambda section: (section.kind, section.round),
    )
    for what in shared:
        if len(groups) > MOST_CHAPTERS:
            groups = [tuple(group) for _, group in groupby(sheet.sections, what)]
    size = -(-len(groups) // MOST_CHAPTERS)
    if size > 1:
        groups = [
            tuple(section for group in groups[first : first + size] for section in group)
            for first in range(0, len(groups), size)
        ]
    return tuple(
        Chapter(title=_title(group), start=group[0].start_samples, end=group[-1].end_samples)
        for group in groups
    )


def _title(group: Group) -> str:
    """Name what the titles have in common (`Cat-Cow`, `Round 2`) or, where that is nothing, the first and the last."""
    first, *others = (section.title.split(", ") for section in group)
    common = [part for part in first if all(part in other for other in others)]
    if not others or common:
        title = ", ".join(common)
        return title[:1].upper() + title[1:]
    return f"{group[0].title} – {group[-1].title}"
