"""What is counted and measured, as it is said: units, ranges, ratios, clocks, and signs before numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from audio_builder.language.numerals import (
    DASH,
    NUMBER,
    Rule,
    any_of,
    codes,
    fractions,
    say_amount,
    say_number,
)
from audio_builder.language.record import Language
from audio_builder.language.wording import Plural

_FREE = r"(?![\w']|-[^\W\d])"
"""What may not stand behind a unit."""


def amounts(language: Language) -> tuple[Rule, ...]:
    """Give the rules that write out what is counted and measured, in the order in which they are to be used."""
    decimal = language.shortened.decimal
    return (
        (re.compile(rf"(?<![\w.,:])[{decimal}](?=\d)"), f"0{decimal}"),
        (re.compile(rf"(?<=\d) (?={'000' if decimal == '.' else '[0-9]{3}'}(?![\w-]))"), ""),
        *_tempos(language),
        *_primes(language),
        *_times(language.shortened.units["x"][1]),
        (re.compile(r"([$€£])\s?(\d+(?:[.,]\d+)*)"), r"\2 \1"),
        *_signs(language.shortened.signs),
        *_clocks(language),
        *codes(language),
        _parts_of_units(language),
        (
            re.compile(r"(?<![\d/.,-])\d{1,3}(?:(?:[-–]\d{1,3}){2,}|(?:/\d{1,3}){2,})(?![\d/–-]|[.,]\d)"),
            lambda match: re.sub("[-–/]", " ", match[0]),
        ),
        *fractions(language),
        *_units(language),
    )


def _tempos(language: Language) -> Iterator[Rule]:
    """Read how fast the parts of a movement are: `Tempo 3010`, `3-1-X-0`."""

    def each(match: re.Match[str]) -> str:
        parts = re.findall(r"\w", match["tempo"])
        return match["name"] + " ".join(language.count(int(one)) if one.isdigit() else "X" for one in parts)

    for name, tempo in (
        (r"(?i:(?<![\w-])tempo):?\s", r"(?!\d000)[\dXx]{4}|[\dXx](?:[-/:.][\dXx]){2,3}"),
        (r"(?<![\w/.-])", r"\d\dX\d|\d[-/]\d[-/]X[-/]\d"),
    ):
        yield re.compile(rf"(?P<name>{name})(?P<tempo>{tempo})(?![\w/:-]|\.\w)"), each


def _times(word: str) -> Iterator[Rule]:
    """Read `3x10`, `3 sets x 10` and `Repeat x3`."""

    def times(match: re.Match[str]) -> str:
        return f"{match['of']}{word} {match['number']}" if match["of"] else f"{match['number']} x"

    yield re.compile(r"(?<=\d)\s?[x×]\s?(?=\d)", re.IGNORECASE), f" {word} "
    yield (
        re.compile(r"(?P<of>\d(?:[^.,;:!?]|\.(?= ?[x×]))* )?(?<!\w)[x×]\s?(?P<number>\d+)\b", re.IGNORECASE),
        times,
    )
    yield re.compile(r"×"), "x"


def _clocks(language: Language) -> Iterator[Rule]:
    """Read hours, minutes and seconds in one, and ratios, which look like them."""
    short = language.shortened

    def clock(match: re.Match[str]) -> str:
        counts = ((name, match.groupdict().get(name)) for name in ("h", "min", "s"))
        return " ".join(f"{int(count)} {name}" for name, count in counts if count and int(count)) or "0 s"

    def ratio(match: re.Match[str]) -> str:
        return match[0] if re.search(r":\d\d", match[0]) else match[0].replace(":", f" {short.ratio} ")

    yield re.compile(r"(?<![\w:.,])(?P<h>\d{1,2})\s?h\s?(?P<min>[0-5]\d)(?:\s?m(?:in)?)?(?![\w:])"), clock
    yield re.compile(r"(?<![\w:.,])(?P<min>\d{1,3})\s?m(?:in)?\s?(?P<s>\d{1,2})\s?s(?:ec)?\b"), clock
    named = r"(?:\s?(?i:min(?:s|uten?|utes|utos)?)\b(?:\.(?= [a-z]))?)?"
    yield (
        re.compile(rf"(?<![\w:.,/])(?P<min>\d{{1,3}}):(?P<s>[0-5]\d){named}(?![\w:]|[.,]\d)"),
        lambda match: _minutes_or_time(match, short.clocks, clock),
    )
    yield re.compile(r"(?<![\w:.,])\d{1,2}(?:[.,]\d)?(?::\d{1,2}(?:[.,]\d)?)+(?![\w:]|[.,]\d)"), ratio


def _units(language: Language) -> Iterator[Rule]:
    """Write out ranges, and units with their numbers."""
    short = language.shortened
    unit = _unit(short.units)
    first, second = (unit.replace("?P<unit>", f"?P<{name}>") for name in ("first", "second"))

    def spread(match: re.Match[str]) -> str:
        one, other = (match[name] and known_unit(match[name], short.units) for name in ("first", "second"))
        named = f" {match['first']}" if one and one != other else ""
        return f"{match['low']}{named} {short.to} {match['high']}"

    def tied(match: re.Match[str]) -> str:
        forms = short.units[known_unit(match["unit"], short.units)]
        if short.hyphened == "no":
            return say_amount(language, match["number"], forms)
        noun = forms[0].split(maxsplit=1)[1] if short.hyphened == "one" else forms[1]
        return f"{say_number(language, match['number'])}-{noun}"

    def amount(match: re.Match[str]) -> str:
        return say_amount(language, match["number"], short.units[known_unit(match["unit"], short.units)])

    low, high = rf"(?P<low>{NUMBER})\s?(?:{first})?\.?", rf"(?P<high>{NUMBER})(?![\d–]|-\d)(?=\s?{second})?"
    yield re.compile(rf"(?<![\w/–.,-]){low}{DASH}{high}"), spread
    yield from _metres(language)
    free = unit.removesuffix(_FREE)
    nouns = any_of(short.nouns) or "(?!)"
    point = rf"(?:\.(?= [a-zà-ÿ(]|[/,;:)]| (?:{nouns})\b))?"
    yield re.compile(rf"(?<![\w/.,-])(?P<number>{NUMBER})-{free}\.?(?=[\s.,;:!?)-]|$)"), tied
    yield re.compile(rf"(?<![\w/.,])(?P<number>{NUMBER})\s?{unit}{point}"), amount
    ones = {noun: one for one, noun in _ones(short.units)}
    yield re.compile(rf"(?<![\w.,])1 (?P<noun>{any_of(ones)})\b"), lambda match: ones[match["noun"]]


def _primes(language: Language) -> Iterator[Rule]:
    """Read minutes, seconds and inches from their strokes."""
    short = language.shortened

    def double(match: re.Match[str]) -> str:
        quote, before = match["mark"] == '"', match.string[: match.start()]
        if quote and re.search(r'(?<![^\s(])"(?=\w)[^"]*$', before):
            return match[0]
        behind = re.match(rf"\s?-?\s?(?:{short.sizes})\b", match.string[match.end() :])
        is_time = re.search(rf"(?i)\b(?:{short.holds})\b[^.,;]*$", before) or re.match(
            rf"(?i) (?:{short.holds})\b", match.string[match.end() :]
        )
        inches = "inch" in short.units and (behind or (quote and not is_time))
        return f"{match['number']} {'inch' if inches else 's'}"

    yield re.compile(r"(?<![\w.,])(\d+)(''|′′|[\"'″′])(\s?[-–]\s?)(?=\d+\2)"), r"\1\3"
    yield (
        re.compile(r"(?<!\w)(\d+)\s?['′]\s?(\d{1,2})\s?(?:[\"″]|''|′′|(?!\w))"),
        r"\1 min \2 s",
    )
    yield (
        re.compile(r"(?:(?<![\w.,])|(?<=\d[xX]))(?P<number>\d+(?:[.,]\d+)?)\s?(?P<mark>\"|″|''|′′)(?!\w)"),
        double,
    )
    stroke = r"(?<![\w.,'])(\d+(?:[.,]\d+)?)\s?(?:′|'(?!\w|[^']*\w'(?!\w)))"
    if "ft" in short.units:
        yield re.compile(rf"{stroke}(?=\s(?:{short.sizes})\b)"), r"\1 ft"
    yield re.compile(stroke), r"\1 min"
    if "inch" in short.units:
        yield (
            re.compile(rf"(?P<number>\d)(?P<tie>\s?|-)in\.(?=\s?[,;)]| (?:{short.sizes})\b| [a-z]|$)"),
            lambda match: (
                match[0]
                if re.search(rf"(?i)\b(?:{short.paces})\b", match.string)
                else f"{match['number']}{match['tie'] if match['tie'] == '-' else ' '}inch"
            ),
        )


def _signs(signs: Mapping[str, str]) -> Iterator[Rule]:
    """Say the signs that stand before numbers."""
    yield re.compile(r"\+\s?/\s?[-−]|\+-"), "±"
    yield re.compile(r"(?<=[\d%°])\s?~\s?(?=\d)"), "–"
    yield re.compile(r"(?<=\d)(\s?[a-z%°]{0,4})\+(?=\s(?!\d)|[.,;:!?)]|$)"), rf"\1 {signs['n+']}"
    for sign in (">=", "<=", "≥", "≤", "±", "~", "≈", "<", ">", "+", "#"):
        yield re.compile(rf"{re.escape(sign)}\s?(?=\d)"), f" {signs[sign]} "
    yield re.compile(r"(?<![\w)°%′″\"'–-])(?<!\d )-(?=\d)"), f"{signs['-']} "
    yield re.compile(r"(?<=[\w)])\s?=\s?(?=[\w(])"), f" {signs['=']} "
    yield re.compile(r"(?<!\S)@\s?(?=\w)"), f"{signs['@']} "


def _minutes_or_time(match: re.Match[str], clocks: str, clock: Callable[[re.Match[str]], str]) -> str:
    """Read `1:30` as minutes and seconds, but for a time of day, which engines read well."""
    of_day = re.search(rf"(?i)\b(?:{clocks}) $", match.string[: match.start()]) or re.match(
        r"\s?(?:[ap]\.?\s?m\b|h\b|Uhr\b|o'clock)", match.string[match.end() :]
    )
    if not of_day:
        return clock(match)
    hour, minute = match[0].split(":")
    return f"{int(hour)} {minute}" if minute != "00" else str(int(hour))


def _metres(language: Language) -> Iterator[Rule]:
    """Tell minutes from metres: `1m` is a minute, but not where it is a way or a size."""
    short = language.shortened

    def told(match: re.Match[str]) -> str:
        before, behind = match.string[: match.start()], match.string[match.end() :]
        is_size = re.match(rf"(?:-| )(?:{short.sizes})\b", behind)
        is_way = re.search(rf"(?i)\b(?:{short.moves})\b[^.,;]*$", before)
        is_time = not match["space"] or re.search(rf"(?i)\b(?:{short.holds})\b[^.,;]*$", before)
        return (
            f"{match[1]}{match['space'] or match['tie'] or ' '}min"
            if is_time and not (is_size or is_way or len(match[1]) > 2)
            else match[0]
        )

    yield re.compile(r"(?<!\d)(\d+)(?:(?P<space> )|(?P<tie>-))?m\b(?!²|/|\.\w)"), told


def _parts_of_units(language: Language) -> Rule:
    """Say the unit behind a fraction, as in `1/2 lb`."""
    short = language.shortened
    parts = rf"(?<![\w/.,-])(?<!\d )(?P<part>{any_of(short.fractions)})\s?(?!x\b){_unit(short.units)}"

    def said(match: re.Match[str]) -> str:
        noun = short.units[known_unit(match["unit"], short.units)][0].split(maxsplit=1)[1]
        return f"{short.fractions[match['part']]} {noun}"

    return re.compile(rf"{parts}(?:\.(?= [a-zà-ÿ(]|[/,;:)]))?"), said


def _ones(units: Mapping[str, Plural]) -> Iterator[tuple[str, str]]:
    """Give what is said for one of each unit, with its noun: `eine Minute` for `Minute`."""
    return ((one, one.split()[1]) for one, _ in units.values() if len(one.split()) == 2)


def _unit(units: Mapping[str, Plural]) -> str:
    """Make a pattern of units; those of one letter are small ones, but for times."""
    longer = any_of(each for each in units if len(each) > 1 or not each.isalpha() or each == "x")
    single = any_of(each for each in units if len(each) == 1 and each.isalpha())
    return rf"(?P<unit>(?i:{longer})|{single}){_FREE}"


def known_unit(written: str, units: Mapping[str, Plural]) -> str:
    """Give a unit as its language's record writes it."""
    return written if written in units else next(each for each in units if each.lower() == written.lower())
