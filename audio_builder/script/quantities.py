"""Quantities as people write them: times, lengths of holds (`20s`, `4 breaths`), paces and tempos."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal

from audio_builder.script.syntax import show

MAX_SECONDS = 12 * 3600.0
"""The longest time any setting may name: the length of the longest session."""
MAX_BREATHS = 1_000
MAX_REPS = 500

PHASE_SECONDS = (1.0, 30.0)
"""The shortest and longest inhale or exhale."""
PAUSE_SECONDS = (0.0, 30.0)
"""The shortest and longest breath hold inside a breath."""

_DURATION = re.compile(
    r"(?:(?P<h>\d+)\s*(?:h|hrs?|hours?))?\s*"
    r"(?:(?P<m>\d+(?:\.\d+)?)\s*(?:m|mins?|minutes?))?\s*"
    r"(?:(?P<s>\d+(?:\.\d+)?)\s*(?:s|secs?|seconds?))?"
)
_BREATHS = re.compile(r"(?P<n>\d+(?:\.\d+)?)\s*breaths?")

_LONGEST = 40
"""Characters of any quantity; keeps the patterns quick on whatever they are given."""

LENGTH_HINT = 'write seconds or breaths, like "20s" or "4 breaths"'
DURATION_HINT = 'write it with its unit, like "20s" or "1m30s"'
PACE_HINT = 'write inhale/exhale in seconds, like "4/6", or four phases, like "4-4-4-4"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Length:
    """How long a hold lasts: a number of breaths or a number of seconds, never both."""

    breaths: int = 0
    """Whole breaths; 0 where the length is in seconds."""
    seconds: float = 0.0
    """Seconds; 0 where the length is in breaths."""

    def __str__(self) -> str:
        if self.breaths:
            return "1 breath" if self.breaths == 1 else f"{self.breaths} breaths"
        return duration_text(self.seconds)

    def in_seconds(self, breath_seconds: float) -> float:
        """Give the length in seconds at a pace whose breath lasts so long."""
        return self.breaths * breath_seconds if self.breaths else self.seconds


def duration_text(seconds: float) -> str:
    """Write seconds as people do: `20s`, `1m30s`, `2h`."""
    if seconds < 60:
        return f"{seconds:g}s"
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "h"), (minutes, "m"), (rest, "s"))
    return "".join(f"{number:g}{unit}" for number, unit in parts if number)


def parse_duration(value: object, *, unit: Literal["seconds", "minutes"] = "seconds") -> float:
    """Read a time such as `20s`, `1m30s` or `2 minutes`; give seconds. ValueError says what would do.

    `unit` is what a number without one was likely meant to have.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError(f"{show(value)} is not a length of time; {DURATION_HINT}")
    if not isinstance(value, str):
        if not math.isfinite(value):
            raise ValueError(f"{show(value)} is not a length of time; {DURATION_HINT}")
        raise ValueError(f'{show(value)} has no unit; write "{value:g}{unit[0]}" for {unit}')
    if _written(value).startswith("-"):
        raise ValueError(f"{show(value)} is less than nothing; {DURATION_HINT}")
    match = _DURATION.fullmatch(_written(value))
    if match is None or not any(match.groups()):
        raise ValueError(f"{show(value)} is not a length of time; {DURATION_HINT}")
    hours, minutes, seconds = (float(match[unit] or 0) for unit in "hms")
    total = hours * 3600 + minutes * 60 + seconds
    if total > MAX_SECONDS:
        raise ValueError(f"{show(value)} is too long; a session lasts 12 hours at most")
    return total


def parse_length(value: object) -> Length:
    """Read a hold's length, `20s` or `4 breaths`. ValueError says what would do."""
    if isinstance(value, Length):
        return value
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError(f"{show(value)} is not a length; {LENGTH_HINT}")
    if not isinstance(value, str):
        if math.isfinite(value) and value > 0:
            raise ValueError(f'{show(value)} has no unit; write "{value:g}s" or "{value:g} breaths"')
        raise ValueError(f"{show(value)} is not a length; {LENGTH_HINT}")
    match = _BREATHS.fullmatch(_written(value))
    if match and "." in match["n"]:
        raise ValueError(f'{show(value)} is not a length; a hold lasts whole breaths, like "4 breaths"')
    if match:
        breaths = int(match["n"])
        if not 1 <= breaths <= MAX_BREATHS:
            raise ValueError(f"{show(value)} is out of range; a hold lasts 1 to {MAX_BREATHS} breaths")
        return Length(breaths=breaths)
    try:
        seconds = parse_duration(value)
    except ValueError as error:
        if "is not a length" not in str(error):
            raise
        raise ValueError(f"{show(value)} is not a length; {LENGTH_HINT}") from None
    if seconds < 1:
        raise ValueError(f"{show(value)} is too short; a hold lasts at least 1s")
    return Length(seconds=seconds)


def parse_pace(value: object) -> dict[str, str]:
    """Read a pace such as `4/6` or `4-4-4-4`; give its phases as written. ValueError says what would do."""
    if not isinstance(value, str):
        raise ValueError(f"{show(value)} is not a breath pace; {PACE_HINT}")
    parts = [part.strip().removesuffix("s") for part in re.split(r"[/-]", _written(value))]
    numbers = all(re.fullmatch(r"\d+(\.\d+)?", part) for part in parts)
    names = {2: ("inhale", "exhale"), 4: ("inhale", "hold_in", "exhale", "hold_out")}.get(len(parts))
    if not numbers or names is None:
        raise ValueError(f"{show(value)} is not a breath pace; {PACE_HINT}")
    return {name: f"{part}s" for name, part in zip(names, parts, strict=True)}


def parse_tempo(value: object) -> tuple[float, ...]:
    """Read a movement tempo such as `2-1-3`: seconds for each part of a movement. ValueError otherwise."""
    remedy = 'write the seconds of each part, like "2-1-3"'
    if not isinstance(value, str) or not re.fullmatch(r"\d+(\.\d+)?(-\d+(\.\d+)?){1,5}", _written(value)):
        raise ValueError(f"{show(value)} is not a tempo; {remedy}")
    parts = tuple(float(part) for part in value.split("-"))
    if sum(parts) < 1 or max(parts) > 30:
        raise ValueError(
            f"{show(value)} is out of range; a tempo's parts last 30 s at most, 1 s in all at least"
        )
    return parts


def _written(value: str) -> str:
    """Prepare a text for reading; what is longer than any quantity becomes empty: no pattern fits."""
    return value.strip().lower() if len(value) <= _LONGEST else ""
