"""Sections are made side by side: the bytes are those of one after the other, in every state of the cache."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from audio_builder import build
from audio_builder.errors import OutputError
from audio_builder.files.cache import Cache, Kind

ROUTINE = """\
title: Short
breath: 3/3
rest: 6s
safety: off
exercises:
  - use: cat-cow
    reps: 4
  - use: thread-the-needle
    hold: 3 breaths
"""


Settings = dict[str, object]
NONE: Settings = {}
RAIN: Settings = {"bed": "rain"}


@pytest.fixture
def routine(folder: Path) -> Path:
    """Give a short routine of its own."""
    path = folder / "short.yaml"
    path.write_text(ROUTINE)
    return path


def built(
    routine: Path,
    folder: Path,
    cache: Cache | None = None,
    *,
    settings: Settings = NONE,
    executor: Executor | None = None,
) -> bytes:
    """Build with silent cues, tones and chimes; give the MP3."""
    cache = cache or Cache(folder / "cache")
    session = build(
        routine, folder / "out", voice="silent", cache=cache, settings=settings, executor=executor
    )
    return session.path.read_bytes()


def entries(cache: Cache) -> list[Path]:
    """List the files of a cache that do not hold clips."""
    return sorted(path for path in cache.folder.glob("*/?/*") if path.parts[-3] != "clips")


def flip(path: Path) -> None:
    """Flip a bit in a file's middle."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def stamp(path: Path) -> None:
    """Make an entry look as if another version had written it."""
    path.write_bytes(path.read_bytes().replace(b" cache 1 ", b" cache 9 ", 1))


def clear(path: Path) -> None:
    """Remove an entry, as a pruning neighbour does."""
    path.unlink()


@pytest.mark.parametrize("settings", [NONE, RAIN], ids=str)
def test_other_processes_make_the_same_bytes(routine: Path, tmp_path: Path, settings: Settings) -> None:
    """Hand in processes that share nothing but the cache's folder, and count what comes back to be kept."""
    cache, ours = Cache(tmp_path / "theirs"), Cache(tmp_path / "ours")
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        made = built(routine, tmp_path / "out", cache, settings=settings, executor=executor)
    assert made == built(routine, tmp_path, ours, settings=settings)
    assert {path.name for path in entries(cache)} == {path.name for path in entries(ours)}


@pytest.mark.parametrize("harm", [clear, flip, stamp])
def test_every_state_of_the_cache_gives_the_same_bytes(
    routine: Path, tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    """Build cold, warm, and with every other entry gone, damaged or of another version."""
    cache = Cache(tmp_path / "cache")
    cold = built(routine, tmp_path, cache)
    assert built(routine, tmp_path, cache) == cold
    for path in entries(cache)[::2]:
        harm(path)
    assert built(routine, tmp_path, cache) == cold
    assert built(routine, tmp_path / "elsewhere") == cold


def test_over_a_bed_cold_and_warm_give_the_same_bytes_and_a_change_stays_in_its_section(
    routine: Path, tmp_path: Path
) -> None:
    """Build over rain, warm and cold; change one exercise: the others' entries are taken from the cache."""
    cache = Cache(tmp_path / "cache")
    cold = built(routine, tmp_path, cache, settings=RAIN)
    first = set(entries(cache))
    assert built(routine, tmp_path, cache, settings=RAIN) == cold
    assert built(routine, tmp_path / "elsewhere", settings=RAIN) == cold
    built(routine, tmp_path, cache, settings=RAIN | {"thread-the-needle.hold": "4 breaths"})
    new = set(entries(cache)) - first
    assert 0 < len(new) < len(first)


def test_the_number_of_workers_and_their_order_change_no_byte(
    routine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Build with one worker, and with five that start late at random."""
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    alone = built(routine, tmp_path / "one")
    chance = random.Random(7)
    plain = Cache.put

    def late(
        cache: Cache, kind: Kind, key: str, content: bytes, *, about: Mapping[str, str] | None = None
    ) -> None:
        time.sleep(chance.uniform(0, 0.02))
        plain(cache, kind, key, content, about=about)

    monkeypatch.setattr(os, "cpu_count", lambda: 5)
    monkeypatch.setattr(Cache, "put", late)
    assert built(routine, tmp_path / "five") == alone


def test_only_what_changed_is_mixed_again(
    routine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Change one exercise's hold: the chunks of the other sections are not touched."""
    made: list[str] = []
    plain = Cache.put

    def counted(
        cache: Cache, kind: Kind, key: str, content: bytes, *, about: Mapping[str, str] | None = None
    ) -> None:
        if kind != "clips":
            made.append(key)
        plain(cache, kind, key, content, about=about)

    monkeypatch.setattr(Cache, "put", counted)
    built(routine, tmp_path)
    first = len(made)
    assert first == len(set(made)) > 10
    built(routine, tmp_path)
    assert len(made) == first
    built(routine, tmp_path, settings={"thread-the-needle.hold": "4 breaths"})
    again = made[first:]
    assert 0 < len(again) < first * 0.6
    assert len(again) == len(set(again))


def test_progress_counts_up_to_all_there_is(routine: Path, tmp_path: Path) -> None:
    """Watch two builds, cold and warm."""
    for folder in (tmp_path / "a", tmp_path / "a"):
        steps: list[tuple[int, int]] = []
        build(
            routine,
            folder,
            voice="silent",
            cache=Cache(tmp_path / "cache"),
            progress=lambda stage, done, total, steps=steps: (  # type: ignore[misc]
                steps.append((done, total)) if stage == "Mixing" else None
            ),
        )
        assert steps == sorted(steps)
        assert steps[-1][0] == steps[-1][1] > 0
        assert len({total for _, total in steps}) == 1


def test_a_failure_in_one_chunk_ends_the_build_and_keeps_what_was_there(
    routine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Let the cache be full after some chunks: the error comes through, the earlier session stays."""
    before = built(routine, tmp_path)
    made = 0
    plain = Cache.put

    def full(
        cache: Cache, kind: Kind, key: str, content: bytes, *, about: Mapping[str, str] | None = None
    ) -> None:
        nonlocal made
        made += kind == "chunks"
        if made > 1:
            raise OutputError("no room")
        plain(cache, kind, key, content, about=about)

    monkeypatch.setattr(Cache, "put", full)
    with pytest.raises(OutputError, match="no room"):
        built(routine, tmp_path, settings={"cat-cow.reps": 8, "thread-the-needle.hold": "5 breaths"})
    assert (tmp_path / "out" / "short.mp3").read_bytes() == before


def test_builds_that_share_a_cache_at_once_agree(routine: Path, tmp_path: Path) -> None:
    """Start three builds of the same routine into one cold cache."""
    command = [sys.executable, "-m", "audio_builder", "build", str(routine), "--voice", "silent", "-q", "-o"]
    cache = {**os.environ, "AUDIO_BUILDER_CACHE": str(tmp_path / "shared")}
    running = [subprocess.Popen([*command, str(tmp_path / name)], env=cache) for name in "abc"]
    assert [process.wait(timeout=600) for process in running] == [0, 0, 0]
    sessions = {(tmp_path / name / "short.mp3").read_bytes() for name in "abc"}
    assert sessions == {built(routine, tmp_path / "alone")}


STOPPED = """
import os, sys, threading
from audio_builder.building import encoding
from audio_builder.cli import main
from audio_builder.files.cache import Cache
os.cpu_count = lambda: 2
how, made, turn, noticed = int(sys.argv.pop(1)), [], threading.Lock(), threading.Event()
plain_put, plain_crew = Cache.put, encoding.side_by_side
def put(cache, kind, key, content, **about):
    with turn:
        if len(made) == 3:
            noticed.wait(60)
        plain_put(cache, kind, key, content, **about)
        if kind == "clips":
            return
        made.append(key)
        if len(made) == 3:
            os.kill(os.getpid(), how)
def crew(work, pieces, *, workers, stop):
    return plain_crew(work, pieces, workers=workers, stop=lambda: (stop(), noticed.set()))
Cache.put, encoding.side_by_side = put, crew
main()
"""
"""The program, which stops itself once it has kept three chunks, and keeps no other before it has noticed."""


@pytest.mark.skipif(os.name == "nt", reason="signals as sent here are POSIX's")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_a_build_stopped_while_it_encodes_leaves_a_cache_that_works(
    routine: Path, tmp_path: Path, how: signal.Signals
) -> None:
    """Stop a build that has kept three chunks: an interrupt lets its two workers end, with 130 and no leftovers."""
    cache = tmp_path / "cache"
    environment = {**os.environ, "AUDIO_BUILDER_CACHE": str(cache)}
    words = ["build", str(routine), "--voice", "silent", "-q", "-o", str(tmp_path / "out")]
    stopped = subprocess.run(
        [sys.executable, "-c", STOPPED, str(int(how)), *words],
        env=environment,
        capture_output=True,
        check=False,
    )
    kept = len(entries(Cache(cache)))
    if how == signal.SIGINT:
        assert (stopped.returncode, stopped.stderr) == (130, b"Stopped. No session is left half written.\n")
        assert 3 <= kept <= 5
        assert not list(cache.rglob("*.part"))
    else:
        assert (stopped.returncode, kept) == (-how, 3)
    assert not (tmp_path / "out" / "short.mp3").exists()
    subprocess.run([sys.executable, "-m", "audio_builder", *words], env=environment, check=True)
    assert (tmp_path / "out" / "short.mp3").read_bytes() == built(routine, tmp_path / "alone")
