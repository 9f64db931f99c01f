"""A script's type and a place in it come in; the keys that are known there go out, or the nearest."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from typing import Any

from pydantic import TypeAdapter

Location = tuple[str | int, ...]
"""A place as pydantic gives it: keys, list indices, and the tags of steps."""


@cache
def adapter(kind: Any) -> TypeAdapter[Any]:
    """Give pydantic's reader for a type, made once."""
    return TypeAdapter(kind)


@cache
def plain_schema(kind: Any) -> dict[str, Any]:
    """Give pydantic's JSON Schema of a type, made once; not to be changed."""
    return adapter(kind).json_schema()


def nearest_key(kind: Any, location: Location) -> str | None:
    """Find the known key that the last part of a location was meant to be."""
    close = get_close_matches(str(location[-1]), known_keys(kind, location[:-1]), n=1)
    return close[0] if close else None


def home_of(kind: Any, location: Location) -> str | None:
    """Find the group of keys, beside the last part of a location, in which that part would be known."""
    beside = known_keys(kind, location[:-1])
    return next((key for key in beside if location[-1] in known_keys(kind, (*location[:-1], key))), None)


def known_keys(kind: Any, location: Location) -> list[str]:
    """Find the keys that a mapping at a place may have, in alphabetical order."""
    schema = plain_schema(kind)
    node: Any = schema
    for part in location:
        node = _step_into(schema, node, part)
        if node is None:
            return []
    return sorted(_resolved(schema, node).get("properties", ()))


def _step_into(schema: dict[str, Any], node: Any, part: str | int) -> Any:
    node = _resolved(schema, node)
    if isinstance(part, int):
        return node.get("items")
    if "oneOf" in node:
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
