"""Seconds, integer samples, milliseconds and MP3 frames, one into the other, and how a time is written."""

from __future__ import annotations

from typing import Final

RATE: Final = 48_000
"""Samples per second of every session, per channel."""

FRAME_SAMPLES = 1_152
"""Samples in one MPEG-1 Layer III frame; at 48 kHz exactly 24 ms."""

Span = tuple[int, int]
"""A stretch of time: its first sample and the one after its last."""


def to_samples(seconds: float) -> int:
    """Round a time in seconds to the nearest sample."""
    return round(seconds * RATE)


def to_seconds(samples: int) -> float:
    """Give samples as seconds."""
    return samples / RATE


def to_ms(samples: int) -> int:
    """Round samples to whole milliseconds, for tags; exact for anything on the frame grid."""
    return (samples * 1_000 + RATE // 2) // RATE


def frames_for(samples: int) -> int:
    """Count the MP3 frames that hold so many samples, rounded up."""
    return -(-samples // FRAME_SAMPLES)


def on_grid(samples: int) -> int:
    """Round samples up to a whole number of MP3 frames."""
    return frames_for(samples) * FRAME_SAMPLES


def back_on_grid(samples: int) -> int:
    """Round samples down to a whole number of MP3 frames."""
    return samples // FRAME_SAMPLES * FRAME_SAMPLES


def clock(samples: int, *, decimals: int = 0, hours: bool | None = None) -> str:
    """Write a time as `m:ss`, and from an hour on as `h:mm:ss`; with so many decimals, the last one rounded.

    `hours` says whether hours are written in any case (`hh:mm:ss`) or never (`mm:ss`), as file formats want it.
    """
    unit = 10**decimals
    seconds, part = divmod((samples * unit + RATE // 2) // RATE, unit)
    minutes, seconds = divmod(seconds, 60)
    tail = f"{seconds:02d}.{part:0{decimals}d}" if decimals else f"{seconds:02d}"
    if hours is None:
        return f"{minutes // 60}:{minutes % 60:02d}:{tail}" if minutes >= 60 else f"{minutes}:{tail}"
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{tail}" if hours else f"{minutes:02d}:{tail}"
