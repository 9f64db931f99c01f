"""Beds loop without a seam, keep their place, and come from a name or a file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from audio_builder.errors import SoundError
from audio_builder.sound.beds import FRAME_HZ, LOOP_SAMPLES, bed_loop
from audio_builder.sound.loudness import over_time
from audio_builder.sound.settings import Bed
from audio_builder.timebase import FRAME_SAMPLES, RATE
from tests.sound.measuring import pitches, sine

MADE = ("waves", "rain", "drone")


@pytest.mark.parametrize("sound", MADE)
def test_the_loudest_three_seconds_stand_at_the_anchor(sound: str) -> None:
    """Also across the loop's seam; so a bed's level holds at every moment."""
    loop = bed_loop(Bed(sound=sound))
    assert loop is not None
    assert loop.shape == (LOOP_SAMPLES,)
    around = np.concatenate([loop[-3 * RATE :], loop[: 3 * RATE]])
    assert over_time(loop, RATE, window_seconds=3.0).max() <= -15.99
    assert over_time(around, RATE, window_seconds=3.0).max() <= -15.99
    assert over_time(loop, RATE, window_seconds=3.0).max() > -16.2


@pytest.mark.parametrize("sound", MADE)
def test_a_made_bed_runs_over_its_end_without_a_step(sound: str) -> None:
    """The step from its last sample to its first is no larger than its own steps."""
    loop = bed_loop(Bed(sound=sound))
    assert loop is not None
    assert abs(loop[0] - loop[-1]) <= np.abs(np.diff(loop)).max()
    assert abs(loop[1] - 2 * loop[0] + loop[-1]) <= np.abs(np.diff(loop, 2)).max()


@pytest.mark.parametrize("sound", MADE)
def test_a_stereo_bed_has_two_channels_that_differ_but_go_together(sound: str) -> None:
    """Neither the same twice nor two strangers, which would sound hollow in mono."""
    loop = bed_loop(Bed(sound=sound, channels=2))
    assert loop is not None
    assert loop.shape == (LOOP_SAMPLES, 2)
    left, right = loop.T
    assert 0.3 < np.corrcoef(left, right)[0, 1] < 0.99


def test_a_drone_is_in_step_at_every_frame() -> None:
    """Read from any frame on, its partials have the same phases: two such stretches are alike."""
    loop = bed_loop(Bed(sound="drone"))
    assert loop is not None
    for frame in (1, 7, 533):
        one, other = loop[:96_000], loop[frame * FRAME_SAMPLES :][:96_000]
        assert np.corrcoef(one, other)[0, 1] > 0.9
    assert pitches(loop[: 10 * RATE], low_hz=150)[0] == pytest.approx(6 * FRAME_HZ, abs=2.0)


def test_a_file_becomes_a_loop_of_whole_frames(tmp_path: Path) -> None:
    """Mono or stereo as asked, whatever the file is."""
    path = tmp_path / "own.flac"
    soundfile.write(path, np.stack([sine(300.0, 10.0), sine(400.0, 10.0)], axis=1) * 0.3, RATE)
    one = bed_loop(Bed(sound=str(path), crossfade_seconds=2.0))
    two = bed_loop(Bed(sound=str(path), crossfade_seconds=2.0, channels=2))
    assert one is not None
    assert two is not None
    assert one.shape == (8 * RATE // FRAME_SAMPLES * FRAME_SAMPLES,)
    assert two.shape == (*one.shape, 2)


def test_no_bed_is_none() -> None:
    """The default."""
    assert bed_loop(Bed()) is None


def test_a_bed_that_cannot_be_used_is_one_clear_error(tmp_path: Path) -> None:
    """Missing, too short or silent."""
    with pytest.raises(SoundError, match='there is no sound "oceans"'):
        bed_loop(Bed(sound="oceans"))
    soundfile.write(tmp_path / "short.wav", sine(300.0, 0.02), RATE)
    with pytest.raises(SoundError, match="too short for a bed"):
        bed_loop(Bed(sound=str(tmp_path / "short.wav")))
    soundfile.write(tmp_path / "silent.wav", np.zeros(RATE), RATE)
    with pytest.raises(SoundError) as caught:
        bed_loop(Bed(sound=str(tmp_path / "silent.wav")))
    assert (
        str(caught.value) == f"{tmp_path / 'silent.wav'}: the bed is silent\n  Use a file with sound in it."
    )
