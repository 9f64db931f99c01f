"""Files are put in place whole and all together, whatever ends the process meanwhile, and nothing is left over."""

from __future__ import annotations

import errno
import os
import random
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from audio_builder.errors import OutputError
from audio_builder.files import atomic
from audio_builder.files.atomic import ABANDONED_SECONDS, holds_already, mend, replace_file, write_all

posix = pytest.mark.skipif(os.name == "nt", reason="signals and locks as used here are POSIX's")

OLD = {"a.mp3": b"old", "a.json": b"old", "below/b.txt": b"old"}
NEW = {"a.mp3": b"new", "a.json": b"new", "below/b.txt": b"new", "below/c.txt": b"new"}


def laid(folder: Path, contents: dict[str, bytes]) -> Path:
    """Lay files in a folder."""
    for name, content in contents.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def found(folder: Path) -> dict[str, bytes]:
    """Read all that lies in a folder."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def write(folder: Path, contents: dict[str, bytes] = NEW) -> None:
    """Write a set of files into a folder."""
    write_all({folder / name: [content] for name, content in contents.items()}, within=folder)


def main() -> None:
    """Write the new files into the folder named, for a process that is killed in it."""
    write(Path(sys.argv[1]))


def test_a_set_replaces_and_adds_files_and_leaves_nothing_else(tmp_path: Path) -> None:
    """Write over old files and beside them, in a folder that is made for it."""
    write(laid(tmp_path, OLD))
    assert found(tmp_path) == NEW
    write_all({tmp_path / "far" / "off" / "a": [b"one ", memoryview(b"two")]})
    assert found(tmp_path) == NEW | {"far/off/a": b"one two"}


def test_new_files_have_the_rights_that_files_have_here(tmp_path: Path) -> None:
    """A web server may read them: they are not as private as a temporary file."""
    write(tmp_path)
    (tmp_path / "plain").touch()
    assert stat.S_IMODE((tmp_path / "a.mp3").stat().st_mode) == stat.S_IMODE(
        (tmp_path / "plain").stat().st_mode
    )


def test_who_reads_an_old_file_keeps_reading_it(tmp_path: Path) -> None:
    """Replace a file that is open."""
    with (laid(tmp_path, OLD) / "a.mp3").open("rb") as reader:
        write(tmp_path)
        assert reader.read() == b"old"


@posix
def test_killed_before_any_change_the_files_are_the_old_or_once_mended_the_new_ones(tmp_path: Path) -> None:
    """Kill a writer before its first change to the disk, its second and so on; mend, and look."""
    seen, number = [], 0
    while True:
        number += 1
        folder = laid(tmp_path / str(number), OLD)
        command = [sys.executable, "-m", "tests.files.killing", str(number), str(folder)]
        ended = subprocess.run([*command, "tests.files.test_atomic", str(folder)], check=False)
        if ended.returncode == 0:
            break
        assert ended.returncode == -signal.SIGKILL
        torn = {
            name: content
            for name, content in found(folder).items()
            if not name.startswith(".") and "/." not in name
        }
        mend(folder)
        assert found(folder) in (OLD, NEW)
        seen.append("old" if found(folder) == OLD else "new" if torn == NEW else "mended")
    assert found(folder) == NEW
    assert seen == sorted(seen, key=["old", "mended", "new"].index)
    assert seen.count("old") >= 6
    assert seen.count("mended") >= 6
    assert "new" in seen


@posix
def test_killed_at_random_moments_a_set_is_one_or_the_other(tmp_path: Path) -> None:
    """Kill a process that does nothing but write one set and another, at twenty random moments."""
    program = (
        "import sys; from pathlib import Path; from audio_builder.files.atomic import write_all\n"
        "folder, turn = Path(sys.argv[1]), 0\n"
        "while True:\n"
        "    turn = 1 - turn\n"
        "    write_all({folder / name: [bytes([turn]) * 100_000] for name in 'abcd'})\n"
        "    print(flush=True)\n"
    )
    chance = random.Random(3)
    for _ in range(20):
        with subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE
        ) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            time.sleep(chance.uniform(0, 0.05))
            writer.kill()
        mend(tmp_path)
        contents = found(tmp_path)
        assert sorted(contents) == list("abcd")
        assert len(set(contents.values())) == 1


def test_everything_lies_on_the_disk_before_the_switch_and_each_name_after_it(tmp_path: Path) -> None:
    """Look at the names in the folder each time that something is written through to the disk."""
    steps: list[tuple[str, str]] = []

    def look(handle: int) -> None:
        kind = "folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file"
        names = found(tmp_path)
        states = [name.split(".")[2] for name in names if name.endswith((".writing.part", ".ready.part"))]
        steps.append((kind, f"{names['a'].decode()} {' '.join(states)}"))

    write_all({tmp_path / "a": [b"old"]})
    write_all({tmp_path / "a": [b"new"], tmp_path / "b": [b"new"]}, sync=look)
    assert steps == [
        ("file", "old writing"),  # the list
        ("file", "old writing"),  # a
        ("file", "old writing"),  # b
        ("folder", "old writing"),
        ("folder", "old ready"),
        ("folder", "new ready"),
    ]


def test_a_full_disk_leaves_the_old_files_and_nothing_else(tmp_path: Path) -> None:
    """Let the disk be full at each of the things that are written through to it, in turn."""
    laid(tmp_path, OLD)
    for last in range(5):
        times = iter(range(99))

        def full(handle: int, times: Iterator[int] = times, last: int = last) -> None:
            if next(times) == last:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        with pytest.raises(OutputError) as caught:
            write_all(
                {tmp_path / name: [content] for name, content in NEW.items()}, within=tmp_path, sync=full
            )
        assert caught.value.message == "cannot be written: No space left on device"
        advice = "Choose another place with output, or make room there. Earlier files are as they were."
        assert str(caught.value.remedy) == advice
        assert found(tmp_path) == OLD


@pytest.mark.parametrize("names", ["ab", "ba"])
def test_where_a_folder_lies_in_a_files_place_nothing_is_written(tmp_path: Path, names: str) -> None:
    """Put a folder where one of two files is to lie."""
    (tmp_path / "b").mkdir()
    (tmp_path / "a").write_bytes(b"old")
    with pytest.raises(OutputError) as caught:
        write_all({tmp_path / name: [b"new"] for name in names})
    assert (caught.value.where, caught.value.message) == (
        str(tmp_path / "b"),
        "cannot be written: Is a directory",
    )
    assert found(tmp_path) == {"a": b"old"}


def test_a_file_in_a_folders_place_is_called_so(tmp_path: Path) -> None:
    """Write below a plain file."""
    (tmp_path / "a").write_bytes(b"old")
    for path in (tmp_path / "a" / "b", tmp_path / "a" / "b" / "c"):
        with pytest.raises(OutputError) as caught:
            write_all({path: [b"new"]})
        assert (caught.value.where, caught.value.message) == (str(path), "cannot be written: Not a directory")
    assert found(tmp_path) == {"a": b"old"}


def test_what_cannot_be_put_in_place_undoes_what_was(tmp_path: Path) -> None:
    """Let a folder come into the second file's place while the set is written: the first is the old one again."""

    def late() -> Iterator[bytes]:
        (tmp_path / "b").mkdir()
        (tmp_path / "b" / "full").touch()
        yield b"new"

    (tmp_path / "a").write_bytes(b"old")
    with pytest.raises(OutputError, match="cannot be written"):
        write_all({tmp_path / "a": [b"new"], tmp_path / "new": [b"new"], tmp_path / "b": late()})
    assert found(tmp_path) == {"a": b"old", "b/full": b""}


def test_what_fails_while_it_is_made_leaves_nothing(tmp_path: Path) -> None:
    """Raise an interrupt from the content: it comes through."""

    def broken() -> Iterator[bytes]:
        yield b"half"
        raise KeyboardInterrupt

    laid(tmp_path, OLD)
    with pytest.raises(KeyboardInterrupt):
        write_all({tmp_path / "a.mp3": [b"new"], tmp_path / "a.json": broken()})
    assert found(tmp_path) == OLD


WRITER = """
import sys
from pathlib import Path
from audio_builder.files.atomic import write_all
def content():
    yield b"half"
    print("under way", flush=True)
    sys.stdin.read()
write_all({Path(sys.argv[1]): content()})
"""


@posix
def test_what_a_living_process_writes_stays_and_goes_once_it_is_killed(tmp_path: Path) -> None:
    """Mend, and write the same file, beside a process in the middle of its work; kill it, and mend again."""
    path = tmp_path / "a.mp3"
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"under way\n"
        half = found(tmp_path)
        assert sorted(name.split(".")[2] for name in half) == ["0", "writing"]
        mend(tmp_path)
        assert found(tmp_path) == half
        write_all({path: [b"whole"]})
        assert found(tmp_path) == half | {"a.mp3": b"whole"}
        writer.kill()
    assert found(tmp_path) == half | {"a.mp3": b"whole"}
    mend(tmp_path)
    assert found(tmp_path) == {"a.mp3": b"whole"}


def test_what_was_cut_short_is_finished_before_the_next_switch_and_never_after_it(tmp_path: Path) -> None:
    """Cut a set short after its switch, then write the same files again: the later ones are there in the end."""

    def end(handle: int) -> None:
        if list(tmp_path.glob(".*.ready.part")):
            raise SystemExit

    laid(tmp_path, OLD)
    with pytest.MonkeyPatch.context() as patch:  # as a killed process, it cleans nothing up
        patch.setattr(Path, "unlink", lambda path, **options: None)
        with pytest.raises(SystemExit):
            write_all({tmp_path / name: [b"first"] for name in ("a.mp3", "a.json")}, sync=end)
    assert len(list(tmp_path.glob(".*.ready.part"))) == 1
    write_all({tmp_path / name: [b"second"] for name in ("a.mp3", "a.json")})
    mend(tmp_path)
    assert found(tmp_path) == OLD | {"a.mp3": b"second", "a.json": b"second"}


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", '{"format": "set of files by audio-builder 1"}', "[" * 100_000, '{"format": 1, "names": 3}',
     '{"format": "set of files by audio-builder 1", "names": ["../a"]}',
     '{"format": "set of files by audio-builder 1", "names": ["/tmp/a"]}',
     '{"format": "set of files by audio-builder 1", "names": [""]}',
     '{"format": "set of files by audio-builder 1", "names": [1]}'],
)  # fmt: skip
def test_a_list_that_is_none_of_ours_or_leads_elsewhere_is_left_alone(tmp_path: Path, content: str) -> None:
    """Lay somebody else's file under a list's name, with a part of another folder beside it."""
    folder = laid(tmp_path / "dist", {".00c0ffee.ready.part": content.encode(), "a": b"mine"})
    (tmp_path / ".00c0ffee.0.part").write_bytes(b"theirs")
    before = found(tmp_path)
    mend(folder)
    write_all({folder / "b": [b"new"]})
    assert found(tmp_path) == before | {"dist/b": b"new"}


def test_without_locks_only_what_is_old_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the locks away: a leftover goes when an hour has passed, and files are written all the same."""
    monkeypatch.setattr(atomic, "fcntl", None)
    left = {".00c0ffee.0.part": b"half"}
    listed = b'{"format": "set of files by audio-builder 1", "names": ["a.mp3"]}'
    laid(tmp_path, left | {".00c0ffee.writing.part": listed})
    write(tmp_path)
    assert found(tmp_path) == NEW | left | {".00c0ffee.writing.part": listed}
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + ABANDONED_SECONDS + 60)
    mend(tmp_path)
    assert found(tmp_path) == NEW


def test_where_files_have_no_second_name_earlier_ones_come_back_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refuse hard links, as FAT does; write, and then fail to."""

    def refused(*given: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    def late() -> Iterator[bytes]:
        (tmp_path / "z" / "full").mkdir(parents=True)
        yield b"new"

    monkeypatch.setattr(os, "link", refused)
    write(laid(tmp_path, OLD))
    assert found(tmp_path) == NEW
    with pytest.raises(OutputError):
        write_all({tmp_path / "a.mp3": [b"newer"], tmp_path / "z": late()})
    shutil.rmtree(tmp_path / "z")
    assert found(tmp_path) == NEW


@posix
def test_an_interrupt_between_the_last_renames_waits_until_all_are_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Interrupt at the first rename: the interrupt comes through, all files are new, nothing is left over."""
    plain = Path.replace
    knocked: list[Path] = []

    def replace(path: Path, target: Path) -> Path:
        if not knocked:
            os.kill(os.getpid(), signal.SIGINT)
        knocked.append(path)
        return plain(path, target)

    laid(tmp_path, OLD)
    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path)
    assert found(tmp_path) == NEW
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_other_threads_write_as_well(tmp_path: Path) -> None:
    """Write from a thread, where signals cannot be handled."""
    thread = threading.Thread(target=write, args=(tmp_path,))
    thread.start()
    thread.join()
    assert found(tmp_path) == NEW


def test_one_file_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    """Replace a file; then let the disk be full."""
    path = tmp_path / "a"
    replace_file(path, [b"new"])
    assert found(tmp_path) == {"a": b"new"}

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(OSError, match="No space left"):
        replace_file(path, [b"newer"], sync=full)
    assert found(tmp_path) == {"a": b"new"}


def test_what_a_file_holds_already_is_known(tmp_path: Path) -> None:
    """Compare with the same, with less, with more, with other bytes; and where there is no file."""
    path = laid(tmp_path, {"a": b"one two"}) / "a"
    contents: list[list[bytes]] = [[b"one ", b"two"], [b"one"], [b"one two", b"three"], [b"two one"]]
    assert [holds_already(path, content) for content in contents] == [True, False, False, False]
    assert not holds_already(tmp_path / "b", [])
