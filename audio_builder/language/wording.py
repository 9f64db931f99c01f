"""The parts of a language's record: what is said, what is written short, the words on pages, and for advice."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass
from typing import Literal

_VOWEL = re.compile(r"[aeiouyäöüáéíóúàâèêëîïôùûœæ]")

Gender = Literal["", "m", "f"]
"""Of what is counted; empty where it is not known, and where one counts aloud."""

Plural = tuple[str, str]
"""What is said for one, its number and all; and the word behind any other number."""


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
    """How a language says what is written short; patterns are of words in small letters."""

    letters: str
    """Those that its voices have beside a to z; others are said by the letter that they are drawn from."""
    to: str
    """Between the ends of a range."""
    ratio: str
    """Between the parts of a ratio, as in `1:2`."""
    and_: str
    or_: str
    per: str
    """For the stroke in `8 reps/side`."""
    of: str
    """For the stroke in `set 2/3`."""
    out_of: str
    """For the stroke in `4/10`."""
    decimal: Literal[".", ","]
    point: str
    """In decimal numbers, as it is said."""
    signs: Mapping[str, str]
    """Before a number, and `+` also behind one, as `n+`."""
    units: Mapping[str, Plural]
    hyphened: Literal["no", "one", "more"]
    """The form of a unit that is tied to its number by a hyphen, as in `30-second rest`, if one is."""
    fractions: Mapping[str, str]
    abbreviations: Mapping[str, str]
    """In small letters, with what they stand for; a sentence goes on behind them."""
    endings: Mapping[str, str]
    """Those that may end a sentence."""
    ordinals: bool = False
    """Whether a point behind a number makes it an ordinal."""
    nouns: frozenset[str] = frozenset()
    """Words with a capital that may stand behind a unit's point within a sentence: `30 Sek. Pause`."""
    numbered: str
    """Names that take a Roman numeral, also I, V and X."""
    each: str
    """What there may be so many of something for: `per side`."""
    parts: str
    """What one does so many of: `set 2 of 3`."""
    sizes: str
    """Words that follow a length, so that `1m` in front of them is no minute."""
    moves: str
    """Words that lead to a way, so that `20m` behind them are no minutes."""
    holds: str
    """Words that lead to a time."""
    paces: str
    """Words beside which `4/6` is a rhythm and no fraction."""
    clocks: str
    """Words that lead to a time of day."""

    def is_short(self, words: str) -> bool:
        """Tell whether the last word, with its point, is an abbreviation."""
        word = words.rsplit(maxsplit=1)[-1]
        small = re.sub(r"^\d[\d.,]*-?", "", word.lower().lstrip("\"'(*"))
        if "inch" in self.units and re.search(r"\d[ -]in\.$", words):
            return True
        known = self.abbreviations.keys() | self.endings.keys() | {f"{each}." for each in self.units}
        return small in known or f"{small}#" in known or looks_short(word)


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


def listed(words: str) -> tuple[str, ...]:
    """Give words that are written one after the other."""
    return tuple(words.split())


def table(rows: str) -> dict[str, str]:
    """Read rows like `e.g., eg = for example`: what stands for each of the short forms."""
    found: dict[str, str] = {}
    for row in filter(None, map(str.strip, rows.splitlines())):
        shorts, _, said = row.partition(" = ")
        found |= dict.fromkeys(shorts.split(", "), said)
    return found


def units(rows: str) -> dict[str, Plural]:
    """Read rows like `s, sec = one second | seconds`."""
    forms = {short: said.partition(" | ") for short, said in table(rows).items()}
    return {short: (one, more) for short, (one, _, more) in forms.items()}


def looks_short(word: str) -> bool:
    """Tell a word with its point that can only be an abbreviation: of one letter, without a vowel, with more points."""
    letters = word.removesuffix(".").lower()
    return (
        bool(letters)
        and (len(letters) == 1 or "." in letters or not _VOWEL.search(letters))
        and letters[0].isalpha()
    )
