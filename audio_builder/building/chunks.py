"""Cut sections into chunks, the stretches of sound that are mixed and encoded in one go and kept by content.

Where nothing but room tone can be heard, a section is cut: between cues, and where a breath turns. Quiet is the start
of one chunk of room tone that is encoded once. About a quarter of a session is quiet, and much of the rest comes
again: the same breath, the same count.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest

from audio_builder.breath import PHASES
from audio_builder.compiler.timeline import Event, PlacedSection
from audio_builder.mix.bedding import LoopPosition, loop_positions
from audio_builder.mix.sources import identity, sound_of
from audio_builder.mp3.format import Format
from audio_builder.script.fields import QUALITIES
from audio_builder.script.program import Program
from audio_builder.script.review import located
from audio_builder.sound.settings import BED_OFF, BEDS, Bed, Levels, Pacer
from audio_builder.timebase import FRAME_SAMPLES, Span, frames_for, to_samples

DigestOf = Callable[[str], str]

LEAD_FRAMES = 1
"""Room tone in front of a chunk's first sound, where there is room for it."""

TAIL_FRAMES = 2
"""Room tone behind a chunk's last sound, where there is room; the last of it, always there, is the encoder's."""

LEAST_QUIET_FRAMES = 6
"""Shorter quiet belongs to the chunk before it: a fresh encoder costs as much as two frames."""

QUIET_FRAMES = 256
"""6 s of room tone, encoded once: what every quiet place is cut from, or laid out with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """What is mixed and encoded in one go, and kept by content."""

    key: str
    """A digest of everything that can change its frames: equal keys, equal frames."""
    section: PlacedSection
    """A section, or a cut of one that counts its events from its own start."""
    place: LoopPosition
    speech_around: tuple[Span, ...] = ()
    """Where speech outside of it turns down what sounds in it, counted from its start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LaidChunk:
    """A chunk as it lies in the finished stream: all of it, or as much of its start as is needed."""

    chunk: Chunk
    bytes: int | None = None
    """How much of the chunk's frames; None for all."""


def lay_chunks(sections: Sequence[PlacedSection], digest_of: DigestOf, scape: Soundscape) -> list[LaidChunk]:
    """Give a session's chunks in playing order; `digest_of` gives that of a text's clip.

    Raises SoundError for a sound that is missing.
    """
    if scape.over_bed:
        places = loop_positions(sections, bed=scape.bed)
        return [
            LaidChunk(chunk=_chunk(section, digest_of, scape, place=place))
            for section, place in zip(sections, places, strict=True)
        ]
    return list(_between_quiet(sections, digest_of, scape))


def _between_quiet(
    sections: Iterable[PlacedSection], digest_of: DigestOf, scape: Soundscape
) -> Iterator[LaidChunk]:
    nothing = PlacedSection(
        name="", title="", kind="exercise", length=QUIET_FRAMES * FRAME_SAMPLES, events=()
    )
    quiet = _chunk(nothing, digest_of, scape)
    frame_bytes = scape.form.frame_bytes
    known: dict[str, Chunk] = {}  # a long session lays thousands, and few that differ
    for section in sections:
        for each in cut(section, scape.audible_end, reach=scape.reach):
            if each.section is not None:
                chunk = _chunk(each.section, digest_of, scape, speech_around=each.speech_around)
                yield LaidChunk(chunk=known.setdefault(chunk.key, chunk))
                continue
            for first in range(0, each.frames, QUIET_FRAMES):
                frames = min(QUIET_FRAMES, each.frames - first)
                yield LaidChunk(chunk=quiet, bytes=frames * frame_bytes)


def _chunk(
    section: PlacedSection,
    digest_of: DigestOf,
    scape: Soundscape,
    *,
    place: LoopPosition | None = None,
    speech_around: tuple[Span, ...] = (),
) -> Chunk:
    place = place or LoopPosition()
    sound = identity(
        section,
        {event.text: digest_of(event.text) for event in section.events if event.kind == "cue"},
        levels=scape.levels,
        pacer=scape.pacer,
        inhale=scape.inhale,
        exhale=scape.exhale,
        bed=scape.bed,
        place=place,
        speech_around=speech_around,
    )
    form = scape.form.open_key if scape.over_bed else scape.form.key
    key = hashlib.sha256(f"{sound}; {form}".encode()).hexdigest()
    return Chunk(key=key, section=section, place=place, speech_around=speech_around)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """What lies between two cuts of a section, a whole number of MP3 frames."""

    frames: int
    section: PlacedSection | None
    """What is mixed, its events counted from its start; None where there is room tone alone."""
    speech_around: tuple[Span, ...] = ()
    """Where speech outside is near enough to turn down what sounds in here, counted from its start."""


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


def cut(section: PlacedSection, audible_end: Callable[[Event], int], *, reach: int) -> tuple[Cut, ...]:
    """Cut a section wherever it is quiet for a frame.

    `audible_end` says from which sample on an event is no louder than room tone: its start where it is silent.
    `reach` says how many samples away speech can still turn other sounds down. Cuts laid end to end sound as
    the section mixed as a whole, but for the room tone, which starts anew with each, and what ends unheard.
    """
    total = frames_for(section.length)
    groups = tuple(_groups(section, audible_end))
    cuts: list[Cut] = []
    at = 0
    for group, following in zip_longest(groups, groups[1:]):
        first, last = max(at, group.start - LEAD_FRAMES), min(total, group.end + TAIL_FRAMES)
        if first - at < LEAST_QUIET_FRAMES:
            first = at
        until = total if following is None else following.start - LEAD_FRAMES
        if until - last < LEAST_QUIET_FRAMES:
            last = max(until, group.end + 1) if following else total
        if first > at:
            cuts.append(Cut(frames=first - at, section=None))
        cuts.append(_sounding(section, group, first=first, last=last, reach=reach))
        at = last
    if at < total:
        cuts.append(Cut(frames=total - at, section=None))
    return tuple(cuts)


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


def _sounding(section: PlacedSection, group: _Group, *, first: int, last: int, reach: int) -> Cut:
    start, length = first * FRAME_SAMPLES, (last - first) * FRAME_SAMPLES
    events = tuple(event.counted_from(start) for event in group.events)
    ducks = any(event.kind != "cue" for event in events)
    return Cut(
        frames=last - first,
        section=replace(section, length=length, events=events),
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


SLOW_CLOSING = to_samples(0.75)
UNHEARD_SAMPLES = 2 * FRAME_SAMPLES - 1
"""A tone that closes slowly is 40 dB below its loudest this long before its end, and so under the room tone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Soundscape:
    """The one sound of a session: what all its sections share."""

    levels: Levels = field(default_factory=Levels)
    pacer: Pacer = field(default_factory=Pacer)
    inhale: str = ""
    """A file that leads each inhale, in place of the pacer's tone."""
    exhale: str = ""
    bed: Bed = field(default_factory=Bed)
    bit_rate_kbps: int = 96

    @property
    def over_bed(self) -> bool:
        """True where something sounds all the time, so that there is no quiet place to cut at."""
        return self.bed.sound != BED_OFF

    @property
    def form(self) -> Format:
        """How the session is encoded."""
        return Format(bit_rate_kbps=self.bit_rate_kbps, channels=self.bed.channels)

    def audible_end(self, event: Event) -> int:
        """Give the sample from which an event is no louder than room tone; its start where it is silent."""
        if event.kind in PHASES:
            return self._tone_end(event)
        sounds = event.kind == "cue" or sound_of(event)
        return event.end if sounds else event.start

    def _tone_end(self, event: Event) -> int:
        """A tone that dies away slowly is not heard in its last frames."""
        if self.inhale or self.exhale:
            return event.end
        if self.pacer.sound == "off":
            return event.start
        closing = self.pacer.closing_shares[event.kind] * event.length
        return max(event.end - UNHEARD_SAMPLES, event.start + 1) if closing >= SLOW_CLOSING else event.end

    @property
    def reach(self) -> int:
        """How many samples away speech can turn other sounds down."""
        return to_samples(self.levels.duck_attack_seconds + self.levels.duck_release_seconds) + 2


def soundscape(program: Program) -> Soundscape:
    """Gather what a program says of its sound."""
    routine = program.routine
    return Soundscape(
        levels=routine.levels,
        pacer=routine.pacer.tones,
        inhale=located(routine.pacer.inhale, program.folder),
        exhale=located(routine.pacer.exhale, program.folder),
        bed=replace(routine.bed, sound=located(routine.bed.sound, program.folder, known=BEDS)),
        bit_rate_kbps=QUALITIES[routine.quality],
    )
