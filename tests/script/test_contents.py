"""What is in steps is told for every kind of step, and all texts come in the order of the script."""

from __future__ import annotations

from typing import get_args

from audio_builder.script.contents import Contents, contents, cues, spoken, walk
from audio_builder.script.exercise import (
    STEPS,
    BreathCues,
    BreatheStep,
    Cue,
    Exercise,
    HoldStep,
    PauseStep,
    RepeatStep,
    SoundStep,
    Start,
    Step,
)
from audio_builder.script.quantities import Length

LOOK, REACH, OUT = Cue(say="Look."), Cue(say="Reach.", brief="On."), Cue(say="Come back.")
HOLD = HoldStep(hold="dose", cues=(REACH,), out=OUT)
BREATHE = BreatheStep(breathe=BreathCues(inhale=LOOK, exhale=REACH))
INNER: tuple[Step, ...] = (HOLD, SoundStep(sound="switch"), PauseStep(pause=1.0))
EXERCISE = Exercise(
    name="Bend",
    about="A bend.",
    start=Start(position="standing", say="Stand."),
    easier="Bend less.",
    avoid="Leave it out.",
    sides=(),
    setup=(LOOK,),
    steps=(LOOK, RepeatStep(repeat="dose", steps=INNER), BREATHE),
)
CONTENTS: dict[Step, Contents] = {
    LOOK: Contents(cues=(((), LOOK),)),
    HOLD: Contents(cues=((("cues", 0), REACH), (("out",), OUT)), dose="hold"),
    HoldStep(hold=Length(breaths=2)): Contents(),
    BREATHE: Contents(cues=((("breathe", "inhale"), LOOK), (("breathe", "exhale"), REACH))),
    PauseStep(pause=1.0): Contents(),
    SoundStep(sound="switch"): Contents(sound="switch"),
    RepeatStep(repeat=3, steps=INNER): Contents(steps=INNER, times=3),
    RepeatStep(repeat="dose", steps=INNER): Contents(steps=INNER, times="dose", dose="reps"),
}


def test_every_kind_of_step_stands_in_the_table_and_is_tried_here() -> None:
    """Compare the union that a type checker knows with the table, and with what is tried."""
    kinds = set(get_args(Step))
    assert {group.type for group in STEPS.values()} == kinds
    assert {type(step) for step in CONTENTS} == kinds


def test_what_is_in_each_kind_of_step_is_told() -> None:
    """Compare the whole of it."""
    steps: list[Step] = list(CONTENTS)
    assert [contents(step) for step in steps] == list(CONTENTS.values())


def test_a_walk_goes_into_repeats_in_the_order_of_the_script() -> None:
    """Compare paths and contents."""
    outer, inner = ("steps",), ("steps", 1, "steps")
    assert list(walk(EXERCISE.steps)) == [
        ((*outer, 0), contents(LOOK)),
        ((*outer, 1), contents(EXERCISE.steps[1])),
        *(((*inner, index), contents(step)) for index, step in enumerate(INNER)),
        ((*outer, 2), contents(BREATHE)),
    ]


def test_cues_and_texts_know_their_paths() -> None:
    """Compare the paths of all cues, and of all texts with what is known of them."""
    hold = ("steps", 1, "steps", 0)
    breathe = ("steps", 2, "breathe")
    assert list(cues(EXERCISE)) == [
        (("setup", 0), LOOK),
        (("steps", 0), LOOK),
        ((*hold, "cues", 0), REACH),
        ((*hold, "out"), OUT),
        ((*breathe, "inhale"), LOOK),
        ((*breathe, "exhale"), REACH),
    ]
    assert [(each.text, each.path, each.is_work, each.is_repeated) for each in spoken(EXERCISE)] == [
        ("Stand.", ("start", "say"), False, False),
        ("Bend less.", ("easier",), False, False),
        ("Leave it out.", ("avoid",), False, False),
        ("Look.", ("setup", 0, "say"), False, False),
        ("Look.", ("steps", 0, "say"), True, False),
        ("Reach.", (*hold, "cues", 0, "say"), True, True),
        ("On.", (*hold, "cues", 0, "brief"), True, True),
        ("Come back.", (*hold, "out", "say"), True, True),
        ("Look.", (*breathe, "inhale", "say"), True, False),
        ("Reach.", (*breathe, "exhale", "say"), True, False),
        ("On.", (*breathe, "exhale", "brief"), True, False),
    ]
