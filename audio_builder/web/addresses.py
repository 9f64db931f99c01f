"""Where a server can be reached: a socket's address comes in, this machine's addresses and names go out."""

from __future__ import annotations

import contextlib
import ipaddress
import socket

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
