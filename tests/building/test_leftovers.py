"""What a killed build left is swept, whoever has its process id by now; what a living one writes stays."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from audio_builder.building import leftovers
from audio_builder.building.leftovers import ABANDONED_SECONDS, beside, sweep, writing
from audio_builder.building.output import write_all

WRITER = """
import sys, time
from pathlib import Path
from audio_builder.building.output import write_all
def pieces():
    yield b"half"
    print("under way", flush=True)
    sys.stdin.read()
write_all({Path(sys.argv[1]): pieces()})
"""
posix = pytest.mark.skipif(os.name == "nt", reason="folders are held on POSIX alone")


def parts(folder: Path) -> list[str]:
    """Name what is half written, by its ending."""
    return sorted(path.name for path in folder.glob(".*.part"))


@posix
def test_what_a_living_build_writes_stays_and_goes_once_it_is_killed(tmp_path: Path) -> None:
    """Sweep, and write the same file, beside a build in the middle of its work; kill it, and sweep again."""
    path = tmp_path / "a.mp3"
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as build:
        assert build.stdout is not None
        assert build.stdout.readline() == b"under way\n"
        (half,) = parts(tmp_path)
        sweep([path])
        write_all({path: [b"whole"]})
        assert parts(tmp_path) == [half]
        build.kill()
    assert parts(tmp_path) == [half]
    sweep([path])
    assert parts(tmp_path) == []
    assert path.read_bytes() == b"whole"


@posix
def test_a_leftover_goes_whoever_has_its_process_id(tmp_path: Path) -> None:
    """Name leftovers after this process, which runs, and after none; leave what is no leftover of this file."""
    path = tmp_path / "a[1].mp3"
    ours = [f".a[1].mp3.{os.getpid()}.part", ".a[1].mp3.1.old.part", beside(path, "old.part").name]
    others = [".a[1].mp3.notes.part", ".a1.mp3.1.part", ".a[1].mp3.1.parts", "a[1].mp3.1.part"]
    for name in (*ours, *others):
        (tmp_path / name).write_bytes(b"left")
    with writing([path]):
        sweep([path])
        assert {each.name for each in tmp_path.iterdir()} == {*ours, *others}
    sweep([path, tmp_path / "none" / "b.mp3"])
    assert {each.name for each in tmp_path.iterdir()} == set(others)


def test_where_folders_cannot_be_held_only_what_is_old_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Take the locks away: a leftover goes when an hour has passed, and files are written all the same."""
    monkeypatch.setattr(leftovers, "fcntl", None)
    path = tmp_path / "a.mp3"
    left = beside(path, "part")
    left.write_bytes(b"left")
    write_all({path: [b"new"]})
    assert parts(tmp_path) == [left.name]
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + ABANDONED_SECONDS + 60)
    sweep([path])
    assert {each.name for each in tmp_path.iterdir()} == {"a.mp3"}
