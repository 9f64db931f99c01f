"""Connections of the server: no more than the process has descriptors for, and none that idles over a request."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from uvicorn.protocols.http.h11_impl import H11Protocol

if sys.platform != "win32":
    import resource

THIS_MACHINE = frozenset({"127.0.0.1", "::1"})
"""Addresses that share no bound: all who come through a proxy on this machine have one."""
RETRY_SECONDS = 5
"""When to ask again after 503."""
BUSY = (
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: %d\r\nCache-Control: no-store\r\n"
    b"Content-Length: 0\r\nConnection: close\r\n\r\n" % RETRY_SECONDS
)
_MOST = 512
_DESCRIPTORS_WITHOUT_LIMIT = 8_192
_OTHER_DESCRIPTORS = 40
"""For the standard streams, the event loop, and whatever libraries hold open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionLimits:
    """Bounds on the connections that are open at once."""

    most: int
    """Everybody's together; each may have a file open beside its socket."""
    per_address: int
    """For each address of the network; this machine itself has no such bound."""
    waiting: int
    """Connections that wait to be told that there is no place; any more are closed at once."""
    at_once: int
    """Connections accepted in one turn of the event loop; closing them takes it three more turns."""
    head_seconds: float = 15.0
    """From the first byte of a request, or from connecting, to the end of its head."""


def affordable(descriptors: int | None = None) -> ConnectionLimits:
    """Give limits that the process has descriptors for: two a connection, one for each that waits or is closing."""
    if descriptors is None:
        descriptors = _descriptors()
    waiting, at_once = max(1, min(128, descriptors // 16)), max(1, min(64, descriptors // 64))
    most = max(1, min(_MOST, (descriptors - waiting - 4 * at_once - _OTHER_DESCRIPTORS) // 2))
    return ConnectionLimits(most=most, per_address=max(1, most // 4), waiting=waiting, at_once=at_once)


def _descriptors() -> int:
    if sys.platform == "win32":
        return _DESCRIPTORS_WITHOUT_LIMIT
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return _DESCRIPTORS_WITHOUT_LIMIT if soft == resource.RLIM_INFINITY else soft


class Places:
    """How many connections are open, in all and from each address."""

    def __init__(self, limits: ConnectionLimits) -> None:
        self.limits = limits
        self._taken: Counter[str] = Counter()
        self._refused = 0

    def take(self, address: str) -> bool:
        """Take a place for a connection; False where there is none."""
        share = self.limits.most if address in THIS_MACHINE else self.limits.per_address
        if self._taken.total() >= self.limits.most or self._taken[address] >= share:
            return False
        self._taken[address] += 1
        return True

    def leave(self, address: str) -> None:
        """Give a place back."""
        self._taken[address] -= 1
        if not self._taken[address]:
            del self._taken[address]

    def wait(self) -> bool:
        """Let a connection without a place wait for its answer; False where too many do."""
        self._refused += 1
        return self._refused <= self.limits.waiting

    def go(self) -> None:
        """Count one less of those that wait."""
        self._refused -= 1


class BoundedConnection(asyncio.Protocol):
    """One client's connection: answered 503 where there is no place, closed when a request's head takes too long.

    All else is handed on to uvicorn's protocol, of which nothing is used but asyncio's interface. uvicorn bounds the
    time between two requests, but not the time a request takes to arrive: without this, a few hundred clients that
    send a letter a minute would take every place there is.
    """

    def __init__(self, inner: asyncio.Protocol, places: Places) -> None:
        self._inner = inner
        self._places = places
        self._seated = False
        self._end = b""
        """The last bytes that came, as many as the end of a head has."""
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take a place and begin to wait for the first request."""
        self._transport = cast("asyncio.Transport", transport)
        peer = transport.get_extra_info("peername")
        self._address = str(peer[0]) if peer else ""
        self._seated = self._places.take(self._address)
        if self._seated:
            self._inner.connection_made(transport)
        elif not self._places.wait():
            self._transport.abort()
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Take bytes; wait on while they end within a head."""
        if not self._seated:
            self._transport.write(BUSY)
            self._transport.close()
            return
        self._inner.data_received(data)
        self._end = (self._end + data[-4:])[-4:]
        if self._end.endswith((b"\n\r\n", b"\n\n")) or self._transport.is_closing():
            self._stop_waiting()
        else:
            self._wait()

    def eof_received(self) -> bool | None:
        """Hand on that the client says no more."""
        return self._inner.eof_received() if self._seated else None

    def pause_writing(self) -> None:
        """Hand on that the client reads too slowly."""
        if self._seated:
            self._inner.pause_writing()

    def resume_writing(self) -> None:
        """Hand on that the client has caught up."""
        if self._seated:
            self._inner.resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """Give the place back."""
        self._stop_waiting()
        if self._seated:
            self._places.leave(self._address)
            self._inner.connection_lost(exc)
        else:
            self._places.go()

    def _wait(self) -> None:
        if self._deadline is None:
            loop = asyncio.get_running_loop()
            self._deadline = loop.call_later(self._places.limits.head_seconds, self._transport.close)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


def bounded(limits: ConnectionLimits) -> Callable[..., asyncio.Protocol]:
    """Give what uvicorn is to make for each connection, all within the same limits."""
    places = Places(limits)

    def make(**given: Any) -> asyncio.Protocol:
        return BoundedConnection(H11Protocol(**given), places)

    return make
