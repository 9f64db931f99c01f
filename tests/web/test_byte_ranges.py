"""Byte ranges, as arithmetic and over the wire."""

from __future__ import annotations

import email
import email.message
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio_builder.web.byte_ranges import MAX_RANGES, ByteRange, NotSatisfiableError, parse_ranges
from tests.web.asking import MP3, Answer, Asker

SIZE = 1000

GOOD = {
    "bytes=0-1": [(0, 1)],  # Safari's first question
    "bytes=0-": [(0, 999)],  # Chromium's
    "bytes=0-0": [(0, 0)],
    "bytes=0-999": [(0, 999)],
    "bytes=0-1000": [(0, 999)],
    "bytes=0-99999999999999999999999999": [(0, 999)],
    "bytes=999-": [(999, 999)],
    "bytes=999-999": [(999, 999)],
    "bytes=500-600": [(500, 600)],
    "bytes=-1": [(999, 999)],
    "bytes=-500": [(500, 999)],
    "bytes=-1000": [(0, 999)],
    "bytes=-5000": [(0, 999)],
    "bytes=000-0001": [(0, 1)],
    "BYTES=0-1": [(0, 1)],
    "Bytes=0-1": [(0, 1)],
    " bytes=0-1 ": [(0, 1)],
    "bytes= 0-1": [(0, 1)],
    "bytes=\t0-1\t": [(0, 1)],
    "bytes=0-1,3-4": [(0, 1), (3, 4)],
    "bytes=0-1, 3-4": [(0, 1), (3, 4)],
    "bytes=3-4,0-1": [(3, 4), (0, 1)],
    "bytes=,0-1,,": [(0, 1)],
    "bytes=0-1,2-3": [(0, 3)],  # touching
    "bytes=0-10,5-20": [(0, 20)],
    "bytes=5-20,0-10": [(0, 20)],
    "bytes=0-0,0-0,0-0": [(0, 0)],
    "bytes=0-1,100-101,1-100": [(0, 101)],
    "bytes=900-,-200": [(800, 999)],
    "bytes=0-0,-1": [(0, 0), (999, 999)],
    "bytes=0-1,2000-": [(0, 1)],  # one of them satisfiable is enough
    "bytes=5000-,7-8,-0": [(7, 8)],
}
UNSATISFIABLE = [
    "bytes=1000-",
    "bytes=1000-1000",
    "bytes=1000-2000",
    "bytes=-0",
    "bytes=99999999999999999999999999-",
    "bytes=1000-,2000-3000",
    "bytes=" + ",".join(f"{n * 2}-{n * 2}" for n in range(MAX_RANGES + 1)),
]
IGNORED = [
    "",
    "bytes",
    "bytes=",
    "bytes=,",
    "bytes=-",
    "bytes=1-0",
    "bytes=5-4,0-1",
    "bytes=a-b",
    "bytes=0-1;2-3",
    "bytes=0 - 1",
    "bytes=--1",
    "bytes=-1-",
    "bytes=0-1-2",
    "bytes=+0-1",
    "bytes=0x0-0x1",
    "bytes=0.0-1",
    "bytes=0–1",
    "bytes=٠-١",  # digits, but not ASCII's
    "bytes 0-1",
    "bytes:0-1",
    "lines=0-1",
    "none",
    "bytes=0-1,oops",
]


@pytest.mark.parametrize("header", GOOD)
def test_ranges_are_read_as_the_rfc_says(header: str) -> None:
    """Give the stretches a header asks for."""
    assert [(one.first, one.last) for one in parse_ranges(header, SIZE)] == GOOD[header]


@pytest.mark.parametrize("header", UNSATISFIABLE)
def test_ranges_outside_the_file_cannot_be_satisfied(header: str) -> None:
    """Refuse what lies wholly outside, and more ranges than any player asks for."""
    with pytest.raises(NotSatisfiableError):
        parse_ranges(header, SIZE)


@pytest.mark.parametrize("header", IGNORED)
def test_what_is_no_byte_range_is_ignored(header: str) -> None:
    """Send the whole file where the header means nothing."""
    assert parse_ranges(header, SIZE) == ()


@pytest.mark.parametrize("header", ["bytes=0-", "bytes=-1", "bytes=0-0"])
def test_an_empty_file_has_no_ranges(header: str) -> None:
    """Refuse every range of nothing."""
    with pytest.raises(NotSatisfiableError):
        parse_ranges(header, 0)


@given(
    bounds=st.lists(st.tuples(st.integers(0, 1200), st.integers(0, 1200)), min_size=1, max_size=MAX_RANGES),
    size=st.integers(1, 1100),
)
def test_no_byte_is_sent_twice_and_none_asked_for_is_missing(
    bounds: list[tuple[int, int]], size: int
) -> None:
    """Cover exactly the bytes asked for, in stretches that neither overlap nor touch."""
    spans = [(min(pair), max(pair)) for pair in bounds]
    wanted = {byte for first, last in spans for byte in range(first, min(last + 1, size))}
    header = "bytes=" + ",".join(f"{first}-{last}" for first, last in spans)
    if not wanted:
        with pytest.raises(NotSatisfiableError):
            parse_ranges(header, size)
        return
    ranges = parse_ranges(header, size)
    sent = [byte for one in ranges for byte in range(one.first, one.last + 1)]
    assert len(sent) == len(set(sent))
    assert set(sent) == wanted
    assert all(abs(one.first - other.last) > 1 for one in ranges for other in ranges if one is not other)


@pytest.fixture(scope="module")
def content(site: Path) -> bytes:
    """Give the MP3 as it is on disk."""
    return (site / MP3[1:]).read_bytes()


@pytest.mark.parametrize(
    ("header", "first", "last"),
    [
        ("bytes=0-1", 0, 1),
        ("bytes=0-", 0, None),
        ("bytes=0-0", 0, 0),
        ("bytes=-1", -1, None),
        ("bytes=-128", -128, None),
        ("bytes=65535-65536", 65535, 65536),
        ("bytes=65536-131071", 65536, 131071),
        ("bytes=100000-", 100000, None),
        ("bytes=-999999999", 0, None),
        ("bytes=300000-999999999999", 300000, None),
        ("bytes=1-1, 1-1", 1, 1),
    ],
)
def test_one_range_comes_back_as_206(
    ask: Asker, content: bytes, header: str, first: int, last: int | None
) -> None:
    """Send exactly the stretch, and say which it is."""
    size = len(content)
    start = first % size
    end = size - 1 if last is None else last
    answer = ask(MP3, {"Range": header})
    assert answer.status == 206
    assert answer.headers["content-range"] == f"bytes {start}-{end}/{size}"
    assert answer.headers["content-length"] == str(end - start + 1)
    assert answer.headers["content-type"] == "audio/mpeg"
    assert answer.body == content[start : end + 1]


@pytest.mark.parametrize("header", ["bytes=0-1,5-6", "bytes=-2,0-3", "bytes=70000-70009,10-19,200000-"])
def test_several_ranges_come_back_as_parts(ask: Asker, content: bytes, header: str) -> None:
    """Send multipart/byteranges that a MIME parser reads, with the length it announced."""
    answer = ask(MP3, {"Range": header})
    assert answer.status == 206
    assert "content-range" not in answer.headers
    assert answer.headers["content-length"] == str(len(answer.body))
    wanted = parse_ranges(header, len(content))
    assert parts_of(answer) == [
        (one.header(len(content)), "audio/mpeg", content[one.first : one.last + 1]) for one in wanted
    ]


def parts_of(answer: Answer) -> list[tuple[str, str, bytes]]:
    """Take a multipart answer apart at its boundary: Content-Range, Content-Type and bytes of each part."""
    whole = email.message.Message()
    whole["Content-Type"] = answer.headers["content-type"]
    assert whole.get_content_type() == "multipart/byteranges"
    preamble, *parts, end = answer.body.split(b"\r\n--" + str(whole.get_boundary()).encode())
    assert (preamble, end) == (b"", b"--\r\n")
    found = []
    for part in parts:
        head, _, body = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        fields = email.message_from_bytes(head)
        found.append((fields["Content-Range"], fields["Content-Type"], body))
    return found


@pytest.mark.parametrize(
    "header", [UNSATISFIABLE[-1], "bytes=99999999-", "bytes=-0", "bytes=99999999-,999999999-"]
)
def test_an_impossible_range_is_416_with_the_size(ask: Asker, content: bytes, header: str) -> None:
    """Say how long the file is where nothing of it can be sent."""
    answer = ask(MP3, {"Range": header})
    assert answer.status == 416
    assert answer.headers["content-range"] == f"bytes */{len(content)}"


@pytest.mark.parametrize("header", ["bytes=9-1", "lines=0-1", "bytes=", "rubbish"])
def test_a_meaningless_range_gets_the_whole_file(ask: Asker, content: bytes, header: str) -> None:
    """Answer 200 with everything."""
    answer = ask(MP3, {"Range": header})
    assert (answer.status, answer.body) == (200, content)
    assert answer.headers["accept-ranges"] == "bytes"


def test_head_says_the_same_as_get_and_sends_nothing(ask: Asker, content: bytes) -> None:
    """Announce the whole file; a Range means nothing to HEAD."""
    got, head = ask(MP3), ask(MP3, {"Range": "bytes=0-1"}, method="HEAD")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == str(len(content))
    assert {**head.headers, "date": ""} == {**got.headers, "date": ""}


def test_ranges_work_for_every_kind_of_file(ask: Asker, site: Path) -> None:
    """Cut text files and the feed like audio."""
    for path in ("/", "/feed.xml", "/assets/site.css", "/cover.jpg", MP3.replace(".mp3", ".vtt")):
        whole = ask(path)
        cut = ask(path, {"Range": "bytes=5-14"})
        assert (cut.status, cut.body) == (206, whole.body[5:15]), path


def test_a_range_knows_its_length() -> None:
    """Count both ends."""
    assert ByteRange(first=3, last=7).length == 5
