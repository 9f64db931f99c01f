"""Speak by what a teacher recorded: a folder of sound files, one for each line."""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from audio_builder.errors import Remedy, Setting, SoundError, SpeechError, VoiceError
from audio_builder.language import LANGUAGES
from audio_builder.language.normalise import normalise
from audio_builder.sound.reading import read_sound
from audio_builder.speech.engine import Availability, Recording, Utterance, Voice
from audio_builder.speech.recording import complaint
from audio_builder.speech.voice_script import FILES, LINES, name_of, read_lines, short_name

log = logging.getLogger(__name__)

SOUND_SUFFIXES = frozenset(
    {
        ".aac", ".aif", ".aifc", ".aiff", ".amr", ".au", ".caf", ".flac", ".m4a", ".m4b", ".mka", ".mp2", ".mp3",
        ".mp4", ".oga", ".ogg", ".opus", ".snd", ".w64", ".wav", ".wave", ".webm", ".wma",
    }
)  # fmt: skip
"""Where several files are named for one line, these are meant and others not: a picture, a page of notes."""

DIGITS = 3
"""Of a line's number, as the list has it."""

LONGEST_SECONDS = 300.0
MOST_BYTES = 256 << 20
"""Of one line's file."""

_NUMBERED = re.compile(r"([0-9]{1,9})(?:-(.*)|)")

State = tuple[Path, int, int, bool]
"""A file, its size, when it was changed, and whether it is a plain one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Takes:
    """What a folder holds."""

    by_name: Mapping[str, Path]
    """The file of each line, by the name of its text; of files for no line on the list, by their own."""
    said: Mapping[str, str]
    """The name of each line by the name of what is said: numbers are written in words there."""
    strays: frozenset[Path]
    """Files for no line on the list; for lines that are not on it, perhaps."""
    fingerprint: str
    """Of every file's content."""

    def find(self, text: str, language: str) -> Path | None:
        """Give the file of a line."""
        said = name_of(text, language)
        names = (said, self.said.get(said, said))
        return next(
            (
                self.by_name[each]
                for name in names
                for each in (name, short_name(name))
                if each in self.by_name
            ),
            None,
        )


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

    def unused(self, utterances: Iterable[Utterance]) -> tuple[str, ...]:
        """Name the sound files that are for none of these lines, nor for any on the list."""
        takes = {each: read_takes(_folder(each.voice)) for each in utterances}
        strays = {path for each in takes.values() for path in each.strays}
        found = {each.find(said.text, said.language) for said, each in takes.items()}
        return tuple(sorted(path.name for path in strays - found if path.suffix.lower() in SOUND_SUFFIXES))

    def speak(self, utterance: Utterance) -> Recording:
        """Read the line's file, channels averaged. Raises SpeechError, naming the file."""
        folder = _folder(utterance.voice)
        path = read_takes(folder).find(utterance.text, utterance.language)
        if path is None:
            name = short_name(name_of(utterance.text, utterance.language))
            raise SpeechError(
                "nobody recorded this line",
                where=str(folder),
                remedy=f"record it and name the file {name}.wav",
            )
        recording = _read(path)
        if wrong := complaint(recording, utterance):
            raise SpeechError(wrong, where=str(path), remedy="record this line again")
        return recording

    def close(self) -> None:
        """Nothing is held."""


def read_takes(folder: Path) -> Takes:
    """Look through a folder. Raises VoiceError where it is none, SpeechError where two files claim one line."""
    try:
        states = tuple(sorted(_state(each) for each in folder.iterdir() if _counts(each)))
        return _takes(states)
    except OSError as error:
        kind = VoiceError if isinstance(error, FileNotFoundError | NotADirectoryError) else SpeechError
        where = str(error.filename or folder)
        raise kind(f"the folder of recordings cannot be read: {error.strerror}", where=where) from error


def _folder(voice: str) -> Path:
    if not voice:
        raise VoiceError(
            "recordings are in a folder",
            remedy=Remedy("name it, as in {}", (Setting("voice", "recordings:my-voice"),)),
        )
    return Path(voice).expanduser()


def _counts(path: Path) -> bool:
    return path.name not in FILES and not path.name.startswith((".", "~$")) and not path.is_dir()


def _state(path: Path) -> State:
    """Look at a file; a link that leads nowhere is no plain one, and costs nobody the other files."""
    plain = path.is_file()
    stat = path.stat(follow_symlinks=plain)
    return path, stat.st_size, stat.st_mtime_ns, plain


def _read(path: Path) -> Recording:
    if path.is_file() and path.stat().st_size > MOST_BYTES:
        raise SpeechError("the file is too large for one line", where=str(path), remedy="cut out the line")
    try:
        return Recording(*read_sound(path, longest_seconds=LONGEST_SECONDS))
    except SoundError as error:
        raise SpeechError(error.message, where=error.where, remedy=error.remedy) from error


@lru_cache(maxsize=8)
def _takes(states: tuple[State, ...]) -> Takes:
    digest = hashlib.sha256()
    for path, size, _, plain in states:
        digest.update(f"{path.name}\0{size}\0".encode("utf-8", "surrogatepass"))
        if plain and size <= MOST_BYTES:
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
    lists = [path for path, *_ in states if path.name == LINES]
    lines = {number: line for each in lists for number, line in read_lines(each)}
    listed = {number: name_of(line.text, line.language) for number, line in lines.items()}
    said = {_said(line.text, line.language): listed[number] for number, line in lines.items()}
    claims: dict[str, list[Path]] = {}
    strays: set[Path] = set()
    for path in (path for path, *_ in states if path.name != LINES):
        name = _line_of(path, listed)
        if name not in listed.values():
            strays.add(path)
            said |= {_said(path.stem.replace("-", " "), language): name for language in LANGUAGES if name}
        if name:
            claims.setdefault(name, []).append(path)
    by_name = {name: _only(paths) for name, paths in claims.items()}
    return Takes(by_name=by_name, said=said, strays=frozenset(strays), fingerprint=digest.hexdigest())


def _said(text: str, language: str) -> str:
    """Give the name of what is said of a text."""
    return name_of(normalise(text, language), language)


def _line_of(path: Path, listed: Mapping[int, str]) -> str:
    """Give the name of the line that a file is for: its words say so first, its number where they are no line's.

    Words of no line on the list may be those of a line that is not on it, as in `3-more`. So a number counts that
    stands alone, or that is written as on the list: 003. Empty where that leaves it open.
    """
    words = name_of(path.stem, "")
    number, rest = match.groups("") if (match := _NUMBERED.fullmatch(words)) else ("", words)
    numbered = listed.get(int(number), "") if number else ""
    if words in listed.values():
        return words
    if numbered and rest in (numbered, short_name(numbered)):
        return numbered
    if rest in listed.values():
        return rest
    cut_off = {name for name in listed.values() if short_name(name) in (words, rest)}
    if len(cut_off) == 1:
        return cut_off.pop()
    if cut_off:
        log.warning("%s may be for several lines; begin its name with the line's number", path)
        return ""
    if numbered and (not rest or len(number) >= DIGITS):
        return numbered
    if numbered:
        log.warning("%s is not taken for line %s, which is written %03d", path, number, int(number))
    return words


def _only(paths: Sequence[Path]) -> Path:
    """Give the one file that is meant. Raises SpeechError where there are several."""
    sounds = [path for path in paths if path.suffix.lower() in SOUND_SUFFIXES] or paths
    if len(sounds) > 1:
        raise SpeechError(
            f"{sounds[0].name} and {sounds[1].name} are for the same line",
            where=str(sounds[0].parent),
            remedy="keep one of them",
        )
    return sounds[0]
