"""A bed and its place under a section come in; the bed goes out, at its level, at any stretch of samples."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from audio_builder.mix.bedplace import PRE_SAMPLES, BedPlace
from audio_builder.mix.ducking import Ducking
from audio_builder.mix.ground import Ground, lay
from audio_builder.mix.palette import Palette
from audio_builder.sound.curves import course, eased
from audio_builder.sound.levels import Samples
from audio_builder.timebase import to_samples


@dataclass(frozen=True, slots=True, kw_only=True)
class Bedding:
    """A bed under one section, from some frames before its start to some after its end."""

    ground: Ground
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
        sound = self.ground.read(start, stop=stop)
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
    palette: Palette, place: BedPlace, *, length: int, gain: float, ducking: Ducking
) -> Bedding | None:
    """Lay a palette's bed under a section of a length; None for no bed."""
    loop, bed = palette.bed_loop, palette.bed
    if loop is None:
        return None
    half = max(length - PRE_SAMPLES, 0) // 2
    return Bedding(
        ground=lay(loop, place, length=length, crossfade=to_samples(bed.crossfade_seconds)),
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
