"""A person's own defaults come in, from `config.yaml`; settings to lay over any routine go out."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from audio_builder.errors import Problem, ScriptError
from audio_builder.files.folders import named_in, own_folder
from audio_builder.script.document import Document, Path_, Rank, read
from audio_builder.script.finding import bundled
from audio_builder.script.overrides import CHOICE_KEYS, SETTING_KEYS, Override, exercise_names
from audio_builder.script.quantities import show

log = logging.getLogger(__name__)

VARIABLE = "AUDIO_BUILDER_CONFIG"
MISSPELT = 0.85
"""How alike two names are of which one is a slip; an exercise of one's own, for other routines, is less alike."""
PERSONAL_KEYS = tuple(key for key in SETTING_KEYS if key != "title")


def config_path() -> Path:
    """Give AUDIO_BUILDER_CONFIG where it is set, else `config.yaml` in the user's config folder.

    Neither need be there; where the former is not, a warning says so.
    """
    named = named_in(VARIABLE)
    if named is None:
        return own_folder("config") / "config.yaml"
    if not named.exists():
        log.warning("%s=%s: there is no such file, so there are no personal defaults", VARIABLE, named)
    return named


def personal_defaults(path: Path, routine: Any) -> list[Override]:
    """Read a person's defaults for a routine's document; none where there is no file.

    Defaults for exercises that the routine does not have are left out, one's own of other routines among them.
    ScriptError names what is unknown;
    that is only looked for where the routine is known.
    """
    if not path.exists() or (path.is_file() and not path.read_bytes().strip()):
        return []
    document = read(path)
    if document.faults:
        raise ScriptError(document.faults)
    if not isinstance(document.value, dict):
        raise ScriptError([document.problem((), "this file should hold settings, like guidance: light")])
    known = {*bundled("exercises"), *exercise_names(routine)}
    problems = list(_unknown(document, known)) if routine is not None else []
    if problems:
        raise ScriptError(problems)
    return list(_overrides(document, set(exercise_names(routine))))


def _unknown(document: Document, exercises: set[str]) -> Iterator[Problem]:
    for key, value in document.value.items():
        if key != "exercises":
            if key not in PERSONAL_KEYS:
                yield _strange(document, (key,), (*PERSONAL_KEYS, "exercises"))
            continue
        if not isinstance(value, dict):
            yield document.problem((key,), "exercises: write an exercise's name and its settings below it")
            continue
        for name, settings in value.items():
            if name not in exercises and get_close_matches(name, exercises, cutoff=MISSPELT):
                yield _strange(document, (key, name), sorted(exercises))
            elif not isinstance(settings, dict):
                yield document.problem((key, name), f"{name}: write its settings below it, like reps: 8")
            else:
                unknown = [each for each in settings if each not in CHOICE_KEYS]
                yield from (_strange(document, (key, name, each), CHOICE_KEYS) for each in unknown)


def _strange(document: Document, path: Path_, known: tuple[str, ...] | list[str]) -> Problem:
    close = get_close_matches(str(path[-1]), known, n=1)
    meant = f'did you mean "{close[0]}"?' if close else "known here are " + ", ".join(known)
    return document.problem(path, f"unknown key {show(path[-1])}; {meant}", key=True)


def _overrides(document: Document, names: set[str]) -> Iterator[Override]:
    for key, value in document.value.items():
        if key != "exercises":
            yield from _leaves(document, (key,), value)
            continue
        for name, settings in value.items() if isinstance(value, dict) else ():
            if name in names:
                for setting, wished in settings.items():
                    yield _override(document, (key, name, setting), f"{name}.{setting}", wished)


def _leaves(document: Document, path: Path_, value: Any) -> Iterator[Override]:
    """Take groups apart, so that one part of `levels` does not replace the others."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _leaves(document, (*path, key), part)
    else:
        yield _override(document, path, ".".join(map(str, path)), value)


def _override(document: Document, path: Path_, dotted: str, value: Any) -> Override:
    place = replace(document.place(path), rank=Rank.PERSONAL)
    return Override(path=dotted, value=value, place=place, lines=document.lines[document.source])
