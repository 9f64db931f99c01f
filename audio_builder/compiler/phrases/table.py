"""A language's phrases and the values for their braces come in; spoken words that agree with them go out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields

from audio_builder.compiler.plan import Phase
from audio_builder.errors import CompileError
from audio_builder.script.quantities import Length
from audio_builder.script.texts import fill

WORDS_UP_TO = 30
"""Every table says the numbers from 1 up to this one in words."""

_KEYS: Mapping[str, tuple[str | int, ...]] = {
    "sides": ("right", "left"),
    "breathe": ("inhale", "hold-in", "exhale", "hold-out"),
    "more": (3, 2, 1),
    "numbers": tuple(range(1, WORDS_UP_TO + 1)),
}
"""What each mapping of a table must hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A phrase that counts something, in every plural form of its language."""

    forms: tuple[str, ...]
    """In the order of the table's `plural_forms`; `#` stands for the number."""
    numbers: Mapping[int, str] = field(default_factory=dict)
    """Number words that agree with what is counted, where they differ from counting aloud."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """Everything the compiler says by itself in one language.

    Braces are filled by name; `{side:rechte|linke}` gives the right's or the left's form, as in scripts.
    ValueError names the phrase where a table is incomplete.
    """

    language: str
    """As routines name it, such as `de`."""
    plural_forms: tuple[str, ...]
    """The names of the plural forms, such as `one` and `other`; scripts give their forms in this order."""
    plural: Callable[[int], str]
    """Names the plural form of a count."""
    numbers: Mapping[int, str]
    """Numbers as one counts aloud; those that are not here are written in digits."""
    numbers_before_noun: Mapping[int, str] = field(default_factory=dict)
    """Numbers before a noun of a script: digits where the word would have to agree with it."""

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
    breathe: Mapping[Phase, str]
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

    def __post_init__(self) -> None:
        """Refuse a table that lacks something."""
        lacking = list(self._lacking())
        if lacking:
            raise ValueError(f"the {self.language!r} phrases lack {', '.join(lacking)}")

    def _lacking(self) -> Iterator[str]:
        for each in fields(self):
            value = getattr(self, each.name)
            if isinstance(value, str | tuple) and not _texts_in(value):
                yield each.name
            for key in _KEYS.get(each.name, ()):
                if not value.get(key, "").strip():
                    yield f"{each.name}[{key!r}]"
            if isinstance(value, Counted) and not (
                len(value.forms) == len(self.plural_forms) and _texts_in(value.forms)
            ):
                yield f"a form of {each.name} for each of {', '.join(self.plural_forms)}"

    def say(self, phrase: str, *, side: str = "", **values: str) -> str:
        """Fill one of this table's phrases; each sentence begins with a capital."""
        return fill(phrase, {**values, **self.side_values(side)})

    def side_values(self, side: str) -> dict[str, str]:
        """Give what stands for the placeholders of a side, by its key; nothing where there is no side."""
        if not side:
            return {}
        other = "left" if side == "right" else "right"
        return {
            "side": self.sides[side],
            "other_side": self.sides[other],
            "side_key": side,
            "other_side_key": other,
        }

    def number(self, count: int) -> str:
        """Say a number as one counts aloud."""
        return self.numbers.get(count, str(count))

    def number_before_noun(self, count: int) -> str:
        """Say a number that stands before a noun of a script."""
        return self.numbers_before_noun.get(count, self.number(count))

    def counted(self, count: int, phrase: Counted) -> str:
        """Say a phrase of this table that counts something."""
        number = phrase.numbers.get(count, self.number(count))
        return self._form(count, phrase.forms).replace("#", number)

    def choose(self, count: int, forms: Sequence[str], *, where: str) -> str:
        """Choose from the forms that a script gives, `one breath|# breaths`. CompileError where some lack."""
        if len(forms) != len(self.plural_forms):
            names = ", ".join(self.plural_forms)
            raise CompileError(
                f'"{"|".join(forms)}" has {len(forms)} forms, but "{self.language}" counts with '
                f"{len(self.plural_forms)}: {names}",
                where=where,
                remedy="Write one for each, in this order; # stands for the number.",
            )
        return self._form(count, forms).replace("#", self.number_before_noun(count))

    def hold(self, length: Length) -> str:
        """Say how long a hold lasts."""
        if length.breaths:
            return self.counted(length.breaths, self.breaths)
        minutes, seconds = divmod(max(1, round(length.seconds)), 60)
        if not minutes:
            return self.counted(seconds, self.seconds)
        if not seconds:
            return self.counted(minutes, self.minutes)
        return self.minutes_and_seconds.format(
            minutes=self.counted(minutes, self.minutes), seconds=self.counted(seconds, self.seconds)
        )

    def _form(self, count: int, forms: Sequence[str]) -> str:
        return forms[self.plural_forms.index(self.plural(count))]


def _texts_in(value: str | tuple[str, ...]) -> bool:
    """Tell whether there are words in a text, or in each of several."""
    texts = (value,) if isinstance(value, str) else value
    return bool(texts) and all(text.strip() for text in texts)


def count_up(words: str) -> dict[int, str]:
    """Number words that are written one after the other, with commas, from 1."""
    return {number: word.strip() for number, word in enumerate(words.split(","), start=1)}


def one_or_other(count: int) -> str:
    """Name the plural form in languages with a singular for 1: English, German, Spanish."""
    return "one" if count == 1 else "other"
