"""Bytes come in under a name; they lie in a file of their own, whole or not at all, and come out again.

What the stores of clips, of encoded sound and of sessions' records have in common. Any number of processes may
write, read and prune at once: a file appears whole, and whoever comes second writes the same bytes.
"""

from __future__ import annotations

import contextlib
import logging
import os
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from audio_builder.errors import OutputError

log = logging.getLogger(__name__)

TALLY = "written"
"""The file that says how much was written since somebody last looked through the shelf."""

SPARE = 20
"""One part in so many of what a shelf may hold is written before it is looked through again."""

HALF_WRITTEN = ".part"
ABANDONED_SECONDS = 3_600
"""A half-written file that is older belongs to a build that was killed; a younger one is somebody's work."""

USED_SECONDS = 3_600
"""How long a file that was read counts as just used, without its time being written again."""

DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One file of a shelf."""

    path: Path
    size: int
    """Bytes."""
    used: float
    """When it was last used, to the hour, in seconds since 1970."""

    @property
    def kind(self) -> str:
        """The name of the shelf's folder."""
        return self.path.parent.parent.name


class Shelf:
    """Files of one kind in a folder, by name; names are hashes in hexadecimal, of what the content was made from."""

    def __init__(self, folder: Path, suffix: str, *, holds: str) -> None:
        self.folder = folder
        self._suffix = suffix
        self._holds = holds
        """What lies here, for messages."""
        self._written = 0
        """Bytes since this process last added to the tally."""

    def path(self, name: str) -> Path:
        """Say where the file of a name lies, or would."""
        return self.folder / name[:1] / (name + self._suffix)

    def read(self, name: str) -> bytes | None:
        """Give what lies under a name; None where nothing does, or nothing that can be read."""
        path = self.path(name)
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            log.warning("cannot read %s %s: %s", self._holds, path, error)
            return None

    def write(self, name: str, content: bytes) -> None:
        """Lay something under a name. Raises OutputError where nothing can be written."""
        path = self.path(name)
        try:
            if not path.parent.is_dir():
                path.parent.mkdir(parents=True, exist_ok=True)
            with _beside(path) as file:
                file.write_bytes(content)
            self._written += len(content)
        except OSError as error:
            raise OutputError(
                f"cannot keep {self._holds}: {error.strerror or error}",
                where=str(path.parent),
                remedy="make room there, or name another folder in AUDIO_BUILDER_CACHE",
            ) from error

    def prune(self, most_bytes: int) -> list[Entry]:
        """Remove the longest unused until the rest fits, and what killed builds left half written.

        Looking through a full shelf takes longer than many a build. So it is done only once enough was written
        since the last time, by whichever process, and then it makes room for as much again.
        """
        spare = most_bytes // SPARE
        if not self._written_much(spare):
            return []
        gone = prune(entries(self.folder), most_bytes=most_bytes - spare)
        with contextlib.suppress(OSError):
            (self.folder / TALLY).write_text("", "ascii")
        return gone

    def _written_much(self, limit: int) -> bool:
        """Add to the tally, a line for each process and time; tell whether it is over a limit, or not there yet."""
        tally = self.folder / TALLY
        began = tally.exists()
        try:
            with tally.open("a+", encoding="ascii") as file:
                file.write(f"{self._written}\n")
                self._written = 0
                file.seek(0)
                return not began or sum(int(line) for line in file) > limit
        except (OSError, ValueError):
            return True


def mark_used(path: Path) -> None:
    """Let a file's time say when it was last wanted."""
    with contextlib.suppress(OSError):
        if time.time() - path.stat().st_mtime > USED_SECONDS:
            os.utime(path)


def entries(folder: Path) -> Iterator[Entry]:
    """Give every file of a shelf, half-written ones too. What vanishes meanwhile is left out."""
    for path in folder.glob("?/*"):
        with contextlib.suppress(OSError):
            state = path.stat()
            yield Entry(path=path, size=state.st_size, used=state.st_mtime)


def whole(found: Iterable[Entry]) -> list[Entry]:
    """Give what is written to its end, the longest unused first."""
    written = (entry for entry in found if entry.path.suffix != HALF_WRITTEN)
    return sorted(written, key=lambda entry: (entry.used, entry.path))


def prune(
    found: Iterable[Entry],
    *,
    days: float | None = None,
    most_bytes: int | None = None,
    now: float | None = None,
) -> list[Entry]:
    """Remove what was not used for so many days, then the longest unused until the rest fits; give what went.

    What killed builds left half written goes, too. A build that needs any of it makes it again, and what cannot be
    removed stays; builds may run meanwhile.
    """
    moment = time.time() if now is None else now
    found = list(found)
    doomed = [entry for entry in found if _is_abandoned(entry, moment)]
    kept = whole(found)
    if days is not None:
        doomed += [entry for entry in kept if entry.used < moment - days * DAY_SECONDS]
        kept = [entry for entry in kept if entry.used >= moment - days * DAY_SECONDS]
    if most_bytes is not None:
        doomed += _excess(kept, most_bytes)
    return [entry for entry in doomed if _removed(entry)]


def _is_abandoned(entry: Entry, moment: float) -> bool:
    return entry.path.suffix == HALF_WRITTEN and entry.used < moment - ABANDONED_SECONDS


def _excess(kept: Sequence[Entry], most_bytes: int) -> list[Entry]:
    """Choose the first entries until no more than so many bytes are left."""
    over = sum(entry.size for entry in kept) - most_bytes
    chosen = []
    for entry in kept:
        if over <= 0:
            break
        chosen.append(entry)
        over -= entry.size
    return chosen


def _removed(entry: Entry) -> bool:
    try:
        entry.path.unlink()
    except OSError:  # gone already, or in use where that forbids it
        return False
    return True


@contextlib.contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """Give a file to write; it takes the path's place when all went well, and vanishes otherwise."""
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=HALF_WRITTEN)
    os.close(handle)
    try:
        yield Path(name)
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
