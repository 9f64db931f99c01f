"""Doses: what somebody asks of an exercise, settled within its author's limits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from audio_builder.errors import Problem, Remedy, Setting
from audio_builder.script.document import Document, Path_
from audio_builder.script.exercise import HoldDose, RepsDose
from audio_builder.script.quantities import Length
from audio_builder.script.routine import Choice, Routine

_INSIDE = Remedy(
    "stay inside it, or insist with {} (in a script, beyond_limits: true)", (Setting("beyond_limits"),)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What a routine, with everything laid over it, asks of its exercises.

    Of several wishes the one of the higher rank wins: the command line over the personal config over the
    routine. Among equals the closer one wins: an exercise's own over one for all exercises over the level.
    """

    document: Document
    routine: Routine
    problems: list[Problem] = field(default_factory=list)
    """What cannot be granted."""

    def reps(self, dose: RepsDose | None, choice: Choice, *, name: str, index: int) -> int | None:
        """Settle the reps of one exercise; None where it has none."""
        if dose is None:
            self._refuse_unused(choice.reps, index, f"{name}.reps", "reps")
            return None
        wished, path = self._wished("reps", choice.reps, index)
        if wished is None:
            return {"gentle": dose.min, "standard": dose.default, "strong": dose.max}[self.routine.level]
        if not (self.routine.beyond_limits or dose.min <= wished <= dose.max):
            self._outside(path, f"{name}.reps", str(wished), f"{dose.min} to {dose.max}")
        return int(wished)

    def hold(self, dose: HoldDose | None, choice: Choice, *, name: str, index: int) -> Length | None:
        """Settle the hold of one exercise; None where it has none."""
        if dose is None:
            self._refuse_unused(choice.hold, index, f"{name}.hold", "hold")
            return None
        wished, path = self._wished("hold", choice.hold, index)
        if wished is None:
            return {"gentle": dose.min, "standard": dose.default, "strong": dose.max}[self.routine.level]
        breath = self.routine.breath.seconds
        low, high = dose.min.in_seconds(breath), dose.max.in_seconds(breath)
        if not (self.routine.beyond_limits or low <= wished.in_seconds(breath) <= high):
            self._outside(path, f"{name}.hold", str(wished), f"{dose.min} to {dose.max}")
        assert isinstance(wished, Length), "the routine's own check gives lengths"
        return wished

    def rest(self, choice: Choice, *, index: int) -> float:
        """Settle the rest after one exercise, in seconds."""
        path: Path_ = ("exercises", index, "rest")
        own = choice.rest is not None and self.document.rank(path) >= self.document.rank(("rest",))
        return choice.rest if own and choice.rest is not None else self.routine.rest

    def _wished(self, dose: str, own: Any, index: int) -> tuple[Any, Path_]:
        """Give the wish that wins, and where it stands; None where the level decides."""
        path: Path_ = ("exercises", index, dose)
        for_all = getattr(self.routine, dose)
        ranked = [
            (self.document.rank(path), 2, own, path),
            (self.document.rank((dose,)), 1, for_all, (dose,)),
            (self.document.rank(("level",)), 0, None, ("level",)),
        ]
        found = [each for each in ranked if each[1] == 0 or each[2] is not None]
        _, _, wished, place = max(found, key=lambda each: each[:2])
        return wished, place

    def _outside(self, path: Path_, name: str, wished: str, limits: str) -> None:
        message = f"{wished} is outside the author's range of {limits}"
        self.problems.append(self.document.problem(path, message, about=name, remedy=_INSIDE))

    def _refuse_unused(self, wished: object, index: int, name: str, kind: str) -> None:
        if wished is not None:
            path, message = ("exercises", index, kind), f"this exercise has no {kind} to set"
            self.problems.append(self.document.problem(path, message, about=name))
