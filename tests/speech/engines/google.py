"""A stand-in for Google's speech service on loopback: a proxy that answers for it over TLS."""

from __future__ import annotations

import base64
import json
import re
import socket
import socketserver
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import parse_qs

import lameenc
import numpy as np
import soxr
import trustme

from audio_builder.speech import Utterance
from audio_builder.speech.engines.espeak import EspeakEngine

RATE = 24_000
_SPEAKER = EspeakEngine()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request, as the service got it."""

    host: str
    text: str
    language: str
    slow: bool
    time: float
    user_agent: str


Answer = Callable[[socket.socket, Asked], None]
"""Writes a whole HTTP answer, or does something worse."""


@dataclass
class Google:
    """What the service was asked, and how it answers: from `answers`, then as it should."""

    authority: trustme.CA
    address: str = ""
    asked: list[Asked] = field(default_factory=list)
    answers: dict[int, Answer] = field(default_factory=dict)
    """By the number of the request, from 0."""
    always: Answer | None = None
    """For every request that has no answer of its own."""
    over: threading.Event = field(default_factory=threading.Event)
    """Set when the test ends, for answers that hang."""

    def answer(self, asked: Asked) -> Answer:
        """Note a request and choose its answer."""
        number = len(self.asked)
        self.asked.append(asked)
        return self.answers.get(number) or self.always or speech


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = True
    google: Google


class _Proxy(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        server = self.server
        assert isinstance(server, _Server)
        head = _head(self.request)
        host = re.match(rb"CONNECT ([^:]+):443 ", head)
        if host is None:
            self.request.sendall(b"HTTP/1.1 403 Only this one host\r\nContent-Length: 0\r\n\r\n")
            return
        self.request.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
        name = host[1].decode()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        _certificate(server.google.authority, name).configure_cert(context)
        try:
            with context.wrap_socket(self.request, server_side=True) as secure:
                self._serve(secure, name, server.google)
        except (OSError, ssl.SSLError):
            return  # the client hung up, which some tests are about

    def _serve(self, secure: socket.socket, host: str, google: Google) -> None:
        head = _head(secure)
        if head.startswith(b"HEAD"):
            secure.sendall(
                b"HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            )
            return
        length = int(re.search(rb"(?i)content-length: (\d+)", head)[1])  # type: ignore[index]
        body = b""
        while len(body) < length:
            body += secure.recv(length - len(body))
        parameter = json.loads(json.loads(parse_qs(body.decode())["f.req"][0])[0][0][1])
        agent = re.search(rb"(?i)user-agent: ([^\r]*)", head)
        asked = Asked(
            host=host,
            text=parameter[0],
            language=parameter[1],
            slow=bool(parameter[2]),
            time=time.monotonic(),
            user_agent=agent[1].decode() if agent else "",
        )
        google.answer(asked)(secure, asked)


def _head(connection: socket.socket) -> bytes:
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        byte = connection.recv(1)
        if not byte:
            raise OSError("hung up")
        head += byte
    return head


@lru_cache(maxsize=16)
def _certificate(authority: trustme.CA, name: str) -> trustme.LeafCert:
    return authority.issue_cert(name)


@contextmanager
def running(authority: trustme.CA) -> Iterator[Google]:
    """Serve until the end of the block."""
    google = Google(authority)
    with _Server(("127.0.0.1", 0), _Proxy) as server:
        server.google = google
        google.address = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield google
        finally:
            google.over.set()
            server.shutdown()
            thread.join()
            _SPEAKER.close()


@lru_cache(maxsize=256)
def mp3(text: str, language: str = "en", *, slow: bool = False, speed: float = 1.0) -> bytes:
    """Speak a text as the service does: an MP3 at 24 kHz, mono, 32 kbit/s, with no Info frame."""
    recording = _SPEAKER.speak(Utterance(text, language=language, speed=0.6 if slow else speed))
    samples = soxr.resample(recording.samples, recording.rate, RATE)
    quiet = np.zeros(RATE // 5, np.float32)
    encoder = lameenc.Encoder()
    encoder.set_in_sample_rate(RATE)
    encoder.set_out_sample_rate(RATE)
    encoder.set_channels(1)
    encoder.set_bit_rate(32)
    encoder.silence()
    pcm = (np.concatenate([quiet, samples, quiet]) * 32_767).astype("<i2")
    return bytes(encoder.encode(pcm.tobytes()) + encoder.flush())


def page(body: bytes, *, status: str = "200 OK", headers: tuple[str, ...] = ()) -> Answer:
    """Answer with a body as it is."""

    def answer(connection: socket.socket, asked: Asked) -> None:
        fields = "".join(f"{each}\r\n" for each in headers)
        head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n{fields}\r\n"
        connection.sendall(head.encode() + body)

    return answer


def envelope(sound: bytes) -> bytes:
    """Wrap an MP3 as the service does."""
    inner = json.dumps([base64.b64encode(sound).decode()], separators=(",", ":"))
    line = json.dumps([["wrb.fr", "jQ1olc", inner, None, None, None, "generic"]], separators=(",", ":"))
    return f")]}}'\n\n{len(line)}\n{line}\n".encode()


def speech(connection: socket.socket, asked: Asked) -> None:
    """Answer as the service should."""
    page(envelope(mp3(asked.text, asked.language, slow=asked.slow)))(connection, asked)


def cut(share: float) -> Answer:
    """Answer with the first part of an MP3, and say that it is all."""

    def answer(connection: socket.socket, asked: Asked) -> None:
        whole = mp3(asked.text, asked.language, slow=asked.slow)
        page(envelope(whole[: int(len(whole) * share)]))(connection, asked)

    return answer


def reset_in_the_middle(connection: socket.socket, asked: Asked) -> None:
    """Send half of what was promised, then reset the connection."""
    body = envelope(mp3(asked.text, asked.language))
    connection.sendall(
        f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body[: len(body) // 2]
    )
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


def hang(google: Google) -> Answer:
    """Say nothing until the test is over."""

    def answer(connection: socket.socket, asked: Asked) -> None:
        google.over.wait(20)

    return answer


def drip(google: Google) -> Answer:
    """Send one byte now and then, so that no timeout of a single read is ever reached."""

    def answer(connection: socket.socket, asked: Asked) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while not google.over.wait(0.05):
            connection.sendall(b" ")

    return answer
