"""Sounds are found by name or path, read from any format, and every failure says what to do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from audio_builder.errors import SoundError
from audio_builder.sound.chimes import NAMES
from audio_builder.sound.library import (
    find,
    fingerprint,
    length_of,
    load,
    load_channels,
    names,
    sounds_folder,
)
from audio_builder.timebase import RATE
from tests.sound.measuring import pitches, sine


def write(path: Path, samples: np.ndarray, rate: int = RATE) -> Path:
    """Write a sound file in the format its name says."""
    soundfile.write(path, samples, rate)
    return path


def test_every_shipped_sound_loads_at_its_stated_length() -> None:
    """The header's length is the loaded one."""
    assert names() == tuple(sorted(NAMES))
    for name in names():
        samples = load(name)
        assert samples.dtype == np.float32
        assert samples.shape == (length_of(name),)


@pytest.mark.parametrize("ending", ["wav", "flac", "ogg", "mp3"])
@pytest.mark.parametrize("rate", [22_050, 44_100, 48_000])
def test_files_of_any_format_and_rate_come_in_at_48_khz(tmp_path: Path, ending: str, rate: int) -> None:
    """A second of A is a second of A, and `length_of` said so beforehand."""
    path = write(tmp_path / f"a.{ending}", sine(440.0, 1.0, level_db=-6, rate=rate), rate)
    samples = load(path)
    assert len(samples) == pytest.approx(RATE, abs=0 if ending != "mp3" else 4_000)
    assert length_of(path) == len(samples)
    assert np.median(pitches(samples)) == pytest.approx(440.0, abs=2.0)


def test_channels_are_averaged_or_kept(tmp_path: Path) -> None:
    """`load` gives mono, `load_channels` the two that are there."""
    left, right = sine(440.0, 0.5), sine(660.0, 0.5)
    path = write(tmp_path / "both.wav", np.stack([left, right], axis=1) * 0.5)
    assert load_channels(path).shape == (24_000, 2)
    assert load(path) == pytest.approx((left + right) / 4, abs=1e-3)


def test_a_replaced_file_is_read_again(tmp_path: Path) -> None:
    """The store of decoded files does not outlive what it decoded."""
    path = write(tmp_path / "own.wav", sine(440.0, 0.5))
    before, mark = load(path), fingerprint(path)
    write(path, sine(440.0, 0.25))
    assert (len(before), len(load(path))) == (24_000, 12_000)
    assert fingerprint(path) != mark


def test_a_misspelt_name_gets_a_suggestion() -> None:
    """The whole message."""
    with pytest.raises(SoundError) as caught:
        load("begn")
    assert str(caught.value) == (
        'there is no sound "begn"\n'
        '  did you mean "begin"? Use one of begin, bell, end, halfway, switch, tick, '
        "or the path of a WAV, FLAC, OGG or MP3 file."
    )


@pytest.mark.parametrize("read", [load, length_of])
@pytest.mark.parametrize("ending", ["wav", "flac", "ogg", "mp3"])
def test_a_file_that_is_no_sound_is_one_clear_error(tmp_path: Path, ending: str, read: object) -> None:
    """It names the file, whichever way it is read."""
    path = tmp_path / f"text.{ending}"
    path.write_text("this is no sound at all, however long one looks at it")
    with pytest.raises(SoundError) as caught:
        read(path)  # type: ignore[operator]
    assert caught.value.where == str(path)
    assert caught.value.remedy == "Use a WAV, FLAC, OGG or MP3 file that other players open."


def test_an_empty_sound_is_refused(tmp_path: Path) -> None:
    """A file with a header and nothing behind it holds no audio."""
    path = write(tmp_path / "empty.wav", np.zeros(0, np.float32))
    with pytest.raises(SoundError, match="holds no usable audio"):
        load(path)


def test_a_missing_path_is_an_error() -> None:
    """And so are an empty name and a folder."""
    for name in ("/no/such/file.wav", "", str(sounds_folder())):
        with pytest.raises(SoundError, match="there is no sound"):
            find(name)


def test_finding_and_measuring_shipped_sounds_needs_no_numpy() -> None:
    """A warm build imports neither numpy nor soundfile for it."""
    code = (
        "import sys; from audio_builder.sound.library import *; length_of('begin'); fingerprint('end');"
        "sys.exit(bool({'numpy', 'soundfile'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
