"""A cue's text comes in as people write it; the same text goes out as it is to be said."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial

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

Plural = tuple[str, str]
"""What is said for one, its number and all; and the word behind any other number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
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
    short: Mapping[str, str]
    """Abbreviations, in lower case, with what they stand for."""


_EN = Wording(
    to="to",
    and_="and",
    or_="or",
    per="per",
    point=".",
    units={
        "s": ("1 second", "seconds"), "sec": ("1 second", "seconds"), "secs": ("1 second", "seconds"),
        "min": ("1 minute", "minutes"), "mins": ("1 minute", "minutes"), "h": ("1 hour", "hours"),
        "x": ("1 time", "times"), "%": ("1 percent", "percent"), "°": ("1 degree", "degrees"),
        "cm": ("1 centimetre", "centimetres"), "m": ("1 metre", "metres"), "kg": ("1 kilogram", "kilograms"),
        "rep": ("1 rep", "reps"),
    },
    fractions={"1/2": "half", "1/4": "a quarter", "3/4": "three quarters"},
    short={
        "e.g.": "for example", "i.e.": "that is", "etc.": "and so on", "approx.": "about", "vs.": "versus",
        "w/o": "without", "w/": "with",
    },
)  # fmt: skip
_DE = Wording(
    to="bis",
    and_="und",
    or_="oder",
    per="pro",
    point=",",
    units={
        "s": ("eine Sekunde", "Sekunden"), "sek": ("eine Sekunde", "Sekunden"),
        "min": ("eine Minute", "Minuten"), "h": ("eine Stunde", "Stunden"), "std": ("eine Stunde", "Stunden"),
        "x": ("ein Mal", "Mal"), "%": ("ein Prozent", "Prozent"), "°": ("ein Grad", "Grad"),
        "cm": ("ein Zentimeter", "Zentimeter"), "m": ("ein Meter", "Meter"), "kg": ("ein Kilo", "Kilo"),
        "wdh": ("eine Wiederholung", "Wiederholungen"),
    },
    fractions={"1/2": "einhalb", "1/4": "ein Viertel", "3/4": "drei Viertel"},
    short={
        "z. b.": "zum Beispiel", "z.b.": "zum Beispiel", "d. h.": "das heißt", "d.h.": "das heißt",
        "usw.": "und so weiter", "ca.": "ungefähr", "bzw.": "beziehungsweise", "evtl.": "eventuell",
    },
)  # fmt: skip
_ES = Wording(
    to="a",
    and_="y",
    or_="o",
    per="por",
    point=",",
    units={
        "s": ("un segundo", "segundos"), "seg": ("un segundo", "segundos"), "min": ("un minuto", "minutos"),
        "h": ("una hora", "horas"), "x": ("una vez", "veces"), "°": ("un grado", "grados"),
        "%": ("uno por ciento", "por ciento"), "kg": ("un kilo", "kilos"),
        "cm": ("un centímetro", "centímetros"), "m": ("un metro", "metros"),
        "rep": ("una repetición", "repeticiones"), "reps": ("una repetición", "repeticiones"),
    },
    fractions={"1/2": "medio", "1/4": "un cuarto", "3/4": "tres cuartos"},
    short={
        "p. ej.": "por ejemplo", "p.ej.": "por ejemplo", "etc.": "etcétera", "aprox.": "aproximadamente",
    },
)  # fmt: skip
_FR = Wording(
    to="à",
    and_="et",
    or_="ou",
    per="par",
    point=",",
    units={
        "s": ("une seconde", "secondes"), "sec": ("une seconde", "secondes"),
        "min": ("une minute", "minutes"), "h": ("une heure", "heures"), "x": ("une fois", "fois"),
        "°": ("un degré", "degrés"), "%": ("un pour cent", "pour cent"), "kg": ("un kilo", "kilos"),
        "cm": ("un centimètre", "centimètres"), "m": ("un mètre", "mètres"),
        "rép": ("une répétition", "répétitions"), "rep": ("une répétition", "répétitions"),
        "reps": ("une répétition", "répétitions"),
    },
    fractions={"1/2": "un demi", "1/4": "un quart", "3/4": "trois quarts"},
    short={
        "p. ex.": "par exemple", "p.ex.": "par exemple", "c.-à-d.": "c'est-à-dire", "etc.": "et cetera",
        "env.": "environ",
    },
)  # fmt: skip

WORDINGS: Mapping[str, Wording] = {"en": _EN, "de": _DE, "es": _ES, "fr": _FR}
"""By main language; in any other, only typography is set right and numbers are left to the engine."""


@lru_cache(maxsize=4_096)
def normalise(text: str, language: str = "en") -> str:
    """Write out ranges, units, times and abbreviations, and tidy the typography; marks stay as they are."""
    tidy = unicodedata.normalize("NFC", text).translate(_TYPOGRAPHY)
    tidy = "".join(each if _can_be_said(each) else " " for each in tidy)
    tidy = re.sub(r"\s+", " ", tidy).strip()
    main_language = language.lower().partition("-")[0]
    if main_language in WORDINGS:
        for pattern, said in _rules(main_language):
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
    wording = WORDINGS[language]
    units, short, fractions = (_any_of(each) for each in (wording.units, wording.short, wording.fractions))
    number = r"\d+(?:[.,]\d+)?"
    unit = rf"(?P<unit>{units})(?![\w'-])"
    return (
        (
            re.compile(rf"(?<!\w)(?:{short})(?!\w)", re.IGNORECASE),
            lambda match: wording.short[match[0].lower()],
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


def _nouns(wording: Wording) -> dict[str, str]:
    """Give what is said for one of each unit, by the unit's noun: `eine Minute` for `Minute`."""
    return {one.split()[1]: one for one, _ in wording.units.values() if len(one.split()) == 2}


def _single(wording: Wording, match: re.Match[str]) -> str:
    return _nouns(wording)[match[1]]


def _counted(wording: Wording, match: re.Match[str]) -> str:
    return _amount(match["number"], wording.units[match["unit"].lower()])


def _amount(number: str, forms: Plural) -> str:
    one, more = forms
    return one if number == "1" else f"{number} {more}"


def _clock(wording: Wording, match: re.Match[str]) -> str:
    counts = ((match["min"].lstrip("0"), "min"), (match["s"].lstrip("0"), "s"))
    return " ".join(_amount(count, wording.units[unit]) for count, unit in counts if count)


def _decimal(wording: Wording, match: re.Match[str]) -> str:
    numerator, denominator = map(int, match["fraction"].split("/"))
    return f"{match['whole']}{wording.point}{f'{numerator / denominator:g}'.partition('.')[2]}"
