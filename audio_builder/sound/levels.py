"""Decibels come in and gains go out, or the other way; here lives the level all others are relative to."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]
"""Audio, nominal range [-1, 1]: shape (samples,), or (samples, channels) where a docstring says so."""

ANCHOR_LUFS = -16.0
"""Where speech stands, and where every other sound is brought before its own level applies."""

SILENCE_DB = -math.inf
"""The level of nothing at all."""


def to_gain(level_db: float) -> float:
    """Give decibels as a factor for amplitudes."""
    return float(10.0 ** (level_db / 20.0))


def to_db(amplitude: float) -> float:
    """Give an amplitude in decibels; nothing is -inf."""
    return 20.0 * math.log10(amplitude) if amplitude > 0.0 else SILENCE_DB


def power_to_db(power: float) -> float:
    """Give a mean square in decibels; nothing is -inf."""
    return 10.0 * math.log10(power) if power > 0.0 else SILENCE_DB


def rms_db(samples: Samples) -> float:
    """Measure the root mean square in dBFS, where a full-scale square wave is 0; empty is -inf."""
    if samples.size == 0:
        return SILENCE_DB
    return power_to_db(float(np.mean(np.square(samples, dtype=np.float64))))


def peak_db(samples: Samples) -> float:
    """Measure the largest sample in dBFS; empty is -inf."""
    return to_db(float(np.max(np.abs(samples)))) if samples.size else SILENCE_DB
