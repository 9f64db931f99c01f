"""Finished sessions on disk."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from audio_builder.errors import OutputError
from audio_builder.files.atomic import FORMAT
from audio_builder.publish.episode import locate, read_session
from tests.publish.making import PARTS, make_session


def test_a_session_is_read_with_all_that_belongs_to_it(dist: Path) -> None:
    """Give the MP3's size, sidecars and cover."""
    session = read_session(dist / "evening.mp3")
    assert session.name == "evening"
    assert session.audio_bytes == (dist / "evening.mp3").stat().st_size
    assert [sidecar.name for sidecar in session.sidecars] == [
        "evening.json",
        "evening.vtt",
        "evening.lrc",
        "evening.chapters.json",
    ]
    assert session.cover.startswith(b"\xff\xd8\xff")
    assert session.has(".vtt")
    assert not session.has(".srt")


def test_sidecars_but_the_cue_sheet_may_be_missing(dist: Path, tmp_path: Path) -> None:
    """Name those there are."""
    for suffix in (".mp3", ".json"):
        shutil.copy(dist / f"evening{suffix}", tmp_path)
    assert [sidecar.name for sidecar in read_session(tmp_path / "evening.mp3").sidecars] == ["evening.json"]


def test_an_mp3_of_another_build_is_refused(dist: Path, tmp_path: Path) -> None:
    """Notice a cue sheet that does not fit the sound."""
    audio = make_session(tmp_path, "evening", parts=PARTS[:2])
    shutil.copy(dist / "evening.json", tmp_path)
    with pytest.raises(OutputError, match=r"the MP3 lasts 30.50 s and its cue sheet 60.02 s"):
        read_session(audio)


SHOWN_WRONGLY: dict[str, tuple[dict[str, object], str]] = {
    "no title": ({"title": "  "}, "the session has no title"),
    "a title too long": (
        {"title": "x" * 10_000},
        "title has 10,000 characters; at most 300 can be published",
    ),
    "a NUL in the title": ({"title": "a\0b"}, "title holds a character that cannot be published: U+0000"),
    "a newline in the title": ({"title": "a\nb"}, "title holds a character that cannot be published: U+000A"),
    "no XML character": ({"about": "a\ufffeb"}, "about holds a character that cannot be published: U+FFFE"),
    "an escape in a cue": (
        {"events": [{"kind": "cue", "start_samples": 0, "length_samples": 1, "text": "\x1b[31m"}]},
        "a cue's text holds a character that cannot be published: U+001B",
    ),
    "a length below nothing": (
        {"length_samples": -1},
        "this is not a cue sheet: length_samples: Input should be greater than or equal to 0",
    ),
}


@pytest.mark.parametrize("case", SHOWN_WRONGLY)
def test_words_that_a_site_would_show_wrongly_are_refused(dist: Path, tmp_path: Path, case: str) -> None:
    """Say what is wrong, where, and what to do."""
    changes, message = SHOWN_WRONGLY[case]
    shutil.copy(dist / "evening.mp3", tmp_path)
    sheet = tmp_path / "evening.json"
    sheet.write_text(json.dumps(json.loads((dist / "evening.json").read_text()) | changes))
    with pytest.raises(OutputError) as caught:
        read_session(tmp_path / "evening.mp3")
    assert (caught.value.message, caught.value.where) == (message, str(sheet))
    assert "again" in str(caught.value.remedy)


def test_what_is_no_mp3_is_refused(dist: Path, tmp_path: Path) -> None:
    """Say that it cannot be read."""
    shutil.copy(dist / "evening.json", tmp_path)
    for content in (b"", b"RIFF....WAVE", b"\0" * 100_000):
        (tmp_path / "evening.mp3").write_bytes(content)
        with pytest.raises(OutputError, match="this is not an MP3 that can be read"):
            read_session(tmp_path / "evening.mp3")


def test_a_missing_mp3_is_named(tmp_path: Path) -> None:
    """Say that there is no such session."""
    with pytest.raises(OutputError, match="there is no such session"):
        read_session(tmp_path / "none.mp3")


@pytest.mark.parametrize(
    "name", [".hidden", "a#b", "a?b", "a%b", "a:b", "a*b", 'a"b', "a<b",
             "a|b", "a\\b", "a\nb", "a.", "a ", " a", "x" * 101, "ü" * 60]
)  # fmt: skip
def test_names_that_some_host_would_not_take_are_refused(tmp_path: Path, name: str) -> None:
    """Ask for another name before anything is read."""
    with pytest.raises(OutputError, match="a session cannot be published under the name"):
        read_session(tmp_path / f"{name}.mp3")


def test_sessions_are_found_by_name_and_by_path(dist: Path) -> None:
    """Take a name, a file name, or a path; everything when nothing is named."""
    evening = dist / "evening.mp3"
    assert locate(["evening"], dist) == (evening,)
    assert locate(["evening.mp3", str(evening)], dist) == (evening, evening)
    assert locate([], dist) == (evening, dist / "thread-the-needle.mp3")


@pytest.mark.parametrize("named", [False, True])
def test_a_session_that_was_cut_short_is_finished_before_it_is_found(tmp_path: Path, named: bool) -> None:
    """Kill a build between two of its last renames: who looks for its session finds all of the new one."""
    (tmp_path / "a.mp3").write_bytes(b"new")
    (tmp_path / "a.json").write_bytes(b"old")
    (tmp_path / ".00c0ffee.1.part").write_bytes(b"new")
    listed = {"format": FORMAT, "names": ["a.mp3", "a.json"]}
    (tmp_path / ".00c0ffee.ready.part").write_text(json.dumps(listed))
    found = locate([str(tmp_path / "a.mp3")], tmp_path / "dist") if named else locate([], tmp_path)
    assert found == (tmp_path / "a.mp3",)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        "a.mp3": b"new",
        "a.json": b"new",
    }


def test_an_mp3_that_is_no_session_is_not_found_unasked(dist: Path, tmp_path: Path) -> None:
    """Pass over other MP3s in the folder."""
    (tmp_path / "song.mp3").write_bytes(b"la")
    with pytest.raises(OutputError, match="there is no finished session here"):
        locate([], tmp_path)


def test_a_misspelt_session_gets_a_suggestion(dist: Path) -> None:
    """Ask whether another was meant."""
    with pytest.raises(OutputError) as caught:
        locate(["evning"], dist)
    assert str(caught.value) == f"{dist}: there is no session 'evning'\n  Did you mean 'evening'?"
