"""What a piece of a session was made from comes in as its key; its encoded frames go out, if it was made before.

Each entry is a file of its own, named by its key's hash. It appears whole or not at all, and whoever comes
second writes the same bytes: so any number of builds may share a store. An entry that is damaged, or that
another version wrote in another way, counts as missing and is written anew.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from pathlib import Path

from audio_builder.files.cache import Shelf, mark_used
from audio_builder.speech import default_cache_folder

log = logging.getLogger(__name__)

MARK = b"audio-builder frames 1\n"
SUFFIX = ".frames"
MOST_BYTES = 1 << 30
"""What a store may hold after pruning."""

MOST_IN_MIND_BYTES = 9 << 20
"""What a process holds of what it read: the pieces of a quarter of an hour."""


class PieceStore:
    """Encoded frames in a folder, by key; pruned to a size, the longest unused going first."""

    def __init__(self, folder: Path | None = None, *, most_bytes: int = MOST_BYTES) -> None:
        self.folder = folder if folder is not None else default_cache_folder() / "sections"
        self.most_bytes = most_bytes
        self._shelf = Shelf(self.folder, SUFFIX, holds="encoded sound")
        self._recent: dict[str, bytes] = {}
        self._recent_bytes = 0
        self._lock = threading.Lock()

    def path(self, key: str) -> Path:
        """Say where the entry of this key lies, or would."""
        return self._shelf.path(_name(key))

    def holds(self, key: str) -> bool:
        """Tell whether there is an entry; whether it is whole shows when it is read."""
        return key in self._recent or self.path(key).exists()

    def get(self, key: str) -> bytes | None:
        """Give the frames of this key, checked; None where there are none, or only damaged ones."""
        recent = self._recent.get(key)
        if recent is not None:
            return recent
        name = _name(key)
        content = self._shelf.read(name)
        if content is None:
            return None
        frames = _unpacked(content, name)
        if frames is None:
            log.warning("the stored frames %s are damaged; they are made again", self._shelf.path(name))
        else:
            mark_used(self._shelf.path(name))
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
        name = _name(key)
        self._shelf.write(name, _head(name, frames) + frames)

    def prune(self) -> None:
        """Remove the longest unused entries until the rest fits. A build that needs one of them makes it again."""
        self._shelf.prune(self.most_bytes)


def _name(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _head(name: str, frames: bytes) -> bytes:
    """Name the entry and sum its frames, so that neither a flipped bit nor a renamed file goes unnoticed."""
    return MARK + name.encode() + hashlib.sha256(frames).digest()


def _unpacked(content: bytes, name: str) -> bytes | None:
    size = len(MARK) + len(name) + hashlib.sha256().digest_size
    frames = content[size:]
    return frames if frames and content[:size] == _head(name, frames) else None
