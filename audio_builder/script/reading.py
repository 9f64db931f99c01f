"""A raw value and its kind come in; the typed value goes out, or everything that is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, assert_never

from audio_builder.script.kinds import Group, Kind, Later, Location, Many, Maybe, Plain, Tagged, Truth

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


def read(value: object, kind: Kind) -> tuple[Any, list[Fault]]:
    """Give the typed value and the faults; where there are any, the value means nothing."""
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
                return value if isinstance(value, bool) else self._fault("no truth", location, value)
            case Maybe():
                return None if value is None else self.read(value, kind.kind, location)
            case Many():
                return self._each(value, kind, location)
            case Group():
                return self._group(value, kind, location)
            case Tagged():
                tag = kind.tag_of(value)
                if tag is None:
                    return self._fault("no kind", location, value)
                return self.read(value, kind.kinds[tag], (*location, tag))
            case Later():
                return self.read(value, kind.kind(), location)
            case _:
                assert_never(kind)

    def _checked(self, value: object, kind: Plain, location: Location) -> Any:
        try:
            return kind.check(value)
        except ValueError as error:
            return self._fault("value", location, value, says=str(error))

    def _each(self, value: object, kind: Many, location: Location) -> Any:
        if not isinstance(value, list | tuple):
            return self._fault("no list", location, value)
        if len(value) < kind.least:
            return self._fault("empty", location, value)
        if kind.most and len(value) > kind.most:
            return self._fault("too many", location, value, most=kind.most)
        return tuple(self.read(each, kind.kind, (*location, index)) for index, each in enumerate(value))

    def _group(self, value: object, kind: Group, location: Location) -> Any:
        before = len(self.faults)
        try:
            given = kind.written_out(value) if kind.written_out else value
        except ValueError as error:
            return self._fault("value", location, value, says=str(error))
        if not isinstance(given, dict):
            return self._fault("no group", location, value)
        values = {}
        for name, key in kind.keys.items():
            if name in given:
                values[name] = self.read(given[name], key.kind, (*location, name))
            elif key.required:
                self._fault("missing", (*location, name), given)
        for name in given:
            if name not in kind.keys:
                self._fault("unknown", (*location, name), given[name])
        return kind.type(**values) if len(self.faults) == before else None

    def _fault(
        self, code: FaultCode, location: Location, found: object, *, says: str = "", most: int = 0
    ) -> Any:
        """Note a fault, and give nothing in the value's place."""
        self.faults.append(Fault(code=code, location=location, found=found, says=says, most=most))
        return None
