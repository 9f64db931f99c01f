"""Real players' parsers read a published session and agree on length, chapters and tags."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import pytest
from mutagen.mp3 import MP3

from audio_builder.publish import publish
from tests.judges import verdict
from tests.publish.making import PARTS

STARTS = (0, 6000, 30504, 55008, 60024)
TITLES = [part.title for part in PARTS]


@pytest.fixture(scope="module")
def audio(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the MP3 as it lies in the site."""
    done = publish([dist / "thread-the-needle.mp3"], tmp_path_factory.mktemp("site"))
    return done.folder / "sessions" / "thread-the-needle" / "thread-the-needle.mp3"


@pytest.mark.judge
def test_ffprobe_reads_length_chapters_and_title(audio: Path) -> None:
    """Ask what most players are built upon."""
    done = verdict("ffprobe", "-v", "error", "-of", "json", "-show_format", "-show_chapters", audio)
    said = json.loads(done.stdout)
    assert float(said["format"]["duration"]) == pytest.approx(60.024, abs=0.03)
    assert said["format"]["tags"]["title"] == "Thoracic Mobility"
    found = [(round(float(one["start_time"]) * 1000), one["tags"]["title"]) for one in said["chapters"]]
    assert found == list(zip(STARTS, TITLES, strict=False))


def test_mutagen_reads_length_chapters_and_cover(audio: Path) -> None:
    """Ask what podcast tools are built upon."""
    mp3 = MP3(audio)
    assert mp3.info is not None
    assert mp3.tags is not None
    assert mp3.info.length == pytest.approx(60.024, abs=0.001)
    chapters = sorted(mp3.tags.getall("CHAP"), key=lambda one: one.start_time)
    assert [one.start_time for one in chapters] == list(STARTS[:-1])
    assert [one.end_time for one in chapters] == list(STARTS[1:])
    assert [str(one.sub_frames["TIT2"]) for one in chapters] == TITLES
    assert mp3.tags.getall("APIC")[0].data.startswith(b"\xff\xd8\xff")


def test_eyed3_reads_length_chapters_and_title(audio: Path) -> None:
    """Ask a third one, that shares no code with the others."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        import eyed3
    loaded = eyed3.load(audio)
    assert loaded.info.time_secs == pytest.approx(
        60.024, abs=0.06
    )  # it counts the encoder's delay and padding
    assert loaded.tag.title == "Thoracic Mobility"
    chapters = sorted(loaded.tag.chapters, key=lambda one: one.times)
    assert [(one.times.start, one.times.end, one.title) for one in chapters] == [
        (start, end, title) for start, end, title in zip(STARTS, STARTS[1:], TITLES, strict=False)
    ]


def test_the_sidecars_say_the_same(audio: Path) -> None:
    """Compare the chapters file and the cue sheet with the tags."""
    chapters = json.loads(audio.with_name("thread-the-needle.chapters.json").read_bytes())["chapters"]
    sheet = json.loads(audio.with_suffix(".json").read_bytes())
    assert [round(one["startTime"] * 1000) for one in chapters] == list(STARTS[:-1])
    assert [round(one["start_seconds"] * 1000) for one in sheet["sections"]] == list(STARTS[:-1])
