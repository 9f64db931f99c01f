"""What a file is called and what it is: a path comes in, Content-Type and Content-Disposition go out."""

from __future__ import annotations

import functools
import json
import re
import unicodedata
from pathlib import Path
from urllib.parse import quote

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
_MAX_SHEET_BYTES = 64 * 1024 * 1024
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
    except OSError:
        return audio.name
    title = _title(sheet, status.st_size, status.st_mtime_ns)
    spaced = _NOT_IN_NAMES.sub(" ", title)
    plain = "".join(character for character in spaced if unicodedata.category(character) not in _UNSEEN)
    name = " ".join(plain.split()).strip(". ")[:_MAX_NAME].strip(". ")
    return f"{name}.mp3" if name else audio.name


@functools.lru_cache(maxsize=256)
def _title(sheet: Path, size: int, modified_ns: int) -> str:
    """Read the title in a cue sheet once for each version of it: a player asks for its MP3 many times."""
    if size > _MAX_SHEET_BYTES:
        return ""
    try:
        content = json.loads(sheet.read_bytes())
    except (OSError, ValueError, RecursionError):
        return ""
    title = content.get("title") if isinstance(content, dict) else None
    return title if isinstance(title, str) else ""


def _filename(name: str) -> str:
    """Write a file name for every browser (RFC 6266): in ASCII, and whole where that is not the same."""
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    ascii_name = re.sub(r'["\\%;]', "", ascii_name).strip()
    if ascii_name in {"", ".mp3"}:
        ascii_name = "session.mp3"
    simple = f'filename="{ascii_name}"'
    return simple if ascii_name == name else f"{simple}; filename*=UTF-8''{quote(name, safe='')}"
