"""One exercise as its author wrote it: the typed form of `scripts/exercises/NAME.yaml`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal, TypeVar

from audio_builder.script.fields import (
    HOLD_LENGTH,
    LENGTH_SCHEMA,
    LINE,
    MOVE_TIME,
    PROSE,
    REPS,
    SPOKEN_LINE,
    TEMPO,
    TEXT,
    parse_reps,
)
from audio_builder.script.kinds import Group, Kind, Later, Many, Maybe, Plain, Tagged, key
from audio_builder.script.quantities import MAX_REPS, Length, parse_length
from audio_builder.script.syntax import show

T = TypeVar("T")
Side = Literal["right", "left"]
DOSE = "dose"
"""The word that stands in a step for the exercise's own dose."""


_GLUED = re.compile(r"-?\s*(\w+):\S")
"""A key whose colon has no space after it: YAML takes the whole for a text, and it would be spoken."""
_BELOW_AN_EXERCISE = ("use", "reps", "rest")


def _cue_from_text(value: object) -> object:
    """Take plain text for a cue with nothing but its words."""
    if isinstance(value, str):
        glued = _GLUED.match(value)
        if glued and glued[1] in {*STEPS, *CUE.keys, *_BELOW_AN_EXERCISE}:
            raise ValueError(f'a space is missing after the colon of "{glued[1]}:"')
        return {"say": value}
    if not isinstance(value, dict):
        raise ValueError(f"{show(value)} is not a cue; write a text, or say: with brief: and move:")
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """One spoken line, and the movement it leads."""

    say: str = key(TEXT, about="The full text, spoken the first time.")
    brief: str | None = key(Maybe(TEXT), default=None, about="Spoken on the second side and on later reps.")
    move: float = key(MOVE_TIME, default=0.0, about="The least time for the movement; the cue may need more.")
    tempo: tuple[float, ...] | None = key(
        Maybe(TEMPO), default=None, about="Seconds of each part of the movement, like 2-1-3."
    )


CUE = Group(Cue, _cue_from_text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Where an exercise begins and how to get there."""

    position: str = key(SPOKEN_LINE, about="The position in a few words; equal words mean the same position.")
    say: str = key(TEXT, about="How to get there; spoken where the position changes.")
    move: float = key(MOVE_TIME, default=8.0, about="The least time to get there.")


@dataclass(frozen=True, slots=True, kw_only=True)
class RepsDose:
    """How many reps, and the author's limits."""

    default: int = key(REPS)
    min: int = key(REPS)
    max: int = key(REPS)


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldDose:
    """How long a hold lasts, and the author's limits."""

    default: Length = key(HOLD_LENGTH)
    min: Length = key(HOLD_LENGTH)
    max: Length = key(HOLD_LENGTH)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dose:
    """What may be customised: reps, hold, or both."""

    reps: RepsDose | None = key(Maybe(Group(RepsDose)), default=None)
    hold: HoldDose | None = key(Maybe(Group(HoldDose)), default=None)


def _dose_or(read: Callable[[object], T]) -> Callable[[object], T | str]:
    """Make a reader that takes the word for the exercise's own dose, too."""

    def check(value: object) -> T | str:
        if value == DOSE:
            return DOSE
        try:
            return read(value)
        except ValueError as error:
            if not isinstance(value, str) or not value.isalpha():
                raise
            if get_close_matches(value, [DOSE]):
                raise ValueError(f'{show(value)} is not known here; did you mean "{DOSE}"?') from None
            raise ValueError(f'{error}, or "{DOSE}"') from None

    return check


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldStep:
    """A static stretch; its clock is exact."""

    hold: Length | Literal["dose"] = key(
        Plain(
            _dose_or(parse_length),
            {"anyOf": [{"const": DOSE}, LENGTH_SCHEMA]},
            neutral=Length(breaths=1),
        ),
        about="`dose`, or a length of its own.",
    )
    cues: tuple[Cue, ...] = key(
        Many(CUE), default=(), about="Encouragement; left out where there is no room."
    )
    out: Cue | None = key(Maybe(CUE), default=None, about="The way out, spoken before the hold ends.")


@dataclass(frozen=True, slots=True, kw_only=True)
class BreathCues:
    """The words that move with one breath."""

    inhale: Cue = key(CUE)
    exhale: Cue = key(CUE)


@dataclass(frozen=True, slots=True, kw_only=True)
class BreatheStep:
    """One breath at the routine's pace that the movement follows."""

    breathe: BreathCues = key(Group(BreathCues))


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseStep:
    """Silence of a given length."""

    pause: float = key(MOVE_TIME)


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundStep:
    """A sound: a bundled name, or a file in the script's folder."""

    sound: str = key(LINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatStep:
    """Steps that are done several times."""

    repeat: int | Literal["dose"] = key(
        Plain(
            _dose_or(parse_reps),
            {"anyOf": [{"const": DOSE}, {"type": "integer", "minimum": 1, "maximum": MAX_REPS}]},
            neutral=1,
        ),
        about="`dose`, or a number of its own.",
    )
    steps: tuple[Step, ...] = key(Many(Later(lambda: STEP), least=1))


Step = Cue | HoldStep | BreatheStep | PauseStep | SoundStep | RepeatStep
STEPS: Mapping[str, Group] = {
    "say": CUE,
    "hold": Group(HoldStep),
    "breathe": Group(BreatheStep),
    "pause": Group(PauseStep),
    "sound": Group(SoundStep),
    "repeat": Group(RepeatStep),
}
"""Every kind of step by the key that makes it."""


def _key_of(value: object) -> str | None:
    """Name the key that makes a step; None where there is none, or more than one."""
    if isinstance(value, str):
        return "say"
    found = [key for key in STEPS if key in value] if isinstance(value, dict) else []
    return found[0] if len(found) == 1 else None


STEP: Kind = Tagged(STEPS, _key_of, neutral=PauseStep(pause=0.0))


def _sides(value: object) -> tuple[Side, ...]:
    if value == "none":
        return ()
    if value in (["right", "left"], "right then left", ("right", "left")):
        return ("right", "left")
    if value in (["left", "right"], "left then right"):
        raise ValueError(
            'the right side comes first in a script; a routine turns them round with "start_side: left"'
        )
    raise ValueError(f'{show(value)} is not a choice of sides; write "none" or "right then left"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """One movement or stretch."""

    name: str = key(SPOKEN_LINE)
    about: str = key(LINE, about="One line about it; shown, not spoken.")
    background: str = key(PROSE, default="", about="More about it; shown, not spoken.")
    start: Start = key(Group(Start))
    end: str | None = key(
        Maybe(SPOKEN_LINE), default=None, about="The position afterwards, where it is another one."
    )
    easier: str = key(TEXT, about="An easier option.")
    avoid: str = key(TEXT, about="When to leave it out.")
    sides: tuple[Side, ...] = key(
        Plain(
            _sides,
            {"anyOf": [{"enum": ["none", "right then left"]}, {"const": ["right", "left"]}]},
            neutral=(),
        ),
        about="`none`, or `right then left`.",
    )
    dose: Dose = key(Group(Dose), default=Dose(), about="Defaults and limits for reps and hold.")
    setup: tuple[Cue, ...] = key(Many(CUE), default=(), about="Cues before the first side's work.")
    steps: tuple[Step, ...] = key(Many(STEP, least=1), about="What is done on each side.")

    @property
    def end_position(self) -> str:
        """Where the listener is when it is over."""
        return self.end or self.start.position
