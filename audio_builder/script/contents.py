"""What an exercise holds: what is in each kind of step, and every text that is spoken, each with its path."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, assert_never

from audio_builder.language.normalise import unspeakable
from audio_builder.script.document import Path_
from audio_builder.script.exercise import (
    DOSE,
    BreatheStep,
    Cue,
    Exercise,
    HoldStep,
    PauseStep,
    RepeatStep,
    SoundStep,
    Step,
)
from audio_builder.speech.notation import Lexicon


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What is in a step; all that is said of steps as such is said by this."""

    cues: tuple[tuple[Path_, Cue], ...] = ()
    """Each with its path inside the step."""
    steps: tuple[Step, ...] = ()
    """Other steps, under the key `steps`."""
    times: int | Literal["dose"] = 1
    """How often those are done."""
    dose: Literal["reps", "hold"] | None = None
    """The dose of the exercise that it takes, at the key that makes the step."""
    sound: str = ""
    """The sound that it names, at the key that makes the step."""


def contents(step: Step) -> Contents:
    """Tell what is in a step."""
    match step:
        case Cue():
            return Contents(cues=(((), step),))
        case HoldStep():
            cues = [(("cues", number), cue) for number, cue in enumerate(step.cues)]
            out = [(("out",), step.out)] if step.out is not None else []
            return Contents(cues=(*cues, *out), dose="hold" if step.hold == DOSE else None)
        case BreatheStep():
            words = step.breathe
            return Contents(
                cues=((("breathe", "inhale"), words.inhale), (("breathe", "exhale"), words.exhale))
            )
        case PauseStep():
            return Contents()
        case SoundStep():
            return Contents(sound=step.sound)
        case RepeatStep():
            times = step.repeat
            return Contents(steps=step.steps, times=times, dose="reps" if times == DOSE else None)
        case _:
            assert_never(step)


def walk(steps: tuple[Step, ...], path: Path_ = ("steps",)) -> Iterator[tuple[Path_, Contents]]:
    """Go through steps and the steps inside them, in the order of the script."""
    for index, step in enumerate(steps):
        here, inside = (*path, index), contents(step)
        yield here, inside
        yield from walk(inside.steps, (*here, "steps"))


def cues(exercise: Exercise) -> Iterator[tuple[Path_, Cue]]:
    """Go through the cues of an exercise."""
    for index, cue in enumerate(exercise.setup):
        yield ("setup", index), cue
    for path, step in walk(exercise.steps):
        yield from (((*path, *way), cue) for way, cue in step.cues)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """One text of an exercise."""

    text: str
    path: Path_
    is_work: bool = False
    """Whether it is spoken on each side, so that it can name one."""
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
            yield Spoken(text=cue.brief, path=place, is_work=is_work, is_repeated=repeated)


def unreadable(text: str, language: str, lexicon: Lexicon | None = None) -> str:
    """Say what is wrong with a text whose letters the voices of its language do not have; empty where nothing is."""
    letters = unspeakable((lexicon or Lexicon()).without(text), language)
    if not letters:
        return ""
    words = " ".join(word for word in text.split() if set(word) & set(letters))
    return (
        f'no voice in "{language}" can read "{words}"; write it in letters of that language, '
        "or in the lexicon how it is said"
    )
