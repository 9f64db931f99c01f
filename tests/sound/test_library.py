"""Sounds are found by name or path, and every failure says what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from audio_builder.errors import SoundError
from audio_builder.sound.chimes import NAMES
from audio_builder.sound.library import find, fingerprint, names, sounds_folder


def test_every_chime_ships() -> None:
    """Under its own name."""
    assert names() == tuple(sorted(NAMES))


def test_a_replaced_file_has_another_fingerprint(tmp_path: Path) -> None:
    """By its content."""
    path = tmp_path / "own.wav"
    path.write_bytes(b"one")
    before = fingerprint(path)
    path.write_bytes(b"three")
    assert fingerprint(path) != before


def test_a_misspelt_name_gets_a_suggestion() -> None:
    """The whole message."""
    with pytest.raises(SoundError) as caught:
        find("begn")
    assert str(caught.value) == (
        'there is no sound "begn"\n'
        '  did you mean "begin"? Use one of begin, bell, end, halfway, switch, tick, '
        "or the path of a sound file."
    )


def test_a_missing_path_is_an_error() -> None:
    """And so are an empty name and a folder."""
    for name in ("/no/such/file.wav", "", str(sounds_folder())):
        with pytest.raises(SoundError, match="there is no sound"):
            find(name)
