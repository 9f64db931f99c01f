"""What an address names: a served file, its type and name; and whether a client already has it (RFC 9110, 13)."""

from __future__ import annotations

import enum
import functools
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import quote

from audio_builder.errors import OutputError
from audio_builder.session.cuesheet import read_sheet

_MAX_SEGMENTS = 16
_MAX_SEGMENT_BYTES = 255
_FORBIDDEN = frozenset('/\\:*?"<>|~\ufffd')
"""Separators, drives and streams of some system, and what a decoder leaves of bytes that are no UTF-8."""
_DEVICE = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|clock\$|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE
)


def segments_of(path: str) -> tuple[str, ...] | None:
    """Split a decoded request path into plain names; None where one of them is not.

    The last name is empty for the address of a folder. Nothing is decoded again, and nothing is put right:
    a path that is not exactly the address of a file of the site is the address of nothing.
    """
    if not path.startswith("/"):
        return None
    *folders, last = path[1:].split("/")
    if len(folders) >= _MAX_SEGMENTS or not all(_plain(name) for name in folders):
        return None
    return (*folders, last) if last == "" or _plain(last) else None


def _plain(name: str) -> bool:
    return (
        name != ""
        and not name.startswith(".")
        and name == name.rstrip(" .")
        and len(name.encode("utf-8", "surrogatepass")) <= _MAX_SEGMENT_BYTES
        and not any(
            character in _FORBIDDEN or unicodedata.category(character) in {"Cc", "Cs"} for character in name
        )
        and not _DEVICE.fullmatch(name)
    )


def find(root: Path, segments: tuple[str, ...]) -> Path | None:
    """Give the file or folder at an address; None where there is none, or a link leads out of the root.

    `root` is already resolved.
    """
    try:
        found = root.joinpath(*segments).resolve(strict=True)
    except (OSError, RuntimeError, ValueError):
        return None
    inside = found == root or root in found.parents
    return found if inside and _same_names(found, root) else None


def _same_names(found: Path, root: Path) -> bool:
    """Refuse hidden files reached through a link inside the root."""
    return not any(name.startswith(".") for name in found.relative_to(root).parts)


_TYPES = {
    ".chapters.json": "application/json+chapters",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".lrc": "text/plain; charset=utf-8",
    ".mp3": "audio/mpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".vtt": "text/vtt; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".xml": "application/rss+xml; charset=utf-8",
}
_MAX_NAME = 120
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f/\\<>:"|?*]+')


def content_type(name: str) -> str | None:
    """Give the type of a file of the site by its name; None for a kind of file a site does not have."""
    lower = name.lower()
    return next((kind for ending, kind in _TYPES.items() if lower.endswith(ending)), None)


def disposition(path: Path, *, download: bool) -> str | None:
    """Name an MP3 as a person would, by its session's title; other files keep their names."""
    if path.suffix.lower() != ".mp3":
        return f"attachment; {_filename(path.name)}" if download else None
    return f"{'attachment' if download else 'inline'}; {_filename(readable_name(path))}"


def readable_name(audio: Path) -> str:
    """Give `Title.mp3` from the cue sheet beside an MP3; the file's own name where there is none."""
    sheet = audio.with_suffix(".json")
    try:
        status = sheet.stat()
        title = _title(sheet, status.st_size, status.st_mtime_ns)
    except (OSError, OutputError):  # which is not kept in mind: it may be for now alone
        return audio.name
    spaced = _NOT_IN_NAMES.sub(" ", title)
    plain = "".join(character for character in spaced if unicodedata.category(character) not in _UNSEEN)
    name = " ".join(plain.split()).strip(". ")[:_MAX_NAME].strip(". ")
    return f"{name}.mp3" if name else audio.name


@functools.lru_cache(maxsize=256)
def _title(sheet: Path, size: int, modified_ns: int) -> str:
    """Read the title in a cue sheet once for each version of it: a player asks for its MP3 many times."""
    return read_sheet(sheet).title


def _filename(name: str) -> str:
    """Write a file name for every browser (RFC 6266): in ASCII, and whole where that is not the same."""
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    ascii_name = re.sub(r'["\\%;]', "", ascii_name).strip()
    if ascii_name in {"", ".mp3"}:
        ascii_name = "session.mp3"
    simple = f'filename="{ascii_name}"'
    return simple if ascii_name == name else f"{simple}; filename*=UTF-8''{quote(name, safe='')}"


_TAGS = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')
_LIST = re.compile(rf"[ \t,]*(?:{_TAGS.pattern}(?:[ \t]*,[ \t,]*{_TAGS.pattern})*)[ \t,]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What tells one version of a file from another."""

    etag: str
    """Strong, in its quotes."""
    modified: int
    """Seconds since 1970, whole: HTTP dates have no finer step."""


class Verdict(enum.Enum):
    """What the conditions say."""

    SEND = enum.auto()
    NOT_MODIFIED = enum.auto()
    FAILED = enum.auto()


def judge(headers: Mapping[str, str], current: Validators) -> Verdict:
    """Weigh a GET's or HEAD's conditions in the order the RFC gives (13.2.2), If-Range aside."""
    if (wanted := headers.get("if-match")) is not None:
        if not _any_matches(wanted, current.etag, weakly=False):
            return Verdict.FAILED
    elif (since := _date(headers.get("if-unmodified-since"))) is not None and current.modified > since:
        return Verdict.FAILED
    if (known := headers.get("if-none-match")) is not None:
        return Verdict.NOT_MODIFIED if _any_matches(known, current.etag, weakly=True) else Verdict.SEND
    if (since := _date(headers.get("if-modified-since"))) is not None and current.modified <= since:
        return Verdict.NOT_MODIFIED
    return Verdict.SEND


def range_applies(headers: Mapping[str, str], current: Validators, *, now: int) -> bool:
    """Say whether a Range may be honoured under If-Range (13.1.5): by strong tag, or by exact date.

    A date is only strong once the second it names is over, so a fresh file does not match.
    """
    value = headers.get("if-range")
    if value is None:
        return True
    value = value.strip(" \t")
    if value.startswith(('"', "W/")):
        return value == current.etag
    return _date(value) == current.modified and now - current.modified >= 1


def _any_matches(header: str, etag: str, *, weakly: bool) -> bool:
    if header.strip(" \t") == "*":
        return True
    if not _LIST.fullmatch(header):
        return False
    tags = _TAGS.findall(header)
    return any((tag.removeprefix("W/") if weakly else tag) == etag for tag in tags)


def _date(header: str | None) -> int | None:
    """Read an HTTP date; None where it is none, so that the condition is ignored."""
    if header is None:
        return None
    try:
        moment = parsedate_to_datetime(header.strip(" \t"))
    except (ValueError, OverflowError):
        return None
    aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    try:
        return int((aware - _EPOCH).total_seconds())
    except OverflowError:
        return None


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
