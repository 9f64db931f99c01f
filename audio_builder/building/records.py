"""What a build was asked comes in; if the same was built before from the same files, its session's parts go out.

A record is to a session what a recipe is to a meal whose parts are in the store: the tag, the rows of pieces, and
the sidecars. It holds for as long as nothing that was looked at has changed: scripts, sounds, the personal
defaults, the names in the folders where scripts are looked for, this program and the packages beside it.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from audio_builder.errors import OutputError
from audio_builder.files.cache import Cache

VERSION = 1
COARSEST_SECONDS = 2.0
"""How far before its time a file may say that it was written: FAT counts in steps of two seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Everything that a finished session is put together from."""

    looked_at: Mapping[str, str]
    """What each file or folder held that the build looked at: see `state_of`."""
    wished_voice: str
    """As asked; the voice it stands for must still be the one in the sheet."""
    sidecars: Mapping[str, str]
    """The text of each by the ending of its name; `.json` is the cue sheet."""
    head: str
    """What lies before the pieces, in Base64: the tag and the Info frame."""
    rows: tuple[tuple[str, int | None], ...]
    """Each piece's key, and how many of its bytes; None for all."""
    tail: str
    """What lies behind the pieces, in Base64."""


def request(**asked: Any) -> str:
    """Name what is asked of a build, with the program that is asked."""
    plain = json.dumps([VERSION, _program_state(), str(Path.cwd()), asked], sort_keys=True, default=repr)
    return hashlib.sha256(plain.encode(errors="surrogatepass")).hexdigest()


def recall(name: str, cache: Cache) -> Record | None:
    """Give the record of a request if it still holds."""
    content = cache.get("recipes", name)
    if content is None:
        return None
    values = json.loads(content)
    if any(state != state_of(Path(path)) for path, state in values["looked_at"].items()):
        return None
    return Record(**values | {"rows": tuple((key, size) for key, size in values["rows"])})


def remember(name: str, record: Record, cache: Cache) -> None:
    """Keep a record; a cache that cannot be written costs time later, and nothing now."""
    with contextlib.suppress(OutputError):
        cache.put("recipes", name, json.dumps(asdict(record)).encode())


def state_of(path: Path) -> str:
    """Describe a file by its content, a folder by the names in it, and what is not there as such."""
    try:
        if path.is_dir():
            return " ".join(sorted(entry.name for entry in os.scandir(path)))
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return "nothing"


def states(paths: Iterable[Path], *, before: float) -> dict[str, str]:
    """Describe each of some files and folders; what may have been written since a moment counts as changed since."""
    return {str(path.absolute()): "" if _since(path, before) else state_of(path) for path in paths}


def _since(path: Path, moment: float) -> bool:
    return path.is_file() and path.stat().st_mtime > moment - COARSEST_SECONDS


def packed(content: bytes) -> str:
    """Write bytes as text."""
    return base64.b64encode(content).decode("ascii")


def unpacked(text: str) -> bytes:
    """Give the bytes of a text made by `packed`."""
    return base64.b64decode(text)


@cache
def _program_state() -> str:
    """Describe this program and what is installed beside it: any change of either makes all records void."""
    package = Path(__file__).resolve().parent.parent
    marks = [sys.version]
    for path in sorted(package.rglob("*.py")):
        state = path.stat()
        marks.append(f"{path.relative_to(package)} {state.st_mtime_ns} {state.st_size}")
    for folder in sys.path:
        with contextlib.suppress(OSError):
            marks.append(
                f"{folder} {Path(folder).stat().st_mtime_ns}" if folder.endswith("-packages") else ""
            )
    return hashlib.sha256("\n".join(marks).encode(errors="surrogatepass")).hexdigest()
