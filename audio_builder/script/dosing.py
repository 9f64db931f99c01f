"""An author's dose and what was asked for come in; the dose to do goes out, or the limit it breaks."""

from __future__ import annotations

from dataclasses import dataclass

from audio_builder.errors import ScriptError
from audio_builder.script.document import Document, Path_
from audio_builder.script.exercise import HoldDose, RepsDose
from audio_builder.script.quantities import Length
from audio_builder.script.routine import Routine

_INSIST = "stay inside it, or insist with --beyond-limits"


@dataclass(frozen=True, slots=True, kw_only=True)
class RepsAsked:
    """The reps a routine or a setting asks for."""

    value: int | None
    path: Path_
    name: str
    """As people write the setting: `cat-cow.reps`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldAsked:
    """The hold a routine or a setting asks for."""

    value: Length | None
    path: Path_
    name: str


def settle_reps(
    document: Document, routine: Routine, dose: RepsDose | None, asked: RepsAsked, *, level_rank: int
) -> int | None:
    """Settle the reps of one exercise; None where it has no reps. ScriptError names the author's range."""
    if dose is None:
        _refuse_unused(document, asked, "reps")
        return None
    if asked.value is None or level_rank > document.place(asked.path).rank:
        return {"gentle": dose.min, "standard": dose.default, "strong": dose.max}[routine.level]
    if not (routine.beyond_limits or dose.min <= asked.value <= dose.max):
        message = f"{asked.name}: {asked.value} is outside the author's range of {dose.min} to {dose.max}; {_INSIST}"
        raise ScriptError([document.problem(asked.path, message)])
    return asked.value


def settle_hold(
    document: Document, routine: Routine, dose: HoldDose | None, asked: HoldAsked, *, level_rank: int
) -> Length | None:
    """Settle the hold of one exercise; None where it has none. ScriptError names the author's range."""
    if dose is None:
        _refuse_unused(document, asked, "hold")
        return None
    if asked.value is None or level_rank > document.place(asked.path).rank:
        return {"gentle": dose.min, "standard": dose.default, "strong": dose.max}[routine.level]
    breath = routine.breath.pace.seconds
    wished, low, high = (length.in_seconds(breath) for length in (asked.value, dose.min, dose.max))
    if not (routine.beyond_limits or low <= wished <= high):
        message = f"{asked.name}: {asked.value} is outside the author's range of {dose.min} to {dose.max}; {_INSIST}"
        raise ScriptError([document.problem(asked.path, message)])
    return asked.value


def _refuse_unused(document: Document, asked: RepsAsked | HoldAsked, kind: str) -> None:
    if asked.value is not None:
        message = f"{asked.name}: this exercise has no {kind} to set"
        raise ScriptError([document.problem(asked.path, message)])
