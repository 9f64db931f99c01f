"""A finished session's cue sheet: `NAME.json` comes in, a checked, typed cue sheet goes out."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from audio_builder.errors import OutputError

if TYPE_CHECKING:
    from pydantic import ValidationError

FORMAT = "audio-builder cue sheet"
VERSION = 1

MAX_SHEET_BYTES = 64 * 1024 * 1024
MAX_SECONDS = 24 * 3600
MAX_TITLE = 300
MAX_ABOUT = 10_000
_ONE_LINE = "\t\n\r"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """One section of a session, as a player shows it."""

    name: str
    title: str
    kind: Literal["opening", "exercise", "closing"]
    start_seconds: float
    length_seconds: float
    side: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetEvent:
    """One thing that happens in a session; `kind` is one of the compiler's event kinds."""

    kind: str
    start_seconds: float
    length_seconds: float
    text: str = ""
    section: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CueSheet:
    """What a session says and when."""

    title: str
    length_seconds: float
    sections: tuple[Chapter, ...]
    events: tuple[SheetEvent, ...]
    about: str = ""
    language: str = "en"
    format: str = ""
    version: int = 0
    estimated: bool = False


def read_cue_sheet(path: Path) -> CueSheet:
    """Read and check `NAME.json`; raises OutputError saying what is wrong with it."""
    from pydantic import TypeAdapter, ValidationError

    try:
        if path.stat().st_size > MAX_SHEET_BYTES:
            raise OutputError("this cue sheet is too large to be one", str(path), _AGAIN)
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise OutputError("the session has no cue sheet beside it", str(path), _AGAIN) from error
    except OSError as error:
        raise OutputError(f"the cue sheet cannot be read: {error.strerror}", str(path)) from error
    try:
        sheet = TypeAdapter(CueSheet).validate_json(content)
    except ValidationError as error:
        raise OutputError(_first_problem(error), str(path), _AGAIN) from error
    _check(sheet, path)
    return sheet


_AGAIN = "Build the session again."


def _first_problem(error: ValidationError) -> str:
    problem = error.errors()[0]
    field = ".".join(str(part) for part in problem["loc"])
    return f"this is not a cue sheet: {field + ': ' if field else ''}{problem['msg']}"


def _check(sheet: CueSheet, path: Path) -> None:
    """Refuse a sheet that a site could only show wrongly."""
    where = str(path)
    if sheet.format != FORMAT or sheet.version != VERSION:
        raise OutputError(
            f"this is no cue sheet of version {VERSION}: it says {sheet.format!r} {sheet.version}",
            where,
            _AGAIN,
        )
    if sheet.estimated:
        raise OutputError("the times in this cue sheet are an estimate", where, _AGAIN)
    if not 0 < sheet.length_seconds <= MAX_SECONDS or not sheet.sections:
        raise OutputError("this cue sheet is empty, or has no possible length", where, _AGAIN)
    parts: tuple[Chapter | SheetEvent, ...] = (*sheet.sections, *sheet.events)
    for part in parts:
        if not (0 <= part.start_seconds <= sheet.length_seconds and 0 <= part.length_seconds <= MAX_SECONDS):
            raise OutputError("something in this cue sheet lies outside the session", where, _AGAIN)
    check_text("title", sheet.title, where=where, most=MAX_TITLE)
    if not sheet.title.strip():
        raise OutputError("the session has no title", where, _AGAIN)
    check_text("about", sheet.about, where=where, most=MAX_ABOUT, allowed=_ONE_LINE)
    check_text("language", sheet.language, where=where, most=35)
    for chapter in sheet.sections:
        check_text("a section's title", chapter.title, where=where, most=MAX_TITLE)
    for event in sheet.events:
        check_text("a cue's text", event.text, where=where, most=MAX_ABOUT, allowed=_ONE_LINE)


def check_text(field: str, text: str, *, where: str, most: int, allowed: str = "") -> None:
    """Refuse text that is too long, or that neither XML nor a page can carry."""
    if len(text) > most:
        raise OutputError(
            f"{field} has {len(text):,} characters; at most {most:,} can be published",
            where,
            "Shorten it in the routine and build again.",
        )
    for character in text:
        if character not in allowed and (
            unicodedata.category(character) in {"Cc", "Cs"} or character in "\ufffe\uffff"
        ):
            raise OutputError(
                f"{field} holds a character that cannot be published: U+{ord(character):04X}",
                where,
                "Take it out of the routine and build again.",
            )
