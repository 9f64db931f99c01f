"""The files beside a session: their texts and the cue sheet come in, checks that they say the same go out."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any

from audio_builder.timebase import to_ms
from audio_builder.verify.report import Check, check_all
from audio_builder.verify.sheet import Sheet
from audio_builder.verify.tagging import Listed, wrong_chapters

WITHIN_MS = 1

_VTT = re.compile(
    r"(\d+):(\d\d):(\d\d)\.(\d{3}) --> (\d+):(\d\d):(\d\d)\.(\d{3})[^\n]*\n(.*?)(?=\n\s*\n|\Z)", re.DOTALL
)
_LRC = re.compile(r"^\[(\d+):(\d\d)\.(\d{3})\](.*)$", re.MULTILINE)

Timed = tuple[str, int, int | None]
"""Words, when they start and when they end, in milliseconds."""


def check_sidecars(path: Path, sheet: Sheet) -> Iterator[Check]:
    """Check the subtitles, the lyrics and the chapters that lie beside an MP3."""
    readers: dict[str, Callable[[str, Sheet], Iterator[str]]] = {
        ".vtt": _wrong_subtitles,
        ".lrc": _wrong_lyrics,
        ".chapters.json": _wrong_chapters_file,
    }
    for ending, wrong in readers.items():
        beside = path.with_name(path.stem + ending)
        try:
            differences = list(wrong(beside.read_text(encoding="utf-8"), sheet))
        except FileNotFoundError:
            differences = [f"{beside.name} is missing"]
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            differences = [f"{beside.name} cannot be read: {error}"]
        measured = "agrees" if not differences else f"{len(differences)} differences"
        yield check_all(
            f"sidecar {ending}", differences, measured=measured, limit=f"agrees within {WITHIN_MS} ms"
        )


def _wrong_subtitles(text: str, sheet: Sheet) -> Iterator[str]:
    found: list[Timed] = []
    for match in _VTT.finditer(text.replace("\r\n", "\n")):
        times = [int(part) for part in match.groups()[:8]]
        start, end = (((h * 60 + m) * 60 + s) * 1_000 + ms for h, m, s, ms in (times[:4], times[4:]))
        found.append((html.unescape(match[9]), start, end))
    yield from _wrong_cues(found, sheet)


def _wrong_lyrics(text: str, sheet: Sheet) -> Iterator[str]:
    found: list[Timed] = [
        (match[4], (int(match[1]) * 60 + int(match[2])) * 1_000 + int(match[3]), None)
        for match in _LRC.finditer(text)
    ]
    yield from _wrong_cues(found, sheet)


def _wrong_cues(found: list[Timed], sheet: Sheet) -> Iterator[str]:
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


def _wrong_chapters_file(text: str, sheet: Sheet) -> Iterator[str]:
    listed: list[Listed] = [
        (str(chapter["title"]), _ms(chapter["startTime"]), _ms(chapter["endTime"]))
        for chapter in json.loads(text)["chapters"]
    ]
    yield from wrong_chapters(listed, sheet)


def _ms(seconds: Any) -> int:
    return round(float(seconds) * 1_000)
