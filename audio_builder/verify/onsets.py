"""Where speech sets in: samples around a place come in, how far from it the voice begins goes out.

Speech differs from what lay there before in some bands, at least: so the levels of ten bands, every 2 ms, are
compared with what each had in the last fifth of a second, be it room tone, a bed or the ring of a chime. Evidence
is added up from where it begins (a cumulative sum test, Page 1954), so a soft consonant counts by lasting.
"""

from __future__ import annotations

import itertools
from functools import cache

import numpy as np
from numpy.typing import NDArray

from audio_builder.sound.samples import Samples, rms_db
from audio_builder.timebase import RATE, to_samples

BEFORE_SAMPLES = to_samples(0.25)
AFTER_SAMPLES = to_samples(0.25)

_HOP = 96
_WINDOW = 384
_BAND_EDGES_HZ = (150, 300, 500, 800, 1_200, 1_800, 2_600, 3_600, 5_000, 7_000, 10_000)

QUIET_SAMPLES = BEFORE_SAMPLES - to_samples(0.03)
"""So many of the samples before the place are surely not yet speech."""

_LOUDEST_BANDS = 3
"""Those count: a fricative shows in no more."""
_MOST_DEVIATIONS = 8.0
_ALLOWED_DEVIATIONS = 2.0
_ALLOWED_SHARE = 0.25
"""What changes by less is no evidence: by so many deviations, or by this share of what changes soon after. So a
tone that begins is told from the voice that comes later."""
_ENOUGH_EVIDENCE = 100.0
"""Chance in a bed of rain comes to this once in a hundred places; the first vowel, within three hops."""
_ENOUGH_HOPS = 6
"""A click is in no more than four windows."""


def speech_onset(samples: Samples) -> int | None:
    """Find where speech sets in: None where nothing does.

    `samples`, (BEFORE_SAMPLES + AFTER_SAMPLES,), surround the place where it should; it counts from there.
    """
    deviations = _deviations(samples)
    soon = float(np.percentile(deviations[(BEFORE_SAMPLES - _WINDOW // 2) // _HOP :], 90))
    allowed = max(_ALLOWED_DEVIATIONS, _ALLOWED_SHARE * soon)
    evidence, first, risen = 0.0, 0, 0
    for hop, deviation in enumerate(deviations.tolist()):
        if evidence <= 0.0:
            first, risen = hop, 0
        evidence = max(0.0, evidence + deviation - allowed)
        risen += deviation > allowed
        if evidence > _ENOUGH_EVIDENCE and risen >= _ENOUGH_HOPS:
            return first * _HOP + _WINDOW // 2 - BEFORE_SAMPLES
    return None


def _deviations(samples: Samples) -> NDArray[np.float64]:
    """Give how far the most changed bands are from what was usual before, hop by hop."""
    levels = 10 * np.log10(_band_energies(samples) + 1e-9)
    before = (QUIET_SAMPLES - _WINDOW // 2) // _HOP
    bands = np.clip(_standardised(levels, before, least=1.0), -_MOST_DEVIATIONS, _MOST_DEVIATIONS)
    loudest = np.sort(bands, axis=1)[:, -_LOUDEST_BANDS:].mean(axis=1)
    return _standardised(loudest, before, least=0.3)


def _standardised(values: NDArray[np.float64], before: int, *, least: float) -> NDArray[np.float64]:
    """Count in deviations from the first rows' median; by quartiles, so that an early cue does not hide itself."""
    usual, upper = np.percentile(values[:before], (50, 75), axis=0)
    return np.asarray((values - usual) / np.maximum((upper - usual) / 0.674, least))


def level_before(samples: Samples) -> float:
    """Give the level in dBFS of what lay there before speech."""
    return rms_db(samples[:QUIET_SAMPLES])


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
