"""Numbers as they are said: in words, as fractions, in codes such as those of vertebrae, and Roman ones.

The rules are ours. What there is was looked at: NeMo's text processing needs pynini, a compiled package of 150 MB for
Linux alone; num2words writes numbers only, takes 57 ms to import, reads Spanish decimals as "punto" and brings
a package that has rested since 2014; none knows that `1m` is a minute here, `T4-T8` vertebrae, and `90/90` a pose.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audio_builder.language.record import Language
    from audio_builder.language.wording import Gender, Plural

Rule = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]

NUMBER = r"\d+(?:[.,]\d+)*"
DASH = r"\s?[-–—]\s?"
_ROMAN = {
    "I": 1,
    "II": 2,
    "III": 3,
    "IV": 4,
    "V": 5,
    "VI": 6,
    "VII": 7,
    "VIII": 8,
    "IX": 9,
    "X": 10,
    "XI": 11,
    "XII": 12,
}
STANDING_IN = "".join(map(chr, range(0x13000, 0x13430)))
"""Letters that stand for words which the lexicon has said, until all else is written out: hieroglyphs."""
_MARKED = f"{STANDING_IN[0]}-{STANDING_IN[-1]}"


def say_number(language: Language, number: str, one: str = "") -> str:
    """Say a number as it is written, with the form that agrees with what is said for one of its nouns."""
    thousands = {".": ",", ",": "."}[language.shortened.decimal]
    if re.fullmatch(rf"\d{{1,3}}(?:\{thousands}\d{{3}})+", number):
        number = number.replace(thousands, "")
    whole, *decimals = re.split("[.,]", number)
    if len(whole) > 6 or (len(whole) > 1 and whole[0] == "0") or len(decimals) > 1:
        return number
    if decimals:
        digits = " ".join(language.count(int(digit)) for digit in decimals[0])
        return f"{language.count(int(whole))} {language.shortened.point} {digits}"
    word = one.split(maxsplit=1)[0] if one else ""
    gender: Gender = "f" if word in ("una", "une", "eine") else "m" if word in ("un", "ein") else ""
    return language.number(int(whole), gender)


def say_amount(language: Language, number: str, forms: Plural) -> str:
    """Say how many there are of a unit."""
    one, more = forms
    return one if number == "1" else f"{say_number(language, number, one)} {more}"


def numbers(language: Language) -> Rule:
    """Give the rule that writes out numbers that stand alone; those that have to agree with a noun stay."""
    short = language.shortened
    noun = re.compile(
        rf"[ -](?!(?:{short.to}|{short.ratio}|{short.and_}|{short.or_}|{short.of}|{short.out_of})\b)[^\W\d]"
    )

    def word(match: re.Match[str]) -> str:
        written, behind = match[0], match.string[match.end() :]
        before = match.string[: match.start()].rstrip()
        if re.fullmatch(r"(?:19|20)\d\d", written):
            return written
        if written.isdigit() and language.agrees(int(written)) and noun.match(behind):
            return written
        if short.ordinals and re.match(r"\. \w", behind):
            in_list = match.string.startswith("1. ") and re.search(r"[.!?] 2\. ", match.string)
            if not in_list or (before and before[-1] not in ".!?"):
                return written
        return say_number(language, written)

    return re.compile(rf"(?<![\w:/°$€£'+-])(?<!\d[.,])(?:{NUMBER})(?![\w/%°]|[.,:]\d|-\d)"), word


def romans(language: Language) -> tuple[Rule, ...]:
    """Give the rules that read Roman numerals behind names; I, V and X only where they can be nothing else."""
    numeral = "|".join(sorted(_ROMAN, key=len, reverse=True))
    plain = "|".join(each for each in sorted(_ROMAN, key=len, reverse=True) if len(each) > 1)
    short = language.shortened
    joined = rf",? (?:{short.and_}|{short.or_}|{short.to}) |, ?| ?[/&–-] ?"
    more = rf"(?:(?:{joined})(?:{numeral})\b)*"
    name = rf"[A-ZÀ-Ý{_MARKED}][\w'’{_MARKED}-]*"

    def said(match: re.Match[str]) -> str:
        spread = re.sub(r" ?[–-] ?", f" {language.shortened.to} ", match["numerals"])
        return match["name"] + re.sub(
            rf"\b(?:{numeral})\b", lambda one: language.count(_ROMAN[one[0]]), spread
        )

    return (
        (
            re.compile(
                rf"\b(?P<name>(?i:{language.shortened.numbered}) )(?P<numerals>(?:{numeral})\b{more})"
            ),
            said,
        ),
        (re.compile(rf"(?P<name>(?<!\w){name} )(?P<numerals>(?:{plain})\b{more})"), said),
        (
            re.compile(
                rf"(?P<name>(?<!\w){name}[\w]{{4,}} |[{_MARKED}] )(?P<numerals>(?:I|V|X){more}(?=[.,;:!?)]| [-–—] |$))"
            ),
            said,
        ),
    )


def codes(language: Language) -> Iterator[Rule]:
    """Read vertebrae and other letters with numbers: `T4-T8`, `L4/5`, `S1`."""
    code = r"[A-Z]{1,3}h?\d{1,2}"
    bone = r"(?:C|Th?|D|L|S|[HBL]W[KS]) "

    def spelled(written: str) -> str:
        return re.sub(
            r"([A-Z]+h?)?(\d+)", lambda one: f"{one[1] or ''} {language.count(int(one[2]))}".strip(), written
        )

    yield (
        re.compile(rf"(?<![\w/-]){bone}\d{{1,2}}(?:\s?[-–/]\s?(?:{bone}|[A-Z])?\d{{1,2}})+(?![\w/-])"),
        lambda match: re.sub(r"(?<=[A-Zh]) (?=\d)", "", match[0]),
    )
    yield (
        re.compile(rf"(?<![\w/-]){code}(?:(?:\s?[-–—]\s?|\s?/\s?)(?:{code}|\d{{1,2}}))+(?![\w/-])"),
        lambda match: " ".join(
            spelled(each) if each[0].isalnum() else {"/": ""}.get(each, language.shortened.to)
            for each in re.findall(r"[A-Z]*h?\d+|[-–—/]", match[0])
            if each != "/"
        ),
    )
    yield re.compile(rf"(?<![\w/.,-]){code}(?![\w/])"), lambda match: spelled(match[0])


def fractions(language: Language) -> Iterator[Rule]:
    """Say fractions, how many of how many, and pairs such as `90/90`."""
    short = language.shortened
    known = any_of(short.fractions)

    def mixed(match: re.Match[str]) -> str:
        numerator, denominator = map(int, match["fraction"].split("/"))
        if match["tie"] == "-" and int(match["whole"]) < numerator:
            return match[0]
        if denominator in (2, 4, 5, 8):
            return f"{match['whole']}{short.decimal}{f'{numerator / denominator:g}'.partition('.')[2]}"
        return f"{match['whole']} {short.and_} {short.fractions[match['fraction']]}"

    def over(match: re.Match[str]) -> str:
        first, second = int(match["first"]), int(match["second"])
        written = f"{match['first']}/{match['second']}"
        if match["low"]:
            return f"{match['low']} {short.to} {first} {short.out_of} {second}"
        if re.search(rf"(?i)\b(?:{short.paces})\b", match.string) or first >= second:
            return f"{first} {second}"
        said = short.fractions.get(written) or f"{first} {short.out_of} {second}"
        return f"{said} {short.to} " if match["more"] else said

    yield re.compile(rf"(?<![\w/.,])(?P<whole>\d+)(?P<tie>[ -])(?P<fraction>{known})(?![\w/])"), mixed
    yield (
        re.compile(rf"(?i)\b(?P<name>{short.parts}) (?P<first>\d+)/(?P<second>\d+)(?![\w/])"),
        lambda match: f"{match['name']} {match['first']} {short.of} {match['second']}",
    )
    yield (
        re.compile(
            rf"(?<![\w/.,:-])(?:(?P<low>\d{{1,3}}){DASH})?(?P<first>\d{{1,3}})\s?/\s?(?P<second>\d{{1,3}})(?![\w/:]|[.,]\d)(?P<more>{DASH}(?=\d))?"
        ),
        over,
    )


def any_of(words: Iterable[str]) -> str:
    """Make a pattern of words, the longest first."""
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))
