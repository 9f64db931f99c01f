"""Crossfades hold their level, loops and noise have no seam, and a stretched sound keeps its pitch and its course."""

from __future__ import annotations

import numpy as np
import pytest

from audio_builder.sound.samples import rms_db
from audio_builder.sound.synthesis import (
    PERIOD_SAMPLES,
    band,
    correlation,
    crossfaded,
    loop_length,
    looped,
    periodic,
    room_tone,
    stretched,
    uniform,
    wrapped,
)
from audio_builder.timebase import RATE
from tests.sound.measuring import clicks, longest_zeros, pitches, sine, through_mp3


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


def test_a_seed_always_gives_the_same_numbers() -> None:
    """The first ones are written down here: they must never change."""
    assert uniform(3, seed=1).tolist() == pytest.approx(
        [0.5118216247002567, 0.9504636963259353, 0.14415961271963373]
    )


def test_noise_runs_on_over_its_end_without_a_seam() -> None:
    """Two turns of noise without highs have no burst of highs between them."""
    table = periodic(48_000, seed=3, spectrum=band(200.0, 800.0, slope=-2.0))
    assert clicks(np.tile(table, 2), above_hz=16_000) == []
    assert np.mean(table.astype(float) ** 2) == pytest.approx(1.0, abs=1e-6)


def test_a_loop_is_read_at_any_place() -> None:
    """Before its start, inside, over its end and many turns on."""
    table = np.arange(5, dtype=np.float32)
    assert wrapped(table, -2, stop=3).tolist() == [3, 4, 0, 1, 2]
    assert wrapped(table, 1, stop=4).tolist() == [1, 2, 3]
    assert wrapped(table, 8, stop=20).tolist() == [3, 4, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4]
    assert wrapped(table, 4, stop=4).size == 0
    assert wrapped(np.stack([table, table], axis=1), 4, stop=6).tolist() == [[4, 4], [0, 0]]


@pytest.mark.parametrize("level_dbfs", [-72.0, -60.0, -50.0])
def test_room_tone_stands_at_its_level(level_dbfs: float) -> None:
    """Within half a decibel in any second."""
    for start in (0, 100_000, PERIOD_SAMPLES - 24_000):
        second = wrapped(room_tone(level_dbfs), start, stop=start + 48_000)
        assert rms_db(second) == pytest.approx(level_dbfs, abs=0.5)


def test_room_tone_does_not_depend_on_how_it_is_read() -> None:
    """One long read is many short ones."""
    room = room_tone(-60.0)
    pieces = [wrapped(room, start, stop=start + 13_500) for start in range(-5_000, 400_000, 13_500)]
    assert np.array_equal(wrapped(room, -5_000, stop=400_000), np.concatenate(pieces))


def test_room_tone_survives_mp3_without_a_run_of_zeros() -> None:
    """Before and after 96 kbit/s there is never a hundredth of a second of digital silence."""
    room = wrapped(room_tone(-60.0), 0, stop=480_000)
    assert longest_zeros(room) < 480
    decoded = through_mp3(room)
    assert longest_zeros(decoded) < 480
    assert rms_db(decoded) == pytest.approx(-60.0, abs=1.5)
