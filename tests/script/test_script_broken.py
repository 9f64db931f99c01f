"""Each script with one defect gets one exact message, as a teacher reads it."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from audio_builder.cli.options import called
from audio_builder.errors import ScriptError
from audio_builder.language import LANGUAGES
from audio_builder.script.finding import bundled
from audio_builder.script.program import load_exercise, load_routine

BROKEN = Path(__file__).parent / "broken"
EXERCISES = sorted((BROKEN / "exercises").glob("*.yaml"))
ROUTINES = sorted((BROKEN / "routines").glob("*.yaml"))
SEVERAL = sorted((BROKEN / "several").glob("*.yaml"))


def refused(path: Path, *, routine: bool) -> ScriptError:
    """Load a script by its bare name, so that messages hold no folder; give the error."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(path.parent)
        with pytest.raises(ScriptError) as caught:
            (load_routine if routine else load_exercise)(Path(path.name))
    return caught.value


def is_routine(path: Path) -> bool:
    """Tell which kind a broken script was meant to be."""
    return path.parent.name == "routines" or (path in SEVERAL and path.name.startswith("routine"))


def expected(path: Path) -> str:
    """Read the message that belongs to a broken script."""
    text = path.with_suffix(".expected").read_text(encoding="utf-8").removesuffix("\n")
    return text.replace("LANGUAGES", ", ".join(LANGUAGES))


@pytest.mark.parametrize("path", EXERCISES, ids=lambda path: path.stem)
def test_one_defect_in_an_exercise_gives_one_exact_message(path: Path) -> None:
    """Compare the whole message, excerpt and caret included."""
    error = refused(path, routine=False)
    assert error.worded(called) == expected(path)
    assert len(error.problems) == 1


@pytest.mark.parametrize("path", ROUTINES, ids=lambda path: path.stem)
def test_one_defect_in_a_routine_gives_one_exact_message(path: Path) -> None:
    """Compare the whole message, excerpt and caret included."""
    error = refused(path, routine=True)
    assert error.worded(called) == expected(path)
    assert len(error.problems) == 1


@pytest.mark.parametrize("path", SEVERAL, ids=lambda path: path.stem)
def test_several_defects_are_told_at_once_in_the_order_of_the_file(path: Path) -> None:
    """Compare the whole message, and that its lines go down the file."""
    error = refused(path, routine=is_routine(path))
    assert error.worded(called) == expected(path)
    places = [(problem.where.line, problem.where.column) for problem in error.problems]
    assert len(places) > 1
    assert places == sorted(places)


def test_there_are_many_broken_scripts_and_each_has_its_message() -> None:
    """Keep files and messages in pairs, and both kinds well stocked."""
    scripts = {path.with_suffix("") for path in BROKEN.rglob("*.yaml")}
    assert scripts == {path.with_suffix("") for path in BROKEN.rglob("*.expected")}
    assert len(EXERCISES) >= 100
    assert len(ROUTINES) >= 50


def test_every_message_shows_its_line_with_a_caret_under_the_place() -> None:
    """Find the caret of each message under the column that the message names."""
    without = set()
    for path in [*EXERCISES, *ROUTINES, *SEVERAL]:
        for problem in refused(path, routine=is_routine(path)).problems:
            if not problem.excerpt:
                without.add(path.stem)
                continue
            line, caret = problem.excerpt.split("\n")
            assert caret.strip() == "^", path
            assert caret.index("^") <= len(line), path
            if "\u200b" not in path.read_text(encoding="utf-8"):
                assert caret.index("^") == 2 + problem.where.column - 1, path
    assert without == {"empty", "comments-only"}


GOOD = b"name: Side Bend\nabout: A slow bend.\n"
BYTES = {
    "in Latin-1": (
        b"name: Side Bend\nabout: Eine \xdcbung f\xfcr die Seite.\n",
        'script.yaml:2:13: this character is not UTF-8; save the file as UTF-8\n'
        "  about: Eine \ufffdbung f\ufffdr die Seite.\n              ^",
    ),
    "in Latin-1 after an umlaut in UTF-8": (
        "name: Übung\nabout: Über ".encode() + b"\xe9.\n",
        "script.yaml:2:13: this character is not UTF-8; save the file as UTF-8\n"
        "  about: Über \ufffd.\n              ^",
    ),
    "in UTF-16": (GOOD.decode().encode("utf-16"), "script.yaml: this file is in UTF-16; save it as UTF-8"),
    "in UTF-16 the other way round": (
        b"\xfe\xff" + GOOD.decode().encode("utf-16-be"),
        "script.yaml: this file is in UTF-16; save it as UTF-8",
    ),
    "a picture": (
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
        "script.yaml: this is a binary file, not a script; scripts are plain text",
    ),
    "with a bidi character": (
        "name: Side \u202eBend\n".encode(),
        "script.yaml:1:12: an invisible character (U+202E) stands here; delete it\n"
        "  name: Side \ufffdBend\n             ^",
    ),
    "with a control character": (
        b"name: Side \x1b[31mBend\n",
        "script.yaml:1:12: an invisible character (U+001B) stands here; delete it\n"
        "  name: Side \ufffd[31mBend\n             ^",
    ),
    "with a line separator": (
        "name: Side\u2028Bend\n".encode(),
        "script.yaml:1:11: an invisible character (U+2028) stands here; delete it\n"
        "  name: Side\ufffdBend\n            ^",
    ),
    "with a file separator": (
        b"name: Side\nabout: slow\x1cbend\n",
        "script.yaml:2:12: an invisible character (U+001C) stands here; delete it\n"
        "  about: slow\ufffdbend\n             ^",
    ),
    "rich text": (
        b"{\\rtf1\\ansi name: Side Bend}",
        "script.yaml: this is a document of a word processor; save it as plain text",
    ),
    "with a wide character before the place": (
        "name: [体操, 5\n".encode(),
        'script.yaml:1:7: a "[" is opened here and not closed, or a comma is missing in it\n'
        "  name: [体操, 5\n        ^",
    ),
    "with wide characters in front of the caret": (
        "name: 体操: 五\n".encode(),
        "script.yaml:1:9: a text with a colon in it must stand in quotes\n"
        "  name: 体操: 五\n            ^",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BYTES)
def test_a_file_that_is_no_clean_text_gives_one_exact_message(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Compare the whole message for wrong encodings, binary files and characters that nobody sees."""
    data, message = BYTES[name]
    monkeypatch.chdir(tmp_path)
    Path("script.yaml").write_bytes(data)
    with pytest.raises(ScriptError) as caught:
        load_exercise(Path("script.yaml"))
    assert str(caught.value) == message


@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "byte order mark"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_what_editors_do_to_a_good_file_changes_nothing(mark: str, newline: str, tmp_path: Path) -> None:
    """Load a bundled exercise with a byte order mark and with the line ends of each system."""
    original = bundled("exercises")["open-book-twist"]
    copy = tmp_path / "copy.yaml"
    copy.write_bytes((mark + original.read_text(encoding="utf-8").replace("\n", newline)).encode("utf-8"))
    assert load_exercise(copy)[1] == load_exercise(original)[1]


def test_problems_of_a_routine_and_of_its_own_exercise_come_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Break a routine and the exercise beside it; expect both problems in one error, each with its file."""
    monkeypatch.chdir(tmp_path)
    exercise = (BROKEN / "exercises" / "key-misspelt.yaml").read_text(encoding="utf-8")
    Path("side-bend.yaml").write_text(exercise, encoding="utf-8")
    Path("mine.yaml").write_text("title: Mine\nrest: 10\nexercises: [side-bend]\n", encoding="utf-8")
    with pytest.raises(ScriptError) as caught:
        load_routine(Path("mine.yaml"))
    assert [Path(str(problem.where)).name for problem in caught.value.problems] == [
        "mine.yaml:2:7",
        "side-bend.yaml:7:1",
    ]


def test_a_script_error_survives_pickling() -> None:
    """Send an error through pickle, as worker processes do, and compare all of it."""
    error = refused(EXERCISES[0], routine=False)
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.problems) == (str(error), error.problems)
