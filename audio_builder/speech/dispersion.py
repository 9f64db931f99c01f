"""A synthetic voice's samples come in; the same voice with lower peaks goes out, made of the same sounds.

A made voice's pulses set all overtones off at once, which a throat never does: sharp peaks, that leave no room to
make speech as loud as it is to be. Here deep sounds come some milliseconds after high ones, which nobody hears.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from audio_builder.sound.levels import Samples

DELAY_SECONDS = 0.009
"""Of the deepest sounds; it falls evenly to none at `HIGHEST_HZ`. Chosen by how even levelled clips were."""

HIGHEST_HZ = 4_000.0


def dispersed(samples: Samples, rate: int) -> Samples:
    """Spread the peaks of (n,) samples; a little longer at the end. Values are whole numbers of 1/32768."""
    tail = round(2 * DELAY_SECONDS * rate)
    size = 1 << (len(samples) + 2 * tail - 1).bit_length()
    spread = np.fft.irfft(np.fft.rfft(samples, size) * _turns(size, rate), size)[: len(samples) + tail]
    return np.asarray(np.rint(spread * 32_768) / 32_768, np.float32)


@lru_cache(maxsize=8)
def _turns(size: int, rate: int) -> NDArray[np.complex64]:
    """Give the all-pass filter: by how much each frequency of a transform is turned."""
    hertz = np.arange(size // 2 + 1) * (rate / size)
    delays_seconds = DELAY_SECONDS * np.clip(1 - hertz / HIGHEST_HZ, 0.0, 1.0)
    phases = 2 * np.pi * np.cumsum(delays_seconds) * (rate / size)
    return np.asarray(np.exp(-1j * phases), np.complex64)
