"""The cache folder comes in; what is kept there, and how to let go of it, goes out."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from audio_builder.speech import default_cache_folder

KINDS = {
    "clips": "spoken clips",
    "sections": "encoded stretches of sessions",
    "sessions": "what finished sessions are put together from",
}
"""The folders of the cache, and what is in them."""

DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One file of the cache."""

    path: Path
    kind: str
    """One of KINDS."""
    size: int
    """Bytes."""
    used: float
    """When it was last used, in seconds since 1970."""


def kept(folder: Path | None = None) -> list[Kept]:
    """List what is kept, the longest unused first. Files that vanish meanwhile are left out."""
    return sorted(_walk(folder or default_cache_folder()), key=lambda entry: (entry.used, entry.path))


def prune(
    folder: Path | None = None,
    *,
    days: float | None = None,
    most_bytes: int | None = None,
    now: float | None = None,
) -> list[Kept]:
    """Remove what was not used for so many days, then the longest unused until the rest fits; give what went.

    A build that needs any of it makes it again; builds may run meanwhile.
    """
    entries = kept(folder)
    oldest = (now if now is not None else time.time()) - days * DAY_SECONDS if days is not None else None
    excess = sum(entry.size for entry in entries) - most_bytes if most_bytes is not None else 0
    gone = []
    for entry in entries:
        too_old = oldest is not None and entry.used < oldest
        if too_old or excess > 0:
            with contextlib.suppress(OSError):
                entry.path.unlink()
                gone.append(entry)
                excess -= entry.size
    return gone


def clear(folder: Path | None = None) -> list[Kept]:
    """Remove everything that is kept; give what went."""
    return prune(folder, most_bytes=0)


def _walk(folder: Path) -> Iterator[Kept]:
    for kind in KINDS:
        for path in (folder / kind).glob("??/*"):
            with contextlib.suppress(OSError):
                state = path.stat()
                yield Kept(path=path, kind=kind, size=state.st_size, used=state.st_mtime)
