"""Find where speech sets in, and where a known voice says a known line.

Speech differs from what lay there before in some bands, at least: so the levels of ten bands, every 2 ms, are
compared with what each had in the last fifth of a second, be it room tone, a bed or the ring of a chime. Evidence
is added up from where it begins (a cumulative sum test, Page 1954), so a soft consonant counts by lasting.

Whatever lies under a voice (a bed, a breath tone, the ring of a chime) only adds to it. So a voice is where the
least of what its contour has is missing; what is there beyond that says nothing.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from audio_builder.sound.contour import (
    HOP_SAMPLES,
    MOST_MOMENTS,
    WINDOW_SAMPLES,
    band_powers,
    moments_at,
    read_contour,
    to_levels,
)
from audio_builder.sound.samples import Samples, rms_db
from audio_builder.timebase import RATE, to_samples

BEFORE_SAMPLES = to_samples(0.25)
ONSET_SAMPLES = to_samples(0.25)

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

    `samples`, (BEFORE_SAMPLES + ONSET_SAMPLES,), surround the place where it should; it counts from there.
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


VOICE_REACH_SAMPLES = to_samples(0.15)
"""How far off a voice is looked for."""
VOICE_AFTER_SAMPLES = (
    VOICE_REACH_SAMPLES + int(moments_at(MOST_MOMENTS)[-1] + 1) * HOP_SAMPLES + WINDOW_SAMPLES
)
"""How much is needed from the place on; before it, VOICE_REACH_SAMPLES and a window."""

_STEP = to_samples(0.0025)
_STANDS_OUT = 4.0
"""Only what is louder by this factor than what lay there before can be told from it."""
_STRONGEST_DB = 30.0
"""So far below a band's loudest moment a voice still counts."""
_SOFTER_DB = 6.0
"""A band that is softer throughout is a matter of the voice's tone; how loud it is, is measured elsewhere."""
_MOST_MISSING_DB = 15.0

UNLIKE_DB = 1.2
"""Where more than this is missing on average, it is not this voice saying this. Encoding takes up to 0.3 dB, a
voice's full warmth 0.8 dB."""

Levels = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceMatch:
    """How a cue's voice was found."""

    off_samples: int
    """How much later than its place it begins."""
    missing_db: float
    """How much of its contour is not there, on average."""
    heard_from_samples: int = 0
    """How long after its beginning it stands out and goes on to: a first consonant may be softer than the room."""

    @property
    def is_alike(self) -> bool:
        """True where it is this cue that was heard."""
        return self.missing_db <= UNLIKE_DB


def find_voice(around: Samples, place: int, contour: str, *, before: tuple[int, int]) -> VoiceMatch | None:
    """Look for a cue near a place in samples, (samples,); None where it does not stand out enough to be found.

    `before` is the span that surely holds what lies under the voice, and nothing of it.
    """
    voice = read_contour(contour)
    under = np.median(band_powers(around[slice(*before)], hop=_STEP), axis=0)
    powers = 10.0 ** (voice / 10.0)
    counts = (powers > _STANDS_OUT * under) & (voice > voice.max(axis=0, initial=-np.inf) - _STRONGEST_DB)
    if counts.sum() < len(voice) / 4 or not len(voice):
        return None
    first = place - VOICE_REACH_SAMPLES - WINDOW_SAMPLES // 2
    hops = moments_at(len(voice))
    last = place + VOICE_REACH_SAMPLES + int(hops[-1] + 1) * HOP_SAMPLES + WINDOW_SAMPLES
    whole = np.pad(
        around, (0, max(0, last - len(around)))
    )  # a sheet may tell of a longer voice than lies there
    heard = to_levels(band_powers(whole[first:last], hop=_STEP))
    lags = 2 * VOICE_REACH_SAMPLES // _STEP + 1
    moments = np.arange(lags)[:, np.newaxis] + (HOP_SAMPLES // _STEP) * hops
    lack = to_levels(powers + under) - heard[moments]
    missing = np.stack([_missing(lack[:, :, band], counts[:, band]) for band in range(voice.shape[1])])
    weights = counts.sum(axis=0) / counts.sum()
    average = weights @ missing
    best = int(average.argmin())
    stays = counts.any(axis=1)
    return VoiceMatch(
        off_samples=best * _STEP - VOICE_REACH_SAMPLES,
        missing_db=float(average[best]),
        heard_from_samples=int((stays[:-1] & stays[1:]).argmax()) * HOP_SAMPLES,
    )


def _missing(lack: Levels, counts: NDArray[np.bool_]) -> Levels:
    """Average what is missing in one band of each lag, shape (lags, moments), over the moments that count."""
    if not counts.any():
        return np.zeros(len(lack))
    lack = lack[:, counts]
    softer = np.clip(np.median(lack, axis=1, keepdims=True), 0.0, _SOFTER_DB)
    return np.asarray(np.clip(lack - softer, 0.0, _MOST_MISSING_DB).mean(axis=1))
