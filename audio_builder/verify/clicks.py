"""Clicks: samples around a place come in, how far a jump there stands out of its surroundings goes out.

A tone, noise, even a vowel can be predicted from the samples just before; a click cannot. So the samples
are predicted linearly, and the largest error near the place is compared with what is usual around it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from audio_builder.sound.samples import Samples, to_db
from audio_builder.timebase import to_samples

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
