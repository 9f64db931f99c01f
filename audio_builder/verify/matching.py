"""Where a known sound is: samples and the sound come in, how far off and how loud it is goes out.

Breath tones swell from nothing, so they have no edge to look for. But what they sound like is known, and a
correlation with the whole of them has one sharp peak; the part that speech covers is left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from audio_builder.sound.levels import SILENCE_DB, Samples, to_db
from audio_builder.timebase import RATE, to_samples

REACH_SAMPLES = to_samples(0.15)
"""How far off a sound is looked for."""

STEP = 4
"""Sounds are matched at a quarter of the rate: what paces breath lies below 4 kHz."""

ENOUGH_SHARE = 0.05
"""Where speech leaves less of a sound's energy uncovered, nothing can be said about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """How a known sound was found."""

    off_samples: int
    """How much later than its place it begins."""
    likeness: float
    """1 where there is nothing but the sound, 0 where there is nothing of it."""
    gain_db: float
    """How loud it is, relative to the sound as it was given."""
    share: float
    """How much of its energy lies where nobody speaks."""


class Reference:
    """A known sound, ready to be looked for."""

    def __init__(self, samples: Samples) -> None:
        self.length = len(samples)
        self._given = samples

    @cached_property
    def samples(self) -> Samples:
        """The sound at a quarter of the rate."""
        return _coarse(self._given)

    @cached_property
    def is_silent(self) -> bool:
        """True where there is nothing to look for."""
        return not bool(np.any(self._given))

    def find(self, around: Samples, spoken: Iterable[tuple[int, int]]) -> Match | None:
        """Look for it in samples that reach REACH_SAMPLES beyond it at both ends; None where it is covered.

        `spoken` are the spans, in samples from the first of `around`, where somebody speaks.
        """
        heard = _coarse(around)
        free = np.ones(len(heard), np.float32)
        for start, stop in spoken:
            free[max(start // STEP, 0) : max(-(-stop // STEP), 0)] = 0
        reach = REACH_SAMPLES // STEP
        known = self.samples * free[reach : reach + len(self.samples)]
        energy = float(np.dot(known, known))
        share = energy / max(float(np.dot(self.samples, self.samples)), 1e-12)
        if share < ENOUGH_SHARE:
            return None
        heard = heard * free
        off = int(np.argmax(_correlated(heard, known)[: 2 * reach + 1]))
        known = known * free[off : off + len(known)]
        energy = float(np.dot(known, known))
        there = heard[off : off + len(known)] * (known != 0)
        product = float(np.dot(there, known))
        size = float(np.sqrt(np.dot(there, there) * energy))
        return Match(
            off_samples=(off - reach) * STEP,
            likeness=product / size if size > 0 else 0.0,
            gain_db=to_db(product / energy) if product > 0 < energy else SILENCE_DB,
            share=share,
        )


def _correlated(heard: Samples, known: Samples) -> Samples:
    size = 1 << (len(heard) + len(known)).bit_length()
    spectrum = np.fft.rfft(heard, size) * np.conj(np.fft.rfft(known, size))
    return np.asarray(np.fft.irfft(spectrum, size), dtype=np.float32)


def _coarse(samples: Samples) -> Samples:
    import soxr

    return np.asarray(soxr.resample(samples, RATE, RATE // STEP, quality="MQ"), dtype=np.float32)
