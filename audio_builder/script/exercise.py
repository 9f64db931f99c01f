"""One exercise as its author wrote it: the typed form of `scripts/exercises/NAME.yaml`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Annotated, Literal, TypeVar

from pydantic import BeforeValidator, Discriminator, Field, PlainValidator, Tag, WithJsonSchema
from pydantic.dataclasses import dataclass

from audio_builder.script.fields import (
    LENGTH_SCHEMA,
    STRICT,
    HoldLength,
    Line,
    MoveTime,
    Prose,
    Reps,
    Tempo,
    Text,
    parse_reps,
)
from audio_builder.script.quantities import MAX_REPS, parse_length, show

T = TypeVar("T")
Side = Literal["right", "left"]
DOSE = "dose"
"""The word that stands in a step for the exercise's own dose."""


_GLUED = re.compile(r"-?\s*(say|brief|move|tempo|hold|breathe|pause|sound|repeat|use|reps|rest):\S")
"""A key whose colon has no space after it: YAML takes the whole for a text, and it would be spoken."""


def _cue_from_text(value: object) -> object:
    """Take plain text for a cue with nothing but its words."""
    if isinstance(value, str):
        glued = _GLUED.match(value)
        if glued:
            raise ValueError(f'a space is missing after the colon of "{glued[1]}:"')
        return {"say": value}
    if not isinstance(value, dict):
        raise ValueError(f"{show(value)} is not a cue; write a text, or say: with brief: and move:")
    return value


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Cue:
    """One spoken line, and the movement it leads."""

    say: Text = Field(description="The full text, spoken the first time.")
    brief: Text | None = Field(default=None, description="Spoken on the second side and on later reps.")
    move: MoveTime = Field(default=0.0, description="The least time for the movement; the cue may need more.")
    tempo: Tempo | None = Field(default=None, description="Seconds of each part of the movement, like 2-1-3.")


CueField = Annotated[Cue, BeforeValidator(_cue_from_text)]


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Start:
    """Where an exercise begins and how to get there."""

    position: Line = Field(description="The position in a few words; equal words mean the same position.")
    say: Text = Field(description="How to get there; spoken where the position changes.")
    move: MoveTime = Field(default=8.0, description="The least time to get there.")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class RepsDose:
    """How many reps, and the author's limits."""

    default: Reps
    min: Reps
    max: Reps


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class HoldDose:
    """How long a hold lasts, and the author's limits."""

    default: HoldLength
    min: HoldLength
    max: HoldLength


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Dose:
    """What may be customised: reps, hold, or both."""

    reps: RepsDose | None = None
    hold: HoldDose | None = None


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


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class HoldStep:
    """A static stretch; its clock is exact."""

    hold: Annotated[
        HoldLength | Literal["dose"],
        PlainValidator(_dose_or(parse_length)),
        WithJsonSchema({"anyOf": [{"const": DOSE}, LENGTH_SCHEMA]}),
    ] = Field(description="`dose`, or a length of its own.")
    cues: tuple[CueField, ...] = Field(
        default=(), description="Encouragement; left out where there is no room."
    )
    out: CueField | None = Field(default=None, description="The way out, spoken before the hold ends.")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class BreathCues:
    """The words that move with one breath."""

    inhale: CueField
    exhale: CueField


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class BreatheStep:
    """One breath at the routine's pace that the movement follows."""

    breathe: BreathCues


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class PauseStep:
    """Silence of a given length."""

    pause: MoveTime


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class SoundStep:
    """A sound: a bundled name, or a file in the script's folder."""

    sound: Line


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class RepeatStep:
    """Steps that are done several times."""

    repeat: Annotated[
        int | Literal["dose"],
        PlainValidator(_dose_or(parse_reps)),
        WithJsonSchema({"anyOf": [{"const": DOSE}, {"type": "integer", "minimum": 1, "maximum": MAX_REPS}]}),
    ] = Field(description="`dose`, or a number of its own.")
    steps: Annotated[tuple[StepField, ...], Field(min_length=1)]


KINDS = ("say", "hold", "breathe", "pause", "sound", "repeat")
"""The keys that make a step, one each."""
TAGS: Mapping[type, str] = {
    Cue: "<say>", HoldStep: "<hold>", BreatheStep: "<breathe>", PauseStep: "<pause>", SoundStep: "<sound>",
    RepeatStep: "<repeat>",
}  # fmt: skip
"""What marks each kind of step in pydantic's locations."""


def _kind(value: object) -> str | None:
    """Name the kind of a step: by the key it has as a mapping, by its type once it is one."""
    if isinstance(value, str):
        return "<say>"
    if isinstance(value, dict):
        found = [kind for kind in KINDS if kind in value]
        return f"<{found[0]}>" if len(found) == 1 else None
    return TAGS.get(type(value))


Step = Cue | HoldStep | BreatheStep | PauseStep | SoundStep | RepeatStep
StepField = Annotated[
    Annotated[CueField, Tag("<say>")]
    | Annotated[HoldStep, Tag("<hold>")]
    | Annotated[BreatheStep, Tag("<breathe>")]
    | Annotated[PauseStep, Tag("<pause>")]
    | Annotated[SoundStep, Tag("<sound>")]
    | Annotated["RepeatStep", Tag("<repeat>")],
    Discriminator(_kind),
]


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


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Exercise:
    """One movement or stretch."""

    name: Line
    about: Line = Field(description="One line about it; shown, not spoken.")
    background: Prose = Field(default="", description="More about it; shown, not spoken.")
    start: Start
    end: Line | None = Field(default=None, description="The position afterwards, where it is another one.")
    easier: Text = Field(description="An easier option.")
    avoid: Text = Field(description="When to leave it out.")
    sides: Annotated[
        tuple[Side, ...],
        PlainValidator(_sides),
        WithJsonSchema({"anyOf": [{"enum": ["none", "right then left"]}, {"const": ["right", "left"]}]}),
    ] = Field(description="`none`, or `right then left`.")
    dose: Dose = Field(default=Dose(), description="Defaults and limits for reps and hold.")
    setup: tuple[CueField, ...] = Field(default=(), description="Cues before the first side's work.")
    steps: Annotated[tuple[StepField, ...], Field(min_length=1, description="What is done on each side.")]

    @property
    def end_position(self) -> str:
        """Where the listener is when it is over."""
        return self.end or self.start.position
