"""Settings classes come in, each field with its range; checks and rows for lists of settings go out."""

from __future__ import annotations

from dataclasses import Field, dataclass, field, fields
from typing import Any, cast

from audio_builder.errors import AudioBuilderError

_KEY = "range"


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """What a number may be."""

    low: float
    high: float
    unit: str
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One named number of a settings class."""

    name: str
    default: float
    range: Range


def ranged(default: float, low: float, high: float, *, unit: str, about: str) -> Any:
    """Declare a dataclass field with its default, bounds (both allowed), unit and one line about it."""
    return field(default=default, metadata={_KEY: Range(low=low, high=high, unit=unit, about=about)})


def rows(settings: type[Any]) -> tuple[Setting, ...]:
    """List the ranged fields of a settings class, in order."""
    return tuple(
        Setting(name=entry.name, default=float(cast("float", entry.default)), range=entry.metadata[_KEY])
        for entry in fields(settings)
        if _KEY in entry.metadata
    )


def check(settings: Any, *, where: str) -> None:
    """Raise AudioBuilderError for the first field outside its range; `where` names the group of settings."""
    for entry in fields(settings):
        if _KEY in entry.metadata:
            _check_one(entry, getattr(settings, entry.name), where=where)


def _check_one(entry: Field[Any], value: float, *, where: str) -> None:
    allowed: Range = entry.metadata[_KEY]
    if not allowed.low <= value <= allowed.high:
        raise AudioBuilderError(
            f"{value:g} {allowed.unit} is out of range ({allowed.about})",
            where=f"{where}.{entry.name}",
            hint=f"Use {allowed.low:g} to {allowed.high:g} {allowed.unit}; the default is {entry.default:g}.",
        )
