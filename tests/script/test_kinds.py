"""Raw values are read by their kinds: typed values, or every fault in them at once."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from audio_builder.script.kinds import Fault, Group, Kind, Later, Many, Maybe, Plain, Tagged, Truth, key, read


def _small(value: object) -> int:
    if not isinstance(value, int) or value > 9:
        raise ValueError("9 at most would do")
    return value


SMALL = Plain(_small, {"type": "integer", "maximum": 9})


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """What a branch ends in."""

    size: int = key(SMALL, about="Its size.")
    green: bool = key(Truth(), default=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """What holds others."""

    on_it: tuple[Leaf | Branch, ...] = key(Many(Later(lambda: EITHER), least=1, most=3))
    name: str | None = key(Maybe(Plain(str, {"type": "string"})), default=None)


def _tag(value: object) -> str | None:
    return {int: "leaf", dict: "branch"}.get(type(value))


def _leaf(value: object) -> object:
    return {"size": value} if isinstance(value, int) else value


EITHER: Kind = Tagged({"leaf": Group(Leaf, _leaf), "branch": Group(Branch)}, _tag)


def test_a_value_that_is_right_becomes_its_type_with_defaults() -> None:
    """Read a branch in a branch, with short forms."""
    assert read({"on_it": [3, {"on_it": [4], "name": None}]}, Group(Branch)) == (
        Branch(on_it=(Leaf(size=3), Branch(on_it=(Leaf(size=4),)))),
        [],
    )


def test_all_faults_are_found_in_one_pass_with_the_way_to_each() -> None:
    """Read a branch in which much is wrong."""
    inner = {"on_it": [], "leaves": 1}
    _, faults = read({"on_it": [12, "x", inner]}, Group(Branch))
    assert faults == [
        Fault(
            code="value",
            location=("on_it", 0, "<leaf>", "size"),
            found=12,
            says="9 at most would do",
        ),
        Fault(code="no kind", location=("on_it", 1), found="x"),
        Fault(code="empty", location=("on_it", 2, "<branch>", "on_it"), found=[]),
        Fault(code="unknown", location=("on_it", 2, "<branch>", "leaves"), found=1),
    ]


@pytest.mark.parametrize(
    ("value", "kind", "fault"),
    [
        ({}, Group(Leaf), Fault(code="missing", location=("size",), found={})),
        ([], Group(Leaf), Fault(code="no group", location=(), found=[])),
        ({"size": 1, "green": 1}, Group(Leaf), Fault(code="no truth", location=("green",), found=1)),
        ({"a": 1}, Many(SMALL), Fault(code="no list", location=(), found={"a": 1})),
        ([1, 2, 3], Many(SMALL, most=2), Fault(code="too many", location=(), found=[1, 2, 3], most=2)),
        (None, SMALL, Fault(code="value", location=(), found=None, says="9 at most would do")),
    ],
)
def test_each_kind_refuses_what_it_is_not(value: object, kind: Kind, fault: Fault) -> None:
    """Read one wrong value."""
    assert read(value, kind)[1] == [fault]


def test_what_a_caller_gave_stays_as_it_was() -> None:
    """Read a mapping with a fault."""
    given = {"on_it": [12]}
    read(given, Group(Branch))
    assert given == {"on_it": [12]}
