"""Text and a position in it come in; places, excerpts with a caret and problems go out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from unicodedata import category, east_asian_width

from audio_builder.errors import Problem

Key = str | int
Path_ = tuple[Key, ...]
"""The way to a value: keys and list indices from the top."""

UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
    "\ud800-\udfff\ufffe\uffff]"
)
"""Control characters, turns of the writing direction, and others that nobody sees and nobody can speak."""

_WIDTH = 90
"""How much of a line an excerpt shows; fits most terminals."""


class Rank(IntEnum):
    """Who asks for something; the higher one wins."""

    UNSAID = 0
    SCRIPT = 1
    PERSONAL = 2
    """A person's own `config.yaml`."""
    ASKED = 3
    """The command line, or the settings of a library call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a value was written."""

    source: str
    """The file as the user named it, or an option such as `--set breath.inhale`."""
    line: int = 0
    """From 1; 0 where the source has no lines."""
    column: int = 0
    """From 1."""
    rank: Rank = Rank.SCRIPT
    """Who wrote it; which of two settings wins."""

    def __str__(self) -> str:
        return f"{self.source}:{self.line}:{self.column}" if self.line else self.source


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


def problem_at(place: Place, lines: tuple[str, ...], message: str) -> Problem:
    """Say what is wrong at a place, with the line and a caret."""
    return Problem(message=message, where=str(place), excerpt=excerpt(lines, place.line, place.column))
