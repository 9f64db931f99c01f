"""Paths of scripts come in; every problem in them goes out, and advice where there is none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from audio_builder.errors import AudioBuilderError, Problem, ScriptError
from audio_builder.script import load_exercise, load_routine, scripts_folder
from audio_builder.script.advice import advise
from audio_builder.script.document import read


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a check found."""

    scripts: str
    """How many scripts were read, in words."""
    problems: tuple[Problem, ...]
    advice: tuple[Problem, ...]


def check_scripts(paths: list[Path] | None) -> Checked:
    """Check scripts, or those of folders, or the bundled ones."""
    scripts = list(dict.fromkeys(script for path in paths or [scripts_folder()] for script in _scripts(path)))
    problems: list[Problem] = []
    advice: list[Problem] = []
    for script in scripts:
        try:
            advice.extend(_check(script))
        except ScriptError as error:
            problems.extend(error.problems)
        except AudioBuilderError as error:
            problems.append(Problem(message=error.message, where=f"{script}: {error.where}"))
    return Checked(
        scripts="1 script" if len(scripts) == 1 else f"{len(scripts)} scripts",
        problems=tuple(dict.fromkeys(problems)),
        advice=tuple(dict.fromkeys(advice)),
    )


def _scripts(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    found = sorted(each for ending in ("*.yaml", "*.yml") for each in path.rglob(ending))
    if not found:
        raise ScriptError(
            [Problem(message="there are no scripts (.yaml files) in this folder", where=str(path))]
        )
    yield from found


def _check(script: Path) -> list[Problem]:
    """Check one script as what it looks like (a list of exercises makes a routine); give the advice on it."""
    value = read(script).value
    if isinstance(value, dict) and "exercises" in value:
        from audio_builder.building import preview

        preview(load_routine(script))
        return []
    document, exercise = load_exercise(script)
    return advise(document, exercise)
