"""What an address names: a file inside the served folder, its type, and the name it is saved under."""

from __future__ import annotations

import functools
import re
import unicodedata
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
