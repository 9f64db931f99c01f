"""Raw YAML values come in; checked values go out: the kinds of keys that exercises and routines share."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from typing import Any

from audio_builder.script.kinds import Plain
from audio_builder.script.places import UNSEEN
from audio_builder.script.quantities import (
    MAX_REPS,
    duration_text,
    parse_duration,
    parse_length,
    parse_tempo,
    show,
)
from audio_builder.script.texts import MAX_CHARACTERS, check_text

MAX_LINE = 200
"""Characters of a short text."""


def seconds_between(low: float, high: float) -> Callable[[object], float]:
    """Make a check that reads a time and keeps it within bounds, in seconds."""

    def check(value: object) -> float:
        seconds = parse_duration(value, unit="minutes" if low >= 60 else "seconds")
        if not low <= seconds <= high:
            bounds = f"{duration_text(low)} to {duration_text(high)}"
            raise ValueError(f"{show(value)} is out of range; {bounds} would do")
        return seconds

    return check


def number_between(low: float, high: float, *, whole: bool = False) -> Callable[[object], float]:
    """Make a check that takes a number within bounds, whole where asked."""

    def check(value: object) -> float:
        kinds = (int,) if whole else (int, float)
        if isinstance(value, bool) or not isinstance(value, kinds):
            raise ValueError(
                f"{show(value)} is not a {'whole ' if whole else ''}number; {low:g} to {high:g} would do"
            )
        if not low <= value <= high:
            raise ValueError(f"{show(value)} is out of range; {low:g} to {high:g} would do")
        return value

    return check


def one_of(*names: str) -> Callable[[object], str]:
    """Make a check that takes one of several words and suggests the nearest."""

    def check(value: object) -> str:
        if isinstance(value, str) and value in names:
            return value
        close = get_close_matches(value, names, n=1) if isinstance(value, str) else []
        meant = f'did you mean "{close[0]}"?' if close else "write one of " + ", ".join(names)
        raise ValueError(f"{show(value)} is not known here; {meant}")

    return check


def parse_reps(value: object) -> int:
    """Take a number of reps; ValueError says what would do."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"{show(value)} is not a number of reps; write a whole number, like 8")
    if not 1 <= value <= MAX_REPS:
        raise ValueError(f"{show(value)} is out of range; 1 to {MAX_REPS} reps would do")
    return value


def _words(value: object) -> str:
    """Take any text that has words in it and nothing that cannot be seen."""
    if value is None or (isinstance(value, str) and not value.strip()):
        raise ValueError("there are no words here; write some")
    if not isinstance(value, str):
        raise ValueError(f"{show(value)} is not a text; if it is meant as words, put it in quotes")
    unseen = UNSEEN.search(value)
    if unseen:
        raise ValueError(f"this text holds an invisible character (U+{ord(unseen[0]):04X}); take it out")
    return value


def parse_text(value: object) -> str:
    """Take spoken words; ValueError says what would do."""
    return check_text(_words(value))


def _line(value: object) -> str:
    line = " ".join(_words(value).split())
    if len(line) > MAX_LINE:
        raise ValueError(f"this has {len(line)} characters; {MAX_LINE} at most would do")
    if "{" in line or "}" in line:
        raise ValueError("there are no placeholders here; write the words out, without braces")
    return line


def _prose(value: object) -> str:
    return _words(value).strip()


TIME_SCHEMA: dict[str, Any] = {
    "type": "string",
    "pattern": r"^\s*[0-9][0-9. ]*[A-Za-z]",
    "maxLength": 40,
    "examples": ["20s", "1m30s"],
}
LENGTH_SCHEMA = TIME_SCHEMA | {"examples": ["4 breaths", "20s", "1m30s"]}

TEXT = Plain(parse_text, {"type": "string", "minLength": 1, "maxLength": MAX_CHARACTERS})
"""Spoken words; may hold placeholders."""
LINE = Plain(_line, {"type": "string", "minLength": 1, "maxLength": MAX_LINE})
"""A short text that is shown or spoken as it is, without placeholders."""
PROSE = Plain(_prose, {"type": "string"})
"""Longer text that is never spoken."""
MOVE_TIME = Plain(seconds_between(0, 120), TIME_SCHEMA)
"""Seconds, 0 to 2 minutes."""
REST_TIME = Plain(seconds_between(0, 600), TIME_SCHEMA)
"""Seconds, 0 to 10 minutes."""
HOLD_LENGTH = Plain(parse_length, LENGTH_SCHEMA)
REPS = Plain(parse_reps, {"type": "integer", "minimum": 1, "maximum": MAX_REPS})
TEMPO = Plain(parse_tempo, {"type": "string", "examples": ["2-1-3"]})
"""Seconds of each part of a movement."""


def whole(low: int, high: int) -> Plain:
    """Give the kind of a whole number within bounds."""
    return Plain(number_between(low, high, whole=True), {"type": "integer", "minimum": low, "maximum": high})


def word(*names: str) -> Plain:
    """Give the kind of one of several words."""
    return Plain(one_of(*names), {"enum": list(names)})
