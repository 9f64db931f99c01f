"""A real published site, and the real server in front of it."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from audio_builder.publish import publish
from audio_builder.web.connections import ConnectionLimits
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


def serving(plan: ServerPlan, limits: ConnectionLimits | None = None) -> Generator[ServerPlan]:
    """Run the real server in a thread while the caller holds the plan."""
    server = make_server(plan, limits=limits)
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


PROGRAM = """
import sys
from pathlib import Path
from audio_builder.web import serve
if sys.argv[2:]:
    import resource
    resource.setrlimit(resource.RLIMIT_NOFILE, (int(sys.argv[2]), int(sys.argv[2])))
serve(Path(sys.argv[1]), port=0, announce=lambda plan: print(plan.port, flush=True))
print("ended", flush=True)
"""


@contextlib.contextmanager
def served(
    site: Path, *, descriptors: int | None = None, warnings: str = "error"
) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Serve a site in a process of its own, as the command line does, with so many descriptors at most."""
    words = [str(site), *([str(descriptors)] if descriptors else [])]
    program = [sys.executable, "-W", warnings, "-c", PROGRAM, *words]
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process, int(process.stdout.readline())
        finally:
            process.kill()
