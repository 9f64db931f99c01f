"""Placed sections come in; the parts that a session is linked from go out, in playing order, each with its key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from audio_builder.building.clips import Clips
from audio_builder.building.pieces import cut
from audio_builder.building.soundscape import Soundscape
from audio_builder.compiler import PlacedSection
from audio_builder.mix import BedPlace, bed_places, identity
from audio_builder.timebase import FRAME_SAMPLES, Span

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
