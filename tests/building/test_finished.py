"""A session's file name tells its routine, its language, and what makes it another session."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from audio_builder.building.finished import check_output, session_name, target
from audio_builder.errors import OutputError, Setting
from audio_builder.script import load_routine


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({}, "thoracic-mobility"),
        ({"voice": "espeak", "quality": "high", "on_failure": "stop"}, "thoracic-mobility"),
        ({"language": "en"}, "thoracic-mobility"),
        ({"language": "de"}, "thoracic-mobility.de"),
        ({"guidance": "light"}, "thoracic-mobility-guidance-light-bd453a"),
        ({"only": "cat-cow"}, "thoracic-mobility-only-cat-cow-485f3d"),
        ({"thread-the-needle.hold": "41s"}, "thoracic-mobility-thread-the-needle-hold-41s-d9a2ce"),
        ({"language": "de", "length": "15m"}, "thoracic-mobility.de-length-15m-31f697"),
        ({"only": "cat-cow,open-book-twist", "breath": "4/4"}, "thoracic-mobility-c9a59e"),
    ],
)
def test_another_session_has_another_name(settings: dict[str, Any], name: str) -> None:
    """As written a session is called like its routine; long wishes are told by their digest."""
    assert session_name(load_routine("thoracic-mobility", settings=settings)) == name


def test_a_persons_own_words_stand_in_no_name(tmp_path: Path) -> None:
    """Neither a title nor the path of a file: the digest alone tells them apart."""
    names = {
        session_name(load_routine("thoracic-mobility", settings={"title": title}))
        for title in ("For Ann", "For Bea")
    }
    assert names == {"thoracic-mobility-585bfd", "thoracic-mobility-e96f84"}


def test_personal_defaults_make_another_session(tmp_path: Path) -> None:
    """Two people with defaults of their own have sessions of their own."""
    config = tmp_path / "config.yaml"
    config.write_text("guidance: bells\nvoice: espeak\n")
    assert session_name(load_routine("gentle", config=config)) == "gentle-guidance-bells-74a938"


def test_a_file_is_what_was_asked_for_and_a_folder_gets_the_sessions_name(tmp_path: Path) -> None:
    """A folder may be called like a file."""
    program = load_routine("gentle", settings={"language": "de"})
    (tmp_path / "folder.mp3").mkdir()
    assert target(tmp_path / "ann.mp3", program) == tmp_path / "ann.mp3"
    assert target(tmp_path / "ann", program) == tmp_path / "ann" / "gentle.de.mp3"
    assert target(tmp_path / "folder.mp3", program) == tmp_path / "folder.mp3" / "gentle.de.mp3"


@pytest.mark.parametrize("ending", [".m4b", ".m4a", ".wav", ".ogg", ".FLAC", ".opus"])
def test_another_kind_of_sound_file_is_refused(tmp_path: Path, ending: str) -> None:
    """Say what is made, and how to call it; a folder that is there may be called as it likes."""
    path = tmp_path / f"session{ending}"
    with pytest.raises(OutputError) as caught:
        check_output(path)
    assert (caught.value.message, caught.value.where, caught.value.remedy) == (
        "only MP3 is made",
        Setting("output", str(path)),
        f"Write {tmp_path / 'session.mp3'}.",
    )
    path.mkdir()
    check_output(path)
