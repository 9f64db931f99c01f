"""One routine as its author wrote it: the typed form of `scripts/routines/NAME.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from audio_builder.breath import Pace
from audio_builder.errors import SpeechError
from audio_builder.language import LANGUAGES
from audio_builder.script.exercise import Side
from audio_builder.script.fields import (
    BED,
    HOLD_LENGTH,
    LINE,
    MOVE_TIME,
    PACER,
    PROSE,
    QUALITIES,
    REPS,
    REST_TIME,
    SOUND_LEVELS,
    SPOKEN_LINE,
    TEXT,
    WARMTH,
    Pacer,
    number_between,
    one_of,
    parse_text,
    seconds_between,
    whole,
    word,
)
from audio_builder.script.kinds import Group, Many, Maybe, Plain, Truth, key, keys_for
from audio_builder.script.quantities import PAUSE_SECONDS, PHASE_SECONDS, Length, parse_pace
from audio_builder.script.syntax import show
from audio_builder.script.texts import names_in
from audio_builder.sound.settings import Bed, Levels, Warmth
from audio_builder.speech.notation import Lexicon

GUIDANCE = ("full", "light", "bells")
COUNTS = ("all", "every other", "last three", "none")
LEVELS = ("gentle", "standard", "strong")
ON_FAILURE = ("stop", "next-engine")

Guidance = Literal["full", "light", "bells"]
Counts = Literal["all", "every other", "last three", "none"]
DoseLevel = Literal["gentle", "standard", "strong"]

_TIME = {"type": "string", "examples": ["4s"]}
_PHASE = Plain(seconds_between(*PHASE_SECONDS), _TIME)
_PAUSE = Plain(seconds_between(*PAUSE_SECONDS), _TIME)


def _breath(value: object) -> object:
    return value if isinstance(value, dict) else parse_pace(value)


_BREATH = Group(
    Pace, _breath, declared=keys_for(Pace, inhale=_PHASE, hold_in=_PAUSE, exhale=_PHASE, hold_out=_PAUSE)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sounds:
    """Which sounds are used: bundled names, or files in the routine's folder."""

    begin: str = key(LINE, default="begin")
    switch: str = key(LINE, default="switch")
    halfway: str = key(LINE, default="halfway")
    end: str = key(LINE, default="end")


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


PLAIN_TEXT = Plain(lambda value: _plain_text(parse_text(value)), TEXT.schema)
"""Spoken words without placeholders."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One line of the opening or closing, and the quiet after it."""

    say: str = key(PLAIN_TEXT, about="What is spoken.")
    pause: float = key(MOVE_TIME, default=1.0, about="The quiet after it.")


WORDS = Group(Words, _spoken_from_text)


def _choice_from_name(value: object) -> object:
    if isinstance(value, str):
        return {"use": value}
    if not isinstance(value, dict):
        raise ValueError(f"{show(value)} is not an exercise; write its name, or use: with its settings")
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One exercise of a routine, with what differs from its defaults."""

    use: str = key(LINE, about="A bundled exercise's name, or a file beside the routine.")
    reps: int | None = key(Maybe(REPS), default=None)
    hold: Length | None = key(Maybe(HOLD_LENGTH), default=None)
    rest: float | None = key(Maybe(REST_TIME), default=None, about="The rest after it.")


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


_NAMES = Plain(_names, {"anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "string"}]})


def _lexicon(value: object) -> dict[str, str]:
    """Take words with their pronunciations."""
    if not isinstance(value, dict):
        raise ValueError(
            f"{show(value)} is not a lexicon; write words and how they are said, like scapula: skappula"
        )
    for written, said in value.items():
        if not isinstance(said, str):
            raise ValueError(f"{written}: {show(said)} is not a pronunciation; write it as a text")
    try:
        Lexicon.read(value)
    except SpeechError as error:
        raise ValueError(f"{error.message}; {error.remedy}" if error.remedy else error.message) from None
    return value


_LEXICON = Plain(_lexicon, {"type": "object", "additionalProperties": {"type": "string"}})


_LANGUAGE = Plain(one_of(*LANGUAGES), {"type": "string", "pattern": "^[a-z]{2,3}$", "examples": ["en", "de"]})
"""Its schema names no languages: a new one is a record and scripts, and nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Routine:
    """An ordered choice of exercises with settings."""

    title: str = key(SPOKEN_LINE)
    about: str = key(LINE, default="", about="One line about it; shown, not spoken.")
    background: str = key(PROSE, default="", about="More about it; shown, not spoken.")
    language: str = key(_LANGUAGE, default="en")
    opening: tuple[Words, ...] = key(Many(WORDS), default=(), about="Spoken at the start.")
    closing: tuple[Words, ...] = key(Many(WORDS), default=(), about="Spoken at the end.")
    safety: Literal["on", "off"] | tuple[str, ...] = key(
        Plain(_safety, {"anyOf": [{"enum": ["on", "off"]}, {"type": "array", "items": {"type": "string"}}]}),
        default="on",
        about="The safety lines of the opening: on, off, or your own.",
    )
    breath: Pace = key(_BREATH, default=Pace(), about="Like 4/6 or 4-4-4-4.")
    guidance: Guidance = key(word(*GUIDANCE), default="full")
    counts: Counts = key(word(*COUNTS), default="all", about="Which reps are counted aloud.")
    breath_words: int = key(whole(0, 20), default=2, about="Breaths of a hold with spoken words.")
    voice: str = key(LINE, default="auto", about="ENGINE or ENGINE:VOICE; auto takes the best there is.")
    speed: float = key(Plain(number_between(0.5, 1.5), {"type": "number"}), default=1.0)
    reps: int | None = key(Maybe(REPS), default=None, about="For every exercise that counts reps.")
    hold: Length | None = key(Maybe(HOLD_LENGTH), default=None, about="For every exercise that holds.")
    only: tuple[str, ...] = key(_NAMES, default=(), about="Do only these exercises.")
    skip: tuple[str, ...] = key(_NAMES, default=(), about="Leave these exercises out.")
    on_failure: str | None = key(
        word(*ON_FAILURE),
        default=None,
        about="When a voice fails: stop, or speak it all again with the next engine.",
    )
    lexicon: Mapping[str, str] = key(
        _LEXICON, default_factory=dict, about="Words and how they are said: a respelling, /IPA/, or both."
    )
    rest: float = key(REST_TIME, default=12.0, about="Between exercises.")
    switch: float = key(
        Plain(seconds_between(2, 120), _TIME), default=5.0, about="Between the sides; outside both."
    )
    start_side: Side = key(word("right", "left"), default="right")
    rounds: int = key(whole(1, 20), default=1, about="How often the exercises are gone through.")
    level: DoseLevel = key(word(*LEVELS), default="standard", about="Doses within the limits.")
    length: float | None = key(
        Plain(seconds_between(60, 12 * 3600), {"type": "string"}),
        default=None,
        about="The whole session's length, like 10m; doses and rests are fitted to it.",
    )
    beyond_limits: bool = key(Truth(), default=False, about="Allow doses outside the authors' limits.")
    quality: str = key(
        word(*QUALITIES),
        default="standard",
        about="64, 96 or 160 kbit/s; high is stereo where the bed is.",
    )
    levels: Levels = key(SOUND_LEVELS, default=Levels(), about="How loud everything is beside speech.")
    pacer: Pacer = key(PACER, default=Pacer(), about="What leads the breath.")
    bed: Bed = key(BED, default=Bed(), about="What lies quietly under everything.")
    warmth: Warmth = key(WARMTH, default=Warmth(), about="How a synthetic voice is softened.")
    sounds: Sounds = key(Group(Sounds), default=Sounds())
    exercises: tuple[Choice, ...] = key(Many(Group(Choice, _choice_from_name), least=1, most=200))


__all__ = ["Choice", "Guidance", "Levels", "Routine", "Sounds", "Words"]
