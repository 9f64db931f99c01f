"""A kind of script comes in; its JSON Schema goes out, by which editors complete and check as one types."""

from __future__ import annotations

import json
from typing import Any, Literal

from audio_builder.script.exercise import Exercise
from audio_builder.script.keys import plain_schema
from audio_builder.script.quantities import duration_text
from audio_builder.script.routine import Routine

ScriptKind = Literal["exercise", "routine"]
KINDS: tuple[ScriptKind, ...] = ("exercise", "routine")

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TYPES = {"exercise": Exercise, "routine": Routine}
_SHORT_FOR = {
    "Cue": "say",
    "Words": "say",
    "Choice": "use",
    "Pacer": "sound",
    "Bed": "sound",
    "Warmth": "amount",
}
"""Groups of keys that may be written as one value, with the key that the value stands for."""
_PACE = {
    "type": "string",
    "pattern": r"^[0-9. s]+([/-][0-9. s]+){1,3}$",
    "examples": ["4/6", "4-4-4-4"],
    "description": "Inhale/exhale in seconds, or inhale-pause-exhale-pause.",
}


def json_schema(kind: ScriptKind) -> dict[str, Any]:
    """Give the JSON Schema (draft 2020-12) of exercises or of routines."""
    plain = plain_schema(_TYPES[kind])
    tidied = _tidied(plain, plain["$defs"])
    return {"$schema": DIALECT, "$id": f"urn:audio-builder:{kind}", **tidied, "title": kind.capitalize()}


def schema_text(kind: ScriptKind) -> str:
    """Write a JSON Schema as a file has it."""
    return json.dumps(json_schema(kind), indent=2, ensure_ascii=False) + "\n"


def file_name(kind: ScriptKind) -> str:
    """Name the file of a JSON Schema, as the comment at the top of each bundled script does."""
    return f"{kind}.schema.json"


def _tidied(node: Any, groups: dict[str, Any]) -> Any:
    """Allow short forms, and write defaults as a script would."""
    if isinstance(node, list):
        return [_tidied(each, groups) for each in node]
    if not isinstance(node, dict):
        return node
    tidied = {key: _tidied(value, groups) for key, value in node.items() if not _is_default(key, node)}
    if _is_default("default", node):
        tidied |= _default(node)
    name = str(node.get("$ref", "")).rpartition("/")[2]
    if name in _SHORT_FOR or name == "Breath":
        tidied["anyOf"] = [_short(name, groups), {"$ref": tidied.pop("$ref")}]
    return tidied


def _is_default(key: str, node: dict[str, Any]) -> bool:
    """Tell a default value from a key of this name, which the author's dose has."""
    return (
        key == "default" and not (isinstance(node[key], dict) and "type" in node[key])
        if key in node
        else False
    )


def _default(node: dict[str, Any]) -> dict[str, Any]:
    """Give a default that a script could hold; none where leaving the key out is the only way to write it."""
    value = node["default"]
    if value is None or value == "" or isinstance(value, dict | list):
        return {}
    if node.get("type") == "string" and isinstance(value, float):
        return {"default": duration_text(value)}
    return {"default": value}


def _short(name: str, groups: dict[str, Any]) -> dict[str, Any]:
    if name == "Breath":
        return _PACE
    text = groups[name]["properties"][_SHORT_FOR[name]]
    return {key: value for key, value in text.items() if key != "title"}
