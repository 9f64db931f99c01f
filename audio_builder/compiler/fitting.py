"""A program, a target length and the lengths of cues come in; the program whose session lasts that long goes out."""

from __future__ import annotations

from bisect import bisect_left

from audio_builder.compiler.lane import LengthOf
from audio_builder.compiler.placement import MAX_SESSION_SECONDS
from audio_builder.compiler.reach import ROUNDS, TOLERANCE_SECONDS, Near, Reach
from audio_builder.errors import CompileError
from audio_builder.script import Program
from audio_builder.script.places import Rank
from audio_builder.script.quantities import duration_text


def fit(
    program: Program,
    length_of: LengthOf,
    *,
    guess: LengthOf | None = None,
    sound_length: LengthOf,
    slack: float = 0.0,
) -> Program:
    """Change doses, rounds and rests within the authors' limits until the session lasts `routine.length`.

    All exercises move evenly between their limits, then all rests; rounds change only where that is not enough.
    The breath pace stays. `slack` is the part of the length by which the nearest session may miss it, where
    `length_of` only estimates. CompileError says the shortest and longest possible where it cannot be.
    """
    target = program.routine.length
    if target is None:
        return program
    reach = Reach(program=program, length_of=length_of, guess=guess or length_of, sound_length=sound_length)
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


_LESS = (
    "Have less said (--guidance light), leave an exercise out (--skip), or breathe at a faster pace (--pace)."
)
_MORE = "Add an exercise, or let doses pass their limits (--beyond-limits with --reps or --hold)."
_WHOLE = "Doses and rounds are whole numbers, and rests have limits: ask for such a length."


def _refusal(reach: Reach, why: str, hint: str) -> CompileError:
    """Refuse, naming first what was asked for on the command line and leaves nothing to fit."""
    routine = reach.program.routine
    assert routine.length is not None, "only a wished length is fitted"
    places = reach.program.document.values_at
    fixed = dict.fromkeys(
        str(place)
        for path, place in places.items()
        if place.rank == Rank.ASKED and (path[0] in _FITTED or path[-1] in _FITTED)
    )
    if fixed:
        hint = f"What was asked for stays as it is: {', '.join(fixed)}. Leave that out. {hint}"
    return CompileError(
        f"a length of {duration_text(routine.length)} cannot be reached: {why}", where="length", hint=hint
    )


_FITTED = frozenset({"reps", "hold", "rest", "rounds", "level"})
"""The settings that fitting chooses itself, unless somebody asked for one."""


def _clock(seconds: float) -> str:
    """Write a length as minutes and seconds, or with hours; what may not be is the longest that may."""
    minutes, rest = divmod(round(min(seconds, MAX_SESSION_SECONDS)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
