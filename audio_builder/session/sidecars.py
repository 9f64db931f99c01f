"""The files beside a session, written from its cue sheet: subtitles, lyrics, chapters; and pages for people."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, FailFast, Field

from audio_builder.session.cuesheet import (
    MOST_BYTES,
    MOST_EVENTS,
    MOST_SECONDS,
    CueSheet,
    SheetEvent,
    chapters_of,
)
from audio_builder.session.untrusted import STRICT, read_model
from audio_builder.timebase import clock, to_ms

_MARKED = {"chime": "({sound})", "inhale": "(breathe in)", "exhale": "(breathe out)"}


def to_vtt(sheet: CueSheet) -> str:
    """Write WebVTT: one cue for each spoken line, named by its section."""
    parts = ["WEBVTT\n"]
    if sheet.estimated:
        parts.append("NOTE Times are estimated; the build measures them.\n")
    for number, cue in enumerate(sheet.cues(), 1):
        start, end = (clock(at, decimals=3, hours=True) for at in (cue.start_samples, cue.end_samples))
        text = cue.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        parts.append(f"{number}\n{start} --> {end}\n{text}\n")
    return "\n".join(parts)


def to_lrc(sheet: CueSheet) -> str:
    """Write LRC lyrics, with milliseconds so that they agree with the audio."""
    lines = [
        f"[ti:{_bare(sheet.title)}]",
        f"[length:{_lyric_time(sheet.length_samples)}]",
        "[tool:audio-builder]",
    ]
    if sheet.estimated:
        lines.append("[note:times are estimated; the build measures them]")
    lines += [f"[{_lyric_time(cue.start_samples)}]{_bare(cue.text)}" for cue in sheet.cues()]
    return "\n".join(lines) + "\n"


def _lyric_time(samples: int) -> str:
    return clock(samples, decimals=3, hours=False)


def _bare(text: str) -> str:
    return " ".join(text.replace("[", "(").replace("]", ")").split())


def to_chapters(sheet: CueSheet) -> str:
    """Write Podcasting 2.0 chapters, exact to the millisecond."""
    chapters = [
        {"startTime": to_ms(each.start) / 1_000, "endTime": to_ms(each.end) / 1_000, "title": each.title}
        for each in chapters_of(sheet)
    ]
    return json.dumps({"version": "1.2.0", "chapters": chapters}, ensure_ascii=False, indent=1) + "\n"


class ListedChapter(BaseModel):
    """One chapter as it stands in a file of chapters."""

    model_config = STRICT

    title: str
    startTime: Annotated[float, Field(ge=0, le=MOST_SECONDS)]  # noqa: N815, the name in the file
    endTime: Annotated[float, Field(ge=0, le=MOST_SECONDS)]  # noqa: N815


class ChapterList(BaseModel):
    """What `to_chapters` writes."""

    model_config = STRICT

    version: str
    chapters: Annotated[tuple[ListedChapter, ...], Field(max_length=MOST_EVENTS), FailFast()]


def read_chapters(path: Path) -> ChapterList:
    """Read a file of chapters. Raises OutputError saying what is wrong with it."""
    return read_model(path, ChapterList, name="list of chapters", most_bytes=MOST_BYTES)


def to_lyrics(sheet: CueSheet) -> str:
    """Write what is spoken as plain text, a paragraph for each section."""
    paragraphs = []
    for section in sheet.sections:
        lines = [cue.text for cue in sheet.cues() if cue.section == section.name]
        paragraphs.append("\n".join((section.title, *lines)))
    return "\n\n".join(paragraphs) + "\n"


def to_text(sheet: CueSheet) -> str:
    """Write the timed cue text for a terminal."""
    about = "estimated" if sheet.estimated else "measured"
    lines = [f"{sheet.title}: {clock(sheet.length_samples, hours=False)} ({about} times)"]
    for section in sheet.sections:
        lines += ["", f"{_tenths(section.start_samples)}  {section.title}"]
        lines += [
            f"{_tenths(event.start_samples)}    {_said(event)}" for event in _shown(sheet, section.name)
        ]
    return "\n".join(lines) + "\n"


def to_markdown(sheet: CueSheet) -> str:
    """Write the timed cue text as a page to print."""
    about = "estimated" if sheet.estimated else "measured"
    lines = [f"# {sheet.title}", "", f"Length {clock(sheet.length_samples, hours=False)}, times {about}."]
    for section in sheet.sections:
        lines += [
            "",
            f"## {clock(section.start_samples, hours=False)} {section.title}",
            "",
            "| time | cue |",
            "| --- | --- |",
        ]
        for event in _shown(sheet, section.name):
            said = _said(event).replace("|", "\\|")
            lines.append(f"| {_tenths(event.start_samples)} | {said} |")
    return "\n".join(lines) + "\n"


def _tenths(samples: int) -> str:
    return clock(samples, decimals=1, hours=False)


def _shown(sheet: CueSheet, section: str) -> list[SheetEvent]:
    kinds = ("cue", "hold", *_MARKED)
    return [event for event in sheet.events if event.section == section and event.kind in kinds]


def _said(event: SheetEvent) -> str:
    if event.kind == "cue":
        return event.text
    if event.kind == "hold":
        return f"(hold, {event.length_seconds:g} s)"
    return _MARKED[event.kind].format(sound=event.sound)


FORMATS: Mapping[str, Callable[[CueSheet], str]] = {
    "text": to_text,
    "json": CueSheet.to_json,
    "vtt": to_vtt,
    "lrc": to_lrc,
    "md": to_markdown,
}
"""The forms in which `cues` shows a sheet."""

SIDECARS: Mapping[str, Callable[[CueSheet], str]] = {
    ".json": CueSheet.to_json,
    ".vtt": to_vtt,
    ".lrc": to_lrc,
    ".chapters.json": to_chapters,
}
"""What lies beside a session, by the ending of its name."""


def sidecar_path(path: Path, ending: str) -> Path:
    """Say where the sidecar of the session at a path lies."""
    return path.with_name(path.name[: -len(path.suffix)] + ending)
