"""Ctrl-C and a polite kill end a build at once, in peace, with code 130."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from audio_builder.cli import listing
from tests.cli.running import Terminal


@pytest.mark.skipif(os.name == "nt", reason="signals as sent here are POSIX's")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_in_mid_build_ends_with_130_and_one_line(folder: Path, how: signal.Signals) -> None:
    """Interrupt as soon as the bars show that work has begun."""
    command = [sys.executable, "-m", "audio_builder", "build", "--voice", "silent", "--set", "rounds=9"]
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
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert out == b""
    assert err.endswith(b"Stopped. Earlier sessions are as they were.\n")
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
    assert (done.returncode, done.stderr) == (130, b"Stopped. Earlier sessions are as they were.\n")


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

    monkeypatch.setattr(listing, "inventory", interrupted)
    with pytest.raises(KeyboardInterrupt):
        terminal.run("list")
