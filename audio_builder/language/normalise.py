"""A cue's text as it is to be said: numbers, units and abbreviations written out, typography set right."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache, partial

from audio_builder.language import LANGUAGES, Shortened, known_language
from audio_builder.language.record import Plural

_TYPOGRAPHY = str.maketrans(
    {
        "\u2018": "'", "\u2019": "'", "\u201b": "'", "\u02bc": "'",
        "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"', "\u00bb": '"',
        "\u00a0": " ", "\u202f": " ", "\u2009": " ",
        "\u2060": None, "\u00ad": None, "\u200b": None, "\ufeff": None,
        "\u2010": "-", "\u2011": "-", "\u2212": "-", "\u2012": "\u2013",
        "\u00bd": " 1/2", "\u00bc": " 1/4", "\u00be": " 3/4",
    }
)  # fmt: skip


@lru_cache(maxsize=4_096)
def normalise(text: str, language: str = "en") -> str:
    """Write out ranges, units, times and abbreviations, and tidy the typography; marks stay as they are."""
    tidy = unicodedata.normalize("NFC", text).translate(_TYPOGRAPHY)
    tidy = "".join(each if _can_be_said(each) else " " for each in tidy)
    tidy = re.sub(r"\s+", " ", tidy).strip()
    known = known_language(language)
    if known:
        for pattern, said in _rules(known.tag):
            tidy = pattern.sub(said, tidy)
    tidy = re.sub(r"\s+(?:-{1,3}|–|—)\s+|—", ", ", tidy)
    tidy = re.sub(r"\s+", " ", tidy).strip()
    return re.sub(r"\s+([,.;:!?])(?!\.)", r"\1", tidy)


def _can_be_said(character: str) -> bool:
    """Tell letters, digits, marks and punctuation from pictures, arrows and control characters."""
    return unicodedata.category(character)[0] in "LMNPZ" or character in "+=%°×&*|<>$€£"


Said = Callable[[re.Match[str]], str]


@lru_cache(maxsize=8)
def _rules(language: str) -> tuple[tuple[re.Pattern[str], str | Said], ...]:
    wording = LANGUAGES[language].shortened
    units, short, fractions = (
        _any_of(each) for each in (wording.units, wording.abbreviations, wording.fractions)
    )
    number = r"\d+(?:[.,]\d+)?"
    unit = rf"(?P<unit>{units})(?![\w'-])"
    return (
        (
            re.compile(rf"(?<!\w)(?:{short})(?!\w)", re.IGNORECASE),
            lambda match: wording.abbreviations[match[0].lower()],
        ),
        (re.compile(r"×"), "x"),
        (re.compile(r"(?<=\d)\s?x\s?(?=\d)"), f" {wording.units['x'][1]} "),
        (
            re.compile(r"\b(?P<min>\d{1,2})\s?m(?:in)?\s?(?P<s>\d{1,2})\s?s(?:ec)?\b"),
            partial(_clock, wording),
        ),
        (re.compile(r"\b(?P<min>\d{1,2}):(?P<s>[0-5]\d)\s?min\b"), partial(_clock, wording)),
        (
            re.compile(rf"(?<![\w/])(?P<whole>\d+) (?P<fraction>{fractions})(?![\w/])"),
            partial(_decimal, wording),
        ),
        (re.compile(rf"(?<![\w/])(?:{fractions})(?![\w/])"), lambda match: wording.fractions[match[0]]),
        (
            # 20s–30s: the unit is said once, behind both.
            re.compile(
                rf"(?<![\w/–-])({number})\s?{unit}?\s?[-–]\s?(?={number}\s?(?P=unit)\b)", re.IGNORECASE
            ),
            rf"\1 {wording.to} ",
        ),
        (re.compile(rf"(?<![\w/–-])({number})\s?(?:-|–)\s?({number})(?![\d–-])"), rf"\1 {wording.to} \2"),
        (
            # A point that ends the abbreviation goes; one that ends the sentence stays.
            re.compile(
                rf"(?<![\w/])(?P<number>{number})\s?{unit}(?:\.(?= (?-i:[a-zà-ÿ])|/))?",
                re.IGNORECASE,
            ),
            partial(_counted, wording),
        ),
        (re.compile(rf"(?<![\w.,])1 ({_any_of(_nouns(wording))})\b"), partial(_single, wording)),
        (re.compile(r"\s&\s"), f" {wording.and_} "),
        (re.compile(r"(?<=\d )([^\W\d]+)/(?=[^\W\d])"), rf"\1 {wording.per} "),
        (re.compile(r"(?<=[^\W\d])/(?=[^\W\d])"), f" {wording.or_} "),
    )


def _any_of(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


def _nouns(wording: Shortened) -> dict[str, str]:
    """Give what is said for one of each unit, by the unit's noun: `eine Minute` for `Minute`."""
    return {one.split()[1]: one for one, _ in wording.units.values() if len(one.split()) == 2}


def _single(wording: Shortened, match: re.Match[str]) -> str:
    return _nouns(wording)[match[1]]


def _counted(wording: Shortened, match: re.Match[str]) -> str:
    return _amount(match["number"], wording.units[match["unit"].lower()])


def _amount(number: str, forms: Plural) -> str:
    one, more = forms
    return one if number == "1" else f"{number} {more}"


def _clock(wording: Shortened, match: re.Match[str]) -> str:
    counts = ((match["min"].lstrip("0"), "min"), (match["s"].lstrip("0"), "s"))
    return " ".join(_amount(count, wording.units[unit]) for count, unit in counts if count)


def _decimal(wording: Shortened, match: re.Match[str]) -> str:
    numerator, denominator = map(int, match["fraction"].split("/"))
    return f"{match['whole']}{wording.point}{f'{numerator / denominator:g}'.partition('.')[2]}"
