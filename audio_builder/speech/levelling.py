"""Speech at any level comes in; speech at the anchor's loudness goes out, its peaks under a ceiling."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from audio_builder.sound.levels import ANCHOR_LUFS, Samples, power_to_db, to_gain
from audio_builder.sound.limiter import gain_reduction
from audio_builder.sound.loudness import integrated, peak_envelope

CEILING_DB = -3.5
"""True peak at the recording's own rate; resampling to the session's was seen to add 0.3 dB."""

BLOCK = 8
"""Samples that share one step of the limiter's gain, which moves over milliseconds."""

CLOSE_LU = 0.05
MOST_DB = 15.0
"""Of gain beyond what brings the average to the anchor; a clip that needs more keeps to the ceiling."""

Curve = NDArray[np.float64]


def level(samples: Samples, rate: int) -> Samples:
    """Bring (samples,) to the anchor; a voice so spiky that both cannot hold keeps to the ceiling.

    What the limiter takes must be made up by more gain, of which it takes some again. That is solved on blocks,
    by their plain energy, which is cheap; one look at the true loudness then says how far the blocks were off.
    Silence stays as it is.
    """
    here = integrated(samples, rate)
    if not np.isfinite(here):
        return samples.copy()
    peaks, energies = _block_peaks(peak_envelope(samples)), _block_energies(samples)

    def steps(gain_db: float) -> Curve:
        reduction_db = gain_reduction(peaks * to_gain(gain_db), rate // BLOCK, ceiling=to_gain(CEILING_DB))
        return np.asarray(np.power(10.0, (gain_db - reduction_db) / 20.0))

    def expected(gain_db: float) -> float:
        return here + power_to_db(float(energies @ np.square(steps(gain_db))) / float(energies.sum()))

    plain_db = ANCHOR_LUFS - here
    gain_db = _solved(expected, ANCHOR_LUFS, start_db=plain_db)
    result = _shaped(samples, steps(gain_db))
    off = integrated(result, rate) - ANCHOR_LUFS
    if abs(off) < CLOSE_LU:
        return result
    return _shaped(samples, steps(_solved(expected, expected(gain_db) - off, start_db=plain_db)))


def _solved(expected: Callable[[float], float], wanted: float, *, start_db: float) -> float:
    """Find the gain that is expected to bring the wanted loudness, by halving the range it must lie in."""
    low, high = start_db - 1.0, start_db + MOST_DB
    if expected(start_db) >= wanted - CLOSE_LU / 2:
        high = start_db
    while high - low > CLOSE_LU / 2:
        middle = (low + high) / 2
        if expected(middle) < wanted:
            low = middle
        else:
            high = middle
    return high


def _shaped(samples: Samples, steps: Curve) -> Samples:
    middles = np.arange(len(steps)) * BLOCK + (BLOCK - 1) / 2
    return np.asarray(samples * np.interp(np.arange(len(samples)), middles, steps), np.float32)


def _block_energies(samples: Samples) -> Curve:
    squares = np.square(np.pad(samples, (0, -len(samples) % BLOCK)), dtype=np.float64)
    return np.asarray(squares.reshape(-1, BLOCK).sum(axis=1))


def _block_peaks(envelope: Samples) -> Samples:
    """Give the largest value of each block and its neighbours, so that interpolating never falls short."""
    padded = np.pad(envelope, (0, -len(envelope) % BLOCK))
    peaks = np.pad(padded.reshape(-1, BLOCK).max(axis=1), 1)
    return np.asarray(np.maximum(np.maximum(peaks[:-2], peaks[1:-1]), peaks[2:]), np.float32)
