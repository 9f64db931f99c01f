"""A pitch comes in; the ring of a struck bowl goes out."""

from __future__ import annotations

import numpy as np

from audio_builder.sound.curves import Curve, faded
from audio_builder.sound.noise import uniform
from audio_builder.timebase import RATE, to_samples

HIGHEST_HZ = 4_000.0

_PARTIALS = (
    # ratio to the fundamental, strength, share of the fundamental's ring, beat in Hz
    (1.00, 1.00, 1.00, 0.40),
    (2.00, 0.28, 0.80, 0.35),
    (2.76, 0.55, 0.55, 0.90),
    (5.15, 0.28, 0.30, 1.60),
    (8.10, 0.12, 0.16, 2.30),
)
"""A bowl's modes lie near the squares of 3, 5, 7 and 9 halves; each is a close pair, and so bowls beat."""

_ATTACK_SECONDS = 0.006
_MALLET_SECONDS = 0.03
_MALLET_STRENGTH = 0.05


def struck(pitch_hz: float, length: int, *, ring_seconds: float) -> Curve:
    """Strike a bowl once, shape (length,): it falls by 60 dB in the ring time, and to nothing at the end."""
    time = np.arange(length) / RATE
    sound = np.zeros(length)
    for ratio, strength, share, beat_hz in _PARTIALS:
        if pitch_hz * ratio > HIGHEST_HZ:
            continue
        decay = np.exp(time * (np.log(1e-3) / (ring_seconds * share)))
        pair = np.sin(2 * np.pi * pitch_hz * ratio * time)
        pair += 0.45 * np.sin(2 * np.pi * (pitch_hz * ratio + beat_hz) * time)
        sound += strength * decay * pair
    sound += _mallet(length)
    return sound * faded(length, fade_in=to_samples(_ATTACK_SECONDS), fade_out=length // 4)


def _mallet(length: int) -> Curve:
    """Give the felt's soft thud on the rim: a short breath of noise without highs."""
    touch = to_samples(_MALLET_SECONDS)
    noise = np.convolve(uniform(touch, seed=7) - 0.5, np.hanning(24), mode="same")
    thud = _MALLET_STRENGTH * noise * np.hanning(2 * touch)[touch:]
    return np.concatenate([thud, np.zeros(length)])[:length]
