"""A finished session: the recipe it is laid by, what its files are called, and what can be asked of it."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, overload

from audio_builder.building.chunks import Chunk, LaidChunk
from audio_builder.errors import OutputError, Remedy, Setting
from audio_builder.files.cache import Cache
from audio_builder.mp3.cover import cover_key, draw_cover
from audio_builder.mp3.format import Format
from audio_builder.mp3.linking import link, tail_frame
from audio_builder.mp3.tags import tag
from audio_builder.script.document import Rank
from audio_builder.script.overrides import exercise_names
from audio_builder.script.program import Program
from audio_builder.session.cuesheet import CueSheet, chapters_of
from audio_builder.session.recipe import Recipe, Stretch, laid_out
from audio_builder.session.sidecars import to_lyrics
from audio_builder.sound.samples import to_segment
from audio_builder.speech.choice import ChosenVoice
from audio_builder.timebase import to_seconds

if TYPE_CHECKING:
    from pydub import AudioSegment

OTHER_FORMS = frozenset(
    {
        ".3gp", ".aac", ".ac3", ".aif", ".aifc", ".aiff", ".amr", ".au", ".caf", ".flac", ".m4a", ".m4b", ".m4r",
        ".mka", ".mkv", ".mov", ".mp2", ".mp4", ".mpga", ".oga", ".ogg", ".opus", ".wav", ".wave", ".webm", ".wma",
    }
)  # fmt: skip
"""Endings that ask for a kind of sound file that is not made."""

SAME_SESSION = frozenset({"voice", "on_failure", "quality", "beyond_limits"})
"""Settings that change how a session is spoken or kept, not what is done in it."""

TOLD = frozenset(
    {"breath", "counts", "exercises", "guidance", "hold", "length", "level", "only", "reps", "rest", "rounds"}
    | {"safety", "skip", "start_side", "switch"}
)
"""Settings whose values may stand in a name; others hold a person's own words, or paths."""

MOST_WORDS = 32
"""Characters of a name that say what was asked; longer wishes are told by their digest alone."""

DIGITS = 6
"""Hexadecimal ones, of the digest of all that was asked."""


class Frames(Sequence[bytes]):
    """A session's frames in playing order, those of each chunk read from the cache when they are looked at."""

    def __init__(self, laid: Sequence[LaidChunk], read: Callable[[Chunk], bytes]) -> None:
        self._laid = laid
        self._read = read
        self._chunks = {each.chunk.key: each.chunk for each in laid}

    def of(self, key: str) -> bytes:
        """Give all frames of the chunk with this key."""
        return self._read(self._chunks[key])

    def stretches(self) -> Iterator[Stretch]:
        """Give each chunk's key in playing order, and how many bytes of it are laid."""
        sizes = {each.chunk.key: 0 for each in self._laid if each.bytes is None}
        for key in sizes:
            sizes[key] = len(self.of(key))
        for each in self._laid:
            yield Stretch(key=each.chunk.key, bytes=each.bytes or sizes[each.chunk.key])

    def __len__(self) -> int:
        return len(self._laid)

    @overload
    def __getitem__(self, index: int) -> bytes: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[bytes]: ...

    def __getitem__(self, index: int | slice) -> bytes | Sequence[bytes]:
        """Give the frames of one chunk, as they are laid."""
        if isinstance(index, slice):
            return Frames(self._laid[index], self._read)
        each = self._laid[index]
        return self._read(each.chunk)[: each.bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A finished session on disk."""

    path: Path
    """The MP3; its sidecars lie beside it."""
    cue_sheet: CueSheet
    voice: str
    """Engine and voice, such as `espeak` or `gtts:en`."""
    why: str
    """Why this voice was chosen."""
    better: Remedy | str
    """One step that would give a better voice; empty where there is none."""
    recipe: Recipe
    """What the MP3 is laid from."""

    @classmethod
    def of(cls, path: Path, sheet: CueSheet, chosen: ChosenVoice, *, recipe: Recipe) -> Session:
        """Describe the session that lies at a path."""
        return cls(
            path=path,
            cue_sheet=sheet,
            voice=str(chosen),
            why=chosen.why,
            better=chosen.better,
            recipe=recipe,
        )

    @property
    def size(self) -> int:
        """Bytes of the MP3."""
        return self.recipe.size

    @property
    def length_seconds(self) -> float:
        """The length of the session."""
        return self.cue_sheet.length_seconds

    def audio(self) -> AudioSegment:
        """Decode the session into a pydub AudioSegment: 48 kHz, 16 bits."""
        import soundfile

        samples, rate = soundfile.read(str(self.path), dtype="float32")
        return to_segment(samples, rate)

    def summary(self) -> dict[str, Any]:
        """Give what a person wants to know, as plain data."""
        return {
            "path": str(self.path),
            "title": self.cue_sheet.title,
            "length_seconds": self.length_seconds,
            "size_bytes": self.size,
            "voice": self.voice,
            "voice_reason": self.why,
            "better_voice": str(self.better),
            "chapters": [
                {"title": chapter.title, "start_seconds": to_seconds(chapter.start)}
                for chapter in chapters_of(self.cue_sheet)
            ],
        }


def check_output(out: str | Path) -> None:
    """Refuse, before any work, a file of a kind that is not made. Raises OutputError.

    Raises FileNotFoundError where the working folder is gone, in which it would lie.
    """
    path = Path(out)
    if path.suffix.lower() in OTHER_FORMS and not path.is_dir():
        instead = str(path.with_suffix(".mp3"))
        raise OutputError("only MP3 is made", Setting("output", str(path)), f"Write {instead}.")
    path.absolute()


def target(out: str | Path, program: Program) -> Path:
    """Give the MP3's path: `out` is the file itself where it ends in .mp3, else a folder."""
    path = Path(out)
    is_file = path.suffix.lower() == ".mp3" and not path.is_dir()
    return path if is_file else path / f"{session_name(program)}.mp3"


def session_name(program: Program) -> str:
    """Name a session so that no other one, in another language or with other settings, has its name.

    As written it is called like its routine's file (`gentle`, `gentle.de`); settings laid over it are told by their
    first words and a digest of them all (`gentle-guidance-light-3f2a`).
    """
    path = PurePath(program.document.source)
    name = program.name
    language = PurePath(path.stem).suffix
    if language == f".{program.routine.language}":
        name += language
    return name + _suffix(_wishes(program), exercise_names(program.document.value))


def _wishes(program: Program) -> dict[str, str]:
    """Give what somebody asked of a routine beyond what is written in it, by dotted setting."""
    found = {}
    for path, rank in program.document.ranks.items():
        if rank < Rank.PERSONAL or path[0] in SAME_SESSION or path[0] == "language":
            continue
        value: Any = program.document.value
        for part in path:
            value = value[part]
        found[".".join(map(str, path))] = json.dumps(value, sort_keys=True, default=str)
    return found


def _suffix(wishes: Mapping[str, str], exercises: Sequence[str]) -> str:
    if not wishes:
        return ""
    digest = hashlib.sha256(json.dumps(wishes, sort_keys=True).encode()).hexdigest()[:DIGITS]
    if any(path.partition(".")[0] not in TOLD for path in wishes):
        return f"-{digest}"
    words = "-".join(_words(path, value, exercises) for path, value in sorted(wishes.items()))
    return f"-{words}-{digest}" if len(words) <= MOST_WORDS else f"-{digest}"


def _words(path: str, value: str, exercises: Sequence[str]) -> str:
    head, _, rest = path.partition(".")
    if head == "exercises":
        index, _, dose = rest.partition(".")
        path = f"{exercises[int(index)]}.{dose}"
    plain = unicodedata.normalize("NFKD", f"{path} {value}").encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


ARTIST = "Audio Builder"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """A session's picture, and what it is kept by."""

    key: str
    picture: bytes


def cover_of(program: Program, length: int, cache: Cache) -> Cover:
    """Draw the cover of a session of so many samples, or take the one that was drawn for the same words."""
    exercises = list(dict.fromkeys(each.exercise.name for each in program.prescriptions))
    title, language, seconds = program.routine.title, program.routine.language, to_seconds(length)
    drawn_from = cover_key(title=title, length_seconds=seconds, exercises=exercises, language=language)
    key = hashlib.sha256(drawn_from.encode(errors="surrogatepass")).hexdigest()
    picture = cache.get("covers", key)
    if picture is None:
        picture = draw_cover(title=title, length_seconds=seconds, exercises=exercises, language=language)
        cache.put("covers", key, picture)
    return Cover(key=key, picture=picture)


def tag_of(sheet: CueSheet, cover: Cover) -> bytes:
    """Make the tag: titles, chapters, lyrics, and the cover at its end."""
    return tag(
        title=sheet.title,
        artist=ARTIST,
        album=sheet.title,
        language=sheet.language,
        lyrics=to_lyrics(sheet),
        cover=cover.picture,
        chapters=chapters_of(sheet),
    )


def recipe_of(sheet: CueSheet, frames: Frames, *, cover: Cover, form: Format) -> Recipe:
    """Say what a session is laid from. Raises SoundError where frames are damaged."""
    head = tag_of(sheet, cover)
    assert head.endswith(cover.picture), "the cover ends the tag"
    return Recipe(
        tag=head[: -len(cover.picture)],
        cover=Stretch(key=cover.key, bytes=len(cover.picture)),
        info=bytes(next(link(frames, form))),
        chunks=tuple(frames.stretches()),
        tail=tail_frame(form),
    )


def linked(recipe: Recipe, frames: Frames, cover: Cover) -> Iterator[bytes]:
    """Give the bytes of a session whose frames and cover are at hand."""
    return laid_out(recipe, cover=lambda key: cover.picture, chunk=frames.of)
