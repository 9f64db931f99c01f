"""Speech at any level comes in; speech at the anchor's loudness goes out, its peaks under a ceiling."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audio_builder.sound.levels import ANCHOR_LUFS, Samples, to_gain
from audio_builder.sound.limiter import gain_reduction
from audio_builder.sound.loudness import bin_edges, of_bins, peak_envelope, weighted

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
