"""Open sound files by libsndfile or, for what that does not read, by ffmpeg, and decode them in blocks.

libsndfile knows a file by what is in it, not by its name. ffmpeg is asked where it is installed.
"""

from __future__ import annotations

import re
import shutil
import struct
import subprocess
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np

from audio_builder.errors import SoundError
from audio_builder.sound.samples import Samples

FFMPEG_FORMATS = "aac,ac3,aiff,amr,ape,asf,caf,flac,matroska,mov,mp3,mpc,mpc8,ogg,tak,tta,w64,wav,webm,wv"
"""What ffmpeg may take a file for: none that leads it to other files, or to the network."""

FFMPEG_OPTIONS = (
    "-nostdin", "-hide_banner", "-loglevel", "error", "-xerror",
    "-protocol_whitelist", "file", "-format_whitelist", FFMPEG_FORMATS,
)  # fmt: skip
FFMPEG_OUTPUT = ("-vn", "-sn", "-dn", "-c:a", "pcm_f32be", "-f", "au", "pipe:1")

BLOCK_SAMPLES = 1 << 16

CUT_SECONDS = 0.05
"""A file that is shorter than its header says by less than this was written carelessly, not cut off."""

UNKNOWN_BYTES = 0x7FFF_0000
"""So much or more promises a WAV that was written to a pipe, before anybody knew."""

_PROMISED = re.compile(r"^ *(?:data|SSND) : ([0-9]+) \(should be ([1-9][0-9]*)\)$", re.MULTILINE)
"""How libsndfile tells of a WAV or an AIFF, whose length it takes from the file's own end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A sound file that is open."""

    rate: int
    channels: int
    blocks: Iterator[Samples]
    """Shape (samples, channels), to be read once."""
    stated: int = 0
    """The samples that its header promises; 0 where it only guesses."""


@contextmanager
def opened(path: Path) -> Generator[Source]:
    """Open a plain file by whatever reads it. Raises SoundError, also where reading on fails."""
    import soundfile

    if not path.is_file():
        raise unreadable(path, "it is not a plain file" if path.exists() else "there is no such file")
    try:
        try:
            file = soundfile.SoundFile(str(path))
        except TypeError:
            raise unreadable(path, "raw samples do not say how they are meant") from None
        except soundfile.LibsndfileError as error:
            program = shutil.which("ffmpeg")
            if not program:
                reason = f"{error.error_string.rstrip('. ')}; ffmpeg, which reads more, is not installed"
                raise unreadable(path, reason) from error
            with _by_ffmpeg(path, program) as source:
                yield source
        else:
            with file:
                yield Source(
                    rate=file.samplerate,
                    channels=file.channels,
                    blocks=_blocks_of(file),
                    stated=_stated(file),
                )
    except (OSError, soundfile.LibsndfileError) as error:
        raise unreadable(path, str(error)) from error


def _stated(file: Any) -> int:
    if file.format == "MP3":
        return 0
    promised, there = map(int, found.groups()) if (found := _PROMISED.search(file.extra_info)) else (0, 1)
    frames = file.frames * promised // there
    cut = promised < UNKNOWN_BYTES and frames - file.frames > CUT_SECONDS * file.samplerate
    return int(frames if cut else file.frames)


def _blocks_of(file: Any) -> Iterator[Samples]:
    while len(block := file.read(BLOCK_SAMPLES, dtype="float32", always_2d=True)):
        yield block


@contextmanager
def _by_ffmpeg(path: Path, program: str) -> Generator[Source]:
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
                yield Source(rate=rate, channels=channels, blocks=_floats(process.stdout, channels))
            rest = process.stdout.read(1)
            if (not rest and process.wait() != 0) or len(head) < 24:
                complaints.seek(0)
                lines = complaints.read(2_000).decode(errors="replace").strip().splitlines()
                said = lines[-1].replace(f"file:{path.resolve()}: ", "") if lines else "it holds no sound"
                raise unreadable(path, f"ffmpeg says: {said}")
        finally:
            process.kill()


def _floats(stream: IO[bytes], channels: int) -> Iterator[Samples]:
    frame_bytes = 4 * channels
    while data := stream.read(BLOCK_SAMPLES * frame_bytes):
        whole = data[: len(data) // frame_bytes * frame_bytes]
        yield np.frombuffer(whole, ">f4").astype(np.float32).reshape(-1, channels)


def unreadable(path: Path, reason: str) -> SoundError:
    """Name a file that is not taken, and why."""
    return SoundError(
        f"the sound file cannot be read: {reason}", where=str(path), remedy="Save it again as WAV or FLAC."
    )
