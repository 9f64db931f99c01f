"""The kinds of keys that exercises and routines share, those for sound settings among them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from typing import Any, cast

from audio_builder.language.sentences import readable
from audio_builder.script.kinds import Group, Key, Kind, Plain, keys_for
from audio_builder.script.quantities import (
    MAX_REPS,
    Length,
    duration_text,
    parse_duration,
    parse_length,
    parse_tempo,
)
from audio_builder.script.syntax import UNSEEN, show
from audio_builder.script.texts import MAX_CHARACTERS, check_text
from audio_builder.sound import settings
from audio_builder.sound.settings import Bed, Levels, Range, Warmth

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
    return check_text(_readable(value))


def _readable(value: object) -> str:
    """Take words to be spoken or shown, without markup."""
    text = readable(_words(value))
    if not any(each.isalnum() for each in text):
        raise ValueError(f"there is nothing to say in {show(value)}; write words, or leave it out")
    return text


def _spoken_line(value: object) -> str:
    return _line(_readable(value))


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
SPOKEN_LINE = Plain(_spoken_line, LINE.schema)
"""A short text that is spoken."""
PROSE = Plain(_prose, {"type": "string"})
"""Longer text that is never spoken."""
MOVE_TIME = Plain(seconds_between(0, 120), TIME_SCHEMA, neutral=0.0)
"""Seconds, 0 to 2 minutes."""
REST_TIME = Plain(seconds_between(0, 600), TIME_SCHEMA)
"""Seconds, 0 to 10 minutes."""
HOLD_LENGTH = Plain(parse_length, LENGTH_SCHEMA, neutral=Length(breaths=1))
REPS = Plain(parse_reps, {"type": "integer", "minimum": 1, "maximum": MAX_REPS}, neutral=1)
TEMPO = Plain(parse_tempo, {"type": "string", "examples": ["2-1-3"]})
"""Seconds of each part of a movement."""


def whole(low: int, high: int) -> Plain:
    """Give the kind of a whole number within bounds."""
    return Plain(number_between(low, high, whole=True), {"type": "integer", "minimum": low, "maximum": high})


def word(*names: str) -> Plain:
    """Give the kind of one of several words."""
    return Plain(one_of(*names), {"enum": list(names)})


QUALITIES = {"small": 64, "standard": 96, "high": 160}
"""Each preset's bit rate in kbit/s."""


def measured(allowed: Range) -> Callable[[object], float]:
    """Make a check that takes a number, with or without its unit, and keeps it in a range."""
    unit = allowed.unit.split()[0] if allowed.unit != "of 1" else ""

    def check(value: object) -> float:
        number = value
        if isinstance(value, str) and unit:
            text = value.strip()
            bare = text[: -len(unit)] if text.lower().endswith(unit.lower()) else text
            try:
                number = float(bare)
            except ValueError:
                number = None
        if isinstance(number, bool) or not isinstance(number, int | float):
            raise ValueError(
                f"{show(value)} is not a number{f' of {unit}' if unit else ''}; {_bounds(allowed)}"
            )
        if not allowed.low <= number <= allowed.high:
            raise ValueError(f"{show(value)} is out of range; {_bounds(allowed)}")
        return float(number)

    return check


def _bounds(allowed: Range) -> str:
    unit = "" if allowed.unit == "of 1" else f" {allowed.unit}"
    return f"{allowed.low:g} to {allowed.high:g}{unit} would do"


def sound_keys(kind: type[Any], **others: Kind) -> Mapping[str, Key]:
    """Give the keys of a class of sound settings; `others` are the kinds of those without a range."""
    ranged = {
        entry.name: Plain(measured(allowed), _schema(allowed, cast("float", entry.default)))
        for entry in fields(kind)
        if (allowed := entry.metadata.get("range"))
    }
    return keys_for(kind, **ranged, **others)


def _schema(allowed: Range, default: float) -> dict[str, Any]:
    return {
        "anyOf": [
            {"type": "number", "minimum": allowed.low, "maximum": allowed.high},
            {"type": "string", "examples": [f"{default:g} {allowed.unit}"]},
        ],
        "description": f"{allowed.about}; {allowed.unit}",
        "default": default,
    }


def named_first(value: object) -> object:
    """Take one word for a group whose `sound` it is: `bed: rain`."""
    return {"sound": value} if isinstance(value, str) else value


def amount_first(value: object) -> object:
    """Take one number for a group whose `amount` it is: `warmth: 0.5`."""
    return {"amount": value} if isinstance(value, int | float) and not isinstance(value, bool) else value


def _channels(value: object) -> int:
    if value in (1, 2, "mono", "stereo") and not isinstance(value, bool):
        return 2 if value in (2, "stereo") else 1
    raise ValueError(f'{show(value)} will not do; write "mono" or "stereo"')


def _sound(value: object) -> str:
    if isinstance(value, str) and value.strip():
        return value.strip()
    raise ValueError(f"{show(value)} is not a sound; write its name, or a file beside the script")


_SOUND = Plain(_sound, {"type": "string"})
_CHANNELS = Plain(_channels, {"enum": ["mono", "stereo", 1, 2]})


@dataclass(frozen=True, slots=True, kw_only=True)
class Pacer(settings.Pacer):
    """What leads the breath; a person's own sounds may."""

    inhale: str = ""
    """A sound file in place of the tone."""
    exhale: str = ""

    @property
    def tones(self) -> settings.Pacer:
        """The tones' own settings."""
        return settings.Pacer(**{entry.name: getattr(self, entry.name) for entry in fields(settings.Pacer)})


SOUND_LEVELS = Group(Levels, declared=sound_keys(Levels))
PACER = Group(Pacer, named_first, declared=sound_keys(Pacer, sound=_SOUND, inhale=_SOUND, exhale=_SOUND))
BED = Group(Bed, named_first, declared=sound_keys(Bed, sound=_SOUND, channels=_CHANNELS))
WARMTH = Group(Warmth, amount_first, declared=sound_keys(Warmth))
