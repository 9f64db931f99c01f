"""Files that are replaced whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from audio_builder.errors import OutputError
from audio_builder.publish import files
from audio_builder.publish.files import digest_of, put, put_copy


def test_a_file_is_written_once(tmp_path: Path) -> None:
    """Make folders on the way, and leave what is already right alone."""
    path = tmp_path / "a" / "b.txt"
    assert put(path, b"one") is True
    before = path.stat()
    assert put(path, b"one") is False
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert put(path, b"two") is True
    assert path.read_bytes() == b"two"


def test_a_copy_is_made_once(tmp_path: Path) -> None:
    """Copy what differs, even at the same size."""
    source, path = tmp_path / "source", tmp_path / "target"
    source.write_bytes(b"one")
    assert [put_copy(path, source), put_copy(path, source)] == [True, False]
    source.write_bytes(b"two")
    assert put_copy(path, source) is True
    assert path.read_bytes() == b"two"


def test_who_reads_the_old_file_keeps_reading_it(tmp_path: Path) -> None:
    """Replace by renaming, so that an open file stays whole."""
    path = tmp_path / "file"
    put(path, b"old content")
    with path.open("rb") as reader:
        put(path, b"new")
        assert reader.read() == b"old content"


def test_an_interrupted_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    """Take the half file away when the writing ends badly."""
    path, source = tmp_path / "file", tmp_path / "source"
    put(path, b"old")
    source.write_bytes(b"new content")

    class Interrupted:
        """A source that is interrupted half-way."""

        def open(self, _mode: str) -> Interrupted:
            return self

        def stat(self) -> os.stat_result:
            return source.stat()

        def __enter__(self) -> Interrupted:
            return self

        def __exit__(self, *_: object) -> None:
            return None

        def read(self, _size: int) -> bytes:
            assert [entry.name for entry in tmp_path.iterdir() if entry.name.endswith(".part")]
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        put_copy(path, Interrupted())  # type: ignore[arg-type]
    assert path.read_bytes() == b"old"
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["file", "source"]


def test_files_may_be_read_by_a_web_server(tmp_path: Path) -> None:
    """Give files the rights any new file has here, not those of a private one."""
    put(tmp_path / "file", b"x")
    plain = tmp_path / "plain"
    plain.touch()
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)


def test_what_cannot_be_written_is_named(tmp_path: Path) -> None:
    """Say which file, and what to look at."""
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OutputError, match="the site's file cannot be written") as caught:
        put(tmp_path / "file" / "below", b"x")
    assert caught.value.remedy == "Check that the folder can be written to and that the disk has room."


def test_a_digest_tells_where_one_file_ends(tmp_path: Path) -> None:
    """Hash contents in order, not just what they are when joined."""
    one, two, three, four = (tmp_path / name for name in "abcd")
    for path, content in ((one, b"ab"), (two, b"c"), (three, b"a"), (four, b"bc")):
        path.write_bytes(content)
    assert len({digest_of(one, two), digest_of(three, four), digest_of(two, one)}) == 3
    assert files.digest_of(one, two) == digest_of(one, two)
