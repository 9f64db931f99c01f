"""A session drawn as PNG or SVG."""

from __future__ import annotations

import io
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from audio_builder.errors import OutputError
from audio_builder.plot.content import Content, read
from audio_builder.sound.samples import ANCHOR_LUFS, Samples
from audio_builder.timebase import RATE, clock, to_samples

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

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
        raise OutputError(
            f'"{form}" is not a form of picture', remedy=f"end the file in {' or '.join(FORMS)}"
        )
    figure_type, settings = _matplotlib()
    content = read(Path(path), start=start, stop=stop)
    with settings:
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
        raise OutputError(
            "drawing needs matplotlib", remedy="install it: pip install 'audio-builder[plot]'"
        ) from error
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
    figure.suptitle(content.title, fontsize=14)


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
        axes.text(chapter.start, height, f" {chapter.label}", fontsize=8, va="bottom", parse_math=False)
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
