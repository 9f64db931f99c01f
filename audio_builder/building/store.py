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
import struct
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from audio_builder.errors import OutputError
from audio_builder.speech import default_cache_folder

log = logging.getLogger(__name__)

MARK = b"audio-builder frames 1\n"
SUFFIX = ".frames"
MOST_BYTES = 1 << 30
"""What a store may hold after pruning."""

_HEAD = struct.Struct("<32s32sQ")
"""The key's hash, the payload's hash, the payload's bytes."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What the store knows to be whole: its payload lies in a file, behind a head."""

    path: Path
    start: int
    """The payload's first byte in the file."""
    size: int
    """Bytes of the payload."""
    state: tuple[int, int]
    """The file's time and size when it was checked."""


class PieceStore:
    """Encoded frames in a folder, by key; pruned to a size, the longest unused going first."""

    def __init__(self, folder: Path | None = None, *, most_bytes: int = MOST_BYTES) -> None:
        self.folder = folder if folder is not None else default_cache_folder() / "sections"
        self.most_bytes = most_bytes
        self._whole: dict[str, Entry] = {}
        self._lock = threading.Lock()

    def path(self, key: str) -> Path:
        """Say where the entry of this key lies, or would."""
        name = hashlib.sha256(key.encode()).hexdigest()
        return self.folder / name[:2] / (name + SUFFIX)

    def has(self, key: str) -> bool:
        """Tell whether there is a whole entry; it is read to the end the first time it is asked for."""
        return self._entry(key) is not None

    def read(self, key: str) -> bytes | None:
        """Give the frames of this key, checked; None where there are none, or only damaged ones."""
        path = self.path(key)
        try:
            content = path.read_bytes()
            state = path.stat()
        except FileNotFoundError:
            return None
        except OSError as error:
            log.warning("cannot read the stored frames %s: %s", path, error)
            return None
        payload = _payload(content, path)
        if payload is None:
            log.warning("the stored frames %s are damaged; they are made again", path)
            return None
        with self._lock:
            self._whole[key] = Entry(
                path, len(content) - len(payload), len(payload), (state.st_mtime_ns, state.st_size)
            )
        return payload

    def put(self, key: str, frames: bytes) -> None:
        """Keep frames. Raises OutputError where nothing can be written."""
        path = self.path(key)
        head = _HEAD.pack(bytes.fromhex(path.stem), hashlib.sha256(frames).digest(), len(frames))
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with _beside(path) as file:
                file.write_bytes(MARK + head + frames)
        except OSError as error:
            raise OutputError(
                f"cannot keep encoded sound: {error.strerror or error}",
                where=str(path.parent),
                hint="make room there, or name another folder in AUDIO_BUILDER_CACHE",
            ) from error
