"""The name of a shipped sound or a file's path comes in; its samples go out, at the session's rate."""

from __future__ import annotations

import difflib
import hashlib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from audio_builder.errors import SoundError
from audio_builder.timebase import RATE

if TYPE_CHECKING:
    from audio_builder.sound.samples import Samples

LONGEST_SECONDS = 3_600.0
"""A file is held in memory as a whole; past an hour it is surely not meant as a sound."""


def sounds_folder() -> Path:
    """Find the sounds that ship: inside an installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "sounds"
    return inside if inside.is_dir() else package.parent / "sounds"


def names() -> tuple[str, ...]:
    """Name the sounds that ship, in alphabetical order."""
    return tuple(sorted(path.stem for path in sounds_folder().glob("*.flac")))


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
        remedy=f"{meant}Use one of {', '.join(names())}, or the path of a WAV, FLAC, OGG or MP3 file.",
    )


def load(name_or_path: str | Path) -> Samples:
    """Read a sound as (samples,) at 48 kHz, channels averaged; not to be written to. Raises SoundError."""
    import numpy as np

    result = load_channels(name_or_path)
    mono = result if result.ndim == 1 else np.asarray(result.mean(axis=1), dtype=np.float32)
    mono.setflags(write=False)
    return mono


def load_channels(name_or_path: str | Path) -> Samples:
    """Read a sound as (samples,) or (samples, 2) at 48 kHz; not to be written to. Raises SoundError."""
    path = find(name_or_path)
    state = path.stat()
    return _read(path, (state.st_mtime_ns, state.st_size))


def length_of(name_or_path: str | Path) -> int:
    """Give the samples that `load` will have, from the file's header where it says so; raises SoundError."""
    path = find(name_or_path)
    header = _flac_header(path)
    if header is not None:
        return _resampled_length(*header)
    if path.suffix.lower() == ".mp3":
        return int(load(path).shape[0])  # an MP3's header may only guess
    import soundfile

    try:
        info = soundfile.info(str(path))
    except (OSError, soundfile.LibsndfileError) as error:
        raise _unreadable(path, error) from error
    return _resampled_length(info.frames, info.samplerate)


def fingerprint(name_or_path: str | Path) -> str:
    """Hash a sound's file, for keys of what is made from it; raises SoundError."""
    path = find(name_or_path)
    try:
        state = path.stat()
        return _hashed(path, (state.st_mtime_ns, state.st_size))
    except OSError as error:
        raise _unreadable(path, error) from error


@lru_cache(maxsize=64)
def _hashed(path: Path, state: tuple[int, int]) -> str:
    del state  # a file that was replaced is read again
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _flac_header(path: Path) -> tuple[int, int] | None:
    """Read the samples and the rate from a FLAC's first block (RFC 9639, section 8.2); None for other files.

    Much faster than asking libsndfile, whose import alone takes longer than a warm build may.
    """
    try:
        with path.open("rb") as file:
            head = file.read(26)
    except OSError as error:
        raise _unreadable(path, error) from error
    if len(head) < 26 or head[:4] != b"fLaC" or head[4] & 0x7F != 0:
        return None
    packed = int.from_bytes(head[18:26], "big")
    count, rate = packed & (1 << 36) - 1, packed >> 44
    return (count, rate) if count and rate else None


def _resampled_length(count: int, rate: int) -> int:
    return -(-count * RATE // rate)


@lru_cache(maxsize=16)
def _read(path: Path, state: tuple[int, int]) -> Samples:
    """Decode and resample a file; `state` keeps the store honest when a file is replaced."""
    del state
    import numpy as np
    import soundfile

    try:
        _check_length(path, soundfile.info(str(path)).duration)
        samples, rate = soundfile.read(str(path), dtype="float32", always_2d=True)
    except (OSError, soundfile.LibsndfileError) as error:
        raise _unreadable(path, error) from error
    if len(samples) == 0 or not np.isfinite(samples).all():
        raise SoundError(
            "the sound file holds no usable audio", where=str(path), remedy="Save it again as WAV or FLAC."
        )
    result = _resampled(samples[:, :2], rate)
    result = np.ascontiguousarray(result[:, 0] if result.shape[1] == 1 else result)
    result.setflags(write=False)
    return result


def _check_length(path: Path, seconds: float) -> None:
    if seconds > LONGEST_SECONDS:
        raise SoundError(
            f"the sound lasts {seconds / 60:.0f} minutes",
            where=str(path),
            remedy="Use one of at most an hour.",
        )


def _resampled(samples: Samples, rate: int) -> Samples:
    import numpy as np
    import soxr

    if rate == RATE:
        return samples
    result = np.zeros((_resampled_length(len(samples), rate), samples.shape[1]), dtype=np.float32)
    given = soxr.resample(samples, rate, RATE, quality="HQ")[: len(result)]
    result[: len(given)] = given
    return result


def _unreadable(path: Path, error: Exception) -> SoundError:
    return SoundError(
        f"the sound file cannot be read: {error}",
        where=str(path),
        remedy="Use a WAV, FLAC, OGG or MP3 file that other players open.",
    )
