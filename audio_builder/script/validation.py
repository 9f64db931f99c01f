"""A document and the type it should be come in; the typed value goes out, or every problem with its place."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from audio_builder.errors import Problem, ScriptError
from audio_builder.script.document import Document, Path_
from audio_builder.script.quantities import show

T = TypeVar("T")

_STEP_KINDS = ("say", "hold", "breathe", "pause", "sound", "repeat")


@cache
def adapter(kind: type[T]) -> TypeAdapter[T]:
    """Give pydantic's reader for a type, made once."""
    return TypeAdapter(kind)


def validate(document: Document, kind: type[T]) -> T:
    """Read a document as a type. ScriptError holds all its problems, in the order of the file."""
    if not isinstance(document.value, dict):
        message = f"this file should hold keys and values, not {show(document.value)}"
        raise ScriptError([document.problem((), message)])
    try:
        return adapter(kind).validate_python(document.value)
    except ValidationError as error:
        problems = list(_problems(document, kind, error.errors(include_url=False)))
        raise ScriptError(in_file_order(document, problems)) from None


def in_file_order(document: Document, found: list[tuple[Path_, Problem]]) -> list[Problem]:
    """Sort problems by their place and drop repeats."""

    def order(entry: tuple[Path_, Problem]) -> tuple[str, int, int]:
        where = entry[1].where.rsplit(":", 2)
        if len(where) == 3 and where[1].isdigit() and where[2].isdigit():
            return where[0], int(where[1]), int(where[2])
        return entry[1].where, 0, 0

    return list(dict.fromkeys(problem for _, problem in sorted(found, key=order)))


def _problems(
    document: Document, kind: type[Any], errors: list[ErrorDetails]
) -> Iterator[tuple[Path_, Problem]]:
    misspelt = {
        (_path(error)[:-1], _nearest(kind, error)) for error in errors if error["type"] == "unexpected_keyword_argument"
    }
    for error in errors:
        path = _path(error)
        if error["type"].startswith("missing") and (path[:-1], str(path[-1])) in misspelt:
            continue
        told = _tell(kind, error, path)
        if told is not None:
            message, at_key = told
            yield path, document.problem(path, message, key=at_key)


def _path(error: ErrorDetails) -> Path_:
    """Give the way to the value in the file: pydantic's location without our tags."""
    return tuple(part for part in error["loc"] if not (isinstance(part, str) and part.startswith("<")))


def _tell(kind: type[Any], error: ErrorDetails, path: Path_) -> tuple[str, bool] | None:
    """Say one pydantic error in our words, and whether it belongs to the key; None where another says it."""
    field = str(path[-1]) if path else ""
    code = error["type"]
    if code == "value_error":
        message = str(error["ctx"]["error"])
        return (f"{_field(path)}{message}", False)
    if code == "unexpected_keyword_argument":
        return f"unknown key {field!r}{_suggest(kind, error)}", True
    if code in ("missing", "missing_keyword_only_argument"):
        return f"{_inside(path)}the key {field!r} is missing", False
    if code == "union_tag_not_found":
        return _step_problem(error["input"]), False
    if code == "too_short":
        return None if error["input"] else (f"{_field(path)}this list is empty; write at least one entry", False)
    if code == "too_long":
        return f"{_field(path)}this list is too long; {error['ctx']['max_length']} entries at most would do", False
    if code in ("tuple_type", "list_type"):
        return f"{_field(path)}{show(error['input'])} is not a list; start each entry with a dash", False
    if code in ("dataclass_type", "dict_type", "dataclass_exact_type", "arguments_type"):
        return f"{_field(path)}{show(error['input'])} is not a group of keys", False
    return f"{_field(path)}{show(error['input'])} will not do here: {error['msg']}", False


def _field(path: Path_) -> str:
    names = [part for part in path if isinstance(part, str)]
    return f"{names[-1]}: " if names else ""


def _inside(path: Path_) -> str:
    names = [part for part in path[:-1] if isinstance(part, str)]
    return f"{names[-1]}: " if names else ""


def _step_problem(value: object) -> str:
    kinds = ", ".join(_STEP_KINDS)
    if not isinstance(value, dict):
        return f"{show(value)} is not a step; a step is a text, or one of {kinds}"
    found = [kind for kind in _STEP_KINDS if kind in value]
    if len(found) > 1:
        return f"this step has {found[0]!r} and {found[1]!r}; make two steps of it"
    for key in value:
        close = get_close_matches(str(key), _STEP_KINDS, n=1)
        if close:
            return f"unknown key {str(key)!r}; did you mean {close[0]!r}?"
    return f"this step has none of the keys that make a step: {kinds}"


def _suggest(kind: type[Any], error: ErrorDetails) -> str:
    nearest = _nearest(kind, error)
    if nearest:
        return f"; did you mean {nearest!r}?"
    known = _known_keys(kind, error["loc"][:-1])
    return f"; known here are {', '.join(known)}" if known else ""


def _nearest(kind: type[Any], error: ErrorDetails) -> str | None:
    close = get_close_matches(str(error["loc"][-1]), _known_keys(kind, error["loc"][:-1]), n=1)
    return close[0] if close else None


def _known_keys(kind: type[Any], location: tuple[str | int, ...]) -> list[str]:
    """Find the keys a mapping at a place may have, by walking the JSON Schema along."""
    schema = adapter(kind).json_schema()
    node: Any = schema
    for part in location:
        node = _step_into(schema, node, part)
        if node is None:
            return []
    return list(_resolved(schema, node).get("properties", ()))


def _step_into(schema: dict[str, Any], node: Any, part: str | int) -> Any:
    node = _resolved(schema, node)
    if isinstance(part, int):
        return node.get("items")
    if part.startswith("<"):
        wanted = part.strip("<>")
        options = [_resolved(schema, option) for option in node.get("oneOf", ())]
        return next((option for option in options if wanted in option.get("properties", ())), None)
    return node.get("properties", {}).get(part)


def _resolved(schema: dict[str, Any], node: Any) -> dict[str, Any]:
    while isinstance(node, dict) and "$ref" in node:
        node = schema["$defs"][node["$ref"].rsplit("/", 1)[-1]]
    for option in node.get("anyOf", ()) if isinstance(node, dict) else ():
        if "$ref" in option:
            return _resolved(schema, option)
    return node if isinstance(node, dict) else {}
