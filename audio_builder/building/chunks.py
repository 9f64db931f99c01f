"""Cut sections into chunks, the stretches of sound that are mixed and encoded in one go and kept by content.

Where nothing but room tone can be heard, a section is cut: between cues, and where a breath turns. Quiet is the start
of one chunk of room tone that is encoded once. About a quarter of a session is quiet, and much of the rest comes
again: the same breath, the same count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from audio_builder.building.clips import Clips
from audio_builder.building.soundscape import Soundscape
from audio_builder.compiler import Event, PlacedSection
from audio_builder.mix.bedding import BedPlace, bed_places
from audio_builder.mix.keys import identity
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


QUIET_FRAMES = 256
"""6 s of room tone, encoded once: what every quiet place is cut from, or laid out with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What is mixed and encoded in one go, and kept."""

    key: str
    """Holds everything that can change its frames: equal keys, equal frames."""
    section: PlacedSection
    """A section, or a piece of one that counts its events from its own start."""
    place: BedPlace
    speech_around: tuple[Span, ...] = ()
    """Where speech outside of a piece turns down what sounds in it."""
    repeats: bool = False
    """True for what a session is likely to hold many times over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A stretch of the finished stream: a part, or as much of its start as is needed."""

    part: Part
    bytes: int | None = None
    """How much of the part's frames; None for all."""


def rows_of(sections: Sequence[PlacedSection], clips: Clips, scape: Soundscape) -> list[Row]:
    """Give a session's stretches in playing order. Raises SoundError for a sound that is missing."""
    if scape.over_bed:
        places = bed_places(sections, bed=scape.bed)
        return [
            Row(part=_part(section, clips, scape, place=place))
            for section, place in zip(sections, places, strict=True)
        ]
    return list(_between_quiet(sections, clips, scape))


def _between_quiet(sections: Iterable[PlacedSection], clips: Clips, scape: Soundscape) -> Iterator[Row]:
    nothing = PlacedSection(
        name="", title="", kind="exercise", length=QUIET_FRAMES * FRAME_SAMPLES, events=()
    )
    quiet = _part(nothing, clips, scape, repeats=True)
    frame_bytes = scape.form.frame_bytes
    known: dict[str, Part] = {}  # a long session has thousands of rows, and few parts
    for section in sections:
        for piece in cut(section, scape.audible_end, reach=scape.reach):
            if piece.sounding is not None:
                part = _part(piece.sounding, clips, scape, speech_around=piece.speech_around)
                yield Row(part=known.setdefault(part.key, part))
                continue
            for first in range(0, piece.frames, QUIET_FRAMES):
                frames = min(QUIET_FRAMES, piece.frames - first)
                yield Row(part=quiet, bytes=frames * frame_bytes)


def _part(
    section: PlacedSection,
    clips: Clips,
    scape: Soundscape,
    *,
    place: BedPlace | None = None,
    speech_around: tuple[Span, ...] = (),
    repeats: bool = False,
) -> Part:
    place = place or BedPlace()
    sound = identity(
        section,
        {event.text: clips.note(event.text).digest for event in section.events if event.kind == "cue"},
        levels=scape.levels,
        pacer=scape.pacer,
        inhale=scape.inhale,
        exhale=scape.exhale,
        bed=scape.bed,
        place=place,
        speech_around=speech_around,
    )
    form = scape.form.open_key if scape.over_bed else scape.form.key
    return Part(
        key=f"{sound}; {form}", section=section, place=place, speech_around=speech_around, repeats=repeats
    )
