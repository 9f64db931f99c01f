"""Check what can be read without listening: frames and Info frame, ID3 tags and chapters, and the sidecars."""

from __future__ import annotations

import html
import io
import mmap
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import zip_longest
from pathlib import Path
from typing import Any

from audio_builder.errors import OutputError, SoundError
from audio_builder.mp3.format import Format, parse_frame, tag_bytes
from audio_builder.mp3.info import Info, crc16, parse_info
from audio_builder.mp3.linking import Sizes, frame_sizes
from audio_builder.session.cuesheet import MOST_BYTES, CueSheet, chapters_of
from audio_builder.session.sidecars import read_chapters
from audio_builder.session.untrusted import read_bytes
from audio_builder.timebase import to_ms
from audio_builder.verify.report import Check, check_all


@contextmanager
def mapped(path: Path) -> Iterator[memoryview]:
    """Map a file into memory; raises OutputError where it cannot be read."""
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as bytes_there:
            view = memoryview(bytes_there)
            try:
                yield view
            finally:
                view.release()
    except (OSError, ValueError) as error:
        remedy = "Build it first, or give the path of its MP3."
        raise OutputError(f"the session cannot be read: {error}", str(path), remedy) from error


def check_stream(data: memoryview, sheet: CueSheet) -> Iterator[Check]:
    """Check that frames follow one another to the end, and that the Info frame tells the truth about them."""
    with data[tag_bytes(data) :] as stream:
        try:
            sizes = _sizes(stream)
        except SoundError as error:
            yield check_all(
                "frames", [str(error.message)], measured="broken", limit="whole frames to the end"
            )
        else:
            measured = f"{len(sizes):,} frames"
            yield check_all("frames", [], measured=measured, limit="whole frames to the end")
        try:
            info = parse_info(stream)
        except SoundError as error:
            yield check_all(
                "info frame", [error.message], measured="none", limit="frames, bytes and length as they are"
            )
            return
        wrong = list(_wrong_info(info, stream, sheet))
        yield check_all(
            "info frame",
            wrong,
            measured=f"{info.frames:,} frames, {info.samples:,} samples",
            limit="frames, bytes and length as they are",
        )


def _sizes(stream: memoryview) -> Sizes:
    first = parse_frame(stream, 0)
    return frame_sizes(stream, "the session", Format(max(first.bit_rate_kbps, 64), first.channels))


def _wrong_info(info: Info, stream: memoryview, sheet: CueSheet) -> Iterator[str]:
    if not info.intact:
        yield "its own checksum does not fit"
    if info.size != len(stream):
        yield f"it counts {info.size:,} bytes, there are {len(stream):,}"
    if info.samples != sheet.length_samples:
        yield f"it gives {info.samples:,} samples, the cue sheet {sheet.length_samples:,}"
    try:
        frames = len(_sizes(stream)) - 1
    except SoundError:
        return
    if info.frames != frames:
        yield f"it counts {info.frames:,} frames, there are {frames:,}"
    with stream[parse_frame(stream, 0).size :] as music:
        if info.music_crc != crc16(music):
            yield "its checksum of the frames does not fit"


ORDERED_TOP_LEVEL = 0b11

Listed = tuple[str, int, int]
"""A chapter's title, and its start and end in milliseconds."""


def check_tags(path: Path, sheet: CueSheet) -> Iterator[Check]:
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


def _limit(sheet: CueSheet) -> str:
    return f"{len(chapters_of(sheet))} chapters, to the millisecond, in a titled table"


def _wrong_tags(tags: Any, sheet: CueSheet) -> Iterator[str]:
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
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
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


def wrong_chapters(listed: list[Listed], sheet: CueSheet) -> Iterator[str]:
    """Say where chapters, with their times in milliseconds, differ from those of a sheet."""
    right = [(each.title, to_ms(each.start), to_ms(each.end)) for each in chapters_of(sheet)]
    if len(listed) != len(right):
        yield f"there are {len(listed)} chapters, not {len(right)}"
    for number, (one, other) in enumerate(zip(listed, right, strict=False), 1):
        if one[0] != other[0]:
            yield f"chapter {number} is called {one[0]!r}, not {other[0]!r}"
        if max(abs(one[1] - other[1]), abs(one[2] - other[2])) > 1:
            yield f"chapter {number} lasts from {one[1]} to {one[2]} ms, not from {other[1]} to {other[2]} ms"


WITHIN_MS = 1

_VTT = re.compile(
    r"(\d+):(\d\d):(\d\d)\.(\d{3}) --> (\d+):(\d\d):(\d\d)\.(\d{3})[^\n]*\n(.*?)(?=\n\s*\n|\Z)", re.DOTALL
)
_LRC = re.compile(r"^\[(\d+):(\d\d)\.(\d{3})\](.*)$", re.MULTILINE)

Timed = tuple[str, int, int | None]
"""Words, when they start and when they end, in milliseconds."""


def check_sidecars(path: Path, sheet: CueSheet) -> Iterator[Check]:
    """Check the subtitles, the lyrics and the chapters that lie beside an MP3."""
    readers: dict[str, Callable[[Path, CueSheet], Iterator[str]]] = {
        ".vtt": _wrong_subtitles,
        ".lrc": _wrong_lyrics,
        ".chapters.json": _wrong_chapters_file,
    }
    for ending, wrong in readers.items():
        beside = path.with_name(path.stem + ending)
        if beside.exists():
            try:
                differences = list(wrong(beside, sheet))
            except (OutputError, ValueError) as error:
                said = error.message if isinstance(error, OutputError) else error
                differences = [f"{beside.name} cannot be read: {said}"]
        else:
            differences = [f"{beside.name} is missing"]
        measured = "agrees" if not differences else f"{len(differences)} differences"
        yield check_all(
            f"sidecar {ending}", differences, measured=measured, limit=f"agrees within {WITHIN_MS} ms"
        )


def _text(path: Path) -> str:
    return read_bytes(path, name="sidecar", most_bytes=MOST_BYTES).decode()


def _wrong_subtitles(path: Path, sheet: CueSheet) -> Iterator[str]:
    found: list[Timed] = []
    for match in _VTT.finditer(_text(path).replace("\r\n", "\n")):
        times = [int(part) for part in match.groups()[:8]]
        start, end = (((h * 60 + m) * 60 + s) * 1_000 + ms for h, m, s, ms in (times[:4], times[4:]))
        found.append((html.unescape(match[9]), start, end))
    yield from _wrong_cues(found, sheet)


def _wrong_lyrics(path: Path, sheet: CueSheet) -> Iterator[str]:
    found: list[Timed] = [
        (match[4], (int(match[1]) * 60 + int(match[2])) * 1_000 + int(match[3]), None)
        for match in _LRC.finditer(_text(path))
    ]
    yield from _wrong_cues(found, sheet)


def _wrong_cues(found: list[Timed], sheet: CueSheet) -> Iterator[str]:
    cues = sheet.of_kind("cue")
    if len(found) != len(cues):
        yield f"it has {len(found)} cues, the sheet {len(cues)}"
    for there, cue in zip_longest(found, cues):
        if there is None or cue is None:
            return
        words, start, end = there
        if _bare(words) != _bare(cue.text):
            yield f"{cue.label}: it says {words!r}"
        if abs(start - to_ms(cue.start_samples)) > WITHIN_MS:
            yield f"{cue.label}: it starts at {start} ms, the cue at {to_ms(cue.start_samples)} ms"
        if end is not None and abs(end - to_ms(cue.end_samples)) > WITHIN_MS:
            yield f"{cue.label}: it ends at {end} ms, the cue at {to_ms(cue.end_samples)} ms"


def _bare(text: str) -> str:
    """Give words as LRC can hold them: in one line, without square brackets."""
    return " ".join(text.replace("[", "(").replace("]", ")").split())


def _wrong_chapters_file(path: Path, sheet: CueSheet) -> Iterator[str]:
    listed: list[Listed] = [
        (chapter.title, round(chapter.startTime * 1_000), round(chapter.endTime * 1_000))
        for chapter in read_chapters(path).chapters
    ]
    yield from wrong_chapters(listed, sheet)
