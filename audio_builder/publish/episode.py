"""A finished session, as it is read from its files and as it lies in a site."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from audio_builder.errors import OutputError
from audio_builder.files.atomic import mend
from audio_builder.session.cuesheet import CueSheet, read_sheet
from audio_builder.timebase import RATE, clock

TRANSCRIPT = ".vtt"
LYRICS = ".lrc"
CHAPTERS = ".chapters.json"
SHEET = ".json"
SIDECARS = (SHEET, TRANSCRIPT, LYRICS, CHAPTERS)

MAX_TITLE = 300
MAX_ABOUT = 10_000
_ONE_LINE = "\t\n\r"
_LENGTH_TOLERANCE_SECONDS = 0.25
_UNSAFE_NAME = re.compile(r'[\x00-\x1f\x7f\ufffd/\\<>:"|?*#%]')
_MAX_NAME_BYTES = 100
_FRONT_COVER = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishedSession:
    """An MP3 with its sidecars, read and checked."""

    name: str
    """The file name without its ending; part of the session's address."""
    audio: Path
    audio_bytes: int
    sheet: CueSheet
    sidecars: tuple[Path, ...]
    """Those there are, the cue sheet first."""
    cover: bytes
    """The picture in the MP3's tags, as it is there; empty where there is none."""

    def has(self, suffix: str) -> bool:
        """Say whether the session has the sidecar with that ending."""
        return any(sidecar.name == self.name + suffix for sidecar in self.sidecars)


def read_session(audio: Path) -> FinishedSession:
    """Read an MP3, its tags and its sidecars; raises OutputError where they are not a session."""
    name = audio.stem
    if not is_publishable(name):
        raise OutputError(
            f"a session cannot be published under the name {name!r}",
            str(audio),
            "Rename its files: letters, digits, hyphens and spaces are fine everywhere.",
        )
    if not audio.is_file():
        raise OutputError("there is no such session", str(audio), "Build it first.")
    sheet = read_sheet(audio.with_name(name + SHEET))
    _check_shown(sheet, str(audio.with_name(name + SHEET)))
    length_seconds, cover = _read_mp3(audio)
    if abs(length_seconds - sheet.length_seconds) > _LENGTH_TOLERANCE_SECONDS:
        raise OutputError(
            f"the MP3 lasts {length_seconds:.2f} s and its cue sheet {sheet.length_seconds:.2f} s",
            str(audio),
            "They come from different builds: build the session again.",
        )
    sidecars = (audio.with_name(name + suffix) for suffix in SIDECARS)
    return FinishedSession(
        name=name,
        audio=audio,
        audio_bytes=audio.stat().st_size,
        sheet=sheet,
        sidecars=tuple(sidecar for sidecar in sidecars if sidecar.is_file()),
        cover=cover,
    )


def _check_shown(sheet: CueSheet, where: str) -> None:
    """Refuse a sheet with words that a site could only show wrongly. Raises OutputError."""
    check_text("title", sheet.title, where=where, most=MAX_TITLE)
    if not sheet.title.strip():
        raise OutputError("the session has no title", where, "Build the session again.")
    check_text("about", sheet.about, where=where, most=MAX_ABOUT, allowed=_ONE_LINE)
    check_text("language", sheet.language, where=where, most=MAX_TITLE)
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


def locate(names: Sequence[str], folder: Path) -> tuple[Path, ...]:
    """Find the MP3s of the sessions named, by name or by path; all those in the folder when none is named."""
    for each in {folder, *(Path(name).parent for name in names)}:
        mend(each)
    there = sorted(path for path in folder.glob("*.mp3") if path.with_suffix(SHEET).is_file())
    if not names:
        if not there:
            raise OutputError("there is no finished session here", str(folder), "Build one first.")
        return tuple(there)
    return tuple(_locate_one(name, folder, there) for name in names)


def _locate_one(name: str, folder: Path, there: Sequence[Path]) -> Path:
    candidates = (Path(name), Path(f"{name}.mp3"), folder / name, folder / f"{name}.mp3")
    for candidate in candidates:
        if candidate.suffix.lower() == ".mp3" and candidate.is_file():
            return candidate
    close = difflib.get_close_matches(name, [path.stem for path in there], n=1)
    remedy = f"Did you mean {close[0]!r}?" if close else "Build it first, or give the path of its MP3."
    raise OutputError(f"there is no session {name!r}", str(folder), remedy)


def is_publishable(name: str) -> bool:
    """Say whether every web host and file system would take a session's name."""
    return (
        not _UNSAFE_NAME.search(name)
        and not name.startswith(".")
        and name == name.strip(" .")
        and 0 < len(name.encode("utf-8", "replace")) <= _MAX_NAME_BYTES
    )


def _read_mp3(audio: Path) -> tuple[float, bytes]:
    """Give an MP3's length in seconds and the picture in its tags."""
    from mutagen import MutagenError
    from mutagen.mp3 import MP3

    try:
        with audio.open("rb") as file:
            mp3: Any = MP3(file)  # type: ignore[no-untyped-call]
    except (MutagenError, OSError) as error:
        raise OutputError(f"this is not an MP3 that can be read: {error}", str(audio)) from error
    pictures = mp3.tags.getall("APIC") if mp3.tags else []
    front = [picture for picture in pictures if picture.type == _FRONT_COVER] or pictures
    return float(mp3.info.length), bytes(front[0].data) if front else b""


FEED = "feed.xml"
SESSIONS = "sessions"
PAGE = "index.html"
CHANNEL_COVER = "cover.jpg"
FEED_COVER_NAME = "cover.jpg"
PAGE_COVER_NAME = "cover-512.jpg"


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """A session with its date and version; addresses are relative to the site's root and percent-encoded."""

    session: FinishedSession
    published: datetime
    updated: datetime
    version: str

    @property
    def name(self) -> str:
        """The session's name."""
        return self.session.name

    @property
    def sheet(self) -> CueSheet:
        """The session's cue sheet."""
        return self.session.sheet

    @property
    def audio_bytes(self) -> int:
        """The size of the MP3."""
        return self.session.audio_bytes

    @property
    def page(self) -> str:
        """The player page."""
        return f"{SESSIONS}/{quote(self.name)}/"

    @property
    def audio(self) -> str:
        """The MP3."""
        return self.sidecar(".mp3")

    @property
    def cover(self) -> str:
        """The square artwork a feed shows."""
        return self.page + FEED_COVER_NAME

    @property
    def page_cover(self) -> str:
        """The smaller artwork a page shows."""
        return self.page + PAGE_COVER_NAME

    def sidecar(self, suffix: str) -> str:
        """Give the address of the session's file with that ending."""
        return f"{self.page}{quote(self.name)}{suffix}"


def main_language(episodes: Iterable[Episode]) -> str:
    """Give the language most sessions are in; English where there is none, or as many."""
    counts = Counter(episode.sheet.language for episode in episodes if episode.sheet.language)
    return max(counts, key=lambda language: (counts[language], language == "en"), default="en")


def timestamp(seconds: float) -> str:
    """Write a time as `m:ss`, or `h:mm:ss` from one hour on, rounded down as players do."""
    return clock(int(seconds) * RATE)
