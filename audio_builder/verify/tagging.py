"""The session's ID3 tag: what mutagen reads and the cue sheet come in, checks of tags and chapters go out."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from audio_builder.mp3.tags import MOST_CHAPTERS
from audio_builder.timebase import to_ms
from audio_builder.verify.report import Check, check_all
from audio_builder.verify.sheet import Sheet

ORDERED_TOP_LEVEL = 0b11

Listed = tuple[str, int, int]
"""A chapter's title, and its start and end in milliseconds."""


def check_tags(path: Path, sheet: Sheet) -> Iterator[Check]:
    """Check title, cover, lyrics and chapters."""
    import mutagen
    import mutagen.id3

    wanted = "title, cover, lyrics with every cue"
    try:
        tags: Any = mutagen.id3.ID3(str(path))  # type: ignore[no-untyped-call]
    except mutagen.MutagenError as error:
        yield check_all("tags", [f"no ID3 tag: {error}"], measured="none", limit=wanted)
        yield check_all("chapters", ["no ID3 tag"], measured="none", limit=_limit(sheet))
        return
    measured = f"ID3v{tags.version[0]}.{tags.version[1]}, {len(tags)} frames"
    yield check_all("tags", list(_wrong_tags(tags, sheet)), measured=measured, limit=wanted)
    chapters = tags.getall("CHAP")
    wrong = [*_wrong_contents(tags), *wrong_chapters(_listed(tags), sheet)]
    yield check_all("chapters", wrong, measured=f"{len(chapters)} chapters", limit=_limit(sheet))


def _limit(sheet: Sheet) -> str:
    return f"{min(len(sheet.sections), MOST_CHAPTERS)} chapters, to the millisecond, in a titled table"


def _wrong_tags(tags: Any, sheet: Sheet) -> Iterator[str]:
    title = str(tags["TIT2"]) if "TIT2" in tags else ""
    if title != sheet.title:
        yield f"the title is {title!r}, the cue sheet has {sheet.title!r}"
    pictures = tags.getall("APIC")
    if not pictures:
        yield "there is no cover"
    elif not _can_be_shown(pictures[0].data):
        yield "the cover is not a picture that can be shown"
    words = " ".join(" ".join(lyrics.text for lyrics in tags.getall("USLT")).split())
    unsung = [cue for cue in sheet.of_kind("cue") if " ".join(cue.text.split()) not in words]
    yield from (f"the lyrics lack {cue.label}" for cue in unsung)


def _can_be_shown(data: bytes) -> bool:
    from PIL import Image

    try:
        Image.open(io.BytesIO(data)).verify()
    except (OSError, SyntaxError, ValueError):
        return False
    return True


def _wrong_contents(tags: Any) -> Iterator[str]:
    contents = [table for table in tags.getall("CTOC") if int(table.flags) == ORDERED_TOP_LEVEL]
    if len(contents) != 1:
        yield f"there are {len(contents)} ordered top-level tables of contents"
        return
    if "TIT2" not in contents[0].sub_frames:
        yield "the table of contents has no title"
    there = {chapter.element_id for chapter in tags.getall("CHAP")}
    if set(contents[0].child_element_ids) != there:
        yield "the table of contents does not list every chapter"


def _listed(tags: Any) -> list[Listed]:
    chapters = sorted(tags.getall("CHAP"), key=lambda chapter: int(chapter.start_time))
    return [
        (str(c.sub_frames["TIT2"]) if "TIT2" in c.sub_frames else "", int(c.start_time), int(c.end_time))
        for c in chapters
    ]


def wrong_chapters(listed: list[Listed], sheet: Sheet) -> Iterator[str]:
    """Say where chapters, with their times in milliseconds, differ from the sections of a sheet."""
    sections = [(s.title, to_ms(s.start_samples), to_ms(s.end_samples)) for s in sheet.sections]
    if len(sections) > MOST_CHAPTERS:
        yield from _wrong_joined(listed, sections)
        return
    if len(listed) != len(sections):
        yield f"there are {len(listed)} chapters for {len(sections)} sections"
    for number, (chapter, section) in enumerate(zip(listed, sections, strict=False), 1):
        if chapter[0] != section[0]:
            yield f"chapter {number} is called {chapter[0]!r}, its section {section[0]!r}"
        if max(abs(chapter[1] - section[1]), abs(chapter[2] - section[2])) > 1:
            spans = f"{chapter[1]} to {chapter[2]} ms, its section from {section[1]} to {section[2]} ms"
            yield f"chapter {number} lasts from {spans}"


def _wrong_joined(listed: list[Listed], sections: list[Listed]) -> Iterator[str]:
    """Say what is wrong with chapters that take several sections together."""
    edges = {start for _, start, _ in sections} | {sections[-1][2]}
    for number, (_, start, end) in enumerate(listed, 1):
        if not {start, end} <= edges:
            yield f"chapter {number} does not begin and end with a section"
    starts = [start for _, start, _ in listed]
    ends = [end for _, _, end in listed]
    if [0, *ends] != [*starts, sections[-1][2]]:
        yield "the chapters do not follow one another from start to end"
