"""One routine as its author wrote it: the typed form of `scripts/routines/NAME.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, StrictBool, WithJsonSchema
from pydantic.dataclasses import dataclass

from audio_builder.errors import SpeechError
from audio_builder.script.exercise import CueField, Side
from audio_builder.script.fields import (
    STRICT,
    HoldLength,
    Line,
    MoveTime,
    Prose,
    Reps,
    RestTime,
    Text,
    number_between,
    one_of,
    parse_text,
    seconds_between,
    whole,
)
from audio_builder.script.quantities import PAUSE_SECONDS, PHASE_SECONDS, Pace, parse_pace, show
from audio_builder.script.sounding import (
    QUALITIES,
    Bed,
    BedField,
    Levels,
    Pacer,
    PacerField,
    Warmth,
    WarmthField,
)
from audio_builder.script.texts import names_in
from audio_builder.speech.lexicon import Lexicon

GUIDANCE = ("full", "light", "bells")
COUNTS = ("all", "every other", "last three", "none")
LEVELS = ("gentle", "standard", "strong")
ON_FAILURE = ("stop", "next-engine")
LANGUAGES = ("en", "de", "es", "fr")

Guidance = Literal["full", "light", "bells"]
Counts = Literal["all", "every other", "last three", "none"]
DoseLevel = Literal["gentle", "standard", "strong"]

_TIME = WithJsonSchema({"type": "string", "examples": ["4s"]})
_Phase = Annotated[float, PlainValidator(seconds_between(*PHASE_SECONDS)), _TIME]
_Pause = Annotated[float, PlainValidator(seconds_between(*PAUSE_SECONDS)), _TIME]


def _words(*names: str) -> tuple[PlainValidator, WithJsonSchema]:
    return PlainValidator(one_of(*names)), WithJsonSchema({"enum": list(names)})


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Breath:
    """The breath pace, as four phases."""

    inhale: _Phase = 4.0
    hold_in: _Pause = 0.0
    exhale: _Phase = 6.0
    hold_out: _Pause = 0.0

    @property
    def pace(self) -> Pace:
        """The same as a pace."""
        return Pace(inhale=self.inhale, hold_in=self.hold_in, exhale=self.exhale, hold_out=self.hold_out)


def _breath(value: object) -> object:
    return value if isinstance(value, dict | Breath) else parse_pace(value)


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Sounds:
    """Which sounds are used: bundled names, or files in the routine's folder."""

    begin: Line = "begin"
    switch: Line = "switch"
    halfway: Line = "halfway"
    end: Line = "end"


def _spoken_from_text(value: object) -> object:
    if isinstance(value, str):
        return {"say": value}
    if not isinstance(value, dict):
        raise ValueError(f"{show(value)} is not a line to speak; write a text, or say: with pause:")
    return value


def _plain_text(text: str) -> str:
    names = names_in(text)
    if names:
        raise ValueError(f"{{{min(names)}}} cannot be filled here; it belongs to an exercise")
    return text


PlainText = Annotated[Text, AfterValidator(_plain_text)]
"""Spoken words without placeholders."""


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Words:
    """One line of the opening or closing, and the quiet after it."""

    say: PlainText = Field(description="What is spoken.")
    pause: MoveTime = Field(default=1.0, description="The quiet after it.")


WordsField = Annotated[Words, BeforeValidator(_spoken_from_text)]


def _choice_from_name(value: object) -> object:
    if isinstance(value, str):
        return {"use": value}
    if not isinstance(value, dict):
        raise ValueError(f"{show(value)} is not an exercise; write its name, or use: with its settings")
    return value


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Choice:
    """One exercise of a routine, with what differs from its defaults."""

    use: Line = Field(description="A bundled exercise's name, or a file beside the routine.")
    reps: Reps | None = None
    hold: HoldLength | None = None
    rest: RestTime | None = Field(default=None, description="The rest after it.")


def _safety(value: object) -> object:
    if value in ("on", "off"):
        return value
    if isinstance(value, list) and value:
        return tuple(_plain_text(parse_text(line)) for line in value)
    raise ValueError(
        f'{show(value)} is not a choice; write "on", "off", or your own lines as a list of texts'
    )


def _names(value: object) -> tuple[str, ...]:
    """Take a list of exercise names, or one text with commas."""
    names = value.split(",") if isinstance(value, str) else value
    if (
        isinstance(names, list | tuple)
        and names
        and all(isinstance(name, str) and name.strip() for name in names)
    ):
        return tuple(name.strip() for name in names)
    raise ValueError(
        f"{show(value)} is not a list of exercises; write their names, like [cat-cow, thread-the-needle]"
    )


_NAMES = (
    PlainValidator(_names),
    WithJsonSchema({"anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "string"}]}),
)


def _lexicon(value: object) -> dict[str, str]:
    """Take words with their pronunciations."""
    if not isinstance(value, dict):
        raise ValueError(
            f"{show(value)} is not a lexicon; write words and how they are said, like scapula: skappula"
        )
    for word, said in value.items():
        if not isinstance(said, str):
            raise ValueError(f"{word}: {show(said)} is not a pronunciation; write it as a text")
    try:
        Lexicon.read(value)
    except SpeechError as error:
        raise ValueError(f"{error.message}; {error.hint}" if error.hint else error.message) from None
    return value


_LEXICON = (
    PlainValidator(_lexicon),
    WithJsonSchema({"type": "object", "additionalProperties": {"type": "string"}}),
)


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Routine:
    """An ordered choice of exercises with settings."""

    title: Line
    about: Line = Field(default="", description="One line about it; shown, not spoken.")
    background: Prose = Field(default="", description="More about it; shown, not spoken.")
    language: Annotated[str, *_words(*LANGUAGES)] = "en"
    opening: tuple[WordsField, ...] = Field(default=(), description="Spoken at the start.")
    closing: tuple[WordsField, ...] = Field(default=(), description="Spoken at the end.")
    safety: Annotated[
        Literal["on", "off"] | tuple[str, ...],
        PlainValidator(_safety),
        WithJsonSchema({"anyOf": [{"enum": ["on", "off"]}, {"type": "array", "items": {"type": "string"}}]}),
    ] = Field(default="on", description="The safety lines of the opening: on, off, or your own.")
    breath: Annotated[Breath, BeforeValidator(_breath)] = Field(
        default=Breath(), description="Like 4/6 or 4-4-4-4."
    )
    guidance: Annotated[Guidance, *_words(*GUIDANCE)] = "full"
    counts: Annotated[Counts, *_words(*COUNTS)] = Field(
        default="all", description="Which reps are counted aloud."
    )
    breath_words: Annotated[int, *whole(0, 20)] = Field(
        default=2, description="Breaths of a hold with spoken words."
    )
    voice: Line = Field(default="auto", description="ENGINE or ENGINE:VOICE; auto takes the best there is.")
    speed: Annotated[float, PlainValidator(number_between(0.5, 1.5)), WithJsonSchema({"type": "number"})] = (
        1.0
    )
    reps: Reps | None = Field(default=None, description="For every exercise that counts reps.")
    hold: HoldLength | None = Field(default=None, description="For every exercise that holds.")
    only: Annotated[tuple[str, ...], *_NAMES] = Field(default=(), description="Do only these exercises.")
    skip: Annotated[tuple[str, ...], *_NAMES] = Field(default=(), description="Leave these exercises out.")
    on_failure: Annotated[str | None, *_words(*ON_FAILURE)] = Field(
        default=None, description="When a voice fails: stop, or speak it all again with the next engine."
    )
    lexicon: Annotated[Mapping[str, str], *_LEXICON] = Field(
        default_factory=dict, description="Words and how they are said: a respelling, /IPA/, or both."
    )
    rest: RestTime = Field(default=12.0, description="Between exercises.")
    switch: Annotated[float, PlainValidator(seconds_between(2, 120)), _TIME] = Field(
        default=5.0, description="Between the sides; outside both."
    )
    start_side: Annotated[Side, *_words("right", "left")] = "right"
    rounds: Annotated[int, *whole(1, 20)] = Field(
        default=1, description="How often the exercises are gone through."
    )
    level: Annotated[DoseLevel, *_words(*LEVELS)] = Field(
        default="standard", description="Doses within the limits."
    )
    length: Annotated[
        float | None, PlainValidator(seconds_between(60, 12 * 3600)), WithJsonSchema({"type": "string"})
    ] = Field(
        default=None, description="The whole session's length, like 10m; doses and rests are fitted to it."
    )
    beyond_limits: StrictBool = Field(default=False, description="Allow doses outside the authors' limits.")
    quality: Annotated[str, *_words(*QUALITIES)] = Field(
        default="standard", description="64, 96 or 160 kbit/s; high is stereo where the bed is."
    )
    levels: Levels = Field(default=Levels(), description="How loud everything is beside speech.")
    pacer: PacerField = Field(default=Pacer(), description="What leads the breath.")
    bed: BedField = Field(default=Bed(), description="What lies quietly under everything.")
    warmth: WarmthField = Field(default=Warmth(), description="How a synthetic voice is softened.")
    sounds: Sounds = Sounds()
    exercises: Annotated[
        tuple[Annotated[Choice, BeforeValidator(_choice_from_name)], ...], Field(min_length=1, max_length=200)
    ]


__all__ = ["Breath", "Choice", "CueField", "Guidance", "Levels", "Routine", "Sounds", "Words"]
