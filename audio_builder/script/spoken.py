"""A typed exercise comes in; every text it speaks goes out with its place, in the order of the script."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from audio_builder.script.document import Path_
from audio_builder.script.exercise import (
    BreatheStep,
    Cue,
    Exercise,
    HoldStep,
    PauseStep,
    RepeatStep,
    SoundStep,
    Step,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """One text of an exercise."""

    text: str
    path: Path_
    is_work: bool = False
    """Whether it is spoken on each side, so that it can name one."""
    is_brief: bool = False
    """Whether it stands in for a fuller text."""
    is_repeated: bool = False
    """Whether there is a repeat around it."""


def spoken(exercise: Exercise) -> Iterator[Spoken]:
    """Go through the texts of an exercise."""
    yield Spoken(text=exercise.start.say, path=("start", "say"))
    for name in ("easier", "avoid"):
        yield Spoken(text=getattr(exercise, name), path=(name,))
    for path, cue in cues(exercise):
        is_work, repeated = path[0] == "steps", path.count("steps") > 1
        yield Spoken(text=cue.say, path=(*path, "say"), is_work=is_work, is_repeated=repeated)
        if cue.brief is not None:
            place = (*path, "brief")
            yield Spoken(text=cue.brief, path=place, is_work=is_work, is_repeated=repeated, is_brief=True)


def cues(exercise: Exercise) -> Iterator[tuple[Path_, Cue]]:
    """Go through the cues of an exercise."""
    for index, cue in enumerate(exercise.setup):
        yield ("setup", index), cue
    yield from _in_steps(exercise.steps, ("steps",))


def _in_steps(steps: tuple[Step, ...], path: Path_) -> Iterator[tuple[Path_, Cue]]:
    for index, step in enumerate(steps):
        yield from _in_step(step, (*path, index))


def _in_step(step: Step, path: Path_) -> Iterator[tuple[Path_, Cue]]:
    match step:
        case Cue():
            yield path, step
        case HoldStep():
            for number, cue in enumerate(step.cues):
                yield (*path, "cues", number), cue
            if step.out is not None:
                yield (*path, "out"), step.out
        case BreatheStep():
            yield (*path, "breathe", "inhale"), step.breathe.inhale
            yield (*path, "breathe", "exhale"), step.breathe.exhale
        case RepeatStep():
            yield from _in_steps(step.steps, (*path, "steps"))
        case PauseStep() | SoundStep():
            pass
