"""Conditional requests (RFC 9110, 13): whether a client already has what it asks for."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_TAGS = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')
_LIST = re.compile(rf"[ \t,]*(?:{_TAGS.pattern}(?:[ \t]*,[ \t,]*{_TAGS.pattern})*)[ \t,]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What tells one version of a file from another."""

    etag: str
    """Strong, in its quotes."""
    modified: int
    """Seconds since 1970, whole: HTTP dates have no finer step."""


class Verdict(enum.Enum):
    """What the conditions say."""

    SEND = enum.auto()
    NOT_MODIFIED = enum.auto()
    FAILED = enum.auto()


def judge(headers: Mapping[str, str], current: Validators) -> Verdict:
    """Weigh a GET's or HEAD's conditions in the order the RFC gives (13.2.2), If-Range aside."""
    if (wanted := headers.get("if-match")) is not None:
        if not _any_matches(wanted, current.etag, weakly=False):
            return Verdict.FAILED
    elif (since := _date(headers.get("if-unmodified-since"))) is not None and current.modified > since:
        return Verdict.FAILED
    if (known := headers.get("if-none-match")) is not None:
        return Verdict.NOT_MODIFIED if _any_matches(known, current.etag, weakly=True) else Verdict.SEND
    if (since := _date(headers.get("if-modified-since"))) is not None and current.modified <= since:
        return Verdict.NOT_MODIFIED
    return Verdict.SEND


def range_applies(headers: Mapping[str, str], current: Validators, *, now: int) -> bool:
    """Say whether a Range may be honoured under If-Range (13.1.5): by strong tag, or by exact date.

    A date is only strong once the second it names is over, so a fresh file does not match.
    """
    value = headers.get("if-range")
    if value is None:
        return True
    value = value.strip(" \t")
    if value.startswith(('"', "W/")):
        return value == current.etag
    return _date(value) == current.modified and now - current.modified >= 1


def _any_matches(header: str, etag: str, *, weakly: bool) -> bool:
    if header.strip(" \t") == "*":
        return True
    if not _LIST.fullmatch(header):
        return False
    tags = _TAGS.findall(header)
    return any((tag.removeprefix("W/") if weakly else tag) == etag for tag in tags)


def _date(header: str | None) -> int | None:
    """Read an HTTP date; None where it is none, so that the condition is ignored."""
    if header is None:
        return None
    try:
        moment = parsedate_to_datetime(header.strip(" \t"))
    except (ValueError, OverflowError):
        return None
    aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    try:
        return int((aware - _EPOCH).total_seconds())
    except OverflowError:
        return None


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
