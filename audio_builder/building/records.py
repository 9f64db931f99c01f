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
import logging
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from audio_builder.building.store import PieceStore, beside

log = logging.getLogger(__name__)

VERSION = 1
SUFFIX = ".json"
MOST_RECORDS = 200
"""A record holds a cover and a cue sheet: about 300 kB."""


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


def path_of(name: str, store: PieceStore) -> Path:
    """Say where the record of a request lies, or would."""
    return store.folder.parent / "sessions" / name[:2] / (name + SUFFIX)


def recall(name: str, store: PieceStore) -> Record | None:
    """Give the record of a request if it still holds."""
    try:
        content = path_of(name, store).read_bytes()
    except OSError:
        return None
    digest, _, body = content.partition(b"\n")
    if digest != hashlib.sha256(body).hexdigest().encode():
        log.warning("the record %s is damaged; the session is made again", name)
        return None
    values = json.loads(body)
    if any(state != state_of(Path(path)) for path, state in values["looked_at"].items()):
        return None
    return Record(**values | {"rows": tuple((key, size) for key, size in values["rows"])})


def remember(name: str, record: Record, store: PieceStore) -> None:
    """Keep a record; a cache that cannot be written costs time later, and nothing now."""
    body = json.dumps(asdict(record)).encode()
    path = path_of(name, store)
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with beside(path) as file:
            file.write_bytes(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
        _prune(path.parent.parent)


def _prune(folder: Path) -> None:
    """Let the oldest records go where there are too many."""
    found = sorted(folder.glob(f"??/*{SUFFIX}"), key=lambda path: path.stat().st_mtime)
    for path in found[:-MOST_RECORDS]:
        path.unlink(missing_ok=True)


def state_of(path: Path) -> str:
    """Describe a file by its content, a folder by the names in it, and what is not there as such."""
    try:
        if path.is_dir():
            return " ".join(sorted(entry.name for entry in os.scandir(path)))
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return "nothing"


def states(paths: Iterable[Path], *, before: float) -> dict[str, str]:
    """Describe each of some files and folders; what was written since a moment counts as changed since."""
    return {str(path.absolute()): "" if _since(path, before) else state_of(path) for path in paths}


def _since(path: Path, moment: float) -> bool:
    return path.is_file() and path.stat().st_mtime >= moment


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
