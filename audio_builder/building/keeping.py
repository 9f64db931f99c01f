"""The cache folder comes in; what is kept there, and how to let go of it, goes out.

The one place that shows, prunes and clears, whatever is kept: clips, encoded stretches, sessions' records.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from audio_builder.files import cache as shelf
from audio_builder.files.cache import Entry
from audio_builder.speech import ClipLabel, default_cache_folder, read_label

CLIPS = "clips"
KINDS = {
    CLIPS: "spoken clips",
    "sections": "encoded stretches of sessions",
    "sessions": "what finished sessions are put together from",
}
"""The folders of the cache, and what is in them."""


def kept(folder: Path | None = None) -> list[Entry]:
    """List what is kept, the longest unused first. Files that vanish meanwhile are left out."""
    return shelf.whole(_walk(folder))


def labels(entries: Iterable[Entry]) -> Iterator[tuple[Entry, ClipLabel | None]]:
    """Read who says what in each of the clips among some entries; None for a damaged one."""
    return ((entry, read_label(entry.path)) for entry in entries if entry.kind == CLIPS)


def prune(
    folder: Path | None = None,
    *,
    days: float | None = None,
    most_bytes: int | None = None,
    now: float | None = None,
) -> list[Entry]:
    """Remove what was not used for so many days, then the longest unused until the rest fits; give what went."""
    return shelf.prune(_walk(folder), days=days, most_bytes=most_bytes, now=now)


def clear(folder: Path | None = None) -> list[Entry]:
    """Remove everything that is kept; give what went. Whatever else lies in the folder stays."""
    return prune(folder, most_bytes=0)


def _walk(folder: Path | None) -> Iterator[Entry]:
    for kind in KINDS:
        yield from shelf.entries((folder or default_cache_folder()) / kind)
