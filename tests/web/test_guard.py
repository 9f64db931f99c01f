"""The gate: hosts, keys, methods, sizes and rates."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import pytest

from audio_builder.publish import pages
from audio_builder.web import guard
from audio_builder.web.guard import Allowance, Gate, Limits
from audio_builder.web.server import ServerPlan
from audio_builder.web.site import create_app
from tests.web.asking import MP3, Asker

SECURITY = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "media-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), screen-wake-lock=(self)",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "x-robots-tag": "noindex, nofollow",
}


def test_server_and_pages_state_the_same_policy() -> None:
    """Add only what a page cannot say of itself: who may frame it."""
    assert f"{pages.CONTENT_POLICY}; frame-ancestors 'none'" == guard.CONTENT_POLICY


@pytest.mark.parametrize("path", ["/", MP3, "/nothing", "/sessions", "/sw.js"])
def test_every_answer_carries_the_security_headers(ask: Asker, path: str) -> None:
    """Say the same with pages, files, redirects and refusals, and do not say what serves."""
    answer = ask(path)
    assert {name: answer.headers.get(name) for name in SECURITY} == SECURITY
    assert "server" not in answer.headers


@pytest.mark.parametrize("host", ["127.0.0.1:{port}", "localhost:{port}", "LOCALHOST:{port}", "[::1]:{port}"])
def test_the_server_answers_for_its_own_names(ask: Asker, host: str) -> None:
    """Know every name of this machine's loopback."""
    assert ask("/", host=host.format(port=ask.port)).status == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example:{port}",
     "127.0.0.1:{port}.evil", "0.0.0.0:{port}", "2130706433:{port}", "127.1:{port}",
     "[::]:{port}", "user@127.0.0.1:{port}",
     "127.0.0.1:{port}, evil"],
)  # fmt: skip
def test_the_server_answers_for_no_other_host(ask: Asker, host: str) -> None:
    """Refuse names that a page may have bound to this machine."""
    assert ask("/", host=host.format(port=ask.port)).status in {400, 421}


def test_a_request_without_or_with_two_hosts_is_refused(ask: Asker) -> None:
    """Take no part in guessing which host is meant."""
    assert ask("/", host="").status == 400
    two = f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{ask.port}\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
    assert ask.raw(two.encode()).status in {400, 421}
    old = b"GET / HTTP/1.0\r\n\r\n"
    assert ask.raw(old).status == 421


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND", "TRACE"])
def test_other_methods_are_refused(ask: Asker, method: str) -> None:
    """Name the two methods there are."""
    answer = ask("/", method=method)
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")


def test_requests_with_content_are_refused_unread(ask: Asker) -> None:
    """Answer before anything of the content has come."""
    for headers in ({"Content-Length": "1000000000"}, {"Transfer-Encoding": "chunked"}):
        answer = ask("/", headers, method="POST")
        assert answer.status == 413, headers


def test_long_addresses_and_headers_are_refused(ask: Asker) -> None:
    """Bound what a request may weigh."""
    assert ask("/?" + "x" * 2_100).status == 414
    assert ask("/", {"X-Much": "x" * 20_000}).status == 431
    try:
        status = ask("/", {"X-Far-Too-Much": "x" * 20_000_000}).status
    except ConnectionError:
        status = 400  # the server hung up before everything was sent
    assert status == 400


def test_a_web_socket_is_not_opened(ask: Asker) -> None:
    """Offer no other protocol."""
    upgrade = {
        "Upgrade": "websocket",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version": "13",
    }
    answer = ask("/", upgrade)
    assert answer.status != 101


def test_rubbish_on_the_wire_ends_the_connection_and_nothing_else(ask: Asker) -> None:
    """Go on serving after bytes that are no HTTP."""
    for rubbish in (
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"GET\r\n\r\n",
        b"\0" * 100 + b"\r\n\r\n",
    ):
        with socket.create_connection(("127.0.0.1", ask.port), timeout=120) as connection:
            connection.sendall(rubbish)
            assert b"400" in connection.recv(1000)
    assert ask("/").status == 200


def test_without_the_key_there_is_nothing_to_see(lan_plan: ServerPlan) -> None:
    """Give the same 404 to everything that does not begin with the key."""
    ask = Asker(lan_plan.port)
    key = lan_plan.key
    missing = [
        ask(path)
        for path in (
            "/",
            MP3,
            f"/{key}",
            f"/{key[:-1]}/",
            f"/{key}x/",
            f"//{key}/",
            f"/x/{key}/",
            f"/%2f{key}/",
        )
    ]
    assert {(answer.status, answer.body) for answer in missing} == {(404, b"Not found\n")}
    assert ask("/", method="POST").status == 404


def test_with_the_key_everything_is_there(lan_plan: ServerPlan, ask: Asker) -> None:
    """Serve the same files below the key."""
    lan = Asker(lan_plan.port)
    assert len(lan_plan.key) >= 16
    for path in ("/", MP3, "/assets/site.css", "/sw.js"):
        assert lan(f"/{lan_plan.key}{path}").body == ask(path).body, path
    folder = lan(f"/{lan_plan.key}/sessions/evening")
    assert folder.headers["location"] == "./evening/"


def test_no_answer_tells_the_key(lan_plan: ServerPlan) -> None:
    """Keep the key out of everything but the feed, whose addresses must have it."""
    lan = Asker(lan_plan.port)
    for path in (
        "/",
        "/sessions/evening/",
        "/sessions/evening",
        "/sw.js",
        "/manifest.webmanifest",
        "/sessions.json",
    ):
        answer = lan(f"/{lan_plan.key}{path}")
        assert lan_plan.key not in answer.body.decode() + str(answer.headers), path


def test_an_allowance_fills_up_again_at_its_rate() -> None:
    """Let a burst through, then the steady rate, for each client on its own."""
    now = [0.0]
    allowance = Allowance(2, burst=3, clock=lambda: now[0], clients=10)
    assert [allowance.take("a") for _ in range(4)] == [True, True, True, False]
    assert allowance.take("b") is True
    now[0] = 0.5
    assert [allowance.take("a") for _ in range(2)] == [True, False]
    now[0] = 100.0
    assert [allowance.take("a") for _ in range(4)] == [True, True, True, False]


def test_an_allowance_keeps_count_of_so_many_clients_only() -> None:
    """Stay small however many addresses ask."""
    allowance = Allowance(1, burst=1, clock=lambda: 0.0, clients=3)
    for number in range(1000):
        assert allowance.take(str(number)) is True
    assert allowance.take("999") is False
    assert allowance.take("0") is True


async def _status_of(app: object, *, client: str, path: str, port: int = 80) -> int:
    """Ask the application itself, as from some address of the network."""
    sent: list[dict[str, object]] = []

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    async def receive() -> dict[str, object]:
        await asyncio.Event().wait()  # the client stays
        return {}

    scope = {
        "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "",
        "headers": [(b"host", b"192.0.2.7:80")], "client": (client, 5), "server": ("192.0.2.7", port), "scheme": "http",
    }  # fmt: skip
    await app(scope, receive, send)  # type: ignore[operator]
    return int(str(sent[0]["status"]))


def test_a_client_of_the_network_is_slowed_down_and_others_are_not(site: Path) -> None:
    """Answer 429 past the bound, to that client only, and wrong keys much earlier."""
    key = "k" * 22

    async def play() -> None:
        limits = Limits(requests_per_second=1, burst=30, wrong_keys_per_minute=5)
        app = create_app(site, hosts={"192.0.2.7:80"}, key=key, limits=limits, clock=lambda: 0.0)
        wrong = [await _status_of(app, client="192.0.2.50", path="/wrong/") for _ in range(7)]
        assert wrong == [404] * 5 + [429] * 2
        assert await _status_of(app, client="192.0.2.50", path=f"/{key}/") == 200
        right = [await _status_of(app, client="192.0.2.51", path=f"/{key}/sw.js") for _ in range(32)]
        assert right == [200] * 30 + [429] * 2
        here = [await _status_of(app, client="127.0.0.1", path=f"/{key}/sw.js") for _ in range(60)]
        assert here == [200] * 60

    asyncio.run(play())


def test_a_fault_of_our_own_is_told_in_one_line(caplog: pytest.LogCaptureFixture) -> None:
    """Log what went wrong, and leave the answer to the server."""

    async def broken(*_: object) -> None:
        raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        asyncio.run(_status_of(Gate(broken, hosts={"192.0.2.7:80"}), client="127.0.0.1", path="/"))
    assert caplog.messages == ["a request could not be answered: RuntimeError: no"]
