"""A placed section comes in; the pieces it is built from go out: stretches of sound, and the quiet between.

Where nothing but room tone can be heard, a section is cut: between cues, and where a breath turns. Each piece is
then encoded on its own, as sections are, and quiet is the start of one stretch of room tone that is encoded once.
About a quarter of a session is quiet, and much of the rest comes again: the same breath, the same count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest

from audio_builder.compiler import Event, PlacedSection
from audio_builder.timebase import FRAME_SAMPLES, Span, frames_for

LEAD_FRAMES = 1
"""Room tone in front of a piece's first sound, where there is room for it."""

TAIL_FRAMES = 2
"""Room tone behind a piece's last sound, where there is room; the last of it, always there, is the encoder's."""

LEAST_QUIET_FRAMES = 6
"""Shorter quiet belongs to the piece before it: a fresh encoder costs as much as two frames."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of a section, a whole number of MP3 frames."""

    frames: int
    sounding: PlacedSection | None
    """What is mixed, its events counted from the piece's start; None where there is room tone alone."""
    speech_around: tuple[Span, ...] = ()
    """Where speech outside is near enough to turn down what sounds in here, counted from the piece's start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """Sounding events between which there is no cut."""

    events: tuple[Event, ...]
    end: int
    """The first frame in which none of them is heard any more."""

    @property
    def start(self) -> int:
        """The frame in which the first of them begins."""
        return self.events[0].start // FRAME_SAMPLES


def cut(section: PlacedSection, audible_end: Callable[[Event], int], *, reach: int) -> tuple[Piece, ...]:
    """Cut a section wherever it is quiet for a frame.

    `audible_end` says from which sample on an event is no louder than room tone: its start where it is silent.
    `reach` says how many samples away speech can still turn other sounds down. Pieces laid end to end sound as
    the section mixed as a whole, but for the room tone, which starts anew with each, and what ends unheard.
    """
    total = frames_for(section.length)
    groups = tuple(_groups(section, audible_end))
    pieces: list[Piece] = []
    at = 0
    for group, following in zip_longest(groups, groups[1:]):
        first, last = max(at, group.start - LEAD_FRAMES), min(total, group.end + TAIL_FRAMES)
        if first - at < LEAST_QUIET_FRAMES:
            first = at
        until = total if following is None else following.start - LEAD_FRAMES
        if until - last < LEAST_QUIET_FRAMES:
            last = max(until, group.end + 1) if following else total
        if first > at:
            pieces.append(Piece(frames=first - at, sounding=None))
        pieces.append(_sounding(section, group, first=first, last=last, reach=reach))
        at = last
    if at < total:
        pieces.append(Piece(frames=total - at, sounding=None))
    return tuple(pieces)


def _groups(section: PlacedSection, audible_end: Callable[[Event], int]) -> Iterator[_Group]:
    """Gather the sounding events between which no frame is free of sound."""
    events: list[Event] = []
    end = 0
    for event in section.events:
        until = audible_end(event)
        if until <= event.start:
            continue
        if events and end + 1 <= event.start // FRAME_SAMPLES:
            yield _Group(events=tuple(events), end=end)
            events, end = [], 0
        events.append(event)
        end = max(end, frames_for(until))
    if events:
        yield _Group(events=tuple(events), end=end)


def _sounding(section: PlacedSection, group: _Group, *, first: int, last: int, reach: int) -> Piece:
    start, length = first * FRAME_SAMPLES, (last - first) * FRAME_SAMPLES
    events = tuple(event.counted_from(start) for event in group.events)
    ducks = any(event.kind != "cue" for event in events)
    return Piece(
        frames=last - first,
        sounding=replace(section, length=length, events=events),
        speech_around=tuple(_speech_around(section, start, start + length, reach=reach)) if ducks else (),
    )


def _speech_around(section: PlacedSection, start: int, stop: int, *, reach: int) -> Iterator[Span]:
    """Give the last sample of speech before a stretch and the first after it: more makes no difference in it."""
    cues = [event for event in section.events if event.kind == "cue"]
    before = max((cue.end for cue in cues if cue.end <= start), default=start - reach)
    after = min((cue.start for cue in cues if cue.start >= stop), default=stop + reach)
    if start - before < reach:
        yield before - 1 - start, before - start
    if after - stop < reach:
        yield after - start, after + 1 - start
