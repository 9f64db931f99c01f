"""The cache: what can be made again, kept by the digest of all that it was made from, so that building is fast.

Each entry is a file of its own that knows its length and digest. One that is damaged, cut or longer, or that another
version wrote in another way, counts as missing and is made again. Any number of processes may read, write and prune at
once: an entry appears whole, and whoever comes second writes the same bytes.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Literal

from audio_builder.errors import OutputError
from audio_builder.files import named_in, own_folder
from audio_builder.files.atomic import ABANDONED_SECONDS, PART, replace_file

log = logging.getLogger(__name__)

Kind = Literal["clips", "chunks", "covers", "tones", "chimes"]
KINDS: Mapping[str, str] = {
    "clips": "spoken clips",
    "chunks": "encoded chunks of sessions",
    "covers": "covers",
    "tones": "breath tones and room tone",
    "chimes": "chimes and other sounds, levelled",
}
"""What there is in the cache, each kind in a folder of its name."""

MOST_BYTES = 2 << 30
"""What the cache may hold after a build."""

SPARE = 20
"""One part in so many is freed more than must be, so that the next builds need not look through all of it."""

USED_SECONDS = 3_600
"""How long an entry that was read counts as just used, without its time being written again."""

DAY_SECONDS = 86_400

_MARK = b"audio-builder cache 1 "
_MOST_HEAD_BYTES = 1 << 20
_NAME = re.compile(r"[0-9a-f]{64}(\.[a-z]+)?")
"""Of an entry's file; earlier versions gave them endings."""


def cache_folder() -> Path:
    """Give AUDIO_BUILDER_CACHE where it is set, else the user's cache folder."""
    return named_in("AUDIO_BUILDER_CACHE") or own_folder("cache")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """The file of one entry."""

    path: Path
    size: int
    """Bytes."""
    used: float
    """When it was last used, to the hour, in seconds since 1970."""

    @property
    def kind(self) -> str:
        """What it is, one of KINDS; something else where another version kept it."""
        return self.path.parent.parent.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What an entry says of its content."""

    kind: str
    name: str
    """The digest of its key."""
    length: int
    """Bytes."""
    sha256: str
    """Of the content."""
    about: Mapping[str, str] = field(default_factory=dict)
    """Whatever shall be known without reading the content."""


class Cache:
    """Everything that is kept in one folder, by kind and key."""

    def __init__(
        self,
        folder: Path | None = None,
        *,
        most_bytes: int = MOST_BYTES,
        sync: Callable[[int], None] = os.fsync,
    ) -> None:
        self.folder = folder if folder is not None else cache_folder()
        self.most_bytes = most_bytes
        self._sync = sync
        self._grew = False

    def path(self, kind: Kind, key: str) -> Path:
        """Say where the entry of a key lies, or would."""
        name = _digest(key.encode(errors="surrogatepass"))
        return self.folder / kind / name[:1] / name

    def holds(self, kind: Kind, key: str) -> bool:
        """Tell whether there is an entry; whether it is whole shows when it is read."""
        return self.path(kind, key).is_file()

    def get(self, kind: Kind, key: str) -> bytes | None:
        """Give what is kept by a key; None where nothing is, or nothing that is whole."""
        path = self.path(kind, key)
        with _opened(path) as file:
            head = file and _read_head(file, path)
            content = file.read() if file and head else b""
            if head and _digest(content) == head.sha256:
                _mark_used(path)
                return content
            if file:
                log.warning("%s is damaged; it is made again", path)
        return None

    def head(self, kind: Kind, key: str) -> Head | None:
        """Give what an entry says of its content, without reading that; None as in `get`."""
        path = self.path(kind, key)
        head = read_head(path)
        if head:
            _mark_used(path)
        return head

    def put(self, kind: Kind, key: str, content: bytes, *, about: Mapping[str, str] | None = None) -> None:
        """Keep something. Raises OutputError where nothing can be written."""
        path = self.path(kind, key)
        fields = {"sha256": _digest(content), "length": len(content), "about": about or {}}
        head = json.dumps({"kind": kind, "name": path.name} | fields).encode()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(path, [_MARK, _digest(head).encode(), b"\n", head, b"\n", content], sync=self._sync)
        except OSError as error:
            raise self._refused(path, error) from error
        self._grew = True

    def entries(self) -> list[Entry]:
        """List what is kept, the longest unused first. What vanishes meanwhile is left out."""
        whole = (entry for entry in self._walk() if entry.path.suffix != PART)
        return sorted(whole, key=lambda entry: (entry.used, entry.path))

    def trim(self) -> None:
        """After writing, remove the longest unused until the rest fits. Who needs one of them makes it again."""
        if self._grew and sum(entry.size for entry in self._walk()) > self.most_bytes:
            self.prune(most_bytes=self.most_bytes - self.most_bytes // SPARE)
        self._grew = False

    def prune(
        self, *, days: float | None = None, most_bytes: int | None = None, now: float | None = None
    ) -> list[Entry]:
        """Remove what was not used for so many days, then the longest unused until the rest fits; give what went.

        What killed builds left half written goes, too; what cannot be removed stays. Builds may run meanwhile.
        """
        moment = time.time() if now is None else now
        doomed = [
            entry
            for entry in self._walk()
            if entry.path.suffix == PART and entry.used < moment - ABANDONED_SECONDS
        ]
        kept = self.entries()
        if days is not None:
            oldest = moment - days * DAY_SECONDS
            doomed += [entry for entry in kept if entry.used < oldest]
            kept = [entry for entry in kept if entry.used >= oldest]
        if most_bytes is not None:
            doomed += _excess(kept, most_bytes)
        return [entry for entry in doomed if _removed(entry)]

    def _walk(self) -> Iterator[Entry]:
        for folder in _inside(self.folder):
            for entry in (entry for part in _inside(folder.path) for entry in _inside(part.path)):
                if _NAME.fullmatch(entry.name) or entry.name.endswith(PART):
                    with contextlib.suppress(OSError):
                        state = entry.stat(follow_symlinks=False)
                        yield Entry(path=Path(entry.path), size=state.st_size, used=state.st_mtime)

    def _refused(self, path: Path, error: OSError) -> OutputError:
        """Say why nothing can be kept; the system's words do not tell what lies in the way."""
        above = (self.folder, path.parent.parent, path.parent)
        blocked = next((each for each in above if os.path.lexists(each) and not each.is_dir()), None)
        if blocked or path.is_dir():
            what = "what lies here is no folder" if blocked else "a folder lies in its place"
            where, remedy = blocked or path, "move it away"
        else:
            what, where, remedy = error.strerror or str(error), path.parent, "make room there"
        return OutputError(
            f"cannot keep {KINDS[path.parts[-3]]}: {what}",
            str(where),
            f"{remedy}, or name another folder in AUDIO_BUILDER_CACHE",
        )


def read_head(path: Path) -> Head | None:
    """Read what an entry says of its content; None where it is damaged, or not as long as it says."""
    with _opened(path) as file:
        return _read_head(file, path) if file else None


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[BinaryIO | None]:
    """Open an entry; what is no plain file is not touched, as reading a FIFO would never end."""
    try:
        file = path.open("rb") if path.is_file() else None
    except OSError as error:
        log.warning("cannot read %s: %s", path, error)
        file = None
    if file is None:
        yield None
        return
    with file:
        yield file


def _read_head(file: BinaryIO, path: Path) -> Head | None:
    """Read an entry's head, up to where its content begins."""
    first, line = file.readline(_MOST_HEAD_BYTES), file.readline(_MOST_HEAD_BYTES)
    if first != _MARK + _digest(line[:-1]).encode() + b"\n":
        return None
    try:
        head = Head(**json.loads(line))
    except (TypeError, ValueError, RecursionError):
        return None
    length = os.fstat(file.fileno()).st_size - file.tell()
    return head if (head.kind, head.name, head.length) == (path.parts[-3], path.name, length) else None


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _mark_used(path: Path) -> None:
    with contextlib.suppress(OSError):
        if time.time() - path.stat().st_mtime > USED_SECONDS:
            os.utime(path)


def _inside(folder: Path | str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return list(found)
    except OSError:  # not there, no folder, or gone meanwhile
        return []


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
