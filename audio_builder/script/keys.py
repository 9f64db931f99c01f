"""A script's type and a place in it come in; the keys that are known there go out, or the nearest."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any, assert_never

from audio_builder.script.kinds import Group, Kind, Later, Location, Many, Maybe, Plain, Tagged, Truth


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
            return kind.kinds.get(str(part))
        case _:
            assert_never(kind)
