"""Wished-for settings give the doses to do, or the limits they break."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from audio_builder.errors import ScriptError
from audio_builder.script.overrides import from_text
from audio_builder.script.program import Program, load_routine
from audio_builder.script.quantities import Length
from audio_builder.sound.settings import Bed, Levels, Warmth
from audio_builder.sound.settings import Pacer as SoundPacer

EXERCISE = """\
name: Bend
about: A bend.
start: {position: standing, say: Stand up.}
easier: Sit.
avoid: Leave it out if it hurts.
sides: none
dose:
  reps: {default: 4, min: 2, max: 6}
  hold: {default: 20s, min: 10s, max: 40s}
steps:
  - repeat: dose
    steps:
      - Bend.
  - hold: dose
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a working folder with an exercise that has both doses."""
    (tmp_path / "bend.yaml").write_text(EXERCISE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def program(text: str = "exercises: [bend]", **settings: Any) -> Program:
    """Load a routine of the given keys with settings, written `bend__reps` for `bend.reps`."""
    Path("mine.yaml").write_text(f"title: Mine\n{text}\n", encoding="utf-8")
    return load_routine(
        "mine.yaml", settings={key.replace("__", "."): value for key, value in settings.items()}
    )


def refusal(text: str = "exercises: [bend]", **settings: Any) -> str:
    """Load a routine that is refused; give the message."""
    with pytest.raises(ScriptError) as caught:
        program(text, **settings)
    return str(caught.value)


@pytest.mark.parametrize(
    ("level", "reps", "hold"),
    [
        ("gentle", 2, Length(seconds=10)),
        ("standard", 4, Length(seconds=20)),
        ("strong", 6, Length(seconds=40)),
    ],
)
def test_the_level_chooses_inside_the_authors_range(home: Path, level: str, reps: int, hold: Length) -> None:
    """Ask for each level, in the routine and as a setting."""
    for loaded in (program(f"level: {level}\nexercises: [bend]"), program(level=level)):
        assert [(each.reps, each.hold) for each in loaded.prescriptions] == [(reps, hold)]


def test_a_dose_of_its_own_wins_over_the_level_of_the_routine(home: Path) -> None:
    """Give an exercise reps of its own in a strong routine; a level on the command line wins over both."""
    text = "level: strong\nexercises: [{use: bend, reps: 3}]"
    assert program(text).prescriptions[0].reps == 3
    assert program(text).prescriptions[0].hold == Length(seconds=40)
    assert program(text, level="gentle").prescriptions[0].reps == 2
    assert program(text, level="gentle", bend__reps=5).prescriptions[0].reps == 5


def test_a_setting_names_all_places_of_an_exercise(home: Path) -> None:
    """Set the reps of an exercise that stands in the routine twice."""
    loaded = program("exercises: [bend, cat-cow, bend]", bend__reps=5)
    assert [each.reps for each in loaded.prescriptions] == [5, 6, 5]


def test_a_hold_may_be_asked_for_in_breaths_of_the_routines_pace(home: Path) -> None:
    """Ask for breaths where the author wrote seconds; the pace says whether they fit."""
    assert program(bend__hold="4 breaths").prescriptions[0].hold == Length(breaths=4)
    assert "is outside the author's range of 10s to 40s" in refusal(bend__hold="5 breaths")
    assert program(bend__hold="5 breaths", breath="3/4").prescriptions[0].hold == Length(breaths=5)


@pytest.mark.parametrize("reps", [2, 6])
def test_the_limits_themselves_are_inside(home: Path, reps: int) -> None:
    """Ask for the least and the most."""
    assert program(bend__reps=reps).prescriptions[0].reps == reps


@pytest.mark.parametrize("reps", [1, 7])
def test_past_the_limits_one_must_insist(home: Path, reps: int) -> None:
    """Ask for less and for more than the author's range, with and without insisting."""
    said = refusal(bend__reps=reps)
    assert said.startswith(
        f"the setting bend.reps: {reps} is outside the author's range of 2 to 6; stay inside it, or insist"
    )
    assert program(bend__reps=reps, beyond_limits=True).prescriptions[0].reps == reps


def test_every_dose_outside_its_range_is_told_at_once(home: Path) -> None:
    """Ask for two impossible doses of two exercises."""
    said = refusal("exercises: [{use: bend, reps: 60}, {use: cat-cow, reps: 60}]")
    told = [line.split(": ")[1] for line in said.split("\n") if line.startswith("mine")]
    assert told == ["bend.reps", "cat-cow.reps"]


def test_one_phase_of_a_pace_is_set_alone(home: Path) -> None:
    """Set the inhale of a pace in its short form; the rest stays."""
    breath = program("breath: 4/6\nexercises: [bend]", breath__inhale="5s").routine.breath
    assert (breath.inhale, breath.exhale) == (5, 6)


WRONG: dict[str, tuple[Any, str]] = {
    "bend.rep": (3, 'there is no setting "bend.rep"; did you mean "bend.reps"?'),
    "guidence": ("full", 'there is no setting "guidence"; did you mean "guidance"?'),
    "bnd.reps": (3, 'there is no setting "bnd"; did you mean "bend"?'),
    "guidance": ("loud", '"loud" is not known here; write one of full, light, bells'),
    "rest": (20, '20 has no unit; write "20s" for seconds'),
    "title": ("a\u202eb", "this text holds an invisible character (U+202E); take it out"),
    "voice": ("a\udcffb", "this text holds an invisible character (U+DCFF); take it out"),
    "breath.inhail": ("4s", 'unknown key "inhail"; did you mean "inhale"?'),
}


@pytest.mark.parametrize("path", WRONG)
def test_a_wrong_setting_is_told_by_its_own_name(home: Path, path: str) -> None:
    """Compare the whole message."""
    value, message = WRONG[path]
    assert refusal(**{path: value}) == f"the setting {path}: {message}"


@pytest.mark.parametrize(
    ("option", "path", "value"),
    [
        ("cat-cow.reps=10", "cat-cow.reps", 10),
        ("thread-the-needle.hold=5 breaths", "thread-the-needle.hold", "5 breaths"),
        ("breath=4/6", "breath", "4/6"),
        ("safety=off", "safety", "off"),
        ("beyond_limits=true", "beyond_limits", True),
        ("title=a=b", "title", "a=b"),
        (" rest = 20s ", "rest", "20s"),
        ("only=[cat-cow]", "only", ["cat-cow"]),
    ],
)
def test_options_are_read_as_plain_values(option: str, path: str, value: Any) -> None:
    """Read settings as they come from the command line."""
    read = from_text(option, source="--set")
    assert (read.path, read.value, str(read.place)) == (path, value, f"--set {path}")


@pytest.mark.parametrize("option", ["cat-cow.reps", "=10", ""])
def test_an_option_without_a_name_or_a_value_is_told(option: str) -> None:
    """Compare the whole message."""
    with pytest.raises(ScriptError) as caught:
        from_text(option, source="--set")
    assert str(caught.value) == f'--set {option}: write a setting and its value, like "cat-cow.reps=10"'


def test_loading_changes_nothing_in_the_document_of_the_routine(home: Path) -> None:
    """Load with and without settings; the plain routine stays as it was written."""
    assert program(bend__reps=5).routine.rest == 12
    assert program(rest="20s").routine.rest == 20
    assert program().routine.rest == 12


def test_settings_of_the_sound_are_the_classes_of_the_sound() -> None:
    """Ask a routine's pacer for what only the sound's own class can tell."""
    routine = load_routine().routine
    assert (type(routine.levels), type(routine.bed), type(routine.warmth)) == (Levels, Bed, Warmth)
    assert routine.pacer.tones == SoundPacer()
    assert routine.pacer.closing_shares == SoundPacer().closing_shares
