"""What is kept to be fast, as a user sees it: sizes, contents, and letting go."""

from __future__ import annotations

import json
import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

from audio_builder.speech import ClipKey, ClipStore
from audio_builder.speech.clip_store import to_clip
from tests.cli.running import Terminal

DAY_SECONDS = 86_400


@pytest.fixture
def cache(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep three clips of a second by two voices, used 1, 2 and 40 days ago, and a damaged one, just used."""
    monkeypatch.setenv("AUDIO_BUILDER_CACHE", str(folder / "cache"))
    store = ClipStore()
    for engine, voice, text, days in (
        ("espeak", "", "Breathe in.", 1),
        ("espeak", "", "Breathe out.", 2),
        ("flite", "slt", "Rest.", 40),
    ):
        key = ClipKey(engine=engine, identity="1", voice=voice, language="en", speed=1.0, text=text)
        store.put(key, to_clip(bytes(96_000)))
        os.utime(store.path(key), (time.time() - days * DAY_SECONDS,) * 2)
    damaged = store.path(replace(key, text="Pause."))
    damaged.parent.mkdir(exist_ok=True)
    damaged.write_bytes(b"rubbish")
    return folder / "cache"


def test_the_cache_shows_its_size_and_who_speaks_in_it(terminal: Terminal, cache: Path) -> None:
    """Look at it: one line a kind, and under the clips one line a voice."""
    assert terminal.run("cache").out.splitlines() == [
        str(cache),
        "  spoken clips: 4 files, 0.3 MB",
        "    damaged: 1 clip, 0:00",
        "    espeak (en): 2 clips, 0:02",
        "    flite:slt (en): 1 clip, 0:01",
        "  encoded chunks of sessions: 0 files, 0.0 MB",
        "  covers: 0 files, 0.0 MB",
        "  breath tones and room tone: 0 files, 0.0 MB",
        "  chimes and other sounds, levelled: 0 files, 0.0 MB",
    ]


def test_the_cache_lists_every_clip_with_its_words(terminal: Terminal, cache: Path) -> None:
    """List all: day, voice, length and words, the longest unused first."""
    lines = [line.split(maxsplit=1) for line in terminal.run("cache", "--all").out.splitlines()[2:6]]
    assert [line[1] for line in lines] == [
        "flite:slt (en)    1.0 s  Rest.",
        "espeak (en)    1.0 s  Breathe out.",
        "espeak (en)    1.0 s  Breathe in.",
        "damaged",
    ]
    assert [line[0] for line in lines] == sorted(line[0] for line in lines)


def test_the_cache_as_json_tells_the_same(terminal: Terminal, cache: Path) -> None:
    """Parse it: sizes by kind, and every clip."""
    found = json.loads(terminal.run("cache", "--all", "--json").out)
    assert (found["folder"], found["removed"]) == (str(cache), {"files": 0, "bytes": 0})
    assert found["kept"]["clips"]["files"] == 4
    assert [(clip["engine"], clip["seconds"], clip["text"]) for clip in found["clips"]] == [
        ("flite", 1.0, "Rest."), ("espeak", 1.0, "Breathe out."), ("espeak", 1.0, "Breathe in."), (None, None, None),
    ]  # fmt: skip


def test_the_cache_is_pruned_by_age_and_by_size(terminal: Terminal, cache: Path) -> None:
    """Let go of what was unused for 30 days, then of all but 0.1 MB: what went is said, the last used stays."""
    assert terminal.run("cache", "--older-than", "30").out.startswith("Removed 1 file, 0.1 MB.\n")
    assert "flite" not in terminal.run("cache").out
    assert terminal.run("cache", "--keep", "0.1").out.startswith("Removed 1 file, 0.1 MB.\n")
    assert "Breathe in." in terminal.run("cache", "--all").out


def test_the_cache_is_cleared(terminal: Terminal, cache: Path) -> None:
    """Clear it: nothing is left but a file that is not ours."""
    (cache / "notes.txt").write_text("mine", "utf-8")
    terminal.run("cache", "--clear")
    assert [path.name for path in cache.rglob("*") if path.is_file()] == ["notes.txt"]
