"""What is kept is found again whole or not at all, never grows over its bound, and can be let go of."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from audio_builder.errors import OutputError
from audio_builder.files.atomic import ABANDONED_SECONDS
from audio_builder.files.cache import KINDS, USED_SECONDS, Cache, Entry, Head, cache_folder, read_head

CONTENT = bytes(range(256)) * 20


def used_ago(path: Path, seconds: float) -> None:
    """Let a file look as if it was last used so long ago."""
    os.utime(path, (time.time() - seconds,) * 2)


def test_what_was_put_is_found_again_by_its_kind_and_key_alone(tmp_path: Path) -> None:
    """Put two entries and one of another kind; a third key finds nothing."""
    cache = Cache(tmp_path)
    cache.put("chunks", "one", CONTENT)
    cache.put("chunks", "two", CONTENT[::-1])
    cache.put("covers", "one", b"")
    again = Cache(tmp_path)
    assert [again.get("chunks", key) for key in ("one", "two", "three")] == [CONTENT, CONTENT[::-1], None]
    assert [again.get("covers", key) for key in ("one", "two")] == [b"", None]
    assert [again.holds("chunks", key) for key in ("one", "two", "three")] == [True, True, False]


def test_an_entry_says_what_it_holds_without_being_read(tmp_path: Path) -> None:
    """Ask for the head of an entry with a note; there is none of what is not kept."""
    cache = Cache(tmp_path)
    cache.put("clips", "key", b"sound", about={"text": "Breathe in."})
    path = cache.path("clips", "key")
    digest = "dd29442deca69f52c50006b831cb216edf78a7da33748f0a80ff19f2ebe57ecd"
    expected = Head(kind="clips", name=path.name, length=5, sha256=digest, about={"text": "Breathe in."})
    assert cache.head("clips", "key") == read_head(path) == expected
    assert cache.head("clips", "other") is None


def test_the_environment_names_the_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Set AUDIO_BUILDER_CACHE: the cache lies there, even if the path is relative."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AUDIO_BUILDER_CACHE", "mine")
    assert cache_folder() == Cache().folder == tmp_path / "mine"
    monkeypatch.delenv("AUDIO_BUILDER_CACHE")
    assert cache_folder().name == "audio-builder"


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda content: content[:-1], id="cut by one"),
        pytest.param(lambda content: content[:-2], id="cut by two"),
        pytest.param(lambda content: b"", id="empty"),
        pytest.param(lambda content: content[:100], id="head alone, cut"),
        pytest.param(lambda content: content[: -len(CONTENT)], id="head alone"),
        pytest.param(lambda content: content[:-100] + b"\x00" + content[-99:], id="a flipped byte"),
        pytest.param(lambda content: content.replace(b"cache 1", b"cache 0", 1), id="another version"),
        pytest.param(lambda content: content + b"\x00", id="longer by one"),
        pytest.param(lambda content: content + content, id="twice"),
    ],
)
def test_a_damaged_entry_counts_as_missing(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    """Damage the file of an entry; put mends it."""
    cache = Cache(tmp_path)
    cache.put("chunks", "key", CONTENT)
    path = cache.path("chunks", "key")
    path.write_bytes(damage(path.read_bytes()))
    assert Cache(tmp_path).get("chunks", "key") is None
    cache.put("chunks", "key", CONTENT)
    assert cache.get("chunks", "key") == CONTENT


def test_an_entry_under_another_name_or_kind_counts_as_missing(tmp_path: Path) -> None:
    """Copy an entry's file to the place of another key, and to that of the same key of another kind."""
    cache = Cache(tmp_path)
    cache.put("chunks", "one", CONTENT)
    for path in (cache.path("chunks", "other"), cache.path("covers", "one")):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(cache.path("chunks", "one").read_bytes())
    assert (cache.get("chunks", "other"), cache.get("covers", "one")) == (None, None)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs FIFOs")
def test_a_fifo_in_an_entrys_place_is_never_read_and_gives_way(tmp_path: Path) -> None:
    """Put a FIFO, which would be read forever, where an entry is to lie."""
    cache = Cache(tmp_path)
    path = cache.path("chunks", "key")
    path.parent.mkdir(parents=True)
    os.mkfifo(path)
    assert (cache.holds("chunks", "key"), cache.get("chunks", "key"), read_head(path)) == (False, None, None)
    cache.put("chunks", "key", CONTENT)
    assert cache.get("chunks", "key") == CONTENT


def test_what_lies_in_the_way_is_named(tmp_path: Path) -> None:
    """Put a folder in an entry's place, then a file in a kind's and in the cache's: each is told with its place."""
    remedy = "move it away, or name another folder in AUDIO_BUILDER_CACHE"
    cache = Cache(tmp_path)
    path = cache.path("chunks", "key")
    path.mkdir(parents=True)
    assert cache.get("chunks", "key") is None
    (tmp_path / "covers").write_text("in the way")
    (tmp_path / "file").write_text("in the way")
    told = []
    for kept, kind in ((cache, "chunks"), (cache, "covers"), (Cache(tmp_path / "file"), "clips")):
        with pytest.raises(OutputError) as caught:
            kept.put(kind, "key", CONTENT)  # type: ignore[arg-type]
        told.append(str(caught.value))
        assert kept.get(kind, "key") is None  # type: ignore[arg-type]
    assert told == [
        f"{path}: cannot keep encoded chunks of sessions: a folder lies in its place\n  {remedy}",
        f"{tmp_path / 'covers'}: cannot keep covers: what lies here is no folder\n  {remedy}",
        f"{tmp_path / 'file'}: cannot keep spoken clips: what lies here is no folder\n  {remedy}",
    ]
    assert not list(tmp_path.rglob("*.part"))


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    """Let the disk be full when an entry is written through to it."""

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    cache = Cache(tmp_path, sync=full)
    with pytest.raises(OutputError) as caught:
        cache.put("tones", "key", CONTENT)
    assert caught.value.message == "cannot keep breath tones and room tone: No space left on device"
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_an_entry_has_no_name_before_it_lies_on_the_disk(tmp_path: Path) -> None:
    """Look, each time something is written through to the disk, what is there: all of it, and under no name."""
    seen = []

    def look(handle: int) -> None:
        seen.append((os.fstat(handle).st_size, cache.holds("chunks", "key")))

    cache = Cache(tmp_path, sync=look)
    cache.put("chunks", "key", CONTENT)
    assert seen == [(cache.path("chunks", "key").stat().st_size, False)]


def test_trimming_removes_the_longest_unused_of_all_kinds_until_the_rest_fits(tmp_path: Path) -> None:
    """Keep four entries of about 5 kB in a cache for 12 kB; reading one makes it used again."""
    cache = Cache(tmp_path, most_bytes=12_000)
    kinds = ("chunks", "clips", "covers", "tones")
    for age, kind in enumerate(kinds):
        cache.put(kind, "key", CONTENT)  # type: ignore[arg-type]
        used_ago(cache.path(kind, "key"), (age + 2) * USED_SECONDS)  # type: ignore[arg-type]
    assert cache.get("tones", "key") == CONTENT
    cache.trim()
    assert {entry.kind for entry in cache.entries()} == {"chunks", "tones"}


def test_who_wrote_nothing_trims_nothing(tmp_path: Path) -> None:
    """Looking through a full cache takes time: only who added to it does."""
    Cache(tmp_path).put("chunks", "key", CONTENT)
    reader = Cache(tmp_path, most_bytes=0)
    assert reader.get("chunks", "key") == CONTENT
    reader.trim()
    assert reader.holds("chunks", "key")


def test_half_written_files_go_only_when_they_are_old(tmp_path: Path) -> None:
    """Leave an old one of a killed build and a new one that is somebody's: the new one stays, even on clearing."""
    cache = Cache(tmp_path)
    cache.put("chunks", "key", CONTENT)
    old, new = (cache.path("chunks", "key").with_name(f"{name}.part") for name in ("old", "new"))
    for path in (old, new):
        path.write_bytes(b"half")
    used_ago(old, ABANDONED_SECONDS + 60)
    assert [entry.path for entry in cache.entries()] == [cache.path("chunks", "key")]
    gone = cache.prune(most_bytes=0)
    assert [entry.path for entry in gone] == [old, cache.path("chunks", "key")]
    assert new.exists()


@pytest.fixture
def aged(tmp_path: Path) -> Cache:
    """Keep four entries: one a day old, one two, one three, one four; and something that is not ours."""
    cache = Cache(tmp_path)
    for days, (kind, size) in enumerate(
        (("clips", 100), ("chunks", 200), ("covers", 300), ("tones", 400)), 1
    ):
        cache.put(kind, "key", bytes(size))  # type: ignore[arg-type]
        moment = 1e9 - days * 86_400
        os.utime(cache.path(kind, "key"), (moment, moment))  # type: ignore[arg-type]
    (tmp_path / "notes.txt").write_text("not ours")
    (tmp_path / "clips" / "notes.txt").write_text("not ours")
    return cache


def kinds(entries: list[Entry]) -> list[str]:
    """Name the kinds of entries, in order."""
    return [entry.kind for entry in entries]


def test_everything_kept_is_listed_the_longest_unused_first(aged: Cache) -> None:
    """List kinds in order of use."""
    assert kinds(aged.entries()) == ["tones", "covers", "chunks", "clips"]
    assert aged.entries()[0].size == aged.path("tones", "key").stat().st_size


def test_what_was_not_used_for_so_many_days_goes(aged: Cache) -> None:
    """Prune by age alone, then by both: what is too old goes, and of the rest as much as is too big."""
    assert kinds(aged.prune(days=3.5, now=1e9)) == ["tones"]
    most = aged.path("clips", "key").stat().st_size
    assert kinds(aged.prune(days=2.5, most_bytes=most, now=1e9)) == ["covers", "chunks"]
    assert kinds(aged.entries()) == ["clips"]


def test_clearing_leaves_nothing_but_what_is_not_ours(aged: Cache) -> None:
    """Remove all entries, also those that earlier versions kept under other names, and no other file."""
    earlier = aged.folder / "sections" / "a" / ("a" * 64 + ".frames")
    earlier.parent.mkdir(parents=True)
    earlier.write_bytes(b"of an earlier version")
    assert sorted(kinds(aged.prune(most_bytes=0))) == ["chunks", "clips", "covers", "sections", "tones"]
    assert aged.entries() == []
    left = sorted(path for path in aged.folder.rglob("*") if path.is_file())
    assert left == [aged.folder / "clips" / "notes.txt", aged.folder / "notes.txt"]


def test_an_empty_or_missing_cache_is_no_error(tmp_path: Path) -> None:
    """Look into nothing, and into a file."""
    (tmp_path / "file").write_text("no folder")
    for folder in (tmp_path, tmp_path / "none", tmp_path / "file"):
        assert (Cache(folder).entries(), Cache(folder).prune(most_bytes=0)) == ([], [])


def test_what_cannot_be_read_is_missing_and_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Damage an entry: one line in the log says which."""
    cache = Cache(tmp_path)
    cache.put("chunks", "key", CONTENT)
    cache.path("chunks", "key").write_bytes(b"rubbish")
    with caplog.at_level(logging.WARNING):
        assert cache.get("chunks", "key") is None
    assert caplog.messages == [f"{cache.path('chunks', 'key')} is damaged; it is made again"]


def test_each_kind_is_described() -> None:
    """Name all kinds in words, each in its own."""
    assert len(set(KINDS.values())) == len(KINDS)


WRITER = """
import sys; from pathlib import Path; from audio_builder.files.cache import Cache
for turn in range(60):
    cache = Cache(Path(sys.argv[1]), most_bytes=40_000)
    cache.put("chunks", f"key {turn % 12}", bytes([turn % 12]) * 5_000)
    if turn % 5 == 0: cache.trim()
"""


def test_many_writers_and_a_pruner_never_show_a_half_entry(tmp_path: Path) -> None:
    """Let three processes write and trim the same keys while this one reads."""
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)]) for _ in range(3)]
    cache, seen, running = Cache(tmp_path), 0, True
    while (
        running
    ):  # once more after their end, so that there is something to see however late this process comes
        running = any(writer.poll() is None for writer in writers)
        for number in range(12):
            found = cache.get("chunks", f"key {number}")
            assert found in (None, bytes([number]) * 5_000)
            seen += found is not None
    assert [writer.returncode for writer in writers] == [0, 0, 0]
    assert seen > 0
    assert not list(tmp_path.rglob("*.part"))
