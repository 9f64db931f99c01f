"""Any sound comes in; the same sound goes out as loud as speech, so that one level fits all."""

from __future__ import annotations

import numpy as np

from audio_builder.sound.levels import ANCHOR_LUFS, Samples, to_gain
from audio_builder.sound.loudness import integrated
from audio_builder.timebase import RATE


def anchored(samples: Samples, *, offset_db: float = 0.0) -> Samples:
    """Bring (samples,) or (samples, channels) at 48 kHz to the anchor's loudness, or so far off it.

    Silence stays as it is. The result cannot be written to, so that it may be kept and shared.
    """
    result = samples
    for _ in range(2):  # the absolute gate lets more, or less, through once the level is another
        loudness = integrated(result, RATE)
        if np.isfinite(loudness):
            result = np.asarray(result * np.float32(to_gain(ANCHOR_LUFS - loudness)), dtype=np.float32)
    result = np.asarray(result * np.float32(to_gain(offset_db)), dtype=np.float32)
    result.setflags(write=False)
    return result
