"""What there is to build with: routines, exercises, voices and sounds, as plain data."""

from __future__ import annotations

from typing import Any

from audio_builder.building.pipeline import preview
from audio_builder.script import bundled, load_exercise, load_routine
from audio_builder.script.exercise import Dose
from audio_builder.sound.library import names
from audio_builder.sound.reading import length_of
from audio_builder.speech.registry import EngineReport, survey
from audio_builder.timebase import to_seconds


def inventory() -> dict[str, list[dict[str, Any]]]:
    """Gather routines, exercises, voices and sounds."""
    routines = []
    for name in bundled("routines"):
        program = load_routine(name)
        minutes = round(preview(program).length_seconds / 60, 1)
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
