"""Read sound files of any format, in blocks and within limits, whatever their channels hold.

libsndfile knows a file by what is in it, not by its name; what it does not read, ffmpeg does where it is installed. A
file is gone through twice: once to look, once to mix and resample it, so that no more is held than the result.
"""

from __future__ import annotations

import shutil
import struct
import subprocess
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO, Any, Literal

import numpy as np
from numpy.typing import NDArray

from audio_builder.errors import SoundError
from audio_builder.sound.library import find, state_of
from audio_builder.sound.samples import Samples
from audio_builder.timebase import RATE

LONGEST_SECONDS = 3_600.0
"""A sound is held in memory once it is read; past an hour it is surely not meant as one."""

LOWEST_HZ = 4_000
HIGHEST_HZ = 768_000
MOST_CHANNELS = 32

OFFSET = 1e-3
"""A mean farther from zero than this is a sound card's fault; it would be heard as a click at both ends."""

EMPTY_SHARE = 1e-4
"""A channel with less than this share of the strongest one's power is empty (40 dB)."""

OPPOSED = -0.5
"""Channels whose correlation lies below this are one sound, one of them inverted: together they would vanish."""

SIDES = {2: "LR", 3: "LRC", 4: "LRLR", 5: "LRCLR", 6: "LRC-LR", 7: "LRC-CLR", 8: "LRC-LRLR"}
"""Left, right or both, by the number of channels, in the order of WAV, FLAC and ffmpeg; bass alone belongs to none."""

FFMPEG_FORMATS = "aac,ac3,aiff,amr,ape,asf,caf,flac,matroska,mov,mp3,mpc,mpc8,ogg,tak,tta,w64,wav,webm,wv"
"""What ffmpeg may take a file for: none that leads it to other files, or to the network."""

FFMPEG_OPTIONS = (
    "-nostdin", "-hide_banner", "-loglevel", "error", "-xerror",
    "-protocol_whitelist", "file", "-format_whitelist", FFMPEG_FORMATS,
)  # fmt: skip
FFMPEG_OUTPUT = ("-map", "0:a:0", "-c:a", "pcm_f32be", "-f", "au", "pipe:1")

BLOCK_SAMPLES = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """A sound file that is open."""

    rate: int
    channels: int
    blocks: Iterator[Samples]
    """Shape (samples, channels), to be read once."""
    stated: int = 0
    """The samples that its header promises; 0 where it only guesses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Survey:
    """What a first look finds."""

    rate: int
    samples: int
    offsets: NDArray[np.float32]
    """Of each channel: how far its mean is off; 0 where that is within OFFSET."""
    products: NDArray[np.float64]
    """Of each channel with each: the sum of their products, offsets taken out."""


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
    survey = _surveyed(path, longest_seconds)
    weights = _weights(survey.products, wanted=channels)
    rate = rate or survey.rate
    result = np.zeros((resampled_length(survey.samples, survey.rate, rate), weights.shape[1]), np.float32)
    with _opened(path) as source:
        blocks = _mixed(source.blocks, survey.offsets, weights)
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
    with _opened(path) as source:
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
    del state  # a file that was replaced is read again; decoding one may take seconds
    with _opened(path) as source:
        stated = source.stated
    return resampled_length(stated, source.rate, RATE) if stated else len(load(path))


def resampled_length(count: int, rate: int, new_rate: int) -> int:
    """Say how many samples so many are at another rate."""
    return -(-count * new_rate // rate)


def _surveyed(path: Path, longest_seconds: float) -> _Survey:
    with _opened(path) as source:
        _check(path, source, longest_seconds=longest_seconds)
        count = 0
        sums = np.zeros(source.channels)
        products = np.zeros((source.channels, source.channels))
        for block in source.blocks:
            count += len(block)
            if count > longest_seconds * source.rate:
                raise _too_long(path, longest_seconds)
            if not np.isfinite(block).all():
                raise _unusable(path)
            values = block.astype(np.float64)
            sums += values.sum(axis=0)
            products += values.T @ values
    if count == 0:
        raise _unusable(path)
    if count < source.stated:
        missing = (source.stated - count) / source.rate
        raise _unreadable(path, f"its last {missing:.1f} s are missing")
    means = sums / count
    offsets = np.where(np.abs(means) > OFFSET, means, 0.0)
    return _Survey(
        rate=source.rate,
        samples=count,
        offsets=offsets.astype(np.float32),
        products=products - count * np.outer(offsets, offsets),
    )


def _check(path: Path, source: _Source, *, longest_seconds: float = LONGEST_SECONDS) -> None:
    rate, channels = source.rate, source.channels
    if not LOWEST_HZ <= rate <= HIGHEST_HZ:
        raise _unreadable(path, f"it has {rate} samples a second, not {LOWEST_HZ:,} to {HIGHEST_HZ:,}")
    if channels > MOST_CHANNELS:
        raise _unreadable(path, f"it has {channels} channels, more than {MOST_CHANNELS}")
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


def _mixed(blocks: Iterator[Samples], offsets: Samples, weights: Samples) -> Iterator[Samples]:
    for block in blocks:
        yield np.asarray((block - offsets) @ weights, np.float32)


def _resampled(blocks: Iterator[Samples], rate: int, new_rate: int, channels: int) -> Iterator[Samples]:
    import soxr

    stream = soxr.ResampleStream(rate, new_rate, channels, dtype="float32", quality="HQ")
    for block in blocks:
        yield stream.resample_chunk(np.ascontiguousarray(block)).reshape(-1, channels)
    yield stream.resample_chunk(np.zeros((0, channels), np.float32), last=True).reshape(-1, channels)


@contextmanager
def _opened(path: Path) -> Generator[_Source]:
    """Open a plain file by whatever reads it. Raises SoundError, also where reading on fails."""
    import soundfile

    if not path.is_file():
        raise _unreadable(path, "it is not a plain file" if path.exists() else "there is no such file")
    try:
        try:
            file = soundfile.SoundFile(str(path))
        except TypeError:
            raise _unreadable(path, "raw samples do not say how they are meant") from None
        except soundfile.LibsndfileError as error:
            program = shutil.which("ffmpeg")
            if not program:
                reason = f"{error.error_string.rstrip('. ')}; ffmpeg, which reads more, is not installed"
                raise _unreadable(path, reason) from error
            with _by_ffmpeg(path, program) as source:
                yield source
        else:
            with file:
                guesses = file.format == "MP3"
                yield _Source(
                    rate=file.samplerate,
                    channels=file.channels,
                    blocks=_blocks_of(file),
                    stated=0 if guesses else file.frames,
                )
    except (OSError, soundfile.LibsndfileError) as error:
        raise _unreadable(path, str(error)) from error


def _blocks_of(file: Any) -> Iterator[Samples]:
    while len(block := file.read(BLOCK_SAMPLES, dtype="float32", always_2d=True)):
        yield block


@contextmanager
def _by_ffmpeg(path: Path, program: str) -> Generator[_Source]:
    """Let ffmpeg write the first track as 32-bit floats behind a header of Sun's AU format, and read that."""
    command = [program, *FFMPEG_OPTIONS, "-i", f"file:{path.resolve()}", *FFMPEG_OUTPUT]
    with (
        tempfile.TemporaryFile() as complaints,
        subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=complaints
        ) as process,
    ):
        assert process.stdout is not None, "it was asked for"
        try:
            head = process.stdout.read(24)
            if len(head) == 24:
                magic, size, _, encoding, rate, channels = struct.unpack(">4s5I", head)
                assert (magic, encoding) == (b".snd", 6), "ffmpeg was told to write 32-bit floats"
                process.stdout.read(size - 24)
                yield _Source(rate=rate, channels=channels, blocks=_floats(process.stdout, channels))
            rest = process.stdout.read(1)
            if (not rest and process.wait() != 0) or len(head) < 24:
                complaints.seek(0)
                lines = complaints.read(2_000).decode(errors="replace").strip().splitlines()
                said = lines[-1].replace(f"file:{path.resolve()}: ", "") if lines else "it holds no sound"
                raise _unreadable(path, f"ffmpeg says: {said}")
        finally:
            process.kill()


def _floats(stream: IO[bytes], channels: int) -> Iterator[Samples]:
    frame_bytes = 4 * channels
    while data := stream.read(BLOCK_SAMPLES * frame_bytes):
        whole = data[: len(data) // frame_bytes * frame_bytes]
        yield np.frombuffer(whole, ">f4").astype(np.float32).reshape(-1, channels)


def _too_long(path: Path, longest_seconds: float) -> SoundError:
    most = f"{longest_seconds / 60:g} minutes"
    return SoundError(
        f"the sound lasts more than {most}", where=str(path), remedy=f"Use one of at most {most}."
    )


def _unusable(path: Path) -> SoundError:
    return SoundError(
        "the sound file holds no usable audio", where=str(path), remedy="Save it again as WAV or FLAC."
    )


def _unreadable(path: Path, reason: str) -> SoundError:
    return SoundError(
        f"the sound file cannot be read: {reason}", where=str(path), remedy="Save it again as WAV or FLAC."
    )
