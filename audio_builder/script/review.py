"""A typed exercise comes in; what its parts contradict in one another goes out as problems."""

from __future__ import annotations

from collections.abc import Iterator

from audio_builder.errors import Problem
from audio_builder.script.document import Document, Path_
from audio_builder.script.exercise import (
    DOSE,
    BreatheStep,
    Cue,
    Exercise,
    HoldDose,
    HoldStep,
    PauseStep,
    RepeatStep,
    SoundStep,
    Step,
)
from audio_builder.script.quantities import Length
from audio_builder.script.texts import SIDED, names_in

MAX_ROUNDS = 2_000
"""How often the innermost step of an exercise may be done in all."""


def review(document: Document, exercise: Exercise) -> list[tuple[Path_, Problem]]:
    """Find everything in an exercise that no single field shows."""
    found = [*_dose(exercise), *_texts(exercise), *_steps(exercise.steps, exercise, ("steps",), 1)]
    used = set(_doses_used(exercise.steps))
    for name in ("reps", "hold"):
        if getattr(exercise.dose, name) is not None and name not in used:
            step = "repeat" if name == "reps" else "hold"
            found.append((("dose", name), f'{name}: no step uses this dose; write "{step}: dose" in the steps'))
    return [(path, document.problem(path, message)) for path, message in found]


def _dose(exercise: Exercise) -> Iterator[tuple[Path_, str]]:
    reps, hold = exercise.dose.reps, exercise.dose.hold
    if reps is not None and not reps.min <= reps.default <= reps.max:
        yield ("dose", "reps"), f"reps: the default {reps.default} is not between {reps.min} and {reps.max}"
    if hold is not None:
        yield from _hold_dose(hold)


def _hold_dose(hold: HoldDose) -> Iterator[tuple[Path_, str]]:
    lengths = (hold.min, hold.default, hold.max)
    if len({bool(length.breaths) for length in lengths}) == 2:
        yield ("dose", "hold"), "hold: default, min and max must all be in breaths, or all in seconds"
        return
    low, default, high = (_size(length) for length in lengths)
    if not low <= default <= high:
        yield ("dose", "hold"), f"hold: the default {hold.default} is not between {hold.min} and {hold.max}"


def _size(length: Length) -> float:
    return length.breaths or length.seconds


def _doses_used(steps: tuple[Step, ...]) -> Iterator[str]:
    for step in steps:
        if isinstance(step, HoldStep) and step.hold == DOSE:
            yield "hold"
        if isinstance(step, RepeatStep):
            if step.repeat == DOSE:
                yield "reps"
            yield from _doses_used(step.steps)


def _texts(exercise: Exercise) -> Iterator[tuple[Path_, str]]:
    for name in ("easier", "avoid"):
        yield from _text(getattr(exercise, name), exercise, (name,), in_repeat=False)
    yield from _text(exercise.start.say, exercise, ("start", "say"), in_repeat=False)
    for index, cue in enumerate(exercise.setup):
        yield from _cue(cue, exercise, ("setup", index), in_repeat=False)


def _steps(steps: tuple[Step, ...], exercise: Exercise, path: Path_, times: int) -> Iterator[tuple[Path_, str]]:
    for index, step in enumerate(steps):
        yield from _step(step, exercise, (*path, index), times)


def _step(step: Step, exercise: Exercise, path: Path_, times: int) -> Iterator[tuple[Path_, str]]:
    repeated = len(path) > 2
    match step:
        case Cue():
            yield from _cue(step, exercise, path, in_repeat=repeated)
        case HoldStep():
            if step.hold == DOSE and exercise.dose.hold is None:
                yield (*path, "hold"), 'hold: there is no dose to use; write a length, or add "hold:" under "dose:"'
            for number, cue in enumerate(step.cues):
                yield from _cue(cue, exercise, (*path, "cues", number), in_repeat=repeated)
            if step.out is not None:
                yield from _cue(step.out, exercise, (*path, "out"), in_repeat=repeated)
        case BreatheStep():
            yield from _cue(step.breathe.inhale, exercise, (*path, "breathe", "inhale"), in_repeat=repeated)
            yield from _cue(step.breathe.exhale, exercise, (*path, "breathe", "exhale"), in_repeat=repeated)
        case RepeatStep():
            yield from _repeat(step, exercise, path, times)
        case PauseStep() | SoundStep():
            pass


def _repeat(step: RepeatStep, exercise: Exercise, path: Path_, times: int) -> Iterator[tuple[Path_, str]]:
    count = step.repeat
    if count == DOSE and exercise.dose.reps is None:
        yield (*path, "repeat"), 'repeat: there is no dose to use; write a number, or add "reps:" under "dose:"'
        return
    reps = exercise.dose.reps.max if count == DOSE and exercise.dose.reps else int(count)
    if times * reps > MAX_ROUNDS:
        yield (*path, "repeat"), f"repeat: this makes {times * reps} passes in all; {MAX_ROUNDS} at most would do"
        return
    yield from _steps(step.steps, exercise, (*path, "steps"), times * reps)


def _cue(cue: Cue, exercise: Exercise, path: Path_, *, in_repeat: bool) -> Iterator[tuple[Path_, str]]:
    yield from _text(cue.say, exercise, (*path, "say"), in_repeat=in_repeat)
    if cue.brief is not None:
        yield from _text(cue.brief, exercise, (*path, "brief"), in_repeat=in_repeat)
    if cue.tempo is not None and cue.move:
        yield path, "this cue has a move and a tempo; keep one, for the tempo says how long the movement lasts"


def _text(text: str, exercise: Exercise, path: Path_, *, in_repeat: bool) -> Iterator[tuple[Path_, str]]:
    names = names_in(text)
    lacking = {
        "reps": exercise.dose.reps is None and "no dose of reps",
        "hold": exercise.dose.hold is None and "no dose of hold",
        "rep": not in_repeat and "no repeat around this text",
        **{name: not exercise.sides and "no sides" for name in SIDED},
    }
    for name in sorted(names):
        if lacking.get(name):
            yield path, f"{{{name}}} cannot be filled: there is {lacking[name]}"
