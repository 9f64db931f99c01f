"""What a language's record holds: its phrases, plurals and numbers, what it writes short, and the words on pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field, fields
from typing import Literal

from audio_builder.breath import PHASES
from audio_builder.errors import CompileError
from audio_builder.language.sentences import fill

Gender = Literal["", "m", "f"]
"""Of what is counted; empty where it is not known, and where one counts aloud."""

Plural = tuple[str, str]
"""What is said for one, its number and all; and the word behind any other number."""

_KEYS: Mapping[str, tuple[str | int, ...]] = {
    "sides": ("right", "left"),
    "breathe": PHASES,
    "more": (3, 2, 1),
    "spans": ("hold", "work", "move", "rest", "switch"),
    "units": ("s", "min", "h", "x"),
}
"""What each mapping of a record must hold."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A phrase that counts something, in every plural form of its language."""

    forms: tuple[str, ...]
    """In the order of `plural_forms`; `#` stands for the number."""
    _: KW_ONLY
    gender: Gender = ""
    """With which the number agrees."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """What the compiler says by itself; `{side:rechte|linke}` gives the right's or the left's form, as in scripts."""

    sides: Mapping[str, str]
    """What `{side}` gives where a script does not choose a form."""
    first: str
    next: str
    again: str
    """The announcement in a later round."""
    side_first: str
    one_side: str
    """Names the side where an announcement has no other."""
    switch: str
    rest: str
    breathe: Mapping[str, str]
    """What is said with each phase of a breath."""
    more: Mapping[int, str]
    """What is left, from three down to the last."""
    last_then_side: str
    halfway: str
    safety: tuple[str, ...]
    gently: str
    """How to breathe at a slow pace."""
    breaths: Counted
    """How long something lasts; in the case that a length of time has."""
    seconds: Counted
    minutes: Counted
    minutes_and_seconds: str
    side_title: str
    round_title: str
    opening_title: str
    closing_title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortened:
    """How a language says what is written short."""

    to: str
    """Between the ends of a range."""
    and_: str
    or_: str
    per: str
    """For the stroke in `8 reps/side`."""
    point: str
    """In decimal numbers."""
    units: Mapping[str, Plural]
    fractions: Mapping[str, str]
    abbreviations: Mapping[str, str]
    """In lower case, with what they stand for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """The words on pages for the phone and on covers; those in braces are filled."""

    site_title: str
    """Where the publisher gives no title."""
    site_about: str
    empty: str
    on_this_device: str
    podcast: str
    podcast_how: str
    copy_address: str
    copied: str
    not_copied: str
    no_network: str
    not_kept: str
    all_sessions: str
    chapters: str
    take_along: str
    keep: str
    keeping: str
    kept: str
    now_kept: str
    not_keepable: str
    given_up: str
    download: str
    spoken: str
    """The heading of all that is said in a session."""
    files_and_keys: str
    cue_sheet: str
    transcript: str
    lyrics: str
    keys: tuple[str, str, str]
    """What the space bar does; what the arrows do; what they do with Shift."""
    player: str
    start_over: str
    position: str
    speed: str
    previous: str
    play: str
    pause: str
    following: str
    back: str
    spans: Mapping[str, str]
    """What goes on in a stretch of the session."""
    left: str
    next_in: str
    ends_in: str
    place: str
    resumed: str
    welcome: str
    done: str
    cannot_play: str
    no_audio: str
    no_cues: str
    more_exercises: str
    """How many exercises a cover has no room for, with `{}` for the number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What advice on scripts must know of a language, as patterns."""

    joints: str
    """Words that join a second instruction to the first."""
    limbs: str
    """A body part of which there are two, named as one."""
    sides: str
    """A body part whose side is written out."""
    moves: str = ""
    """Words that begin an instruction to move; empty where they are not looked for."""
    clauses: str = ""
    """What divides a cue into clauses, each of which may be an instruction."""
    led_by: str = ""
    """What may stand before the instruction in a clause: a breath, an adverb."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """Everything that depends on one language. ValueError names what a record lacks."""

    tag: str
    """As scripts name it, such as `de`."""
    iso_639_2: str
    """Three letters, for tags."""
    piper_voice: str
    """A Piper voice to download, by its name."""
    lexicon: Mapping[str, str] = field(default_factory=dict)
    """Words that some engine says otherwise than others, and how they are said, as a routine's lexicon has them."""
    plural_forms: tuple[str, ...]
    """The names of the plural forms, such as `one` and `other`; scripts give their forms in this order."""
    plural: Callable[[int], str]
    """Names the plural form of a count."""
    number: Callable[[int, Gender], str]
    """Gives a number from 0 to 999,999 in words."""
    agrees: Callable[[int], bool]
    """Tells numbers whose word depends on the noun behind it."""
    phrases: Phrases
    shortened: Shortened
    pages: Pages
    advice: Advice

    def __post_init__(self) -> None:
        lacking = list(self._lacking())
        if lacking:
            raise ValueError(f"the record of {self.tag!r} lacks {', '.join(lacking)}")

    def _lacking(self) -> Iterator[str]:
        for record in (self, self.phrases, self.shortened, self.pages):
            for each in fields(record):
                value = getattr(record, each.name)
                if isinstance(value, str | tuple) and not _texts_in(value):
                    yield each.name
                for key in _KEYS.get(each.name, ()):
                    if not _texts_in(value.get(key, "")):
                        yield f"{each.name}[{key!r}]"
                if isinstance(value, Counted) and not (
                    len(value.forms) == len(self.plural_forms) and _texts_in(value.forms)
                ):
                    yield f"a form of {each.name} for each of {', '.join(self.plural_forms)}"

    def say(self, phrase: str, *, side: str = "", **values: str) -> str:
        """Fill one of this record's phrases; each sentence begins with a capital."""
        return fill(phrase, {**values, **self.side_values(side)})

    def side_values(self, side: str) -> dict[str, str]:
        """Give what stands for the placeholders of a side, by its key; nothing where there is no side."""
        if not side:
            return {}
        other = "left" if side == "right" else "right"
        return {
            "side": self.phrases.sides[side],
            "other_side": self.phrases.sides[other],
            "side_key": side,
            "other_side_key": other,
        }

    def count(self, number: int) -> str:
        """Say a number as one counts aloud."""
        return self.number(number, "")

    def count_before_noun(self, number: int) -> str:
        """Say a number before a noun of a script: in digits where the word would have to agree with it."""
        return str(number) if self.agrees(number) else self.number(number, "")

    def counted(self, number: int, phrase: Counted) -> str:
        """Say a phrase of this record that counts something."""
        return self._form(number, phrase.forms).replace("#", self.number(number, phrase.gender))

    def choose(self, number: int, forms: Sequence[str], *, where: str) -> str:
        """Choose from the forms that a script gives, `one breath|# breaths`. CompileError where some lack."""
        if len(forms) != len(self.plural_forms):
            names = ", ".join(self.plural_forms)
            raise CompileError(
                f'"{"|".join(forms)}" has {len(forms)} forms, but "{self.tag}" counts with '
                f"{len(self.plural_forms)}: {names}",
                where=where,
                remedy="Write one for each, in this order; # stands for the number.",
            )
        return self._form(number, forms).replace("#", self.count_before_noun(number))

    def hold(self, *, breaths: int = 0, seconds: float = 0.0) -> str:
        """Say how long a hold lasts."""
        said = self.phrases
        if breaths:
            return self.counted(breaths, said.breaths)
        minutes, rest = divmod(max(1, round(seconds)), 60)
        if not minutes:
            return self.counted(rest, said.seconds)
        if not rest:
            return self.counted(minutes, said.minutes)
        return said.minutes_and_seconds.format(
            minutes=self.counted(minutes, said.minutes), seconds=self.counted(rest, said.seconds)
        )

    def _form(self, number: int, forms: Sequence[str]) -> str:
        return forms[self.plural_forms.index(self.plural(number))]


def _texts_in(value: str | tuple[str, ...]) -> bool:
    """Tell whether there are words in a text, or in each of several."""
    texts = (value,) if isinstance(value, str) else value
    return bool(texts) and all(text.strip() for text in texts)


def one_or_other(number: int) -> str:
    """Name the plural form in languages with a singular for 1."""
    return "one" if number == 1 else "other"


def listed(words: str) -> tuple[str, ...]:
    """Give words that are written one after the other."""
    return tuple(words.split())
