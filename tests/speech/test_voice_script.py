"""The list of lines to record: written, numbered, and read back however a spreadsheet saved it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from audio_builder.errors import SpeechError
from audio_builder.speech.voice_script import Line, as_csv, name_of, read_lines, write_voice_script

TEXTS = (
    "Breathe in.",
    "Reach your right hand up to the ceiling.",
    "Hold for 3–5 breaths.",
    "Move *slowly* ... and only as far as is easy.",
)
LINES = [Line(text=text, section="Thread the Needle, right side") for text in TEXTS]


def test_the_voice_script_lists_each_line_once(tmp_path: Path) -> None:
    """Write the list for lines with repetitions: text, table and page agree, marks are gone."""
    paths = write_voice_script([*LINES, *LINES], tmp_path, title="Thoracic & more")
    assert [path.name for path in paths] == ["voice-script.txt", "lines.csv", "voice-script.html"]
    rows = list(csv.DictReader((tmp_path / "lines.csv").read_text("utf-8").splitlines()))
    assert [(row["number"], row["text"], row["file"]) for row in rows] == [
        ("001", "Breathe in.", "001-breathe-in.wav"),
        (
            "002",
            "Reach your right hand up to the ceiling.",
            "002-reach-your-right-hand-up-to-the-ceiling.wav",
        ),
        ("003", "Hold for 3–5 breaths.", "003-hold-for-3-to-5-breaths.wav"),
        ("004", "Move slowly and only as far as is easy.", "004-move-slowly-and-only-as-far-as-is-easy.wav"),
    ]
    text = (tmp_path / "voice-script.txt").read_text("utf-8")
    assert "Thread the Needle, right side\n-----" in text
    assert "002  Reach your right hand up to the ceiling.\n" in text
    page = (tmp_path / "voice-script.html").read_text("utf-8")
    assert "<h1>Thoracic &amp; more</h1>" in page
    assert page.count("<td>☐</td>") == 4


def test_a_new_voice_script_keeps_the_numbers_of_the_old_one(tmp_path: Path) -> None:
    """Change the routine and write the list again: known lines keep their number, none is given anew."""
    write_voice_script(LINES, tmp_path, title="One")
    write_voice_script([Line(text="New."), LINES[2], LINES[0]], tmp_path, title="Two")
    write_voice_script([Line(text="Newer."), LINES[1]], tmp_path, title="Three")
    rows = csv.DictReader((tmp_path / "lines.csv").read_text("utf-8").splitlines())
    assert {row["text"]: int(row["number"]) for row in rows} == {
        "Breathe in.": 1,
        "Reach your right hand up to the ceiling.": 2,
        "Hold for 3–5 breaths.": 3,
        "Move slowly and only as far as is easy.": 4,
        "New.": 5,
        "Newer.": 6,
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_list_is_read_as_a_spreadsheet_saved_it(tmp_path: Path, delimiter: str, encoding: str) -> None:
    """Save it between commas, semicolons and tabs, in each encoding, with empty rows and plain numbers."""
    lines = (
        (1, Line(text="Öffne die Arme; weit, ja.", language="de")),
        (12, Line(text="Atme ein.", language="de")),
    )
    rows = [row for row in csv.reader(as_csv(lines).splitlines()) if row]
    rows = [[cell.lstrip("0") if index == 0 else cell for index, cell in enumerate(row)] for row in rows]
    path = tmp_path / "lines.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        table = csv.writer(file, delimiter=delimiter)
        table.writerows([rows[0], rows[1], ["", "", "", "", ""], rows[2], [], ["", ""]])
    assert read_lines(path) == lines


def test_columns_may_be_moved_and_left_out(tmp_path: Path) -> None:
    """Keep the number and the text alone, under a hint to Excel."""
    path = tmp_path / "lines.csv"
    path.write_text("sep=;\nText;NUMBER\nBreathe in.;3\n", "utf-8")
    assert read_lines(path) == ((3, Line(text="Breathe in.")),)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", 'its first row has no "number" and no "text"'),
        ("nummer;text\n1;Breathe in.\n", 'its first row has no "number"'),
        ("number,text\n1\n", "row 2 has no number or no text"),
        ("number,text\n1,Breathe in.\ntwo,Breathe out.\n", "row 3 has no number or no text"),
        ("number,text\n-1,Breathe in.\n", "row 2 has no number or no text"),
        (
            "number,text\n1,Breathe in.\n01,breathe in\n1,Breathe out.\n",
            "number 1 stands before two different lines",
        ),
        (f"number,text\n{'9' * 5_000},Breathe in.\n", "row 2 has no number or no text"),
        (f"number,text\n1,{'a' * 200_000}\n", "field larger than field limit (131072)"),
    ],
)
def test_a_broken_list_says_what_is_wrong(tmp_path: Path, content: str, problem: str) -> None:
    """Break it: the message names file and row, and what to do."""
    path = tmp_path / "lines.csv"
    path.write_text(content, "utf-8")
    with pytest.raises(SpeechError) as caught:
        read_lines(path)
    assert str(caught.value) == (
        f"{path}: the list of lines cannot be read: {problem}\n  write it again with voice-script"
    )


def test_a_list_that_is_no_list_is_too_large(tmp_path: Path) -> None:
    """Name a large file so: no more of it is read than a list may have."""
    path = tmp_path / "lines.csv"
    with path.open("wb") as file:
        file.truncate(1 << 34)
    with pytest.raises(SpeechError, match="it is larger than 16 MB"):
        read_lines(path)


def test_a_new_list_is_written_over_a_broken_one(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Write the voice script into a folder with a broken list: it is kept aside, and a warning says so."""
    (tmp_path / "lines.csv").write_text("broken", "utf-8")
    write_voice_script(LINES, tmp_path, title="Test")
    assert [number for number, _ in read_lines(tmp_path / "lines.csv")] == [1, 2, 3, 4]
    assert (tmp_path / "lines-unreadable.csv").read_text("utf-8") == "broken"
    (told,) = [record.getMessage() for record in caplog.records]
    assert told == (
        f'{tmp_path}/lines.csv: the list of lines cannot be read: its first row has no "number" and no "text"; '
        "it is now lines-unreadable.csv, and lines are numbered anew"
    )


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Breathe in.", "breathe-in"),
        ("Don't hurry!", "dont-hurry"),
        ("Rückseite der Hüfte", "ruckseite-der-hufte"),
        ("Cat-Cow: 3–5 *slow* breaths ... now", "cat-cow-3-to-5-slow-breaths-now"),
    ],
)
def test_names_are_plain(text: str, name: str) -> None:
    """Name lines: no accents, no marks, no punctuation."""
    assert name_of(text, "en") == name
