"""Any sound comes in; the same sound goes out as loud as speech, so that one level fits all."""

from __future__ import annotations

import numpy as np

from audio_builder.sound.levels import ANCHOR_LUFS, Samples, to_gain
from audio_builder.sound.loudness import bin_energies, of_bins
from audio_builder.timebase import RATE


def anchored(samples: Samples, *, offset_db: float = 0.0) -> Samples:
    """Bring (samples,) or (samples, channels) at 48 kHz to the anchor's loudness, or so far off it.

    Silence stays as it is. The result cannot be written to, so that it may be kept and shared.
    """
    energies, gain_db = bin_energies(samples, RATE), 0.0
    for _ in range(2):  # the absolute gate lets more, or less, through once the level is another
        loudness = of_bins(energies * to_gain(gain_db) ** 2, len(samples), RATE)
        if np.isfinite(loudness):
            gain_db += ANCHOR_LUFS - loudness
    result = np.asarray(samples * np.float32(to_gain(gain_db + offset_db)), dtype=np.float32)
    result.setflags(write=False)
    return result
