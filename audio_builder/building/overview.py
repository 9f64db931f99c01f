"""What there is to build with, and where each setting of a routine comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audio_builder.building.sheets import settings_of
from audio_builder.building.spoken import estimated
from audio_builder.script.document import Path_
from audio_builder.script.exercise import Dose
from audio_builder.script.finding import bundled
from audio_builder.script.overrides import Override, short_name
from audio_builder.script.program import Prescription, Program, load_exercise, load_routine
from audio_builder.sound.reading import length_of, names
from audio_builder.speech.choice import EngineReport, survey
from audio_builder.timebase import to_seconds


def inventory() -> dict[str, list[dict[str, Any]]]:
    """Gather routines, exercises, voices and sounds."""
    routines = []
    for name in bundled("routines"):
        program = load_routine(name)
        minutes = round(to_seconds(estimated(program).timeline.length) / 60, 1)
        routines.append(
            {
                "name": name,
                "title": program.routine.title,
                "about": program.routine.about,
                "estimated_minutes": minutes,
                "exercises": [prescription.name for prescription in program.prescriptions],
            }
        )
    return {
        "routines": routines,
        "exercises": [_exercise(name) for name in bundled("exercises")],
        "voices": [_engine(report) for report in survey()],
        "sounds": [{"name": name, "seconds": round(to_seconds(length_of(name)), 2)} for name in names()],
    }


def _exercise(name: str) -> dict[str, Any]:
    _, exercise = load_exercise(bundled("exercises")[name])
    return {
        "name": name,
        "title": exercise.name,
        "about": exercise.about,
        "sides": list(exercise.sides),
        "dose": _doses(exercise.dose),
    }


def _doses(dose: Dose) -> dict[str, dict[str, str]]:
    return {
        kind: {key: str(getattr(limits, key)) for key in ("default", "min", "max")}
        for kind, limits in (("reps", dose.reps), ("hold", dose.hold))
        if limits is not None
    }


def _engine(report: EngineReport) -> dict[str, Any]:
    """Say whether an engine works here; whether a network answers is found out when it is asked to speak."""
    found = report.availability
    return {"engine": report.name, "works": found.works, "why": found.why, "remedy": found.remedy}


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
