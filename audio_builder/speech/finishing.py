"""Make an engine's recording a clip that can be mixed: cut silence off, join, level, fade, resample to 48 kHz."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from audio_builder.errors import SpeechError
from audio_builder.sound.levelling import level
from audio_builder.sound.samples import Samples, from_segment, from_spectrum, to_segment, to_spectrum
from audio_builder.speech.clip_store import Clip, to_clip, to_pcm
from audio_builder.speech.engine import Recording
from audio_builder.timebase import RATE

WINDOW_SECONDS = 0.01
SILENCE_BELOW_PEAK_DB = 45.0
"""What lies so far below a recording's loudest 10 ms, at its ends, is no speech."""

ABOVE_NOISE_DB = 6.0
NOISIEST_DB = 25.0
"""Noise so close below the loudest may be speech without any silence around it."""

CLICK_WINDOWS = 6
CLICK_APART_WINDOWS = 25
"""So few windows with sound, so far from any others, are a button or a mouth, and no word."""

BEFORE_SECONDS = 0.005
AFTER_SECONDS = 0.03
FADE_IN_MS = 4
FADE_OUT_MS = 15

RESTS_SECONDS = {".": 0.4, "!": 0.4, "?": 0.4, ";": 0.25, ":": 0.25, ",": 0.15}
WORD_REST_SECONDS = 0.04
"""Where a sentence had to be cut between two words."""

_CUTS = (r"(?<=[.!?…])\s+", r"(?<=[;:])\s+", r"(?<=,)\s+", r"\s+")
"""Where a text may be cut, best first."""

DISPERSION_SECONDS = 0.009
"""How long the deepest sounds are delayed, so that peaks spread; it falls evenly to none at `DISPERSED_BELOW_HZ`.

Chosen by how even levelled clips were. In all that is 18 turns, a whole number: so nothing rings on at half the
sample rate.
"""

DISPERSED_BELOW_HZ = 4_000.0

DISPERSION_BLOCK = 1 << 14
"""Samples of its transform."""

Levels = NDArray[np.float64]


def finish(recording: Recording) -> Clip:
    """Cut the silence off both ends, bring speech to the anchor under its peak ceiling, fade, resample."""
    start, stop = speech_span(recording)
    even = level(recording.samples[start:stop], recording.rate)
    faded = to_segment(even, recording.rate).fade_in(FADE_IN_MS).fade_out(FADE_OUT_MS)
    return to_clip(to_pcm(_resampled(from_segment(faded), recording.rate)))


def speech_span(recording: Recording) -> tuple[int, int]:
    """Say from which sample to which there is speech, with a little air; empty where there is none."""
    window = max(1, round(recording.rate * WINDOW_SECONDS))
    heard = np.flatnonzero(_heard(speech_levels(recording)))
    if not heard.size:
        return 0, 0
    first = int(heard[0]) * window - round(recording.rate * BEFORE_SECONDS)
    last = (int(heard[-1]) + 1) * window + round(recording.rate * AFTER_SECONDS)
    return max(0, first), min(len(recording.samples), last)


def speech_levels(recording: Recording) -> Levels:
    """Give the root mean square of each 10 ms, zero where a click lies before or behind all speech."""
    levels = window_rms(recording.samples, max(1, round(recording.rate * WINDOW_SECONDS)))
    while (click := _click_at_an_end(_heard(levels))) is not None:
        levels[click] = 0.0
    return levels


def _heard(levels: Levels) -> NDArray[np.bool_]:
    """Tell which windows stand out; the room a teacher records in is never silent, so out of its noise, too."""
    if not levels.size:
        return np.zeros(0, np.bool_)
    loudest = float(levels.max())
    floor = float(np.partition(levels, levels.size // 10)[levels.size // 10])
    above_noise = min(floor * 10 ** (ABOVE_NOISE_DB / 20), loudest * 10 ** (-NOISIEST_DB / 20))
    return np.asarray(levels > max(loudest * 10 ** (-SILENCE_BELOW_PEAK_DB / 20), above_noise))


def _click_at_an_end(heard: NDArray[np.bool_]) -> slice | None:
    """Find the first or last sounds where they are too short for speech and far from the others."""
    places = np.flatnonzero(heard)
    far = np.flatnonzero(np.diff(places) > CLICK_APART_WINDOWS)
    if not far.size:
        return None
    if far[0] < CLICK_WINDOWS:
        return slice(int(places[0]), int(places[far[0]]) + 1)
    if len(places) - 1 - far[-1] <= CLICK_WINDOWS:
        return slice(int(places[far[-1] + 1]), int(places[-1]) + 1)
    return None


def window_rms(samples: Samples, window: int) -> Levels:
    """Give the root mean square of each run of so many samples, the last one perhaps shorter."""
    starts = np.arange(0, len(samples), window)
    if not starts.size:
        return np.empty(0)
    sums = np.add.reduceat(np.square(samples, dtype=np.float64), starts)
    return np.asarray(np.sqrt(sums / np.minimum(window, len(samples) - starts)))


def pieces(text: str, limit: int) -> tuple[str, ...]:
    """Cut a text into pieces of at most so many characters, as few as sentences allow. Raises SpeechError."""
    return tuple(_packed(text.strip(), limit, cuts=_CUTS))


def spliced(recordings: Sequence[Recording], rests_seconds: Sequence[float]) -> Recording:
    """Lay recordings end to end, silence cut off, with a rest between each two. Raises SpeechError."""
    rate = recordings[0].rate
    if any(recording.rate != rate for recording in recordings):
        raise SpeechError("the engine changed its sample rate within one line")
    runs = []
    for index, recording in enumerate(recordings):
        start, stop = speech_span(recording)
        if index:
            runs.append(np.zeros(round(rests_seconds[index - 1] * rate), np.float32))
        runs.append(recording.samples[start:stop])
    return Recording(np.concatenate(runs), rate)


def rest_after(piece: str) -> float:
    """Give the rest in seconds that a piece's last character asks for."""
    return RESTS_SECONDS.get(piece.rstrip("\"')")[-1:], WORD_REST_SECONDS)


def _resampled(samples: Samples, rate: int) -> Samples:
    if rate == RATE:
        return samples
    import soxr

    return np.asarray(soxr.resample(samples, rate, RATE, quality="HQ"), dtype=np.float32)


def _packed(text: str, limit: int, *, cuts: Sequence[str]) -> list[str]:
    if len(text) <= limit:
        return [text] if text else []
    if not cuts:
        raise SpeechError(
            f'"{text[:20]}…" is longer than {limit} characters without a space',
            remedy="write it as several words",
        )
    packed: list[str] = []
    for part in re.split(cuts[0], text):
        for smaller in _packed(part, limit, cuts=cuts[1:]):
            if packed and len(packed[-1]) + 1 + len(smaller) <= limit:
                packed[-1] += " " + smaller
            else:
                packed.append(smaller)
    return packed


def dispersed(samples: Samples, rate: int) -> Samples:
    """Spread the peaks of (n,) samples; a little longer at the end. Values are whole numbers of 1/32768."""
    margin = round(2 * DISPERSION_SECONDS * rate)
    hop = DISPERSION_BLOCK - 2 * margin
    runs = -(-len(samples) // hop)
    framed = np.zeros((runs, DISPERSION_BLOCK), np.float32)
    framed[:, margin : margin + hop] = np.pad(samples, (0, runs * hop - len(samples))).reshape(runs, hop)
    filtered = from_spectrum(to_spectrum(framed) * _turns(rate), DISPERSION_BLOCK)
    spread = np.zeros(runs * hop + 2 * margin, np.float32)
    for start, run in zip(range(0, runs * hop, hop), filtered, strict=True):
        spread[start : start + DISPERSION_BLOCK] += run
    return np.asarray(np.rint(spread[margin : 2 * margin + len(samples)] * 32_768) / 32_768, np.float32)


@lru_cache(maxsize=8)
def _turns(rate: int) -> NDArray[np.complex64]:
    """Give the all-pass filter: by how much each frequency of a block is turned, the integral of the delay."""
    hertz = np.minimum(np.arange(DISPERSION_BLOCK // 2 + 1) * (rate / DISPERSION_BLOCK), DISPERSED_BELOW_HZ)
    cycles = DISPERSION_SECONDS * (hertz - np.square(hertz) / (2 * DISPERSED_BELOW_HZ))
    return np.asarray(np.exp(-2j * np.pi * cycles), np.complex64)
