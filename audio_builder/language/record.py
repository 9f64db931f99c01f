"""A language's record, and what it says: phrases that are filled, numbers and plurals that agree."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields

from audio_builder.breath import PHASES
from audio_builder.errors import CompileError
from audio_builder.language.sentences import fill
from audio_builder.language.wording import Advice, Counted, Gender, Pages, Phrases, Shortened

_KEYS: Mapping[str, tuple[str | int, ...]] = {
    "sides": ("right", "left"),
    "breathe": PHASES,
    "more": (3, 2, 1),
    "spans": ("hold", "work", "move", "rest", "switch"),
    "units": ("s", "min", "h", "x"),
}
"""What each mapping of a record must hold."""


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
        return self.fill(phrase, {**values, **self.side_values(side)})

    def fill(
        self, text: str, values: Mapping[str, str], *, plural: Callable[[Sequence[str]], str] | None = None
    ) -> str:
        """Put values in for placeholders and begin each sentence with a capital, knowing this language's points."""
        short = self.shortened
        return fill(text, values, plural=plural, is_short=short.is_short, ordinals=short.ordinals)

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
