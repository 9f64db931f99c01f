"""What made sounds are shaped from: fades, crossfades, loops, seeded noise, and stretching to a length."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from audio_builder.sound.samples import Samples, to_gain
from audio_builder.timebase import RATE

Curve = NDArray[np.float64]


def course(length: int) -> Curve:
    """Give the share of a stretch that has passed at each of its samples, from 0 up to, not including, 1."""
    return np.arange(length) / max(length, 1)


def eased(values: Curve) -> Curve:
    """Bend 0 … 1 into an S, level at both ends (a raised cosine); clips outside."""
    return np.asarray(0.5 - 0.5 * np.cos(np.pi * np.clip(values, 0.0, 1.0)))


def swell(passed: Curve, *, rise: float, fall: float) -> Curve:
    """Rise from silence over one share of a stretch, and fall back into it over another.

    `passed` is what `course` gives.
    """
    result = np.ones(len(passed))
    risen = int(np.searchsorted(passed, rise))
    falling = int(np.searchsorted(passed, 1.0 - fall, side="right"))
    result[:risen] *= eased(passed[:risen] / rise)
    result[falling:] *= eased((1.0 - passed[falling:]) / fall)
    return result


def faded(length: int, *, fade_in: int = 0, fade_out: int = 0) -> Curve:
    """Give a gain that opens over the first samples and closes over the last."""
    result = np.ones(length)
    fade_in, fade_out = min(fade_in, length), min(fade_out, length)
    result[:fade_in] *= eased(course(fade_in))
    result[length - fade_out :] *= eased(course(fade_out))[::-1]
    return result


def crossfaded(old: Samples, new: Samples) -> Samples:
    """Turn from old to new over their common length, both (samples,) or both (samples, channels).

    Sounds with nothing in common add by power, equal ones by amplitude. So the sum is held level by how much
    the two have in common, their correlation r: its power is a² + b² + 2abr for gains a and b.
    """
    length = old.shape[0]
    rising = eased(course(length))
    falling = 1.0 - rising
    alike = correlation(old, new)
    level = 1.0 / np.sqrt(rising**2 + falling**2 + 2.0 * rising * falling * alike)
    shape = (length,) + (1,) * (old.ndim - 1)
    return np.asarray(
        old * (falling * level).reshape(shape) + new * (rising * level).reshape(shape), dtype=np.float32
    )


def correlation(one: Samples, other: Samples) -> float:
    """Say how alike two sounds are, from 0 (unrelated, opposed or silent) to 1 (the same)."""
    power = float(np.vdot(one, one).real) * float(np.vdot(other, other).real)
    return min(max(float(np.vdot(one, other).real) / power**0.5, 0.0), 1.0) if power > 0.0 else 0.0


def looped(samples: Samples, *, crossfade: int, multiple: int = 1) -> Samples:
    """Make a loop of (samples,) or (samples, channels), whose end turns into its start; see `loop_length`."""
    count = samples.shape[0]
    fade = fade_length(count, crossfade=crossfade)
    length = loop_length(count, crossfade=crossfade, multiple=multiple)
    loop = samples[:length].copy()
    loop[:fade] = crossfaded(samples[length : length + fade], samples[:fade])
    return loop


def fade_length(count: int, *, crossfade: int) -> int:
    """Give the samples over which a loop's end turns into its start: at most a third of the sound."""
    return min(crossfade, count // 3)


def loop_length(count: int, *, crossfade: int, multiple: int = 1) -> int:
    """Give a loop's samples: a multiple, unless the sound is shorter than that."""
    longest = count - fade_length(count, crossfade=crossfade)
    return longest // multiple * multiple or longest


GRAIN = 2_048
"""43 ms: long enough for the lowest pitch, short enough not to echo."""

_SEARCH = 600 / 2_048
"""How far a grain may be moved to fit what lies there already, against its length."""

_FFT = 4_096
"""Holds a grain and the search around it."""

_MOST = 3.0
"""Stretched or squeezed further than this a sound turns to syrup."""

_LOOP_FADE = 0.2


def stretched(samples: Samples, length: int, *, grain: int = GRAIN) -> Samples:
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
    return _laid_out(samples[: round(_MOST * length)], length, grain)


def _laid_out(samples: Samples, length: int, grain: int) -> Samples:
    window = np.hanning(grain + 1)[:grain]
    hop, search = grain // 2, round(_SEARCH * grain)
    before = grain + search
    source = np.pad(samples.astype(np.float64), (before, before + grain))
    ratio = samples.shape[0] / length
    result = np.zeros(length + 2 * grain)
    at = before - hop
    for centre in range(0, length + hop, hop):
        if centre:
            wanted = min(round(centre * ratio), samples.shape[0]) + before - hop
            at = _best(source, wanted, search=search, expected=source[at + hop : at + hop + grain])
        result[centre : centre + grain] += window * source[at : at + grain]
    return np.asarray(result[hop : hop + length], dtype=np.float32)


def _best(source: NDArray[np.float64], around: int, *, search: int, expected: NDArray[np.float64]) -> int:
    """Find the grain near a place that runs on most like the one expected there."""
    first = around - search
    field = source[first : around + search + len(expected)]
    spectrum = np.fft.rfft(field, _FFT) * np.conj(np.fft.rfft(expected, _FFT))
    likeness = np.fft.irfft(spectrum, _FFT)[: 2 * search + 1]
    return first + int(np.argmax(likeness)) if float(likeness.max()) > 0.0 else around


Spectrum = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""Takes frequencies in Hz (above 0) and gives amplitudes."""


def uniform(count: int, *, seed: int) -> NDArray[np.float64]:
    """Draw numbers in [0, 1): from the generator's raw bits, whose sequence numpy promises to keep."""
    raw = np.random.PCG64(seed).random_raw(count)
    return np.asarray((raw >> np.uint64(11)) * 2.0**-53)


def periodic(length: int, *, seed: int, spectrum: Spectrum) -> Samples:
    """Make one period of noise, shape (length,), mean square 1: every partial fits it: no seam."""
    frequencies = np.arange(length // 2 + 1, dtype=np.float64) * (RATE / length)
    bins = np.zeros(len(frequencies), dtype=np.complex128)
    angles = 2.0 * np.pi * uniform(len(frequencies), seed=seed)[1:]
    strengths = spectrum(frequencies[1:])
    bins.real[1:] = strengths * np.cos(angles)
    bins.imag[1:] = strengths * np.sin(angles)
    noise = np.fft.irfft(bins, length)
    return np.asarray(noise / np.sqrt(np.mean(np.square(noise))), dtype=np.float32)


def band(low_hz: float, high_hz: float, *, slope: float = 0.0) -> Spectrum:
    """Pass a band, falling off smoothly outside it; slope tilts it (-0.5 is pink, -1 is brown)."""

    def amplitudes(frequencies: NDArray[np.float64]) -> NDArray[np.float64]:
        below, above = np.square(low_hz / frequencies), np.square(frequencies / high_hz)
        edges = (1.0 + np.square(np.square(below))) * (1.0 + np.square(np.square(above)))
        return np.asarray(np.exp(slope * np.log(frequencies)) / np.sqrt(edges))

    return amplitudes


def wrapped(table: Samples, start: int, *, stop: int) -> Samples:
    """Read an endless repetition of a table, (samples,) or (samples, channels), from start up to stop.

    Positions may be negative. Gives a view where the stretch lies inside one period, else a copy.
    """
    period = table.shape[0]
    first = start % period
    if first + stop - start <= period:
        return table[first : first + stop - start]
    return np.take(table, np.arange(first, first + stop - start), axis=0, mode="wrap")


PERIOD_SAMPLES = 1 << 18
"""5.5 s: too long to be heard as a loop at this level, short enough to stay in a cache."""

CROSSFADE_SECONDS = 0.5
"""How long one section's room tone takes to turn to the next one's."""

_SEED = 60


def room_tone(level_dbfs: float) -> Samples:
    """Make a loop of room tone, shape (PERIOD_SAMPLES,), its root mean square at a level; read-only."""
    loop = periodic(PERIOD_SAMPLES, seed=_SEED, spectrum=band(150.0, 5_000.0, slope=-0.5))
    loop *= to_gain(level_dbfs)
    loop.setflags(write=False)
    return loop
