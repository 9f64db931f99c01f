"""Warmth for a synthetic voice: no rumble, more body, less edge."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from audio_builder.sound.samples import Samples
from audio_builder.sound.settings import Warmth

VERSION = 2
"""Goes into keys of what was warmed; raise it when the sound changes."""

_HARSH_SHARE = 0.4
"""Speech whose harsh band carries more than this share of its amplitude sounds harsh."""

_FOLLOW_SECONDS = 0.008
_QUIET = 1e-4


def warmed(samples: Samples, rate: int, *, warmth: Warmth) -> Samples:
    """Warm a clip, (samples,); its length and timing stay. An amount of 0 gives it back as it is.

    The filters shift no phase, so nothing smears; the harsh band is turned down only while it stands out.
    """
    if warmth.amount == 0.0 or samples.shape[0] == 0:
        return samples.copy()
    size = 1 << (2 * samples.shape[0] - 1).bit_length()
    hertz = np.arange(size // 2 + 1, dtype=np.float64) * (rate / size)
    spectrum = np.fft.rfft(samples, size) * tilt(hertz, warmth=warmth)
    count = samples.shape[0]
    shaped = np.fft.irfft(spectrum, size)[:count]
    harsh = np.fft.irfft(spectrum * harsh_band(hertz, warmth=warmth), size)[:count]
    return np.asarray(shaped - harsh * _excess(harsh, shaped, rate, warmth=warmth), dtype=np.float32)


def tilt(hertz: NDArray[np.float64], *, warmth: Warmth) -> NDArray[np.float64]:
    """Give the steady part's gain by frequency: high-pass, a shelf of body below, a softer shelf above."""
    high_pass = 1.0 / (1.0 + (warmth.high_pass_hz / np.maximum(hertz, 1e-3)) ** 4)
    body = warmth.amount * warmth.body_db / (1.0 + (hertz / warmth.body_hz) ** 2)
    air = warmth.amount * warmth.air_db / (1.0 + (warmth.air_hz / np.maximum(hertz, 1e-3)) ** 2)
    return np.asarray((1.0 - warmth.amount * (1.0 - high_pass)) * 10.0 ** ((body + air) / 20.0))


def harsh_band(hertz: NDArray[np.float64], *, warmth: Warmth) -> NDArray[np.float64]:
    """Give the weight by frequency of what can sound harsh."""
    above = 1.0 / (1.0 + (warmth.harsh_low_hz / np.maximum(hertz, 1e-3)) ** 6)
    below = 1.0 / (1.0 + (hertz / warmth.harsh_high_hz) ** 6)
    return np.asarray(above * below)


def _excess(
    harsh: NDArray[np.float64], whole: NDArray[np.float64], rate: int, *, warmth: Warmth
) -> NDArray[np.float64]:
    """Give, for each sample, the share of the harsh band to take away."""
    reach = max(1, round(_FOLLOW_SECONDS * rate))
    share = _followed(harsh, reach) / (_followed(whole, reach) + _QUIET)
    wanted = np.minimum(_HARSH_SHARE / np.maximum(share, _HARSH_SHARE), 1.0)
    floor = 10.0 ** (-warmth.harsh_db * warmth.amount / 20.0)
    return np.asarray(1.0 - np.maximum(wanted, floor))


def _followed(values: NDArray[np.float64], reach: int) -> NDArray[np.float64]:
    """Follow the root mean square over a window around each sample."""
    sums = np.concatenate([[0.0], np.cumsum(np.pad(np.square(values), reach))])
    means = (sums[2 * reach + 1 :] - sums[: -2 * reach - 1]) / (2 * reach + 1)
    return np.asarray(np.sqrt(np.maximum(means, 0.0)))
