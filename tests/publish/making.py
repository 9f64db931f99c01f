"""Small real sessions for tests: MP3s with their sidecars."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from audio_builder.mp3.cover import draw_cover
from audio_builder.mp3.encoder import encode
from audio_builder.mp3.format import Format
from audio_builder.mp3.linking import link
from audio_builder.mp3.tags import tag
from audio_builder.session.cuesheet import Chapter as TagChapter
from audio_builder.timebase import FRAME_SAMPLES, RATE, on_grid, to_samples, to_seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One section: a steady tone that tells it from the others, with cues and breaths on paper."""

    name: str
    title: str
    kind: str
    seconds: float
    tone_hz: float
    cues: tuple[tuple[float, str], ...]
    breaths: int = 0
    first_breath_seconds: float = 3.0


PARTS = (
    Part(
        name="opening",
        title="Welcome",
        kind="opening",
        seconds=6,
        tone_hz=400,
        cues=((0.5, "Welcome. Settle down on your mat."),),
    ),
    Part(
        name="thread/right",
        title="Thread the Needle, right side",
        kind="exercise",
        seconds=24.5,
        tone_hz=700,
        cues=(
            (0.2, "Thread the needle, right side."),
            (12.0, "Let the shoulder grow heavy."),
            (20.0, "Slowly come back."),
        ),
        breaths=2,
    ),
    Part(
        name="thread/left",
        title="Thread the Needle, left side",
        kind="exercise",
        seconds=24.5,
        tone_hz=1000,
        cues=((0.2, "Now the left side."), (20.0, "Slowly come back.")),
        breaths=2,
    ),
    Part(
        name="closing",
        title="Rest",
        kind="closing",
        seconds=5,
        tone_hz=1400,
        cues=((0.5, "Thank you for practising."),),
    ),
)


def make_session(
    folder: Path,
    name: str = "thread-the-needle",
    *,
    title: str = "Thoracic Mobility",
    about: str = "Gentle turns for a stiff upper back.",
    language: str = "en",
    parts: Sequence[Part] = PARTS,
    cover: bytes | None = None,
    tag_title: str | None = None,
) -> Path:
    """Build a session the way the real builder lays one out; give the path of its MP3."""
    folder.mkdir(parents=True, exist_ok=True)
    form = Format()
    lengths = [on_grid(to_samples(part.seconds)) for part in parts]
    starts = [sum(lengths[:index]) for index in range(len(parts))]
    frames = [
        encode([_tone(part.tone_hz, length)], form) for part, length in zip(parts, lengths, strict=True)
    ]
    chapters = [
        TagChapter(title=part.title, start=start, end=start + length)
        for part, start, length in zip(parts, starts, lengths, strict=True)
    ]
    if cover is None:
        cover = draw_cover(title=title, length_seconds=to_seconds(sum(lengths)))
    header = tag(
        title=title if tag_title is None else tag_title, chapters=chapters, album="Sessions", cover=cover
    )
    audio = folder / f"{name}.mp3"
    audio.write_bytes(header + b"".join(link(frames, form)))
    sheet = cue_sheet(name, title=title, about=about, language=language, parts=parts)
    (folder / f"{name}.json").write_text(json.dumps(sheet, ensure_ascii=False, indent=1), encoding="utf-8")
    (folder / f"{name}.vtt").write_text(_transcript(sheet), encoding="utf-8")
    (folder / f"{name}.lrc").write_text(_lyrics(sheet), encoding="utf-8")
    (folder / f"{name}.chapters.json").write_text(_chapters(sheet), encoding="utf-8")
    return audio


def many_chapters(count: int) -> tuple[Part, ...]:
    """Give a session of many short chapters with long titles."""
    return tuple(
        replace(
            PARTS[0],
            name=f"part-{number}",
            title=f"Part {number}: a rather long title",
            seconds=0.24,
            cues=(),
        )
        for number in range(count)
    )


def cue_sheet(
    name: str, *, title: str, about: str, language: str, parts: Sequence[Part]
) -> dict[str, object]:
    """Write a session's cue sheet."""
    sections: list[dict[str, object]] = []
    events: list[dict[str, object]] = []
    start = 0
    for part in parts:
        length = on_grid(to_samples(part.seconds))
        sections.append({"name": part.name, "title": part.title, "kind": part.kind, **_span(start, length)})
        for event in _events(part):
            at, lasts = (to_samples(float(str(event.pop(key)))) for key in ("at", "lasts"))
            events.append({**event, **_span(start + at, lasts), "section": part.name})
        start += length
    events.sort(key=lambda event: float(str(event["start_seconds"])))
    return {
        "format": "audio-builder cue sheet", "version": 1, "title": title, "about": about, "language": language,
        "routine": name, "estimated": False, "sample_rate": RATE, "length_samples": start,
        "length_seconds": to_seconds(start), "audio": f"{name}.mp3", "builder": "0.1.0",
        "voice": {"engine": "silent", "version": "1", "voice": ""}, "settings": {"breath.inhale": "4s"},
        "sections": sections, "events": events,
    }  # fmt: skip


def _events(part: Part) -> list[dict[str, object]]:
    events: list[dict[str, object]] = [
        {"kind": "cue", "at": at, "lasts": 1.6, "text": text, "role": "cue"} for at, text in part.cues
    ]
    if part.breaths:
        begin = part.first_breath_seconds
        events.append({"kind": "hold", "at": begin, "lasts": 10.0 * part.breaths})
        for number in range(part.breaths):
            events.append({"kind": "inhale", "at": begin + 10 * number, "lasts": 4.0, "rep": number + 1})
            events.append({"kind": "exhale", "at": begin + 10 * number + 4, "lasts": 6.0, "rep": number + 1})
    return events


def _span(start: int, length: int) -> dict[str, object]:
    return {
        "start_samples": start, "start_seconds": to_seconds(start),
        "length_samples": length, "length_seconds": to_seconds(length),
    }  # fmt: skip


def _tone(hertz: float, samples: int) -> np.ndarray:
    sound = 0.2 * np.sin(2 * np.pi * hertz * np.arange(samples) / RATE)
    sound[-FRAME_SAMPLES:] = 0  # a section's last frame is left to room tone
    return sound.astype(np.float32)


def _cues(sheet: dict[str, object]) -> list[dict[str, object]]:
    events = sheet["events"]
    assert isinstance(events, list)
    return [event for event in events if event["kind"] == "cue"]


def _transcript(sheet: dict[str, object]) -> str:
    lines = ["WEBVTT", ""]
    for cue in _cues(sheet):
        start = float(str(cue["start_seconds"]))
        lines += [f"{_time(start)} --> {_time(start + 1.6)}", str(cue["text"]).replace("&", "&amp;"), ""]
    return "\n".join(lines)


def _lyrics(sheet: dict[str, object]) -> str:
    return "".join(
        f"[{_time(float(str(cue['start_seconds'])))[3:-1]}]{cue['text']}\n" for cue in _cues(sheet)
    )


def _chapters(sheet: dict[str, object]) -> str:
    sections = sheet["sections"]
    assert isinstance(sections, list)
    chapters = [{"startTime": one["start_seconds"], "title": one["title"]} for one in sections]
    return json.dumps({"version": "1.2.0", "chapters": chapters}, ensure_ascii=False)


def _time(seconds: float) -> str:
    return f"{int(seconds // 3600):02}:{int(seconds // 60 % 60):02}:{seconds % 60:06.3f}"
