"""Loudness in LUFS (ITU-R BS.1770-4, gated) and true peak in dBTP."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from audio_builder.sound.samples import SILENCE_DB, Samples, from_spectrum, to_db, to_spectrum

BINS_PER_SECOND = 10
"""Gating blocks start every 100 ms (BS.1770-4: 400 ms, three quarters overlapped)."""

_BLOCK_BINS = 4
_OFFSET_LU = -0.691
_ABSOLUTE_GATE_LUFS = -70.0
_RELATIVE_GATE_LU = -10.0
_RINGING_SECONDS = 0.17
"""The K filter's slowest pole (38 Hz) is 350 dB down after it."""

_STRETCH_SECONDS = 8
"""How much is filtered at a time."""

_OVERSAMPLING = 4
_SINC_HALF = 32
_PEAK_FFT = 8_192
_PEAK_BATCH = 64


def integrated(samples: Samples, rate: int) -> float:
    """Measure the gated loudness of samples, shape (samples,) or (samples, channels), in LUFS.

    A clip shorter than one gating block (400 ms) is taken whole as one block of its own length, so a short
    word or a tick is as loud as it is while it lasts. Silence, or anything below the absolute gate, is -inf.
    """
    return of_bins(bin_energies(samples, rate), len(samples), rate)


def of_bins(energies: NDArray[np.float64], count: int, rate: int) -> float:
    """Give the loudness of so many samples from their K-weighted squares, summed between `bin_edges`."""
    if count < _edge(_BLOCK_BINS, rate):
        return _gated(np.array([energies.sum() / max(count, 1)]))
    return _gated(_window_powers(energies[: _whole_bins(count, rate)], rate, bins=_BLOCK_BINS))


def bin_edges(count: int, rate: int) -> list[int]:
    """Give where each 100 ms of so many samples begins, and where the last begun one ends."""
    edges = [_edge(index, rate) for index in range(_whole_bins(count, rate) + 1)]
    return edges if edges[-1] == count and count else [*edges, count]


def weighted(samples: Samples, rate: int) -> Samples:
    """Give (samples,) through the K filter: what loudness is the mean square of."""
    return _weighted(samples, rate, 0, stop=len(samples))


def over_time(samples: Samples, rate: int, *, window_seconds: float = 0.4) -> NDArray[np.float64]:
    """Measure loudness every 100 ms: momentary with a window of 0.4 s, short-term with 3 s (EBU Tech 3341).

    Value i covers the window that starts at i × 100 ms; there is none where no whole window fits.
    """
    energies = bin_energies(samples, rate)[: _whole_bins(len(samples), rate)]
    powers = _window_powers(energies, rate, bins=round(window_seconds * BINS_PER_SECOND))
    with np.errstate(divide="ignore"):
        return np.asarray(_OFFSET_LU + 10.0 * np.log10(powers), dtype=np.float64)


def true_peak(samples: Samples, rate: int) -> float:
    """Measure the peak between the samples too, four times oversampled (BS.1770-4 annex 2), in dBTP."""
    del rate  # four-fold oversampling is right for any rate in use here, and finer than needed above 48 kHz
    return to_db(max(float(peak_envelope(channel).max(initial=0.0)) for channel in channels_of(samples)))


def peak_envelope(samples: Samples) -> Samples:
    """Give, for each of (samples,), the largest absolute value up to the next, four times oversampled."""
    result = np.abs(samples).astype(np.float32)
    hop = _PEAK_FFT - 2 * _SINC_HALF
    responses = _fraction_responses()
    padded = np.concatenate([np.zeros(_SINC_HALF, np.float32), samples, np.zeros(_PEAK_FFT, np.float32)])
    pieces = np.lib.stride_tricks.sliding_window_view(padded, _PEAK_FFT)[::hop]
    pieces = pieces[: -(-samples.shape[0] // hop)]
    for first in range(0, len(pieces), _PEAK_BATCH):
        spectra = to_spectrum(pieces[first : first + _PEAK_BATCH])
        here = result[first * hop : (first + len(spectra)) * hop]
        for response in responses:
            between = from_spectrum(spectra * response, _PEAK_FFT)[:, _SINC_HALF : _SINC_HALF + hop]
            np.maximum(here, np.abs(between).reshape(-1)[: here.shape[0]], out=here)
    return result


def channels_of(samples: Samples) -> Samples:
    """Give (samples,) or (samples, channels) as one row for each channel."""
    return samples[np.newaxis] if samples.ndim == 1 else samples.T


def _edge(index: int, rate: int) -> int:
    return round(index * rate / BINS_PER_SECOND)


def _whole_bins(count: int, rate: int) -> int:
    return int(count * BINS_PER_SECOND / rate + 1e-9)


def bin_energies(samples: Samples, rate: int) -> NDArray[np.float64]:
    """Sum the K-weighted squares of each 100 ms over the channels, some seconds at a time."""
    edges = bin_edges(samples.shape[0], rate)
    energies = np.zeros(len(edges) - 1)
    bins = _STRETCH_SECONDS * BINS_PER_SECOND
    for channel in channels_of(samples):
        for first in range(0, len(energies), bins):
            inner = edges[first : first + bins + 1]
            run = _weighted(channel, rate, inner[0], stop=inner[-1])
            sums = np.concatenate([[0.0], np.cumsum(np.square(run, dtype=np.float64))])
            energies[first : first + bins] += np.diff(sums[np.array(inner) - inner[0]])
    return energies


def _ringing(rate: int) -> int:
    return int(_RINGING_SECONDS * rate)


def _filter_size(rate: int) -> int:
    """Give the length of an FFT that holds five bins and what rings on into them."""
    return 1 << (_ringing(rate) + _edge(5, rate) + 1).bit_length()


def _weighted(channel: Samples, rate: int, start: int, *, stop: int) -> Samples:
    """Filter a stretch by overlap-save: each transform sees as much before its own samples as rings on."""
    size, ringing = _filter_size(rate), _ringing(rate)
    hop = size - ringing
    runs = max(1, -(-(stop - start) // hop))
    lead = min(start, ringing)
    padded = np.zeros(ringing + runs * hop, np.float32)
    padded[ringing - lead : ringing + stop - start] = channel[start - lead : stop]
    framed = np.lib.stride_tricks.sliding_window_view(padded, size)[::hop]
    filtered = from_spectrum(to_spectrum(framed) * _k_response(rate, size), size)
    return filtered[:, ringing:].reshape(-1)[: stop - start]


def _window_powers(energies: NDArray[np.float64], rate: int, *, bins: int) -> NDArray[np.float64]:
    """Give the mean square of every run of so many bins."""
    if len(energies) < bins:
        return np.empty(0)
    windows = np.lib.stride_tricks.sliding_window_view(energies, bins).sum(axis=1)
    return np.asarray(windows / (bins * rate / BINS_PER_SECOND))


def _gated(powers: NDArray[np.float64]) -> float:
    """Average block powers by BS.1770-4 (equations 4 to 7): an absolute gate, then a relative one."""
    loud = powers[powers > 10.0 ** ((_ABSOLUTE_GATE_LUFS - _OFFSET_LU) / 10.0)]
    if not loud.size:
        return SILENCE_DB
    kept = loud[loud > loud.mean() * 10.0 ** (_RELATIVE_GATE_LU / 10.0)]
    return _OFFSET_LU + 10.0 * math.log10(float(kept.mean()))


@lru_cache(maxsize=16)
def _k_response(rate: int, size: int) -> NDArray[np.complex64]:
    """Give the K weighting's frequency response for a real FFT of a size.

    BS.1770-4 prints its two biquads for 48 kHz only. The analogue prototypes behind them, warped by the
    bilinear transform, give those coefficients back at 48 kHz, and the right ones anywhere else.
    """
    turn = np.exp(-2j * np.pi * np.arange(size // 2 + 1) / size)

    k = math.tan(math.pi * 1681.974450955533 / rate)
    q = 0.7071752369554196
    high = 10.0 ** (3.999843853973347 / 20.0)
    band = high**0.4996667741545416
    below = 1.0 + k / q + k * k
    shelf = _biquad(
        turn,
        b=(
            (high + band * k / q + k * k) / below,
            2.0 * (k * k - high) / below,
            (high - band * k / q + k * k) / below,
        ),
        a=(1.0, 2.0 * (k * k - 1.0) / below, (1.0 - k / q + k * k) / below),
    )

    k = math.tan(math.pi * 38.13547087602444 / rate)
    q = 0.5003270373238773
    below = 1.0 + k / q + k * k
    high_pass = _biquad(
        turn, b=(1.0, -2.0, 1.0), a=(1.0, 2.0 * (k * k - 1.0) / below, (1.0 - k / q + k * k) / below)
    )
    return np.asarray(shelf * high_pass, dtype=np.complex64)


def _biquad(
    turn: NDArray[np.complex128], *, b: tuple[float, float, float], a: tuple[float, float, float]
) -> NDArray[np.complex128]:
    above = b[0] + turn * (b[1] + turn * b[2])
    below = a[0] + turn * (a[1] + turn * a[2])
    return np.asarray(above / below)


@lru_cache(maxsize=1)
def _fraction_responses() -> tuple[NDArray[np.complex64], ...]:
    """Give the responses of windowed-sinc filters that read 1/4, 2/4 and 3/4 of a sample ahead."""
    result = []
    taps = np.arange(-_SINC_HALF + 1, _SINC_HALF + 1)
    for step in range(1, _OVERSAMPLING):
        away = step / _OVERSAMPLING - taps
        impulse = np.zeros(_PEAK_FFT)
        impulse[-taps] = np.sinc(away) * np.cos(np.pi * away / (2 * _SINC_HALF + 1)) ** 2
        result.append(np.asarray(np.fft.rfft(impulse), dtype=np.complex64))
    return tuple(result)
