"""Paths of scripts come in; every problem in them goes out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from audio_builder.errors import Problem, ScriptError
from audio_builder.script import load_exercise, load_routine, scripts_folder
from audio_builder.script.document import read


def check_scripts(paths: list[Path] | None) -> tuple[int, list[Problem]]:
    """Check scripts, or those of folders, or the bundled ones; give how many there were, and their problems."""
    scripts = list(dict.fromkeys(script for path in paths or [scripts_folder()] for script in _scripts(path)))
    problems: list[Problem] = []
    for script in scripts:
        try:
            _check(script)
        except ScriptError as error:
            problems.extend(error.problems)
    return len(scripts), list(dict.fromkeys(problems))


def _scripts(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    found = sorted(each for ending in ("*.yaml", "*.yml") for each in path.rglob(ending))
    if not found:
        raise ScriptError([Problem(message="there are no scripts (.yaml files) in this folder", where=str(path))])
    yield from found


def _check(script: Path) -> None:
    """Check one script as what it looks like: a list of exercises makes a routine."""
    value = read(script).value
    if isinstance(value, dict) and "exercises" in value:
        load_routine(script)
    else:
        load_exercise(script)
