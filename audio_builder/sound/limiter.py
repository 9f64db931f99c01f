"""A clip comes in; it goes out with its true peaks under a ceiling, or at a wanted loudness under it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from audio_builder.sound.levels import ANCHOR_LUFS, Samples, to_gain
from audio_builder.sound.loudness import integrated, peak_envelope

CEILING_DB = -2.5
"""True peak a clip may have: leaves 1.5 dB for what lies under speech and for what MP3 adds to a peak."""

LOOK_AHEAD_SECONDS = 0.005
RELEASE_DB_PER_SECOND = 120.0
"""Recovers within a syllable, so that a loud vowel costs the next one nothing; slower than any pitch."""

_MARGIN_DB = 0.05
_LEVELLING_ROUNDS = 10
_LEVELLING_LU = 0.02
_LEAST_YIELDING = 0.1
"""LU of loudness that a dB of gain is taken to bring at least; keeps a step from running away."""


def limited(samples: Samples, rate: int, *, ceiling_db: float = CEILING_DB) -> Samples:
    """Turn (samples,) down around each peak that would pass the ceiling, and nowhere else.

    The gain falls over the look-ahead before a peak and recovers at a fixed rate after it; being smooth, it
    adds no audible distortion. What stays below the ceiling comes back unchanged.
    """
    ceiling = to_gain(ceiling_db - _MARGIN_DB)
    envelope = peak_envelope(samples)
    if float(envelope.max(initial=0.0)) <= to_gain(ceiling_db):
        return samples.copy()
    reduction = gain_reduction(envelope, rate, ceiling=ceiling)
    return np.asarray(samples * np.power(10.0, reduction / -20.0), dtype=np.float32)


def gain_reduction(envelope: Samples, rate: int, *, ceiling: float) -> NDArray[np.float64]:
    """Give, in dB above 0, how far to turn each sample down so that the envelope stays under the ceiling."""
    needed = 20.0 * np.log10(np.maximum(envelope / ceiling, 1.0), dtype=np.float64)
    slope = np.arange(len(needed)) * (RELEASE_DB_PER_SECOND / rate)
    released = np.maximum.accumulate(needed + slope) - slope
    reach = round(LOOK_AHEAD_SECONDS * rate)
    # Held over the reach on both sides, then averaged over no more than that: never less than needed.
    return _averaged(_held(released, reach), reach)


def levelled(
    samples: Samples, rate: int, *, lufs: float = ANCHOR_LUFS, ceiling_db: float = CEILING_DB
) -> Samples:
    """Bring (samples,) to a loudness with its true peaks under the ceiling; silence stays as it is.

    Limiting costs loudness, so the gain is found by the secant method, always on the untouched clip. A clip
    so spiky that both cannot hold keeps to the ceiling.
    """
    gain_db, here = 0.0, integrated(samples, rate)
    if not np.isfinite(here):
        return samples.copy()
    result, yielding = samples, 1.0
    for _ in range(_LEVELLING_ROUNDS):
        step_db = (lufs - here) / yielding
        before, gain_db = here, gain_db + step_db
        result = limited(samples * np.float32(to_gain(gain_db)), rate, ceiling_db=ceiling_db)
        here = integrated(result, rate)
        if abs(lufs - here) < _LEVELLING_LU:
            break
        yielding = min(max((here - before) / step_db, _LEAST_YIELDING), 1.0)
    return result


def _held(values: NDArray[np.float64], reach: int) -> NDArray[np.float64]:
    """Give the largest value within reach on either side, by doubling the window looked at."""
    nothing = np.zeros(reach)
    result = np.concatenate([nothing, values, nothing])  # `pad` takes many times as long
    width, window = 1, 2 * reach + 1
    while width < window:
        step = min(width, window - width)
        result = np.maximum(result[:-step], result[step:])
        width += step
    return result


def _averaged(values: NDArray[np.float64], reach: int) -> NDArray[np.float64]:
    """Average twice over half the reach on either side, which leaves no kink."""
    half = reach // 2
    for _ in range(2):
        edges = values[:1].repeat(half), values[-1:].repeat(half)
        sums = np.concatenate([[0.0], edges[0], values, edges[1]]).cumsum()
        values = (sums[2 * half + 1 :] - sums[: -2 * half - 1]) / (2 * half + 1)
    return np.where(values < 1e-6, 0.0, values)  # what sums leave over is no reduction
