"""The gate before the site: it lets moderate requests for the right host with the right key through."""

from __future__ import annotations

import hmac
import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from audio_builder.web.connections import THIS_MACHINE

LOG = logging.getLogger(__name__)

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
SECURITY_HEADERS = (
    (b"content-security-policy", CONTENT_POLICY.encode()),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), screen-wake-lock=(self)"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"x-robots-tag", b"noindex, nofollow"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds on what one client may ask."""

    target_bytes: int = 2_000
    """Longest path with query."""
    header_bytes: int = 16_384
    """All header fields together."""
    requests_per_second: float = 50
    """For each address of the network; this machine itself has no such bound."""
    burst: int = 300
    wrong_keys_per_minute: int = 20
    clients: int = 1_024
    """How many clients are kept count of at once."""


class Gate:
    """ASGI middleware that answers what must not reach the site, and adds the security headers."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        hosts: Iterable[str],
        key: str = "",
        limits: Limits | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app = app
        self._hosts = frozenset(host.lower() for host in hosts)
        self._key = key
        self._limits = limits or Limits()
        clients, wrong = self._limits.clients, self._limits.wrong_keys_per_minute
        rate, burst = self._limits.requests_per_second, self._limits.burst
        self._requests = Allowance(rate, burst=burst, clock=clock, clients=clients)
        self._wrong_keys = Allowance(wrong / 60, burst=wrong, clock=clock, clients=clients)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return  # a WebSocket: uvicorn answers 403 when an application just returns

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *SECURITY_HEADERS]}
            await send(message)

        refusal = self._refusal(scope)
        if refusal is not None:
            await refusal(scope, receive, guarded)
            return
        inner = dict(scope, path=self._without_key(scope["path"]), root_path="")
        try:
            await self._app(inner, receive, guarded)
        except Exception as error:
            LOG.error("a request could not be answered: %s: %s", type(error).__name__, error)
            raise

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        """Give the answer to a request that must not go on; the first check that objects decides."""
        checks = (self._too_many, self._malformed, self._wrong_key, self._wrong_method)
        return next((refusal for check in checks if (refusal := check(scope))), None)

    def _too_many(self, scope: Scope) -> PlainTextResponse | None:
        address = _client(scope)
        if address in THIS_MACHINE or self._requests.take(address):
            return None
        return _plain("Too many requests", 429, retry_after=1)

    def _malformed(self, scope: Scope) -> PlainTextResponse | None:
        headers = Headers(scope=scope)
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > self._limits.target_bytes:
            return _plain("Address too long", 414)
        if sum(len(name) + len(value) for name, value in scope["headers"]) > self._limits.header_bytes:
            return _plain("Header too large", 431)
        hosts = headers.getlist("host")
        if len(hosts) != 1 or not self._is_ours(hosts[0]):
            return _plain("This server does not answer for that host", 421)
        if "transfer-encoding" in headers or headers.get("content-length", "0").strip() != "0":
            return _plain("Requests carry no content here", 413)
        return None

    def _wrong_key(self, scope: Scope) -> PlainTextResponse | None:
        if not self._key or self._has_key(scope["path"]):
            return None
        if self._wrong_keys.take(_client(scope)):
            return _plain("Not found", 404)
        return _plain("Too many requests", 429, retry_after=60)

    def _wrong_method(self, scope: Scope) -> PlainTextResponse | None:
        if scope["method"] in {"GET", "HEAD"}:
            return None
        return _plain("Only GET and HEAD are answered", 405, allow="GET, HEAD")

    def _is_ours(self, host: str) -> bool:
        """Compare name and port with our own, against pages that rebind their name to this machine."""
        return host.strip(" \t").lower() in self._hosts

    def _has_key(self, path: str) -> bool:
        given = path[1:].partition("/")[0]
        return hmac.compare_digest(given.encode("utf-8", "replace"), self._key.encode())

    def _without_key(self, path: str) -> str:
        return path[len(self._key) + 1 :] if self._key else path


class Allowance:
    """How many requests each client may still make: a bucket that fills at a steady rate."""

    def __init__(
        self, per_second: float, *, burst: int, clock: Callable[[], float], clients: int = 1_024
    ) -> None:
        self._per_second = per_second
        self._burst = burst
        self._clock = clock
        self._clients = clients
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, client: str) -> bool:
        """Take one from a client's bucket; False where it is empty."""
        now = self._clock()
        level, before = self._buckets.pop(client, (float(self._burst), now))
        level = min(self._burst, level + (now - before) * self._per_second)
        allowed = level >= 1
        self._buckets[client] = (level - 1 if allowed else level, now)
        while len(self._buckets) > self._clients:
            self._buckets.popitem(last=False)
        return allowed


def _client(scope: Scope) -> str:
    return str(scope["client"][0]) if scope.get("client") else ""


def _plain(text: str, status: int, *, allow: str = "", retry_after: int = 0) -> PlainTextResponse:
    headers = {"Cache-Control": "no-store"}
    if allow:
        headers["Allow"] = allow
    if retry_after:
        headers["Retry-After"] = str(retry_after)
    if status == 413:
        headers["Connection"] = "close"
    return PlainTextResponse(f"{text}\n", status, headers=headers)
