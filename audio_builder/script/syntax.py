"""What is unsafe in a YAML text, or no YAML, in words of somebody who writes cues, with its line and a caret."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from unicodedata import category, east_asian_width

import yaml

from audio_builder.errors import Place, Problem, Remedy, ScriptError

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


MAX_DEPTH = 32
MAX_ALIASES = 64
MAX_NODES = 5_000
"""Nodes of one document, aliases counted each time they are used."""
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_MAX_TOLD = 20
"""More bad characters than these are never told one by one: the file is not what it should be."""


def check(text: str, lines: tuple[str, ...], source: str) -> None:
    """Refuse bad characters, nesting and alias bombs and odd tags before anything is built."""
    problems = []
    for problem in _bad_characters(lines, source):
        problems.append(problem)
        if len(problems) == _MAX_TOLD:
            break
    if problems:
        raise ScriptError(problems)
    _check_shape(text, lines, source)


def _bad_characters(lines: tuple[str, ...], source: str) -> Iterator[Problem]:
    """Find what cannot be seen or spoken, and tabs or odd spaces where YAML wants plain spaces."""
    for number, line in enumerate(lines, 1):
        indent = line[: len(line) - len(line.lstrip())]
        unseen = UNSEEN.search(line)
        if unseen:
            message = f"an invisible character (U+{ord(unseen[0]):04X}) stands here; delete it"
            yield problem_at(Place(source=source, line=number, column=unseen.start() + 1), lines, message)
        elif indent.strip(" ") and line.strip() and not line.strip().startswith("#"):
            column = len(indent) - len(indent.lstrip(" ")) + 1
            what = "a tab" if "\t" in indent else f"an odd space (U+{ord(indent[column - 1]):04X})"
            message = f"{what} indents this line; use plain spaces"
            yield problem_at(Place(source=source, line=number, column=column), lines, message)


def _check_shape(text: str, lines: tuple[str, ...], source: str) -> None:
    depth = aliases = documents = nodes = 0
    for event in yaml.parse(text, Loader=LOADER):
        match event:
            case yaml.CollectionStartEvent():
                depth, nodes = depth + 1, nodes + 1
            case yaml.CollectionEndEvent():
                depth -= 1
            case yaml.ScalarEvent():
                nodes += 1
            case yaml.AliasEvent():
                aliases += 1
            case yaml.DocumentStartEvent():
                documents += 1
        message = ""
        if depth > MAX_DEPTH:
            message = _TOO_DEEP
        elif nodes > MAX_NODES:
            message = f"there are more than {MAX_NODES:,} values in this file; split it into smaller ones"
        elif aliases > MAX_ALIASES:
            message = f"more than {MAX_ALIASES} aliases (*name) are used; write the text out"
        elif documents > 1:
            message = "a second document starts here (---); put it in a file of its own"
        elif tag := getattr(event, "tag", None):
            message = _tagged(tag)
        if message:
            raise ScriptError([problem_at(_place(event.start_mark, source), lines, message)])


def _tagged(tag: str) -> str:
    name = tag.replace("tag:yaml.org,2002:", "!!")[:40]
    if name.startswith("!!"):
        return f"the tag {name} has no meaning here; remove it"
    return 'a text that starts with "!" must stand in quotes'


def _place(mark: Any, source: str) -> Place:
    return Place(source=source, line=mark.line + 1, column=mark.column + 1)


def explain(error: yaml.MarkedYAMLError, lines: tuple[str, ...], source: str) -> Problem:
    """Say what the YAML reader stumbled over, in words of somebody who writes cues."""
    problem, context = (error.problem or "").lower(), (error.context or "").lower()
    mark = error.problem_mark or error.context_mark
    began_earlier = "end of stream" in problem or any(what in context for what in ("flow", "alias", "anchor"))
    if began_earlier and error.context_mark:
        mark = error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    if line > len(lines) >= 1:
        line, column = len(lines), len(lines[-1]) + 1
    found = _stray_sign(lines, line)
    if found:
        pass
    elif "mapping values" in problem:
        found = _stray_colon(lines, line, column)
    elif "did not find expected" in problem or "<block end>" in problem:
        found = _stray_quotes(lines, line, column)
    message = next(
        (message for sign, message in _TELLING if sign in problem), f"this is not YAML: {error.problem}"
    )
    line, column, message = found or (line, column, message)
    return problem_at(Place(source=source, line=line, column=column), lines, message)


def _stray_colon(lines: tuple[str, ...], line: int, column: int) -> tuple[int, int, str]:
    """Tell a colon in a text from one missing above and from a wrong indentation, by the lines themselves."""
    text = lines[line - 1]
    if re.search(r":\s", text[: column - 1]):
        return line, column, "a text with a colon in it must stand in quotes"
    above = _above(lines, line)
    entry, key = re.match(r"\s*- +", lines[above - 1]), re.match(r"\s*(\w+):", text)
    if entry and key and ":" not in lines[above - 1]:
        own = "use" if key[1] in ("reps", "hold", "rest") else "say"
        words = show(f"{own}: {lines[above - 1][entry.end() :].strip()}")
        message = f'"{key[1]}:" stands below this, so it needs a key of its own; write {words}'
        return above, entry.end() + 1, message
    if ":" not in lines[above - 1]:
        return above, _indent(lines[above - 1]) + 1, 'a colon is missing here; keys are written "key: value"'
    return line, _indent(text) + 1, f"this line is not where YAML expects it; {_LOOK}"


def _above(lines: tuple[str, ...], line: int) -> int:
    """Give the number of the nearest line above that is not empty, or of the line itself."""
    return next((number for number in range(line - 1, 0, -1) if lines[number - 1].strip()), line)


def _stray_sign(lines: tuple[str, ...], line: int) -> tuple[int, int, str] | None:
    """Recognise list entries that start with another sign than YAML's, on the line or the one above."""
    for number in (line, _above(lines, line)):
        message = wrong_dash(lines[number - 1]) if lines else ""
        if message:
            return number, _indent(lines[number - 1]) + 1, message
    return None


def wrong_dash(text: str) -> str:
    """Say what is wrong with the dash of a list entry; empty where the text does not look like one."""
    sign = re.match(r"\s*(?:([*•‣·–—])\s|-[^\s-])", text)
    if sign is None:
        return ""
    return (
        f'a list entry starts with "-", not with "{sign[1]}"'
        if sign[1]
        else 'a space is missing after the "-"'
    )


def _stray_quotes(lines: tuple[str, ...], line: int, column: int) -> tuple[int, int, str] | None:
    """Recognise texts that need quotes, or have them in the wrong place."""
    before, after = lines[line - 1][: column - 1].rstrip(), lines[line - 1][column - 1 :].strip()
    opened = re.search(r"[:-] +(\{)[^{}]*\}$", before)
    if after and opened:
        return line, opened.start(1) + 1, 'a text that starts with "{" must stand in quotes'
    if after and re.search(r"[:-] +\"[^\"]*\"$", before):
        return line, column, "the text goes on after its closing quotation mark; put quotes around all of it"
    if after and re.search(r"[:-] +'[^']*'$", before):
        return line, column, 'the text goes on after its closing quotation mark; put it in "double quotes"'
    quote = before[-1:]
    for number in range(line - 1, 0, -1) if quote in ("'", '"') else ():
        opened = re.search(rf"[:-] +({quote})", lines[number - 1])
        if opened and lines[number - 1].count(quote) == 1:
            return number, opened.start(1) + 1, "a quotation mark is opened here and never closed"
    return None


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


_TOO_DEEP = f"this is nested more than {MAX_DEPTH} levels deep; a script needs a few"
_LOOK = "check the indentation of this line and the one above"
_TELLING = (
    ("maximum nesting depth", _TOO_DEEP),
    ("tab character", "a tab stands here; use plain spaces"),
    ("undefined alias", 'a text that starts with "*" must stand in quotes'),
    ("end of stream", "a quotation mark is opened here and never closed"),
    ("',' or ']'", 'a "[" is opened here and not closed, or a comma is missing in it'),
    ("',' or '}'", 'a "{" is opened here and not closed, or a comma is missing in it'),
    ("could not find expected ':'", 'a colon is missing here; keys are written "key: value"'),
    ("cannot start any token", "a text cannot start with this character; put the text in quotes"),
    ("expected node content", "a text cannot start with this character; put the text in quotes"),
    (
        "unknown escape",
        'a "\\" has a meaning of its own in double quotes; use single quotes, or leave it out',
    ),
    ("escape code", 'a "\\" has a meaning of its own in double quotes; use single quotes, or leave it out'),
    ("sequence entries are not allowed", "a list starts on a line of its own: put the dash on the next line"),
    ("alphabetic or numeric character", 'a text that starts with "&" or "*" must stand in quotes'),
    ("expected comment or line break", 'nothing can follow ">" or "|" on the line; put the text in quotes'),
    ("did not find expected key", f"this line is not where YAML expects it; {_LOOK}"),
    ("did not find expected '-'", f"this line is not where YAML expects it; {_LOOK}"),
    ("<block end>", f"this line is not where YAML expects it; {_LOOK}"),
    ("<document start>", f"this line is not where YAML expects it; {_LOOK}"),
    ("incompatible yaml document", "a line that starts with % has no meaning here; remove it"),
)
"""What a part of the YAML reader's own words means, the first that fits."""
