"""The name of a shipped sound or a file's path comes in; its samples go out, mono at the session's rate."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import numpy as np

from audio_builder.errors import SoundError
from audio_builder.sound.levels import Samples
from audio_builder.timebase import RATE

SUFFIXES = (".flac", ".wav", ".ogg", ".mp3")
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
    shipped = sounds_folder() / f"{name_or_path}.flac"
    if isinstance(name_or_path, str) and Path(name_or_path).name == name_or_path and shipped.is_file():
        return shipped
    path = Path(name_or_path)
    if path.is_file():
        return path
    close = difflib.get_close_matches(str(name_or_path), names(), n=1)
    meant = f'did you mean "{close[0]}"? ' if close else ""
    raise SoundError(
        f'there is no sound "{name_or_path}"',
        hint=f"{meant}Use one of {', '.join(names())}, or the path of a WAV, FLAC, OGG or MP3 file.",
    )


def load(name_or_path: str | Path) -> Samples:
    """Read a sound as (samples,) at 48 kHz, channels averaged; not to be written to. Raises SoundError."""
    result = load_channels(name_or_path)
    mono = result if result.ndim == 1 else np.asarray(result.mean(axis=1), dtype=np.float32)
    mono.setflags(write=False)
    return mono


def load_channels(name_or_path: str | Path) -> Samples:
    """Read a sound as (samples,) or (samples, 2) at 48 kHz; raises SoundError."""
    path = find(name_or_path)
    changed = path.stat()
    return _read(path, (changed.st_mtime_ns, changed.st_size))


def length_of(name_or_path: str | Path) -> int:
    """Give the length in samples at 48 kHz that `load` will have, from the file's header alone."""
    import soundfile

    path = find(name_or_path)
    if path.suffix.lower() == ".mp3":
        return len(load(path))  # an MP3 header does not say; decoding does
    with _readable(path):
        info = soundfile.info(str(path))
    return _resampled_length(info.frames, info.samplerate)


def fingerprint(name_or_path: str | Path) -> str:
    """Hash a sound's file, for keys of what is made from it; raises SoundError."""
    path = find(name_or_path)
    with _readable(path):
        return hashlib.sha256(path.read_bytes()).hexdigest()


def _resampled_length(frames: int, rate: int) -> int:
    return -(-frames * RATE // rate)


@lru_cache(maxsize=16)
def _read(path: Path, changed: tuple[int, int]) -> Samples:
    """Decode and resample a file; `changed` keeps the store honest when a file is replaced."""
    del changed
    import soundfile

    with _readable(path):
        info = soundfile.info(str(path))
        if info.duration > LONGEST_SECONDS:
            raise SoundError(
                f"the sound lasts {info.duration / 60:.0f} minutes",
                where=str(path),
                hint="Use one of at most an hour.",
            )
        samples, rate = soundfile.read(str(path), dtype="float32", always_2d=True)
    if len(samples) == 0 or not np.isfinite(samples).all():
        raise SoundError(
            "the sound file holds no usable audio", where=str(path), hint="Save it again as WAV or FLAC."
        )
    result = _resampled(samples[:, :2], rate)
    result = np.ascontiguousarray(result[:, 0] if result.shape[1] == 1 else result)
    result.setflags(write=False)
    return result


def _resampled(samples: Samples, rate: int) -> Samples:
    import soxr

    if rate == RATE:
        return samples
    result = np.zeros((_resampled_length(len(samples), rate), samples.shape[1]), dtype=np.float32)
    given = soxr.resample(samples, rate, RATE, quality="HQ")[: len(result)]
    result[: len(given)] = given
    return result


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Turn what libsndfile and the system say into one error that names the file."""
    import soundfile

    try:
        yield
    except (OSError, soundfile.LibsndfileError, RuntimeError) as error:
        raise SoundError(
            f"the sound file cannot be read: {error}",
            where=str(path),
            hint="Use a WAV, FLAC, OGG or MP3 file that other players open.",
        ) from error
