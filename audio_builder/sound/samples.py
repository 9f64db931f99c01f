"""Audio as arrays of samples: decibels, spectra at single precision, and pydub's segments."""

from __future__ import annotations

import math
import warnings
from functools import lru_cache
from typing import Any

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


Spectrum = NDArray[np.complex64]
"""At single precision: numpy scales a plain forward transform by the whole number 1, and for that computes it at
double precision, four times as slowly. Scaled by the square root of the size, both ways, it keeps to single."""


def to_spectrum(samples: Samples, size: int | None = None) -> Spectrum:
    """Transform each row of float32 (..., samples), filled up with zeros to a size; shape (..., size // 2 + 1)."""
    return np.asarray(np.fft.rfft(samples, size, norm="ortho"), np.complex64)


def from_spectrum(spectrum: Spectrum, size: int) -> Samples:
    """Turn what `to_spectrum` gave, or a multiple of it, back into (..., size) samples."""
    return np.asarray(np.fft.irfft(spectrum, size, norm="ortho"), np.float32)


_FULL_SCALE = 2.0**31
HEADROOM = 16
"""Segments hold samples divided by this, so that a gain may pass full scale without being clipped."""


@lru_cache(maxsize=1)
def segment_class() -> Any:
    """Give pydub's AudioSegment.

    On import pydub warns of a missing ffmpeg, which nothing here needs, of the audioop module, and of its own
    regular expressions: none of it concerns a user of this package.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pydub import AudioSegment

    return AudioSegment


def to_segment(samples: Samples, rate: int, *, headroom: int = HEADROOM) -> Any:
    """Make a segment of 32-bit samples from (samples,) or (samples, channels).

    With a headroom of 1 it is at full scale, as others expect it; what passes full scale is then clipped.
    """
    channels = 1 if samples.ndim == 1 else samples.shape[1]
    scaled = samples.astype(np.float64) * (_FULL_SCALE / headroom)
    whole = np.clip(np.rint(scaled), -_FULL_SCALE, _FULL_SCALE - 1).astype("<i4")
    return segment_class()(data=whole.tobytes(), sample_width=4, frame_rate=rate, channels=channels)


def from_segment(segment: Any, *, headroom: int = HEADROOM) -> Samples:
    """Give a segment's samples as float32 of shape (samples,), or (samples, channels) for several."""
    width, channels = segment.sample_width, segment.channels
    scale = 2.0 ** (8 * width - 1) / headroom
    whole = np.frombuffer(segment.raw_data, dtype=f"<i{width}")
    samples = np.asarray(whole / scale, dtype=np.float32)
    return samples if channels == 1 else samples.reshape(-1, channels)
