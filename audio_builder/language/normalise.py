"""A cue's text as it is to be said: numbers, units and abbreviations written out, in letters that the voice has."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache, partial

from audio_builder.language import LANGUAGES, known_language
from audio_builder.language.amounts import amounts, known_unit
from audio_builder.language.numerals import STANDING_IN, Rule, numbers, romans
from audio_builder.language.record import Language
from audio_builder.language.wording import Plural

_TYPOGRAPHY = str.maketrans(
    {
        "\u2018": "'", "\u2019": "'", "\u201b": "'", "\u02bc": "'",
        "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"', "\u00bb": '"',
        "\u00a0": " ", "\u202f": " ", "\u2009": " ",
        "\u2060": None, "\u00ad": None, "\u200b": None, "\ufeff": None,
        "\ufe0e": None, "\ufe0f": None, "\u20e3": None, "№": "#",
        "\u2010": "-", "\u2011": "-", "\u2212": "-", "\u2012": "\u2013",
        "\u2044": "/", "\u2215": "/", "\u2236": ":", "\u223c": "~", "\u2243": "≈", "\u2265": "≥", "\u2264": "≤",
    }
)  # fmt: skip
_ARROW = re.compile(r"\s*(?:<?[-=]{1,3}>|<[-=]{2,3}|[\u2190-\u21ff\u2794\u2798-\u27be\u27f5-\u27ff])\s*")
_ADDRESS = re.compile(
    r"(?i)(?:https?://(?:www\.)?|(?<!\S)www\.)(?P<host>[\w.-]*\w)(?:[/?#:]\S*?)?(?=[]\"'.,;:!?)>]*(?:\s|$))"
)
_SAID_SIGNS = frozenset("+=%°×&*|<>$€£~≈≥≤±′″@#")
_MOST_ROUNDS = 4
_ROMANISED = {
    "ś": "sh", "ṣ": "sh", "ṛ": "ri", "ṝ": "ri", "ḷ": "li", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ı": "i",
    "æ": "ae", "œ": "oe", "ß": "ss",
}  # fmt: skip
"""What does not come apart into a letter and a mark; Sanskrit as its names are usually written."""


@lru_cache(maxsize=4_096)
def normalise(text: str, language: str = "en", *, digits: bool = False) -> str:
    """Write out what is written short, and tidy the typography; marks for pauses and emphasis stay.

    With `digits`, numbers stay digits, as in the names of files.

    What is written out is looked at again, so that a text that was normalised stays as it is.
    """
    said = tidied(text)
    for _ in range(_MOST_ROUNDS):
        before, said = said, spelled_out(said, language, digits=digits)
        if said == before:
            break
    return said


def tidied(text: str) -> str:
    """Set typography right and take out what cannot be said; words and numbers stay as they are written."""
    tidy = unicodedata.normalize("NFC", text).translate(_TYPOGRAPHY)
    tidy = _ADDRESS.sub(r"\g<host>", tidy)
    tidy = _ARROW.sub(", ", tidy)
    if not (tidy.isascii() and tidy.isprintable()):
        tidy = "".join(_plain_number(each) if _can_be_said(each) else " " for each in tidy)
    return re.sub(r"\s+", " ", tidy).strip(" ,")


def spelled_out(tidy: str, language: str = "en", *, digits: bool = False) -> str:
    """Write out numbers, ranges, units, abbreviations and strokes of a tidied text, in letters the voice has."""
    known = known_language(language)
    if known:
        if not tidy.isascii():
            tidy = "".join(_in_letters(each, known.shortened.letters) for each in tidy)
        held = tidy
        for pattern, said in (
            rule
            for needed, rules in _rules(known.tag, digits=digits)
            if needed.search(held)
            for rule in rules
        ):
            tidy = pattern.sub(said, tidy)
    tidy = re.sub(
        r"\s+(?:-{1,3}|–|—)\s+|(?<=\w)-{2,3}(?=\w)|—", ", ", re.sub(r"[\[\]|_\\#•·^`~<>]+", " ", tidy)
    )
    tidy = re.sub(r"^\s*[-–—]\s+", "", re.sub(r"\s+", " ", tidy))
    tidy = re.sub(r"(\() ", r"\1", re.sub(r"\s+([,.;:!?])(?!\.)", r"\1", tidy))
    tidy = re.sub(r",(?=[,.;:!?])(?!,?\.\.)", "", tidy)
    return re.sub(r"\s+", " ", tidy).strip(" ,")


def unspeakable(text: str, language: str) -> str:
    """Give the letters of a text that the language's voices would have to spell out, each once."""
    known = known_language(language)
    letters = known.shortened.letters if known else ""
    return "".join(
        dict.fromkeys(
            each
            for each in unicodedata.normalize("NFC", text)
            if known and each.isalpha() and (_is_marked(each) or not _in_letters(each, letters).strip())
        )
    )


def _plain_number(character: str) -> str:
    """Write `½` as ` 1/2`, `²` as ` 2 `, and a Roman numeral of one character in letters."""
    category = unicodedata.category(character)
    if category == "Nl":
        return unicodedata.normalize("NFKC", character)
    if category != "No":
        return character
    if unicodedata.decomposition(character).startswith("<fraction>"):
        return f" {unicodedata.normalize('NFKC', character)}".replace("⁄", "/")
    return f" {unicodedata.numeric(character):g} "


def _in_letters(character: str, letters: str) -> str:
    """Give a letter as the voice has it: itself, or what it is drawn from; a space for one of another writing."""
    small = character.lower()
    if character.isascii() or not character.isalpha() or small in f"{letters}ºª" or _is_marked(character):
        return character
    plain = _ROMANISED.get(small) or _ROMANISED.get(unicodedata.normalize("NFC", small), "")
    if not plain:
        bases = [each for each in unicodedata.normalize("NFKD", small) if not unicodedata.combining(each)]
        plain = "".join(_ROMANISED.get(each, each) for each in bases)
    if not (plain.isascii() and plain.isalpha()):
        return " "
    return plain.capitalize() if character.isupper() else plain


def _is_marked(character: str) -> bool:
    return STANDING_IN[0] <= character <= STANDING_IN[-1]


def _can_be_said(character: str) -> bool:
    """Tell letters, digits, marks and punctuation from pictures, arrows and control characters."""
    is_written = unicodedata.category(character)[0] in "LMNPZ" and not _is_marked(character)
    return is_written or character in _SAID_SIGNS


@lru_cache(maxsize=8)
def _rules(tag: str, *, digits: bool) -> tuple[tuple[re.Pattern[str], tuple[Rule, ...]], ...]:
    """Give a language's rules in their order, in groups, each with what a text must hold for them to be tried."""
    language = LANGUAGES[tag]
    if digits:
        language = replace(language, number=lambda number, _gender: str(number))
    short = language.shortened
    before_numbers = {
        each: said for each, said in short.abbreviations.items() if each.endswith("#") or each[0].isdigit()
    }
    with_strokes = {each: said for each, said in short.abbreviations.items() if "/" in each}
    counted, any_text, numerals = re.compile(r"[\d/&|=@]"), re.compile(""), re.compile(r"\b[IVX]+\b")
    return (
        (
            counted,
            (
                (re.compile(r"(?<=\w)\s?\|\s?(?=\w)"), f" {short.or_} "),
                _AMOUNTS,
                _abbreviation(before_numbers, ends=False),
                _per(language),
                *([_abbreviation(with_strokes, ends=False)] if with_strokes else ()),
                *amounts(language),
            ),
        ),
        (any_text, (_abbreviation(short.endings, ends=True), _abbreviation(short.abbreviations, ends=False))),
        (numerals, romans(language)),
        (counted, (numbers(language), *_strokes(language))),
        (any_text, ((re.compile(r"(?<=[^\W\d])\.(?=\s?,)"), ""), _small_points(language))),
    )


def _small_points(language: Language) -> Rule:
    """Take the point off what is short in front of a small letter: a sentence would begin with a capital."""
    return (
        re.compile(r"(?<![\w.])(?P<word>[^\W\d]\w*(?:\.\w+)*)\.(?= [a-zà-ÿ])"),
        lambda match: match["word"] if language.shortened.is_short(f"{match['word']}.") else match[0],
    )


def _abbreviation(forms: Mapping[str, str], *, ends: bool) -> Rule:
    """Write abbreviations out; the point of one that ends the sentence stays."""
    keys = sorted(forms, key=len, reverse=True)
    behind_and_before = {"#": (r"(?<!\d)(?<!\d )", r"(?=\s?\d)"), "/": ("", "")}
    pattern = "|".join(
        re.escape(key.removesuffix("#")).join(behind_and_before.get(key[-1], ("", r"(?!\w)"))) for key in keys
    )

    def said(match: re.Match[str]) -> str:
        short, behind = match[0], match.string[match.end() :]
        words = forms.get(short.lower()) or forms[f"{short.lower()}#"]
        before = match.string[: match.start()].rstrip()
        if short[0].isupper() and (not before or before[-1] in ".!?"):
            words = words[0].upper() + words[1:]
        tight = " " if behind[:1].isalnum() else ""
        is_end = ends and short.endswith(".") and (not behind.strip() or re.match(r" [A-ZÀ-Ý¿¡]", behind))
        return words + ("." if is_end else tight)

    return re.compile(rf"(?<![\w./])(?:{pattern})", re.IGNORECASE), said


def _per(language: Language) -> Rule:
    """Say the stroke in `8 reps/side`, not the one in `8 reps w/band`."""
    short = language.shortened
    stroke = rf"(?<=\d)(?P<what>[^.,;:!?/\d]*\.?)(?<! [cpw])\s?/\s?(?=(?i:{short.each})\b)"
    return re.compile(stroke), rf"\g<what> {short.per} "


_AMOUNTS = (
    re.compile(
        r"(?<=\d)(?P<what>(?:[^.,;:!?/\d]|\.(?= ))*[^\W\d]\.?|\s?[%°\"'″′])(?<! [cpw])(?<!\D s)\s?/\s?(?=\d)"
    ),
    r"\g<what>, ",
)
"""The stroke between two amounts, as in `20s/10s`."""


def _strokes(language: Language) -> tuple[Rule, ...]:
    """Say strokes between words: this or that, and both."""
    short = language.shortened
    units = "|".join(each for each in short.units if each.isalpha())
    return (
        (re.compile(r"\s&\s|(?<=\w)&(?=\w)"), f" {short.and_} "),
        (re.compile(rf"(?i)\b{short.and_}\s?/\s?{short.or_}\b"), f"{short.and_} {short.or_}"),
        (re.compile(r"(?:(?<=[^\W\d])|(?<=[^\W\d]-))\s?/\s?-?(?=[^\W\d])"), f" {short.or_} "),
        *(
            (
                re.compile(rf"(?i:(?<=\b{before} )(?P<unit>{units})\b)(?:\.(?= [a-z]|[,;)]))?"),
                partial(_named, short.units, at),
            )
            for before, at in ((short.per, 0), (short.signs["n+"], 1))
        ),
    )


def _named(units: Mapping[str, Plural], at: int, match: re.Match[str]) -> str:
    """Give a unit's noun, for one or for more."""
    return units[known_unit(match["unit"], units)][at].split(maxsplit=1 - at)[-1]
