"""Files come in that are to be written; what killed builds left beside them goes, what living ones write stays.

While a build writes, it holds the folder by a lock that it shares with other builds. The system lets go of it when
the process ends, however it ends; so who gets the folder alone knows that nobody writes there. A process id in the
name would say less: it may be somebody else's by now, or be that of a process in another container.
"""

from __future__ import annotations

import contextlib
import glob
import os
import re
import secrets
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows has no such locks
    fcntl = None  # type: ignore[assignment]

ABANDONED_SECONDS = 3_600
"""Where folders cannot be held: what did not change for so long is a killed build's."""


def beside(path: Path, ending: str) -> Path:
    """Give a name beside a file that nothing else has."""
    return path.with_name(f".{path.name}.{secrets.token_hex(4)}.{ending}")


@contextlib.contextmanager
def writing(paths: Iterable[Path]) -> Iterator[None]:
    """Let nobody sweep beside these files until the block ends."""
    with contextlib.ExitStack() as held:
        for folder in {path.parent for path in paths}:
            with contextlib.suppress(OSError):
                held.enter_context(_held(folder, alone=False))
        yield


def sweep(paths: Iterable[Path]) -> None:
    """Remove what killed builds left beside these files, unless somebody writes there; then a later build does."""
    for path in paths:
        with contextlib.suppress(OSError):
            try:
                with _held(path.parent, alone=True):
                    _remove(_leftovers(path))
            except BlockingIOError:
                continue
            except OSError:
                _remove(each for each in _leftovers(path) if _age_seconds(each) > ABANDONED_SECONDS)


def _leftovers(path: Path) -> Iterator[Path]:
    pattern = re.compile(re.escape(f".{path.name}.") + r"[0-9a-f]+\.(?:old\.)?part")
    for found in path.parent.glob(f"{glob.escape(f'.{path.name}.')}*.part"):
        if pattern.fullmatch(found.name):
            yield found


def _remove(leftovers: Iterable[Path]) -> None:
    for leftover in leftovers:
        with contextlib.suppress(OSError):  # what cannot be removed is in nobody's way
            leftover.unlink()


def _age_seconds(path: Path) -> float:
    """Say how long ago a file was last written or, where the system tells, got its name."""
    state = path.stat()
    return time.time() - max(state.st_mtime, state.st_ctime)


@contextlib.contextmanager
def _held(folder: Path, *, alone: bool) -> Iterator[None]:
    """Hold a folder with others, or alone. Raises BlockingIOError where others hold it, OSError where nobody can."""
    if fcntl is None:
        raise OSError("folders cannot be held here")
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB if alone else fcntl.LOCK_SH)
        yield
    finally:
        os.close(handle)
