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
"""The word for one, and for any other number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """How a language says what is written short."""

    to: str
    """Between the ends of a range."""
    and_: str
    or_: str
    units: Mapping[str, Plural]
    fractions: Mapping[str, str]
    short: Mapping[str, str]
    """Abbreviations, in lower case, with what they stand for."""


_EN = Wording(
    to="to",
    and_="and",
    or_="or",
    units={
        "s": ("second", "seconds"), "sec": ("second", "seconds"), "secs": ("second", "seconds"),
        "min": ("minute", "minutes"), "mins": ("minute", "minutes"), "h": ("hour", "hours"),
        "x": ("time", "times"), "%": ("percent", "percent"), "°": ("degree", "degrees"),
        "cm": ("centimetre", "centimetres"), "m": ("metre", "metres"), "kg": ("kilogram", "kilograms"),
        "rep": ("rep", "reps"),
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
    units={
        "s": ("Sekunde", "Sekunden"), "sek": ("Sekunde", "Sekunden"), "min": ("Minute", "Minuten"),
        "h": ("Stunde", "Stunden"), "x": ("Mal", "Mal"), "%": ("Prozent", "Prozent"), "°": ("Grad", "Grad"),
        "cm": ("Zentimeter", "Zentimeter"), "m": ("Meter", "Meter"), "kg": ("Kilo", "Kilo"),
    },
    fractions={"1/2": "einhalb", "1/4": "ein Viertel", "3/4": "drei Viertel"},
    short={
        "z. b.": "zum Beispiel", "z.b.": "zum Beispiel", "d. h.": "das heißt", "d.h.": "das heißt",
        "usw.": "und so weiter", "ca.": "ungefähr", "bzw.": "beziehungsweise", "evtl.": "eventuell",
        "wdh.": "Wiederholungen",
    },
)  # fmt: skip
_ES = Wording(
    to="a",
    and_="y",
    or_="o",
    units={
        "s": ("segundo", "segundos"), "seg": ("segundo", "segundos"), "min": ("minuto", "minutos"),
        "h": ("hora", "horas"), "x": ("vez", "veces"), "°": ("grado", "grados"),
        "%": ("por ciento", "por ciento"),
        "cm": ("centímetro", "centímetros"), "m": ("metro", "metros"), "kg": ("kilo", "kilos"),
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
    units={
        "s": ("seconde", "secondes"), "sec": ("seconde", "secondes"), "min": ("minute", "minutes"),
        "h": ("heure", "heures"), "x": ("fois", "fois"), "°": ("degré", "degrés"),
        "%": ("pour cent", "pour cent"),
        "cm": ("centimètre", "centimètres"), "m": ("mètre", "mètres"), "kg": ("kilo", "kilos"),
    },
    fractions={"1/2": "un demi", "1/4": "un quart", "3/4": "trois quarts"},
    short={
        "p. ex.": "par exemple", "p.ex.": "par exemple", "c.-à-d.": "c'est-à-dire", "etc.": "et cetera",
        "env.": "environ",
    },
)  # fmt: skip

WORDINGS: Mapping[str, Wording] = {"en": _EN, "de": _DE, "es": _ES, "fr": _FR}
"""By main language; in any other, only typography is set right and numbers are left to the engine."""


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
    return (
        (
            re.compile(rf"(?<!\w)(?:{short})(?!\w)", re.IGNORECASE),
            lambda match: wording.short[match[0].lower()],
        ),
        (re.compile(r"×"), "x"),
        (
            re.compile(r"\b(?P<min>\d{1,2})\s?m(?:in)?\s?(?P<s>\d{1,2})\s?s(?:ec)?\b"),
            partial(_clock, wording),
        ),
        (re.compile(r"\b(?P<min>\d{1,2}):(?P<s>[0-5]\d)\s?min\b"), partial(_clock, wording)),
        (
            re.compile(rf"(?<![\w/])(?:(?P<whole>\d+) )?(?P<fraction>{fractions})(?![\w/])"),
            partial(_fraction, wording),
        ),
        (re.compile(rf"(?<![\w-])({number})\s?(?:-|–)\s?({number})(?![\d-])"), rf"\1 {wording.to} \2"),
        (
            # A point that ends the abbreviation goes; one that ends the sentence stays.
            re.compile(
                rf"(?<![\w/])(?P<number>{number})\s?(?P<unit>{units})(?![\w'-])(?:\.(?= [^\W\dA-Z]))?",
                re.IGNORECASE,
            ),
            partial(_counted, wording),
        ),
        (re.compile(r"\s&\s"), f" {wording.and_} "),
        (re.compile(r"(?<=[^\W\d])/(?=[^\W\d])"), f" {wording.or_} "),
    )


def _any_of(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


def _counted(wording: Wording, match: re.Match[str]) -> str:
    one, more = wording.units[match["unit"].lower()]
    return f"{match['number']} {one if match['number'] == '1' else more}"


def _clock(wording: Wording, match: re.Match[str]) -> str:
    counts = ((int(match["min"]), wording.units["min"]), (int(match["s"]), wording.units["s"]))
    return " ".join(f"{count} {forms[count != 1]}" for count, forms in counts if count)


def _fraction(wording: Wording, match: re.Match[str]) -> str:
    said = wording.fractions[match["fraction"]]
    return f"{match['whole']} {wording.and_} {said}" if match["whole"] else said
