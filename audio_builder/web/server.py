"""The server: where it listens, how others reach it, and how long it runs."""

from __future__ import annotations

import contextlib
import errno
import io
import ipaddress
import secrets
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import segno
import uvicorn

from audio_builder.errors import Action, OutputError, Remedy, Setting
from audio_builder.files.atomic import mend
from audio_builder.web.connections import ConnectionLimits, affordable, bounded
from audio_builder.web.site import create_app

LOOPBACK = "127.0.0.1"
EVERYWHERE = "0.0.0.0"
PORT = 8000
_KEY_BYTES = 16
_MAX_HEADER_BYTES = 16 * 1024
_QUEUE = 256
"""Connections that the system keeps until they are accepted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerPlan:
    """A socket that already listens, and everything a person must know to reach it."""

    folder: Path
    listening: socket.socket
    port: int
    key: str
    """Random; empty on loopback, where none is needed."""
    addresses: tuple[str, ...]
    """Whole addresses with the key, the most useful first."""
    feed: str
    """The podcast feed's address."""
    qr: str
    """The first address as a QR code in characters, with its quiet zone; empty on loopback."""
    hosts: frozenset[str]
    """The Host headers that are answered."""

    def close(self) -> None:
        """Stop listening."""
        self.listening.close()


def prepare(
    folder: Path, *, host: str | None = None, port: int = PORT, lan: bool = False, key: str | None = None
) -> ServerPlan:
    """Check the folder, start to listen and work out the addresses; port 0 takes a free one.

    Anything but loopback needs `lan`, and then a key: a random one unless one is given. Raises OutputError.
    """
    _check_folder(folder)
    host = host or (EVERYWHERE if lan else LOOPBACK)
    if not lan and not is_loopback(host):
        raise OutputError(
            f"{host} is not this machine alone",
            Setting("host"),
            Remedy("Add {} to let others in, with a key.", (Setting("lan"),)),
        )
    key = _checked_key(key) if lan else ""
    listening = _listen(host, port)
    port = listening.getsockname()[1]
    reachable = lan_addresses() if host == EVERYWHERE else (host,)
    path = f"/{key}/" if key else "/"
    addresses = tuple(f"http://{authority(name, port)}{path}" for name in reachable or (LOOPBACK,))
    return ServerPlan(
        folder=folder,
        listening=listening,
        port=port,
        key=key,
        addresses=addresses,
        feed=f"{addresses[0]}feed.xml",
        qr=qr_text(addresses[0]) if lan else "",
        hosts=hosts_answered(reachable, port),
    )


def run(plan: ServerPlan) -> None:
    """Serve until the process is interrupted, then finish what is being sent and return."""
    with contextlib.suppress(KeyboardInterrupt), contextlib.closing(plan.listening):
        make_server(plan).run(sockets=[plan.listening])


def serve(
    folder: Path,
    *,
    host: str | None = None,
    port: int = PORT,
    lan: bool = False,
    key: str | None = None,
    announce: Callable[[ServerPlan], None],
) -> None:
    """Serve a folder until interrupted; `announce` tells people where, once it listens."""
    mend(folder)
    plan = prepare(folder, host=host, port=port, lan=lan, key=key)
    announce(plan)
    run(plan)


def make_server(plan: ServerPlan, *, limits: ConnectionLimits | None = None) -> uvicorn.Server:
    """Set up uvicorn for a plan: bounded by what the process can afford, and as silent as can be.

    What uvicorn would log comes from clients, but for the application's own faults, which the gate logs.
    """
    limits = limits or affordable()
    config = uvicorn.Config(
        create_app(plan.folder, hosts=plan.hosts, key=plan.key),
        access_log=False,
        backlog=limits.at_once - 1,  # asyncio accepts one more in a turn
        date_header=True,
        h11_max_incomplete_event_size=_MAX_HEADER_BYTES,
        http=bounded(limits),  # type: ignore[arg-type] # it is called, whatever it is
        lifespan="off",
        log_config=None,
        log_level="critical",
        loop="asyncio",
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=5,
        timeout_keep_alive=15,
        ws="none",
    )
    return uvicorn.Server(config)


def qr_text(address: str) -> str:
    """Draw an address as a QR code for a terminal, two rows to a line."""
    out = io.StringIO()
    segno.make(address, error="l", micro=False).terminal(out, compact=True)
    return out.getvalue()


_PUBLISH_FIRST = Remedy("Run `{}` first.", (Action("publish"),))


def _check_folder(folder: Path) -> None:
    if not folder.is_dir():
        raise OutputError("there is no such folder to serve", str(folder), _PUBLISH_FIRST)
    if not (folder / "index.html").is_file():
        raise OutputError("this folder is no published site", str(folder), _PUBLISH_FIRST)


def _checked_key(key: str | None) -> str:
    if key is None:
        return secrets.token_urlsafe(_KEY_BYTES)
    if len(key) < 16 or not all(
        character.isascii() and (character.isalnum() or character in "-_") for character in key
    ):
        raise OutputError("a key has at least 16 letters, digits, hyphens or underscores", Setting("key"))
    return key


class _Listening(socket.socket):
    """A socket whose queue is long, however few connections the event loop accepts in one turn."""

    def listen(self, backlog: int = 0) -> None:
        """Listen; asyncio means by the backlog both the queue and the turn."""
        super().listen(max(backlog, _QUEUE))


def _listen(host: str, port: int) -> socket.socket:
    """Open the listening socket, so that an address is only announced once it works."""
    if not 0 <= port <= 65535:
        raise OutputError(f"{port} is no port", Setting("port"), "Choose one from 1024 to 65535.")
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return _Listening(fileno=socket.create_server((host, port), family=family).detach())
    except (OSError, UnicodeError) as error:
        remedy = Remedy("Choose another with {}.", (Setting("port"),))
        reason = getattr(error, "errno", None)
        if reason == errno.EADDRINUSE:
            raise OutputError(f"port {port} is in use", Setting("port"), remedy) from error
        if reason in {errno.EACCES, errno.EPERM}:
            raise OutputError(
                f"port {port} needs more rights than this user has", Setting("port"), remedy
            ) from error
        raise OutputError(
            f"cannot listen on {host}: {error}", Setting("host"), "Use an address of this machine."
        ) from error


_NOWHERE = ("192.0.2.1", 9)
"""An address for documentation (RFC 5737): choosing a route to it sends nothing."""


def lan_addresses() -> tuple[str, ...]:
    """Give this machine's IPv4 addresses on the local network, the likeliest to be reached first."""
    found: list[str] = []
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(_NOWHERE)
        found.append(probe.getsockname()[0])
    with contextlib.suppress(OSError):
        infos = socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET, socket.SOCK_STREAM)
        found.extend(str(info[4][0]) for info in infos)
    return tuple(dict.fromkeys(address for address in found if _reachable(address)))


def _reachable(address: str) -> bool:
    parsed = ipaddress.ip_address(address)
    return not (parsed.is_loopback or parsed.is_unspecified or parsed.is_multicast)


def is_loopback(host: str) -> bool:
    """Say whether a host to listen on is this machine alone."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def authority(host: str, port: int) -> str:
    """Write host and port as they stand in an address."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def hosts_answered(addresses: tuple[str, ...], port: int) -> frozenset[str]:
    """Give every Host header the server answers for: its addresses and names, with the port."""
    names = {"localhost", "127.0.0.1", "::1", *addresses}
    if any(not is_loopback(address) for address in addresses):
        own = socket.gethostname().lower()
        names |= {own, own.partition(".")[0] + ".local"}
    hosts = {authority(name.lower(), port) for name in names if name}
    if port == 80:
        hosts |= {authority(name.lower(), port).removesuffix(":80") for name in names if name}
    return frozenset(hosts)
