"""Draw a finished session as a PNG or SVG."""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from audio_builder.errors import OutputError
from audio_builder.session.cuesheet import CueSheet, EventKind, SheetEvent, SheetSection, read_sheet
from audio_builder.sound.loudness import BINS_PER_SECOND, over_time
from audio_builder.sound.samples import ANCHOR_LUFS, Samples
from audio_builder.timebase import RATE, clock, to_samples

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


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


def read_content(path: Path, *, start: float | None = None, stop: float | None = None) -> Content:
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
        breath=_lungs(sheet.events),
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
        again = "Build the session again."
        raise OutputError("the session holds no sound there", where=str(path), remedy=again)
    return np.asarray(samples.mean(axis=1), dtype=np.float32)


def _outline(samples: NDArray[np.float32], start: float) -> tuple[Curve, Curve, Curve]:
    """Gather samples into columns, each with its lowest and highest value."""
    edges = np.unique(np.linspace(0, len(samples), COLUMNS + 1).astype(int)[:-1])
    lows = np.minimum.reduceat(samples, edges).astype(np.float64)
    highs = np.maximum.reduceat(samples, edges).astype(np.float64)
    middles = (edges + np.append(edges[1:], len(samples))) / 2
    return start + middles / RATE, lows, highs


def _lungs(events: Sequence[SheetEvent]) -> tuple[Curve, Curve]:
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


FORMS = ("png", "svg")
SPEECH, TONE, LINE, HOLD, LOUD = "#3b6ea5", "#2a9d8f", "#44546a", "#f2e3c6", "#b5544d"
"""The colours of speech, breath, waveform, holds and loudness."""
HIGHEST_HZ = 4_000
MOST_COLUMNS = 3_000
WINDOWS = (512, 1_024, 2_048, 4_096)
"""Samples that a column of the spectrogram looks at: the fewer, the closer one looks."""
TICK_STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 900, 1_800)
MOST_TICKS = 12
LABELLED_CHAPTERS = 14
"""More chapters than this are drawn as lines alone."""


def plot(
    path: str | Path,
    *,
    form: str = "png",
    spectrogram: bool = False,
    start: float | None = None,
    stop: float | None = None,
) -> bytes:
    """Draw a finished session, or the stretch from `start` to `stop` in seconds, as a PNG or SVG file's bytes.

    Waveform with speech and chapters, breath curve with holds, loudness over time; with `spectrogram` the
    frequencies up to 4 kHz. Raises OutputError where the session, the form or matplotlib is not to be had.
    """
    if form not in FORMS:
        remedy = f"end the file in {' or '.join(FORMS)}"
        raise OutputError(f'"{form}" is not a form of picture', remedy=remedy)
    figure_type, settings = _matplotlib()
    content = read_content(Path(path), start=start, stop=stop)
    with settings, warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from font")  # an empty box says so
        figure = figure_type(figsize=(16, 9 if spectrogram else 7), layout="constrained")
        _draw(figure, content, spectrogram=spectrogram)
        out = io.BytesIO()
        plain: dict[str, Any] = {"Date": None} if form == "svg" else {"Software": None}
        figure.savefig(out, format=form, dpi=110, metadata=plain)
    return out.getvalue()


def _matplotlib() -> tuple[type[Figure], Any]:
    """Load matplotlib, without a window, and settings under which the same session gives the same bytes."""
    try:
        import matplotlib as mpl
        from matplotlib.figure import Figure
    except ImportError as error:
        remedy = "install it: pip install 'audio-builder[plot]'"
        raise OutputError("drawing needs matplotlib", remedy=remedy) from error
    return Figure, mpl.rc_context({"svg.hashsalt": "audio-builder", "font.size": 10, "axes.grid": False})


def _draw(figure: Figure, content: Content, *, spectrogram: bool) -> None:
    heights = [3, 1.2, 1.4, *([3] if spectrogram else [])]
    rows = list(figure.subplots(len(heights), 1, sharex=True, height_ratios=heights))
    _waveform(rows[0], content)
    _breath(rows[1], content)
    _loudness(rows[2], content)
    if spectrogram:
        _spectrogram(rows[3], content)
    for row in rows:
        row.set_xlim(content.start, content.stop)
        row.spines[["top", "right"]].set_visible(False)
    step = tick_step(content.stop - content.start)
    rows[-1].set_xticks(np.arange(np.ceil(content.start / step), content.stop / step + 1e-6) * step)
    rows[-1].xaxis.set_major_formatter(lambda seconds, _: tick_label(seconds, step=step))
    rows[-1].set_xlabel("minutes:seconds")
    figure.suptitle(_shown(content.title), fontsize=14, parse_math=False)


def _shown(text: str) -> str:
    """Leave out what no font draws: control characters."""
    return "".join(each for each in text if each.isprintable())


def tick_step(length: float) -> float:
    """Give the seconds between two ticks: the least round time with which a length has at most a dozen."""
    return next((step for step in TICK_STEPS if length <= MOST_TICKS * step), TICK_STEPS[-1])


def tick_label(seconds: float, *, step: float) -> str:
    """Write a time as minutes and seconds, with as many decimals as a step needs."""
    return clock(to_samples(seconds), decimals=0 if step >= 1 else -math.floor(math.log10(step)))


def _waveform(axes: Axes, content: Content) -> None:
    for span in content.speech:
        axes.axvspan(span.start, span.end, color=SPEECH, alpha=0.16, linewidth=0)
    axes.fill_between(content.times, content.lows, content.highs, color=LINE, linewidth=0.4)
    seen = [chapter for chapter in content.chapters if content.start <= chapter.start < content.stop]
    for chapter in content.chapters:
        if content.start < chapter.start < content.stop:
            axes.axvline(chapter.start, color=LINE, linewidth=0.8, linestyle=":")
    for number, chapter in enumerate(seen if len(seen) <= LABELLED_CHAPTERS else ()):
        height = 1.02 if number % 2 else 0.9
        axes.text(
            chapter.start, height, f" {_shown(chapter.label)}", fontsize=8, va="bottom", parse_math=False
        )
    axes.set_ylim(-1, 1.16)
    axes.set_ylabel("waveform\n(speech shaded)")


def _breath(axes: Axes, content: Content) -> None:
    for span in content.holds:
        axes.axvspan(span.start, span.end, color=HOLD, linewidth=0)
    axes.plot(*content.breath, color=TONE, linewidth=1.2)
    axes.set_ylim(-0.1, 1.1)
    axes.set_yticks([0, 1], ["out", "in"])
    axes.set_ylabel("breath\n(holds shaded)")


def _loudness(axes: Axes, content: Content) -> None:
    axes.axhline(ANCHOR_LUFS, color=LOUD, linewidth=0.6, linestyle="--")
    axes.plot(content.loudness_times, np.maximum(content.loudness, -70), color=LOUD, linewidth=1)
    axes.set_ylim(-65, -8)
    axes.set_ylabel(f"loudness\nLUFS, {content.loudness_window:g} s")


def _spectrogram(axes: Axes, content: Content) -> None:
    axes.imshow(
        _levels(content.samples),
        origin="lower",
        aspect="auto",
        extent=(content.start, content.stop, 0.0, HIGHEST_HZ),
        vmin=-90,
        vmax=-15,
        cmap="magma",
        interpolation="nearest",
    )
    axes.set_ylabel("Hz")


def _levels(samples: Samples) -> Samples:
    """Give the level in dBFS of each frequency, shape (frequencies, columns); columns are centred in time."""
    size = next((size for size in reversed(WINDOWS) if len(samples) >= 100 * size), WINDOWS[0])
    hop = max(size // 4, len(samples) // MOST_COLUMNS)
    around = np.pad(samples, size // 2)
    windows = np.lib.stride_tricks.sliding_window_view(around, size)[hop // 2 :: hop]
    rows = HIGHEST_HZ * size // RATE
    shape = np.hanning(size)
    columns = [np.abs(np.fft.rfft(shape * window))[:rows] for window in windows]
    return np.asarray(20 * np.log10(np.array(columns).T / (size / 4) + 1e-6), dtype=np.float32)
