"""Meters for what tests listen to: pitch, brightness, clicks, and a trip through MP3."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray

from audio_builder.sound.samples import Samples
from audio_builder.timebase import RATE

CODEC_DELAY = 1_105
"""Samples that LAME's encoder and a decoder put in front."""


def pitches(samples: Samples, *, low_hz: float = 200.0, high_hz: float = 1_200.0) -> NDArray[np.float64]:
    """Track the strongest partial in a band, every 50 ms, where there is any sound."""
    size = 1 << 15
    hertz = np.fft.rfftfreq(size, 1.0 / RATE)
    inside = (hertz >= low_hz) & (hertz <= high_hz)
    found = []
    for window in windows(samples, 4_800):
        if np.sqrt(np.mean(np.square(window))) > 1e-3:
            spectrum = np.abs(np.fft.rfft(window * np.hanning(len(window)), size))
            found.append(hertz[inside][np.argmax(spectrum[inside])])
    return np.array(found)


def centroids(samples: Samples) -> NDArray[np.float64]:
    """Track the brightness, every 50 ms, where there is any sound: the middle of the spectrum, in Hz."""
    hertz = np.fft.rfftfreq(4_800, 1.0 / RATE)
    found = []
    for window in windows(samples, 4_800):
        if np.sqrt(np.mean(np.square(window))) > 1e-3:
            power = np.abs(np.fft.rfft(window * np.hanning(len(window)))) ** 2
            found.append(float((hertz * power).sum() / power.sum()))
    return np.array(found)


def windows(samples: Samples, size: int) -> list[Samples]:
    """Cut half-overlapped windows of 4,800 samples or so."""
    return [samples[start : start + size] for start in range(0, len(samples) - size + 1, size // 2)]


def slope(values: NDArray[np.float64]) -> float:
    """Fit a line and give its rise from end to end, relative to the middle."""
    steps = np.arange(len(values))
    rise = np.polyfit(steps, values, 1)[0] * (len(values) - 1)
    return float(rise / np.median(values))


def clicks(samples: Samples, *, above_hz: float = 8_000.0) -> list[int]:
    """Find where a sound without highs has a burst of them: the samples at which a click lies."""
    spectrum = np.fft.rfft(samples.astype(np.float64))
    spectrum[np.fft.rfftfreq(len(samples), 1.0 / RATE) < above_hz] = 0.0
    highs = np.abs(np.fft.irfft(spectrum, len(samples)))
    return [int(place) for place in np.flatnonzero(highs > 1e-4 * max(float(np.abs(samples).max()), 1e-3))]


def longest_zeros(samples: Samples) -> int:
    """Give the longest run of zeros once rounded to 16 bits."""
    whole = np.rint(samples * 32_767).astype(np.int16)
    sounding = np.flatnonzero(
        np.concatenate([[1], np.asarray(whole).reshape(len(whole), -1).any(axis=1), [1]])
    )
    return int(np.diff(sounding).max()) - 1


def through_mp3(samples: Samples, *, bit_rate_kbps: int = 96) -> Samples:
    """Encode with LAME at 48 kHz, decode again, and cut the codec's delay off."""
    import lameenc
    import soundfile

    channels = 1 if samples.ndim == 1 else samples.shape[1]
    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_in_sample_rate(RATE)
    encoder.set_channels(channels)
    encoder.set_bit_rate(bit_rate_kbps)
    encoder.set_quality(5)
    pcm = np.rint(np.clip(samples, -1.0, 1.0) * 32_767).astype("<i2")
    encoded = bytes(encoder.encode(pcm.tobytes())) + bytes(encoder.flush())
    decoded, rate = soundfile.read(io.BytesIO(encoded), dtype="float32")
    assert rate == RATE
    return np.asarray(decoded[CODEC_DELAY : CODEC_DELAY + len(samples)], dtype=np.float32)


def sine(hertz: float, seconds: float, *, level_db: float = 0.0, rate: int = RATE) -> Samples:
    """Make a sine whose peak stands at a level."""
    time = np.arange(round(seconds * rate)) / rate
    return np.asarray(10 ** (level_db / 20) * np.sin(2 * np.pi * hertz * time), dtype=np.float32)


def babble(seconds: float, *, seed: int = 1, rate: int = RATE) -> Samples:
    """Make something shaped like speech: noise with formants, in syllables."""
    count = round(seconds * rate)
    noise = np.random.default_rng(seed).standard_normal(count)
    hertz = np.fft.rfftfreq(count, 1.0 / rate)
    shape = sum(
        np.exp(-(((hertz - centre) / width) ** 2))
        for centre, width in ((450, 250), (1_500, 400), (2_800, 700))
    )
    voiced = np.fft.irfft(np.fft.rfft(noise) * shape, count)
    syllables = np.abs(np.sin(2 * np.pi * 2.0 * np.arange(count) / rate)) ** 1.5 + 0.01
    return np.asarray(0.2 * voiced / np.std(voiced) * syllables, dtype=np.float32)
