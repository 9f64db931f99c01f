"""What a picture of a session shows, as arrays and spans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audio_builder.errors import OutputError
from audio_builder.session.cuesheet import CueSheet, EventKind, SheetEvent, SheetSection, read_sheet
from audio_builder.sound.loudness import BINS_PER_SECOND, over_time
from audio_builder.timebase import RATE

COLUMNS = 2_400
"""Into how many stretches the waveform is gathered: about one for each pixel of the picture."""
LONGEST_SECONDS = 4 * 3600.0
"""A longer stretch is not read: nothing could be seen in it."""
SHORT_TERM_SECONDS, MOMENTARY_SECONDS = 3.0, 0.4
"""The windows of loudness over time (EBU Tech 3341)."""
CLOSE_SECONDS = 60.0
"""A shorter stretch is looked at closely: there loudness is momentary."""
BREATH_POINTS = 48
"""Of each phase's curve."""

Curve = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of the session, in seconds."""

    start: float
    end: float
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """One stretch of a session, ready to be drawn; times in seconds from the session's start."""

    title: str
    start: float
    stop: float
    samples: NDArray[np.float32]
    """Shape (samples,), in [-1, 1]."""
    times: Curve
    """The middle of each column of the waveform."""
    lows: Curve
    highs: Curve
    loudness_times: Curve
    loudness: Curve
    """LUFS."""
    loudness_window: float
    """Seconds."""
    breath: tuple[Curve, Curve]
    """Times, and how full the lungs are, from 0 to 1; broken by NaN where no breath is led."""
    speech: tuple[Span, ...]
    holds: tuple[Span, ...]
    chapters: tuple[Span, ...]


def read(path: Path, *, start: float | None = None, stop: float | None = None) -> Content:
    """Read a session, or a stretch of it in seconds. Raises OutputError where it cannot be read or is empty."""
    sheet = read_sheet(path.with_suffix(".json"))
    length = sheet.length_seconds
    first, last = max(0.0, start or 0.0), min(length, length if stop is None else stop)
    if not first < last <= first + LONGEST_SECONDS:
        raise OutputError(
            f"there is nothing to draw from {first:g} s to {last:g} s",
            where=str(path),
            remedy=f"the session lasts {length:.0f} s; a picture shows 4 hours at most",
        )
    samples = _samples(path, round(first * RATE), round(last * RATE))
    times, lows, highs = _outline(samples, first)
    window = MOMENTARY_SECONDS if last - first < CLOSE_SECONDS else SHORT_TERM_SECONDS
    loudness = over_time(samples, RATE, window_seconds=window)
    return Content(
        title=sheet.title,
        start=first,
        stop=last,
        samples=samples,
        times=times,
        lows=lows,
        highs=highs,
        loudness_times=first + window / 2 + np.arange(len(loudness)) / BINS_PER_SECOND,
        loudness=loudness,
        loudness_window=window,
        breath=_breath(sheet.events),
        speech=_spans(sheet, "cue"),
        holds=_spans(sheet, "hold"),
        chapters=tuple(_span(section, section.title) for section in sheet.sections),
    )


def _samples(path: Path, first: int, last: int) -> NDArray[np.float32]:
    import soundfile

    try:
        with soundfile.SoundFile(str(path)) as file:
            file.seek(min(first, file.frames))
            samples = file.read(last - first, dtype="float32", always_2d=True)
    except (OSError, soundfile.LibsndfileError) as error:
        raise OutputError(f"the session cannot be read: {error}", where=str(path)) from error
    if not len(samples):
        raise OutputError(
            "the session holds no sound there", where=str(path), remedy="Build the session again."
        )
    return np.asarray(samples.mean(axis=1), dtype=np.float32)


def _outline(samples: NDArray[np.float32], start: float) -> tuple[Curve, Curve, Curve]:
    """Gather samples into columns, each with its lowest and highest value."""
    edges = np.unique(np.linspace(0, len(samples), COLUMNS + 1).astype(int)[:-1])
    lows = np.minimum.reduceat(samples, edges).astype(np.float64)
    highs = np.maximum.reduceat(samples, edges).astype(np.float64)
    middles = (edges + np.append(edges[1:], len(samples))) / 2
    return start + middles / RATE, lows, highs


def _breath(events: Sequence[SheetEvent]) -> tuple[Curve, Curve]:
    """Follow the lungs: full after an inhale, empty after an exhale, still in between."""
    times: list[float] = []
    values: list[float] = []
    ends = {"inhale": (0.0, 1.0), "hold-in": (1.0, 1.0), "exhale": (1.0, 0.0), "hold-out": (0.0, 0.0)}
    for event in events:
        if event.kind not in ends:
            continue
        start, end = event.start_seconds, event.start_seconds + event.length_seconds
        if times and start - times[-1] > 0.01:
            times.append((times[-1] + start) / 2)
            values.append(float("nan"))
        share = np.linspace(0, 1, BREATH_POINTS)
        low, high = ends[event.kind]
        times.extend(start + (end - start) * share)
        values.extend(low + (high - low) * (1 - np.cos(np.pi * share)) / 2)
    return np.array(times), np.array(values)


def _spans(sheet: CueSheet, kind: EventKind) -> tuple[Span, ...]:
    return tuple(_span(event, event.text) for event in sheet.events if event.kind == kind)


def _span(entry: SheetEvent | SheetSection, label: str) -> Span:
    return Span(start=entry.start_seconds, end=entry.start_seconds + entry.length_seconds, label=label)
