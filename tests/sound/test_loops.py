"""Crossfades hold their level, and loops have no seam."""

from __future__ import annotations

import numpy as np
import pytest

from audio_builder.sound.fades import correlation, crossfaded, loop_length, looped
from audio_builder.sound.noise import band, periodic
from audio_builder.sound.samples import rms_db
from tests.sound.measuring import clicks, sine


def noise(seed: int) -> np.ndarray:
    """Make two seconds of noise."""
    return periodic(96_000, seed=seed, spectrum=band(300.0, 3_000.0)) * np.float32(0.1)


def test_unrelated_sounds_keep_their_level_over_a_crossfade() -> None:
    """Noise into other noise: within half a decibel in every fifth of the way."""
    result = crossfaded(noise(1), noise(2))
    levels = [rms_db(part) for part in np.array_split(result, 5)]
    assert levels == pytest.approx([-20.0] * 5, abs=0.5)


def test_equal_sounds_pass_through_a_crossfade_unchanged() -> None:
    """A tone into itself is that tone."""
    tone = sine(300.0, 2.0, level_db=-6.0)
    assert crossfaded(tone, tone) == pytest.approx(tone, abs=1e-6)
    assert correlation(tone, tone) == pytest.approx(1.0)
    assert correlation(tone, np.zeros_like(tone)) == 0.0


def test_a_crossfade_starts_in_the_old_and_ends_in_the_new() -> None:
    """Sample for sample at the ends, in one channel or two."""
    old, new = np.stack([noise(1)] * 2, axis=1), np.stack([noise(2)] * 2, axis=1)
    result = crossfaded(old, new)
    assert result[0] == pytest.approx(old[0])
    assert result[-1] == pytest.approx(new[-1], abs=1e-6)
    assert result.shape == old.shape


def test_a_loop_has_no_seam() -> None:
    """A glide's loop, laid end to end, has no burst of highs where its end meets its start."""
    time = np.arange(96_000) / 48_000
    glide = np.sin(2 * np.pi * (300.0 * time + 40.0 * time**2)).astype(np.float32) * np.float32(0.3)
    loop = looped(glide, crossfade=9_600, multiple=1_152)
    assert len(loop) == loop_length(96_000, crossfade=9_600, multiple=1_152) == 75 * 1_152
    turns = np.tile(loop, 3)
    middle = turns[len(loop) // 2 : -len(loop) // 2] * np.hanning(2 * len(loop))
    assert clicks(middle.astype(np.float32), above_hz=6_000) == []


@pytest.mark.parametrize("count", [1, 2, 3, 10, 1_000, 5_000])
def test_any_length_makes_a_loop(count: int) -> None:
    """Even a handful of samples."""
    loop = looped(np.ones(count, np.float32), crossfade=2_000, multiple=1_152)
    assert len(loop) == loop_length(count, crossfade=2_000, multiple=1_152) > 0
    assert loop == pytest.approx(np.ones(len(loop)))
