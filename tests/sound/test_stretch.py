"""A stretched sound has the asked length, its pitch, its level and its course."""

from __future__ import annotations

import numpy as np
import pytest

from audio_builder.sound.fades import stretched
from audio_builder.sound.samples import rms_db
from audio_builder.timebase import RATE
from tests.sound.measuring import clicks, pitches, sine

SECONDS = 2.0


@pytest.mark.parametrize("wanted", [0.8, 1.5, 2.0, 3.1, 5.9, 8.0, 20.0])
def test_the_length_changes_and_the_pitch_does_not(wanted: float) -> None:
    """Squeezed, stretched or looped, a tone of 330 Hz stays one, at its level, without clicks."""
    result = stretched(sine(330.0, SECONDS, level_db=-12.0), round(wanted * RATE))
    assert len(result) == round(wanted * RATE)
    inner = result[4_800:-4_800]
    assert pitches(inner) == pytest.approx(np.full(len(pitches(inner)), 330.0), abs=3.0)
    assert rms_db(inner) == pytest.approx(-15.0, abs=0.7)
    assert clicks((inner * np.hanning(len(inner))).astype(np.float32)) == []


def test_shorter_grains_do_for_fewer_samples_a_second() -> None:
    """Stretch by grains of half the samples: a tone keeps its pitch."""
    result = stretched(sine(660.0, SECONDS), round(3.1 * RATE), grain=1_024)
    inner = result[4_800:-4_800]
    assert pitches(inner) == pytest.approx(np.full(len(pitches(inner)), 660.0), abs=3.0)


def test_a_swell_keeps_its_course() -> None:
    """What is loudest in the middle still is."""
    swell = sine(330.0, SECONDS) * np.hanning(round(SECONDS * RATE)).astype(np.float32)
    result = stretched(swell, 5 * RATE)
    levels = [rms_db(part) for part in np.array_split(result, 5)]
    assert np.argmax(levels) == 2
    assert levels[1] == pytest.approx(levels[3], abs=1.0)


@pytest.mark.parametrize(
    ("count", "wanted"), [(0, 100), (100, 0), (0, 0), (10, 5_000), (48_000, 7), (48_000, 48_000)]
)
def test_odd_lengths_are_no_trouble(count: int, wanted: int) -> None:
    """Nothing, hardly anything, or just as long as it is."""
    result = stretched(sine(330.0, 1.0)[:count], wanted)
    assert result.shape == (wanted,)
    assert result.dtype == np.float32
    assert np.isfinite(result).all()
