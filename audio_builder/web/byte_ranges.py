"""Byte ranges (RFC 9110, 14): reading a Range header, and answering with a file or parts of it."""

from __future__ import annotations

import asyncio
import io
import logging
import re
import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

MAX_RANGES = 16
"""More than any player asks for at once; a request with more is answered 416."""

_SET = re.compile(r"bytes[ \t]*=(.*)", re.IGNORECASE | re.DOTALL | re.ASCII)
_SPEC = re.compile(r"(\d*)-(\d*)", re.ASCII)
_MAX_DIGITS = 19
"""No file is longer; longer numbers are capped before they cost time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ByteRange:
    """A stretch of bytes, both ends included."""

    first: int
    last: int

    @property
    def length(self) -> int:
        """Bytes."""
        return self.last - self.first + 1

    def header(self, size: int) -> str:
        """Write it as Content-Range."""
        return f"bytes {self.first}-{self.last}/{size}"


class NotSatisfiableError(Exception):
    """None of the ranges asked for lies in the file: answer 416."""


def parse_ranges(header: str, size: int) -> tuple[ByteRange, ...]:
    """Give the ranges asked for, in order, overlapping ones joined; none where the header is to be ignored.

    A header that is no valid set of byte ranges is ignored, as the RFC asks; raises NotSatisfiableError where
    every range lies outside the file, or where there are too many.
    """
    matched = _SET.fullmatch(header.strip(" \t"))
    if not matched:
        return ()
    specs = [spec.strip(" \t") for spec in matched[1].split(",")]
    specs = [spec for spec in specs if spec]  # empty list elements are allowed (section 5.6.1)
    bounds = [_bounds(spec) for spec in specs]
    if not bounds or any(bound is None for bound in bounds):
        return ()
    if len(bounds) > MAX_RANGES:
        raise NotSatisfiableError
    found = [_within(bound, size) for bound in bounds if bound is not None]
    ranges = [one for one in found if one is not None]
    if not ranges:
        raise NotSatisfiableError
    return _joined(ranges)


def _bounds(spec: str) -> tuple[int | None, int | None] | None:
    """Read `first-last`, `first-` or `-suffix`; None where it is none of them."""
    matched = _SPEC.fullmatch(spec)
    if not matched or spec == "-":
        return None
    first, last = (_number(digits) for digits in matched.groups())
    if first is not None and last is not None and last < first:
        return None
    return first, last


def _number(digits: str) -> int | None:
    if not digits:
        return None
    significant = digits.lstrip("0") or "0"
    return int(significant) if len(significant) <= _MAX_DIGITS else 10**_MAX_DIGITS


def _within(bound: tuple[int | None, int | None], size: int) -> ByteRange | None:
    """Cut a range to the file; None where nothing is left."""
    first, last = bound
    if first is None:
        assert last is not None
        first, last = max(0, size - last), size - 1
    else:
        last = size - 1 if last is None else min(last, size - 1)
    return ByteRange(first=first, last=last) if first <= last else None


def _joined(ranges: Sequence[ByteRange]) -> tuple[ByteRange, ...]:
    """Join ranges that overlap or touch, each group where its first member stood: no byte is sent twice."""
    groups: list[ByteRange] = []
    for one in ranges:
        touching = [other for other in groups if one.first <= other.last + 1 and other.first <= one.last + 1]
        if not touching:
            groups.append(one)
            continue
        whole = ByteRange(
            first=min(one.first, *(other.first for other in touching)),
            last=max(one.last, *(other.last for other in touching)),
        )
        groups[groups.index(touching[0])] = whole
        groups = [other for other in groups if other not in touching[1:]]
    return tuple(groups)


LOG = logging.getLogger(__name__)

CHUNK_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class FileBody:
    """An open file and its size when it was opened."""

    file: BinaryIO
    size: int

    @classmethod
    def of(cls, content: bytes) -> FileBody:
        """Make one of bytes in memory."""
        return cls(file=io.BytesIO(content), size=len(content))

    def close(self) -> None:
        """Close the file."""
        self.file.close()

    async def chunks(self, stretch: ByteRange) -> AsyncIterator[bytes]:
        """Read a stretch piece by piece; raises OSError where the file has become shorter.

        Read right here, not in a thread: measured with 200 clients, threads took half as much memory again
        and more than doubled the longest waits.
        """
        self.file.seek(stretch.first)
        left = stretch.length
        while left > 0:
            chunk = self.file.read(min(CHUNK_BYTES, left))
            if not chunk:
                raise OSError("the file became shorter while it was sent")
            left -= len(chunk)
            yield chunk
            await asyncio.sleep(0)  # a fast client must not keep the others waiting


class OneStretch(Response):
    """A whole file, or one range of it."""

    def __init__(
        self, body: FileBody, stretch: ByteRange, *, status_code: int, headers: Mapping[str, str]
    ) -> None:
        self.status_code = status_code
        self.background = None
        self.init_headers({**headers, "Content-Length": str(stretch.length)})
        self._body = body
        self._stretch = stretch

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the headers and, but for HEAD, the bytes."""
        await _send(self, self._pieces() if scope["method"] != "HEAD" else None, receive, send, self._body)

    def _pieces(self) -> AsyncIterator[bytes]:
        return self._body.chunks(self._stretch)


class ManyParts(Response):
    """Several ranges of a file as multipart/byteranges (RFC 9110, 14.6)."""

    def __init__(self, body: FileBody, ranges: Sequence[ByteRange], *, headers: Mapping[str, str]) -> None:
        self.status_code = 206
        self.background = None
        self._body = body
        boundary = secrets.token_hex(12)
        head = f"\r\n--{boundary}\r\nContent-Type: {headers['Content-Type']}\r\nContent-Range: "
        self._parts = [(f"{head}{one.header(body.size)}\r\n\r\n".encode(), one) for one in ranges]
        self._end = f"\r\n--{boundary}--\r\n".encode()
        length = sum(len(head) + one.length for head, one in self._parts) + len(self._end)
        own = {"Content-Type": f"multipart/byteranges; boundary={boundary}", "Content-Length": str(length)}
        self.init_headers({**headers, **own})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the headers and the parts."""
        await _send(self, self._pieces() if scope["method"] != "HEAD" else None, receive, send, self._body)

    async def _pieces(self) -> AsyncIterator[bytes]:
        for head, one in self._parts:
            yield head
            async for chunk in self._body.chunks(one):
                yield chunk
        yield self._end


async def _send(
    response: Response, pieces: AsyncIterator[bytes] | None, receive: Receive, send: Send, body: FileBody
) -> None:
    """Send headers and pieces, for as long as the client is there; where it is not, sending would just go on."""
    gone = asyncio.create_task(_gone(receive)) if pieces else None
    try:
        start = {"type": "http.response.start", "status": response.status_code}
        await send({**start, "headers": response.raw_headers})
        if pieces and gone:
            async for piece in pieces:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
                if gone.done():
                    return
        await send({"type": "http.response.body", "body": b"", "more_body": False})
    except OSError as error:  # the connection ends short, and so says it
        LOG.warning("a file could not be sent to its end: %s", error)
    finally:
        if gone:
            gone.cancel()
        body.close()


async def _gone(receive: Receive) -> None:
    """Wait until the client has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass
