"""The one clock of the house: seconds come in, integer samples and MP3 frames go out."""

from __future__ import annotations

RATE = 48_000
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
