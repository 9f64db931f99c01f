"""From a session's frames and cue sheet to its recipe: the tag with the cover, the Info frame, the chunks, the end."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from audio_builder.building.encoding import Frames
from audio_builder.files.cache import Cache
from audio_builder.mp3.cover import cover_key, draw_cover
from audio_builder.mp3.format import Format
from audio_builder.mp3.linking import link, tail_frame
from audio_builder.mp3.tags import tag
from audio_builder.script import Program
from audio_builder.session.cuesheet import CueSheet, chapters_of
from audio_builder.session.recipe import Recipe, Stretch, laid_out
from audio_builder.session.sidecars import to_lyrics
from audio_builder.timebase import to_seconds

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
