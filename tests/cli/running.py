"""Two ways to run the command line: in this process, and as a program of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from audio_builder.cli import app

SHORT_ROUTINE = """\
title: Short
opening: [Hello.]
safety: "off"
guidance: bells
rest: 5s
exercises:
  - use: cat-cow
    reps: 4
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How the program ended."""

    code: int
    out: str
    err: str


class Terminal:
    """Runs the command line in this process, as quick as a call."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capture: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch = monkeypatch
        self._capture = capture

    def run(self, *words: str | Path) -> Ending:
        """Run `audio-builder` with these words."""
        self._monkeypatch.setattr(sys, "argv", ["audio-builder", *map(str, words)])
        self._capture.readouterr()
        with pytest.raises(SystemExit) as ended:
            app.run()
        out, err = self._capture.readouterr()
        return Ending(code=int(ended.value.code or 0), out=out, err=err)


def run(*words: str | Path, cwd: Path | None = None, **environment: str) -> Ending:
    """Run the real program as a process of its own, 80 columns wide where nothing else is said."""
    done = subprocess.run(
        [sys.executable, "-m", "audio_builder", *map(str, words)],
        capture_output=True,
        env={**os.environ, "COLUMNS": "80", **environment},
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        timeout=600,
        check=False,
    )
    return Ending(code=done.returncode, out=done.stdout.decode(), err=done.stderr.decode())
