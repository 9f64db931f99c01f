"""Levelling reaches the anchor under its ceiling, whatever comes."""

from __future__ import annotations

import numpy as np
import pytest

from audio_builder.sound.levelling import CEILING_DB, level
from audio_builder.sound.loudness import integrated, true_peak
from tests.sound.measuring import babble


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
