"""Seeded noise that repeats without a seam, and room tone made of it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from audio_builder.sound.samples import Samples, to_gain
from audio_builder.timebase import RATE

Spectrum = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""Takes frequencies in Hz (above 0) and gives amplitudes."""


def uniform(count: int, *, seed: int) -> NDArray[np.float64]:
    """Draw numbers in [0, 1): from the generator's raw bits, whose sequence numpy promises to keep."""
    raw = np.random.PCG64(seed).random_raw(count)
    return np.asarray((raw >> np.uint64(11)) * 2.0**-53)


def periodic(length: int, *, seed: int, spectrum: Spectrum) -> Samples:
    """Make one period of noise, shape (length,), mean square 1: every partial fits it: no seam."""
    frequencies = np.arange(length // 2 + 1, dtype=np.float64) * (RATE / length)
    bins = np.zeros(len(frequencies), dtype=np.complex128)
    angles = 2.0 * np.pi * uniform(len(frequencies), seed=seed)[1:]
    strengths = spectrum(frequencies[1:])
    bins.real[1:] = strengths * np.cos(angles)
    bins.imag[1:] = strengths * np.sin(angles)
    noise = np.fft.irfft(bins, length)
    return np.asarray(noise / np.sqrt(np.mean(np.square(noise))), dtype=np.float32)


def band(low_hz: float, high_hz: float, *, slope: float = 0.0) -> Spectrum:
    """Pass a band, falling off smoothly outside it; slope tilts it (-0.5 is pink, -1 is brown)."""

    def amplitudes(frequencies: NDArray[np.float64]) -> NDArray[np.float64]:
        below, above = np.square(low_hz / frequencies), np.square(frequencies / high_hz)
        edges = (1.0 + np.square(np.square(below))) * (1.0 + np.square(np.square(above)))
        return np.asarray(np.exp(slope * np.log(frequencies)) / np.sqrt(edges))

    return amplitudes


def wrapped(table: Samples, start: int, *, stop: int) -> Samples:
    """Read an endless repetition of a table, (samples,) or (samples, channels), from start up to stop.

    Positions may be negative. Gives a view where the stretch lies inside one period, else a copy.
    """
    period = table.shape[0]
    first = start % period
    if first + stop - start <= period:
        return table[first : first + stop - start]
    return np.take(table, np.arange(first, first + stop - start), axis=0, mode="wrap")


PERIOD_SAMPLES = 1 << 18
"""5.5 s: too long to be heard as a loop at this level, short enough to stay in a cache."""

CROSSFADE_SECONDS = 0.5
"""How long one section's room tone takes to turn to the next one's."""

_SEED = 60


def room_tone(level_dbfs: float) -> Samples:
    """Make a loop of room tone, shape (PERIOD_SAMPLES,), its root mean square at a level; read-only."""
    loop = periodic(PERIOD_SAMPLES, seed=_SEED, spectrum=band(150.0, 5_000.0, slope=-0.5))
    loop *= to_gain(level_dbfs)
    loop.setflags(write=False)
    return loop
