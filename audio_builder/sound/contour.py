"""A clip's contour: how loud it is in three bands, closely where it begins and now and then after, as a short text.

By it a voice can be told in a finished session from whatever lies under it, and found there to a few
milliseconds, without the clip itself.
"""

from __future__ import annotations

from itertools import pairwise
from string import ascii_lowercase, ascii_uppercase, digits

import numpy as np
from numpy.typing import NDArray

from audio_builder.sound.samples import Samples, to_spectrum
from audio_builder.timebase import RATE, to_samples

HOP_SAMPLES = to_samples(0.015)
"""From one moment to the next."""
WINDOW_SAMPLES = to_samples(0.02)
CLOSE_MOMENTS = 50
"""Three quarters of a second: enough to tell where a line begins."""
APART = 4
"""Hops from one moment to the next from there on: enough to tell which line it is, of those that begin alike."""
MOST_MOMENTS = 150
"""Six and three quarter seconds."""

BAND_EDGES_HZ = (150, 700, 2_200, 7_000)
BANDS = len(BAND_EDGES_HZ) - 1

_LEVELS = digits + ascii_uppercase + ascii_lowercase + "-_"
LOWEST_DB = -75.0
"""The first of 64 levels, 1 dB apart, in dBFS; it also stands for less."""


def contour(samples: Samples) -> str:
    """Write how a clip, (samples,) at 48 kHz, begins: a sign for each band of each moment."""
    hops = moments_at(MOST_MOMENTS)
    hops = hops[hops < len(samples) // HOP_SAMPLES]
    edge = WINDOW_SAMPLES // 2
    padded = np.pad(samples[: (hops.max(initial=0) + 1) * HOP_SAMPLES + edge], (edge, WINDOW_SAMPLES))
    levels = to_levels(band_powers(padded, hop=HOP_SAMPLES)[hops])
    steps = np.clip(np.rint(levels - LOWEST_DB), 0, len(_LEVELS) - 1).astype(int)
    return "".join(_LEVELS[step] for step in steps.reshape(-1))


def moments_at(count: int) -> NDArray[np.int64]:
    """Give the places of so many moments, in hops."""
    number = np.arange(count)
    return np.asarray(number + (APART - 1) * np.maximum(number - CLOSE_MOMENTS + 1, 0))


def read_contour(text: str) -> NDArray[np.float64]:
    """Give what `contour` wrote as levels in dBFS, shape (moments, bands). Raises ValueError for anything else."""
    levels = LOWEST_DB + np.array([_LEVELS.index(sign) for sign in text], dtype=np.float64)
    return levels.reshape(-1, BANDS)


def band_powers(samples: Samples, *, hop: int) -> NDArray[np.float64]:
    """Measure the power in each band of each window of (samples,), one every `hop`: shape (windows, bands)."""
    windows = np.lib.stride_tricks.sliding_window_view(samples, WINDOW_SAMPLES)[::hop]
    shape, bands = _analysis()
    powers = np.square(np.abs(to_spectrum(windows * shape)), dtype=np.float64)
    return np.asarray(np.einsum("wf,fb->wb", powers, bands))


def to_levels(powers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give powers in dBFS; nothing is far below LOWEST_DB."""
    return np.asarray(10.0 * np.log10(powers + 1e-12))


def _analysis() -> tuple[Samples, NDArray[np.float64]]:
    """Give the window, and the share of each frequency in each band, so that powers are mean squares."""
    shape = np.hanning(WINDOW_SAMPLES).astype(np.float32)
    hertz = np.fft.rfftfreq(WINDOW_SAMPLES, 1 / RATE)
    inside = [(hertz >= low) & (hertz < high) for low, high in pairwise(BAND_EDGES_HZ)]
    both_sides = 2.0 / float(np.square(shape, dtype=np.float64).sum())
    return shape, both_sides * np.array(inside, dtype=np.float64).T
