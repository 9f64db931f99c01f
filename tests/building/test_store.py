"""Encoded pieces are kept by what they were made from: whole or not at all, and never more than asked."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from audio_builder.building import store as store_module
from audio_builder.building.store import MARK, PieceStore
from audio_builder.errors import OutputError
from audio_builder.files.cache import ABANDONED_SECONDS, TALLY, USED_SECONDS

FRAMES = bytes(range(256)) * 20


def test_what_was_put_is_found_again_by_its_key_alone(tmp_path: Path) -> None:
    """Put two entries; a third key finds nothing."""
    store = PieceStore(tmp_path)
    store.put("one", FRAMES)
    store.put("two", FRAMES[::-1])
    assert PieceStore(tmp_path).get("one") == FRAMES
    assert PieceStore(tmp_path).get("two") == FRAMES[::-1]
    assert store.get("three") is None
    assert [store.holds(key) for key in ("one", "two", "three")] == [True, True, False]


def test_the_cache_folder_is_the_one_named_in_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Name a folder in AUDIO_BUILDER_CACHE."""
    monkeypatch.setenv("AUDIO_BUILDER_CACHE", str(tmp_path))
    assert PieceStore().folder == tmp_path / "sections"


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda content: content[:-1], id="cut short"),
        pytest.param(lambda content: b"", id="empty"),
        pytest.param(lambda content: content[: len(MARK)], id="head alone"),
        pytest.param(lambda content: content[:-100] + b"\x00" + content[-99:], id="a flipped byte"),
        pytest.param(lambda content: content.replace(b"frames 1", b"frames 0", 1), id="another version"),
        pytest.param(lambda content: content + b"\x00", id="too long"),
    ],
)
def test_a_damaged_entry_counts_as_missing(tmp_path: Path, damage: object) -> None:
    """Damage the file of an entry; put mends it."""
    assert callable(damage)
    store = PieceStore(tmp_path)
    store.put("key", FRAMES)
    path = store.path("key")
    path.write_bytes(damage(path.read_bytes()))
    assert PieceStore(tmp_path).get("key") is None
    store.put("key", FRAMES)
    assert store.get("key") == FRAMES


def test_an_entry_under_another_name_counts_as_missing(tmp_path: Path) -> None:
    """Copy an entry's file to the place of another key."""
    store = PieceStore(tmp_path)
    store.put("one", FRAMES)
    other = store.path("other")
    other.parent.mkdir(parents=True, exist_ok=True)
    other.write_bytes(store.path("one").read_bytes())
    assert store.get("other") is None


def test_what_is_held_in_mind_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read three entries with room for two in mind; all come back right, from mind or file."""
    monkeypatch.setattr(store_module, "MOST_IN_MIND_BYTES", 2 * len(FRAMES))
    store = PieceStore(tmp_path)
    contents = {f"key {number}": bytes([number]) * len(FRAMES) for number in range(3)}
    for key, frames in contents.items():
        store.put(key, frames)
    assert all(store.get(key) == frames for key, frames in contents.items())
    for path in tmp_path.glob("?/*"):
        path.unlink()
    assert [store.get(key) == frames for key, frames in contents.items()] == [False, True, True]


def test_pruning_removes_the_longest_unused_until_the_rest_fits(tmp_path: Path) -> None:
    """Keep four entries of about 5 kB in a store for 12 kB; reading one makes it used again."""
    store = PieceStore(tmp_path, most_bytes=12_000)
    for age, key in enumerate(("newest", "newer", "older", "oldest")):
        store.put(key, FRAMES)
        seconds = store.path(key).stat().st_mtime - (age + 2) * USED_SECONDS
        os.utime(store.path(key), (seconds, seconds))
    assert store.get("oldest") == FRAMES
    store.prune()
    assert [key for key in ("newest", "newer", "older", "oldest") if store.holds(key)] == ["newest", "oldest"]


def test_pruning_sweeps_what_a_killed_build_left_and_spares_what_is_being_written(tmp_path: Path) -> None:
    """Leave one old and one new half-written file."""
    store = PieceStore(tmp_path)
    store.put("key", FRAMES)
    folder = store.path("key").parent
    old, new = folder / "old.part", folder / "new.part"
    for path in (old, new):
        path.write_bytes(b"half")
    seconds = new.stat().st_mtime - ABANDONED_SECONDS - 1
    os.utime(old, (seconds, seconds))
    store.prune()
    assert not old.exists()
    assert new.exists()
    assert store.holds("key")


def test_a_full_store_is_looked_through_only_once_much_was_written(tmp_path: Path) -> None:
    """Write entry after entry, each from a process of its own, as stores see it: few look, none lets it grow over."""
    looks = []
    for number in range(100):
        store = PieceStore(tmp_path, most_bytes=200_000)
        store.put(f"key {number}", FRAMES)
        before = len(list(tmp_path.glob("?/*")))
        store.prune()
        there = list(tmp_path.glob("?/*"))
        looks.append(len(there) < before)
        assert sum(path.stat().st_size for path in there) <= 200_000
    assert 5 <= sum(looks) <= 40


def test_a_tally_that_says_nothing_is_passed_over(tmp_path: Path) -> None:
    """Damage the tally: the store is looked through, and counts anew."""
    store = PieceStore(tmp_path, most_bytes=8_000)
    store.put("old", FRAMES)
    os.utime(store.path("old"), (1e9, 1e9))
    (tmp_path / TALLY).write_text("much\n")
    store.put("new", FRAMES)
    store.prune()
    assert [store.path(key).exists() for key in ("old", "new")] == [False, True]


def test_a_store_that_cannot_be_written_is_told_with_its_place(tmp_path: Path) -> None:
    """Put a file where the folder should be."""
    blocked = tmp_path / "sections"
    blocked.write_text("in the way")
    with pytest.raises(OutputError, match="cannot keep encoded sound"):
        PieceStore(blocked).put("key", FRAMES)


def test_many_writers_and_a_pruner_never_show_a_half_entry(tmp_path: Path) -> None:
    """Let three processes write and prune the same keys while this one reads."""
    program = (
        "import sys; from pathlib import Path; from audio_builder.building.store import PieceStore\n"
        "store = PieceStore(Path(sys.argv[1]), most_bytes=40_000)\n"
        "for turn in range(60):\n"
        "    store.put(f'key {turn % 12}', bytes([turn % 12]) * 5_000)\n"
        "    if turn % 5 == 0: store.prune()\n"
    )
    writers = [subprocess.Popen([sys.executable, "-c", program, str(tmp_path)]) for _ in range(3)]
    store = PieceStore(tmp_path)
    seen, running = 0, True
    while (
        running
    ):  # once more after their end, so that there is something to see however late this process comes
        running = any(writer.poll() is None for writer in writers)
        for number in range(12):
            found = store.get(f"key {number}")
            assert found in (None, bytes([number]) * 5_000)
            seen += found is not None
    assert [writer.returncode for writer in writers] == [0, 0, 0]
    assert seen > 0
    assert not list(tmp_path.glob("?/*.part"))
