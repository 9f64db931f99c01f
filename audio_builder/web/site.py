"""A published folder as an ASGI application."""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path
from urllib.parse import quote, urljoin, urlsplit

from lxml import etree
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from audio_builder.web.byte_ranges import (
    ByteRange,
    FileBody,
    ManyParts,
    NotSatisfiableError,
    OneStretch,
    parse_ranges,
)
from audio_builder.web.connections import RETRY_SECONDS
from audio_builder.web.guard import Gate, Limits
from audio_builder.web.resources import (
    Validators,
    Verdict,
    content_type,
    disposition,
    find,
    judge,
    range_applies,
    segments_of,
)

INDEX = "index.html"
FEED = "feed.xml"
_REDIRECT_SECONDS = 3_600
"""How long a browser may keep in mind that an address is a folder's."""
_ADDRESSES = frozenset({"url", "href"})
_ADDRESS_TAGS = frozenset({"link", "url"})


def create_app(
    folder: Path,
    *,
    hosts: Iterable[str],
    key: str = "",
    limits: Limits | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> ASGIApp:
    """Make the application that serves a folder to the given hosts, such as `127.0.0.1:8000`.

    With a key, everything lies below `/KEY/`, and there is nothing anywhere else.
    """
    return Gate(Site(folder, key=key), hosts=hosts, key=key, limits=limits, clock=clock)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    """A file that is open, with all that is said of it."""

    body: FileBody
    validators: Validators
    headers: dict[str, str]


class Site:
    """The files of a folder, read anew with every request: publishing again needs no restart."""

    def __init__(self, folder: Path, *, key: str = "") -> None:
        self._root = folder.resolve()
        self._prefix = f"/{key}/" if key else "/"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a GET or HEAD request that the gate let through."""
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        response = self._answer(request)
        await response(scope, receive, send)

    def _answer(self, request: Request) -> Response:
        segments = segments_of(request.scope["path"])
        found = find(self._root, segments) if segments is not None else None
        if segments is None or found is None:
            return _not_found()
        if segments[-1] == "":
            found = find(self._root, (*segments[:-1], INDEX))
        elif found.is_dir():
            return _to_folder(segments[-1])
        if found is None or content_type(found.name) is None:
            return _not_found()
        if found == self._root / FEED:
            return self._feed(found, request)
        return self._file(found, request)

    def _file(self, path: Path, request: Request) -> Response:
        """Send a file; what is sent is what was opened here, though the name may come to mean a newer file."""
        if not path.is_file():
            return _not_found()  # opening a pipe would wait for somebody to write into it
        try:
            file = path.open("rb")
        except OSError as error:
            return _unopened(error)
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            file.close()
            return _not_found()
        tag = f'"{status.st_mtime_ns:x}-{status.st_size:x}-{status.st_ino:x}"'
        body = FileBody(file=file, size=status.st_size)
        validators = Validators(etag=tag, modified=int(status.st_mtime))
        headers = _headers(path, validators, request)
        return _reply(_Opened(body=body, validators=validators, headers=headers), request)

    def _feed(self, path: Path, request: Request) -> Response:
        """Send the feed with addresses that are whole for whoever asks."""
        try:
            content = path.read_bytes()
            content = with_absolute_addresses(content, f"http://{request.headers['host']}{self._prefix}")
            modified = int(path.stat().st_mtime)
        except OSError as error:
            return _unopened(error)
        except ValueError:
            return _not_found()
        validators = Validators(etag=f'"{hashlib.sha256(content).hexdigest()[:32]}"', modified=modified)
        body = FileBody.of(content)
        return _reply(
            _Opened(body=body, validators=validators, headers=_headers(path, validators, request)), request
        )


def _headers(path: Path, validators: Validators, request: Request) -> dict[str, str]:
    """Give the headers that belong to the file, whatever part of it is sent."""
    kind = content_type(path.name)
    assert kind is not None
    headers = {
        "Accept-Ranges": "bytes",
        "Cache-Control": "no-cache",
        "Content-Type": kind,
        "ETag": validators.etag,
        "Last-Modified": formatdate(validators.modified, usegmt=True),
    }
    name = disposition(path, download="download" in request.query_params)
    return headers | ({"Content-Disposition": name} if name else {})


def _reply(opened: _Opened, request: Request) -> Response:
    """Weigh the conditions, then the ranges, and send what is left to send."""
    body, size, headers = opened.body, opened.body.size, opened.headers
    verdict = judge(request.headers, opened.validators)
    if verdict is not Verdict.SEND:
        body.close()
        if verdict is Verdict.FAILED:
            return PlainTextResponse("Precondition failed\n", 412)
        kept = {name: headers[name] for name in ("Cache-Control", "ETag", "Last-Modified")}
        return Response(status_code=304, headers=kept)
    try:
        ranges = _ranges(request, opened)
    except NotSatisfiableError:
        body.close()
        return PlainTextResponse("No such range\n", 416, headers={"Content-Range": f"bytes */{size}"})
    if len(ranges) > 1:
        return ManyParts(body, ranges, headers=headers)
    if ranges:
        headers["Content-Range"] = ranges[0].header(size)
        return OneStretch(body, ranges[0], status_code=206, headers=headers)
    return OneStretch(body, ByteRange(first=0, last=size - 1), status_code=200, headers=headers)


def _ranges(request: Request, opened: _Opened) -> tuple[ByteRange, ...]:
    """Give the ranges to send; none for the whole file. Only GET has ranges (RFC 9110, 14.2)."""
    header = request.headers.get("range")
    if header is None or request.method != "GET":
        return ()
    if not range_applies(request.headers, opened.validators, now=int(time.time())):
        return ()
    return parse_ranges(header, opened.body.size)


def _to_folder(name: str) -> Response:
    """Send on to the address of a folder, relatively: the name is a plain one, so it leads nowhere else."""
    headers = {"Location": f"./{quote(name)}/", "Cache-Control": f"max-age={_REDIRECT_SECONDS}"}
    return PlainTextResponse("This is a folder\n", 308, headers=headers)


def _not_found() -> Response:
    return PlainTextResponse("Not found\n", 404, headers={"Cache-Control": "no-store"})


def _unopened(error: OSError) -> Response:
    """Answer for a file that is not there, or is there and cannot be opened for now."""
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return _not_found()
    headers = {"Cache-Control": "no-store", "Retry-After": str(RETRY_SECONDS)}
    return PlainTextResponse("Try again in a moment\n", 503, headers=headers)


def with_absolute_addresses(feed: bytes, base: str) -> bytes:
    """Complete every relative address of a feed: podcast apps take no others.

    Raises ValueError where the feed is no XML. The feed is a file of the served folder, not a stranger's;
    all the same nothing is loaded from elsewhere, and libxml2 stops entities that grow.
    """
    try:
        root = etree.fromstring(feed, etree.XMLParser(no_network=True))
    except etree.XMLSyntaxError as error:
        raise ValueError(f"the feed is damaged: {error}") from error
    for element in root.iter(etree.Element):
        for name in _ADDRESSES & set(element.keys()):
            element.set(name, _absolute(element.get(name), base))
        if element.tag in _ADDRESS_TAGS and element.text:
            element.text = _absolute(element.text, base)
    whole: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return whole


def _absolute(address: str, base: str) -> str:
    return address if urlsplit(address).scheme else urljoin(base, address)
