"""Speak by what a teacher recorded: a folder of sound files, one for each line."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import numpy as np

from audio_builder.errors import Remedy, Setting, SpeechError, VoiceError
from audio_builder.speech.engine import Availability, Recording, Utterance, Voice
from audio_builder.speech.voice_script import LINES, NAME_CHARACTERS, name_of, read_lines

Key = TypeVar("Key")

SUFFIXES = (".wav", ".flac", ".ogg", ".mp3", ".m4a", ".aac")
FFMPEG_SUFFIXES = (".m4a", ".aac")
"""Decoded by ffmpeg alone, where it is on the PATH."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Takes:
    """What a folder holds."""

    by_number: Mapping[int, Path]
    by_name: Mapping[str, Path]
    numbers: Mapping[str, int]
    """The line's number in the voice script, by its text's name."""
    fingerprint: str
    """Of every file's content."""

    def find(self, text: str, language: str) -> Path | None:
        """Give the file of a line, named by its number or by its text."""
        name = name_of(text, language)
        number = self.numbers.get(name)
        if number is not None and number in self.by_number:
            return self.by_number[number]
        return self.by_name.get(name) or self.by_name.get(name[:NAME_CHARACTERS].rstrip("-"))


class RecordingsEngine:
    """A teacher's own voice, as the voice `recordings:FOLDER`."""

    name = "recordings"
    online = False
    at_once = 2
    understands = frozenset({"pause", "emphasis", "written"})

    def identity(self, voice: str, language: str) -> str:
        """Name the recordings by their contents."""
        return read_takes(_folder(voice)).fingerprint

    def voices(self) -> Sequence[Voice]:
        """List what a user names instead of a voice."""
        return (
            Voice(name="FOLDER", language="*", about="your own recordings of the lines of a voice script"),
        )

    def availability(self) -> Availability:
        """Own recordings work everywhere."""
        return Availability(works=True)

    def lacking(self, utterances: Iterable[Utterance]) -> tuple[Utterance, ...]:
        """Give the lines that nobody recorded."""
        return tuple(
            each
            for each in utterances
            if read_takes(_folder(each.voice)).find(each.text, each.language) is None
        )

    def speak(self, utterance: Utterance) -> Recording:
        """Read the line's file, channels averaged. Raises SpeechError."""
        folder = _folder(utterance.voice)
        path = read_takes(folder).find(utterance.text, utterance.language)
        if path is None:
            name = name_of(utterance.text, utterance.language)[:NAME_CHARACTERS].rstrip("-")
            raise SpeechError(
                "nobody recorded this line",
                where=str(folder),
                remedy=f"record it and name the file {name}.wav",
            )
        return read_sound(path)

    def close(self) -> None:
        """Nothing is held."""


def read_takes(folder: Path) -> Takes:
    """Look through a folder. Raises VoiceError where it is none, SpeechError where two files claim one line."""
    try:
        files = sorted(each for each in folder.iterdir() if _counts(each))
        stats = tuple((each, each.stat().st_size, each.stat().st_mtime_ns) for each in files)
    except OSError as error:
        kind = VoiceError if isinstance(error, FileNotFoundError | NotADirectoryError) else SpeechError
        raise kind(f"the folder of recordings cannot be read: {error.strerror}", where=str(folder)) from error
    return _takes(stats)


def read_sound(path: Path) -> Recording:
    """Decode a recording. Raises SpeechError."""
    import soundfile

    try:
        if path.suffix.lower() in FFMPEG_SUFFIXES:
            return _by_ffmpeg(path)
        samples, rate = soundfile.read(str(path), dtype="float32", always_2d=True)
    except (OSError, soundfile.LibsndfileError) as error:
        raise SpeechError(
            f"the recording cannot be read: {error}", where=str(path), remedy="save it again as WAV or FLAC"
        ) from error
    return Recording(np.asarray(samples.mean(axis=1), np.float32), int(rate))


def _folder(voice: str) -> Path:
    if not voice:
        raise VoiceError(
            "recordings are in a folder",
            remedy=Remedy("name it, as in {}", (Setting("voice", "recordings:my-voice"),)),
        )
    return Path(voice).expanduser()


def _counts(path: Path) -> bool:
    if path.name == LINES:
        return True
    return path.suffix.lower() in SUFFIXES and not path.name.startswith(".") and path.is_file()


@lru_cache(maxsize=8)
def _takes(stats: tuple[tuple[Path, int, int], ...]) -> Takes:
    digest = hashlib.sha256()
    by_number: dict[int, Path] = {}
    by_name: dict[str, Path] = {}
    numbers: dict[str, int] = {}
    for path, _, _ in stats:
        content = path.read_bytes()
        digest.update(f"{path.name}\0{len(content)}\0".encode() + content)
        if path.name == LINES:
            listed = read_lines(content, path)
            numbers = {name_of(line.text, line.language): number for number, line in listed}
        elif number := re.match(r"\d+", path.stem):
            _claim(by_number, int(number[0]), path)
        else:
            _claim(by_name, name_of(path.stem, ""), path)
    return Takes(by_number=by_number, by_name=by_name, numbers=numbers, fingerprint=digest.hexdigest())


def _claim(claimed: dict[Key, Path], key: Key, path: Path) -> None:
    other = claimed.setdefault(key, path)
    if other != path:
        raise SpeechError(
            f"{other.name} and {path.name} are for the same line",
            where=str(path.parent),
            remedy="keep one of them",
        )


def _by_ffmpeg(path: Path) -> Recording:
    if not shutil.which("ffmpeg"):
        raise OSError(f"{path.suffix} needs ffmpeg, which is not on the PATH")
    from audio_builder.sound.samples import from_segment, segment_class

    try:
        segment = segment_class().from_file(str(path)).set_channels(1)
    except Exception as error:  # pydub raises its own errors, IndexError and others for a file it cannot read
        raise OSError(f"ffmpeg cannot decode it: {type(error).__name__}") from error
    return Recording(from_segment(segment, headroom=1), segment.frame_rate)
