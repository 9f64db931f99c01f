"""The limiter holds its ceiling and leaves the rest alone."""

from __future__ import annotations

import numpy as np
import pytest

from audio_builder.sound.levelling import gain_reduction
from audio_builder.sound.loudness import peak_envelope
from audio_builder.sound.samples import Samples, to_db, to_gain
from tests.sound.measuring import babble, sine


def peak_after(clip: Samples, *, ceiling_db: float) -> float:
    """Turn a clip's envelope down; give its peak in dB."""
    envelope = peak_envelope(clip)
    reduction_db = gain_reduction(envelope, 48_000, ceiling=to_gain(ceiling_db))
    return to_db(float((envelope * 10.0 ** (reduction_db / -20.0)).max()))


@pytest.mark.parametrize("seed", range(4))
def test_peaks_come_to_the_ceiling(seed: int) -> None:
    """Speech-like sound far over the ceiling comes out at it, and not needlessly below."""
    assert -3.6 < peak_after(babble(2.0, seed=seed) * np.float32(2.0), ceiling_db=-3.0) <= -3.0 + 1e-6


def test_a_single_spike_comes_under_the_ceiling() -> None:
    """The worst case for a look-ahead: one loud sample out of nothing."""
    clip = np.zeros(9_600, np.float32)
    clip[4_000] = 1.0
    assert peak_after(clip, ceiling_db=-6.0) <= -6.0 + 1e-6


def test_what_is_below_the_ceiling_is_not_turned_down() -> None:
    """Give nothing at all for a soft clip."""
    envelope = peak_envelope(babble(1.0) * np.float32(0.2))
    assert not gain_reduction(envelope, 48_000, ceiling=to_gain(-2.5)).any()


def test_the_gain_never_moves_fast_enough_to_distort() -> None:
    """A loud burst moves the gain by less than 0.1 dB a sample, and it has recovered a second later."""
    envelope = np.abs(
        np.concatenate([sine(200.0, 0.5, level_db=-20), sine(200.0, 0.2), sine(200.0, 1.5, level_db=-20)])
    )
    reduction = gain_reduction(envelope, 48_000, ceiling=to_gain(-6.0))
    assert reduction.max() == pytest.approx(6.0, abs=0.01)
    assert np.abs(np.diff(reduction)).max() < 0.1
    assert reduction[-48_000:].max() == 0.0
