"""Ctrl-C and a polite kill end a build at once, in peace, with code 130."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest


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
