"""Conditional requests: validators, If-Range, and their order."""

from __future__ import annotations

import os
import time
from email.utils import formatdate
from pathlib import Path

import pytest

from audio_builder.web.resources import Validators, Verdict, judge, range_applies
from tests.web.asking import MP3, Asker

NOW = 1_800_000_000
CURRENT = Validators(etag='"v1"', modified=NOW)
SAME, BEFORE, AFTER = (formatdate(NOW + offset, usegmt=True) for offset in (0, -60, 60))

CASES = [
    ({}, Verdict.SEND),
    ({"if-none-match": '"v1"'}, Verdict.NOT_MODIFIED),
    ({"if-none-match": 'W/"v1"'}, Verdict.NOT_MODIFIED),
    ({"if-none-match": "*"}, Verdict.NOT_MODIFIED),
    ({"if-none-match": '"v0", "v1"'}, Verdict.NOT_MODIFIED),
    ({"if-none-match": '"v0","v1"'}, Verdict.NOT_MODIFIED),
    ({"if-none-match": '"v0"'}, Verdict.SEND),
    ({"if-none-match": "v1"}, Verdict.SEND),
    ({"if-none-match": '"x, "v1"'}, Verdict.SEND),
    ({"if-none-match": ""}, Verdict.SEND),
    ({"if-none-match": '"v0"', "if-modified-since": SAME}, Verdict.SEND),
    ({"if-modified-since": SAME}, Verdict.NOT_MODIFIED),
    ({"if-modified-since": AFTER}, Verdict.NOT_MODIFIED),
    ({"if-modified-since": BEFORE}, Verdict.SEND),
    ({"if-modified-since": "yesterday"}, Verdict.SEND),
    ({"if-modified-since": "Thu, 99 Nov 2026 99:99:99 GMT"}, Verdict.SEND),
    ({"if-match": '"v1"'}, Verdict.SEND),
    ({"if-match": "*"}, Verdict.SEND),
    ({"if-match": 'W/"v1"'}, Verdict.FAILED),
    ({"if-match": '"v0"'}, Verdict.FAILED),
    ({"if-match": '"v0", "v1"'}, Verdict.SEND),
    ({"if-match": '"v1"', "if-unmodified-since": BEFORE}, Verdict.SEND),
    ({"if-match": '"v1"', "if-none-match": '"v1"'}, Verdict.NOT_MODIFIED),
    ({"if-unmodified-since": BEFORE}, Verdict.FAILED),
    ({"if-unmodified-since": SAME}, Verdict.SEND),
    ({"if-unmodified-since": "never"}, Verdict.SEND),
]


@pytest.mark.parametrize(("headers", "verdict"), CASES)
def test_conditions_are_weighed_as_the_rfc_says(headers: dict[str, str], verdict: Verdict) -> None:
    """Follow section 13.2.2."""
    assert judge(headers, CURRENT) is verdict


@pytest.mark.parametrize(
    ("value", "applies"),
    [
        (None, True),
        ('"v1"', True),
        ('W/"v1"', False),
        ('"v0"', False),
        (SAME, True),
        (BEFORE, False),
        (AFTER, False),
        ("v1", False),
        ("", False),
    ],
)
def test_if_range_needs_the_very_same_file(value: str | None, applies: bool) -> None:
    """Cut only what has not changed since the first cut."""
    headers = {} if value is None else {"if-range": value}
    assert range_applies(headers, CURRENT, now=NOW + 3600) is applies


def test_the_date_of_a_file_written_this_second_is_no_proof() -> None:
    """Send the whole file where a second change could hide in the same second."""
    assert range_applies({"if-range": SAME}, CURRENT, now=NOW) is False
    assert range_applies({"if-range": '"v1"'}, CURRENT, now=NOW) is True


def test_a_file_that_is_already_there_is_not_sent_again(ask: Asker) -> None:
    """Answer 304 with the validators and nothing else."""
    first = ask(MP3)
    for headers in (
        {"If-None-Match": first.headers["etag"]},
        {"If-Modified-Since": first.headers["last-modified"]},
    ):
        answer = ask(MP3, headers)
        assert (answer.status, answer.body) == (304, b"")
        assert answer.headers["etag"] == first.headers["etag"]
        assert "content-length" not in answer.headers
        assert "content-type" not in answer.headers


def test_conditions_come_before_ranges(ask: Asker) -> None:
    """Answer 304 or 412 even where a range was asked for."""
    etag = ask(MP3, method="HEAD").headers["etag"]
    assert ask(MP3, {"Range": "bytes=0-1", "If-None-Match": etag}).status == 304
    assert ask(MP3, {"Range": "bytes=0-1", "If-Match": '"other"'}).status == 412
    assert ask(MP3, {"Range": "bytes=0-1", "If-Match": etag}).status == 206


def test_if_range_falls_back_to_the_whole_file(ask: Asker) -> None:
    """Send everything with 200 where the client's part is of another version."""
    first = ask(MP3)
    etag = first.headers["etag"]
    assert ask(MP3, {"Range": "bytes=0-1", "If-Range": etag}).status == 206
    for stale in ('"other"', f"W/{etag}", "Thu, 01 Jan 1970 00:00:00 GMT"):
        answer = ask(MP3, {"Range": "bytes=0-1", "If-Range": stale})
        assert (answer.status, answer.body) == (200, first.body)
    beyond = ask(MP3, {"Range": "bytes=99999999-", "If-Range": '"other"'})
    assert beyond.status == 200


def test_the_tag_changes_with_the_file(ask: Asker, site: Path) -> None:
    """Tell two versions of the same length and the same second apart."""
    path = site / "assets" / "probe.txt"
    moment = time.time() - 100
    tags = set()
    for content in (b"one", b"two"):
        beside = path.with_name("probe.part")
        beside.write_bytes(content)
        os.utime(beside, (moment, moment))
        beside.replace(path)
        answer = ask("/assets/probe.txt")
        assert answer.body == content
        tags.add(answer.headers["etag"])
        moment += 0.25
    path.unlink()
    assert len(tags) == 2
