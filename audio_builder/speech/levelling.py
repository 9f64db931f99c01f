"""Speech at any level comes in; speech at the anchor's loudness goes out, its peaks under a ceiling."""

from __future__ import annotations

import numpy as np

from audio_builder.sound.levels import ANCHOR_LUFS, Samples, to_gain
from audio_builder.sound.limiter import gain_reduction
from audio_builder.sound.loudness import integrated, peak_envelope

CEILING_DB = -3.5
"""True peak at the recording's own rate; resampling to the session's was seen to add 0.3 dB."""

BLOCK = 8
"""Samples that share one step of the limiter's gain, which moves over milliseconds."""

CLOSE_LU = 0.1
ROUNDS = 3
FIRST_GUESS, LEAST = 0.65, 0.2
"""How many LU a decibel of gain brings while the limiter works: at first, and at least."""


def level(samples: Samples, rate: int) -> Samples:
    """Bring (samples,) to the anchor; a voice so spiky that both cannot hold keeps to the ceiling.

    What the limiter takes is made up by more gain, of which it takes some again: each round goes by what the
    last one brought (the secant method). Silence stays as it is.
    """
    here = integrated(samples, rate)
    if not np.isfinite(here):
        return samples.copy()
    peaks = _block_peaks(peak_envelope(samples))
    gain_db, brought = ANCHOR_LUFS - here, FIRST_GUESS
    result = _limited(samples, peaks, rate, gain_db=gain_db)
    missing = ANCHOR_LUFS - integrated(result, rate)
    for _ in range(ROUNDS):
        if abs(missing) < CLOSE_LU:
            break
        step_db = missing / max(brought, LEAST)
        gain_db += step_db
        result = _limited(samples, peaks, rate, gain_db=gain_db)
        still = ANCHOR_LUFS - integrated(result, rate)
        brought, missing = (missing - still) / step_db, still
    return result


def _limited(samples: Samples, peaks: Samples, rate: int, *, gain_db: float) -> Samples:
    gain = np.float32(to_gain(gain_db))
    if float(peaks.max(initial=0.0)) * gain <= to_gain(CEILING_DB):
        return samples * gain
    reduction_db = gain_reduction(peaks * gain, rate // BLOCK, ceiling=to_gain(CEILING_DB))
    steps = np.power(10.0, reduction_db / -20.0).astype(np.float32) * gain
    return samples * _between(steps)[: len(samples)]


def _between(steps: Samples) -> Samples:
    """Draw straight lines from each block's gain to the next one's."""
    rises = np.diff(steps, append=steps[-1:])
    share = np.arange(BLOCK, dtype=np.float32) / BLOCK
    return np.asarray((steps[:, None] + rises[:, None] * share).reshape(-1), np.float32)


def _block_peaks(envelope: Samples) -> Samples:
    """Give the largest value of each block and its neighbours, so that the lines never pass above the need."""
    padded = np.pad(envelope, (0, -len(envelope) % BLOCK))
    peaks = np.pad(padded.reshape(-1, BLOCK).max(axis=1), 1)
    return np.asarray(np.maximum(np.maximum(peaks[:-2], peaks[1:-1]), peaks[2:]), np.float32)
