"""The cache folder comes in; what is kept there, and how to let go of it, goes out.

The one place that shows, prunes and clears, whatever is kept: clips, encoded stretches, sessions' records.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from audio_builder.speech import ClipLabel, default_cache_folder, read_label

CLIPS = "clips"
KINDS = {
    CLIPS: "spoken clips",
    "sections": "encoded stretches of sessions",
    "sessions": "what finished sessions are put together from",
}
"""The folders of the cache, and what is in them."""

HALF_WRITTEN = ".part"
ABANDONED_SECONDS = 3_600
"""A half-written file that is older belongs to a build that was killed; a younger one is somebody's work."""

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
    """When it was last used, to the day, in seconds since 1970."""


def kept(folder: Path | None = None) -> list[Kept]:
    """List what is kept, the longest unused first. Files that vanish meanwhile are left out."""
    entries = [entry for entry in _walk(folder) if entry.path.suffix != HALF_WRITTEN]
    return sorted(entries, key=lambda entry: (entry.used, entry.path))


def labels(entries: Iterable[Kept]) -> Iterator[tuple[Kept, ClipLabel | None]]:
    """Read who says what in each of the clips among some entries; None for a damaged one."""
    return ((entry, read_label(entry.path)) for entry in entries if entry.kind == CLIPS)


def prune(
    folder: Path | None = None,
    *,
    days: float | None = None,
    most_bytes: int | None = None,
    now: float | None = None,
) -> list[Kept]:
    """Remove what was not used for so many days, then the longest unused until the rest fits; give what went.

    What killed builds left half written goes, too. A build that needs any of it makes it again; builds may run
    meanwhile.
    """
    moment = time.time() if now is None else now
    entries = kept(folder)
    doomed = [entry for entry in _walk(folder) if _is_abandoned(entry, moment)]
    if days is not None:
        doomed += [entry for entry in entries if entry.used < moment - days * DAY_SECONDS]
        entries = [entry for entry in entries if entry.used >= moment - days * DAY_SECONDS]
    if most_bytes is not None:
        doomed += _excess(entries, most_bytes)
    return [entry for entry in doomed if _removed(entry)]


def clear(folder: Path | None = None) -> list[Kept]:
    """Remove everything that is kept; give what went. Whatever else lies in the folder stays."""
    return prune(folder, most_bytes=0)


def _walk(folder: Path | None) -> Iterator[Kept]:
    for kind in KINDS:
        for path in sorted(((folder or default_cache_folder()) / kind).glob("??/*")):
            with contextlib.suppress(OSError):  # a build may have removed it meanwhile
                state = path.stat()
                yield Kept(path=path, kind=kind, size=state.st_size, used=state.st_mtime)


def _is_abandoned(entry: Kept, moment: float) -> bool:
    return entry.path.suffix == HALF_WRITTEN and entry.used < moment - ABANDONED_SECONDS


def _excess(entries: Sequence[Kept], most_bytes: int) -> list[Kept]:
    """Choose the first entries until no more than so many bytes are left."""
    over = sum(entry.size for entry in entries) - most_bytes
    chosen = []
    for entry in entries:
        if over <= 0:
            break
        chosen.append(entry)
        over -= entry.size
    return chosen


def _removed(entry: Kept) -> bool:
    try:
        entry.path.unlink()
    except OSError:  # gone already, or in use where that forbids it
        return False
    return True
