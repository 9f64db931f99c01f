"""A real published site, and the real server in front of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from audio_builder.publish import publish
from audio_builder.web.server import ServerPlan, make_server, prepare
from tests.publish.making import make_session
from tests.web.asking import Asker


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Publish two small sessions."""
    dist = tmp_path_factory.mktemp("dist")
    first = make_session(dist)
    second = make_session(dist, "evening", title="Ruhiger Abend – für Rücken & Hüfte", language="de")
    return publish([first, second], dist / "site").folder


@pytest.fixture(scope="session")
def plan(site: Path) -> Iterator[ServerPlan]:
    """Serve the site on loopback."""
    yield from serving(prepare(site, port=0))


@pytest.fixture(scope="session")
def lan_plan(site: Path) -> Iterator[ServerPlan]:
    """Serve the site as for the local network, with a key, though bound to loopback."""
    yield from serving(prepare(site, host="127.0.0.1", port=0, lan=True))


@pytest.fixture
def ask(plan: ServerPlan) -> Asker:
    """Ask the server on loopback."""
    return Asker(plan.port)


def serving(plan: ServerPlan) -> Generator[ServerPlan]:
    """Run the real server in a thread while the caller holds the plan."""
    server = make_server(plan)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [plan.listening]}, daemon=True)
    thread.start()
    until = time.monotonic() + 120
    while not server.started:
        assert thread.is_alive(), "the server ended at once"
        assert time.monotonic() < until, "the server did not start"
        time.sleep(0.01)
    try:
        yield plan
    finally:
        server.should_exit = True
        thread.join(60)
        plan.close()
