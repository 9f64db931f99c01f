"""Bring speech and every other sound to the anchor's loudness, peaks under a ceiling; make a voice warmer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audio_builder.sound.loudness import bin_edges, bin_energies, of_bins, peak_envelope, weighted
from audio_builder.sound.samples import ANCHOR_LUFS, Samples, to_gain
from audio_builder.sound.settings import Warmth
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


CEILING_DB = -3.5
"""True peak at the recording's own rate; resampling to the session's was seen to add 0.3 dB."""

Curve = NDArray[np.float64]

BLOCK = 16
"""Samples that share one step of the limiter's gain, which moves over milliseconds."""

CLOSE_LU = 0.02
ROUNDS = 6
USUAL = 0.55
LEAST = 0.2
"""How many LU a decibel of gain is first taken to bring, and at least, while the limiter works."""


def level(samples: Samples, rate: int) -> Samples:
    """Bring (samples,) to the anchor; a voice so spiky that both cannot hold keeps to the ceiling.

    What the limiter takes is made up by more gain, of which it takes some again: the secant method finds how
    much. How loud a gain makes it is foreseen on the energy of short blocks, K-weighted once, since the gain
    moves slowly beside that filter: so the sound itself is shaped once. Silence stays as it is.
    """
    blocks = _Blocks.of(samples, rate)
    here = blocks.loudness(0.0)
    if not np.isfinite(here):
        return samples.copy()
    gain_db, brought = ANCHOR_LUFS - here, USUAL
    missing = ANCHOR_LUFS - blocks.loudness(gain_db)
    for _ in range(ROUNDS):
        if abs(missing) < CLOSE_LU:
            break
        step_db = missing / max(brought, LEAST)
        gain_db += step_db
        still = ANCHOR_LUFS - blocks.loudness(gain_db)
        brought, missing = (missing - still) / step_db, still
    return samples * _between(blocks.steps(gain_db).astype(np.float32))[: len(samples)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Blocks:
    """A recording in blocks, as its limiter sees it."""

    peaks: Samples
    """The largest value of each block and its neighbours, so that lines between blocks never pass the need."""
    energies: Samples
    """The K-weighted squares of each block, summed."""
    samples: int
    rate: int
    """Samples per second."""
    edges: NDArray[np.int64]
    """The blocks at which loudness's steps of 100 ms begin."""

    @classmethod
    def of(cls, samples: Samples, rate: int) -> _Blocks:
        # Blocks as columns: numpy is ten times as fast across long rows.
        envelope = np.ascontiguousarray(_in_blocks(peak_envelope(samples)).T).max(axis=0)
        around = np.pad(envelope, 1)
        heard = _in_blocks(weighted(samples, rate))
        return cls(
            peaks=np.maximum(np.maximum(around[:-2], around[1:-1]), around[2:]),
            energies=np.einsum("ij,ij->i", heard, heard),
            samples=len(samples),
            rate=rate,
            edges=np.rint(np.array(bin_edges(len(samples), rate)) / BLOCK)
            .astype(np.int64)
            .clip(max=len(heard)),
        )

    def steps(self, gain_db: float) -> Curve:
        """Give each block's factor: the gain, less what the limiter takes."""
        ceiling = to_gain(CEILING_DB)
        if float(self.peaks.max(initial=0.0)) * to_gain(gain_db) <= ceiling:
            return np.full(len(self.peaks), to_gain(gain_db))
        louder = self.peaks * np.float32(to_gain(gain_db))
        reduction_db = gain_reduction(louder, self.rate // BLOCK, ceiling=ceiling)
        return np.asarray(np.power(10.0, (gain_db - reduction_db) / 20.0))

    def loudness(self, gain_db: float) -> float:
        """Foresee how loud a gain makes the whole, in LUFS."""
        kept = self.energies * np.square(self.steps(gain_db))
        sums = np.concatenate([[0.0], np.cumsum(kept)])
        return of_bins(np.diff(sums[self.edges]), self.samples, self.rate)


def _between(steps: Samples) -> Samples:
    """Draw straight lines from each block's gain to the next one's."""
    rises = np.diff(steps, append=steps[-1:])
    share = np.arange(BLOCK, dtype=np.float32) / BLOCK
    return np.asarray((steps[:, None] + rises[:, None] * share).reshape(-1), np.float32)


def _in_blocks(samples: Samples) -> Samples:
    return np.pad(samples, (0, -len(samples) % BLOCK)).reshape(-1, BLOCK)


LOOK_AHEAD_SECONDS = 0.005
RELEASE_DB_PER_SECOND = 120.0
"""Recovers within a syllable, so that a loud vowel costs the next one nothing; slower than any pitch."""


def gain_reduction(envelope: Samples, rate: int, *, ceiling: float) -> NDArray[np.float64]:
    """Give, in dB above 0, how far to turn each sample down so that the envelope stays under the ceiling.

    It grows over the look-ahead before a peak and shrinks at a fixed rate after it; being smooth, it adds no
    audible distortion. It is 0 where no peak is near that would pass the ceiling.
    """
    needed = 20.0 * np.log10(np.maximum(envelope / ceiling, 1.0), dtype=np.float64)
    slope = np.arange(len(needed)) * (RELEASE_DB_PER_SECOND / rate)
    released = np.maximum.accumulate(needed + slope) - slope
    reach = round(LOOK_AHEAD_SECONDS * rate)
    # Held over the reach on both sides, then averaged over no more than that: never less than needed.
    return _averaged(_held(released, reach), reach)


def _held(values: NDArray[np.float64], reach: int) -> NDArray[np.float64]:
    """Give the largest value within reach on either side, by doubling the window looked at."""
    nothing = np.zeros(reach)
    result = np.concatenate([nothing, values, nothing])  # `pad` takes many times as long
    width, window = 1, 2 * reach + 1
    while width < window:
        step = min(width, window - width)
        result = np.maximum(result[:-step], result[step:])
        width += step
    return result


def _averaged(values: NDArray[np.float64], reach: int) -> NDArray[np.float64]:
    """Average twice over half the reach on either side, which leaves no kink."""
    half = reach // 2
    for _ in range(2):
        edges = values[:1].repeat(half), values[-1:].repeat(half)
        sums = np.concatenate([[0.0], edges[0], values, edges[1]]).cumsum()
        values = (sums[2 * half + 1 :] - sums[: -2 * half - 1]) / (2 * half + 1)
    return np.where(values < 1e-6, 0.0, values)  # what sums leave over is no reduction


WARMTH_VERSION = 2
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
