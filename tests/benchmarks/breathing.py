"""Measure whether the tones of a finished session, as decoded, lead the breath."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from audio_builder.session.cuesheet import CueSheet, SheetEvent
from audio_builder.sound.samples import Samples, rms_db
from audio_builder.timebase import RATE, to_samples
from tests.sound.measuring import centroids, pitches, slope

LOUD = {"inhale": (0.25, 0.85), "exhale": (0.1, 0.65)}
"""The share of a tone in which it is loud enough to be measured over a bed."""
LEAST = to_samples(1.2)
AIR = to_samples(0.1)
TURN = to_samples(0.02)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leading:
    """How the breath tones that stand free of speech were heard."""

    right: int
    """So many rise on an inhale, or fall on an exhale."""
    measured: int
    turning_db: float
    """The loudest last 20 ms of a tone, relative to its loudest 100 ms; NaN where no end stands free."""


def leading(samples: Samples, sheet: CueSheet, *, pacer: str) -> Leading:
    """Measure every inhale and exhale in (samples,) that speech leaves free for long enough."""
    cues = sheet.of_kind("cue")
    ways, turns = [], []
    for tone in sheet.of_kind("inhale", "exhale") if pacer != "off" else ():
        way = _rise(samples, tone, cues, pacer=pacer)
        if way is not None:
            ways.append((way > 0) == (tone.kind == "inhale"))
        end = tone.end_samples
        if all(cue.start_samples >= end or cue.end_samples < end - TURN for cue in cues):
            loudest = max(rms_db(window) for window in _windows(samples, tone))
            turns.append(rms_db(samples[end - TURN : end]) - loudest)
    return Leading(right=sum(ways), measured=len(ways), turning_db=max(turns, default=np.nan))


def _windows(samples: Samples, tone: SheetEvent) -> Iterator[Samples]:
    step = to_samples(0.1)
    for start in range(tone.start_samples, tone.end_samples - step, step):
        yield samples[start : start + step]


def _rise(samples: Samples, tone: SheetEvent, cues: tuple[SheetEvent, ...], *, pacer: str) -> float | None:
    """Give how far a tone's pitch, or brightness, goes up; None where speech leaves too little of it."""
    if pacer == "bells":
        return _steps(samples, tone, cues)
    start, stop = (tone.start_samples + round(share * tone.length_samples) for share in LOUD[tone.kind])
    for cue in cues:
        if cue.start_samples < stop and cue.end_samples > start:
            start = max(start, cue.end_samples + AIR)
    if stop - start < LEAST:
        return None
    part = samples[start:stop]
    return slope(centroids(_in_band(part)) if pacer == "waves" else pitches(part, high_hz=560.0))


def _in_band(samples: Samples) -> Samples:
    """Leave out what a bed of rain has beyond any tone."""
    spectrum = np.fft.rfft(samples)
    hertz = np.fft.rfftfreq(len(samples), 1 / RATE)
    spectrum[(hertz < 200.0) | (hertz > 3_500.0)] = 0.0
    return np.asarray(np.fft.irfft(spectrum, len(samples)), dtype=np.float32)


def _steps(samples: Samples, tone: SheetEvent, cues: tuple[SheetEvent, ...]) -> float | None:
    """Give how far the last of the bells that stand free is above the first."""
    found = []
    for index in range(3):
        struck = tone.start_samples + index * tone.length_samples // 4
        first, last = struck + to_samples(0.05), struck + to_samples(0.25)
        if all(cue.start_samples > last or cue.end_samples < first for cue in cues):
            found.append(float(pitches(samples[first:last], low_hz=500.0)[0]))
    return found[-1] - found[0] if len(found) > 1 else None
