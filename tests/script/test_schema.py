"""The JSON Schemas of scripts agree with the bundled scripts and with the loader."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from audio_builder.script.document import read
from audio_builder.script.finding import scripts_folder
from audio_builder.script.schema import KINDS, ScriptKind, file_name, json_schema, schema_text

SCRIPTS = scripts_folder()
BROKEN = Path(__file__).parent / "broken"
COMMENT = re.compile(r"# yaml-language-server: \$schema=(?P<path>\S+)\n")


def kind_of(path: Path) -> ScriptKind:
    """Tell the kind of a script by the folder it lies in, or by the name of a template."""
    return "exercise" if path.parent.name == "exercises" or path.stem == "exercise" else "routine"


def scripts() -> list[Path]:
    """List every script that ships."""
    return sorted(SCRIPTS.glob("*/*.yaml"))


def faults(path: Path) -> list[str]:
    """Hold a script against the schema of its kind."""
    return [
        error.message
        for error in Draft202012Validator(json_schema(kind_of(path))).iter_errors(read(path).value)
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_the_schema_is_valid_and_says_what_it_is(kind: ScriptKind) -> None:
    """Check the schema by its own dialect's schema, and its head."""
    schema = json_schema(kind)
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == f"urn:audio-builder:{kind}"
    assert schema["title"] == kind.capitalize()
    assert schema["description"]
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize("path", scripts(), ids=lambda path: path.stem)
def test_every_script_that_ships_keeps_to_the_schema(path: Path) -> None:
    """Hold each against the schema of its kind."""
    assert faults(path) == []


@pytest.mark.parametrize("path", scripts(), ids=lambda path: path.stem)
def test_every_script_that_ships_tells_editors_where_its_schema_lies(path: Path) -> None:
    """Follow the comment on the first line to the shipped file of the right kind."""
    comment = COMMENT.match(path.read_text(encoding="utf-8"))
    assert comment
    assert (path.parent / comment["path"]).resolve() == (
        SCRIPTS / "schema" / file_name(kind_of(path))
    ).resolve()


@pytest.mark.parametrize("kind", KINDS)
def test_the_shipped_schema_is_the_one_the_program_writes(kind: ScriptKind) -> None:
    """Compare file and function; where they differ, write the file again with `audio-builder schema`."""
    shipped = (SCRIPTS / "schema" / file_name(kind)).read_text(encoding="utf-8")
    assert json.loads(shipped) == json_schema(kind)
    assert shipped == schema_text(kind)


MISTAKES_IN_EXERCISES = (
    "key-misspelt", "key-missing", "key-misspelt-in-a-step", "hold-without-unit", "move-without-unit",
    "name-is-a-number", "reps-are-a-text", "reps-are-zero", "sides-are-unknown", "setup-is-a-text",
    "steps-are-empty", "step-of-two-kinds", "step-is-a-number", "start-is-a-text",
)  # fmt: skip
MISTAKES_IN_ROUTINES = (
    "key-misspelt", "title-missing", "breath-is-no-pace", "guidance-unknown", "rounds-too-many",
    "exercises-empty", "exercise-key-misspelt", "beyond-limits-is-a-text", "rest-without-unit",
)  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES_IN_EXERCISES)
def test_an_editor_sees_plain_mistakes_in_an_exercise_as_one_types(name: str) -> None:
    """Hold broken exercises against the schema."""
    assert faults(BROKEN / "exercises" / f"{name}.yaml")


@pytest.mark.parametrize("name", MISTAKES_IN_ROUTINES)
def test_an_editor_sees_plain_mistakes_in_a_routine_as_one_types(name: str) -> None:
    """Hold broken routines against the schema."""
    assert faults(BROKEN / "routines" / f"{name}.yaml")


def test_defaults_are_written_as_a_script_would_write_them() -> None:
    """Hold every default of both schemas against its own place in the schema."""
    count = 0
    for kind in KINDS:
        schema = json_schema(kind)
        for place in _with_defaults(schema):
            validator = Draft202012Validator({**place, "$defs": schema["$defs"]})
            assert list(validator.iter_errors(place["default"])) == []
            count += 1
    assert count > 25


def _with_defaults(node: Any) -> list[dict[str, Any]]:
    if isinstance(node, list):
        return [place for each in node for place in _with_defaults(each)]
    if not isinstance(node, dict):
        return []
    here = [node] if "default" in node and not isinstance(node["default"], dict) else []
    return here + [place for each in node.values() for place in _with_defaults(each)]


def test_every_key_of_a_routine_and_of_an_exercise_is_explained() -> None:
    """Keep the words that an editor shows beside a key; only those that explain themselves go without."""
    plain = {
        kind: {key for key, at in json_schema(kind)["properties"].items() if "description" not in at}
        for kind in KINDS
    }
    assert plain["exercise"] <= {"name", "start", "steps"}
    assert plain["routine"] <= {
        "title", "language", "guidance", "speed", "start_side", "levels", "sounds", "exercises",
    }  # fmt: skip
