"""The sections of a session come in; where a bed's loop stands at each of them goes out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from audio_builder.compiler.timeline import PlacedSection
from audio_builder.sound.library import length_of
from audio_builder.sound.loops import loop_length
from audio_builder.sound.settings import BED_OFF, Bed
from audio_builder.timebase import FRAME_SAMPLES, to_samples

PRE_SAMPLES = 4 * FRAME_SAMPLES
"""What is mixed before a section's start, encoded and dropped, so that its first frames join on."""

POST_SAMPLES = 3 * FRAME_SAMPLES
"""What is mixed after a section's end, encoded and dropped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BedPlace:
    """How a bed lies under one section: all of a section's sound that depends on its place in the session."""

    phase: int = 0
    """The loop's sample at the section's first one."""
    next_phase: int = 0
    """The loop's sample at the first one of the section after it; the bed turns to it before the end."""
    opens: bool = False
    """True at the session's start, where the bed fades in."""
    closes: bool = False
    """True at the session's end, where it fades out."""


def bed_places(sections: Iterable[PlacedSection], *, bed: Bed) -> tuple[BedPlace, ...]:
    """Lay a bed under sections, one place for each.

    A made bed starts anew with each section, and each section's end turns into that start: so sections stay
    the same wherever they stand. A file's bed, which may be music, runs on through the whole session.
    """
    lengths = [section.length for section in sections]
    starts = [0]
    for length in lengths:
        starts.append(starts[-1] + length)
    period = 0 if bed.made or bed.sound == BED_OFF else file_loop_length(bed)
    phases = [start % period if period else 0 for start in starts]
    last = len(lengths) - 1
    return tuple(
        BedPlace(phase=phase, next_phase=after, opens=index == 0, closes=index == last)
        for index, (phase, after) in enumerate(pairwise(phases))
    )


def file_loop_length(bed: Bed) -> int:
    """Give the samples of the loop made from a bed's file; raises SoundError."""
    return loop_length(
        length_of(bed.sound), crossfade=to_samples(bed.crossfade_seconds), multiple=FRAME_SAMPLES
    )
