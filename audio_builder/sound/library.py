"""The sounds that ship and the files that people name: where they lie, and what is in them."""

from __future__ import annotations

import difflib
import hashlib
from functools import lru_cache
from pathlib import Path

from audio_builder.errors import SoundError


def sounds_folder() -> Path:
    """Find the sounds that ship: inside an installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "sounds"
    return inside if inside.is_dir() else package.parent / "sounds"


def names() -> tuple[str, ...]:
    """Name the sounds that ship, in alphabetical order."""
    return tuple(sorted(path.stem for path in sounds_folder().glob("*.flac")))


def names_file(sound: str) -> bool:
    """Tell a file's name or path from the name of a sound that comes with the house: those have no point or slash."""
    return any(sign in sound for sign in "./\\")


def find(name_or_path: str | Path) -> Path:
    """Give the file of a shipped sound's name or of a path; raises SoundError where there is none."""
    if str(name_or_path) in names():
        return sounds_folder() / f"{name_or_path}.flac"
    path = Path(name_or_path)
    if path.is_file():
        return path
    close = difflib.get_close_matches(str(name_or_path), names(), n=1)
    meant = f'did you mean "{close[0]}"? ' if close else ""
    raise SoundError(
        f'there is no sound "{name_or_path}"',
        remedy=f"{meant}Use one of {', '.join(names())}, or the path of a sound file.",
    )


def fingerprint(name_or_path: str | Path) -> str:
    """Hash a sound's file, for keys of what is made from it; raises SoundError."""
    path = find(name_or_path)
    try:
        return _hashed(path, state_of(path))
    except OSError as error:
        raise SoundError(f"the sound file cannot be read: {error.strerror}", where=str(path)) from error


def state_of(path: Path) -> tuple[int, int]:
    """Give what changes when a file is replaced: when it was written, and its bytes."""
    state = path.stat()
    return state.st_mtime_ns, state.st_size


@lru_cache(maxsize=64)
def _hashed(path: Path, state: tuple[int, int]) -> str:
    del state  # a file that was replaced is read again
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
