"""What is kept can be seen, pruned by age and size, and cleared."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from audio_builder.building.keeping import clear, kept, prune


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """Make a cache of four files: one a day old, one two, one three, one four."""
    for days, (kind, name, size) in enumerate(
        [("clips", "a", 100), ("clips", "b", 200), ("sections", "c", 300), ("sections", "d", 400)], 1
    ):
        path = tmp_path / kind / "00" / name
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


def test_an_empty_or_missing_cache_is_no_error(tmp_path: Path) -> None:
    """Look into nothing."""
    assert kept(tmp_path / "none") == []
    assert clear(tmp_path / "none") == []
