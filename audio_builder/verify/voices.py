"""Where a known voice is: samples and a cue's contour come in, how far off it is and how much is missing goes out.

Whatever lies under a voice (a bed, a breath tone, the ring of a chime) only adds to it. So a voice is where the
least of what its contour has is missing; what is there beyond that says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audio_builder.sound.contour import (
    HOP_SAMPLES,
    MOST_MOMENTS,
    WINDOW_SAMPLES,
    band_powers,
    read_contour,
    to_levels,
)
from audio_builder.sound.samples import Samples
from audio_builder.timebase import to_samples

REACH_SAMPLES = to_samples(0.15)
"""How far off a voice is looked for."""
AFTER_SAMPLES = REACH_SAMPLES + MOST_MOMENTS * HOP_SAMPLES + WINDOW_SAMPLES
"""How much is needed from the place on; before it, REACH_SAMPLES and a window."""

_STEP = to_samples(0.0025)
_STANDS_OUT = 4.0
"""Only what is louder by this factor than what lay there before can be told from it."""
_STRONGEST_DB = 30.0
"""So far below a band's loudest moment a voice still counts."""
_SOFTER_DB = 6.0
"""A band that is softer throughout is a matter of the voice's tone; how loud it is, is measured elsewhere."""
_MOST_MISSING_DB = 15.0

UNLIKE_DB = 1.2
"""Where more than this is missing on average, it is not this voice saying this. Encoding takes up to 0.3 dB, a
voice's full warmth 0.8 dB."""

Levels = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceMatch:
    """How a cue's voice was found."""

    off_samples: int
    """How much later than its place it begins."""
    missing_db: float
    """How much of its contour is not there, on average."""

    @property
    def is_alike(self) -> bool:
        """True where it is this cue that was heard."""
        return self.missing_db <= UNLIKE_DB


def find_voice(around: Samples, place: int, contour: str, *, before: tuple[int, int]) -> VoiceMatch | None:
    """Look for a cue near a place in samples, (samples,); None where it does not stand out enough to be found.

    `before` is the span that surely holds what lies under the voice, and nothing of it.
    """
    voice = read_contour(contour)
    under = np.median(band_powers(around[slice(*before)], hop=_STEP), axis=0)
    powers = 10.0 ** (voice / 10.0)
    counts = (powers > _STANDS_OUT * under) & (voice > voice.max(axis=0, initial=-np.inf) - _STRONGEST_DB)
    if counts.sum() < len(voice) / 4 or not len(voice):
        return None
    first = place - REACH_SAMPLES - WINDOW_SAMPLES // 2
    heard = to_levels(band_powers(around[first : place + AFTER_SAMPLES], hop=_STEP))
    lags = 2 * REACH_SAMPLES // _STEP + 1
    moments = np.arange(lags)[:, np.newaxis] + (HOP_SAMPLES // _STEP) * np.arange(len(voice))
    lack = to_levels(powers + under) - heard[moments]
    missing = np.stack([_missing(lack[:, :, band], counts[:, band]) for band in range(voice.shape[1])])
    weights = counts.sum(axis=0) / counts.sum()
    average = weights @ missing
    best = int(average.argmin())
    return VoiceMatch(off_samples=best * _STEP - REACH_SAMPLES, missing_db=float(average[best]))


def _missing(lack: Levels, counts: NDArray[np.bool_]) -> Levels:
    """Average what is missing in one band of each lag, shape (lags, moments), over the moments that count."""
    if not counts.any():
        return np.zeros(len(lack))
    lack = lack[:, counts]
    softer = np.clip(np.median(lack, axis=1, keepdims=True), 0.0, _SOFTER_DB)
    return np.asarray(np.clip(lack - softer, 0.0, _MOST_MISSING_DB).mean(axis=1))
