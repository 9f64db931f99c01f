"""Byte ranges (RFC 9110, 14): a Range header and a length come in, the stretches to send go out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

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
