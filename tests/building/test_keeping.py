"""What is kept can be seen, pruned by age and size, and cleared."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from audio_builder.building.keeping import clear, kept, labels, prune
from audio_builder.speech import ClipKey, ClipStore
from audio_builder.speech.clip_store import to_clip


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """Make a cache of four files: one a day old, one two, one three, one four."""
    for days, (kind, name, size) in enumerate(
        [("clips", "a", 100), ("clips", "b", 200), ("sections", "c", 300), ("sections", "d", 400)], 1
    ):
        path = tmp_path / kind / "0" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes(size))
        os.utime(path, (1e9 - days * 86_400, 1e9 - days * 86_400))
    (tmp_path / "notes.txt").write_text("not ours")
    return tmp_path


def names(folder: Path) -> list[str]:
    """Name what is kept, the longest unused first."""
    return [entry.path.name for entry in kept(folder)]


def test_everything_kept_is_listed_the_longest_unused_first(cache: Path) -> None:
    """List kind, size and order."""
    assert names(cache) == ["d", "c", "b", "a"]
    assert next((entry.kind, entry.size) for entry in kept(cache)) == ("sections", 400)


def test_what_was_not_used_for_so_many_days_goes(cache: Path) -> None:
    """Prune by age alone."""
    gone = prune(cache, days=2.5, now=1e9)
    assert [entry.path.name for entry in gone] == ["d", "c"]
    assert names(cache) == ["b", "a"]


def test_the_longest_unused_go_until_the_rest_fits(cache: Path) -> None:
    """Prune by size alone."""
    prune(cache, most_bytes=350)
    assert names(cache) == ["b", "a"]


def test_clearing_leaves_nothing_but_what_is_not_ours(cache: Path) -> None:
    """Remove all entries and no other file."""
    assert len(clear(cache)) == 4
    assert names(cache) == []
    assert (cache / "notes.txt").exists()


def test_age_and_size_together_take_the_old_first(cache: Path) -> None:
    """Prune by both: what is too old goes, and of the rest as much as is too big."""
    gone = prune(cache, days=3.5, most_bytes=300, now=1e9)
    assert [entry.path.name for entry in gone] == ["d", "c"]
    assert names(cache) == ["b", "a"]


def test_only_what_killed_builds_left_half_written_goes(cache: Path) -> None:
    """Leave two half-written files, a young and an old one: the young one is somebody's, even on clearing."""
    young, old = cache / "clips" / "0" / "x.part", cache / "clips" / "0" / "y.part"
    for path, seconds in ((young, 60), (old, 7_200)):
        path.write_bytes(bytes(10))
        os.utime(path, (1e9 - seconds, 1e9 - seconds))
    assert not {"x.part", "y.part"} & set(names(cache))
    assert [entry.path for entry in prune(cache, days=400, now=1e9)] == [old]
    prune(cache, most_bytes=0, now=1e9)
    assert young.exists()


def test_clips_tell_who_says_what(tmp_path: Path) -> None:
    """Keep a clip, a damaged one and an encoded stretch: clips are described, the damaged one as such."""
    store = ClipStore(tmp_path / "clips")
    key = ClipKey(engine="espeak", identity="1", voice="", language="en", speed=1.0, text="Breathe in.")
    store.put(key, to_clip(bytes(96_000)))
    for path in (tmp_path / "clips" / "0" / "z.clip", tmp_path / "sections" / "0" / "z.frames"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"rubbish")
    found = [
        (entry.path.name, label and (label.key, label.length)) for entry, label in labels(kept(tmp_path))
    ]
    assert sorted(found, key=lambda row: row[1] is not None) == [
        ("z.clip", None),
        (store.path(key).name, (key, 48_000)),
    ]


def test_an_empty_or_missing_cache_is_no_error(tmp_path: Path) -> None:
    """Look into nothing."""
    assert kept(tmp_path / "none") == []
    assert clear(tmp_path / "none") == []
