"""A synthetic voice's samples come in; the same voice with lower peaks goes out, made of the same sounds.

A made voice's pulses set all overtones off at once, which a throat never does: sharp peaks, that leave no room to
make speech as loud as it is to be. Here deep sounds come some milliseconds after high ones, which nobody hears.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from audio_builder.sound.levels import Samples
from audio_builder.sound.spectra import from_spectrum, to_spectrum

DELAY_SECONDS = 0.009
"""Of the deepest sounds; it falls evenly to none at `HIGHEST_HZ`. Chosen by how even levelled clips were.

In all that is 18 turns, a whole number: so nothing rings on at half the sample rate.
"""

HIGHEST_HZ = 4_000.0


BLOCK = 1 << 14
"""Samples of a transform."""


def dispersed(samples: Samples, rate: int) -> Samples:
    """Spread the peaks of (n,) samples; a little longer at the end. Values are whole numbers of 1/32768."""
    margin = round(2 * DELAY_SECONDS * rate)
    hop = BLOCK - 2 * margin
    runs = -(-len(samples) // hop)
    framed = np.zeros((runs, BLOCK), np.float32)
    framed[:, margin : margin + hop] = np.pad(samples, (0, runs * hop - len(samples))).reshape(runs, hop)
    filtered = from_spectrum(to_spectrum(framed) * _turns(rate), BLOCK)
    spread = np.zeros(runs * hop + 2 * margin, np.float32)
    for start, run in zip(range(0, runs * hop, hop), filtered, strict=True):
        spread[start : start + BLOCK] += run
    return np.asarray(np.rint(spread[margin : 2 * margin + len(samples)] * 32_768) / 32_768, np.float32)


@lru_cache(maxsize=8)
def _turns(rate: int) -> NDArray[np.complex64]:
    """Give the all-pass filter: by how much each frequency of a block is turned, the integral of the delay."""
    hertz = np.minimum(np.arange(BLOCK // 2 + 1) * (rate / BLOCK), HIGHEST_HZ)
    cycles = DELAY_SECONDS * (hertz - np.square(hertz) / (2 * HIGHEST_HZ))
    return np.asarray(np.exp(-2j * np.pi * cycles), np.complex64)
