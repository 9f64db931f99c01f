"""Files are put in place all together, whoever knocks meanwhile."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path

import pytest

from audio_builder.building.output import write_all


@pytest.mark.skipif(os.name == "nt", reason="signals as sent here are POSIX's")
def test_an_interrupt_between_the_last_renames_waits_until_all_are_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Interrupt at the first rename: the interrupt comes through, all files are new, nothing is left over."""
    files = {tmp_path / name: [b"new"] for name in ("a.mp3", "a.json")}
    for path in files:
        path.write_bytes(b"old")
    plain = Path.replace
    knocked: list[Path] = []

    def replace(path: Path, target: Path) -> Path:
        if not knocked:
            os.kill(os.getpid(), signal.SIGINT)
        knocked.append(path)
        return plain(path, target)

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(KeyboardInterrupt):
        write_all(files)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        "a.mp3": b"new",
        "a.json": b"new",
    }
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_other_threads_write_as_well(tmp_path: Path) -> None:
    """Write from a thread, where signals cannot be handled."""
    path = tmp_path / "a.mp3"
    thread = threading.Thread(target=write_all, args=({path: [b"new"]},))
    thread.start()
    thread.join()
    assert path.read_bytes() == b"new"
