"""The limiter holds its ceiling, leaves the rest alone, and levelling reaches its target."""

from __future__ import annotations

import numpy as np
import pytest

from audio_builder.sound.levels import to_gain
from audio_builder.sound.limiter import gain_reduction, levelled, limited
from audio_builder.sound.loudness import integrated, true_peak
from tests.sound.measuring import babble, sine


@pytest.mark.parametrize("seed", range(4))
def test_true_peaks_stay_under_the_ceiling(seed: int) -> None:
    """Speech-like sound far over the ceiling comes out at it, and not needlessly below."""
    result = limited(babble(2.0, seed=seed) * np.float32(2.0), 48_000, ceiling_db=-3.0)
    assert -3.6 < true_peak(result, 48_000) <= -3.0


def test_a_single_spike_stays_under_the_ceiling() -> None:
    """The worst case for a look-ahead: one loud sample out of nothing."""
    clip = np.zeros(9_600, np.float32)
    clip[4_000] = 1.0
    assert true_peak(limited(clip, 48_000, ceiling_db=-6.0), 48_000) <= -5.95


def test_what_is_below_the_ceiling_comes_back_unchanged() -> None:
    """Sample for sample, and not the same array."""
    clip = babble(1.0) * np.float32(0.2)
    result = limited(clip, 48_000)
    assert np.array_equal(result, clip)
    assert result is not clip


def test_the_argument_is_not_modified() -> None:
    """Limiting works on a copy."""
    clip = babble(0.5) * np.float32(3.0)
    before = clip.copy()
    limited(clip, 48_000)
    levelled(clip, 48_000)
    assert np.array_equal(clip, before)


def test_the_gain_never_moves_fast_enough_to_distort() -> None:
    """A loud burst moves the gain by less than 0.1 dB a sample, and it has recovered a second later."""
    envelope = np.abs(
        np.concatenate([sine(200.0, 0.5, level_db=-20), sine(200.0, 0.2), sine(200.0, 1.5, level_db=-20)])
    )
    reduction = gain_reduction(envelope, 48_000, ceiling=to_gain(-6.0))
    assert reduction.max() == pytest.approx(6.0, abs=0.01)
    assert np.abs(np.diff(reduction)).max() < 0.1
    assert reduction[-48_000:].max() == 0.0


@pytest.mark.parametrize("rate", [22_050, 24_000, 48_000])
@pytest.mark.parametrize("gain", [0.01, 0.3, 4.0])
def test_levelling_reaches_the_anchor_under_the_ceiling(gain: float, rate: int) -> None:
    """Whatever its level was, speech stands at -16 LUFS with true peaks under -2.5 dBTP."""
    result = levelled(babble(2.5, rate=rate) * np.float32(gain), rate)
    assert integrated(result, rate) == pytest.approx(-16.0, abs=0.03)
    assert true_peak(result, rate) <= -2.5
    assert len(result) == round(2.5 * rate)


def test_silence_stays_silent() -> None:
    """There is nothing to level in nothing."""
    assert not levelled(np.zeros(4_800, np.float32), 48_000).any()
