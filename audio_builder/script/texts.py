"""Cue text with placeholders comes in; filled words go out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches

PLACEHOLDERS: Mapping[str, str] = {
    "side": "the side being worked, as spoken",
    "other_side": "the other side, as spoken",
    "reps": "how many reps are done",
    "rep": "the number of this rep",
    "hold": "how long the hold lasts, as spoken",
    "name": "the exercise's name",
}
"""What a text may name in braces, with what stands there when it is spoken."""

SIDED = frozenset({"side", "other_side"})
MAX_CHARACTERS = 400

_SENTENCE = re.compile(r"(?:^|(?<=[.!?] ))\w")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def check_text(text: str) -> str:
    """Check one spoken text; ValueError says what is wrong with it."""
    if not text.strip():
        raise ValueError("there are no words in this text; write some, or remove the key")
    if len(text) > MAX_CHARACTERS:
        raise ValueError(
            f"this text has {len(text)} characters; nobody can follow more than {MAX_CHARACTERS} at once, so split it"
        )
    rest = _PLACEHOLDER.sub("", text)
    if "{" in rest or "}" in rest:
        raise ValueError('a brace is opened or closed alone; placeholders are written like "{side}"')
    for name, choices in _parts(text):
        if name not in PLACEHOLDERS:
            known = ", ".join(f"{{{each}}}" for each in PLACEHOLDERS)
            close = get_close_matches(name, PLACEHOLDERS, n=1)
            meant = f"; did you mean {{{close[0]}}}?" if close else f"; known are {known}"
            raise ValueError(f"unknown placeholder {{{name}}}{meant}")
        if choices is not None and (name not in SIDED or len(choices) != 2):
            raise ValueError(f'{{{name}:…}} must give two forms, for right and left, like "{{side:right|left}}"')
    return text


def names_in(text: str) -> frozenset[str]:
    """Give the names of the placeholders in a text."""
    return frozenset(name for name, _ in _parts(text))


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put values in for placeholders and begin each sentence with a capital.

    `{side:rechte|linke}` chooses the first form where the value under `side_key` (or, for `other_side`,
    under `other_side_key`) is `right`, the second where it is `left`; languages whose adjectives agree need it.
    """

    def word(match: re.Match[str]) -> str:
        name, _, forms = match[1].partition(":")
        if forms:
            return forms.split("|")[values[f"{name}_key"] == "left"]
        return values[name]

    filled = " ".join(_PLACEHOLDER.sub(word, text).split())
    return _SENTENCE.sub(lambda match: match[0].upper(), filled)


def _parts(text: str) -> list[tuple[str, list[str] | None]]:
    parts: list[tuple[str, list[str] | None]] = []
    for inside in _PLACEHOLDER.findall(text):
        name, colon, forms = inside.partition(":")
        parts.append((name, forms.split("|") if colon else None))
    return parts
