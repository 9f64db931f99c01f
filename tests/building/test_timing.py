"""What the cue sheet says is what the decoded MP3 holds."""

from __future__ import annotations

import itertools
import re
import subprocess
from pathlib import Path

import numpy as np
import pytest
import soundfile

from audio_builder.timebase import to_samples
from audio_builder.verify import verify
from tests.building.sessions import bundled_session, decoded
from tests.judges import judge

ONSETS = ("cues spoken", "cue onsets", "tone onsets", "chime onsets", "hold lengths", "chapter openings")


@pytest.mark.parametrize("name", ["thoracic-mobility", "five-minutes", "gentle"])
def test_every_cue_tone_and_chime_is_heard_where_the_sheet_says(name: str) -> None:
    """Find every onset of every bundled session within 20 ms, in what libsndfile decodes.

    A tone that begins under a cue is not heard to begin: of those there may be a few.
    """
    session = bundled_session(name)
    checks = {check.name: check for check in verify(session.path).checks}
    assert [check for check in (checks[each] for each in ONSETS) if not check.passed] == []
    cues = len(list(session.cue_sheet.cues()))
    tones = sum(event.kind in ("inhale", "exhale") for event in session.cue_sheet.events)
    assert checks["cue onsets"].measured.startswith(f"{cues} found")
    found, covered = (
        int(match[1]) if (match := re.search(rf"(\d+) {word}", checks["tone onsets"].measured)) else 0
        for word in ("found", "covered")
    )
    assert found + covered == tones
    assert covered <= tones // 10


@pytest.mark.judge
@pytest.mark.parametrize("decoder", ["mpg123", "ffmpeg"])
def test_independent_decoders_hear_the_same_at_the_same_sample(decoder: str, tmp_path: Path) -> None:
    """Decode with another program: as long to the sample, and the same but for rounding."""
    wav, path = tmp_path / "decoded.wav", bundled_session().path
    commands: dict[str, list[str | Path]] = {
        "mpg123": ["-q", "-w", wav, path],
        "ffmpeg": ["-v", "error", "-i", path, "-c:a", "pcm_s16le", wav],
    }
    subprocess.run([judge(decoder), *commands[decoder]], check=True)
    theirs, rate = soundfile.read(str(wav), dtype="float32")
    ours = decoded(path)
    assert rate == 48_000
    assert len(theirs) == len(ours) == bundled_session().cue_sheet.length_samples
    assert float(np.max(np.abs(theirs - ours))) < 1e-3


def test_the_decoded_length_is_the_sheets_to_the_sample() -> None:
    """Decode gapless: nothing is missing and nothing is added."""
    session = bundled_session()
    assert len(decoded(session.path)) == session.cue_sheet.length_samples


@pytest.mark.judge
def test_probes_agree_on_the_length_within_50_ms() -> None:
    """Ask ffprobe and mutagen, and decode with ffmpeg."""
    import mutagen.mp3

    session = bundled_session()
    probe: list[str | Path] = [
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
    raw = [judge("ffmpeg"), "-v", "error", "-i", str(session.path), "-f", "s16le", "-ac", "1", "-"]
    samples = len(subprocess.run(raw, check=True, capture_output=True).stdout) // 2
    tagged = mutagen.mp3.MP3(session.path).info
    assert tagged is not None
    for seconds in (probed, tagged.length, samples / 48_000):
        assert seconds == pytest.approx(session.length_seconds, abs=0.050)
    assert samples == session.cue_sheet.length_samples


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
    assert {event.length_samples % breath for event in holds} == {0}
    work: dict[tuple[str, int], list[int]] = {}
    for section in sheet.sections:
        lengths = [e.length_samples for e in sheet.events if e.kind == "work" and e.section == section.name]
        if section.side:
            work.setdefault((section.exercise, section.round), []).extend(lengths)
    assert work
    for lengths in work.values():
        assert len(lengths) == 2
        assert lengths[0] == lengths[1]
    cues = list(sheet.cues())
    assert all(one.end_samples <= other.start_samples for one, other in itertools.pairwise(cues))


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
        assert chapter.start_time * 48 == section.start_samples
        first = min(e.start_samples for e in session.cue_sheet.events if e.section == section.name)
        assert first - section.start_samples <= to_samples(0.5)
