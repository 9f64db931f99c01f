"""A typed script comes in; every sound it names that does not exist goes out as a problem."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from audio_builder.errors import Problem
from audio_builder.script.document import Document, Path_, Rank
from audio_builder.script.exercise import Exercise, RepeatStep, SoundStep, Step
from audio_builder.script.finding import inside, is_file
from audio_builder.script.quantities import show
from audio_builder.script.routine import Routine
from audio_builder.sound.library import names
from audio_builder.sound.settings import BEDS, PACERS

FILE_ENDINGS = (".wav", ".flac", ".ogg", ".mp3", ".aiff")


def check_sounds(document: Document, script: Exercise | Routine, folder: Path) -> list[tuple[Path_, Problem]]:
    """Find every named sound that is neither bundled nor a file that the script may name."""
    named = _in_steps(script.steps, ("steps",)) if isinstance(script, Exercise) else _in_routine(script)
    found = []
    for path, sound, known in named:
        message = (
            "" if sound in known else _fault(sound, known, folder, anywhere=_chosen_by_user(document, path))
        )
        if message:
            found.append(
                (path, document.problem(path, f"{path[0 if isinstance(script, Routine) else -1]}: {message}"))
            )
    return found


def located(sound: str, folder: Path, *, known: tuple[str, ...] = ()) -> str:
    """Give a bundled sound's name as it is, and a file's path from its script's folder in full."""
    if not sound or sound in known or not sound.lower().endswith(FILE_ENDINGS):
        return sound
    try:
        path = Path(sound).expanduser()
        return str((folder / path if is_file(folder / path) else path).resolve())
    except (OSError, RuntimeError, ValueError):  # nobody's home, links in a circle, names no system takes
        return sound


def _chosen_by_user(document: Document, path: Path_) -> bool:
    """Tell whether the command line or the user's own config names a sound: then it may lie anywhere."""
    return document.place(path).rank > Rank.SCRIPT


def _fault(sound: str, known: tuple[str, ...], folder: Path, *, anywhere: bool) -> str:
    if not sound.lower().endswith(FILE_ENDINGS):
        close = get_close_matches(sound, known, n=1)
        meant = (
            f'did you mean "{close[0]}"?'
            if close
            else f"known are {', '.join(known)}, or a file beside the script"
        )
        return f"there is no sound {show(sound)}; {meant}"
    if anywhere:
        return "" if is_file(Path(located(sound, folder))) else f"there is no file {show(sound)}"
    path = inside(folder, sound)
    if path is None:
        return f"the file {show(sound)} lies outside the script's folder; copy it beside the script"
    return "" if is_file(path) else f"there is no file {show(sound)} beside the script"


def _in_steps(steps: tuple[Step, ...], path: Path_) -> Iterator[tuple[Path_, str, tuple[str, ...]]]:
    for index, step in enumerate(steps):
        if isinstance(step, SoundStep):
            yield (*path, index, "sound"), step.sound, names()
        elif isinstance(step, RepeatStep):
            yield from _in_steps(step.steps, (*path, index, "steps"))


def _in_routine(routine: Routine) -> Iterator[tuple[Path_, str, tuple[str, ...]]]:
    for name in ("begin", "switch", "halfway", "end"):
        yield ("sounds", name), getattr(routine.sounds, name), names()
    yield ("pacer", "sound"), routine.pacer.sound, PACERS
    yield ("bed", "sound"), routine.bed.sound, BEDS
    for name in ("inhale", "exhale"):
        if getattr(routine.pacer, name):
            yield ("pacer", name), getattr(routine.pacer, name), ()
