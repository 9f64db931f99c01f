"""A placed section comes in; the pieces it is built from go out: stretches of sound, and the quiet between.

Where nothing but room tone sounds, a section can be cut: each piece is then encoded on its own, as sections are,
and quiet is the start of one stretch of room tone that is encoded once. About a quarter of a session is quiet.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from audio_builder.compiler import Event, PlacedSection
from audio_builder.timebase import FRAME_SAMPLES, frames_for

LEAD_FRAMES = 1
"""Room tone in front of a piece's first sound."""

TAIL_FRAMES = 2
"""Room tone behind a piece's last sound; the last of it is the encoder's."""

LEAST_QUIET_FRAMES = 6
"""Shorter quiet is not worth a cut: a fresh encoder costs as much as two frames."""

SILENT_KINDS = ("hold", "work", "move", "rest", "switch")
"""Spans that only say what the time is for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of a section, a whole number of MP3 frames."""

    frames: int
    sounding: PlacedSection | None
    """What is mixed, its events counted from the piece's start; None where there is room tone alone."""


def cut(section: PlacedSection, *, reach: int) -> tuple[Piece, ...]:
    """Cut a section at its quiet places.

    `reach` says how many samples away speech can still turn other sounds down: there is no cut where it would
    make a difference. So pieces laid end to end sound as the section mixed as a whole, but for the room tone's
    own noise, which starts anew with each.
    """
    total = frames_for(section.length)
    pieces: list[Piece] = []
    at = 0
    for events in _groups(section, reach=reach):
        first = max(at, events[0].start // FRAME_SAMPLES - LEAD_FRAMES)
        last = min(total, frames_for(max(event.end for event in events)) + TAIL_FRAMES)
        if total - last < LEAST_QUIET_FRAMES:
            last = total
        if first - at < LEAST_QUIET_FRAMES:
            first = at
        if first > at:
            pieces.append(Piece(frames=first - at, sounding=None))
        pieces.append(_sounding(section, events, first=first, last=last))
        at = last
    if at < total:
        pieces.append(Piece(frames=total - at, sounding=None))
    return tuple(pieces)


def _groups(section: PlacedSection, *, reach: int) -> Iterator[list[Event]]:
    """Gather the sounding events between which there is no cut."""
    group: list[Event] = []
    end = 0
    for event in section.events:
        if event.kind in SILENT_KINDS:
            continue
        if group and event.start - end >= _least_gap(group, event, end=end, reach=reach):
            yield group
            group = []
        end = max(end, event.end) if group else event.end
        group.append(event)
    if group:
        yield group


def _least_gap(group: list[Event], event: Event, *, end: int, reach: int) -> int:
    """Give the quiet that a cut needs: more where speech on one side could turn down what is on the other."""
    least = (LEAD_FRAMES + TAIL_FRAMES + LEAST_QUIET_FRAMES + 2) * FRAME_SAMPLES
    near = [each for each in group if each.end > end - reach]
    speech_alone = event.kind == "cue" and all(each.kind == "cue" for each in near)
    return least if speech_alone else max(least, reach)


def _sounding(section: PlacedSection, events: list[Event], *, first: int, last: int) -> Piece:
    start = first * FRAME_SAMPLES
    return Piece(
        frames=last - first,
        sounding=replace(
            section,
            length=(last - first) * FRAME_SAMPLES,
            events=tuple(replace(event, start=event.start - start) for event in events),
        ),
    )
