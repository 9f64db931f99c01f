"""A build that was made before is put together from what is kept, and only while nothing it looked at changed."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from audio_builder import build
from audio_builder.building import pipeline
from audio_builder.building.records import state_of, states
from audio_builder.files.atomic import FORMAT
from audio_builder.files.cache import Cache
from tests.building.test_parallel import ROUTINE


@pytest.fixture
def routine(folder: Path) -> Path:
    """Give a short routine of its own, written a while ago."""
    path = folder / "short.yaml"
    path.write_text(ROUTINE)
    long_ago(path)
    return path


def long_ago(path: Path) -> None:
    """Let a file be an hour old: what is younger than a build's start is never relied on."""
    os.utime(path, (time.time() - 3_600, time.time() - 3_600))


class Builder:
    """Builds into folders of its own and counts how often all stages ran."""

    def __init__(self, routine: Path, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.routine = routine
        self.folder = folder
        self.whole = 0
        plain = pipeline.build

        def counted(*given: object, **options: object) -> object:
            self.whole += 1
            return plain(*given, **options)  # type: ignore[arg-type]

        patch.setattr(pipeline, "build", counted)

    def __call__(self, **options: object) -> dict[str, bytes]:
        """Build, and give the files by name."""
        session = build(
            options.pop("routine", self.routine),  # type: ignore[arg-type]
            self.folder / "out",
            **{"voice": "silent", **options},  # type: ignore[arg-type]
            cache=Cache(self.folder / "cache"),
        )
        self.session = session
        return {path.name: path.read_bytes() for path in sorted((self.folder / "out").iterdir())}


@pytest.fixture
def builder(routine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Builder:
    """Give a builder that counts."""
    return Builder(routine, tmp_path / "made", monkeypatch)


def test_the_same_again_runs_no_stage_and_gives_the_same_files(builder: Builder) -> None:
    """Build twice; remove the output in between."""
    first, session = builder(), builder.session
    for path in (builder.folder / "out").iterdir():
        path.unlink()
    assert builder() == first
    assert builder.session == session
    assert builder.whole == 1


def test_the_same_again_removes_what_a_killed_build_left(builder: Builder) -> None:
    """Leave a list and the second name of an earlier file, as a build killed right after its last rename does."""
    first = builder()
    listed = {"format": FORMAT, "names": ["short.mp3"]}
    (builder.folder / "out" / ".00c0ffee.ready.part").write_text(json.dumps(listed))
    (builder.folder / "out" / ".00c0ffee.0.old.part").write_bytes(b"earlier")
    assert builder() == first
    assert builder.whole == 1


def test_whatever_changes_makes_the_session_anew(builder: Builder, tmp_path: Path) -> None:
    """Change, one after the other: a setting, the routine, an own exercise beside it, the personal defaults."""
    first = builder()
    changed = builder(settings={"cat-cow.reps": 6})
    assert changed["short.mp3"] != first["short.mp3"]
    assert builder() == first
    assert builder.whole == 2
    builder.routine.write_text(ROUTINE.replace("Short", "Brief"))
    long_ago(builder.routine)
    assert b"Brief" in builder()["short.json"]
    assert builder.whole == 3
    bundled = Path(__file__).parents[2] / "scripts" / "exercises" / "cat-cow.yaml"
    own = builder.routine.parent / "cat-cow.yaml"
    own.write_text(bundled.read_text(encoding="utf-8").replace("name: ", "name: My ", 1), encoding="utf-8")
    assert b"My Cat" in builder()["short.json"]
    assert builder.whole == 4
    config = tmp_path / "config.yaml"
    builder(config=config)
    config.write_text("guidance: bells\n")
    quiet = builder(config=config)
    assert builder.whole == 6
    assert b"bells" in quiet["short.json"]


def test_a_file_written_during_or_after_the_build_is_not_relied_on(builder: Builder) -> None:
    """Let the routine be as young as the build: nobody knows whether it was read before or after."""
    os.utime(builder.routine, (time.time() + 60, time.time() + 60))
    builder()
    builder()
    assert builder.whole == 2


def test_a_file_that_a_coarse_clock_dates_back_is_not_relied_on(tmp_path: Path) -> None:
    """Let a file say that it was written a second, and three, before a moment: only the older is described."""
    path = tmp_path / "script.yaml"
    path.write_text("title: Short\n")
    written = path.stat().st_mtime
    assert states([path], before=written + 1) == {str(path): ""}
    assert states([path], before=written + 3) == {str(path): state_of(path)}


@pytest.mark.parametrize("what", ["chunks", "recipes"])
def test_damage_in_what_is_kept_changes_no_byte(builder: Builder, what: str) -> None:
    """Flip a bit in every file of a kind."""
    first = builder()
    for path in (builder.folder / "cache" / what).glob("?/*"):
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
    assert builder() == first
    assert builder.whole == 2
    assert builder() == first
    assert builder.whole == 2


def test_another_voice_is_never_taken_for_the_same(builder: Builder) -> None:
    """Ask for another voice, then for the first again."""
    silent = builder()
    spoken = builder(voice="espeak", offline=True)
    assert spoken["short.mp3"] != silent["short.mp3"]
    assert builder() == silent
    assert builder.whole == 2
