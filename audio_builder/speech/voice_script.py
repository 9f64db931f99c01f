"""Write the numbered lines of a session for a teacher to record, and read the list back."""

from __future__ import annotations

import codecs
import csv
import io
import logging
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from audio_builder.errors import Action, OutputError, Remedy, SpeechError
from audio_builder.files.atomic import write_all
from audio_builder.language.normalise import normalise
from audio_builder.speech.notation import plain

log = logging.getLogger(__name__)

TEXT, PAGE = "voice-script.txt", "voice-script.html"

LINES = "lines.csv"
"""In the folder, the numbered lines for a spreadsheet."""

UNREADABLE = "lines-unreadable.csv"
"""What becomes of a list that cannot be read when a new one is written."""

FILES = frozenset({TEXT, PAGE, UNREADABLE})
"""What lies in a folder of recordings and is none."""

MOST_BYTES = 16 << 20
"""Of a list that a spreadsheet saved."""

MOST_DIGITS = 9

NAME_CHARACTERS = 60
"""A file named by its text may stop after so many characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line to record."""

    text: str
    language: str = "en"
    section: str = ""
    """The title of the first section that says it."""


def name_of(text: str, language: str) -> str:
    """Give a line's file name without its suffix: its words in small plain letters, with hyphens between."""
    folded = unicodedata.normalize("NFKD", plain(normalise(text, language, digits=True)).casefold())
    letters = "".join(each for each in folded if not unicodedata.combining(each))
    return re.sub(r"[^\w]+", "-", letters.replace("'", "")).strip("-")


def short_name(name: str) -> str:
    """Give the name of a line's file as it may be cut off."""
    return name[:NAME_CHARACTERS].rstrip("-")


def write_voice_script(lines: Sequence[Line], folder: Path, *, title: str) -> tuple[Path, ...]:
    """Write the numbered lines as text, CSV and a page to print; each text once. Raises OutputError.

    Lines of an earlier list in the folder keep their numbers, also those that are no longer said: recordings
    may be named by them.
    """
    earlier = _earlier(folder / LINES)
    numbered = number_lines(lines, earlier=earlier)
    taken = {number for number, _ in numbered}
    retired = tuple((number, line) for number, line in earlier if number not in taken)
    contents = {
        TEXT: as_text(numbered, title),
        LINES: as_csv((*numbered, *retired)),
        PAGE: as_page(numbered, title),
    }
    write_all({folder / name: [content.encode()] for name, content in contents.items()})
    return tuple(folder / name for name in contents)


def number_lines(
    lines: Sequence[Line], *, earlier: Sequence[tuple[int, Line]]
) -> tuple[tuple[int, Line], ...]:
    """Number each text once, in order; those in an earlier list keep their number."""
    known = {name_of(line.text, line.language): number for number, line in earlier}
    unused = max(known.values(), default=0) + 1
    numbered: dict[str, tuple[int, Line]] = {}
    for line in lines:
        name = name_of(line.text, line.language)
        if name not in numbered:
            numbered[name] = (known.get(name, unused), line)
            unused += name not in known
    return tuple(numbered.values())


def as_text(numbered: Sequence[tuple[int, Line]], title: str) -> str:
    """Write the list for reading aloud from."""
    written = [title, "=" * len(title), "", _ADVICE, ""]
    section = ""
    for number, line in numbered:
        if line.section != section:
            section = line.section
            written += ["", section, "-" * len(section)]
        written.append(f"{number:03}  {plain(line.text)}")
    return "\n".join(written) + "\n"


def as_csv(numbered: Sequence[tuple[int, Line]]) -> str:
    """Write the list for a spreadsheet, and for matching recordings named by number."""
    file = io.StringIO(newline="")
    table = csv.writer(file, lineterminator="\r\n")
    table.writerow(("number", "file", "text", "language", "section"))
    for number, line in numbered:
        name = short_name(name_of(line.text, line.language))
        table.writerow(
            (f"{number:03}", f"{number:03}-{name}.wav", plain(line.text), line.language, line.section)
        )
    return file.getvalue()


def as_page(numbered: Sequence[tuple[int, Line]], title: str) -> str:
    """Write the list as a page to print, with a box to tick for each line."""
    rows = []
    section = ""
    for number, line in numbered:
        if line.section != section:
            section = line.section
            rows.append(f'<tr><th colspan="3" scope="rowgroup">{escape(section)}</th></tr>')
        rows.append(f"<tr><td>☐</td><td>{number:03}</td><td>{escape(plain(line.text))}</td></tr>")
    language = escape(numbered[0][1].language if numbered else "en")
    return _PAGE.format(title=escape(title), language=language, advice=escape(_ADVICE), rows="\n".join(rows))


def _earlier(path: Path) -> tuple[tuple[int, Line], ...]:
    """Read the list that is there; one that cannot be read is kept aside. Raises OutputError."""
    if not path.exists():
        return ()
    try:
        return read_lines(path)
    except SpeechError as error:
        aside = path.with_name(UNREADABLE)
        try:
            path.replace(aside)
        except OSError as failure:
            raise OutputError(
                f"the earlier list cannot be moved: {failure.strerror}", where=str(path)
            ) from failure
        log.warning("%s: %s; it is now %s, and lines are numbered anew", path, error.message, aside.name)
        return ()


def read_lines(path: Path) -> tuple[tuple[int, Line], ...]:
    """Read the numbered list, as it was written or as a spreadsheet saved it. Raises SpeechError."""
    try:
        if not path.is_file():
            raise ValueError("it is not a plain file")
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise ValueError(f"it is larger than {MOST_BYTES >> 20} MB")
        return _each_once(_rows(_decoded(content)))
    except (OSError, ValueError, csv.Error) as error:
        raise SpeechError(
            f"the list of lines cannot be read: {error}",
            where=str(path),
            remedy=Remedy("write it again with {}", (Action("voice-script"),)),
        ) from error


def _decoded(content: bytes) -> str:
    """Read text as spreadsheets save it: UTF-8 or UTF-16 with their marks, else the code page of Western Windows."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _rows(text: str) -> Iterator[tuple[int, Line]]:
    """Read rows between commas, semicolons or tabs, whichever the first row has most of. Raises ValueError."""
    head = text.partition("\n")[0]
    if head.lower().startswith("sep="):  # a hint to Excel
        text = text.partition("\n")[2]
        head = text.partition("\n")[0]
    table = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count))
    names = [cell.strip().lower() for cell in next(table, [])]
    if missing := [f'"{name}"' for name in ("number", "text") if name not in names]:
        raise ValueError(f"its first row has no {' and no '.join(missing)}")
    for cells in table:
        row = dict(zip(names, (cell.strip() for cell in cells), strict=False))
        if not any(row.values()):
            continue
        number, words = row.get("number", ""), row.get("text", "")
        if not (number.isdecimal() and len(number) <= MOST_DIGITS and words):
            raise ValueError(f"row {table.line_num} has no number or no text")
        language = row.get("language") or "en"
        yield int(number), Line(text=words, language=language, section=row.get("section", ""))


def _each_once(rows: Iterator[tuple[int, Line]]) -> tuple[tuple[int, Line], ...]:
    """Refuse a number of two lines: a recording that is named by it would be heard for the wrong one."""
    named: dict[int, str] = {}
    found = tuple(rows)
    for number, line in found:
        name = name_of(line.text, line.language)
        if named.setdefault(number, name) != name:
            raise ValueError(f"number {number} stands before two different lines")
    return found


_ADVICE = (
    "Record each line in a quiet room, with half a second of quiet before and after it, one file a line. "
    "Name a file by the line's number (007.wav), by its words, or by both. "
    "Loudness and silence are evened out later."
)

_PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font: 14pt/1.5 Georgia, serif; max-width: 44em; margin: 2em auto; padding: 0 1em; }}
td {{ padding: .25em .6em .25em 0; vertical-align: top; }}
td:nth-child(2) {{ font-variant-numeric: tabular-nums; color: #555; }}
th {{ text-align: left; padding-top: 1.2em; }}
tr {{ break-inside: avoid; }}
</style>
</head>
<body>
<h1>{title}</h1>
<p>{advice}</p>
<table>
{rows}
</table>
</body>
</html>
"""
