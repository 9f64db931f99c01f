"""The JSON Schemas of scripts, by which editors complete and check as one types."""

from __future__ import annotations

import json
from dataclasses import MISSING, is_dataclass
from typing import Any, Literal, assert_never

from audio_builder.script.exercise import Exercise
from audio_builder.script.kinds import Group, Key, Kind, Later, Many, Maybe, Plain, Tagged, Truth
from audio_builder.script.quantities import duration_text
from audio_builder.script.routine import Routine

Schema = dict[str, Any]
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
    type_ = _TYPES[kind]
    groups: dict[str, Schema] = {}
    _schema_of(Group(type_), groups)
    whole = groups.pop(type_.__name__)
    named = {"$defs": dict(sorted(groups.items())), **whole, "title": kind.capitalize()}
    return {"$schema": DIALECT, "$id": f"urn:audio-builder:{kind}", **_with_short_forms(named, groups)}


def schema_text(kind: ScriptKind) -> str:
    """Write a JSON Schema as a file has it."""
    return json.dumps(json_schema(kind), indent=2, ensure_ascii=False) + "\n"


def file_name(kind: ScriptKind) -> str:
    """Name the file of a JSON Schema, as the comment at the top of each bundled script does."""
    return f"{kind}.schema.json"


def _schema_of(kind: Kind, groups: dict[str, Schema]) -> Schema:
    """Give a kind's schema, and put those of the groups of keys that it refers to into `groups`, by name."""
    match kind:
        case Plain():
            return dict(kind.schema)
        case Truth():
            return {"type": "boolean"}
        case Maybe():
            return {"anyOf": [_schema_of(kind.kind, groups), {"type": "null"}]}
        case Later():
            return _schema_of(kind.kind(), groups)
        case Many():
            bounds = {"minItems": kind.least, "maxItems": kind.most}
            stated = {name: bound for name, bound in bounds.items() if bound}
            return {"type": "array", "items": _schema_of(kind.kind, groups), **stated}
        case Tagged():
            return {"oneOf": [_schema_of(each, groups) for each in kind.kinds.values()]}
        case Group():
            name = kind.type.__name__
            if name not in groups:
                groups[name] = {}  # so that a group may hold itself
                groups[name].update(_group(kind, groups))
            return {"$ref": f"#/$defs/{name}"}
        case _:
            assert_never(kind)


def _group(kind: Group, groups: dict[str, Schema]) -> Schema:
    name, required = kind.type.__name__, [name for name, key in kind.keys.items() if key.required]
    about = (kind.type.__doc__ or "").partition("\n")[0]
    written_by_hand = bool(about) and not about.startswith(f"{name}(")
    return {
        "type": "object",
        "title": name,
        **({"description": about} if written_by_hand else {}),
        "properties": {name: _property(name, key, groups) for name, key in kind.keys.items()},
        **({"required": required} if required else {}),
        "additionalProperties": False,
    }


def _property(name: str, key: Key, groups: dict[str, Schema]) -> Schema:
    schema = _schema_of(key.kind, groups)
    if "$ref" not in schema:
        schema["title"] = name.replace("_", " ").title()
    if key.about:
        schema["description"] = key.about
    return schema | _default(key.default, schema)


def _default(value: Any, schema: Schema) -> Schema:
    """Give a default that a script could hold; none where leaving the key out is the only way to write it."""
    if value is MISSING or value is None or value in ("", ()) or is_dataclass(value):
        return {}
    if schema.get("type") == "string" and isinstance(value, float):
        return {"default": duration_text(value)}
    return {"default": value}


def _with_short_forms(node: Any, groups: dict[str, Schema]) -> Any:
    """Allow a group's short form wherever the group is."""
    if isinstance(node, list):
        return [_with_short_forms(each, groups) for each in node]
    if not isinstance(node, dict):
        return node
    allowed = {key: _with_short_forms(value, groups) for key, value in node.items()}
    name = str(node.get("$ref", "")).rpartition("/")[2]
    if name in _SHORT_FOR or name == "Pace":
        allowed["anyOf"] = [_short(name, groups), {"$ref": allowed.pop("$ref")}]
    return allowed


def _short(name: str, groups: dict[str, Schema]) -> Schema:
    if name == "Pace":
        return _PACE
    text = groups[name]["properties"][_SHORT_FOR[name]]
    return {key: value for key, value in text.items() if key != "title"}
