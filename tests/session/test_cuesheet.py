"""Cue sheets: what is written, what is read, what is refused, and their chapters."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from audio_builder.errors import OutputError
from audio_builder.session.cuesheet import (
    MOST_BYTES,
    MOST_CHAPTERS,
    Chapter,
    CueSheet,
    SheetEvent,
    SheetSection,
    chapters_of,
    read_sheet,
)
from tests.session.making import SHEET, written

WRITTEN = """\
{
 "format": "audio-builder cue sheet",
 "version": 1,
 "title": "Calm",
 "about": "For the evening.",
 "language": "en",
 "routine": "calm",
 "audio": "calm.mp3",
 "estimated": false,
 "sample_rate": 48000,
 "length_samples": 2880000,
 "length_seconds": 60.0,
 "builder": "0.1.0",
 "voice": {"engine": "silent", "version": "1", "voice": ""},
 "settings": {"breath.inhale": "4s"},
 "sections": [
  {"name": "opening", "title": "Welcome", "kind": "opening", "round": 1, \
"start_samples": 0, "start_seconds": 0.0, "length_samples": 480000, "length_seconds": 10.0},
  {"name": "reach/left", "title": "Reach [left] & up", "kind": "exercise", "exercise": "reach", "side": "left", \
"round": 1, "start_samples": 480000, "start_seconds": 10.0, "length_samples": 2400000, "length_seconds": 50.0}
 ],
"""


def test_a_sheet_is_written_a_line_for_each_section_and_event() -> None:
    """Times are in samples and in seconds, and what is empty is left out."""
    text = SHEET.to_json()
    assert text.startswith(WRITTEN)
    assert text.count("\n") == WRITTEN.count("\n") + len(SHEET.events) + 3
    assert (
        '  {"kind": "cue", "text": "Breathe [out] slowly.", "section": "reach/left", "exercise": "reach", '
        '"side": "left", "start_samples": 768001, "start_seconds": 16.000021, '
        '"length_samples": 48000, "length_seconds": 1.0}\n'
    ) in text


def test_what_was_written_is_read_back_whole(tmp_path: Path) -> None:
    """The reader gives the writer's own kind."""
    path = tmp_path / "calm.json"
    path.write_text(SHEET.to_json(), encoding="utf-8")
    assert read_sheet(path) == SHEET


def test_fields_of_a_later_builder_are_passed_over(tmp_path: Path) -> None:
    """A sheet with more in it than is known here is one all the same."""
    assert read_sheet(written(tmp_path / "calm.json", extra={"anything": [1]})) == SHEET


def test_nothing_in_a_sheet_can_be_changed() -> None:
    """Neither the sheet nor what is in it."""
    with pytest.raises(ValidationError, match="frozen"):
        SHEET.title = "Other"
    with pytest.raises(ValidationError, match="frozen"):
        SHEET.events[0].start_samples = 5


def test_an_event_is_named_by_its_time_and_words() -> None:
    """Long words are cut, and what has none is named by its kind and sound."""
    chime, cue = SHEET.events[:2]
    assert (chime.label, cue.label) == ("0:00.000 chime bowl", '0:02.000 "Welcome <home>."')
    long = SheetEvent(kind="cue", text="long " * 20, start_samples=48_000, length_samples=1)
    assert long.label == '0:01.000 "long long long long long long long long…"'


SECTION = {"name": "a", "title": "A", "kind": "opening"}


def _section(**changes: Any) -> dict[str, Any]:
    return {"sections": [SECTION | {"start_samples": 0, "length_samples": 1} | changes]}


def _event(**changes: Any) -> dict[str, Any]:
    return {"events": [{"kind": "cue", "start_samples": 0, "length_samples": 1} | changes]}


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "another format": (
        {"format": "something else"},
        "this is not a cue sheet: format: Input should be 'audio-builder cue sheet'",
    ),
    "a later version": ({"version": 2}, "this is not a cue sheet: version: Input should be 1"),
    "another rate": ({"sample_rate": 44_100}, "this is not a cue sheet: sample_rate: Input should be 48000"),
    "an estimate": ({"estimated": True}, "the times in this cue sheet are an estimate"),
    "no sections": ({"sections": []}, "this cue sheet is empty"),
    "no length": ({"length_samples": 0}, "this cue sheet is empty"),
    "a length in words": (
        {"length_samples": "long"},
        "this is not a cue sheet: length_samples: Input should be a valid integer",
    ),
    "a length in half samples": (
        {"length_samples": 10.5},
        "this is not a cue sheet: length_samples: Input should be a valid integer",
    ),
    "a length below nothing": (
        {"length_samples": -1},
        "this is not a cue sheet: length_samples: Input should be greater than or equal to 0",
    ),
    "an endless length": (
        {"length_samples": 10**18},
        "this is not a cue sheet: length_samples: Input should be less than or equal to 4147200000",
    ),
    "an infinite length": (
        {"length_samples": float("inf")},
        "this is not a cue sheet: length_samples: Input should be a valid integer",
    ),
    "no number": (
        {"length_samples": float("nan")},
        "this is not a cue sheet: length_samples: Input should be a valid integer",
    ),
    "an endless section": (
        _section(length_samples=10**18),
        "this is not a cue sheet: sections.0.length_samples: Input should be less than or equal to 4147200000",
    ),
    "a section of no kind": (
        _section(kind="middle"),
        "this is not a cue sheet: sections.0.kind: Input should be 'opening', 'exercise' or 'closing'",
    ),
    "an event before the start": (
        _event(start_samples=-1),
        "this is not a cue sheet: events.0.start_samples: Input should be greater than or equal to 0",
    ),
    "an event after the end": (
        _event(start_samples=60 * 48_000 + 1),
        "something in this cue sheet lies outside the session",
    ),
    "a breath of an hour": (
        _event(kind="inhale", length_samples=3_600 * 48_000),
        "0:00.000 inhale lasts 3,600 s",
    ),
    "a heap of sounds": (
        {"events": [{"kind": "chime", "start_samples": at, "length_samples": 90} for at in range(65)]},
        "65 sounds lie over each other in this cue sheet",
    ),
    "an event that is a list": (
        {"events": [[]]},
        "this is not a cue sheet: events.0: Input should be an object",
    ),
    "an event of no kind": (_event(kind="bang"), "this is not a cue sheet: events.0.kind: Input should be"),
    "a contour that is none": (
        _event(contour="ab"),
        "this is not a cue sheet: events.0.contour: String should match pattern",
    ),
    "a true text": (
        _event(text=True),
        "this is not a cue sheet: events.0.text: Input should be a valid string",
    ),
    "endless reps": (_event(rep=10**18), "this is not a cue sheet: events.0.rep: Input should be less than"),
    "settings that are numbers": (
        {"settings": {"levels.pacer_db": -9}},
        "this is not a cue sheet: settings.levels.pacer_db: Input should be a valid string",
    ),
    "settings that are a list": (
        {"settings": []},
        "this is not a cue sheet: settings: Input should be an object",
    ),
    "a voice that is a word": ({"voice": "en"}, "this is not a cue sheet: voice: Input should be an object"),
    "no title": ({"title": None}, "this is not a cue sheet: title: Input should be a valid string"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_sheet_that_cannot_be_is_refused(tmp_path: Path, case: str) -> None:
    """Say what is wrong, where, and what to do."""
    changes, message = BAD[case]
    path = written(tmp_path / "calm.json", **changes)
    with pytest.raises(OutputError) as caught:
        read_sheet(path)
    assert caught.value.message.startswith(message)
    assert (caught.value.where, caught.value.remedy) == (str(path), "Build the session again.")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"title": "\\ud800"}',
        b'{"length_samples": ' + b"9" * 5_000 + b"}",
        b'{"events": [' + b"{}," * 1_000_000 + b"{}]}",
    ],
    ids=range(10),
)
def test_rubbish_is_refused(tmp_path: Path, content: bytes) -> None:
    """Raise the one error there is for what is no cue sheet."""
    path = tmp_path / "calm.json"
    path.write_bytes(content)
    with pytest.raises(OutputError, match="this is not a cue sheet: ") as caught:
        read_sheet(path)
    assert len(caught.value.message) < 300


def test_a_huge_file_is_not_read_to_its_end(tmp_path: Path) -> None:
    """Refuse a sheet by its size; the file has a hole of a terabyte."""
    path = tmp_path / "calm.json"
    with path.open("wb") as file:
        file.truncate(MOST_BYTES * 1_000)
    with pytest.raises(OutputError, match="this cue sheet is too large to be one"):
        read_sheet(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_only_a_plain_file_is_read(tmp_path: Path) -> None:
    """Neither wait for a pipe nor read a device or a folder."""
    pipe, device, folder = tmp_path / "pipe.json", tmp_path / "zero.json", tmp_path / "folder.json"
    os.mkfifo(pipe)
    device.symlink_to("/dev/zero")
    folder.mkdir()
    for path in (pipe, device, folder):
        with pytest.raises(OutputError, match="the cue sheet is no plain file"):
            read_sheet(path)


def test_a_missing_cue_sheet_is_named(tmp_path: Path) -> None:
    """Say which file was looked for."""
    with pytest.raises(OutputError) as caught:
        read_sheet(tmp_path / "calm.json")
    assert (caught.value.message, caught.value.where) == (
        "the session has no cue sheet beside it",
        str(tmp_path / "calm.json"),
    )


def test_a_sheet_that_is_json_but_for_numbers_json_has_not_is_refused(tmp_path: Path) -> None:
    """NaN, Infinity and too large exponents, in any number."""
    good = json.dumps(json.loads(SHEET.to_json()))
    path = tmp_path / "calm.json"
    for field in ('"length_samples": 2880000', '"start_samples": 480000', '"rep": 1', '"version": 1'):
        for value in ("NaN", "-Infinity", "1e999", "-0.0001"):
            path.write_text(good.replace(field, f"{field.partition(':')[0]}: {value}"), encoding="utf-8")
            with pytest.raises(OutputError, match="this is not a cue sheet: "):
                read_sheet(path)


def sheet_of(parts: Iterable[tuple[str, str, int]]) -> CueSheet:
    """Make a sheet of sections of ten samples, each with its title, exercise and round, an opening and a closing."""
    parts = [("Welcome", "", 0), *parts, ("Closing", "", 0)]
    kinds = ["opening", *["exercise"] * (len(parts) - 2), "closing"]
    sections = [
        SheetSection.model_validate(
            {"name": str(number), "title": title, "kind": kind, "exercise": exercise, "round": turn,
             "start_samples": 10 * number, "length_samples": 10}
        )
        for number, ((title, exercise, turn), kind) in enumerate(zip(parts, kinds, strict=True))
    ]  # fmt: skip
    return SHEET.model_copy(update={"sections": tuple(sections)})


def in_round(title: str, turn: int) -> str:
    """Title a section as the compiler does."""
    return f"{title}, round {turn}" if turn > 1 else title


def test_each_section_is_a_chapter_as_long_as_they_fit() -> None:
    """255 of them do."""
    sheet = sheet_of((f"Reach {n}", f"reach-{n}", 1) for n in range(253))
    assert chapters_of(sheet) == tuple(
        Chapter(title=section.title, start=section.start_samples, end=section.end_samples)
        for section in sheet.sections
    )
    assert chapters_of(SHEET.model_copy(update={"sections": ()})) == ()


def test_past_255_there_is_one_chapter_for_each_exercise_of_a_round() -> None:
    """Its sides share it."""
    sheet = sheet_of(
        (in_round(f"Reach {n}, {side} side", turn), f"reach-{n}", turn)
        for turn in range(1, 11)
        for n in range(1, 14)
        for side in ("right", "left")
    )
    found = chapters_of(sheet)
    assert len(found) == 132
    assert found[:2] == (
        Chapter(title="Welcome", start=0, end=10),
        Chapter(title="Reach 1", start=10, end=30),
    )
    assert found[14] == Chapter(title="Reach 1, round 2", start=270, end=290)
    assert found[-1] == Chapter(title="Closing", start=2_610, end=2_620)


def test_else_there_is_one_for_each_round() -> None:
    """As of thirteen exercises in twenty rounds."""
    sheet = sheet_of(
        (in_round(f"Reach {n}", turn), f"reach-{n}", turn) for turn in range(1, 21) for n in range(1, 14)
    )
    found = chapters_of(sheet)
    assert [chapter.title for chapter in found] == [
        "Welcome", "Reach 1 – Reach 13", *(f"Round {turn}" for turn in range(2, 21)), "Closing",
    ]  # fmt: skip
    assert found[1:3] == (
        Chapter(title="Reach 1 – Reach 13", start=10, end=140),
        Chapter(title="Round 2", start=140, end=270),
    )


def test_else_neighbours_are_joined() -> None:
    """Three hundred rounds of one exercise."""
    sheet = sheet_of((in_round("Reach", turn), "reach", turn) for turn in range(1, 301))
    found = chapters_of(sheet)
    assert len(found) == 151 <= MOST_CHAPTERS
    assert [chapter.title for chapter in found[:2]] == ["Welcome – Reach", "Reach"]
    assert [chapter.start for chapter in found] == list(range(0, 3_020, 20))
    assert found[-1].end == 3_020
