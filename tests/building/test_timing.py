"""What the cue sheet says is what the decoded MP3 holds."""

from __future__ import annotations

import itertools
import subprocess
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from audio_builder.building.cuesheet import SheetEvent
from audio_builder.timebase import to_samples
from tests.building.sessions import bundled_session, decoded
from tests.judges import judge

WITHIN = to_samples(0.020)
LOOK = to_samples(0.150)
WINDOW = to_samples(0.002)


def energy(samples: NDArray[np.float32], start: int, stop: int) -> NDArray[np.float64]:
    """Give the energy of each 2 ms from start to stop, the low end taken off by differencing."""
    part = np.diff(samples[max(start, 0) : stop].astype(np.float64))
    whole = part[: len(part) // WINDOW * WINDOW].reshape(-1, WINDOW)
    return np.asarray((whole**2).mean(axis=1))


def onset(samples: NDArray[np.float32], near: int) -> int:
    """Find where sound sets in near a place: the first 2 ms well above what was there before."""
    levels = energy(samples, near - LOOK, near + LOOK)
    before = levels[: (LOOK - WITHIN) // WINDOW]
    floor = before.max() * 2 + 1e-12
    peak = levels[(LOOK - WITHIN) // WINDOW :].max()
    threshold = max(floor, peak * 1e-3)
    above = np.flatnonzero(levels > threshold)
    return max(near - LOOK, 0) + int(above[0]) * WINDOW if len(above) else -1


def decoders() -> dict[str, NDArray[np.float32]]:
    """Decode the bundled session with every decoder that is here."""
    path = bundled_session().path
    return {"soundfile": decoded(path)}


def check_onsets(samples: NDArray[np.float32]) -> None:
    """Find every cue, tone and chime of the bundled session where its sheet says."""
    sheet = bundled_session().cue_sheet
    off: list[tuple[SheetEvent, int]] = []
    for event in sheet.events:
        if event.kind == "cue" or (event.kind == "chime" and event.role in ("begin", "finish")):
            found = onset(samples, event.start)
            if abs(found - event.start) > WITHIN:
                off.append((event, found - event.start))
    assert off == []


def test_every_cue_and_chime_is_heard_where_the_sheet_says() -> None:
    """Find all onsets within 20 ms in what libsndfile decodes."""
    check_onsets(decoded(bundled_session().path))


@pytest.mark.judge
def test_every_cue_and_chime_is_heard_where_the_sheet_says_by_mpg123(tmp_path: Path) -> None:
    """Find all onsets within 20 ms in what mpg123 decodes."""
    wav = tmp_path / "decoded.wav"
    subprocess.run([judge("mpg123"), "-q", "-w", wav, bundled_session().path], check=True)
    samples, _ = soundfile.read(str(wav), dtype="float32")
    check_onsets(samples)
    assert len(samples) == bundled_session().cue_sheet.length


def band(samples: NDArray[np.float32], start: int, length: int) -> float:
    """Give the power between 200 and 2,000 Hz of a stretch."""
    part = samples[start : start + length].astype(np.float64)
    spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part)))) ** 2
    hertz = np.fft.rfftfreq(len(part), 1 / 48_000)
    return float(spectrum[(hertz > 200) & (hertz < 2_000)].sum() / len(part) ** 2)


def test_every_breath_tone_swells_from_silence_at_its_start() -> None:
    """Find each tone that no cue covers: soft at its turning point, there in its middle."""
    sheet = bundled_session().cue_sheet
    samples = decoded(bundled_session().path)
    cues = [(cue.start, cue.start + cue.length) for cue in sheet.cues()]
    seen = 0
    for event in sheet.events:
        if event.kind not in ("inhale", "exhale"):
            continue
        if any(start < event.start + event.length and event.start - LOOK < stop for start, stop in cues):
            continue
        edge = band(samples, event.start - WITHIN // 2, WITHIN)
        middle = band(samples, event.start + event.length // 2, WITHIN)
        assert middle > 20 * edge, event
        seen += 1
    assert seen >= 10


def test_the_decoded_length_is_the_sheets_to_the_sample() -> None:
    """Decode gapless: nothing is missing and nothing is added."""
    session = bundled_session()
    assert len(decoded(session.path)) == session.cue_sheet.length


@pytest.mark.judge
def test_probes_agree_on_the_length_within_50_ms() -> None:
    """Ask ffprobe and mutagen, and decode with ffmpeg."""
    import mutagen.mp3

    session = bundled_session()
    probe = [
        judge("ffprobe"),
        "-v",
        "error",
        "-show_entries",
        "format=duration",
        "-of",
        "csv=p=0",
        session.path,
    ]
    probed = float(subprocess.run(probe, check=True, capture_output=True, text=True).stdout)
    raw = [judge("ffmpeg"), "-v", "error", "-i", session.path, "-f", "s16le", "-ac", "1", "-"]
    samples = len(subprocess.run(raw, check=True, capture_output=True).stdout) // 2
    tagged = mutagen.mp3.MP3(session.path).info.length
    for seconds in (probed, tagged, samples / 48_000):
        assert seconds == pytest.approx(session.length_seconds, abs=0.050)
    assert samples == session.cue_sheet.length


@pytest.mark.judge
def test_mp3val_and_mpg123_find_nothing_wrong() -> None:
    """Let two checkers read every frame."""
    path = bundled_session().path
    said = subprocess.run([judge("mp3val"), path], check=True, capture_output=True, text=True).stdout
    assert "WARNING" not in said
    assert "ERROR" not in said
    tested = subprocess.run([judge("mpg123"), "-q", "-t", path], check=True, capture_output=True, text=True)
    assert tested.stderr == ""


@pytest.mark.parametrize("name", ["thoracic-mobility", "five-minutes", "gentle"])
def test_holds_are_exact_sides_equal_and_cues_apart(name: str) -> None:
    """Check the sheet's own arithmetic on every bundled routine."""
    sheet = bundled_session(name).cue_sheet
    breath = to_samples(10)
    holds = [
        event for event in sheet.events if event.kind == "hold" and event.exercise == "thread-the-needle"
    ]
    assert {event.length % breath for event in holds} == {0}
    work: dict[tuple[str, int], list[int]] = {}
    for section in sheet.sections:
        lengths = [e.length for e in sheet.events if e.kind == "work" and e.section == section.name]
        if section.side:
            work.setdefault((section.exercise, section.round), []).extend(lengths)
    assert work
    for lengths in work.values():
        assert len(lengths) == 2
        assert lengths[0] == lengths[1]
    cues = list(sheet.cues())
    assert all(one.start + one.length <= other.start for one, other in itertools.pairwise(cues))


def test_each_exercise_is_a_chapter_that_begins_with_sound() -> None:
    """Read the chapters back from the tag; the first sound of each follows within half a second."""
    import mutagen.id3

    session = bundled_session()
    tags = mutagen.id3.ID3(session.path)
    chapters = sorted(tags.getall("CHAP"), key=lambda chapter: int(chapter.start_time))
    sections = session.cue_sheet.sections
    assert [str(chapter.sub_frames["TIT2"]) for chapter in chapters] == [
        section.title for section in sections
    ]
    assert {section.exercise for section in sections} - {""} == {
        "thread-the-needle", "prone-scorpion", "cat-cow", "downward-dog-to-plank", "open-book-twist",
    }  # fmt: skip
    for chapter, section in zip(chapters, sections, strict=True):
        assert chapter.start_time * 48 == section.start
        first = min(e.start for e in session.cue_sheet.events if e.section == section.name)
        assert first - section.start <= to_samples(0.5)
