"""A program comes in; every setting of it goes out, as people would write it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from audio_builder.breath import Pace
from audio_builder.script import Program
from audio_builder.script.quantities import Length, duration_text

_SECONDS = ("rest", "switch", "length")
_TEXTS = ("title", "about", "background", "opening", "closing", "exercises")


def settings_of(program: Program) -> dict[str, str]:
    """Write out every setting of a program as people would write it, by dotted path."""
    settings = {
        name: value for name, value in _flat("", program.routine) if name.partition(".")[0] not in _TEXTS
    }
    settings["rounds"] = str(program.rounds)
    for prescription in program.prescriptions:
        if prescription.reps is not None:
            settings[f"{prescription.name}.reps"] = str(prescription.reps)
        if prescription.hold is not None:
            settings[f"{prescription.name}.hold"] = str(prescription.hold)
        settings[f"{prescription.name}.rest"] = duration_text(prescription.rest)
    return settings


def _flat(prefix: str, value: Any) -> Iterator[tuple[str, str]]:
    for field in fields(value):
        part = getattr(value, field.name)
        name = f"{prefix}{field.name}"
        if is_dataclass(part) and not isinstance(part, Length):
            yield from _flat(f"{name}.", part)
        elif part is not None:
            seconds = isinstance(value, Pace) or name in _SECONDS
            yield name, duration_text(part) if seconds else _plain(part)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "; ".join(f"{word}: {said}" for word, said in value.items())
    if isinstance(value, tuple):
        return "; ".join(str(each) for each in value)
    return f"{value:g}" if isinstance(value, float) else str(value)
