"""A sound and a length come in; the same sound goes out at that length, its pitch as it was."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from audio_builder.sound.crossfade import looped
from audio_builder.sound.levels import Samples
from audio_builder.sound.noise import wrapped

GRAIN = 2_048
"""43 ms: long enough for the lowest pitch, short enough not to echo."""

_HOP = GRAIN // 2
_SEARCH = 600
"""How far a grain may be moved to fit what lies there already."""

_FFT = 4_096
"""Holds a grain and the search around it."""

_MOST = 3.0
"""Stretched or squeezed further than this a sound turns to syrup."""

_LOOP_FADE = 0.2


def stretched(samples: Samples, length: int) -> Samples:
    """Give (length,) samples of a sound: stretched or squeezed, and or looped or cut.

    Waveform-similarity overlap-add (Verhelst and Roelands, 1993): grains are laid out anew, each moved a
    little so that its wave runs on from the one before.
    """
    if length == 0 or samples.shape[0] == 0:
        return np.zeros(length, dtype=np.float32)
    if length == samples.shape[0]:
        return samples.copy()
    if length > _MOST * samples.shape[0]:
        loop = looped(samples, crossfade=round(_LOOP_FADE * samples.shape[0]))
        turns = max(1, round(length / loop.shape[0]))
        samples = wrapped(loop, 0, stop=turns * loop.shape[0])
    return _laid_out(samples[: round(_MOST * length)], length)


def _laid_out(samples: Samples, length: int) -> Samples:
    window = np.hanning(GRAIN + 1)[:GRAIN]
    before = GRAIN + _SEARCH
    source = np.pad(samples.astype(np.float64), (before, before + GRAIN))
    ratio = samples.shape[0] / length
    result = np.zeros(length + 2 * GRAIN)
    at = before - _HOP
    for centre in range(0, length + _HOP, _HOP):
        if centre:
            wanted = min(round(centre * ratio), samples.shape[0]) + before - _HOP
            at = _best(source, wanted, expected=source[at + _HOP : at + _HOP + GRAIN])
        result[centre : centre + GRAIN] += window * source[at : at + GRAIN]
    return np.asarray(result[_HOP : _HOP + length], dtype=np.float32)


def _best(source: NDArray[np.float64], around: int, *, expected: NDArray[np.float64]) -> int:
    """Find the grain near a place that runs on most like the one expected there."""
    first = around - _SEARCH
    field = source[first : around + _SEARCH + GRAIN]
    spectrum = np.fft.rfft(field, _FFT) * np.conj(np.fft.rfft(expected, _FFT))
    likeness = np.fft.irfft(spectrum, _FFT)[: 2 * _SEARCH + 1]
    return first + int(np.argmax(likeness)) if float(likeness.max()) > 0.0 else around
