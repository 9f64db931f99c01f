"""Requests as bytes on a socket, as they are sent, with nothing tidied up on the way."""

from __future__ import annotations

import http.client
import socket
from dataclasses import dataclass

MP3 = "/sessions/thread-the-needle/thread-the-needle.mp3"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One HTTP answer; header names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Asker:
    """Asks one server, without tidying anything up on the way."""

    port: int

    def __call__(
        self,
        path: str | bytes,
        headers: dict[str, str] | None = None,
        *,
        method: str = "GET",
        host: str | None = None,
    ) -> Answer:
        """Send one request; `host` defaults to the server's own address, and "" leaves the header out."""
        target = path if isinstance(path, bytes) else path.encode()
        own = f"127.0.0.1:{self.port}" if host is None else host
        lines = [f"{method} ".encode() + target + b" HTTP/1.1"]
        if own:
            lines.append(f"Host: {own}".encode())
        lines += [f"{name}: {value}".encode("latin-1") for name, value in (headers or {}).items()]
        return self.raw(b"\r\n".join([*lines, b"Connection: close", b"", b""]), method=method)

    def raw(self, request: bytes, *, method: str = "GET") -> Answer:
        """Send bytes as they are, and read the answer."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=120) as connection:
            connection.sendall(request)
            response = http.client.HTTPResponse(connection, method=method)
            response.begin()
            headers = {name.lower(): value for name, value in response.getheaders()}
            answer = Answer(status=response.status, headers=headers, body=response.read())
            response.close()
            return answer
