"""Finished pieces come in; files go out, all of them whole, or none of them and nothing lost."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import threading
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import FrameType

from audio_builder.building.leftovers import beside, sweep, writing
from audio_builder.errors import OutputError, Remedy, Setting

Pieces = Iterable[bytes | memoryview]

WRITTEN_AT_ONCE = 1 << 20
"""Bytes; a session has hundreds of small pieces."""


def target(out: str | Path, name: str) -> Path:
    """Give the MP3's path: `out` is the file itself where it ends in .mp3, else a folder."""
    path = Path(out)
    return path if path.suffix.lower() == ".mp3" and not path.is_dir() else path / f"{name}.mp3"


def write_all(files: Mapping[Path, Pieces]) -> None:
    """Write files beside their targets first, and only when all are whole put them in place.

    Raises OutputError; then, as after an interrupt, every earlier file is as it was. (Killed between the last
    renames, which take less than a millisecond, some files are the new ones; all are whole.)
    """
    for path in files:
        with _told(path):
            path.parent.mkdir(parents=True, exist_ok=True)
    sweep(files)
    ready: dict[Path, Path] = {}
    with writing(files):
        try:
            for path, pieces in files.items():
                with _told(path):
                    ready[path] = beside(path, "part")
                    _write(ready[path], pieces)
            with _undisturbed():
                _put_in_place(ready)
        finally:
            for part in ready.values():
                with contextlib.suppress(OSError):
                    part.unlink(missing_ok=True)


def holds_already(path: Path, pieces: Pieces) -> bool:
    """Tell whether a file has exactly these bytes, so that writing them would only take time."""
    try:
        with path.open("rb") as file:
            return all(file.read(len(piece)) == piece for piece in pieces) and not file.read(1)
    except OSError:
        return False


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Let an interrupt wait until the block is done; only the main thread is ever interrupted."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[tuple[int, FrameType | None]] = []
    usual = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    ours = {number: handler for number, handler in usual.items() if callable(handler)}
    for number in ours:
        signal.signal(number, lambda number, frame: came.append((number, frame)))
    try:
        yield
    finally:
        for number, handler in ours.items():
            signal.signal(number, handler)
    for knock, frame in came[:1]:
        ours[signal.Signals(knock)](knock, frame)


def _put_in_place(ready: Mapping[Path, Path]) -> None:
    """Rename all, or undo what was renamed: earlier files are held by a second name until all is done."""
    earlier: dict[Path, Path | None] = {}
    try:
        for path, part in ready.items():
            with _told(path):
                earlier[path] = _kept(path)
                part.replace(path)
    except BaseException:
        for path, kept in earlier.items():
            if kept is not None:
                kept.replace(path)
            elif not ready[path].exists():
                path.unlink(missing_ok=True)
        raise
    for kept in earlier.values():
        if kept is not None:
            with contextlib.suppress(OSError):
                kept.unlink(missing_ok=True)


def _kept(path: Path) -> Path | None:
    """Give an earlier file a second name; None where there is none."""
    if not path.exists():
        return None
    kept = beside(path, "old.part")
    try:
        os.link(path, kept)
    except OSError:
        shutil.copy2(path, kept)
    return kept


def _write(path: Path, pieces: Pieces) -> None:
    with path.open("xb", buffering=WRITTEN_AT_ONCE) as file:
        file.writelines(pieces)
        file.flush()
        os.fsync(file.fileno())


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"cannot be written: {error.strerror or error}",
            where=str(path),
            remedy=Remedy(
                "Choose another place with {}, or make room there. Earlier files are as they were.",
                (Setting("output"),),
            ),
        ) from error
