"""float32 samples come in and pydub segments go out, and back; the one place that imports pydub."""

from __future__ import annotations

import warnings
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from audio_builder.sound.levels import Samples

_FULL_SCALE = 2.0**31
HEADROOM = 16
"""Segments hold samples divided by this, so that a gain may pass full scale without being clipped."""


@lru_cache(maxsize=1)
def segment_class() -> Any:
    """Give pydub's AudioSegment.

    On import pydub warns of a missing ffmpeg, which nothing here needs, of the audioop module, and of its own
    regular expressions: none of it concerns a user of this package.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pydub import AudioSegment

    return AudioSegment


def to_segment(samples: Samples, rate: int, *, headroom: int = HEADROOM) -> Any:
    """Make a segment of 32-bit samples from (samples,) or (samples, channels).

    With a headroom of 1 it is at full scale, as others expect it; what passes full scale is then clipped.
    """
    channels = 1 if samples.ndim == 1 else samples.shape[1]
    scaled = samples.astype(np.float64) * (_FULL_SCALE / headroom)
    whole = np.clip(np.rint(scaled), -_FULL_SCALE, _FULL_SCALE - 1).astype("<i4")
    return segment_class()(data=whole.tobytes(), sample_width=4, frame_rate=rate, channels=channels)


def to_samples(segment: Any, *, headroom: int = HEADROOM) -> Samples:
    """Give a segment's samples as float32 of shape (samples,), or (samples, channels) for several."""
    width, channels = segment.sample_width, segment.channels
    scale = 2.0 ** (8 * width - 1) / headroom
    whole = np.frombuffer(segment.raw_data, dtype=f"<i{width}")
    samples = np.asarray(whole / scale, dtype=np.float32)
    return samples if channels == 1 else samples.reshape(-1, channels)
