"""Every setting of a program as people would write it, and where each value came from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any

from audio_builder.breath import Pace
from audio_builder.building.speaking import estimated
from audio_builder.script import Override, Prescription, Program, load_routine
from audio_builder.script.document import Path_
from audio_builder.script.overrides import short_name
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """One setting."""

    setting: str
    """Dotted, such as `cat-cow.reps`."""
    value: str
    origin: str
    """A file with line and column, an option, `default`, or what was fitted to."""


def explain(
    routine: str | Path,
    *,
    settings: Mapping[str, Any] | Sequence[Override] = (),
    config: Path | None = None,
) -> list[Explained]:
    """Say for each setting of a routine what it is and where it came from."""
    asked = load_routine(routine, settings=settings, config=config)
    before = settings_of(asked)
    program = estimated(asked).program if asked.routine.length else asked
    fitted = f"fitted to {before.get('length', '')} (estimated)"
    origins = {setting: _origin(asked, setting) for setting in before}
    return [
        Explained(
            setting=setting, value=value, origin=origins[setting] if value == before[setting] else fitted
        )
        for setting, value in settings_of(program).items()
    ]


def _origin(program: Program, setting: str) -> str:
    head, _, rest = setting.partition(".")
    for index, choice in enumerate(program.routine.exercises):
        for prescription in program.prescriptions:
            if prescription.name == head == short_name(choice.use):
                return _dose_origin(program, prescription, ("exercises", index, rest), choice.use)
    return _written(program, tuple(setting.split("."))) or "default"


def _dose_origin(program: Program, prescription: Prescription, path: Path_, use: str) -> str:
    """Find which wish settled a dose, in the order in which they win."""
    dose = str(path[-1])
    document, wishes = program.document, (("level",), (dose,), path)
    ranked = [
        (document.rank(each), weight, each)
        for weight, each in enumerate(wishes)
        if each in document.values_at
    ]
    if dose == "rest":
        ranked = [each for each in ranked if each[2] != ("level",)]
    if ranked:
        found = max(ranked)[2]
        level = f"level {program.routine.level}, " if found == ("level",) else ""
        return level + str(document.values_at[found])
    if dose == "rest":
        return "default"
    return str(program.exercise_documents[use].place(("dose", dose, "default")))


def _written(program: Program, path: Path_) -> str:
    """Give where a value stands, or the short form that it is a part of; nothing where none was written."""
    at = program.document.values_at
    for cut in range(len(path), 0, -1):
        if path[:cut] in at:
            return str(at[path[:cut]])
    return ""
