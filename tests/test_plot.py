"""A picture shows the session it was asked for, looks the same each time, and says why where it cannot be drawn."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest

from audio_builder import OutputError, Session, build
from audio_builder.plot import plot, read_content, tick_label, tick_step
from tests.judges import library

library("matplotlib")


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """Build a short session with one sided hold."""
    settings = {"only": "thread-the-needle", "hold": "3 breaths"}
    return build(
        "five-minutes", tmp_path_factory.mktemp("out"), voice="espeak", offline=True, settings=settings
    )


def test_the_content_is_what_the_cue_sheet_says(session: Session) -> None:
    """Find speech, holds and chapters at their places, and breath curves that end where they began."""
    content = read_content(session.path)
    sheet = session.cue_sheet
    assert len(content.speech) == len(list(sheet.cues()))
    assert [chapter.label for chapter in content.chapters] == [section.title for section in sheet.sections]
    assert [round(hold.end - hold.start, 6) for hold in content.holds] == [30.0, 30.0]
    assert len(content.samples) == sheet.length_samples
    _, fullness = content.breath
    assert np.nanmin(fullness) == pytest.approx(0)
    assert np.nanmax(fullness) == pytest.approx(1)
    assert fullness[0] == pytest.approx(0)
    assert fullness[-1] == pytest.approx(0)


def test_the_waveform_is_loud_where_there_is_speech(session: Session) -> None:
    """Compare columns within cues with columns of rest."""
    content = read_content(session.path)
    spoken = np.zeros(len(content.times), dtype=bool)
    for span in content.speech:
        spoken |= (content.times > span.start) & (content.times < span.end)
    assert np.median(content.highs[spoken]) > 10 * np.percentile(content.highs[~spoken], 20)


@pytest.mark.parametrize("spectrogram", [False, True])
def test_a_png_is_a_picture_and_the_same_each_time(session: Session, *, spectrogram: bool) -> None:
    """Draw twice; open it; find more than one colour."""
    from PIL import Image

    first = plot(session.path, spectrogram=spectrogram)
    assert first == plot(session.path, spectrogram=spectrogram)
    picture = Image.open(io.BytesIO(first)).convert("RGB")
    assert picture.width > 1_200
    assert len(picture.getcolors(maxcolors=1 << 24) or ()) > 10


def test_an_svg_names_the_session_and_its_chapters(session: Session) -> None:
    """Draw as SVG, the same each time."""
    drawn = plot(session.path, form="svg")
    assert drawn == plot(session.path, form="svg")
    assert drawn.startswith(b"<?xml")


@pytest.mark.filterwarnings("error")
def test_whatever_stands_in_a_title_is_drawn_as_it_stands(session: Session, tmp_path: Path) -> None:
    """A formula that is none, a sign that no font has, and what steers terminals."""
    copy = tmp_path / "odd.mp3"
    copy.write_bytes(session.path.read_bytes())
    sheet = session.cue_sheet.model_copy(update={"title": "Costs $\\frac{$ \x1b[31m\U0001f9d8\u202e"})
    copy.with_suffix(".json").write_text(sheet.to_json(), "utf-8")
    assert plot(copy, form="svg").startswith(b"<?xml")


def test_a_stretch_can_be_drawn_alone(session: Session) -> None:
    """Read ten seconds from the middle."""
    content = read_content(session.path, start=30, stop=40)
    assert len(content.samples) == 480_000
    assert 30 <= content.times[0] < content.times[-1] <= 40


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"form": "gif"}, '"gif" is not a form of picture'),
        ({"start": 50.0, "stop": 40.0}, "there is nothing to draw from 50 s to 40 s"),
        ({"start": 9_999.0}, "there is nothing to draw"),
    ],
)
def test_what_cannot_be_drawn_is_told(session: Session, arguments: dict[str, object], message: str) -> None:
    """Refuse an unknown form and stretches without sound."""
    with pytest.raises(OutputError) as caught:
        plot(session.path, **arguments)  # type: ignore[arg-type]
    assert message in str(caught.value)


def test_a_session_without_its_cue_sheet_is_told(session: Session, tmp_path: Path) -> None:
    """Copy the MP3 alone."""
    alone = tmp_path / "alone.mp3"
    alone.write_bytes(session.path.read_bytes())
    with pytest.raises(OutputError, match="the session has no cue sheet beside it"):
        plot(alone)


@pytest.mark.parametrize(
    ("length", "step", "label"),
    [
        (0.03, 0.01, "2:19.77"),
        (1.0, 0.1, "2:19.8"),
        (20.0, 2, "2:20"),
        (289.0, 30, "2:20"),
        (14_400.0, 1_800, "2:20"),
    ],
)
def test_ticks_are_round_times_that_differ(length: float, step: float, label: str) -> None:
    """A dozen at most, each written with as many decimals as tell it from the next."""
    assert tick_step(length) == step
    assert tick_label(139.77, step=step) == label


def test_a_close_look_shows_momentary_loudness(session: Session) -> None:
    """Below a minute the window is 0.4 s, and its values start half a window after the stretch does."""
    whole, near = read_content(session.path), read_content(session.path, start=30, stop=31)
    assert (whole.loudness_window, whole.loudness_times[0]) == (3.0, 1.5)
    assert (near.loudness_window, len(near.loudness)) == (0.4, 7)
    assert near.loudness_times == pytest.approx(30.2 + 0.1 * np.arange(7))


def test_a_tone_is_drawn_when_and_where_it_sounds() -> None:
    """Half a second of 1 kHz after half a second of nothing: its column and its row, at its level."""
    from audio_builder.plot import _levels

    time = np.arange(24_000) / 48_000
    samples = np.concatenate([np.zeros(24_000), 0.1 * np.sin(2 * np.pi * 1_000 * time)]).astype(np.float32)
    levels = _levels(samples)
    rows, columns = levels.shape
    loudest = levels.argmax(axis=0) * 4_000 / rows
    assert loudest[columns // 2 + 4 : -4] == pytest.approx(1_000, abs=60)
    assert levels.max() == pytest.approx(-20, abs=1)
    assert (levels[:, : columns // 2 - 4] < -100).all()
