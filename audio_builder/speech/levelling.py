"""Speech at any level comes in; speech at the anchor's loudness goes out, its peaks under a ceiling."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audio_builder.sound.levels import ANCHOR_LUFS, Samples, power_to_db, to_gain
from audio_builder.sound.limiter import gain_reduction
from audio_builder.sound.loudness import integrated, peak_envelope

CEILING_DB = -3.5
"""True peak at the recording's own rate; resampling to the session's was seen to add 0.3 dB."""

Curve = NDArray[np.float64]

BLOCK = 8
"""Samples that share one step of the limiter's gain, which moves over milliseconds."""

CLOSE_LU = 0.15
FORESIGHTS = 3
ROUNDS = 3
FIRST_GUESS, LEAST = 0.65, 0.2
"""How many LU a decibel of gain brings while the limiter works: at first, and at least."""


def level(samples: Samples, rate: int) -> Samples:
    """Bring (samples,) to the anchor; a voice so spiky that both cannot hold keeps to the ceiling.

    What the limiter takes is made up by more gain, of which it takes some again. How much it will take is
    foreseen on the energy of short blocks, which is cheap; then each round goes by what the last one brought
    (the secant method). Silence stays as it is.
    """
    here = integrated(samples, rate)
    if not np.isfinite(here):
        return samples.copy()
    blocks = _Blocks.of(samples, rate)
    gain_db = ANCHOR_LUFS - here
    for _ in range(FORESIGHTS):
        gain_db = ANCHOR_LUFS - here + blocks.loss_db(gain_db)
    brought = FIRST_GUESS
    result = blocks.shaped(samples, gain_db)
    missing = ANCHOR_LUFS - integrated(result, rate)
    for _ in range(ROUNDS):
        if abs(missing) < CLOSE_LU:
            break
        step_db = missing / max(brought, LEAST)
        gain_db += step_db
        result = blocks.shaped(samples, gain_db)
        still = ANCHOR_LUFS - integrated(result, rate)
        brought, missing = (missing - still) / step_db, still
    return result


@dataclass(frozen=True, slots=True, kw_only=True)
class _Blocks:
    """A recording in blocks, as its limiter sees it."""

    peaks: Samples
    """The largest value of each block and its neighbours, so that lines between blocks never pass the need."""
    energies: Curve
    rate: int
    """Blocks per second."""

    @classmethod
    def of(cls, samples: Samples, rate: int) -> _Blocks:
        envelope = _in_blocks(peak_envelope(samples)).max(axis=1)
        around = np.pad(envelope, 1)
        return cls(
            peaks=np.maximum(np.maximum(around[:-2], around[1:-1]), around[2:]),
            energies=np.square(_in_blocks(samples), dtype=np.float64).sum(axis=1),
            rate=rate // BLOCK,
        )

    def steps(self, gain_db: float) -> Curve:
        """Give each block's factor: the gain, less what the limiter takes."""
        ceiling = to_gain(CEILING_DB)
        if float(self.peaks.max()) * to_gain(gain_db) <= ceiling:
            return np.full(len(self.peaks), to_gain(gain_db))
        reduction_db = gain_reduction(self.peaks * np.float32(to_gain(gain_db)), self.rate, ceiling=ceiling)
        return np.asarray(np.power(10.0, (gain_db - reduction_db) / 20.0))

    def loss_db(self, gain_db: float) -> float:
        """Foresee how much of a gain the limiter takes from the whole."""
        # Not a product of BLAS, whose threads take longer to wake than this sum takes.
        kept = float(np.sum(self.energies * np.square(self.steps(gain_db)))) / float(self.energies.sum())
        return gain_db - power_to_db(kept)

    def shaped(self, samples: Samples, gain_db: float) -> Samples:
        """Apply the factors, on straight lines from each block to the next."""
        return samples * _between(self.steps(gain_db).astype(np.float32))[: len(samples)]


def _between(steps: Samples) -> Samples:
    """Draw straight lines from each block's gain to the next one's."""
    rises = np.diff(steps, append=steps[-1:])
    share = np.arange(BLOCK, dtype=np.float32) / BLOCK
    return np.asarray((steps[:, None] + rises[:, None] * share).reshape(-1), np.float32)


def _in_blocks(samples: Samples) -> Samples:
    return np.pad(samples, (0, -len(samples) % BLOCK)).reshape(-1, BLOCK)
