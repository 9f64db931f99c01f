"""A picture shows the session it was asked for, looks the same each time, and says why where it cannot be drawn."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest

from audio_builder import OutputError, Session, build
from audio_builder.plot import plot
from audio_builder.plot.content import read
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
    content = read(session.path)
    sheet = session.cue_sheet
    assert len(content.speech) == len(list(sheet.cues()))
    assert [chapter.label for chapter in content.chapters] == [section.title for section in sheet.sections]
    assert [round(hold.end - hold.start, 6) for hold in content.holds] == [30.0, 30.0]
    assert len(content.samples) == sheet.length
    _, fullness = content.breath
    assert np.nanmin(fullness) == pytest.approx(0)
    assert np.nanmax(fullness) == pytest.approx(1)
    assert fullness[0] == pytest.approx(0)
    assert fullness[-1] == pytest.approx(0)


def test_the_waveform_is_loud_where_there_is_speech(session: Session) -> None:
    """Compare columns within cues with columns of rest."""
    content = read(session.path)
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


def test_a_stretch_can_be_drawn_alone(session: Session) -> None:
    """Read ten seconds from the middle."""
    content = read(session.path, start=30, stop=40)
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
    with pytest.raises(OutputError, match="cue sheet cannot be read"):
        plot(alone)
