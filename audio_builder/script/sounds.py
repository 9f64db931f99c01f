"""A typed script comes in; every sound it names that does not exist goes out as a problem."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from audio_builder.errors import Problem
from audio_builder.script.document import Document, Path_
from audio_builder.script.exercise import Exercise, RepeatStep, SoundStep, Step
from audio_builder.script.finding import inside, is_file
from audio_builder.script.quantities import show
from audio_builder.script.routine import Routine
from audio_builder.sound.library import names

FILE_ENDINGS = (".wav", ".flac", ".ogg", ".mp3", ".aiff")


def check_sounds(document: Document, script: Exercise | Routine, folder: Path) -> list[tuple[Path_, Problem]]:
    """Find every named sound that is neither bundled nor a file in the script's folder."""
    named = _in_steps(script.steps, ("steps",)) if isinstance(script, Exercise) else _in_routine(script)
    found = []
    for path, sound in named:
        message = _fault(sound, folder)
        if message:
            found.append((path, document.problem(path, f"{path[-1]}: {message}")))
    return found


def sound_file(sound: str, folder: Path) -> Path | None:
    """Give the file that a sound's name means in a script's folder; None for a bundled name."""
    return (folder / sound).resolve() if sound.lower().endswith(FILE_ENDINGS) else None


def _fault(sound: str, folder: Path) -> str:
    if not sound.lower().endswith(FILE_ENDINGS):
        if sound in names():
            return ""
        close = get_close_matches(sound, names(), n=1)
        meant = f'did you mean "{close[0]}"?' if close else "bundled are " + ", ".join(names())
        return f"there is no sound {show(sound)}; {meant}"
    path = inside(folder, sound)
    if path is None:
        return f"the file {show(sound)} lies outside the script's folder; copy it beside the script"
    return "" if is_file(path) else f"there is no file {show(sound)} beside the script"


def _in_steps(steps: tuple[Step, ...], path: Path_) -> Iterator[tuple[Path_, str]]:
    for index, step in enumerate(steps):
        if isinstance(step, SoundStep):
            yield (*path, index, "sound"), step.sound
        elif isinstance(step, RepeatStep):
            yield from _in_steps(step.steps, (*path, index, "steps"))


def _in_routine(routine: Routine) -> Iterator[tuple[Path_, str]]:
    for name in ("begin", "switch", "halfway", "end"):
        yield ("sounds", name), getattr(routine.sounds, name)
