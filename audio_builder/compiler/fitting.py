"""A program, a target length and the lengths of cues come in; the program whose session lasts that long goes out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from audio_builder.compiler.expansion import ANNOUNCED_SECONDS, compile_routine
from audio_builder.compiler.lane import LengthOf
from audio_builder.compiler.placement import place
from audio_builder.errors import CompileError
from audio_builder.script import Prescription, Program
from audio_builder.script.exercise import HoldDose
from audio_builder.script.quantities import Length, duration_text
from audio_builder.timebase import to_seconds

TOLERANCE_SECONDS = 2.0
"""How near the asked length a fitted session must come."""
REST_SECONDS = (ANNOUNCED_SECONDS, 30.0)
"""The shortest and longest rest that fitting sets; longer where the author wrote a longer one."""
MOST_ROUNDS = 20
ASKED_RANK = 3
"""What was asked for by itself on the command line stays as it was asked."""


def fit(
    program: Program, length_of: LengthOf, *, guess: LengthOf | None = None, sound_length: LengthOf
) -> Program:
    """Change doses, rounds and rests within the authors' limits until the session lasts `routine.length`.

    All exercises move evenly between their limits, then all rests; rounds change only where that is not enough.
    The breath pace stays. CompileError says the shortest and longest possible where it cannot be.
    """
    target = program.routine.length
    if target is None:
        return program
    range_ = _Range(program, length_of, guess or length_of, sound_length)
    nearest = _Near(program=program, off=float("inf"))
    for rounds in range_.rounds():
        if range_.reaches(rounds, target):
            found = range_.nearest(rounds, target)
            nearest = min(nearest, found, key=lambda each: abs(each.off))
            if abs(nearest.off) <= TOLERANCE_SECONDS:
                return nearest.program
    raise range_.impossible(target)


class _Near:
    """A program, and how many seconds its session is longer than asked."""

    def __init__(self, *, program: Program, off: float) -> None:
        self.program = program
        self.off = off


class _Range:
    """The sessions that a program's authors allow."""

    def __init__(
        self, program: Program, length_of: LengthOf, guess: LengthOf, sound_length: LengthOf
    ) -> None:
        self.program = program
        self.length_of = length_of
        self.guess = guess
        self.sound_length = sound_length

    def rounds(self) -> list[int]:
        """Give the numbers of rounds to try, the written one first, then the nearest."""
        written = self.program.rounds
        if self._asked(("rounds",)):
            return [written]
        return sorted(range(1, MOST_ROUNDS + 1), key=lambda rounds: (abs(rounds - written), rounds))

    def reaches(self, rounds: int, target: float) -> bool:
        """Tell whether so many rounds can last the target, or nearly."""
        return self.shortest(rounds) - TOLERANCE_SECONDS <= target <= self.longest(rounds) + TOLERANCE_SECONDS

    def shortest(self, rounds: int) -> float:
        """Give the seconds of the shortest session with so many rounds."""
        return self._seconds(self._rested(self._dosed(0.0, rounds), -float("inf")))

    def longest(self, rounds: int) -> float:
        """Give the seconds of the longest session with so many rounds."""
        return self._seconds(self._rested(self._dosed(1.0, rounds), float("inf")))

    def nearest(self, rounds: int, target: float) -> _Near:
        """Find the doses whose session comes nearest to the target, and let the rests take what is left."""
        doses = sorted(
            self._shares(), key=lambda share: abs(self._seconds(self._dosed(share, rounds)) - target)
        )
        tried = (self._rests_fitted(self._dosed(share, rounds), target) for share in doses)
        best = next(tried)
        for found in tried:
            if abs(best.off) <= TOLERANCE_SECONDS / 2:
                break
            best = min(best, found, key=lambda each: abs(each.off))
        return best

    def _rests_fitted(self, program: Program, target: float) -> _Near:
        """Give every rest the same part of what is missing; a second time, for what the first left over."""
        off = self._seconds(program) - target
        count = len(program.prescriptions) * program.rounds - 1
        for _ in range(3):
            if abs(off) < 0.05 or count == 0:
                break
            program = self._rested(program, -off / count)
            off = self._seconds(program) - target
        return _Near(program=program, off=off)

    def _rested(self, program: Program, more: float) -> Program:
        """Change every rest by so many seconds, as far as its limits allow."""
        written = {id(p.exercise): p.rest for p in self.program.prescriptions}

        def rest(prescription: Prescription) -> float:
            longest = max(REST_SECONDS[1], written[id(prescription.exercise)])
            shortest = min(REST_SECONDS[0], written[id(prescription.exercise)])
            return min(max(prescription.rest + more, shortest), longest)

        if self._asked(("rest",)):
            return program
        return replace(program, prescriptions=tuple(replace(p, rest=rest(p)) for p in program.prescriptions))

    def _shares(self) -> Iterator[float]:
        """Give the places between all lowest (0) and all highest (1) doses where some dose changes."""
        steps = {0.0, 1.0}
        for prescription in self.program.prescriptions:
            span = max(_span(prescription), 1)
            steps.update(step / span for step in range(span + 1))
        return iter(sorted(steps))

    def _dosed(self, share: float, rounds: int) -> Program:
        prescriptions = tuple(self._dose(p, share) for p in self.program.prescriptions)
        return replace(self.program, prescriptions=prescriptions, rounds=rounds)

    def _dose(self, prescription: Prescription, share: float) -> Prescription:
        dose = prescription.exercise.dose
        if dose.reps is not None and not self._dose_asked(prescription, "reps"):
            reps = dose.reps.min + round(share * (dose.reps.max - dose.reps.min))
            prescription = replace(prescription, reps=reps)
        if dose.hold is not None and not self._dose_asked(prescription, "hold"):
            prescription = replace(prescription, hold=_hold_at(dose.hold, share))
        return prescription

    def _dose_asked(self, prescription: Prescription, dose: str) -> bool:
        paths = [
            ("exercises", index, dose)
            for index, choice in enumerate(self.program.routine.exercises)
            if choice.use.endswith(prescription.name)
        ]
        return any(self._asked(path) for path in ((dose,), ("level",), *paths))

    def _asked(self, path: tuple[str | int, ...]) -> bool:
        place = self.program.document.values_at.get(path)
        return place is not None and place.rank >= ASKED_RANK

    def _seconds(self, program: Program) -> float:
        plan = compile_routine(program)
        timeline = place(plan, self.length_of, guess=self.guess, sound_length=self.sound_length, exact=False)
        return to_seconds(timeline.length)

    def impossible(self, target: float) -> CompileError:
        """Say what lengths can be, and which setting would have to give."""
        rounds = self.rounds()
        shortest, longest = self.shortest(min(rounds)), self.longest(max(rounds))
        asked = f"a length of {duration_text(target)} cannot be reached"
        between = f"between {_minutes(shortest)} and {_minutes(longest)}"
        if target < shortest:
            return CompileError(
                f"{asked}: within its limits this routine lasts {between}",
                where="length",
                hint="Leave an exercise out (--skip), breathe at a faster pace (--pace), or have less said "
                "(--guidance light).",
            )
        if target > longest:
            return CompileError(
                f"{asked}: within its limits this routine lasts {between}",
                where="length",
                hint="Add an exercise, or let doses pass their limits (--beyond-limits with --reps or --hold).",
            )
        near = min((self.nearest(each, target) for each in rounds[:3]), key=lambda each: abs(each.off))
        return CompileError(
            f"{asked} within 2 s; the nearest is {_minutes(target + near.off)}",
            where="length",
            hint="Its doses go in whole reps and breaths: give the rests room (leave out --rest), or ask for that.",
        )


def _span(prescription: Prescription) -> int:
    dose = prescription.exercise.dose
    spans = [0]
    if dose.reps is not None:
        spans.append(dose.reps.max - dose.reps.min)
    if dose.hold is not None:
        spans.append(
            dose.hold.max.breaths - dose.hold.min.breaths
            or round(dose.hold.max.seconds - dose.hold.min.seconds)
        )
    return max(spans)


def _hold_at(dose: HoldDose, share: float) -> Length:
    if dose.min.breaths:
        return Length(breaths=dose.min.breaths + round(share * (dose.max.breaths - dose.min.breaths)))
    return Length(seconds=float(round(dose.min.seconds + share * (dose.max.seconds - dose.min.seconds))))


def _minutes(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"
