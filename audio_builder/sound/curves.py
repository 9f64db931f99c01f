"""A stretch of time comes in as numbers from 0 to 1; smooth curves over it go out, level at both ends."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Curve = NDArray[np.float64]


def course(length: int) -> Curve:
    """Give the share of a stretch that has passed at each of its samples, from 0 up to, not including, 1."""
    return np.arange(length) / max(length, 1)


def eased(values: Curve) -> Curve:
    """Bend 0 … 1 into an S, level at both ends (a raised cosine); clips outside."""
    return np.asarray(0.5 - 0.5 * np.cos(np.pi * np.clip(values, 0.0, 1.0)))


def swell(passed: Curve, *, rise: float, fall: float) -> Curve:
    """Rise from silence over one share of a stretch, and fall back into it over another.

    `passed` is what `course` gives.
    """
    result = np.ones(len(passed))
    risen = int(np.searchsorted(passed, rise))
    falling = int(np.searchsorted(passed, 1.0 - fall, side="right"))
    result[:risen] *= eased(passed[:risen] / rise)
    result[falling:] *= eased((1.0 - passed[falling:]) / fall)
    return result


def faded(length: int, *, fade_in: int = 0, fade_out: int = 0) -> Curve:
    """Give a gain that opens over the first samples and closes over the last."""
    result = np.ones(length)
    fade_in, fade_out = min(fade_in, length), min(fade_out, length)
    result[:fade_in] *= eased(course(fade_in))
    result[length - fade_out :] *= eased(course(fade_out))[::-1]
    return result
