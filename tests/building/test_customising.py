"""Everything can be asked for in one place, the higher wish wins, and it can be told where a value came from."""

from __future__ import annotations

from pathlib import Path

import pytest

from audio_builder import ScriptError, load_routine, preview
from audio_builder.building import explain, spoken
from audio_builder.errors import Place
from audio_builder.script.finding import scripts_folder
from audio_builder.script.overrides import Override
from audio_builder.script.program import Program
from audio_builder.speech import estimate
from audio_builder.timebase import to_seconds

ROUTINE = """\
title: Mine
level: gentle
rest: 9s
exercises:
  - cat-cow
  - use: thread-the-needle
    hold: 5 breaths
"""


@pytest.fixture
def routine(folder: Path) -> Path:
    """Write a routine with a level and one dose of its own."""
    path = folder / "mine.yaml"
    path.write_text(ROUTINE)
    return path


def config(text: str) -> Path:
    """Write personal defaults into the working folder."""
    path = Path("config.yaml")
    path.write_text(text)
    return path


def doses(program: Program) -> dict[str, str]:
    """Give each exercise's dose."""
    return {each.name: str(each.reps or each.hold) for each in program.prescriptions}


def test_a_routine_wins_over_exercise_defaults(routine: Path) -> None:
    """Take the level for what has no dose of its own, and the dose that is written."""
    assert doses(load_routine(routine)) == {"cat-cow": "4", "thread-the-needle": "5 breaths"}


def test_personal_defaults_win_over_the_routine(routine: Path) -> None:
    """Lay the config over it; a level there wins over the routine's own doses."""
    program = load_routine(routine, config=config("level: standard\nrest: 20s\nbreath: 5/5\n"))
    assert doses(program) == {"cat-cow": "6", "thread-the-needle": "4 breaths"}
    assert {each.rest for each in program.prescriptions} == {20.0}
    assert program.routine.breath.exhale == 5.0


def test_the_command_line_wins_over_personal_defaults(routine: Path) -> None:
    """Lay a setting over the config; the rest of it stays."""
    personal = config("exercises:\n  cat-cow: {reps: 12}\nguidance: light\n")
    program = load_routine(routine, config=personal, settings={"cat-cow.reps": 8})
    assert doses(program)["cat-cow"] == "8"
    assert program.routine.guidance == "light"


def test_a_wish_for_all_exercises_loses_against_one_of_the_same_rank(routine: Path) -> None:
    """Take the closer of two settings given together."""
    program = load_routine(routine, settings={"hold": "4 breaths", "thread-the-needle.hold": "3 breaths"})
    assert doses(program)["thread-the-needle"] == "3 breaths"


def test_defaults_for_exercises_of_other_routines_wait_for_them(routine: Path) -> None:
    """Lay a config with an exercise of one's own over a routine that does not use it."""
    personal = config(
        "exercises:\n  my-cat-cow: {reps: 3}\n  side-stretch: {hold: 20s}\n  cat-cow: {reps: 7}\n"
    )
    assert doses(load_routine(routine, config=personal))["cat-cow"] == "7"
    assert doses(load_routine("gentle", config=personal))["cat-cow"] == "7"


def test_a_dose_for_all_exercises_may_find_none_to_take_it(routine: Path) -> None:
    """Keep holds in the config, and build a routine without one."""
    personal = config("hold: 3 breaths\n")
    assert doses(load_routine(routine, config=personal)) == {"cat-cow": "4", "thread-the-needle": "3 breaths"}
    assert doses(load_routine(routine, config=personal, settings={"only": "cat-cow"})) == {"cat-cow": "4"}


def test_an_empty_or_missing_config_changes_nothing(routine: Path) -> None:
    """Read no file and an empty one."""
    plain = doses(load_routine(routine))
    assert doses(load_routine(routine, config=Path("none.yaml"))) == plain
    assert doses(load_routine(routine, config=config(""))) == plain


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "guidence: light\n",
            'config.yaml:1:1: unknown key "guidence"; did you mean "guidance"?\n  guidence: light\n  ^',
        ),
        (
            "exercises:\n  cat-caw: {reps: 5}\n",
            'config.yaml:2:3: unknown key "cat-caw"; did you mean "cat-cow"?\n    cat-caw: {reps: 5}\n    ^',
        ),
        (
            "exercises:\n  cat-cow: {reps: 99}\n",
            "config.yaml:2:19: cat-cow.reps: 99 is outside the author's range of 4 to 12; stay inside it, or insist "
            "with beyond_limits (in a script, beyond_limits: true)\n    cat-cow: {reps: 99}\n                    ^",
        ),
        ("breath: fast\n", None),
    ],
)
def test_a_fault_in_the_config_is_told_with_its_line(routine: Path, text: str, message: str | None) -> None:
    """Name the file, line and column of what is wrong in the personal defaults."""
    with pytest.raises(ScriptError) as caught:
        load_routine(routine, config=config(text))
    found = str(caught.value)
    assert found.startswith("config.yaml:")
    if message is not None:
        assert found == message


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"cat-cow.reps": 40},
            "the setting cat-cow.reps: 40 is outside the author's range of 4 to 12; stay inside it, or "
            "insist with beyond_limits (in a script, beyond_limits: true)",
        ),
        (
            {"cat-cow.rep": 4},
            'the setting cat-cow.rep: there is no setting "cat-cow.rep"; did you mean "cat-cow.reps"?',
        ),
        ({"tempo": 4}, None),
        ({"cat-cow.hold": "20s"}, "the setting cat-cow.hold: this exercise has no hold to set"),
        ({"only": "cat-caw"}, None),
        (
            {"only": "cat-cow", "hold": "4 breaths"},
            "the setting hold: no exercise here has hold to set",
        ),
        (
            {"skip": "cat-cow,thread-the-needle"},
            "the setting skip: no exercise is left; keep at least one",
        ),
        (
            {"pacer.low_hz": 430},
            "the setting pacer.low_hz: high_hz: 440 Hz is too near low_hz (430 Hz) to be heard as a rise; "
            "Use 473 Hz or more.",
        ),
    ],
)
def test_a_wish_that_cannot_be_granted_is_refused(
    routine: Path, settings: dict[str, object], message: str | None
) -> None:
    """Name the setting, what was found and what would do."""
    with pytest.raises(ScriptError) as caught:
        load_routine(routine, settings=settings)
    assert message is None or str(caught.value) == message


def test_limits_may_be_passed_by_insisting(routine: Path) -> None:
    """Do forty reps where the author allows twelve."""
    program = load_routine(routine, settings={"cat-cow.reps": 40, "beyond_limits": True})
    assert doses(program)["cat-cow"] == "40"


def test_skip_and_only_choose_exercises(routine: Path) -> None:
    """Leave one out either way."""
    assert list(doses(load_routine(routine, settings={"skip": "cat-cow"}))) == ["thread-the-needle"]
    assert list(doses(load_routine(routine, settings={"only": ["cat-cow"]}))) == ["cat-cow"]


def test_explain_says_where_each_value_came_from(routine: Path) -> None:
    """Follow a default, the routine, the config and the command line."""
    wished = [Override(path="cat-cow.reps", value=7, place=Place(source="--set cat-cow.reps"))]
    found = explain(routine, settings=wished, config=config("guidance: light\n"))
    origins = {row.setting: (row.value, row.origin) for row in found}
    assert origins["switch"] == ("5s", "default")
    assert origins["rest"] == ("9s", f"{routine}:3:7")
    assert origins["guidance"] == ("light", "config.yaml:1:11")
    assert origins["cat-cow.reps"] == ("7", "--set cat-cow.reps")
    assert origins["thread-the-needle.hold"] == ("5 breaths", f"{routine}:7:11")
    assert origins["level"] == ("gentle", f"{routine}:2:8")


def test_explain_keeps_exercises_with_similar_names_apart(folder: Path) -> None:
    """Look where the doses of `cat-cow` and `my-cat-cow` were written."""
    bundled_cat_cow = scripts_folder() / "exercises" / "cat-cow.yaml"
    (folder / "my-cat-cow.yaml").write_text(bundled_cat_cow.read_text())
    path = folder / "two.yaml"
    path.write_text(
        "title: Two\nexercises:\n  - use: my-cat-cow\n    reps: 5\n  - use: cat-cow\n    reps: 7\n"
    )
    origins = {row.setting: (row.value, row.origin) for row in explain(path)}
    assert origins["my-cat-cow.reps"] == ("5", f"{path}:4:11")
    assert origins["cat-cow.reps"] == ("7", f"{path}:6:11")


def test_explain_names_the_level_that_settled_a_dose(routine: Path) -> None:
    """Follow a dose that nobody wrote to the level that chose it."""
    origins = {row.setting: row.origin for row in explain(routine)}
    assert origins["cat-cow.reps"] == f"level gentle, {routine}:2:8"


@pytest.mark.parametrize("name", ["thoracic-mobility", "five-minutes", "gentle"])
@pytest.mark.parametrize("language", ["en", "de", "es", "fr"])
def test_the_estimate_is_within_two_percent_of_the_built_length(name: str, language: str) -> None:
    """Compare the estimated total with the spoken one, with the embedded voice."""
    settings = {"language": language}
    guessed = preview(name, settings=settings, voice="espeak").length_samples
    spoken = preview(name, settings=settings, exact=True, voice="espeak").length_samples
    assert to_seconds(guessed) == pytest.approx(to_seconds(spoken), rel=0.02)


@pytest.mark.parametrize(
    ("name", "minutes"),
    [("thoracic-mobility", 14), ("thoracic-mobility", 27), ("five-minutes", 5), ("gentle", 12.5)],
)
def test_a_fitted_session_lasts_as_asked_with_measured_speech(name: str, minutes: float) -> None:
    """Fit each bundled routine with the embedded voice's own lengths, in one round and in several."""
    sheet = preview(name, settings={"length": f"{minutes:g}m"}, exact=True, voice="espeak")
    assert sheet.length_seconds == pytest.approx(60 * minutes, abs=2)
    assert not sheet.estimated


def test_a_length_is_refused_by_measured_speech_not_by_an_estimate(monkeypatch: pytest.MonkeyPatch) -> None:
    """Estimate a tenth too much: what only seemed out of reach is spoken, and then lasts as asked."""
    honest = estimate
    shortest = preview("five-minutes", settings={"level": "gentle", "rest": "5s"}, exact=True, voice="silent")
    monkeypatch.setattr(spoken, "estimate", lambda *words: 1.1 * honest(*words))
    seconds = round(shortest.length_seconds) + 1
    sheet = preview("five-minutes", settings={"length": f"{seconds}s"}, exact=True, voice="silent")
    assert sheet.length_seconds == pytest.approx(seconds, abs=2)
