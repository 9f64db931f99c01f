"""An engine's recording comes in; a clip goes out, ready to be mixed: trimmed, levelled, faded, at 48 kHz."""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

from audio_builder.sound.levelling import level
from audio_builder.sound.levels import Samples
from audio_builder.sound.segments import to_samples, to_segment
from audio_builder.speech.utterance import Clip, Recording
from audio_builder.timebase import RATE

WINDOW_SECONDS = 0.01
SILENCE_BELOW_PEAK_DB = 45.0
"""What lies so far below a recording's loudest 10 ms, at its ends, is no speech."""

ABOVE_NOISE_DB = 6.0
NOISIEST_DB = 25.0
"""Noise so close below the loudest may be speech without any silence around it."""

BEFORE_SECONDS = 0.005
AFTER_SECONDS = 0.03
FADE_IN_MS = 4
FADE_OUT_MS = 15


def finish(recording: Recording) -> Clip:
    """Cut the silence off both ends, bring speech to the anchor under its peak ceiling, fade, resample."""
    start, stop = speech_span(recording)
    even = level(recording.samples[start:stop], recording.rate)
    faded = to_segment(even, recording.rate).fade_in(FADE_IN_MS).fade_out(FADE_OUT_MS)
    return to_clip(to_pcm(_resampled(to_samples(faded), recording.rate)))


def speech_span(recording: Recording) -> tuple[int, int]:
    """Say from which sample to which there is speech, with a little air; empty where there is none."""
    window = max(1, round(recording.rate * WINDOW_SECONDS))
    levels = window_rms(recording.samples, window)
    loudest = float(levels.max(initial=0.0))
    # The room a teacher records in is never silent: then speech is what stands clearly above its noise.
    floor = float(np.partition(levels, levels.size // 10)[levels.size // 10]) if levels.size else 0.0
    above_noise = min(floor * 10 ** (ABOVE_NOISE_DB / 20), loudest * 10 ** (-NOISIEST_DB / 20))
    heard = np.flatnonzero(levels > max(loudest * 10 ** (-SILENCE_BELOW_PEAK_DB / 20), above_noise))
    if not heard.size:
        return 0, 0
    first = int(heard[0]) * window - round(recording.rate * BEFORE_SECONDS)
    last = (int(heard[-1]) + 1) * window + round(recording.rate * AFTER_SECONDS)
    return max(0, first), min(len(recording.samples), last)


def window_rms(samples: Samples, window: int) -> NDArray[np.float64]:
    """Give the root mean square of each run of so many samples, the last one perhaps shorter."""
    starts = np.arange(0, len(samples), window)
    if not starts.size:
        return np.empty(0)
    sums = np.add.reduceat(np.square(samples, dtype=np.float64), starts)
    return np.asarray(np.sqrt(sums / np.minimum(window, len(samples) - starts)))


def to_pcm(samples: Samples) -> bytes:
    """Round to 16 bits, as clips are kept: a clip just spoken is then the same as one read back."""
    whole = np.clip(np.rint(samples * np.float32(32_768)), -32_768, 32_767)
    return bytes(whole.astype("<i2").data)


def pcm_of(clip: Clip) -> bytes:
    """Give a clip's 16-bit samples back."""
    return bytes((clip.samples * np.float32(32_768)).astype("<i2").data)


def to_clip(pcm: bytes) -> Clip:
    """Make a clip from 16-bit samples."""
    samples = np.frombuffer(pcm, "<i2") * np.float32(1 / 32_768)
    samples.setflags(write=False)
    return Clip(samples, hashlib.sha256(pcm).hexdigest())


def _resampled(samples: Samples, rate: int) -> Samples:
    if rate == RATE:
        return samples
    import soxr

    return np.asarray(soxr.resample(samples, rate, RATE, quality="HQ"), dtype=np.float32)
