"""The ID3 tag in front of the frames: titles, chapters, lyrics and a cover.

ID3v2.3 with text as Latin-1 or UTF-16: old phones, car radios and Windows read no other version, and every
player that knows 2.4 reads 2.3. Frames are laid in a fixed order, chapters by time, because some players list
chapters as they find them.
"""

from __future__ import annotations

import datetime
import io
import itertools
import re
from collections.abc import Iterator, Sequence
from typing import Any

from audio_builder.errors import OutputError
from audio_builder.language import known_language
from audio_builder.session.cuesheet import MOST_CHAPTERS, Chapter
from audio_builder.timebase import to_ms

UNUSED_OFFSET = 0xFFFF_FFFF
"""Says that a chapter is found by its time, not by its byte."""

TOP_LEVEL_AND_ORDERED = 0b11


def tag(
    *,
    title: str,
    chapters: Sequence[Chapter] = (),
    artist: str = "",
    album: str = "",
    date: datetime.date | None = None,
    language: str = "",
    lyrics: str = "",
    cover: bytes = b"",
) -> bytes:
    """Build the whole ID3v2.3 tag; what is empty is left out.

    `language` is a tag such as `en` or `pt-BR`, for the lyrics; `cover` a JPEG or PNG.
    Chapters follow one another by time, and are no more than a tag can list.
    """
    assert len(chapters) <= MOST_CHAPTERS
    assert all(one.end <= other.start for one, other in itertools.pairwise(chapters))
    frames = (
        *_texts(title=title, artist=artist, album=album, date=date),
        *_chapters(chapters, title),
        *_lyrics(lyrics, iso_639_2(language)),
        *_cover(cover),
    )
    body = b"".join(_serialize(frame) for frame in frames)
    return b"ID3\x03\x00\x00" + _synchsafe(len(body)) + body


def iso_639_2(language: str) -> str:
    """Give the three letters of ISO 639-2 for a language that sessions speak, `und` for any other."""
    known = known_language(language)
    return known.iso_639_2 if known else "und"


def _id3() -> Any:
    import mutagen.id3

    return mutagen.id3


def _texts(*, title: str, artist: str, album: str, date: datetime.date | None) -> Iterator[Any]:
    id3 = _id3()
    for kind, text in ((id3.TIT2, title), (id3.TPE1, artist), (id3.TALB, album)):
        if text:
            yield _text(kind, text)
    if date:
        yield _text(id3.TYER, f"{date:%Y}")
        yield _text(id3.TDAT, f"{date:%d%m}")


def _chapters(chapters: Sequence[Chapter], title: str) -> Iterator[Any]:
    id3 = _id3()
    if not chapters:
        return
    names = [f"chapter-{number}" for number in range(1, len(chapters) + 1)]
    yield id3.CTOC(
        element_id="contents",
        flags=TOP_LEVEL_AND_ORDERED,
        child_element_ids=names,
        sub_frames=[_text(id3.TIT2, title)],
    )
    for name, chapter in zip(names, chapters, strict=True):
        yield id3.CHAP(
            element_id=name,
            start_time=to_ms(chapter.start),
            end_time=to_ms(chapter.end),
            start_offset=UNUSED_OFFSET,
            end_offset=UNUSED_OFFSET,
            sub_frames=[_text(id3.TIT2, chapter.title)],
        )


def _lyrics(lyrics: str, language: str) -> Iterator[Any]:
    if lyrics:
        text = _clean(lyrics)
        yield _id3().USLT(encoding=_encoding(text), lang=language, desc="", text=text)


def _cover(picture: bytes) -> Iterator[Any]:
    id3 = _id3()
    if picture:
        mime = "image/png" if picture.startswith(b"\x89PNG") else "image/jpeg"
        front = id3.PictureType.COVER_FRONT
        yield id3.APIC(encoding=id3.Encoding.LATIN1, mime=mime, type=front, desc="", data=picture)


def _text(kind: Any, text: str) -> Any:
    text = _clean(text)
    return kind(encoding=_encoding(text), text=[text])


def _encoding(text: str) -> Any:
    encodings = _id3().Encoding
    return encodings.LATIN1 if text.isascii() else encodings.UTF16


def _clean(text: str) -> str:
    """Replace what no tag can hold: NUL, which ends a text, and halves of a surrogate pair."""
    return re.sub("[\0\ud800-\udfff]", "\N{REPLACEMENT CHARACTER}", text)


def _serialize(frame: Any) -> bytes:
    """Write one frame: a tag of its own, without the tag's ten bytes of header."""
    alone = _id3().ID3()
    alone.add(frame)
    stream = io.BytesIO()
    alone.save(stream, v1=0, v2_version=3, padding=lambda _: 0)
    return stream.getvalue()[10:]


def _synchsafe(size: int) -> bytes:
    if size >= 1 << 28:
        raise OutputError(
            f"the tag would have {size} bytes, more than ID3 can count", remedy="use a smaller cover picture"
        )
    return bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))
