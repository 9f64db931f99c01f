"""The ID3 tag, read back by mutagen."""

from __future__ import annotations

import datetime
import io
from typing import Any

import mutagen.id3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio_builder.mp3.tags import iso_639_2, tag
from audio_builder.session.cuesheet import Chapter

CHAPTERS = (
    Chapter(title="Opening", start=0, end=48_000),
    Chapter(title="Katze–Kuh 🐈, rechte Seite", start=48_000, end=1_152_000),
    Chapter(title="猫と牛", start=1_152_000, end=1_153_152),
)


def _read(data: bytes) -> Any:
    return mutagen.id3.ID3(io.BytesIO(data), translate=False)


def _chapters(read: Any) -> list[tuple[str, int, int, int, int, list[str]]]:
    return [
        (
            c.element_id,
            c.start_time,
            c.end_time,
            c.start_offset,
            c.end_offset,
            list(c.sub_frames["TIT2"].text),
        )
        for c in read.getall("CHAP")
    ]


def test_every_field_reads_back() -> None:
    """Write all there is and compare what mutagen reads, frame by frame."""
    cover = b"\xff\xd8\xff\xe0 picture"
    read = _read(
        tag(
            title="Ruhe 🧘",
            artist="Böhm",
            album="Rücken",
            date=datetime.date(2024, 2, 9),
            language="de-AT",
            lyrics="Atme ein.\nAtme aus.",
            cover=cover,
            chapters=CHAPTERS,
        )
    )
    assert read.version == (2, 3, 0)
    texts = {name: list(read[name].text) for name in ("TIT2", "TPE1", "TALB", "TYER", "TDAT")}
    assert texts == {
        "TIT2": ["Ruhe 🧘"],
        "TPE1": ["Böhm"],
        "TALB": ["Rücken"],
        "TYER": ["2024"],
        "TDAT": ["0902"],
    }
    (words,) = read.getall("USLT")
    assert (words.lang, words.desc, words.text) == ("deu", "", "Atme ein.\nAtme aus.")
    (picture,) = read.getall("APIC")
    assert (picture.mime, picture.type, picture.data) == ("image/jpeg", 3, cover)


def test_chapters_are_listed_by_an_ordered_titled_table() -> None:
    """Give Apple its TIT2 in the CTOC, Overcast its CTOC, and everyone the exact milliseconds."""
    read = _read(tag(title="Ruhe", chapters=CHAPTERS))
    (contents,) = read.getall("CTOC")
    assert contents.flags == mutagen.id3.CTOCFlags.TOP_LEVEL | mutagen.id3.CTOCFlags.ORDERED
    assert contents.child_element_ids == ["chapter-1", "chapter-2", "chapter-3"]
    assert list(contents.sub_frames["TIT2"].text) == ["Ruhe"]
    unused = 0xFFFF_FFFF
    assert _chapters(read) == [
        ("chapter-1", 0, 1_000, unused, unused, ["Opening"]),
        ("chapter-2", 1_000, 24_000, unused, unused, ["Katze–Kuh 🐈, rechte Seite"]),
        ("chapter-3", 24_000, 24_024, unused, unused, ["猫と牛"]),
    ]


def test_chapters_lie_in_order_of_time() -> None:
    """Keep the order in the bytes, long titles or short: some players list chapters as they find them."""
    titles = ["a" * (40 - n) for n in range(40)]
    data = tag(title="x", chapters=[Chapter(title=t, start=n, end=n + 1) for n, t in enumerate(titles)])
    found = [data.rindex(f"chapter-{n}\0".encode()) for n in range(1, 41)]
    assert found == sorted(found)


def test_nothing_given_is_nothing_written() -> None:
    """Leave empty fields out; the date comes from the caller, never from a clock."""
    assert sorted(_read(tag(title="Only")).keys()) == ["TIT2"]


def test_255_chapters_fit() -> None:
    """List as many as a table of contents can count."""
    read = _read(tag(title="Long", chapters=[Chapter(title=str(n), start=n, end=n + 1) for n in range(255)]))
    assert len(read.getall("CHAP")) == 255
    assert len(read.getall("CTOC")[0].child_element_ids) == 255


_TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1)


@given(title=_TEXT, lyrics=_TEXT, chapter=_TEXT)
def test_any_text_reads_back_the_same(title: str, lyrics: str, chapter: str) -> None:
    """Carry every Unicode text there is through the tag."""
    read = _read(
        tag(title=title, lyrics=lyrics, chapters=[Chapter(title=chapter, start=0, end=9)], language="en")
    )
    assert list(read["TIT2"].text) == [title]
    assert read.getall("USLT")[0].text == lyrics
    assert _chapters(read)[0][-1] == [chapter]


def test_what_no_tag_can_hold_is_replaced() -> None:
    """Put a replacement character for NUL and for half a surrogate pair."""
    assert list(_read(tag(title="a\0b\ud83dc"))["TIT2"].text) == ["a\ufffdb\ufffdc"]


def test_png_cover_is_called_png() -> None:
    """Name the picture's type by its own signature."""
    assert _read(tag(title="x", cover=b"\x89PNG\r\n")).getall("APIC")[0].mime == "image/png"


@pytest.mark.parametrize(
    ("language", "letters"),
    [
        ("en", "eng"),
        ("es-MX", "spa"),
        ("fr_CA", "fra"),
        ("DE", "deu"),
        ("", "und"),
        ("qq", "und"),
    ],
)
def test_languages_become_three_letters(language: str, letters: str) -> None:
    """Translate BCP 47 to what ID3 asks for."""
    assert iso_639_2(language) == letters
