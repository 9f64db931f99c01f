"""Find known tones and chimes in a session, and hear clicks where they join.

Breath tones swell from nothing, so they have no edge to look for. But what they sound like is known, and a
correlation with the whole of them has one sharp peak; the part that speech covers is left out.

A tone, noise, even a vowel can be predicted from the samples just before; a click cannot. So the samples
are predicted linearly, and the largest error near the place is compared with what is usual around it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from audio_builder.sound.samples import SILENCE_DB, Samples, to_db
from audio_builder.timebase import RATE, to_samples

REACH_SAMPLES = to_samples(0.15)
"""How far off a sound is looked for."""

STEP = 4
"""Sounds are matched at a quarter of the rate: what paces breath lies below 4 kHz."""

ENOUGH_SHARE = 0.05
"""Where speech leaves less of a sound's energy uncovered, nothing can be said about it."""


NEARLY = 0.98


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

    def find(
        self, around: Samples, spoken: Iterable[tuple[int, int]], others: Sequence[tuple[int, Reference]] = ()
    ) -> Match | None:
        """Look for it in samples that reach REACH_SAMPLES beyond it at both ends; None where it is covered.

        `spoken` are the spans, in samples from the first of `around`, where somebody speaks; `others` are known sounds
        that overlap it, with their places. As much of them as is there is taken out first.
        """
        free = np.ones(-(-len(around) // STEP), np.float32)
        for start, stop in spoken:
            free[max(start // STEP, 0) : max(-(-stop // STEP), 0)] = 0
        heard = _coarse(
            self._alone(around, np.repeat(free, STEP)[: len(around)], others) if others else around
        )
        free = free[: len(heard)]
        reach = REACH_SAMPLES // STEP
        whole = float(np.dot(self.samples, self.samples))
        if _energy(self.samples * free[reach : reach + len(self.samples)]) < ENOUGH_SHARE * whole:
            return None
        heard = heard * free
        off = _best_lag(heard, known=self.samples, free=free, lags=2 * reach + 1)
        known = self.samples * free[off : off + len(self.samples)]
        there = heard[off : off + len(known)]
        product, energy = float(np.dot(there, known)), _energy(known)
        size = float(np.sqrt(_energy(there) * energy))
        return Match(
            off_samples=(off - reach) * STEP,
            likeness=product / size if size > 0 else 0.0,
            gain_db=to_db(product / energy) if product > 0 < energy else SILENCE_DB,
            share=energy / whole,
        )

    def _alone(self, around: Samples, free: Samples, others: Sequence[tuple[int, Reference]]) -> Samples:
        """Take the others out, each as loud as it is by least squares over what is free of speech."""
        known = np.zeros((len(others) + 1, len(around)), np.float32)
        for line, (place, sound) in zip(known, [(REACH_SAMPLES, self), *others], strict=True):
            first, last = max(place, 0), min(place + sound.length, len(around))
            line[first:last] = sound._given[first - place : last - place]
        masked = known * free
        gains = np.linalg.lstsq(masked @ masked.T, masked @ around, rcond=None)[0]
        return np.asarray(around - np.clip(gains[1:], 0.0, None) @ known[1:], np.float32)


def _best_lag(heard: Samples, *, known: Samples, free: Samples, lags: int) -> int:
    """Give the lag at which what is heard is most like the sound, over what is free of speech at that lag.

    A held tone is nearly as like itself a little later: of lags nearly as good as the best, the one nearest the
    middle is taken.
    """
    likeness = _correlated(heard, known)[:lags]
    size = _correlated(free, known**2)[:lags] * _correlated(heard**2, np.ones_like(known))[:lags]
    likeness = likeness / np.sqrt(np.maximum(size, 1e-9 * max(float(size.max()), 1e-12)))
    good = np.flatnonzero(likeness >= NEARLY * float(likeness.max()))
    return int(good[np.abs(good - lags // 2).argmin()])


def _energy(samples: Samples) -> float:
    return float(np.dot(samples, samples))


def _correlated(heard: Samples, known: Samples) -> Samples:
    size = 1 << (len(heard) + len(known)).bit_length()
    spectrum = np.fft.rfft(heard, size) * np.conj(np.fft.rfft(known, size))
    return np.asarray(np.fft.irfft(spectrum, size), dtype=np.float32)


def _coarse(samples: Samples) -> Samples:
    import soxr

    return np.asarray(soxr.resample(samples, RATE, RATE // STEP, quality="MQ"), dtype=np.float32)


AROUND_SAMPLES = to_samples(0.05)
"""On each side of the place."""

_NEAR = to_samples(0.004)
_ASIDE = to_samples(0.006)
"""What lies nearer to the click than this is part of it: encoding smears it."""
_ORDER = 24
_USUAL = 99
"""The percentile of errors that is called usual."""

STANDS_OUT_DB = 12.0
AUDIBLE_DBFS = -60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Jump:
    """The least predictable sample near a place."""

    above_usual_db: float
    """How far its error stands above what is usual before and after it."""
    level_dbfs: float
    """The error itself."""

    @property
    def is_click(self) -> bool:
        """True where it would be heard as one."""
        return self.above_usual_db > STANDS_OUT_DB and self.level_dbfs > AUDIBLE_DBFS


def jump_near(samples: Samples) -> Jump:
    """Measure the largest jump in the middle of (2 x AROUND_SAMPLES,) samples."""
    errors = _prediction_errors(samples)
    middle = len(samples) // 2
    place = middle - _NEAR + int(errors[middle - _NEAR : middle + _NEAR].argmax())
    usual = max(_usual(errors[_ORDER : place - _ASIDE]), _usual(errors[place + _ASIDE :]), 1e-9)
    error = float(errors[place])
    return Jump(above_usual_db=to_db(error / usual), level_dbfs=to_db(error))


def _prediction_errors(samples: Samples) -> Samples:
    """Give how far each sample is from its linear prediction (by the autocorrelation method)."""
    spectrum = np.fft.rfft(samples * np.hanning(len(samples)), 4 * AROUND_SAMPLES)
    similarity = np.fft.irfft(np.abs(spectrum) ** 2)[: _ORDER + 1]
    similarity[0] = similarity[0] * (1 + 1e-6) + 1e-12
    lags = np.abs(np.subtract.outer(np.arange(_ORDER), np.arange(_ORDER)))
    weights = np.linalg.solve(similarity[lags], similarity[1:])
    errors = np.abs(np.convolve(samples, np.concatenate([[1.0], -weights]))[: len(samples)])
    errors[:_ORDER] = 0
    return np.asarray(errors, dtype=np.float32)


def _usual(errors: Samples) -> float:
    return float(np.percentile(errors, _USUAL)) if len(errors) > _ORDER else 0.0
