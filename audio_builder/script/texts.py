"""What a cue's text may hold: its length, and the placeholders in braces."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches

from audio_builder.language.sentences import COUNTED, PLACEHOLDER

PLACEHOLDERS: Mapping[str, str] = {
    "side": "the side being worked, as spoken",
    "other_side": "the other side, as spoken",
    "reps": "how many reps are done; {reps:one breath|# breaths} gives the form that agrees",
    "rep": "the number of this rep",
    "hold": "how long the hold lasts, as spoken",
    "name": "the exercise's name",
}
"""What a text may name in braces, with what stands there when it is spoken."""

SIDED = frozenset({"side", "other_side"})
MAX_CHARACTERS = 400


def check_text(text: str) -> str:
    """Check one spoken text; ValueError says what is wrong with it."""
    if len(text) > MAX_CHARACTERS:
        raise ValueError(
            f"this text has {len(text)} characters; nobody can follow more than {MAX_CHARACTERS} at once, "
            "so split it"
        )
    if re.search(r"\{\{.*\}\}", text):
        raise ValueError('one brace on each side is enough; placeholders are written like "{side}"')
    rest = PLACEHOLDER.sub("", text)
    if "{" in rest or "}" in rest:
        raise ValueError('a brace is opened or closed alone; placeholders are written like "{side}"')
    for name, forms in _parts(text):
        _check_placeholder(name, forms)
    return text


def _check_placeholder(name: str, forms: list[str] | None) -> None:
    if name not in PLACEHOLDERS:
        known = ", ".join(f"{{{each}}}" for each in PLACEHOLDERS)
        close = get_close_matches(name.strip().lower(), PLACEHOLDERS, n=1)
        meant = f"; did you mean {{{close[0]}}}?" if close else f"; known are {known}"
        raise ValueError(f"unknown placeholder {{{name[:40]}}}{meant}")
    if forms is None:
        return
    complete = all(form.strip() for form in forms)
    if name in SIDED and not (len(forms) == 2 and complete):
        raise ValueError(f'{{{name}:…}} must give two forms, right and left, like "{{{name}:right|left}}"')
    if name == COUNTED and not (len(forms) >= 2 and complete):
        raise ValueError(
            '{reps:…} must give a form for one and one for more, like "{reps:one breath|# breaths}"'
        )
    if name not in SIDED and name != COUNTED:
        raise ValueError(f"{{{name}}} has one form only; write it without the colon and what follows")


def names_in(text: str) -> frozenset[str]:
    """Give the names of the placeholders in a text."""
    return frozenset(name for name, _ in _parts(text))


def _parts(text: str) -> list[tuple[str, list[str] | None]]:
    parts: list[tuple[str, list[str] | None]] = []
    for inside in PLACEHOLDER.findall(text):
        name, colon, forms = inside.partition(":")
        parts.append((name, forms.split("|") if colon else None))
    return parts
