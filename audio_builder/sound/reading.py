"""Find sounds, those that ship and the files that people name, and read them within limits.

A long file is gone through twice, once to look, once to mix and resample it, so that no more is held than the result.
"""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from audio_builder.errors import SoundError
from audio_builder.sound.decoding import Source, opened, unreadable
from audio_builder.sound.samples import Samples
from audio_builder.timebase import RATE

LONGEST_SECONDS = 3_600.0
"""A sound is held in memory once it is read; past an hour it is surely not meant as one."""

LOWEST_HZ = 4_000
HIGHEST_HZ = 768_000
MOST_CHANNELS = 32

MOST_HELD = 1 << 22
"""Samples of all channels (16 MB) that are held between two looks."""

LOUDEST = 2.0**32
"""Past what 32 bits hold, whichever way they are scaled, a sample is a fault and no sound."""

OFFSET = 1e-3
"""What lies farther off zero than this, mostly, is a sound card's fault; it would be heard as a click at both ends."""

OFFSET_SECONDS = 0.1
"""Offsets are measured over so long; the median is the silence's own, however lopsided a voice is."""

EMPTY_SHARE = 1e-4
"""A channel with less than this share of the strongest one's power is empty (40 dB)."""

OPPOSED = -0.5
"""Channels whose correlation lies below this are one sound, one of them inverted: together they would vanish."""

SIDES = {2: "LR", 3: "LRC", 4: "LRLR", 5: "LRCLR", 6: "LRC-LR", 7: "LRC-CLR", 8: "LRC-LRLR"}
"""Left, right or both, by the number of channels, in the order of WAV, FLAC and ffmpeg; bass alone belongs to none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Survey:
    """What a first look finds."""

    rate: int
    samples: int
    offsets: NDArray[np.float32]
    """Of each channel: how far it mostly lies off zero; 0 where that is within OFFSET."""
    products: NDArray[np.float64]
    """Of each channel with each: the sum of their products, offsets taken out."""
    held: tuple[Samples, ...]
    """All blocks, where they are few."""


def read_sound(
    path: Path,
    *,
    channels: Literal[1, 2] = 1,
    rate: int | None = None,
    longest_seconds: float = LONGEST_SECONDS,
) -> tuple[Samples, int]:
    """Read a file as (samples,) or, where two are wanted and there, (samples, 2), with the rate it is at.

    The rate is the file's own, or the one asked for. An offset is taken out, an inverted channel is turned round, an
    empty one does not count, and more channels than wanted are averaged. Raises SoundError.
    """
    survey = _surveyed(path, state_of(path) if path.is_file() else (0, 0), longest_seconds)
    weights = _weights(survey.products, wanted=channels)
    rate = rate or survey.rate
    result = np.zeros((resampled_length(survey.samples, survey.rate, rate), weights.shape[1]), np.float32)
    blocks = _mixed(survey.held or _blocks(path), survey.offsets, weights)
    if rate != survey.rate:
        blocks = _resampled(blocks, survey.rate, rate, weights.shape[1])
    at = 0
    for block in blocks:
        here = result[at : at + len(block)]
        here[:] = block[: len(here)]
        at += len(block)
    return np.ascontiguousarray(result[:, 0] if result.shape[1] == 1 else result), rate


def check_sound(path: Path) -> None:
    """Look at what a file says of itself. Raises SoundError where `read_sound` would for that alone."""
    with opened(path) as source:
        _check(path, source)


def load(name_or_path: str | Path, *, channels: Literal[1, 2] = 1) -> Samples:
    """Read a shipped sound or a file at 48 kHz: (samples,) or, where two are wanted and there, (samples, 2).

    Raises SoundError.
    """
    return read_sound(find(name_or_path), channels=channels, rate=RATE)[0]


def length_of(name_or_path: str | Path) -> int:
    """Give the samples that `load` will have, from the file's header where it says so. Raises SoundError."""
    path = find(name_or_path)
    return _length_of(path, state_of(path))


@lru_cache(maxsize=64)
def _length_of(path: Path, state: tuple[int, int]) -> int:
    with opened(path) as source:
        _check(path, source)
        stated = source.stated
    count = stated or _surveyed(path, state, LONGEST_SECONDS).samples
    return resampled_length(count, source.rate, RATE)


def resampled_length(count: int, rate: int, new_rate: int) -> int:
    """Say how many samples so many are at another rate."""
    return -(-count * new_rate // rate)


@lru_cache(maxsize=2)  # who asks for a length reads the file next; decoding one may take seconds
def _surveyed(path: Path, state: tuple[int, int], longest_seconds: float) -> _Survey:
    del state  # a file that was replaced is read again
    held: list[Samples] = []
    with opened(path) as source:
        _check(path, source, longest_seconds=longest_seconds)
        count = 0
        sums = np.zeros(source.channels)
        products = np.zeros((source.channels, source.channels))
        window = max(1, round(source.rate * OFFSET_SECONDS))
        means, rest = [], np.zeros((0, source.channels))
        for block in source.blocks:
            count += len(block)
            if count > longest_seconds * source.rate:
                raise _too_long(path, longest_seconds)
            if not (np.abs(block) <= LOUDEST).all():  # nor is what is no number
                raise _unusable(path)
            if count * source.channels <= MOST_HELD:
                held.append(block)
            values = block.astype(np.float64)
            sums += values.sum(axis=0)
            products += values.T @ values
            rest = np.concatenate([rest, values])
            whole = len(rest) // window * window
            means.append(rest[:whole].reshape(-1, window, source.channels).mean(axis=1))
            rest = rest[whole:]
    if count == 0:
        raise _unusable(path)
    if count < source.stated:
        missing = (source.stated - count) / source.rate
        raise unreadable(path, f"its last {missing:.1f} s are missing")
    means += [rest.mean(axis=0, keepdims=True)] if len(rest) else []
    usual = np.median(np.concatenate(means), axis=0)
    offsets = np.where(np.abs(usual) > OFFSET, usual, 0.0)
    crossed = np.outer(sums, offsets)
    return _Survey(
        rate=source.rate,
        samples=count,
        offsets=offsets.astype(np.float32),
        products=products - crossed - crossed.T + count * np.outer(offsets, offsets),
        held=tuple(held) if count * source.channels <= MOST_HELD else (),
    )


def _check(path: Path, source: Source, *, longest_seconds: float = LONGEST_SECONDS) -> None:
    rate, channels = source.rate, source.channels
    if not LOWEST_HZ <= rate <= HIGHEST_HZ:
        raise unreadable(path, f"it has {rate} samples a second, not {LOWEST_HZ:,} to {HIGHEST_HZ:,}")
    if channels > MOST_CHANNELS:
        raise unreadable(path, f"it has {channels} channels, more than {MOST_CHANNELS}")
    if source.stated > longest_seconds * rate:
        raise _too_long(path, longest_seconds)


def _weights(products: NDArray[np.float64], *, wanted: int) -> NDArray[np.float32]:
    """Say how much of each channel goes where, shape (channels, 1) or, where there are two wanted, (channels, 2)."""
    powers = np.diag(products)
    strongest = int(np.argmax(powers))
    signs = np.ones(len(powers))
    if powers[strongest] > 0.0:
        signs[powers < EMPTY_SHARE * powers[strongest]] = 0.0
        level = np.sqrt(np.maximum(powers * powers[strongest], 1e-300))
        signs[(products[strongest] < OPPOSED * level) & (signs != 0.0)] = -1.0
    sides = SIDES.get(len(powers), "C" * len(powers))
    columns = [signs * [side in either for side in sides] for either in ("LC", "RC")]
    mono = signs * [side != "-" for side in sides]
    if wanted == 1 or len(powers) == 1 or not all(column.any() for column in columns):
        columns = [mono if mono.any() else signs]
    return np.stack([column / np.count_nonzero(column) for column in columns], axis=1).astype(np.float32)


def _blocks(path: Path) -> Iterator[Samples]:
    with opened(path) as source:
        yield from source.blocks


def _mixed(blocks: Iterable[Samples], offsets: Samples, weights: Samples) -> Iterator[Samples]:
    for block in blocks:
        yield np.asarray((block - offsets) @ weights, np.float32)


def _resampled(blocks: Iterator[Samples], rate: int, new_rate: int, channels: int) -> Iterator[Samples]:
    import soxr

    stream = soxr.ResampleStream(rate, new_rate, channels, dtype="float32", quality="HQ")
    for block in blocks:
        yield stream.resample_chunk(np.ascontiguousarray(block)).reshape(-1, channels)
    yield stream.resample_chunk(np.zeros((0, channels), np.float32), last=True).reshape(-1, channels)


def _too_long(path: Path, longest_seconds: float) -> SoundError:
    most = f"{longest_seconds / 60:g} minutes"
    return SoundError(
        f"the sound lasts more than {most}", where=str(path), remedy=f"Use one of at most {most}."
    )


def _unusable(path: Path) -> SoundError:
    return SoundError(
        "the sound file holds no usable audio", where=str(path), remedy="Save it again as WAV or FLAC."
    )


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
