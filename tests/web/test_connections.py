"""Bounds on connections: as many as the process can afford, none that dawdles, and a log that stays empty."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from audio_builder.web.connections import ConnectionLimits, affordable
from audio_builder.web.server import prepare
from audio_builder.web.site import create_app
from tests.web.asking import MP3, Asker
from tests.web.conftest import served, serving

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and descriptors differ there")

ROOMY = ConnectionLimits(most=100, per_address=100, waiting=10, at_once=10, head_seconds=2.0)


def test_limits_follow_the_descriptors_there_are() -> None:
    """Leave two for each connection, one for each that waits or is closing, and some; never more than 512."""
    assert affordable(1024) == ConnectionLimits(most=428, per_address=107, waiting=64, at_once=16)
    assert affordable(256) == ConnectionLimits(most=92, per_address=23, waiting=16, at_once=4)
    assert affordable(10**6) == ConnectionLimits(most=512, per_address=128, waiting=128, at_once=64)
    assert affordable(20) == ConnectionLimits(most=1, per_address=1, waiting=1, at_once=1)


def test_who_dawdles_over_a_request_is_cut_off(site: Path) -> None:
    """Close a connection that says nothing, or half a head, first or second; never one that reads slowly."""
    for plan in serving(prepare(site, port=0), ROOMY):
        whole = f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{plan.port}\r\n\r\n".encode()
        half = b"GET / HTTP/1.1\r\nHost: "
        with contextlib.ExitStack() as open_ones:
            slow, second, first, silent = (
                open_ones.enter_context(said(plan.port, content))
                for content in (whole.replace(b"/ ", MP3.encode() + b" "), whole + half, half, b"")
            )
            assert b"200 OK" in slow.recv(100)
            assert silent.recv(100) == first.recv(100) == b""
            assert received(second).count(b"HTTP/1.1 200") == 1
            assert len(slow.recv(100)) == 100
        assert Asker(plan.port)("/").status == 200


def test_a_request_that_comes_letter_by_letter_is_answered_and_so_is_the_next(site: Path) -> None:
    """See the end of a head wherever the network cuts it, and let a connection idle between requests."""
    for plan in serving(prepare(site, port=0), ROOMY):
        request = f"GET /sw.js HTTP/1.1\r\nHost: 127.0.0.1:{plan.port}\r\n\r\n".encode()
        with said(plan.port, b"") as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for at in range(len(request)):
                connection.sendall(request[at : at + 1])
            assert connection.recv(12) == b"HTTP/1.1 200"
            time.sleep(ROOMY.head_seconds + 0.5)
            connection.sendall(request.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
            assert received(connection).count(b"HTTP/1.1 200") == 1


@posix
def test_slow_readers_take_no_more_than_there_is(site: Path, tmp_path: Path) -> None:
    """Send those who are too many a 503 that says when to come back, never 404; serve again once they are gone."""
    own = Path(shutil.copytree(site, tmp_path / "site"))
    os.truncate(own / MP3[1:], 40_000_000)
    limits = affordable(128)
    with served(own, descriptors=128) as (process, port):
        request = f"GET {MP3} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()
        with contextlib.ExitStack() as readers:
            answers = Counter(
                readers.enter_context(said(port, request)).recv(12) for _ in range(limits.most + 20)
            )
            assert answers == {b"HTTP/1.1 200": limits.most, b"HTTP/1.1 503": 20}
            refused = Asker(port)("/")
            assert (refused.status, refused.headers["retry-after"]) == (503, "5")
        answered(port)
        assert ended(process) == ""


@posix
def test_who_reads_nothing_holds_the_end_up_for_a_moment_only(site: Path, tmp_path: Path) -> None:
    """End in the middle of an answer that nobody takes, without a word."""
    own = Path(shutil.copytree(site, tmp_path / "site"))
    os.truncate(own / MP3[1:], 40_000_000)
    with served(own, warnings="ignore") as (process, port):
        request = f"GET {MP3} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()
        with said(port, request) as reader:
            assert reader.recv(12) == b"HTTP/1.1 200"
            assert ended(process) == ""


@posix
def test_a_silent_crowd_ends_no_server_and_fills_no_log(site: Path) -> None:
    """Turn away at once who comes when even the waiting are too many, and serve again once they are gone."""
    with served(site, descriptors=128) as (process, port):
        with contextlib.ExitStack() as crowd:
            for _ in range(110):
                with contextlib.suppress(ConnectionError):
                    crowd.enter_context(said(port, b""))
            with contextlib.suppress(ConnectionError):
                assert Asker(port)("/").status == 503
        answered(port)
        assert ended(process) == ""


@pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="only there all of 127.0.0.0/8 is this machine"
)
def test_one_address_cannot_take_every_place(site: Path) -> None:
    """Refuse an address its third connection, and others none; take it again when one has ended."""
    limits = ConnectionLimits(most=10, per_address=2, waiting=4, at_once=4)
    for plan in serving(prepare(site, port=0), limits):
        request = f"HEAD / HTTP/1.1\r\nHost: 127.0.0.1:{plan.port}\r\n\r\n".encode()
        with contextlib.ExitStack() as greedy:
            first, *others = (
                greedy.enter_context(said(plan.port, request, source="127.0.0.2")) for _ in range(3)
            )
            assert [one.recv(12)[-3:] for one in (first, *others)] == [b"200", b"200", b"503"]
            assert Asker(plan.port)("/").status == 200
            first.close()
            until = time.monotonic() + 60
            while True:
                with said(plan.port, request, source="127.0.0.2") as again:
                    if again.recv(12)[-3:] == b"200":
                        break
                assert time.monotonic() < until


@posix
def test_a_file_that_cannot_be_opened_for_now_is_not_missing(site: Path) -> None:
    """Answer 503 where the process has no descriptor left, 404 only for what is not there."""
    import resource

    app = create_app(site, hosts=["h"])
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    answers = {}
    free = os.dup(0)
    os.close(free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (free, hard))
    try:
        for path in ("/", MP3, "/feed.xml", "/none.mp3"):
            answers[path] = called(app, path)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert answers == {"/": (503, b"5"), MP3: (503, b"5"), "/feed.xml": (503, b"5"), "/none.mp3": (404, None)}
    assert called(app, "/")[0] == 200


@posix
def test_malformed_requests_and_upgrades_fill_no_log(site: Path) -> None:
    """Answer each as it deserves, and say nothing on the error stream."""
    upgrade = (
        "GET / HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n\r\n"
    )
    with served(site) as (process, port):
        for _ in range(20):
            assert Asker(port).raw(b"\x16\x03\x01 rubbish\r\n\r\n").status == 400
            assert Asker(port).raw(upgrade.format(port).encode()).status == 200
        assert ended(process) == ""


def said(port: int, content: bytes, *, source: str = "127.0.0.1") -> socket.socket:
    """Connect, and say something at once."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=120, source_address=(source, 0))
    connection.sendall(content)
    return connection


def received(connection: socket.socket) -> bytes:
    """Read until the other side closes."""
    return b"".join(iter(lambda: connection.recv(65_536), b""))


def answered(port: int) -> None:
    """Ask until there is a place again."""
    until = time.monotonic() + 60
    while Asker(port)("/").status != 200:
        assert time.monotonic() < until, "the server stays busy"
        time.sleep(0.05)


def ended(process: Any) -> str:
    """Interrupt a server and give all it said on its error stream."""
    process.send_signal(signal.SIGINT)
    return str(process.communicate(timeout=120)[1])


def called(app: Any, path: str) -> tuple[int, bytes | None]:
    """Call the application without an event loop, which would need descriptors; give status and Retry-After."""
    said: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        said.append(message)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {
        "type": "http",
        "method": "HEAD",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"host", b"h")],
        "client": ("127.0.0.1", 1),
    }
    with contextlib.suppress(StopIteration):
        app(scope, receive, send).send(None)
    return said[0]["status"], dict(said[0]["headers"]).get(b"retry-after")
