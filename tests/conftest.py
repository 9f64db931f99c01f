"""What every test gets: a cache and a config of its own, and no network."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.judges import judge

settings.register_profile(  # a busy machine fails no test, and every run tries the same
    "steady", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("steady")


def pytest_configure() -> None:
    """Let interrupts reach the programs that tests start: in the background, as by nohup, they are ignored."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the user's cache and config out of the tests, and tests out of the user's."""
    home = tmp_path_factory.mktemp("own")
    before = dict(os.environ)
    os.environ["AUDIO_BUILDER_CACHE"] = str(home / "cache")
    config = home / "config.yaml"
    config.touch()
    os.environ["AUDIO_BUILDER_CONFIG"] = str(config)
    yield
    os.environ.clear()
    os.environ.update(before)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Ask for the programs that a test's mark names."""
    for mark in item.iter_markers("judge"):
        for name in mark.args:
            judge(name)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an empty working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
