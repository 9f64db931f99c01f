"""Names and paths of scripts mean the files they should, or the nearest names are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from audio_builder.errors import ScriptError
from audio_builder.script.finding import (
    bundled,
    exercise_path,
    in_language,
    is_path,
    routine_path,
    scripts_folder,
)
from audio_builder.script.program import load_exercise, load_routine

NAMES = ["cat-cow", "downward-dog-to-plank", "open-book-twist", "prone-scorpion", "thread-the-needle"]


@pytest.mark.parametrize("language", ["en", "de", "es", "fr"])
def test_every_language_has_every_exercise_and_routine(language: str) -> None:
    """List the bundled scripts of each language."""
    assert list(bundled("exercises", language)) == NAMES
    assert list(bundled("routines", language)) == ["five-minutes", "gentle", "thoracic-mobility"]


def test_a_language_nobody_speaks_here_has_none() -> None:
    """List the bundled scripts of another language."""
    assert bundled("exercises", "tlh") == {}


def test_a_routine_is_found_by_name_in_its_language_and_by_path() -> None:
    """Find bundled routines and a file."""
    assert routine_path("gentle") == scripts_folder() / "routines" / "gentle.yaml"
    assert routine_path("gentle", "de") == scripts_folder() / "routines" / "gentle.de.yaml"
    assert routine_path("my/gentle.yaml", "de") == Path("my/gentle.yaml")


def test_a_script_in_a_language_is_the_file_beside_it(tmp_path: Path) -> None:
    """Lay a script in two languages side by side, and ask each for each; English is the one without a language."""
    english, german, other = (tmp_path / name for name in ("bend.yaml", "bend.de.yaml", "turn.de.yaml"))
    for path in (english, german, other):
        path.touch()
    assert [in_language(english, tongue) for tongue in ("en", "de", "fr")] == [english, german, english]
    assert [in_language(german, tongue) for tongue in ("en", "de", "fr")] == [english, german, german]
    assert in_language(other, "en") == other
    assert in_language(english, "../de") == english


def test_a_routine_is_the_file_that_was_named_where_no_language_is_asked(tmp_path: Path) -> None:
    """Lay an English version beside a German one, and name the latter."""
    for name in ("gentle.de.yaml", "gentle.en.yaml"):
        (tmp_path / name).touch()
    assert routine_path(str(tmp_path / "gentle.de.yaml")) == tmp_path / "gentle.de.yaml"
    assert routine_path(str(tmp_path / "gentle.de.yaml"), "en") == tmp_path / "gentle.en.yaml"


def test_a_misspelt_routine_is_answered_with_the_nearest_or_with_all() -> None:
    """Compare both whole messages."""
    with pytest.raises(ScriptError) as near:
        routine_path("gentel")
    assert str(near.value) == (
        'gentel: there is no bundled routine of this name; did you mean "gentle"? '
        "(a file is named with its ending, like my.yaml)"
    )
    with pytest.raises(ScriptError) as far:
        routine_path("handstand")
    assert "bundled are five-minutes, gentle, thoracic-mobility" in str(far.value)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("gentle", False),
        ("gentle.yaml", True),
        ("gentle.yml", True),
        ("my/gentle", True),
        ("my\\gentle", True),
    ],
)
def test_a_path_is_told_from_a_name(text: str, path: bool) -> None:
    """Tell endings and folders of both systems."""
    assert is_path(text) is path


def test_an_exercise_beside_the_routine_wins_over_a_bundled_one(tmp_path: Path) -> None:
    """Lay files of one's own beside the routine, nearer and nearer; each wins over the last."""
    assert exercise_path("cat-cow", tmp_path) == scripts_folder() / "exercises" / "cat-cow.yaml"
    (tmp_path / "exercises").mkdir()
    for name in ("exercises/cat-cow.yaml", "cat-cow.yaml"):
        (tmp_path / name).touch()
        assert exercise_path("cat-cow", tmp_path) == tmp_path / name
    assert exercise_path("exercises/cat-cow.yaml", tmp_path) == tmp_path / "exercises" / "cat-cow.yaml"
    assert exercise_path("exercises\\cat-cow.yaml", tmp_path) == tmp_path / "exercises" / "cat-cow.yaml"


def test_the_language_chooses_among_files_of_ones_own(tmp_path: Path) -> None:
    """Lay an exercise in two languages beside a routine."""
    for name in ("bend.yaml", "bend.de.yaml"):
        (tmp_path / name).touch()
    assert exercise_path("bend", tmp_path).name == "bend.yaml"
    assert exercise_path("bend", tmp_path, "de").name == "bend.de.yaml"
    assert exercise_path("bend", tmp_path, "fr").name == "bend.yaml"


@pytest.mark.parametrize(
    ("use", "message"),
    [
        ("cat-cwo", 'there is no exercise "cat-cwo"; did you mean "cat-cow"?'),
        ("handstand", f'there is no exercise "handstand"; bundled are {", ".join(NAMES)}'),
        ("bend.yaml", 'there is no file "bend.yaml" beside the routine'),
        (
            "../bend.yaml",
            'the file "../bend.yaml" lies outside the routine\'s folder; copy it beside the routine',
        ),
        ("a\0b", f'there is no exercise "a\ufffdb"; bundled are {", ".join(NAMES)}'),
        ("a\0b.yaml", 'there is no file "a\ufffdb.yaml" beside the routine'),
    ],
)
def test_an_exercise_that_is_not_there_is_told_with_what_is(use: str, message: str, tmp_path: Path) -> None:
    """Compare the whole message."""
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        exercise_path(use, tmp_path)
    assert str(caught.value) == message


def test_a_misspelt_exercise_of_ones_own_is_answered_with_its_name(tmp_path: Path) -> None:
    """Lay one beside the routine and one into its `exercises` folder."""
    (tmp_path / "exercises").mkdir()
    for name in ("side-stretch.yaml", "exercises/sun-breath.de.yaml"):
        (tmp_path / name).touch()
    for use, meant in (("side-strech", "side-stretch"), ("sunbreath", "sun-breath")):
        with pytest.raises(ValueError, match=f'did you mean "{meant}"') as caught:
            exercise_path(use, tmp_path)
        assert str(caught.value) == f'there is no exercise "{use}"; did you mean "{meant}"?'


def test_a_routine_named_without_its_ending_is_answered_with_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Name a file of the working folder, and a folder, as if they were bundled."""
    monkeypatch.chdir(tmp_path)
    Path("evening.yaml").touch()
    Path("mornings").mkdir()
    with pytest.raises(ScriptError) as caught:
        routine_path("evening")
    assert str(caught.value) == (
        'evening: there is no bundled routine of this name; did you mean "evening.yaml"? '
        "(a file is named with its ending, like my.yaml)"
    )
    with pytest.raises(ScriptError) as caught:
        routine_path("mornings")
    assert str(caught.value) == "mornings: this is a folder, not a script; name the file inside it"


@pytest.mark.parametrize("ending", [".yaml", ".yml"])
def test_a_path_without_its_ending_is_told_with_it(
    ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Name a script in a folder without its ending, or with the other, as a routine and as an exercise of one."""
    monkeypatch.chdir(tmp_path)
    Path("lib").mkdir()
    Path(f"lib/sub{ending}").touch()
    other = "lib/sub.yml" if ending == ".yaml" else "lib/sub.yaml"
    for name in ("lib/sub", other):
        for load in (load_routine, load_exercise):
            with pytest.raises(ScriptError) as caught:
                load(Path(name))
            assert str(caught.value) == f'{name}: there is no such file; did you mean "lib/sub{ending}"?'
    with pytest.raises(ValueError, match="there is no file") as refused:
        exercise_path("lib/sub", Path())
    assert (
        str(refused.value)
        == f'there is no file "lib/sub" beside the routine; did you mean "lib/sub{ending}"?'
    )
