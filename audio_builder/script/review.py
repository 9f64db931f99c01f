"""What no single key of a script shows: parts that contradict one another, and sounds that are not there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from audio_builder.errors import SoundError
from audio_builder.script.contents import Spoken, contents, cues, spoken, walk
from audio_builder.script.document import Document, Path_, Rank
from audio_builder.script.exercise import (
    DOSE,
    Exercise,
    HoldDose,
    Step,
)
from audio_builder.script.finding import inside, is_file
from audio_builder.script.kinds import known_keys
from audio_builder.script.quantities import Length
from audio_builder.script.routine import Routine
from audio_builder.script.syntax import show
from audio_builder.script.texts import SIDED, names_in
from audio_builder.script.validation import Found
from audio_builder.sound.reading import check_sound, names, names_file
from audio_builder.sound.settings import BEDS, PACERS

RECORDINGS = "recordings:"

MAX_ROUNDS = 2_000
"""How often the innermost step of an exercise may be done in all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Finding:
    """Something that is wrong between parts of a script."""

    path: Path_
    message: str
    about: str = ""
    """The key that it is about, where the message does not say so."""
    relies_on: Path_ = ()
    """Where else there must be nothing wrong, for this to be wrong."""


_Findings = Iterator[_Finding]
_STEP_OF = {"reps": "repeat", "hold": "hold"}
"""The step that uses each dose."""


def review(document: Document, exercise: Exercise, wrong: Found) -> Found:
    """Find everything in an exercise that no single field shows, apart from what is wrong itself."""
    found = [
        *_doses(exercise),
        *_uses(exercise),
        *_rounds(exercise.steps, exercise, ("steps",), times=1),
        *_tempos(exercise),
        *_placeholders(document, exercise),
    ]
    unsure = _unsure(document, wrong)
    return [
        (each.path, document.problem(each.path, each.message, about=each.about))
        for each in found
        if not any(_touch(each.path, path) or _touch(each.relies_on, path) for path in unsure)
    ]


def _unsure(document: Document, wrong: Found) -> list[Path_]:
    """Give the paths of what is wrong; a part that is missing may be what an unknown key was meant to be."""
    paths = [path for path, _ in wrong if path]
    known = known_keys(Exercise, ())
    if any(len(path) == 1 and path[0] not in known for path in paths):
        paths += [(part,) for part in ("dose", "sides", "steps") if (part,) not in document.values_at]
    return paths


def _touch(one: Path_, other: Path_) -> bool:
    """Tell whether one of two paths leads into what the other leads to."""
    common = min(len(one), len(other))
    return common > 0 and one[:common] == other[:common]


def _doses(exercise: Exercise) -> _Findings:
    reps, hold = exercise.dose.reps, exercise.dose.hold
    if reps is not None:
        yield from _range("reps", (reps.min, reps.default, reps.max), (reps.min, reps.default, reps.max))
    if hold is not None:
        yield from _hold_dose(hold)


def _hold_dose(hold: HoldDose) -> _Findings:
    lengths = (hold.min, hold.default, hold.max)
    if len({bool(length.breaths) for length in lengths}) == 2:
        message = "default, min and max must all be in breaths, or all in seconds"
        yield _Finding(path=("dose", "hold"), about="hold", message=message)
        return
    low, default, high = (_size(length) for length in lengths)
    yield from _range("hold", (low, default, high), lengths)


def _range(name: str, sizes: tuple[float, float, float], shown: tuple[object, object, object]) -> _Findings:
    low, default, high = sizes
    if low > high:
        message = f"the min {shown[0]} is more than the max {shown[2]}"
        yield _Finding(path=("dose", name), about=name, message=message)
    elif not low <= default <= high:
        message = f"the default {shown[1]} is not between {shown[0]} and {shown[2]}"
        yield _Finding(path=("dose", name), about=name, message=message)


def _size(length: Length) -> float:
    return length.breaths or length.seconds


def _uses(exercise: Exercise) -> _Findings:
    """Find doses without a step, and steps without their dose."""
    used: dict[str, Path_] = {}
    for name, path in _doses_used(exercise):
        used.setdefault(name, path)
    for name, step in _STEP_OF.items():
        given = getattr(exercise.dose, name) is not None
        if given and name not in used:
            message = f'no step uses this dose; write "{step}: dose" in the steps'
            yield _Finding(path=("dose", name), about=name, message=message, relies_on=("steps",))
        if name in used and not given:
            own = "a number" if name == "reps" else "a length"
            message = f'there is no dose to use; write {own}, or add "{name}:" under "dose:"'
            yield _Finding(path=used[name], about=step, message=message, relies_on=("dose",))


def _doses_used(exercise: Exercise) -> Iterator[tuple[str, Path_]]:
    for path, step in walk(exercise.steps):
        if step.dose is not None:
            yield step.dose, (*path, _STEP_OF[step.dose])


def _rounds(steps: tuple[Step, ...], exercise: Exercise, path: Path_, *, times: int) -> _Findings:
    """Find repeats in repeats that would go on for hours."""
    for index, step in enumerate(map(contents, steps)):
        most = exercise.dose.reps.max if exercise.dose.reps else 1
        passes = times * (most if step.times == DOSE else int(step.times))
        if passes > MAX_ROUNDS:
            message = f"this makes {passes:,} passes in all; {MAX_ROUNDS:,} at most would do"
            yield _Finding(path=(*path, index, "repeat"), about="repeat", message=message)
        else:
            yield from _rounds(step.steps, exercise, (*path, index, "steps"), times=passes)


def _tempos(exercise: Exercise) -> _Findings:
    for path, cue in cues(exercise):
        if cue.tempo is not None and cue.move:
            message = "this cue has a move, too; keep one, for the tempo sets how long it lasts"
            yield _Finding(path=(*path, "tempo"), about="tempo", message=message)


def _placeholders(document: Document, exercise: Exercise) -> _Findings:
    """Find placeholders that nothing fills: each lack once, however many texts show it."""
    lacking: dict[str, list[tuple[Spoken, str]]] = {}
    needed = {name for name, _ in _doses_used(exercise)}
    for each in spoken(exercise):
        for name in sorted(names_in(each.text)):
            if name == "rep" and not each.is_repeated:
                message = "{rep} cannot be filled: there is no repeat around this text"
                yield _Finding(path=each.path, message=message)
            elif name in SIDED and not exercise.sides:
                lacking.setdefault("sides", []).append((each, name))
            elif name in _STEP_OF and name not in needed and getattr(exercise.dose, name) is None:
                lacking.setdefault(f"dose of {name}", []).append((each, name))
    for lack, texts in lacking.items():
        first, name = texts[0]
        remedy = 'write "sides: right then left"' if lack == "sides" else f'add "{name}:" under "dose:"'
        lines = sorted(
            {document.place(each.path).line for each, _ in texts} - {document.place(first.path).line}
        )
        also = f" (as on {_listed(lines)})" if lines else ""
        no = "are no sides" if lack == "sides" else f"is no {lack}"
        message = f"{{{name}}} cannot be filled: there {no}; {remedy}, or leave it out{also}"
        part = "sides" if lack == "sides" else "dose"
        yield _Finding(path=first.path, message=message, relies_on=(part,))


def _listed(lines: list[int]) -> str:
    numbers = [str(line) for line in lines]
    if len(numbers) == 1:
        return f"line {numbers[0]}"
    return f"lines {', '.join(numbers[:-1])} and {numbers[-1]}"


def check_sounds(document: Document, script: Exercise | Routine, folder: Path) -> Found:
    """Find every named sound that is neither bundled nor a file that the script may name."""
    named = _in_exercise(script) if isinstance(script, Exercise) else _in_routine(script)
    found = []
    for path, sound, known in named:
        message = (
            "" if sound in known else _fault(sound, known, folder, anywhere=_chosen_by_user(document, path))
        )
        if message:
            about = str(path[0 if isinstance(script, Routine) else -1])
            found.append((path, document.problem(path, message, about=about)))
    return found


def located(sound: str, folder: Path, *, known: tuple[str, ...] = ()) -> str:
    """Give a bundled sound's name as it is, and a file's path from its script's folder in full."""
    if not sound or sound in known or not names_file(sound):
        return sound
    try:
        path = Path(sound).expanduser()
        return str((folder / path if is_file(folder / path) else path).resolve())
    except (OSError, RuntimeError, ValueError):  # nobody's home, links in a circle, names no system takes
        return sound


def check_voice(document: Document, routine: Routine, folder: Path) -> Found:
    """Find every folder of recordings that the routine names outside its own folder."""
    if _chosen_by_user(document, ("voice",)):
        return []
    return [
        (
            ("voice",),
            document.problem(
                ("voice",),
                f"the folder {show(named)} lies outside the routine's folder; copy it beside the routine",
                about="voice",
            ),
        )
        for named in _recordings(routine.voice)
        if inside(folder, named) is None
    ]


def located_voice(document: Document, routine: Routine, folder: Path) -> str:
    """Give a routine's voice, with the folders of recordings that the routine itself names beside it."""
    if _chosen_by_user(document, ("voice",)):
        return routine.voice
    voice = routine.voice
    for named in _recordings(voice):
        voice = voice.replace(f"{RECORDINGS}{named}", f"{RECORDINGS}{folder / named}", 1)
    return voice


def _recordings(voice: str) -> list[str]:
    """Name the folders that a voice such as `recordings:FOLDER else espeak` reads."""
    parts = (part.strip() for part in voice.split(" else "))
    return [
        part.removeprefix(RECORDINGS) for part in parts if part.startswith(RECORDINGS) and part != RECORDINGS
    ]


def _chosen_by_user(document: Document, path: Path_) -> bool:
    """Tell whether the command line or the user's own config names a sound: then it may lie anywhere."""
    return document.rank(document.written(path)) > Rank.SCRIPT


def _fault(sound: str, known: tuple[str, ...], folder: Path, *, anywhere: bool) -> str:
    if not names_file(sound):
        close = get_close_matches(sound, known, n=1)
        meant = (
            f'did you mean "{close[0]}"?'
            if close
            else f"known are {', '.join(known)}, or a file beside the script"
        )
        return f"there is no sound {show(sound)}; {meant}"
    path = Path(located(sound, folder)) if anywhere else inside(folder, sound)
    if path is None:
        return f"the file {show(sound)} lies outside the script's folder; copy it beside the script"
    if not is_file(path):
        return f"there is no file {show(sound)}" + ("" if anywhere else " beside the script")
    try:
        check_sound(path)
    except SoundError as error:
        return f"{show(sound)}: {error.message}"
    return ""


def _in_exercise(exercise: Exercise) -> Iterator[tuple[Path_, str, tuple[str, ...]]]:
    for path, step in walk(exercise.steps):
        if step.sound:
            yield (*path, "sound"), step.sound, names()


def _in_routine(routine: Routine) -> Iterator[tuple[Path_, str, tuple[str, ...]]]:
    for name in ("begin", "switch", "halfway", "end"):
        yield ("sounds", name), getattr(routine.sounds, name), names()
    yield ("pacer", "sound"), routine.pacer.sound, PACERS
    yield ("bed", "sound"), routine.bed.sound, BEDS
    for name in ("inhale", "exhale"):
        if getattr(routine.pacer, name):
            yield ("pacer", name), getattr(routine.pacer, name), ()
