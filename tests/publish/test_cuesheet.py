"""Cue sheets: what is read and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from audio_builder.errors import OutputError
from audio_builder.publish.cuesheet import Chapter, SheetEvent, read_cue_sheet
from tests.publish.making import PARTS, cue_sheet


def write(folder: Path, **changes: object) -> Path:
    """Write a good cue sheet with some fields changed."""
    sheet = cue_sheet("calm", title="Calm", about="", language="en", parts=PARTS) | changes
    path = folder / "calm.json"
    path.write_text(json.dumps(sheet), encoding="utf-8")
    return path


def test_a_cue_sheet_is_read_whole(tmp_path: Path) -> None:
    """Give sections and events with their times."""
    sheet = read_cue_sheet(write(tmp_path))
    assert (sheet.title, sheet.language, sheet.length_seconds) == ("Calm", "en", 60.024)
    assert sheet.sections[1] == Chapter(
        name="thread/right",
        title="Thread the Needle, right side",
        kind="exercise",
        start_seconds=6.0,
        length_seconds=24.504,
    )
    assert sheet.events[0] == SheetEvent(
        kind="cue",
        start_seconds=0.5,
        length_seconds=1.6,
        text="Welcome. Settle down on your mat.",
        section="opening",
    )
    assert len(sheet.events) == 17


def test_fields_nobody_here_needs_are_passed_over(tmp_path: Path) -> None:
    """Take a sheet with more in it than a page shows."""
    assert read_cue_sheet(write(tmp_path, extra={"anything": [1]})).title == "Calm"


BAD: dict[str, tuple[dict[str, object], str]] = {
    "another format": (
        {"format": "something else"},
        "this is no cue sheet of version 1: it says 'something else' 1",
    ),
    "a later version": (
        {"version": 2},
        "this is no cue sheet of version 1: it says 'audio-builder cue sheet' 2",
    ),
    "an estimate": ({"estimated": True}, "the times in this cue sheet are an estimate"),
    "no sections": ({"sections": []}, "this cue sheet is empty, or has no possible length"),
    "no length": ({"length_seconds": 0}, "this cue sheet is empty, or has no possible length"),
    "no number": (
        {"length_seconds": "long"},
        "this is not a cue sheet: length_seconds: Input should be a valid number",
    ),
    "no title": ({"title": "  "}, "the session has no title"),
    "a title too long": (
        {"title": "x" * 10_000},
        "title has 10,000 characters; at most 300 can be published",
    ),
    "a NUL in the title": ({"title": "a\0b"}, "title holds a character that cannot be published: U+0000"),
    "a newline in the title": ({"title": "a\nb"}, "title holds a character that cannot be published: U+000A"),
    "no XML character": ({"about": "a\ufffeb"}, "about holds a character that cannot be published: U+FFFE"),
    "an escape in a cue": (
        {"events": [{"kind": "cue", "start_seconds": 0, "length_seconds": 1, "text": "\x1b[31m"}]},
        "a cue's text holds a character that cannot be published: U+001B",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_what_a_site_would_show_wrongly_is_refused(tmp_path: Path, case: str) -> None:
    """Say what is wrong, where, and what to do."""
    changes, message = BAD[case]
    path = write(tmp_path, **changes)
    with pytest.raises(OutputError) as caught:
        read_cue_sheet(path)
    assert caught.value.message.startswith(message)
    assert caught.value.where == str(path)
    assert "again" in str(caught.value.remedy)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b'{"title": "\\ud800"}']
)
def test_rubbish_is_refused(tmp_path: Path, content: bytes) -> None:
    """Raise the one error there is for what is no cue sheet."""
    path = tmp_path / "calm.json"
    path.write_bytes(content)
    with pytest.raises(OutputError, match="this is not a cue sheet"):
        read_cue_sheet(path)


def test_numbers_that_are_none_are_refused(tmp_path: Path) -> None:
    """Take no infinite and no missing times."""
    path = write(tmp_path)
    good = path.read_text()
    for field in ('"length_seconds": 60.024', '"start_seconds": 30.504', '"length_seconds": 1.6'):
        for value in ("NaN", "Infinity", "-1", "1e999"):
            path.write_text(good.replace(field, f"{field.partition(':')[0]}: {value}"))
            with pytest.raises(OutputError, match=r"no possible length|lies outside the session"):
                read_cue_sheet(path)


def test_a_missing_cue_sheet_is_named(tmp_path: Path) -> None:
    """Say which file was looked for."""
    with pytest.raises(OutputError, match="the session has no cue sheet beside it"):
        read_cue_sheet(tmp_path / "calm.json")
