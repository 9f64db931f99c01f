"""Reading a document as an exercise or a routine, and saying what is wrong with it in its author's words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from difflib import get_close_matches
from typing import Any, TypeVar, cast

from audio_builder.errors import Place, Problem, ScriptError
from audio_builder.script.document import Document, Path_
from audio_builder.script.exercise import STEPS
from audio_builder.script.finding import IN_A_ROUTINE
from audio_builder.script.kinds import Fault, FaultCode, Group, home_of, known_keys, nearest_key, read
from audio_builder.script.syntax import show, wrong_dash

T = TypeVar("T")

Found = list[tuple[Path_, Problem]]
"""Problems with their paths."""

MAX_TOLD = 100
"""More problems than these in one file are counted, not told: the first ones explain the rest."""

_SIGNS = {"steps": "an exercise", "exercises": "a routine"}
"""The key by which a kind of script is known."""


def validate(document: Document, kind: type[T]) -> tuple[T, Found]:
    """Read a document as a type, with all problems; what is wrong stands neutral in it, good only for a review.

    ScriptError where it is something else altogether.
    """
    found: Found = [((), fault) for fault in document.faults]
    wrong = _wrong_kind(document, kind)
    if wrong:
        raise ScriptError([*document.faults, wrong])
    value, faults = read(document.value, Group(kind))
    found.extend(_problems(document, kind, faults))
    return cast("T", value), found


def _wrong_kind(document: Document, kind: Any) -> Problem | None:
    """Tell whether a document is something else altogether, so that no single key is to blame."""
    if not isinstance(document.value, dict):
        return document.problem((), f"this file should hold keys and values, not {show(document.value)}")
    known = {field.name for field in fields(kind)}
    wanted = next((sign for sign in _SIGNS if sign in known), "")
    found = next((sign for sign in _SIGNS if sign in document.value), "")
    if wanted and found and wanted not in document.value:
        remedy = IN_A_ROUTINE if found == "steps" else None
        return document.problem((), f"this file is {_SIGNS[found]}, not {_SIGNS[wanted]}", remedy=remedy)
    return None


def in_file_order(document: Document, found: Found) -> list[Problem]:
    """Sort problems by their place and drop repeats; of very many, only count the later ones."""

    def order(entry: tuple[Path_, Problem]) -> tuple[str, int, int]:
        where = entry[1].where
        return where.source, where.line, where.column

    problems = list(dict.fromkeys(problem for _, problem in sorted(found, key=order)))
    rest = len(problems) - MAX_TOLD
    if rest <= 0:
        return problems
    more = Problem(message=f"and {rest:,} more problems", where=Place(source=document.source))
    return [*problems[:MAX_TOLD], more]


def _problems(document: Document, kind: Any, faults: Sequence[Fault]) -> Iterator[tuple[Path_, Problem]]:
    first = sorted(faults, key=lambda fault: _line(document, fault))[: 2 * MAX_TOLD]
    meant = _meant(kind, first)
    for fault in first:
        path = _path(fault)
        if fault.code == "missing" and (path[:-1], str(path[-1])) in meant.values():
            continue
        if fault.code == "unknown":
            message = _unknown(kind, fault, _group(document.value, path[:-1]), meant.get(path))
            yield path, document.problem(path, message, at_key=True)
        else:
            about, message = _tell(kind, fault, _written_path(document, path))
            yield path, document.problem(path, message, about=about)


def _line(document: Document, fault: Fault) -> tuple[int, int]:
    place = document.place(_path(fault), at_key=fault.code == "unknown")
    return place.line, place.column


def _written_path(document: Document, path: Path_) -> Path_:
    """Take away the key that a short form leaves unwritten, such as the `say` of a plain text."""
    return path[:-1] if path[-1:] in (("say",), ("use",)) and path not in document.values_at else path


def _group(value: Any, path: Path_) -> tuple[Path_, Any]:
    """Find the mapping at a path."""
    for part in path:
        value = value[part]
    return path, value


def _meant(kind: Any, faults: Sequence[Fault]) -> dict[Path_, tuple[Path_, str]]:
    """Find the key that each unknown one was meant to be, so that it is not called missing as well."""
    missing: dict[Path_, list[str]] = defaultdict(list)
    for fault in faults:
        if fault.code == "missing":
            missing[_path(fault)[:-1]].append(str(fault.location[-1]))
    meant: dict[Path_, tuple[Path_, str]] = {}
    strange: dict[Path_, list[Path_]] = defaultdict(list)
    for fault in faults:
        if fault.code == "unknown":
            path = _path(fault)
            nearest = nearest_key(kind, fault.location)
            if nearest:
                meant[path] = (path[:-1], nearest)
                missing[path[:-1]] = [key for key in missing[path[:-1]] if key != nearest]
            elif not home_of(kind, fault.location):
                strange[path[:-1]].append(path)
    for inside, paths in strange.items():
        if len(paths) == len(missing[inside]) == 1:
            meant[paths[0]] = (inside, missing[inside][0])
    return meant


def _path(fault: Fault) -> Path_:
    """Give the way to the value in the file: the location without its tags."""
    way = fault.location
    return tuple(part for before, part in zip((None, *way), way, strict=False) if not _is_tag(before, part))


def _is_tag(before: str | int | None, part: str | int) -> bool:
    return isinstance(before, int) and str(part).strip("<>") in STEPS and str(part).startswith("<")


_IN_WORDS: Mapping[FaultCode, str] = {
    "value": "{says}",
    "missing": "the key {name} is missing",
    "no truth": "{found} is neither true nor false; write one of these, without quotes",
    "no list": "{found} is not a list; write each entry on its own line, after a dash",
    "no group": "{found} is not a group of keys; {known}",
    "too many": "there are more than {most} entries in this list; fewer would do",
    "empty": "this list is empty; write at least one entry",
}


def _tell(kind: Any, fault: Fault, path: Path_) -> tuple[str, str]:
    """Give the key of what is wrong (of a missing key, what lacks it), and say what is wrong with it."""
    if fault.code == "no kind":
        return _step_problem(fault.found)
    about = fault.about or _last_key(fault.location[:-1] if fault.code == "missing" else path)
    if fault.code == "no list" and (dash := wrong_dash(_first_words(fault.found))):
        return about, dash
    return about, _IN_WORDS[fault.code].format(
        says=fault.says,
        name=show(fault.location[-1]) if path else "",
        found=show(fault.found),
        known=f"write {', '.join(f'{key}:' for key in known_keys(kind, fault.location))} below it",
        most=fault.most,
    )


def _first_words(value: object) -> str:
    """Give the words with which a value starts, where a list was meant."""
    first = next(iter(value), "") if isinstance(value, dict) else value
    return first if isinstance(first, str) else ""


def _last_key(way: Path_) -> str:
    return next((part.strip("<>") for part in reversed(way) if isinstance(part, str)), "")


def _step_problem(value: object) -> tuple[str, str]:
    kinds = ", ".join(STEPS)
    if not isinstance(value, dict):
        return "steps", f"{show(value)} is not a step; write a text, or one of {kinds}"
    found = [kind for kind in STEPS if kind in value]
    if len(found) > 1 and "repeat" in found:
        return "steps", 'what is repeated stands in a list of its own; write "steps:" below "repeat:"'
    if len(found) > 1:
        return "steps", f'this step has "{found[0]}" and "{found[1]}"; make two steps of it'
    for key in value:
        close = get_close_matches(str(key), STEPS, n=1)
        if close:
            return "", f'unknown key {show(key)}; did you mean "{close[0]}"?'
    if len(value) == 1:
        key = show(next(iter(value)))
        return "", f"unknown key {key}; a step is one of {kinds}, and a text with a colon needs quotes"
    return "steps", f"this step has none of the keys that make a step: {kinds}"


def _unknown(kind: Any, fault: Fault, group: tuple[Path_, Any], meant: tuple[Path_, str] | None) -> str:
    path, value = group
    key, nearest = fault.location[-1], nearest_key(kind, fault.location)
    known = known_keys(kind, fault.location[:-1])
    if nearest:
        meaning = f'did you mean "{nearest}"?'
    elif path[:-1] == ("exercises",) and "use" not in value:
        meaning = f'to give an exercise its own settings, write "use: {key}" and the settings below it'
    elif path and isinstance(path[-1], int) and len(value) == 1:
        meaning = "a text with a colon in it must stand in quotes"
    elif home := home_of(kind, fault.location):
        meaning = f'it belongs below "{home}:"'
    elif meant:
        meaning = f'is it meant to be "{meant[1]}", which is missing?'
    else:
        meaning = f"known here are {', '.join(known)}"
    return f"unknown key {show(key)}; {meaning}"
