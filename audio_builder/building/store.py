"""What a piece of a session was made from comes in as its key; its encoded frames go out, if it was made before.

Each entry is a file of its own, named by its key's hash. It appears whole or not at all, and whoever comes
second writes the same bytes: so any number of builds may share a store. An entry that is damaged, or that
another version wrote in another way, counts as missing and is written anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from audio_builder.errors import OutputError
from audio_builder.speech import default_cache_folder

log = logging.getLogger(__name__)

MARK = b"audio-builder frames 1\n"
SUFFIX = ".frames"
MOST_BYTES = 1 << 30
"""What a store may hold after pruning."""

MOST_IN_MIND_BYTES = 12 << 20
"""What a process holds of what it read: the pieces of a quarter of an hour."""

TOUCH_SECONDS = 3_600
"""How long an entry that was read counts as just used, without its time being written again."""

LEFTOVER_SECONDS = 3_600
"""After so long, a half-written file belongs to a build that was killed."""


class PieceStore:
    """Encoded frames in a folder, by key; pruned to a size, the longest unused going first."""

    def __init__(self, folder: Path | None = None, *, most_bytes: int = MOST_BYTES) -> None:
        self.folder = folder if folder is not None else default_cache_folder() / "sections"
        self.most_bytes = most_bytes
        self._recent: dict[str, bytes] = {}
        self._recent_bytes = 0
        self._lock = threading.Lock()

    def path(self, key: str) -> Path:
        """Say where the entry of this key lies, or would."""
        name = hashlib.sha256(key.encode()).hexdigest()
        return self.folder / name[:2] / (name + SUFFIX)

    def holds(self, key: str) -> bool:
        """Tell whether there is an entry; whether it is whole shows when it is read."""
        return self.path(key).exists()

    def get(self, key: str) -> bytes | None:
        """Give the frames of this key, checked; None where there are none, or only damaged ones."""
        recent = self._recent.get(key)
        if recent is not None:
            return recent
        path = self.path(key)
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            log.warning("cannot read the stored frames %s: %s", path, error)
            return None
        frames = _unpacked(content, path)
        if frames is None:
            log.warning("the stored frames %s are damaged; they are made again", path)
        else:
            _touch(path)
            self._keep_in_mind(key, frames)
        return frames

    def _keep_in_mind(self, key: str, frames: bytes) -> None:
        """Hold what was read lately: linking looks at everything twice, and sessions share much."""
        with self._lock:
            if key not in self._recent:
                self._recent[key] = frames
                self._recent_bytes += len(frames)
            while self._recent_bytes > MOST_IN_MIND_BYTES:
                self._recent_bytes -= len(self._recent.pop(next(iter(self._recent))))

    def put(self, key: str, frames: bytes) -> None:
        """Keep frames. Raises OutputError where nothing can be written."""
        path = self.path(key)
        try:
            if not path.parent.is_dir():
                path.parent.mkdir(parents=True, exist_ok=True)
            with beside(path) as file:
                file.write_bytes(_head(path, frames) + frames)
        except OSError as error:
            raise OutputError(
                f"cannot keep encoded sound: {error.strerror or error}",
                where=str(path.parent),
                hint="make room there, or name another folder in AUDIO_BUILDER_CACHE",
            ) from error

    def prune(self) -> None:
        """Remove the longest unused entries until the rest fits, and what killed builds left half written.

        A build that needs one of them makes it again. What cannot be removed stays.
        """
        entries: list[tuple[float, int, Path]] = []
        now = time.time()
        for path in self.folder.glob("??/*"):
            with contextlib.suppress(OSError):
                state = path.stat()
                if path.suffix == SUFFIX:
                    entries.append((state.st_mtime, state.st_size, path))
                elif now - state.st_mtime > LEFTOVER_SECONDS:
                    path.unlink()
        excess = sum(size for _, size, _ in entries) - self.most_bytes
        for _, size, path in sorted(entries):
            if excess <= 0:
                break
            with contextlib.suppress(OSError):
                path.unlink()
                excess -= size


@contextlib.contextmanager
def beside(path: Path) -> Iterator[Path]:
    """Give a file to write; it takes the path's place when all went well, and vanishes otherwise."""
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    os.close(handle)
    try:
        yield Path(name)
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def _head(path: Path, frames: bytes) -> bytes:
    """Name the entry and sum its frames, so that neither a flipped bit nor a renamed file goes unnoticed."""
    return MARK + path.stem.encode() + hashlib.sha256(frames).digest()


def _unpacked(content: bytes, path: Path) -> bytes | None:
    size = len(MARK) + len(path.stem) + hashlib.sha256().digest_size
    frames = content[size:]
    return frames if frames and content[:size] == _head(path, frames) else None


def _touch(path: Path) -> None:
    """Note that an entry is in use, now and then."""
    with contextlib.suppress(OSError):
        if time.time() - path.stat().st_mtime > TOUCH_SECONDS:
            os.utime(path)
