"""Ctrl-C and a polite kill end a build at once, in peace, with code 130."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from audio_builder.cli import hearing
from tests.cli.running import Terminal

HELD = """
import threading
from audio_builder.building import encoding
from audio_builder.cli import main
from audio_builder.files.cache import Cache
noticed, crew = threading.Event(), encoding.side_by_side
def held(work, pieces, *, workers, stop):
    return crew(work, pieces, workers=workers, stop=lambda: (stop(), noticed.set()))
keep = Cache.put
def put(cache, kind, *given, **about):
    keep(cache, kind, *given, **about) if kind == "clips" else noticed.wait(60)
encoding.side_by_side, Cache.put = held, put
main()
"""
"""The program, which keeps nothing that it has encoded before it is told to stop: it is never done before."""


@pytest.mark.skipif(os.name == "nt", reason="signals as sent here are POSIX's")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_in_mid_build_ends_with_130_and_one_line(folder: Path, how: signal.Signals) -> None:
    """Interrupt as soon as the bars show that work has begun."""
    command = [sys.executable, "-c", HELD, "build", "--voice", "silent", "--set", "rounds=9"]
    environment = {**os.environ, "TERM": "xterm", "FORCE_COLOR": "1", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    ) as process:
        assert process.stderr is not None
        seen = b""
        while b"Speaking" not in seen:
            part = os.read(process.stderr.fileno(), 4096)
            assert part, f"the build ended before it could be interrupted: {seen!r}"
            seen += part
        process.send_signal(how)
        out, err = process.communicate(timeout=120)
    assert process.returncode == 130
    assert out == b""
    assert err.endswith(b"Stopped. No session is left half written.\n")
    assert b"Traceback" not in seen + err
    assert not list(folder.glob("dist/*"))


WRAPPED = """
import sys, types
from audio_builder.cli import main
class Name:
    def __set_name__(self, owner, name):
        raise KeyboardInterrupt
class Late(types.ModuleType):
    @property
    def run(self):
        type("Owner", (), {"name": Name()})
sys.modules["audio_builder.cli.app"] = Late("audio_builder.cli.app")
main()
"""
"""An interrupt that comes while the program is still being read, in a class body: Python makes another error of it."""


def test_an_interrupt_while_the_program_is_read_is_one(folder: Path) -> None:
    """Interrupt where Python up to 3.11 wraps it: the end is the same."""
    done = subprocess.run([sys.executable, "-c", WRAPPED], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (130, b"Stopped. No session is left half written.\n")


FORGOTTEN = """
import os, signal, sys, time, types
from audio_builder.cli import main
class Odd:
    def __del__(self):
        os.kill(os.getpid(), signal.{how})
        for _ in range(9):
            pass
def run():
    Odd()
    time.sleep(60)
sys.modules["audio_builder.cli.app"] = types.ModuleType("audio_builder.cli.app")
sys.modules["audio_builder.cli.app"].run = run
main()
"""
"""An interrupt that comes in a destructor: Python only prints what is raised there."""


@pytest.mark.skipif(os.name == "nt", reason="signals as sent here are POSIX's")
@pytest.mark.parametrize("how", ["SIGINT", "SIGTERM"])
def test_an_interrupt_where_python_forgets_it_is_sent_again(folder: Path, how: str) -> None:
    """Interrupt a destructor: the program ends as ever, and says nothing else."""
    program = FORGOTTEN.format(how=how)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (130, b"Stopped. No session is left half written.\n")


@pytest.mark.parametrize("told", [True, False])
def test_an_interrupt_that_a_command_made_another_error_of_is_one(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, told: bool
) -> None:
    """Raise another error from an interrupt, or while handling one: the interrupt comes through."""

    def interrupted() -> None:
        try:
            raise KeyboardInterrupt
        except KeyboardInterrupt as interrupt:
            raise RuntimeError("in a class body") from (interrupt if told else None)

    monkeypatch.setattr(hearing, "inventory", interrupted)
    with pytest.raises(KeyboardInterrupt):
        terminal.run("list")


LATE = """
import os, signal, sys
from pathlib import Path
from audio_builder.cli import main
plain = Path.replace
def replace(path, target):
    if target.name == "s.mp3":
        os.kill(os.getpid(), signal.SIGINT)
    return plain(path, target)
Path.replace = replace
main()
"""
"""The program, interrupted between its last renames: by then the new session is whole, and it is put in place."""


@pytest.mark.skipif(os.name == "nt", reason="signals as sent here are POSIX's")
def test_an_interrupt_between_the_last_renames_says_nothing_that_is_not_so(folder: Path) -> None:
    """Interrupt a build while it puts a new session over an earlier one: the earlier one is gone, and not claimed."""
    words = ["build", "five-minutes", "--only", "cat-cow", "--voice", "silent", "-q", "-o", "s.mp3"]
    Path("s.mp3").write_bytes(b"earlier")
    done = subprocess.run([sys.executable, "-c", LATE, *words], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (130, b"Stopped. No session is left half written.\n")
    assert Path("s.mp3").stat().st_size > 100_000
    assert Path("s.json").exists()
    assert not list(Path().glob(".*.part"))
