"""Any text and any mutation of a bundled script gives a script or a message, nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from audio_builder.errors import CompileError, ScriptError
from audio_builder.script.advice import advise
from audio_builder.script.document import Path_, parse, read
from audio_builder.script.finding import bundled, scripts_folder
from audio_builder.script.overrides import Override, from_text
from audio_builder.script.program import load_exercise, load_routine
from audio_builder.script.schema import ScriptKind, json_schema
from audio_builder.script.syntax import UNSEEN

QUICK = settings(max_examples=150, suppress_health_check=list(HealthCheck))
EXERCISES = [path.read_text(encoding="utf-8") for path in bundled("exercises").values()]
ROUTINES = [path.read_text(encoding="utf-8") for path in bundled("routines").values()]
MORE_KEYS = (
    "say", "brief", "move", "hold", "repeat", "default", "min", "use", "reps", "rest",
    "inhale", "<<", "<say>", "",
)  # fmt: skip
KEYS = sorted({word for text in EXERCISES + ROUTINES for word in yaml.safe_load(text)} | set(MORE_KEYS))
SETTINGS = [
    "rest", "breath", "breath.inhale", "cat-cow.reps", "levels.tones_db", "pacer", "bed", "warmth",
    "sounds.begin", "only", "safety", "title", "exercises", "breath.inhale.x", "cat-cow", ".", "x..y",
    "length", "language", "hold", "skip", "bed.sound", "pacer.inhale", "levels",
]  # fmt: skip
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from([
        "4 breaths", "20s", "0s", "-4s", "1e9h", "4/6", "4-4-4-4", "dose", "none", "{side}", "{", "{rep}",
        "{x:a|b}", "a" * 500, "../x.yaml", "/etc/passwd", "cat-cow", "right then left", "off", "2-1-3",
        "x.wav", "~nobody/x.wav", "a" * 300 + ".wav", "\u202e", "\0", "\ud800", "1" * 400 + "s", "en", "it",
        "/", "..", ".", "9999 breaths", ".inf", "-9 dB", "rain",
    ]),
    st.sampled_from([[], {}, [[]], [None], {"say": None}, {"": ""}, ["right", "left"], [{"hold": "dose"}]]),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutation:
    """One change to a tree of values."""

    kind: str
    at: int
    key: str
    value: Any


MUTATIONS = st.lists(
    st.builds(
        Mutation,
        kind=st.sampled_from(["delete", "duplicate", "replace", "rename", "add", "nest", "swap"]),
        at=st.integers(0, 10_000),
        key=st.sampled_from(KEYS) | st.text(max_size=6),
        value=VALUES,
    ),
    min_size=1,
    max_size=4,
)


def places(value: Any, path: Path_ = ()) -> Iterator[Path_]:
    """Go through the places of a tree that can be changed."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inside in items:
        yield (*path, key)
        yield from places(inside, (*path, key))


def mutated(tree: Any, changes: list[Mutation]) -> Any:
    """Change a copy of a tree."""
    tree = deepcopy(tree)
    for change in changes:
        found = list(places(tree))
        if not found:
            return tree
        path = found[change.at % len(found)]
        parent = tree
        for part in path[:-1]:
            parent = parent[part]
        _change(parent, path[-1], change)
    return tree


def _change(parent: Any, key: Any, change: Mutation) -> None:
    if change.kind == "delete":
        del parent[key]
    elif change.kind == "replace":
        parent[key] = deepcopy(change.value)
    elif change.kind == "nest":
        parent[key] = [parent[key]] if change.at % 2 else {change.key: parent[key]}
    elif isinstance(parent, list):
        parent.insert(key, deepcopy(parent[change.at % len(parent)]))
    elif change.kind == "rename":
        parent[change.key] = parent.pop(key)
    elif change.kind == "duplicate":
        parent[change.key] = deepcopy(parent[key])
    elif change.kind == "swap":
        other = sorted(parent, key=str)[change.at % len(parent)]
        parent[key], parent[other] = parent[other], parent[key]
    else:
        parent[change.key] = deepcopy(change.value)


def written(tree: Any) -> str:
    """Write a tree as YAML, with whatever cannot be written left to the reader to refuse."""
    return str(yaml.safe_dump(tree, allow_unicode=True, sort_keys=False))


def outcome(act: Callable[[], Any], *, unseen: bool = False) -> Any:
    """Do something; give what came of it, or None where it was refused with a message of its own.

    A script may hold what nobody sees; its messages never do.
    """
    refused: ScriptError | CompileError | None = None
    try:
        return act()
    except (ScriptError, CompileError) as error:
        refused = error
    assert str(refused).strip()
    for problem in getattr(refused, "problems", ()):
        assert problem.message
        assert problem.where
        assert not re.search(r"Traceback|\w+Error\b", problem.message)
        assert not (unseen and UNSEEN.search(str(problem)))
    return None


def survives(load: Callable[[Path], Any], text: str | bytes) -> Any:
    """Load a script from a file of its own."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "fuzz.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", errors="surrogatepass"))
        return outcome(lambda: load(path), unseen=True)


@QUICK
@given(st.text(max_size=400) | st.binary(max_size=400))
def test_any_text_is_refused_or_read(text: str | bytes) -> None:
    """Load arbitrary text and arbitrary bytes."""
    survives(load_exercise, text)
    survives(load_routine, text)


@QUICK
@given(
    st.lists(
        st.sampled_from([*"[]{}:,-?&*!|>'\"%@`#\n \t", "a", "- ", ": ", "\n  ", "<<: ", "--- ", "{side}"]),
        max_size=60,
    )
)
def test_any_mixture_of_yaml_signs_is_refused_or_read(signs: list[str]) -> None:
    """Load texts made of what means something in YAML."""
    survives(load_exercise, "name: a\n" + "".join(signs))


@QUICK
@given(
    st.sampled_from(EXERCISES),
    st.integers(0, 5000),
    st.integers(0, 40),
    st.text(max_size=8) | st.sampled_from(list("\t\"'{}[]:-#&*\0")),
)
def test_any_slip_of_the_fingers_is_refused_or_read(text: str, at: int, length: int, typed: str) -> None:
    """Cut a piece out of an exercise and type something there."""
    at %= len(text)
    loaded = survives(load_exercise, text[:at] + typed + text[at + length :])
    if loaded:
        advise(*loaded)


@QUICK
@given(st.sampled_from(EXERCISES), MUTATIONS)
def test_any_mutation_of_an_exercise_is_refused_or_read(text: str, changes: list[Mutation]) -> None:
    """Change the tree of an exercise; what is still read must keep to the schema, and take advice."""
    mutant = written(mutated(yaml.safe_load(text), changes))
    loaded = survives(load_exercise, mutant)
    if loaded:
        advise(*loaded)
        keeps_to_schema("exercise", mutant)


@QUICK
@given(st.sampled_from(ROUTINES), MUTATIONS)
def test_any_mutation_of_a_routine_is_refused_or_read(text: str, changes: list[Mutation]) -> None:
    """Change the tree of a routine; what is still read must keep to the schema."""
    mutant = written(mutated(yaml.safe_load(text), changes))
    if survives(load_routine, mutant):
        keeps_to_schema("routine", mutant)


def keeps_to_schema(kind: ScriptKind, text: str) -> None:
    """Hold a script that was read against its schema: an editor must not mark what the program takes."""
    value = parse(text, source="fuzz.yaml").value
    assert [error.message for error in Draft202012Validator(json_schema(kind)).iter_errors(value)] == []


@QUICK
@given(
    st.sampled_from(SETTINGS) | st.text(max_size=10),
    VALUES,
)
def test_any_setting_is_refused_or_taken(path: str, value: Any) -> None:
    """Lay arbitrary settings over a bundled routine."""
    routine = bundled("routines")["gentle"]
    outcome(lambda: load_routine(routine, settings={path: value}))


@QUICK
@given(
    st.text(max_size=40) | st.sampled_from(["a={", "a=[", "a={b: 1, b: 2}", "a=[*x]", "=", "a=!!x", "a={\t}"])
)
def test_any_option_is_refused_or_read(text: str) -> None:
    """Read arbitrary text as given to --set."""
    read_back = outcome(lambda: from_text(text, source="--set"))
    assert read_back is None or isinstance(read_back, Override)


@QUICK
@given(st.sampled_from(sorted((scripts_folder()).glob("*/*.yaml"))))
def test_what_was_read_is_read_again_the_same(path: Path) -> None:
    """Write the tree of a bundled script with another YAML writer, and read the same values back."""
    value = read(path).value
    assert parse(written(value), source="again").value == value


@pytest.mark.parametrize("kind", ["delete", "duplicate", "replace", "rename", "add", "nest", "swap"])
def test_every_kind_of_mutation_changes_something(kind: str) -> None:
    """Keep the mutations from going blunt: each kind changes the tree at some place."""
    tree = yaml.safe_load(EXERCISES[0])
    changes = [Mutation(kind=kind, at=at, key="odd", value=7) for at in range(30)]
    assert any(mutated(tree, [change]) != tree for change in changes)
