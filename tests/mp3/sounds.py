"""Sounds for the tests of the MP3 stage: room tone with marks, so many frames long."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from audio_builder.timebase import FRAME_SAMPLES, RATE
from tests.judges import verdict

Signal = npt.NDArray[np.float32]

MARK = 480
"""Samples in a mark: ten milliseconds."""


def mark() -> Signal:
    """Give a short burst that says exactly where it is: a chirp, whose correlation has one sharp peak."""
    t = np.arange(MARK) / RATE
    sweep = np.sin(2 * np.pi * (600 * t + 0.5 * (5_000 - 600) / t[-1] * t**2)) * np.hanning(MARK)
    return (0.5 * sweep).astype(np.float32)


def marked_room(frames: int, *, seed: int = 0, channels: int = 1) -> Signal:
    """Give so many frames of room tone at -60 dBFS that open with a mark."""
    rng = np.random.default_rng(seed)
    sound = (rng.standard_normal((frames * FRAME_SAMPLES, channels)) * 1e-3).astype(np.float32)
    if frames > 1:
        sound[:MARK] += mark()[:, None]
    return sound[:, 0] if channels == 1 else sound


def loud_bed(samples: int, *, seed: int = 3, channels: int = 2) -> Signal:
    """Give a bed far louder than any we ship: pink-like noise and a chord, around -20 dBFS."""
    rng = np.random.default_rng(seed)
    t = np.arange(samples) / RATE
    sound = np.empty((samples, channels), dtype=np.float32)
    for channel in range(channels):
        noise = np.convolve(rng.standard_normal(samples), np.ones(8) / 8, "same")
        chord = sum(np.sin(2 * np.pi * f * t + channel) for f in (220.0, 277.2, 329.6))
        sound[:, channel] = 0.08 * noise + 0.06 * chord
    return sound[:, 0] if channels == 1 else sound


def mark_place(decoded: Signal, near: int, *, reach: int = 200) -> int:
    """Give the sample, near a place, at which the mark lies."""
    window = np.zeros(2 * reach + MARK)
    first = max(0, near - reach)
    piece = decoded[first : near + reach + MARK]
    offset = first - (near - reach)
    window[offset : offset + len(piece)] = piece
    return near - reach + int(np.argmax(np.correlate(window, mark(), "valid")))


def decoded_by_mpg123(path: Path) -> Signal:
    """Decode with mpg123: gapless, 32-bit float, `(n,)`."""
    return np.frombuffer(verdict("mpg123", "-q", "-e", "f32", "-s", path).stdout, dtype="<f4")


def decoded_by_ffmpeg(path: Path) -> Signal:
    """Decode with ffmpeg: gapless, 32-bit float, `(n,)`."""
    done = verdict("ffmpeg", "-v", "error", "-i", path, "-map", "0:a", "-f", "f32le", "-")
    assert not done.stderr, done.stderr
    return np.frombuffer(done.stdout, dtype="<f4")
