"""What cannot be inspected at all is told in one message."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from audio_builder.errors import OutputError
from audio_builder.verify import verify
from tests.verify.planting import copied


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
        ({"version": 2}, "this is no cue sheet of version 1 at 48000 Hz"),
        ({"sections": []}, "this cue sheet is empty"),
        ({"length_samples": "long"}, "this is not a cue sheet: length_samples: "),
        ({"events": [{"kind": "cue", "start_samples": 0, "length_samples": 9, "contour": "!"}]},
         "a cue's contour is none"),
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


def test_what_is_no_mp3_fails_its_checks_without_a_traceback(tmp_path: Path) -> None:
    """Put text in place of the MP3."""
    path = copied(tmp_path)
    path.write_text("This is no MP3. " * 1_000)
    report = verify(path)
    failed = {check.name for check in report.failures}
    assert {"frames", "info frame", "tags", "chapters"} <= failed
    assert failed & {"decoding", "decoded length"}
