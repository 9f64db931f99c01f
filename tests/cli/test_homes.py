"""Folders and files of one's own: who has no home, or names what is not there, is told what to do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import Terminal

NAMED = ("AUDIO_BUILDER_CACHE", "AUDIO_BUILDER_CONFIG")


@pytest.fixture
def homeless(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Take away the home folder, and what says where else to keep things."""
    for name in ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", *NAMED):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr("os.path.expanduser", lambda path: path)
    return monkeypatch


@pytest.mark.parametrize(("command", "kind"), [("build", "config"), ("cues", "config"), ("cache", "cache")])
def test_a_user_without_a_home_is_told_what_to_set(
    homeless: pytest.MonkeyPatch, terminal: Terminal, folder: Path, command: str, kind: str
) -> None:
    """Find the whole message, and no folder named ~."""
    ended = terminal.run(command)
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == (
        f"this user has no home folder, where the {kind} would lie\n"
        "  set HOME to a folder that this user may write to\n"
    )
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("name", NAMED)
def test_the_home_of_nobody_is_refused(
    homeless: pytest.MonkeyPatch, terminal: Terminal, short: Path, name: str
) -> None:
    """Name a folder below the home of a user who is not there."""
    (short.parent / "config.yaml").touch()
    homeless.setenv("AUDIO_BUILDER_CACHE", "cache")
    homeless.setenv("AUDIO_BUILDER_CONFIG", "config.yaml")
    homeless.setenv(name, "~nobody-here/mine")
    ended = terminal.run("build", "short.yaml", "--voice", "silent")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == f"{name}=~nobody-here/mine: there is no such user's home folder\n"


@pytest.mark.parametrize("words", [(), ("--explain",)])
def test_a_config_that_is_not_there_is_told(short: Path, words: tuple[str, ...]) -> None:
    """Misspell the name of one's own defaults: it is said, once, and the rest works."""
    named = str(short.parent / "confog.yaml")
    ended = subprocess.run(
        [sys.executable, "-m", "audio_builder", "cues", "short.yaml", *words],
        env={**os.environ, "AUDIO_BUILDER_CONFIG": named},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ended.stdout
    assert ended.stderr == (
        f"AUDIO_BUILDER_CONFIG={named}: there is no such file, so there are no personal defaults\n"
    )


def test_the_usual_config_need_not_be_there(
    monkeypatch: pytest.MonkeyPatch, terminal: Terminal, short: Path
) -> None:
    """Ask for cues with an empty home, and with a named config that is empty."""
    monkeypatch.setenv("HOME", str(short.parent))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.delenv("AUDIO_BUILDER_CONFIG")
    assert terminal.run("cues", "short.yaml").code == 0
    (short.parent / "empty.yaml").touch()
    monkeypatch.setenv("AUDIO_BUILDER_CONFIG", "empty.yaml")
    assert terminal.run("cues", "short.yaml").code == 0
