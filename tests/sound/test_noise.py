"""Noise repeats without a seam, and room tone keeps a speaker awake at its level."""

from __future__ import annotations

import numpy as np
import pytest

from audio_builder.sound.noise import PERIOD_SAMPLES, band, periodic, room_tone, uniform, wrapped
from audio_builder.sound.samples import rms_db
from tests.sound.measuring import clicks, longest_zeros, through_mp3


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
