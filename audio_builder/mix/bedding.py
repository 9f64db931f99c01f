"""The bed under a section: where its loop stands, how it turns to the next section's, and how loud it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from audio_builder.compiler.timeline import PlacedSection
from audio_builder.mix.ducking import Ducking
from audio_builder.sound.reading import length_of
from audio_builder.sound.samples import Samples
from audio_builder.sound.settings import BED_OFF, Bed
from audio_builder.sound.synthesis import course, crossfaded, eased, loop_length, wrapped
from audio_builder.timebase import FRAME_SAMPLES, to_samples

PRE_SAMPLES = 4 * FRAME_SAMPLES
"""What is mixed before a section's start, encoded and dropped, so that its first frames join on."""

POST_SAMPLES = 3 * FRAME_SAMPLES
"""What is mixed after a section's end, encoded and dropped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopPosition:
    """How a bed lies under one section: all of a section's sound that depends on its place in the session."""

    phase: int = 0
    """The loop's sample at the section's first one."""
    next_phase: int = 0
    """The loop's sample at the first one of the section after it; the bed turns to it before the end."""
    opens: bool = False
    """True at the session's start, where the bed fades in."""
    closes: bool = False
    """True at the session's end, where it fades out."""


def loop_positions(sections: Iterable[PlacedSection], *, bed: Bed) -> tuple[LoopPosition, ...]:
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
        LoopPosition(phase=phase, next_phase=after, opens=index == 0, closes=index == last)
        for index, (phase, after) in enumerate(pairwise(phases))
    )


def file_loop_length(bed: Bed) -> int:
    """Give the samples of the loop made from a bed's file; raises SoundError."""
    return loop_length(
        length_of(bed.sound), crossfade=to_samples(bed.crossfade_seconds), multiple=FRAME_SAMPLES
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TurningLoop:
    """A loop under one section, from some frames before its start to some after its end.

    Shortly before the end it turns, by a crossfade, to where the next section starts it: so what lies around
    a join is the same for both neighbours, and neither needs to know the other.
    """

    loop: Samples = field(repr=False)
    """Shape (samples,) or (samples, channels)."""
    here: int
    """The loop's sample at the section's first one, until the turn."""
    there: int
    """The same after the turn."""
    turn_start: int
    """Samples from the section's start."""
    turn: Samples = field(repr=False)
    """The crossfade; it ends PRE_SAMPLES before the section does."""

    def read(self, start: int, *, stop: int) -> Samples:
        """Give (stop - start,) or (stop - start, channels) samples, perhaps a view not to be written to."""
        turned = self.turn_start + len(self.turn)
        if stop <= self.turn_start:
            return wrapped(self.loop, self.here + start, stop=self.here + stop)
        if start >= turned:
            return wrapped(self.loop, self.there + start, stop=self.there + stop)
        first, last = max(start, self.turn_start), min(stop, turned)
        return np.concatenate(
            [
                wrapped(self.loop, self.here + start, stop=self.here + first),
                self.turn[first - self.turn_start : last - self.turn_start],
                wrapped(self.loop, self.there + last, stop=self.there + stop),
            ]
        )


def turning_loop(loop: Samples, place: LoopPosition, *, length: int, crossfade: int) -> TurningLoop:
    """Lay a loop under a section of a length; the shortest sections turn faster than asked."""
    turned = max(length - PRE_SAMPLES, 0)
    start = turned - min(crossfade, max(turned - PRE_SAMPLES, 0))
    here, there = place.phase, place.next_phase - length
    old = wrapped(loop, here + start, stop=here + turned)
    new = wrapped(loop, there + start, stop=there + turned)
    return TurningLoop(loop=loop, here=here, there=there, turn_start=start, turn=crossfaded(old, new))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bedding:
    """A bed under one section, from some frames before its start to some after its end."""

    loop: TurningLoop
    length: int
    """The section's samples."""
    gain: float
    ducking: Ducking
    opening: Samples = field(repr=False)
    """Gains from the section's start; empty where the session does not start here."""
    closing: Samples = field(repr=False)
    """Gains up to PRE_SAMPLES before the section's end; empty where the session does not end here."""

    def block(self, start: int, *, stop: int) -> Samples:
        """Give (stop - start,) or (stop - start, 2) samples, also before 0 and after the length."""
        gains = self._gains(start, stop)
        sound = self.loop.read(start, stop=stop)
        return np.asarray(sound * (gains if sound.ndim == 1 else gains[:, np.newaxis]), dtype=np.float32)

    def _gains(self, start: int, stop: int) -> Samples:
        gains = self.ducking.gain(start, stop=stop)
        if gains is None:
            gains = np.ones(stop - start, dtype=np.float32)
        if len(self.opening):
            gains[: max(-start, 0)] = 0.0
            _scale(gains, self.opening, at=-start)
        if len(self.closing):
            silent = self.length - PRE_SAMPLES - start
            _scale(gains, self.closing, at=silent - len(self.closing))
            gains[max(silent, 0) :] = 0.0
        gains *= np.float32(self.gain)
        return gains


def bedding(
    loop: Samples, bed: Bed, place: LoopPosition, *, length: int, gain: float, ducking: Ducking
) -> Bedding:
    """Lay a bed's loop under a section of a length."""
    half = max(length - PRE_SAMPLES, 0) // 2
    return Bedding(
        loop=turning_loop(loop, place, length=length, crossfade=to_samples(bed.crossfade_seconds)),
        length=length,
        gain=gain,
        ducking=ducking,
        opening=_ramp(bed.fade_in_seconds, longest=half) if place.opens else _NO_RAMP,
        closing=_ramp(bed.fade_out_seconds, longest=half)[::-1] if place.closes else _NO_RAMP,
    )


_NO_RAMP: Samples = np.zeros(0, dtype=np.float32)


def _ramp(seconds: float, *, longest: int) -> Samples:
    return eased(course(max(min(to_samples(seconds), longest), 1))).astype(np.float32)


def _scale(gains: Samples, ramp: Samples, *, at: int) -> None:
    """Multiply gains by a ramp that starts at a place, which may lie outside."""
    first, last = max(at, 0), min(at + len(ramp), len(gains))
    if first < last:
        gains[first:last] *= ramp[first - at : last - at]
