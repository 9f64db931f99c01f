"""What a script's keys may hold: declarations by which scripts are read and their JSON Schemas made.

A script's types are dataclasses whose fields are declared by `key`, each with its kind.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from difflib import get_close_matches
from functools import cache
from typing import Any, Literal, TypeAlias, assert_never, cast

from audio_builder.errors import AudioBuilderError

Location = tuple[str | int, ...]
"""The way to a value: keys, list indices, and in brackets the tags of `Tagged` kinds."""

_KEY = "key"


@dataclass(frozen=True, slots=True)
class Plain:
    """A value that one function checks."""

    check: Callable[[object], Any]
    """Gives the value to use; raises ValueError saying what would do."""
    schema: Mapping[str, Any]
    neutral: Any = ""
    """Stands for a required value that is wrong or missing, so that what is around it can be reviewed."""


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
    declared: Mapping[str, Key] | None = None
    """The keys of a dataclass that does not declare them itself."""

    @property
    def keys(self) -> Mapping[str, Key]:
        """Its keys by name, in order."""
        return self.declared or _keys_of(cast("Hashable", self.type))


@dataclass(frozen=True, slots=True)
class Tagged:
    """One of several kinds, told apart by looking at the value."""

    kinds: Mapping[str, Kind]
    """By the tags that mark them in locations."""
    tag_of: Callable[[object], str | None]
    neutral: Any = None
    """Stands for what is of no kind."""


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


def keys_for(group: type[Any], **kinds: Kind) -> Mapping[str, Key]:
    """Declare the keys of a dataclass that is not a script's own, all with their defaults."""
    return {
        entry.name: Key(kind=kinds[entry.name], about="", default=entry.default, required=False)
        for entry in fields(group)
    }


@cache
def _keys_of(group: Any) -> Mapping[str, Key]:
    found = {}
    for entry in fields(group):
        kind, about = entry.metadata[_KEY]
        required = entry.default is MISSING and entry.default_factory is MISSING
        found[entry.name] = Key(kind=kind, about=about, default=entry.default, required=required)
    return found


FaultCode = Literal[
    "value", "missing", "unknown", "no list", "no group", "no truth", "too many", "empty", "no kind"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong with a raw value."""

    code: FaultCode
    location: Location
    found: object
    """The raw value; of a missing key, what lacks it."""
    says: str = ""
    """What the check of a value says."""
    most: int = 0
    """How many entries there may be, where there are too many."""
    about: str = ""
    """The key that disagrees with another, where that other one is the one that is written."""


def read(value: object, kind: Kind) -> tuple[Any, list[Fault]]:
    """Give the typed value and the faults; what is wrong or missing is neutral in it, good only for a review."""
    reader = _Reader()
    return reader.read(value, kind, ()), reader.faults


class _Reader:
    """Goes on after a fault, so that one pass finds them all."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def read(self, value: object, kind: Kind, location: Location) -> Any:
        match kind:
            case Plain():
                return self._checked(value, kind, location)
            case Truth():
                return value if isinstance(value, bool) else self._fault("no truth", kind, location, value)
            case Maybe():
                return None if value is None else self.read(value, kind.kind, location)
            case Many():
                return self._each(value, kind, location)
            case Group():
                return self._group(value, kind, location)
            case Tagged():
                tag = kind.tag_of(value)
                if tag is None:
                    return self._fault("no kind", kind, location, value)
                return self.read(value, kind.kinds[tag], (*location, f"<{tag}>"))
            case Later():
                return self.read(value, kind.kind(), location)
            case _:
                assert_never(kind)

    def _checked(self, value: object, kind: Plain, location: Location) -> Any:
        try:
            return kind.check(value)
        except ValueError as error:
            return self._fault("value", kind, location, value, says=str(error))

    def _each(self, value: object, kind: Many, location: Location) -> Any:
        if not isinstance(value, list | tuple):
            return self._fault("no list", kind, location, value)
        if len(value) < kind.least:
            return self._fault("empty", kind, location, value)
        if kind.most and len(value) > kind.most:
            return self._fault("too many", kind, location, value, most=kind.most)
        return tuple(self.read(each, kind.kind, (*location, index)) for index, each in enumerate(value))

    def _group(self, value: object, kind: Group, location: Location) -> Any:
        try:
            given = kind.written_out(value) if kind.written_out else value
        except ValueError as error:
            return self._fault("value", kind, location, value, says=str(error))
        if not isinstance(given, dict):
            return self._fault("no group", kind, location, value)
        values, before = {}, len(self.faults)
        for name, key in kind.keys.items():
            if name in given:
                earlier = len(self.faults)
                read_ = self.read(given[name], key.kind, (*location, name))
                if key.required or len(self.faults) == earlier or not _is_one_value(key.kind):
                    values[name] = read_
            elif key.required:
                values[name] = self._fault("missing", key.kind, (*location, name), given)
        for name in given:
            if name not in kind.keys:
                self._fault("unknown", kind, (*location, name), given[name])
        try:
            return kind.type(**values)
        except AudioBuilderError as error:  # two keys disagree, or a default with one, where others are wrong
            if len(self.faults) > before:
                return neutral(kind)
            about = str(error.where).rpartition(".")[2]
            at = about if about in values else next(iter(values), about)
            says = f"{error.message}; {error.remedy}"
            return self._fault("value", kind, (*location, at), values, says=says, about=about)

    def _fault(self, code: FaultCode, kind: Kind, location: Location, found: object, **more: Any) -> Any:
        """Note a fault, and give something neutral in the value's place."""
        self.faults.append(Fault(code=code, location=location, found=found, **more))
        return neutral(kind)


def _is_one_value(kind: Kind) -> bool:
    return isinstance(kind.kind if isinstance(kind, Maybe) else kind, Plain | Truth)


def neutral(kind: Kind) -> Any:
    """Give a value of a kind that says nothing."""
    match kind:
        case Plain() | Tagged():
            return kind.neutral
        case Truth():
            return False
        case Maybe():
            return None
        case Many():
            return ()
        case Later():
            return neutral(kind.kind())
        case Group():
            return kind.type(**{name: neutral(key.kind) for name, key in kind.keys.items() if key.required})
        case _:
            assert_never(kind)


def nearest_key(group: type[Any], location: Location) -> str | None:
    """Find the known key that the last part of a location was meant to be."""
    close = get_close_matches(str(location[-1]), known_keys(group, location[:-1]), n=1)
    return close[0] if close else None


def home_of(group: type[Any], location: Location) -> str | None:
    """Find the group of keys, beside the last part of a location, in which that part would be known."""
    beside = known_keys(group, location[:-1])
    return next((key for key in beside if location[-1] in known_keys(group, (*location[:-1], key))), None)


def known_keys(group: type[Any], location: Location) -> list[str]:
    """Find the keys that a mapping at a place may have, in alphabetical order."""
    kind: Kind | None = Group(group)
    for part in location:
        kind = _inside(kind, part) if kind else None
    while isinstance(kind, Maybe):
        kind = kind.kind
    return sorted(kind.keys) if isinstance(kind, Group) else []


def _inside(kind: Kind, part: str | int) -> Kind | None:
    """Give the kind of what lies under a key, an index or a tag; None where nothing does."""
    match kind:
        case Plain() | Truth():
            return None
        case Maybe():
            return _inside(kind.kind, part)
        case Later():
            return _inside(kind.kind(), part)
        case Many():
            return kind.kind.kind() if isinstance(kind.kind, Later) else kind.kind
        case Group():
            return kind.keys[str(part)].kind if part in kind.keys else None
        case Tagged():
            return kind.kinds.get(str(part).strip("<>"))
        case _:
            assert_never(kind)
