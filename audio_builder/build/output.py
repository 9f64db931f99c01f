"""Finished pieces come in; files go out, all of them whole, or none of them and nothing lost."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from audio_builder.errors import OutputError

Pieces = Iterable[bytes | memoryview]


def target(out: str | Path, name: str) -> Path:
    """Give the MP3's path: `out` is the file itself where it ends in .mp3, else a folder."""
    path = Path(out)
    return path if path.suffix.lower() == ".mp3" and not path.is_dir() else path / f"{name}.mp3"


def write_all(files: Mapping[Path, Pieces]) -> None:
    """Write files beside their targets first, and only when all are whole put them in place.

    Raises OutputError; then, as after an interrupt, every earlier file is as it was.
    """
    ready: list[tuple[Path, Path]] = []
    try:
        with _told(next(iter(files))):
            for path in files:
                path.parent.mkdir(parents=True, exist_ok=True)
                _sweep(path)
        for path, pieces in files.items():
            with _told(path):
                beside = path.with_name(f".{path.name}.{os.getpid()}.part")
                ready.append((beside, path))
                _write(beside, pieces)
        for beside, path in ready:
            with _told(path):
                beside.replace(path)
    finally:
        for beside, _ in ready:
            with contextlib.suppress(OSError):
                beside.unlink(missing_ok=True)


def _write(path: Path, pieces: Pieces) -> None:
    with path.open("wb") as file:
        for piece in pieces:
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())


def _sweep(path: Path) -> None:
    """Remove what a killed build left behind for this target; a build that still runs is left alone."""
    pattern = re.compile(re.escape(f".{path.name}.") + r"(\d+)\.part")
    for leftover in path.parent.glob(".*.part"):
        match = pattern.fullmatch(leftover.name)
        if match and not _runs(int(match[1])):
            leftover.unlink(missing_ok=True)


def _runs(process: int) -> bool:
    if os.name == "nt":
        return False  # a file that a running process holds open cannot be removed there anyway
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"cannot be written: {error.strerror or error}",
            where=str(path),
            hint="Choose another place with -o, or make room there. Earlier files are as they were.",
        ) from error
