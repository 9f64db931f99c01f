"""A user without a home folder, as some in containers are, is told what to do."""

from __future__ import annotations

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
    for each in NAMED:
        homeless.setenv(each, "~nobody-here/mine" if each == name else "mine")
    ended = terminal.run("build", "short.yaml", "--voice", "silent")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == f"{name}=~nobody-here/mine: there is no such user's home folder\n"
