"""Levelling reaches the anchor under its ceiling, whatever comes; the limiter leaves the rest alone."""

from __future__ import annotations

import numpy as np
import pytest

from audio_builder.sound.levelling import CEILING_DB, gain_reduction, level
from audio_builder.sound.loudness import integrated, peak_envelope, true_peak
from audio_builder.sound.samples import Samples, to_db, to_gain
from tests.sound.measuring import babble, sine


@pytest.mark.parametrize("rate", [22_050, 24_000, 48_000])
@pytest.mark.parametrize("gain", [0.01, 0.3, 4.0])
def test_levelling_reaches_the_anchor_under_the_ceiling(gain: float, rate: int) -> None:
    """Whatever its level was, speech stands at -16 LUFS with its true peaks under the ceiling."""
    result = level(babble(2.5, rate=rate) * np.float32(gain), rate)
    assert integrated(result, rate) == pytest.approx(-16.0, abs=0.03)
    assert true_peak(result, rate) <= CEILING_DB + 0.05
    assert len(result) == round(2.5 * rate)


def test_the_argument_is_not_modified() -> None:
    """Levelling works on a copy."""
    clip = babble(0.5) * np.float32(3.0)
    before = clip.copy()
    level(clip, 48_000)
    assert np.array_equal(clip, before)


def test_silence_stays_silent() -> None:
    """There is nothing to level in nothing, not even in none of it."""
    assert not level(np.zeros(4_800, np.float32), 48_000).any()
    assert not level(np.zeros(0, np.float32), 48_000).size


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
