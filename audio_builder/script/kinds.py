"""What a script's keys may hold: the declarations from which scripts are read and their JSON Schemas are made.

A script's types are dataclasses whose fields are declared by `key`, each with its kind.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from functools import cache
from typing import Any, TypeAlias, cast

Location = tuple[str | int, ...]
"""The way to a value: keys, list indices, and the tags of `Tagged` kinds."""

_KEY = "key"


@dataclass(frozen=True, slots=True)
class Plain:
    """A value that one function checks."""

    check: Callable[[object], Any]
    """Gives the value to use; raises ValueError saying what would do."""
    schema: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Truth:
    """True or false, and nothing that could be taken for it."""


@dataclass(frozen=True, slots=True)
class Maybe:
    """A value of a kind, or none at all."""

    kind: Kind


@dataclass(frozen=True, slots=True)
class Many:
    """A list of values of a kind; a tuple once it is read."""

    kind: Kind
    least: int = 0
    """0 or 1."""
    most: int = 0
    """0 for any number."""


@dataclass(frozen=True, slots=True)
class Group:
    """A group of keys, read as a dataclass; keys that it does not have are refused."""

    type: type[Any]
    written_out: Callable[[object], object] | None = None
    """Takes a short form and gives the mapping that it stands for; raises ValueError saying what would do."""

    @property
    def keys(self) -> Mapping[str, Key]:
        """Its keys by name, in order."""
        return _keys_of(cast("Hashable", self.type))


@dataclass(frozen=True, slots=True)
class Tagged:
    """One of several kinds, told apart by looking at the value."""

    kinds: Mapping[str, Kind]
    """By the tags that mark them in locations."""
    tag_of: Callable[[object], str | None]


@dataclass(frozen=True, slots=True)
class Later:
    """A kind that is only known once all are declared: of what may hold itself."""

    kind: Callable[[], Kind]


Kind: TypeAlias = "Plain | Truth | Maybe | Many | Group | Tagged | Later"


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One key of a group."""

    kind: Kind
    about: str
    """One line about it, for whoever writes a script."""
    default: Any
    """MISSING where there is none, or where it is made anew each time."""
    required: bool


def key(kind: Kind, *, about: str = "", default: Any = MISSING, default_factory: Any = MISSING) -> Any:
    """Declare a dataclass field as a key of a script: its kind, a line about it, and its default if it has one."""
    declared = {_KEY: (kind, about)}
    if default_factory is not MISSING:
        return field(default_factory=default_factory, metadata=declared)
    return field(default=default, metadata=declared)


@cache
def _keys_of(group: Any) -> Mapping[str, Key]:
    found = {}
    for entry in fields(group):
        kind, about = entry.metadata[_KEY]
        required = entry.default is MISSING and entry.default_factory is MISSING
        found[entry.name] = Key(kind=kind, about=about, default=entry.default, required=required)
    return found
