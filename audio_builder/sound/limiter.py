"""How loud a sound is at each moment comes in; by how much to turn it down, to stay under a ceiling, goes out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from audio_builder.sound.levels import Samples

LOOK_AHEAD_SECONDS = 0.005
RELEASE_DB_PER_SECOND = 120.0
"""Recovers within a syllable, so that a loud vowel costs the next one nothing; slower than any pitch."""


def gain_reduction(envelope: Samples, rate: int, *, ceiling: float) -> NDArray[np.float64]:
    """Give, in dB above 0, how far to turn each sample down so that the envelope stays under the ceiling.

    It grows over the look-ahead before a peak and shrinks at a fixed rate after it; being smooth, it adds no
    audible distortion. It is 0 where no peak is near that would pass the ceiling.
    """
    needed = 20.0 * np.log10(np.maximum(envelope / ceiling, 1.0), dtype=np.float64)
    slope = np.arange(len(needed)) * (RELEASE_DB_PER_SECOND / rate)
    released = np.maximum.accumulate(needed + slope) - slope
    reach = round(LOOK_AHEAD_SECONDS * rate)
    # Held over the reach on both sides, then averaged over no more than that: never less than needed.
    return _averaged(_held(released, reach), reach)


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
