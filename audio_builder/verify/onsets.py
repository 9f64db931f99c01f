"""Where speech sets in: samples around a place come in, how far from it the voice begins goes out.

Speech differs from what lay there before in some band, at least: so the energy of ten bands, every 2 ms, is
compared with what each had in the last fifth of a second, be it room tone, a bed or the ring of a chime.
"""

from __future__ import annotations

import itertools
from functools import cache

import numpy as np
from numpy.typing import NDArray

from audio_builder.sound.levels import Samples, rms_db
from audio_builder.timebase import RATE, to_samples

BEFORE_SAMPLES = to_samples(0.25)
AFTER_SAMPLES = to_samples(0.15)

_HOP = 96
_WINDOW = 384
_BAND_EDGES_HZ = (150, 300, 500, 800, 1_200, 1_800, 2_600, 3_600, 5_000, 7_000, 10_000)

_QUIET_UNTIL = -to_samples(0.03)
"""What lies this far before the place, and earlier, is surely not yet speech."""

_ABOVE_DB = 4.0
_DEVIATIONS = 3.0
"""A band counts from so many decibels, and so many standard deviations, above what it had before: above the
median, with the deviation taken from the quartile, so that a cue that comes early does not hide itself."""

_ENOUGH_DB = 6.0
"""By so much all bands together must rise above that ..."""
_HOPS_IN_A_ROW = 6
"""... for so long: a click is in no more than four windows."""


def speech_onset(samples: Samples) -> int | None:
    """Find where speech sets in: None where nothing does.

    `samples`, (BEFORE_SAMPLES + AFTER_SAMPLES,), surround the place where it should; it counts from there.
    """
    levels = 10 * np.log10(_band_energies(samples) + 1e-9)
    places = np.arange(len(levels)) * _HOP + _WINDOW // 2 - BEFORE_SAMPLES
    before = levels[places < _QUIET_UNTIL]
    usual, upper = np.percentile(before, (50, 75), axis=0)
    margin = np.maximum(_DEVIATIONS * np.maximum((upper - usual) / 0.674, 1.0), _ABOVE_DB)
    risen = np.maximum(levels - usual - margin, 0).sum(axis=1) > _ENOUGH_DB
    lasting = np.lib.stride_tricks.sliding_window_view(risen, _HOPS_IN_A_ROW).all(axis=1)
    return int(places[int(lasting.argmax())]) if lasting.any() else None


def level_before(samples: Samples) -> float:
    """Give the level in dBFS of what lay there before speech."""
    return rms_db(samples[: BEFORE_SAMPLES + _QUIET_UNTIL])


def _band_energies(samples: Samples) -> NDArray[np.float64]:
    frames = np.lib.stride_tricks.sliding_window_view(samples, _WINDOW)[::_HOP]
    window, bands = _analysis()
    return np.asarray((np.abs(np.fft.rfft(frames * window)) ** 2) @ bands)


@cache
def _analysis() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    hertz = np.fft.rfftfreq(_WINDOW, 1 / RATE)
    edges = itertools.pairwise(_BAND_EDGES_HZ)
    bands = np.array([(hertz >= low) & (hertz < high) for low, high in edges], dtype=np.float64)
    return np.hanning(_WINDOW), bands.T
