"""Samples come in, their spectrum goes out, and the other way round, at single precision.

numpy scales a plain forward transform by the whole number 1, and computes it at double precision for that: four
times as slowly. Scaled by the square root of the size, both ways, it keeps to what it is given.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from audio_builder.sound.levels import Samples

Spectrum = NDArray[np.complex64]


def to_spectrum(samples: Samples, size: int | None = None) -> Spectrum:
    """Transform each row of float32 (..., samples), filled up with zeros to a size; shape (..., size // 2 + 1)."""
    return np.asarray(np.fft.rfft(samples, size, norm="ortho"), np.complex64)


def from_spectrum(spectrum: Spectrum, size: int) -> Samples:
    """Turn what `to_spectrum` gave, or a multiple of it, back into (..., size) samples."""
    return np.asarray(np.fft.irfft(spectrum, size, norm="ortho"), np.float32)
