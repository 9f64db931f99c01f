"""Chimes ring, are told apart, and come out bit for bit the same."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from audio_builder.errors import OutputError
from audio_builder.sound.chimes import CHIMES, NAMES, main, synthesise, to_int16, write_all
from audio_builder.sound.reading import load, sounds_folder
from audio_builder.timebase import RATE
from tests.sound.measuring import clicks, pitches


def test_the_shipped_files_are_what_the_command_makes() -> None:
    """Sample for sample, all of them and no other."""
    import soundfile

    assert {path.stem for path in sounds_folder().glob("*.flac")} == set(NAMES)
    for name in NAMES:
        shipped, rate = soundfile.read(sounds_folder() / f"{name}.flac", dtype="int16")
        assert rate == RATE
        assert np.array_equal(shipped, to_int16(synthesise(name))), name


def test_the_command_writes_the_same_bytes_twice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And says which files it wrote."""
    assert main([str(tmp_path / "a")]) == 0
    assert main([str(tmp_path / "b")]) == 0
    for name in NAMES:
        assert (tmp_path / "a" / f"{name}.flac").read_bytes() == (
            tmp_path / "b" / f"{name}.flac"
        ).read_bytes()
    assert str(tmp_path / "a" / "begin.flac") in capsys.readouterr().out


def test_the_command_explains_itself_without_a_folder(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2 and one line of usage."""
    assert main([]) == 2
    assert capsys.readouterr().err == "usage: python -m audio_builder.sound.chimes FOLDER\n"


def test_a_folder_that_cannot_be_written_to_is_one_clear_error(tmp_path: Path) -> None:
    """It names the folder."""
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(OutputError) as caught:
        write_all(tmp_path / "taken")
    assert caught.value.where == str(tmp_path / "taken")


def test_the_opening_chime_rings_while_a_speaker_wakes() -> None:
    """Two and a half seconds after its strike it still stands above room tone by 20 dB."""
    sound = load("begin")
    assert len(sound) >= 2.5 * RATE
    late = sound[round(2.0 * RATE) : round(2.5 * RATE)]
    assert 20 * np.log10(np.sqrt(np.mean(late**2))) > -40


def test_chimes_are_told_apart_by_pitch_and_pattern() -> None:
    """No two have the same strikes: differing in number, or in pitch by a tone or more."""
    patterns = {name: [strike.pitch_hz for strike in chime.strikes] for name, chime in CHIMES.items()}
    assert {name: len(pattern) for name, pattern in patterns.items()} == {
        "begin": 1, "switch": 2, "halfway": 1, "end": 3, "bell": 1,
    }  # fmt: skip
    singles = sorted(pattern[0] for pattern in patterns.values() if len(pattern) == 1)
    assert all(high / low > 1.12 for low, high in pairwise(singles))
    assert patterns["switch"][0] < patterns["switch"][1]
    assert patterns["end"] == sorted(patterns["end"], reverse=True)


@pytest.mark.parametrize("name", sorted(CHIMES))
def test_a_struck_pitch_is_the_one_heard(name: str) -> None:
    """After its last strike the strongest partial is that strike's."""
    last = CHIMES[name].strikes[-1]
    start = round((last.at_seconds + 0.1) * RATE)
    heard = pitches(synthesise(name)[start : start + 24_000])
    assert np.median(heard) == pytest.approx(last.pitch_hz, rel=0.01)


@pytest.mark.parametrize("name", NAMES)
def test_chimes_begin_and_end_without_a_click(name: str) -> None:
    """Between silences there is no burst of highs but the strikes' own, and the end is silent."""
    sound = synthesise(name)
    assert abs(sound[0]) < 1e-3
    assert np.abs(sound[-48:]).max() < 1e-3
    tail = sound[len(sound) // 2 :]
    opened = tail * np.hanning(2 * len(tail))[: len(tail)]
    assert clicks(np.concatenate([opened, np.zeros(4_800)]).astype(np.float32)) == []
