"""`check` finds in its first run all that a build would find, and says each problem once."""

from __future__ import annotations

from pathlib import Path

import pytest

from audio_builder.building.checking import check_scripts
from audio_builder.errors import ScriptError
from audio_builder.script.program import load_routine

BEND = """\
name: Bend
about: A slow bend.
start: {position: standing, say: Stand tall.}
easier: Bend less.
avoid: Leave it out when it hurts.
sides: none
steps:
  - say: Bend over.
    moev: 3s
  - sound: gong
  - hold: dose
  - repeat: 2
    steps:
      - pause: soon
      - sound: switsh
      - say: Once more, {side}.
"""
ROUTINE = """\
title: Mine
gudance: light
bed: wind
exercises:
  - use: bend
    reps: 4
  - use: cat-cow
    reps: 99
    rest: 5
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder with a routine and its exercise, both wrong in many ways."""
    monkeypatch.chdir(tmp_path)
    scripts = Path("scripts")
    scripts.mkdir()
    (scripts / "bend.yaml").write_text(BEND, encoding="utf-8")
    (scripts / "mine.yaml").write_text(ROUTINE, encoding="utf-8")
    return scripts


OF_BEND = [
    'scripts/bend.yaml:9:5: unknown key "moev"; did you mean "move"?',
    'scripts/bend.yaml:10:12: sound: there is no sound "gong"; known are begin, bell, end, halfway, switch, tick, '
    "or a file beside the script",
    'scripts/bend.yaml:11:11: hold: there is no dose to use; write a length, or add "hold:" under "dose:"',
    'scripts/bend.yaml:14:16: pause: "soon" is not a length of time; write it with its unit, like "20s" or "1m30s"',
    'scripts/bend.yaml:15:16: sound: there is no sound "switsh"; did you mean "switch"?',
    'scripts/bend.yaml:16:14: {side} cannot be filled: there are no sides; write "sides: right then left", '
    "or leave it out",
]
OF_MINE = [
    'scripts/mine.yaml:2:1: unknown key "gudance"; did you mean "guidance"?',
    'scripts/mine.yaml:3:6: bed: there is no sound "wind"; known are none, waves, rain, drone, or a file beside the '
    "script",
    'scripts/mine.yaml:9:11: rest: 5 has no unit; write "5s" for seconds',
    "scripts/mine.yaml:6:11: bend.reps: this exercise has no reps to set",
    "scripts/mine.yaml:8:11: cat-cow.reps: 99 is outside the author's range of 4 to 12; stay inside it, or insist with "
    "beyond_limits (in a script, beyond_limits: true)",
]


def told(paths: list[Path]) -> list[str]:
    """Check scripts; give each problem without its excerpt."""
    return [f"{each.where}: {each.told()}" for each in check_scripts(paths).problems]


def test_an_exercise_tells_all_that_is_wrong_at_once(folder: Path) -> None:
    """Mix misspelt keys, wrong values, sounds that are not there, and parts that contradict one another."""
    assert told([folder / "bend.yaml"]) == OF_BEND


def test_a_routine_tells_all_that_is_wrong_with_it_and_its_exercises(folder: Path) -> None:
    """Expect faults of the routine, of what it asks of its exercises, and of an exercise that it uses."""
    assert sorted(told([folder / "mine.yaml"])) == sorted(OF_BEND + OF_MINE)


def test_a_folder_with_a_routine_and_its_exercise_says_everything_once(folder: Path) -> None:
    """Check the folder: the exercise is read for the routine, and by itself."""
    assert sorted(told([folder])) == sorted(OF_BEND + OF_MINE)


def test_nothing_is_told_that_comes_from_something_else_that_is_wrong(folder: Path) -> None:
    """Misspell the dose, its step, or the sides: what would fit once that is mended is no second problem."""
    sound = BEND.replace("moev", "move").replace("soon", "1s").replace("gong", "end").replace("switsh", "end")
    whole = sound.replace(
        "sides: none", "sides: right then left\ndose: {hold: {default: 20s, min: 10s, max: 30s}}"
    )
    for right, wrong in {
        "dose: {": "doze: {",
        "hold: dose": "hold: dosis",
        "sides: right": "sides: rihgt",
    }.items():
        (folder / "bend.yaml").write_text(whole.replace(right, wrong, 1), encoding="utf-8")
        assert len(told([folder / "bend.yaml"])) == 1


def test_personal_defaults_are_checked_as_a_build_would_lay_them_over(folder: Path) -> None:
    """Give a config with an unknown key and a dose out of range, and two routines that are right."""
    config = folder / "config.yaml"
    config.write_text("gudance: light\n", encoding="utf-8")
    routine = "title: Mine\nexercises: [cat-cow]\n"
    paths = [folder / "mine.yaml", folder / "mine-too.yaml"]
    for path in paths:
        path.write_text(routine, encoding="utf-8")
    found = check_scripts(paths, config=config).problems
    assert [f"{each.where}: {each.message}" for each in found] == [
        'scripts/config.yaml:1:1: unknown key "gudance"; did you mean "guidance"?'
    ]
    config.write_text("exercises: {cat-cow: {reps: 99}}\n", encoding="utf-8")
    assert [each.message for each in check_scripts(paths, config=config).problems] == [
        "99 is outside the author's range of 4 to 12"
    ]


EXERCISE = """name: Shrug
about: Shoulders up and down.
start: {position: standing, say: Stand up.}
easier: Do less.
avoid: Leave it out.
sides: none
steps:
- CUE
"""


def routine(folder: Path, cue: str, more: str = "") -> Path:
    """Write a routine with one exercise of one cue, and settings."""
    (folder / "shrug.yaml").write_text(EXERCISE.replace("CUE", cue), encoding="utf-8")
    path = folder / "mine.yaml"
    path.write_text(f"title: Mine\nexercises: [shrug.yaml]\nvoice: espeak\n{more}", encoding="utf-8")
    return path


def found(path: Path) -> tuple[list[str], list[str]]:
    """Check a routine; give the problems and the advice without their folder."""
    checked = check_scripts([path])
    return tuple(
        [str(problem).splitlines()[0].replace(f"{path.parent}/", "") for problem in each]
        for each in (checked.problems, checked.advice)
    )  # type: ignore[return-value]


def test_an_entry_of_the_lexicon_that_no_line_holds_is_told(tmp_path: Path) -> None:
    """Write three entries; two are copied from a cue, with its typography and its stroke."""
    lexicon = "lexicon:\n  Child’s pose: bala asana\n  L/R: both\n  Cobra: koe bra\n"
    path = routine(tmp_path, "Rest in Child's pose, L/R.", lexicon)
    assert found(path) == ([], ['mine.yaml:7:10: lexicon: no line holds "Cobra", so this is never said'])


def test_letters_that_no_voice_of_the_language_has_are_a_problem_with_its_place(tmp_path: Path) -> None:
    """Write Hebrew in an English session: neither check nor build takes it, but for recordings or with an entry."""
    path = routine(tmp_path, "Say שלום, slowly.")
    message = (
        'shrug.yaml:8:3: no voice in "en" can read "שלום,"; write it in letters of that language, '
        "or in the lexicon how it is said"
    )
    assert found(path) == ([message], [])
    with pytest.raises(ScriptError, match="can read"):
        load_routine(path)
    assert load_routine(path, settings={"voice": "recordings:takes"})
    with_entry = routine(tmp_path, "Say שלום, slowly.", "lexicon: {שלום: shalom}\n")
    assert found(with_entry) == ([], [])


@pytest.mark.parametrize("cue", ["'...'", "→", "😀", "'—'", "'&nbsp;'", "'**'"])
def test_a_line_without_words_is_a_problem(tmp_path: Path, cue: str) -> None:
    """Write cues of signs alone."""
    (problem,), _ = found(routine(tmp_path, cue))
    assert problem.startswith("shrug.yaml:8:3: steps: there is nothing to say in ")
    assert problem.endswith("; write words, or leave it out")
