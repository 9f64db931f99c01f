"""Writing so that nothing is lost: a file appears whole or not at all, and so does a set of files.

Every file is written beside its target, and through to the disk before it gets its name. While a set is written, a
file `.TOKEN.writing.part` lists it; once all of it lies on the disk, that is renamed to `.TOKEN.ready.part`. This is
the one switch: who writes there after a kill or a power cut removes what was not ready, and finishes what was. A living
writer holds its list by a lock, which ends with its process; a process id may be somebody else's by now.
"""

from __future__ import annotations

import contextlib
import errno
import json
import logging
import os
import re
import secrets
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from types import FrameType
from typing import Literal

from audio_builder.errors import OutputError, Remedy, Setting

try:
    import fcntl
except ImportError:  # Windows has no such locks
    fcntl = None  # type: ignore[assignment]

log = logging.getLogger(__name__)

Content = Iterable[bytes | memoryview]

WRITTEN_AT_ONCE = 1 << 20
"""Bytes; a session has hundreds of small chunks."""

ABANDONED_SECONDS = 3_600
"""What did not change for so long is a killed process's, where no lock tells."""

PART = ".part"
FORMAT = "set of files by audio-builder 1"
_REMEDY = "Choose another place with {}, or make room there. Earlier files are as they were."
_LIST = re.compile(r"\.[0-9a-f]{8}\.(writing|ready)\.part")


def replace_file(path: Path, content: Content, *, sync: Callable[[int], None] = os.fsync) -> None:
    """Write one file, through to the disk, and only then give it its name. Raises OSError; then all is as it was."""
    part = path.with_name(f"{secrets.token_hex(8)}{PART}")
    try:
        _write(part, content, sync)
        part.replace(path)
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def write_all(
    files: Mapping[Path, Content], *, within: Path | None = None, sync: Callable[[int], None] = os.fsync
) -> None:
    """Write a set of files: all of them, or none and nothing lost, also where the process is killed meanwhile.

    They are put in place in the order given. `within` is a folder that holds them all; unless given, the nearest one.
    Raises OutputError; then, as after an interrupt, every earlier file is as it was.
    """
    if not files:
        return
    for path in files:
        with _told(path):
            path.parent.mkdir(parents=True, exist_ok=True)
    places = [path.parent.resolve() / path.name for path in files]
    root = within.resolve() if within else Path(os.path.commonpath([place.parent for place in places]))
    mend(root)
    with _told(root), _Set.begun(root, places, sync) as pending:
        for number, (path, content) in enumerate(files.items()):
            with _told(path):
                _write(pending.part(number), content, sync)
        with _held(root), _undisturbed():
            _mend(root)
            pending.switch(sync)


def mend(folder: Path) -> None:
    """Finish what a killed writer had ready in a folder, and remove what it had not; what living ones write stays."""
    if any(_lists(folder)):
        with _held(folder):
            _mend(folder)


def holds_already(path: Path, content: Content) -> bool:
    """Tell whether a file has exactly these bytes, so that writing them would only take time."""
    if not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            return all(file.read(len(piece)) == piece for piece in content) and not file.read(1)
    except OSError:
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Set:
    """Files that are put in place together, and the list of them on the disk."""

    root: Path
    token: str
    places: Sequence[Path]

    @classmethod
    @contextlib.contextmanager
    def begun(cls, root: Path, places: Sequence[Path], sync: Callable[[int], None]) -> Iterator[_Set]:
        """List a set, and hold the list until the block ends; then nothing but the files is left."""
        pending = cls(root=root, token=secrets.token_hex(4), places=places)
        names = [os.path.relpath(place, root) for place in places]
        with contextlib.ExitStack() as until_done:
            until_done.callback(pending.remove)
            with _held(root):
                file = until_done.enter_context(pending.list("writing").open("xb"))
                file.write(json.dumps({"format": FORMAT, "names": names}).encode())
                file.flush()
                sync(file.fileno())
                if not _locked(file.fileno()):
                    file.close()  # Windows renames no open file
            yield pending

    @classmethod
    def read(cls, path: Path) -> _Set | None:
        """Read a list that somebody left; None where it is not one of ours, or names what lies elsewhere."""
        try:
            found = json.loads(path.read_bytes())
            format_, names = found["format"], [PurePath(name) for name in found["names"]]
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return None
        if format_ != FORMAT or any(
            name.is_absolute() or ".." in name.parts or not name.name for name in names
        ):
            return None
        return cls(root=path.parent, token=path.name[1:9], places=[path.parent / name for name in names])

    def list(self, state: Literal["writing", "ready"]) -> Path:
        return self.root / f".{self.token}.{state}{PART}"

    def part(self, number: int) -> Path:
        return self.places[number].with_name(f".{self.token}.{number}{PART}")

    def earlier(self, number: int) -> Path:
        return self.places[number].with_name(f".{self.token}.{number}.old{PART}")

    def switch(self, sync: Callable[[int], None]) -> None:
        """Say that all is ready, and put it in place; where that cannot be done, undo it."""
        folders = {place.parent for place in self.places}
        _sync_folders(folders, sync)
        self.list("writing").replace(self.list("ready"))
        _sync_folders([self.root], sync)
        try:
            for number, place in enumerate(self.places):
                with _told(place):
                    self._set_aside(number)
                    self.part(number).replace(place)
        except BaseException:
            self._undo()
            raise
        _sync_folders(folders, sync)

    def finish(self) -> None:
        """Put in place what somebody had ready; what cannot be is tried again the next time."""
        try:
            for number, place in enumerate(self.places):
                if self.part(number).exists():
                    self.part(number).replace(place)
                    _sync_folders([place.parent], os.fsync)
        except OSError as error:
            log.warning("%s: cannot finish what was cut short: %s", self.root, error.strerror or error)
            return
        log.warning("%s: an earlier run was cut short; what it had ready is in place now", self.root)
        self.remove()

    def remove(self) -> None:
        """Remove all but the files themselves; what cannot be removed is in nobody's way."""
        left = [each(number) for number in range(len(self.places)) for each in (self.part, self.earlier)]
        for path in (*left, self.list("writing"), self.list("ready")):
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)

    def _set_aside(self, number: int) -> None:
        """Give an earlier file a second name or, where it can have only one, another one."""
        place = self.places[number]
        if place.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if os.path.lexists(place):
            try:
                os.link(place, self.earlier(number))
            except OSError:
                place.replace(self.earlier(number))

    def _undo(self) -> None:
        for number, place in enumerate(self.places):
            if os.path.lexists(self.earlier(number)):
                self.earlier(number).replace(place)
            elif not self.part(number).exists():
                place.unlink(missing_ok=True)


def _mend(folder: Path) -> None:
    """Do what `mend` does, while the folder is held."""
    for path in _lists(folder):
        left = _Set.read(path)
        if left is None:
            continue
        if path == left.list("ready"):
            left.finish()
        elif _abandoned(path):
            left.remove()


def _lists(folder: Path) -> list[Path]:
    """Find the lists of sets in a folder."""
    try:
        return sorted(folder / name for name in os.listdir(folder) if _LIST.fullmatch(name))  # noqa: PTH208
    except OSError:
        return []


def _abandoned(path: Path) -> bool:
    """Tell whether nobody writes the set that a list names any more."""
    try:
        with path.open("rb") as file:
            ours, state = _locked(file.fileno()), os.fstat(file.fileno())
    except OSError:
        return False
    age_seconds = time.time() - max(state.st_mtime, state.st_ctime)
    return age_seconds > ABANDONED_SECONDS if ours is None else ours


def _locked(handle: int) -> bool | None:
    """Take the lock of an open file, which goes when it is closed: False where somebody has it, None without locks."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except (OSError, AttributeError):
        return None
    return True


@contextlib.contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Let nobody else begin, switch or mend in a folder for a moment; on systems without such locks, do nothing."""
    with contextlib.ExitStack() as until_done:
        with contextlib.suppress(OSError, AttributeError):
            handle = os.open(folder, os.O_RDONLY)
            until_done.callback(os.close, handle)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _write(path: Path, content: Content, sync: Callable[[int], None]) -> None:
    with path.open("xb", buffering=WRITTEN_AT_ONCE) as file:
        file.writelines(content)
        file.flush()
        sync(file.fileno())


def _sync_folders(folders: Iterable[Path], sync: Callable[[int], None]) -> None:
    for folder in folders:
        with contextlib.suppress(OSError), contextlib.ExitStack() as until_done:
            handle = os.open(folder, os.O_RDONLY)
            until_done.callback(os.close, handle)
            sync(handle)


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Let an interrupt wait until the block is done; only the main thread is ever interrupted."""
    came: list[tuple[int, FrameType | None]] = []
    interrupts = (signal.SIGINT, signal.SIGTERM) * (threading.current_thread() is threading.main_thread())
    ours = {number: usual for number in interrupts if callable(usual := signal.getsignal(number))}
    for number in ours:
        signal.signal(number, lambda number, frame: came.append((number, frame)))
    try:
        yield
    finally:
        for number, handler in ours.items():
            signal.signal(number, handler)
    for knock, frame in came[:1]:
        ours[signal.Signals(knock)](knock, frame)


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        why = os.strerror(errno.ENOTDIR) if isinstance(error, FileExistsError) else error.strerror or error
        raise OutputError(
            f"cannot be written: {why}", str(path), Remedy(_REMEDY, (Setting("output"),))
        ) from error
