"""What cannot be inspected at all is told in one message."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from audio_builder.errors import OutputError
from audio_builder.sound.reading import sounds_folder
from audio_builder.verify import verify
from audio_builder.verify.inspection import check_files
from audio_builder.verify.probes import TONES
from tests.verify.planting import copied, good_sheet


def test_a_missing_session_is_told(tmp_path: Path) -> None:
    """Name the file and what to do."""
    with pytest.raises(OutputError, match=r"the session cannot be read: .*No such file"):
        verify(tmp_path / "nothing.mp3")


def test_an_empty_session_is_told(tmp_path: Path) -> None:
    """Refuse a file of no bytes."""
    (tmp_path / "empty.mp3").touch()
    with pytest.raises(OutputError, match="the session cannot be read"):
        verify(tmp_path / "empty.mp3")


def test_a_missing_cue_sheet_is_told(tmp_path: Path) -> None:
    """Say that a session is inspected as it was built."""
    path = copied(tmp_path)
    path.with_suffix(".json").unlink()
    with pytest.raises(OutputError, match="the session has no cue sheet beside it"):
        verify(path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"estimated": True}, "the times in this cue sheet are an estimate"),
        ({"length_samples": 10**18}, "this is not a cue sheet: length_samples: Input should be less than"),
        ({"settings": {"levels.tones_db": -9}}, "this is not a cue sheet: settings.levels.tones_db: "),
        ({"events": [{"kind": "cue"}]}, "this is not a cue sheet: events.0.start_samples: "),
    ],
)  # fmt: skip
def test_a_sheet_that_is_none_is_told(tmp_path: Path, change: dict[str, object], message: str) -> None:
    """Name the first thing that is wrong with it."""
    path = copied(tmp_path)
    beside = path.with_suffix(".json")
    sheet = json.loads(beside.read_text(encoding="utf-8"))
    beside.write_text(json.dumps(sheet | change))
    with pytest.raises(OutputError, match=re.escape(message)):
        verify(path)


def changed(path: Path, **changes: object) -> None:
    """Change fields of the cue sheet beside a session."""
    beside = path.with_suffix(".json")
    beside.write_text(json.dumps(json.loads(beside.read_text(encoding="utf-8")) | changes), encoding="utf-8")


@pytest.mark.parametrize(
    "settings",
    [
        {"pacer.low_hz": "", "levels.tones_db": "nan"},
        {"pacer.low_hz": "Infinity Hz", "pacer.sound": "bang", "levels.tones_db": "-inf"},
        {"pacer.high_hz": "NaN", "pacer.inhale_rise": "-1", "levels.tones_db": "loud"},
        {},
    ],
)
def test_settings_that_cannot_be_are_passed_over(tmp_path: Path, settings: dict[str, str]) -> None:
    """Hold the session to the usual pacer then, and to no level."""
    path = copied(tmp_path)
    changed(path, settings=settings)
    report = verify(path)
    assert [check.name for check in report.failures] == []


def test_no_file_is_opened_because_a_sheet_names_it(tmp_path: Path) -> None:
    """Name an existing sound outside of the session for each chime and for the breath: nothing is compared with it."""
    path = copied(tmp_path)
    outside = str(sounds_folder() / "end.flac")
    beside = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    events = [event | {"sound": outside} if event["kind"] == "chime" else event for event in beside["events"]]
    changed(
        path, events=events, settings=beside["settings"] | {"pacer.inhale": outside, "pacer.exhale": outside}
    )
    chimes = sum(event["kind"] == "chime" for event in events)
    tones = sum(event["kind"] in TONES for event in events)
    measured = {check.name: check.measured for check in verify(path).checks}
    assert chimes > 0 < tones
    assert measured["chime onsets"].endswith(f"{chimes} covered by speech or silent")
    assert measured["tone onsets"].endswith(f"{tones} covered by speech or silent")


def test_what_is_no_mp3_fails_its_checks_without_a_traceback(tmp_path: Path) -> None:
    """Put text in place of the MP3."""
    path = copied(tmp_path)
    path.write_text("This is no MP3. " * 1_000)
    report = verify(path)
    failed = {check.name for check in report.failures}
    assert {"frames", "info frame", "tags", "chapters"} <= failed
    assert failed & {"decoding", "decoded length"}


@pytest.mark.parametrize(
    ("ending", "content", "message"),
    [
        (".chapters.json", b"[" * 100_000, "this is not a list of chapters: Invalid JSON: recursion limit exceeded"),
        (".chapters.json", b'{"version": "1", "chapters": [{"title": "", "startTime": 0, "endTime": Infinity}]}',
         "this is not a list of chapters: chapters.0.endTime: Input should be a finite number"),
        (".chapters.json", b'{"version": "1", "chapters": [{"title": "", "startTime": -1, "endTime": 1e18}]}',
         "this is not a list of chapters: chapters.0.startTime: Input should be greater than or equal to 0"),
        (".vtt", b"\xff", "'utf-8' codec can't decode byte 0xff"),
        (".lrc", b"[" + b"9" * 5_000 + b":00.000] endless", "Exceeds the limit"),
    ],
)  # fmt: skip
def test_a_sidecar_that_cannot_be_fails_its_check(
    tmp_path: Path, ending: str, content: bytes, message: str
) -> None:
    """Say why, in the check of its name."""
    path = copied(tmp_path)
    beside = path.with_suffix(ending)
    beside.write_bytes(content)
    (check,) = [each for each in check_files(path, good_sheet()) if each.name == f"sidecar {ending}"]
    assert check.details[0].startswith(f"{beside.name} cannot be read: {message}")
