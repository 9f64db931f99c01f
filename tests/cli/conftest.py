"""A terminal to type in, and a short routine to type about."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import SHORT_ROUTINE, Terminal


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """Give a terminal in this process."""
    monkeypatch.setenv("COLUMNS", "80")
    return Terminal(monkeypatch, capsys)


@pytest.fixture
def short(folder: Path) -> Path:
    """Give a routine that builds in a moment, in the working folder."""
    path = folder / "short.yaml"
    path.write_text(SHORT_ROUTINE, encoding="utf-8")
    return path
