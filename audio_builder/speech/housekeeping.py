"""A clip store comes in; what it holds goes out, and what nobody needs any more goes."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from audio_builder.speech.store import DAY_SECONDS, MARK, PART_SUFFIX, SUFFIX, ClipStore
from audio_builder.timebase import RATE

ABANDONED_SECONDS = 3_600
"""A half-written file that is older belongs to a build that was killed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredClip:
    """One file of the store."""

    path: Path
    bytes: int
    used: float
    """When it was last written or read, to the day, in seconds since 1970."""
    engine: str = ""
    """Empty, as what follows, where the file cannot be read."""
    voice: str = ""
    language: str = ""
    text: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """What housekeeping removed."""

    files: int
    bytes: int


def contents(store: ClipStore) -> Iterator[StoredClip]:
    """List every clip of the store, damaged ones too."""
    for path, size, used in _files(store, SUFFIX):
        yield _described(path, size, used)


def size_bytes(store: ClipStore) -> int:
    """Add up what the store takes on disk."""
    return sum(size for _, size, _ in _files(store, SUFFIX))


def prune(
    store: ClipStore,
    *,
    unused_days: float | None = None,
    keep_bytes: int | None = None,
    now: float | None = None,
) -> Removed:
    """Remove clips that were not used for so many days, then the longest unused until the rest fits."""
    moment = time.time() if now is None else now
    doomed = [each for each in _files(store, PART_SUFFIX) if each[2] < moment - ABANDONED_SECONDS]
    kept = sorted(_files(store, SUFFIX), key=lambda each: (each[2], each[0]))
    if unused_days is not None:
        old = [each for each in kept if each[2] < moment - unused_days * DAY_SECONDS]
        doomed, kept = doomed + old, kept[len(old) :]
    if keep_bytes is not None:
        total = sum(size for _, size, _ in kept)
        for each in kept:
            if total <= keep_bytes:
                break
            doomed.append(each)
            total -= each[1]
    return _remove(doomed)


def clear(store: ClipStore) -> Removed:
    """Remove every clip; whatever else lies in the folder stays."""
    return _remove([*_files(store, SUFFIX), *_files(store, PART_SUFFIX)])


def _files(store: ClipStore, suffix: str) -> Iterator[tuple[Path, int, float]]:
    for path in sorted(store.folder.glob(f"??/*{suffix}")):
        with contextlib.suppress(OSError):  # another process may have removed it meanwhile
            stat = path.stat()
            yield path, stat.st_size, stat.st_mtime


def _remove(doomed: Iterable[tuple[Path, int, float]]) -> Removed:
    files = freed = 0
    for path, size, _ in doomed:
        with contextlib.suppress(OSError):  # gone already, or in use where that forbids it
            path.unlink()
            files, freed = files + 1, freed + size
    return Removed(files=files, bytes=freed)


def _described(path: Path, size: int, used: float) -> StoredClip:
    try:
        with path.open("rb") as file:
            first, head = file.readline(), file.readline()
        key = json.loads(head)["key"] if first.startswith(MARK) else {}
        return StoredClip(
            path=path,
            bytes=size,
            used=used,
            engine=str(key["engine"]),
            voice=str(key["voice"]),
            language=str(key["language"]),
            text=str(key["text"]),
            seconds=(size - len(first) - len(head)) / 2 / RATE,
        )
    except (OSError, ValueError, KeyError, TypeError):
        return StoredClip(path=path, bytes=size, used=used)
