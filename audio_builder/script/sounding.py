"""The table of sound settings comes in; the groups of keys that a routine may write for them go out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, fields, make_dataclass
from typing import TYPE_CHECKING, Any, cast

from audio_builder.script.kinds import Group, Kind, Plain, key
from audio_builder.script.quantities import show
from audio_builder.sound import settings
from audio_builder.sound.ranges import Range

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


def group(kind: type[Any], **others: tuple[Kind, Any]) -> Any:
    """Make the type of a group of keys from a settings class; `others` are its keys without a range.

    Unlike the class, it checks no key against another: `settle` does, once all keys are known.
    """
    rows: list[tuple[str, Any, Any]] = []
    for entry in fields(kind):
        allowed = entry.metadata.get("range")
        if allowed is not None:
            number = Plain(measured(allowed), _schema(allowed, cast("float", entry.default)))
            rows.append((entry.name, float, key(number, default=entry.default)))
        else:
            own, default = others[entry.name]
            rows.append((entry.name, Any, key(own, default=default)))
    rows += [
        (name, Any, key(own, default=default))
        for name, (own, default) in others.items()
        if name not in {entry.name for entry in fields(kind)}
    ]
    return make_dataclass(kind.__name__, rows, frozen=True, kw_only=True, namespace={"__module__": __name__})


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


def settle(kind: type[Any], group_: Any) -> Any:
    """Make the sound's own settings from a group of keys. AudioBuilderError where two of them disagree."""
    known = {entry.name for entry in fields(kind)}
    return kind(**{name: value for name, value in asdict(group_).items() if name in known})


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

if TYPE_CHECKING:  # what `group` makes, as a type checker can follow it
    Levels = settings.Levels
    Bed = settings.Bed
    Warmth = settings.Warmth

    class Pacer(settings.Pacer):
        """What leads the breath; a person's own sounds may."""

        inhale: str
        exhale: str

else:
    Levels = group(settings.Levels)
    Pacer = group(settings.Pacer, sound=(_SOUND, "glide"), inhale=(_SOUND, ""), exhale=(_SOUND, ""))
    Bed = group(settings.Bed, sound=(_SOUND, settings.BED_OFF), channels=(_CHANNELS, 1))
    Warmth = group(settings.Warmth)

SOUND_GROUPS = {
    "levels": settings.Levels,
    "pacer": settings.Pacer,
    "bed": settings.Bed,
    "warmth": settings.Warmth,
}
"""The sound's own settings for each group of a routine."""

LEVELS_OF_SOUND = Group(Levels)
PACER = Group(Pacer, named_first)
BED = Group(Bed, named_first)
WARMTH = Group(Warmth, amount_first)
