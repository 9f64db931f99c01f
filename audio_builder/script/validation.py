"""A document and the type it should be come in; the typed value goes out, or every problem with its place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import fields
from difflib import get_close_matches
from typing import Any, TypeVar, cast

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from audio_builder.errors import Problem, ScriptError
from audio_builder.script.document import Document
from audio_builder.script.exercise import KINDS, TAGS
from audio_builder.script.keys import adapter, home_of, known_keys, nearest_key
from audio_builder.script.places import Path_
from audio_builder.script.quantities import show
from audio_builder.script.syntax import wrong_dash

T = TypeVar("T")

MAX_TOLD = 100
"""More problems than these in one file are counted, not told: the first ones explain the rest."""

_SIGNS = {"steps": "an exercise", "exercises": "a routine"}
"""The key by which a kind of script is known."""
_UNKNOWN = "unexpected_keyword_argument"
_MISSING = frozenset({"missing", "missing_keyword_only_argument", "missing_argument"})


def validate(document: Document, kind: type[T]) -> T:
    """Read a document as a type. ScriptError holds all its problems, in the order of the file."""
    script: Any = kind
    found: list[tuple[Path_, Problem]] = [((), fault) for fault in document.faults]
    wrong = _wrong_kind(document, kind)
    if wrong:
        raise ScriptError([*document.faults, document.problem((), wrong)])
    try:
        value = cast("T", adapter(script).validate_python(document.value))
    except ValidationError as error:
        found.extend(_problems(document, kind, error.errors(include_url=False, include_input=True)))
    if found:
        raise ScriptError(_told(document, in_file_order(document, found)))
    return value


def _wrong_kind(document: Document, kind: Any) -> str:
    """Tell whether a document is something else altogether, so that no single key is to blame."""
    if not isinstance(document.value, dict):
        return f"this file should hold keys and values, not {show(document.value)}"
    known = {field.name for field in fields(kind)}
    wanted = next((sign for sign in _SIGNS if sign in known), "")
    found = next((sign for sign in _SIGNS if sign in document.value), "")
    if wanted and found and wanted not in document.value:
        return f"this file is {_SIGNS[found]}, not {_SIGNS[wanted]}"
    return ""


def _told(document: Document, problems: list[Problem]) -> list[Problem]:
    rest = len(problems) - MAX_TOLD
    if rest <= 0:
        return problems
    return [*problems[:MAX_TOLD], Problem(message=f"and {rest:,} more problems", where=document.source)]


def in_file_order(document: Document, found: list[tuple[Path_, Problem]]) -> list[Problem]:
    """Sort problems by their place and drop repeats."""

    def order(entry: tuple[Path_, Problem]) -> tuple[str, int, int]:
        where = entry[1].where.rsplit(":", 2)
        if len(where) == 3 and where[1].isdigit() and where[2].isdigit():
            return where[0], int(where[1]), int(where[2])
        return entry[1].where, 0, 0

    return list(dict.fromkeys(problem for _, problem in sorted(found, key=order)))


def _problems(
    document: Document, kind: Any, errors: Sequence[ErrorDetails]
) -> Iterator[tuple[Path_, Problem]]:
    first = sorted(errors, key=lambda error: _line(document, error))[: 2 * MAX_TOLD]
    meant = _meant(kind, first)
    for error in first:
        path = _path(error)
        if error["type"] in _MISSING and (path[:-1], str(path[-1])) in meant.values():
            continue
        if error["type"] == _UNKNOWN:
            message = _unknown(kind, error, _group(document.value, path[:-1]), meant.get(path))
            yield path, document.problem(path, message, key=True)
            continue
        message = _tell(kind, error, _written_path(document, path))
        if message:
            yield path, document.problem(path, message)


def _line(document: Document, error: ErrorDetails) -> tuple[int, int]:
    place = document.place(_path(error), key=error["type"] == _UNKNOWN)
    return place.line, place.column


def _written_path(document: Document, path: Path_) -> Path_:
    """Take away the key that a short form leaves unwritten, such as the `say` of a plain text."""
    return path[:-1] if path[-1:] in (("say",), ("use",)) and path not in document.values_at else path


def _group(value: Any, path: Path_) -> tuple[Path_, Any]:
    """Find the mapping at a path."""
    for part in path:
        value = value[part]
    return path, value


def _meant(kind: Any, errors: Sequence[ErrorDetails]) -> dict[Path_, tuple[Path_, str]]:
    """Find the key that each unknown one was meant to be, so that it is not called missing as well."""
    missing: dict[Path_, list[str]] = defaultdict(list)
    for error in errors:
        if error["type"] in _MISSING:
            missing[_path(error)[:-1]].append(str(error["loc"][-1]))
    meant: dict[Path_, tuple[Path_, str]] = {}
    strange: dict[Path_, list[Path_]] = defaultdict(list)
    for error in errors:
        if error["type"] == _UNKNOWN:
            path = _path(error)
            nearest = nearest_key(kind, error["loc"])
            if nearest:
                meant[path] = (path[:-1], nearest)
                missing[path[:-1]] = [key for key in missing[path[:-1]] if key != nearest]
            elif not home_of(kind, error["loc"]):
                strange[path[:-1]].append(path)
    for inside, paths in strange.items():
        if len(paths) == len(missing[inside]) == 1:
            meant[paths[0]] = (inside, missing[inside][0])
    return meant


def _path(error: ErrorDetails) -> Path_:
    """Give the way to the value in the file: pydantic's location without our tags."""
    loc = error["loc"]
    return tuple(part for before, part in zip((None, *loc), loc, strict=False) if not _is_tag(before, part))


def _is_tag(before: str | int | None, part: str | int) -> bool:
    return isinstance(before, int) and part in TAGS.values()


_IN_WORDS = {
    **dict.fromkeys(_MISSING, "{inside}the key {name} is missing"),
    "bool_type": "{field}{found} is neither true nor false; write one of these, without quotes",
    "tuple_type": "{field}{found} is not a list; write each entry on its own line, after a dash",
    "dataclass_type": "{field}{found} is not a group of keys; {known}",
    "too_long": "{field}there are more than {most} entries in this list; fewer would do",
    "too_short": "{field}this list is empty; write at least one entry",
}
"""What pydantic finds, by its name for it."""


def _tell(kind: Any, error: ErrorDetails, path: Path_) -> str:
    """Say one of pydantic's errors in our words; empty where another says it."""
    code, found = error["type"], error["input"]
    if code == "value_error":
        return f"{_field(path)}{error['ctx']['error']}"
    if code == "union_tag_not_found":
        return _step_problem(found)
    if code == "too_short" and found:
        return ""
    if code == "tuple_type" and (dash := wrong_dash(_first_words(found))):
        return f"{_field(path)}{dash}"
    template = _IN_WORDS.get(code, "{field}{found} will not do here: {other}")
    return template.format(
        field=_field(path),
        inside=_holder(error),
        name=show(error["loc"][-1]) if path else "",
        found=show(found),
        known=f"write {', '.join(f'{key}:' for key in known_keys(kind, error['loc']))} below it",
        most=error.get("ctx", {}).get("max_length", ""),
        other=error["msg"],
    )


def _first_words(value: object) -> str:
    """Give the words with which a value starts, where a list was meant."""
    first = next(iter(value), "") if isinstance(value, dict) else value
    return first if isinstance(first, str) else ""


def _field(path: Path_) -> str:
    names = [part for part in path if isinstance(part, str)]
    return f"{names[-1]}: " if names else ""


def _holder(error: ErrorDetails) -> str:
    """Name the group of keys that lacks one."""
    names = [part.strip("<>") for part in error["loc"][:-1] if isinstance(part, str)]
    return f"{names[-1]}: " if names else ""


def _step_problem(value: object) -> str:
    kinds = ", ".join(KINDS)
    if not isinstance(value, dict):
        return f"steps: {show(value)} is not a step; write a text, or one of {kinds}"
    found = [kind for kind in KINDS if kind in value]
    if len(found) > 1 and "repeat" in found:
        return 'steps: what is repeated stands in a list of its own; write "steps:" below "repeat:"'
    if len(found) > 1:
        return f'steps: this step has "{found[0]}" and "{found[1]}"; make two steps of it'
    for key in value:
        close = get_close_matches(str(key), KINDS, n=1)
        if close:
            return f'unknown key {show(key)}; did you mean "{close[0]}"?'
    if len(value) == 1:
        key = show(next(iter(value)))
        return f"unknown key {key}; a step is one of {kinds}, and a text with a colon needs quotes"
    return f"steps: this step has none of the keys that make a step: {kinds}"


def _unknown(
    kind: Any, error: ErrorDetails, group: tuple[Path_, Any], meant: tuple[Path_, str] | None
) -> str:
    path, value = group
    key, nearest = error["loc"][-1], nearest_key(kind, error["loc"])
    known = known_keys(kind, error["loc"][:-1])
    if nearest:
        meaning = f'did you mean "{nearest}"?'
    elif path[:-1] == ("exercises",) and "use" not in value:
        meaning = f'to give an exercise its own settings, write "use: {key}" and the settings below it'
    elif path and isinstance(path[-1], int) and len(value) == 1:
        meaning = "a text with a colon in it must stand in quotes"
    elif home := home_of(kind, error["loc"]):
        meaning = f'it belongs below "{home}:"'
    elif meant:
        meaning = f'is it meant to be "{meant[1]}", which is missing?'
    else:
        meaning = f"known here are {', '.join(known)}"
    return f"unknown key {show(key)}; {meaning}"
