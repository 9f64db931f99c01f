"""How a problem shows the text that it is about: its line, with a caret, and nothing that cannot be seen."""

from __future__ import annotations

import re
from unicodedata import category, east_asian_width

from audio_builder.errors import Place, Problem, Remedy

UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
    "\ud800-\udfff\ufffe\uffff]"
)
"""Control characters, turns of the writing direction, and others that nobody sees and nobody can speak."""

_WIDTH = 90
"""How much of a line an excerpt shows; fits most terminals."""


def lines_of(text: str) -> tuple[str, ...]:
    """Split text into lines as YAML and editors do, which is not everywhere that Python would."""
    lines = re.split("\r\n|\r|\n", text)
    return tuple(lines if lines[-1] else lines[:-1])


def excerpt(lines: tuple[str, ...], line: int, column: int) -> str:
    """Show a line with a caret under a column (both from 1), cut to what a terminal shows."""
    if not 1 <= line <= len(lines):
        return ""
    first = max(0, column - 60)
    text = UNSEEN.sub("\ufffd", lines[line - 1].replace("\t", " "))
    before, shown = text[first : column - 1], text[first : first + _WIDTH].rstrip()
    return f"  {shown}\n  {' ' * sum(_cells(character) for character in before)}^"


def _cells(character: str) -> int:
    """Tell how many cells of a terminal a character takes."""
    if category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if east_asian_width(character) in "WF" else 1


def problem_at(
    place: Place, lines: tuple[str, ...], message: str, *, about: str = "", remedy: Remedy | None = None
) -> Problem:
    """Say what is wrong at a place, with the line and a caret."""
    shown = excerpt(lines, place.line, place.column)
    return Problem(message=message, where=place, about=about, remedy=remedy, excerpt=shown)


def show(value: object) -> str:
    """Quote a found value for a message, cut to a readable length."""
    if value is None:
        return "an empty value"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "a group of keys"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, str):
        words = UNSEEN.sub("\ufffd", " ".join(value[:500].split()))
        return f'"{words[:60]}…"' if len(words) > 60 else f'"{words}"'
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return text if len(text) <= 40 else f"{text[:40]}…"
