"""Addresses of files: the path of a request comes in, a file inside the served folder or nothing goes out."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

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
