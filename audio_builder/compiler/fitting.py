"""Fitting a program to a length that somebody asks for, within its authors' limits."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass, replace

from audio_builder.compiler.plan import ANNOUNCED_SECONDS
from audio_builder.compiler.timeline import MAX_SESSION_SECONDS
from audio_builder.errors import CompileError, Remedy, Setting
from audio_builder.script.document import Path_, Rank
from audio_builder.script.exercise import HoldDose
from audio_builder.script.overrides import short_name
from audio_builder.script.program import Prescription, Program
from audio_builder.script.quantities import Length, duration_text
from audio_builder.timebase import clock, to_samples, to_seconds

Lasting = Callable[[Program], int]
"""Gives the samples of a program's session, or raises CompileError."""

TOLERANCE_SECONDS = 2.0
"""How near the asked length a fitted session must come."""
REST_SECONDS = (ANNOUNCED_SECONDS, 60.0)
"""The shortest and longest rest that fitting sets, unless the author wrote one beyond."""
ROUNDS = range(1, 21)
"""How often fitting lets the exercises be gone through."""
NEIGHBOURS = 4
"""How many doses on each side of the nearest are tried, for the rests cannot make up for every step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """A program that was tried."""

    program: Program
    off: float
    """Seconds by which its session is longer than asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """The sessions that a program's authors allow."""

    program: Program
    lasting: Lasting

    def rounds(self, target: float, within: float) -> list[int]:
        """Give the numbers of rounds that can last the target, or nearly; the written one first."""
        few = bisect_left(ROUNDS, target - within, key=self.longest)
        many = bisect_right(ROUNDS, target + within, key=self.shortest)
        written = self.program.rounds
        wished = [written] if self.asked(("rounds",)) else ROUNDS
        return sorted(
            (each for each in wished if ROUNDS.start + few <= each < ROUNDS.start + many),
            key=lambda each: (abs(each - written), each),
        )

    def shortest(self, rounds: int) -> float:
        """Give the seconds of the shortest session with so many rounds."""
        return self._seconds(self._rested(self._dosed(0.0, rounds), -math.inf))

    def longest(self, rounds: int) -> float:
        """Give the seconds of the longest session with so many rounds."""
        return self._seconds(self._rested(self._dosed(1.0, rounds), math.inf))

    def nearest(self, rounds: int, target: float) -> Near:
        """Find the doses whose session comes nearest to the target, and let the rests take what is left."""
        shares = self._shares()
        middle = bisect_left(shares, target, key=lambda share: self._seconds(self._dosed(share, rounds)))
        around = sorted(
            shares[max(0, middle - NEIGHBOURS) : middle + NEIGHBOURS],
            key=lambda share: abs(self._seconds(self._dosed(share, rounds)) - target),
        )
        tried = (self._rests_fitted(self._dosed(share, rounds), target) for share in around)
        best = next(tried)
        for found in tried:
            if abs(best.off) <= TOLERANCE_SECONDS / 2:
                break
            best = min(best, found, key=lambda each: abs(each.off))
        return best

    def _rests_fitted(self, program: Program, target: float) -> Near:
        """Give every rest the same part of what is missing; a second time, for what the first left over."""
        off = self._seconds(program) - target
        count = len(program.prescriptions) * program.rounds - 1
        for _ in range(3):
            if abs(off) < 0.05 or count == 0:
                break
            program = self._rested(program, -off / count)
            off = self._seconds(program) - target
        return Near(program=program, off=off)

    def _rested(self, program: Program, more: float) -> Program:
        """Change every rest by so many seconds, as far as its limits allow."""

        def rest(now: Prescription, written: Prescription) -> float:
            if self.is_asked(now.name, "rest"):
                return now.rest
            low, high = min(REST_SECONDS[0], written.rest), max(REST_SECONDS[1], written.rest)
            return min(max(now.rest + more, low), high)

        pairs = zip(program.prescriptions, self.program.prescriptions, strict=True)
        return replace(
            program, prescriptions=tuple(replace(now, rest=rest(now, written)) for now, written in pairs)
        )

    def _shares(self) -> list[float]:
        """Give the places between all lowest (0) and all highest (1) doses where some dose changes."""
        spans = {max(_span(prescription), 1) for prescription in self.program.prescriptions}
        return sorted({step / span for span in spans for step in range(span + 1)})

    def _dosed(self, share: float, rounds: int) -> Program:
        prescriptions = tuple(self._dose(each, share) for each in self.program.prescriptions)
        return replace(self.program, prescriptions=prescriptions, rounds=rounds)

    def _dose(self, prescription: Prescription, share: float) -> Prescription:
        dose = prescription.exercise.dose
        if dose.reps is not None and not self.is_asked(prescription.name, "reps"):
            reps = dose.reps.min + round(share * (dose.reps.max - dose.reps.min))
            prescription = replace(prescription, reps=reps)
        if dose.hold is not None and not self.is_asked(prescription.name, "hold"):
            prescription = replace(prescription, hold=_hold_at(dose.hold, share))
        return prescription

    def is_asked(self, name: str, setting: str) -> bool:
        """Tell whether a dose or rest of an exercise was asked for, by itself or for all."""
        own = [
            ("exercises", index, setting)
            for index, choice in enumerate(self.program.routine.exercises)
            if short_name(choice.use) == name
        ]
        by_level = [] if setting == "rest" else [("level",)]
        return any(self.asked(path) for path in [(setting,), *by_level, *own])

    def asked(self, path: Path_) -> bool:
        """Tell whether a setting was asked for on the command line; it then stays as it was asked."""
        return self.program.document.rank(path) == Rank.ASKED

    def _seconds(self, program: Program) -> float:
        """Give the length of a program's session; infinite where it is longer than any may be."""
        try:
            return to_seconds(self.lasting(program))
        except CompileError:
            return math.inf


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


def fit(program: Program, lasting: Lasting, *, slack: float = 0.0) -> Program:
    """Change doses, rounds and rests within the authors' limits until the session lasts `routine.length`.

    All exercises move evenly between their limits, then all rests; rounds change only where that is not enough.
    The breath pace stays. `slack` is the part of the length by which the nearest session may miss it, where
    `lasting` only estimates. CompileError says the shortest and longest possible where it cannot be.
    """
    target = program.routine.length
    if target is None:
        return program
    reach = Reach(program=program, lasting=lasting)
    within = max(TOLERANCE_SECONDS, slack * target)
    best: Near | None = None
    for rounds in reach.rounds(target, within):
        found = reach.nearest(rounds, target)
        best = found if best is None or abs(found.off) < abs(best.off) else best
        if abs(best.off) <= TOLERANCE_SECONDS:
            break
    if best is None or abs(best.off) > within:
        raise _impossible(reach, target)
    return best.program


def _impossible(reach: Reach, target: float) -> CompileError:
    """Say what lengths can be, and which setting would have to give."""
    written = reach.program.rounds
    fewest, most = (written, written) if reach.asked(("rounds",)) else (ROUNDS[0], ROUNDS[-1])
    shortest, longest = reach.shortest(fewest), reach.longest(most)
    between = f"within its limits this routine lasts between {_clock(shortest)} and {_clock(longest)}"
    if target < shortest:
        return _refusal(reach, between, _LESS)
    if target > longest:
        return _refusal(reach, between, _MORE)
    fits = reach.rounds(target, TOLERANCE_SECONDS)
    if fits:
        off = min((reach.nearest(each, target).off for each in fits), key=abs)
        return _refusal(reach, f"the nearest is {_clock(target + off)}", _WHOLE)
    few = bisect_left(ROUNDS, target, key=reach.longest)
    less, more = _clock(reach.longest(few)), _clock(reach.shortest(few + 1))
    once = "one round lasts" if few == 1 else f"{few} rounds last"
    return _refusal(reach, f"{once} {less} at most, {few + 1} rounds last {more} at least", _WHOLE)


_LESS = Remedy(
    "Have less said ({}), leave an exercise out ({}), or breathe at a faster pace ({}).",
    (Setting("guidance", "light"), Setting("skip"), Setting("breath")),
)
_MORE = Remedy(
    "Add an exercise, or let doses pass their limits ({} with {} or {}).",
    (Setting("beyond_limits"), Setting("reps"), Setting("hold")),
)
_WHOLE = Remedy("Doses and rounds are whole numbers, and rests have limits: ask for such a length.", ())


def _refusal(reach: Reach, why: str, remedy: Remedy) -> CompileError:
    """Refuse, naming first what was asked for on the command line and leaves nothing to fit."""
    routine = reach.program.routine
    assert routine.length is not None, "only a wished length is fitted"
    document = reach.program.document
    fixed = dict.fromkeys(
        str(place)
        for path, place in document.values_at.items()
        if document.rank(path) == Rank.ASKED and (path[0] in _FITTED or path[-1] in _FITTED)
    )
    if fixed:
        asked = f"What was asked for stays as it is: {', '.join(fixed)}. Leave that out. "
        remedy = replace(remedy, text=asked.replace("{", "{{").replace("}", "}}") + remedy.text)
    return CompileError(
        f"a length of {duration_text(routine.length)} cannot be reached: {why}",
        where=Setting("length"),
        remedy=remedy,
    )


_FITTED = frozenset({"reps", "hold", "rest", "rounds", "level"})
"""The settings that fitting chooses itself, unless somebody asked for one."""


def _clock(seconds: float) -> str:
    """Write a length as minutes and seconds, or with hours; what may not be is the longest that may."""
    return clock(to_samples(min(seconds, MAX_SESSION_SECONDS)))
