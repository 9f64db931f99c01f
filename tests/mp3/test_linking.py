"""Sections become one stream, and decoders agree about it to the sample."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from audio_builder.errors import SoundError
from audio_builder.mp3.encoder import encode
from audio_builder.mp3.format import Format, parse
from audio_builder.mp3.info import crc16, parse_info
from audio_builder.mp3.linking import link
from audio_builder.mp3.tags import tag
from audio_builder.session.cuesheet import Chapter
from audio_builder.timebase import FRAME_SAMPLES
from tests.counting import lines_of
from tests.judges import verdict
from tests.mp3.sounds import Signal, decoded_by_ffmpeg, decoded_by_mpg123, mark_place, marked_room

LENGTHS = (50, 2, 200, 1, 83, 40)
"""Frames of each section; one of a single frame, which is nothing but padding."""

Decoder = Callable[[Path], Signal]


def _decoded_by_soundfile(path: Path) -> Signal:
    sound, rate = soundfile.read(path, dtype="float32")
    assert rate == 48_000
    return sound


@pytest.fixture(scope="module")
def sections() -> list[bytes]:
    """Encode six sections, each opening with a mark."""
    return [encode([marked_room(frames, seed=n)], Format()) for n, frames in enumerate(LENGTHS)]


@pytest.fixture(scope="module")
def session(sections: list[bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the linked sections behind a tag."""
    path = tmp_path_factory.mktemp("linked") / "session.mp3"
    chapters = [
        Chapter(title=f"Part {n}", start=start * FRAME_SAMPLES, end=(start + frames) * FRAME_SAMPLES)
        for n, (start, frames) in enumerate(zip(_starts(), LENGTHS, strict=True), 1)
    ]
    path.write_bytes(b"".join([tag(title="Six parts", chapters=chapters), *link(sections, Format())]))
    return path


def _starts() -> list[int]:
    return [sum(LENGTHS[:n]) for n in range(len(LENGTHS))]


@pytest.mark.parametrize(
    "decode",
    [
        _decoded_by_soundfile,
        pytest.param(decoded_by_mpg123, marks=pytest.mark.judge),
        pytest.param(decoded_by_ffmpeg, marks=pytest.mark.judge),
    ],
)
def test_timeline_is_exact_to_the_sample(session: Path, decode: Decoder) -> None:
    """Decode as long as the sections together, and find each section's mark on its first sample."""
    decoded = decode(session)
    assert len(decoded) == sum(LENGTHS) * FRAME_SAMPLES
    expected = [start * FRAME_SAMPLES for start, frames in zip(_starts(), LENGTHS, strict=True) if frames > 1]
    assert [mark_place(decoded, place) for place in expected] == expected


def test_info_frame_describes_the_stream(sections: list[bytes]) -> None:
    """State frames, bytes, gapless length and both checksums as they are."""
    stream = b"".join(link(sections, Format()))
    info = parse_info(stream)
    frames = list(parse(stream))
    assert info.frames == len(frames) - 1
    assert info.size == len(stream)
    assert info.samples == sum(LENGTHS) * FRAME_SAMPLES
    assert info.constant
    assert info.intact
    assert info.music_crc == crc16(stream[frames[0].size :])


def test_same_sections_link_to_the_same_bytes(sections: list[bytes]) -> None:
    """Encode and link twice, the second time from memory views."""
    again = [memoryview(encode([marked_room(k, seed=n)], Format())) for n, k in enumerate(LENGTHS)]
    assert b"".join(link(again, Format())) == b"".join(link(sections, Format()))


def test_joins_are_no_louder_than_room_tone(sections: list[bytes], tmp_path: Path) -> None:
    """Find nothing above the room tone in the last 60 ms before each section's mark."""
    path = tmp_path / "joined.mp3"
    path.write_bytes(b"".join(link(sections, Format())))
    decoded = _decoded_by_soundfile(path)
    for start, frames in zip(_starts()[1:], LENGTHS[1:], strict=True):
        if frames > 2:
            before = decoded[start * FRAME_SAMPLES - 1_440 : start * FRAME_SAMPLES - 100]
            assert np.max(np.abs(before)) < 10 ** (-44 / 20)


def test_linking_takes_no_step_for_each_frame() -> None:
    """Link forty minutes, checksum included: less than one line is run for each of 100,000 frames of 288 bytes."""
    section = encode([marked_room(500)], Format())
    pieces: list[bytes | memoryview] = []
    assert lines_of(lambda: pieces.extend(link([section] * 200, Format()))) < 100_000
    assert sum(map(len, pieces)) == 288 * (100_000 + 2)


def test_damaged_section_is_named(sections: list[bytes]) -> None:
    """Say which section and which byte, and how to get rid of it."""
    broken = bytearray(sections[2])
    broken[288:292] = b"oops"
    with pytest.raises(SoundError) as caught:
        list(link([*sections[:2], bytes(broken), *sections[3:]], Format()))
    assert str(caught.value) == (
        "chunk 3, MP3 byte 288: no MPEG-1 Layer III frame begins with 6f6f7073\n"
        "  clear the cache and build again"
    )


def test_section_of_other_channels_is_refused(sections: list[bytes]) -> None:
    """Never mix mono and stereo in one stream."""
    with pytest.raises(SoundError, match="chunk 2: the stored frames do not have 1 channels"):
        list(link([sections[0], encode([marked_room(4, channels=2)], Format(128, 2))], Format()))


@pytest.mark.judge
def test_mp3val_finds_nothing(session: Path) -> None:
    """Let mp3val walk the frames and the tag."""
    said = verdict("mp3val", session).stdout.decode()
    assert "WARNING" not in said
    assert "ERROR" not in said
    assert f"{sum(LENGTHS) + 2} MPEG frames (MPEG 1 Layer III), +ID3v2, CBR" in said


@pytest.mark.judge
def test_mpg123_finds_nothing(session: Path) -> None:
    """Let mpg123 decode every frame and complain about none."""
    said = verdict("mpg123", "-t", session).stderr.decode()
    assert "MPEG 1.0 L III cbr96 48000 mono" in said
    assert not [line for line in said.splitlines() if "rror" in line or "arning" in line]


@pytest.mark.judge
def test_ffprobe_reads_chapters_in_order(session: Path) -> None:
    """Give every chapter at its exact millisecond, and the length within 50 ms."""
    asked = (
        "-v",
        "error",
        "-show_entries",
        "chapter=start,end:chapter_tags=title:format=duration",
        "-of",
        "csv",
    )
    lines = verdict("ffprobe", *asked, session).stdout.decode().split()
    starts = [24 * start for start in _starts()]
    ends = [*starts[1:], 24 * sum(LENGTHS)]
    listed = " ".join(lines)
    for number, (start, end) in enumerate(zip(starts, ends, strict=True), 1):
        assert f"chapter,{start},{end},Part {number}" in listed
    assert abs(float(listed.split("format,")[1]) - 0.024 * sum(LENGTHS)) < 0.05
