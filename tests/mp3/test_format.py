"""How a session is encoded, its frames' headers, and frames that are made to stand alone."""

from __future__ import annotations

import io
from collections.abc import Iterable

import numpy as np
import pytest
import soundfile

from audio_builder.errors import SoundError
from audio_builder.mp3.encoder import encode, open_encoder, to_pcm
from audio_builder.mp3.format import Content, Format, contents, pack, parse, tag_bytes
from audio_builder.mp3.linking import link
from audio_builder.mp3.tags import tag
from tests.mp3.sounds import Signal, loud_bed, marked_room

RATES = "  use one of 64, 80, 96, 112, 128, 160, 192, 224, 256, 320"


@pytest.mark.parametrize(("rate", "size"), [(64, 192), (96, 288), (128, 384), (160, 480), (320, 960)])
def test_frame_is_a_whole_number_of_bytes_without_padding(rate: int, size: int) -> None:
    """Compute a frame's size at 48 kHz."""
    assert Format(rate).frame_bytes == size


def test_standard_format_is_mono_at_96() -> None:
    """Keep what Apple asks for and what the grid needs."""
    assert (Format().bit_rate_kbps, Format().channels) == (96, 1)


def test_header_says_layer_three_mono_at_48_khz() -> None:
    """Write the four bytes that LAME writes too."""
    assert Format().header.hex() == "fffb74c4"
    assert Format(160, channels=2).header.hex() == "fffba444"


def test_key_tells_formats_apart() -> None:
    """Put everything that can change the bytes into the key."""
    keys = {Format().key, Format(64).key, Format(96, 2).key, Format(quality=2).key}
    assert len(keys) == 4
    assert all(key.startswith("lameenc ") for key in keys)


@pytest.mark.parametrize(
    ("rate", "channels", "quality", "message"),
    [
        (
            100,
            1,
            5,
            "100 kbit/s is no MP3 bit rate we build\n" + RATES,
        ),
        (
            32,
            1,
            5,
            "32 kbit/s is no MP3 bit rate we build\n" + RATES,
        ),
        (96, 3, 5, "an MP3 has 1 or 2 channels, not 3"),
        (96, 1, 9, "the encoder's quality goes from 2 (best) to 7 (fastest), not 9"),
    ],
)
def test_impossible_formats_are_refused(rate: int, channels: int, quality: int, message: str) -> None:
    """Say what would do."""
    with pytest.raises(SoundError) as caught:
        Format(rate, channels, quality)
    assert str(caught.value) == message


@pytest.fixture(scope="module")
def encoded() -> bytes:
    """Give ten frames."""
    return encode([marked_room(10)], Format())


def test_frames_lie_end_to_end(encoded: bytes) -> None:
    """Give each frame's place, size, rate and channels."""
    frames = list(parse(encoded))
    assert [(f.offset, f.size, f.bit_rate_kbps, f.channels) for f in frames] == [
        (288 * n, 288, 96, 1) for n in range(10)
    ]


def test_a_cut_stream_is_found(encoded: bytes) -> None:
    """Say how much is missing and where the last frame began."""
    with pytest.raises(SoundError) as caught:
        list(parse(encoded[:-20]))
    assert str(caught.value) == (
        "MP3 byte 2592: the last frame is cut short by 20 bytes\n"
        "  the file is damaged; build the session again"
    )


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (b"\0\0\0\0", "no MPEG-1 Layer III frame begins with 00000000"),
        (b"\xff\xfb\xf4\xc4", "bit rate index 15 means nothing"),
        (b"\xff\xfb\x70\xc4", "the frame is not at 48000 Hz"),
        (b"\xff\xf3\x74\xc4", "no MPEG-1 Layer III frame begins with fff374c4"),
    ],
)
def test_a_damaged_header_is_found_where_it_is(encoded: bytes, damage: bytes, message: str) -> None:
    """Name the byte at which the chain breaks."""
    broken = encoded[:576] + damage + encoded[580:]
    with pytest.raises(SoundError) as caught:
        list(parse(broken))
    assert (caught.value.where, caught.value.message) == ("MP3 byte 576", message)


def test_tag_in_front_is_measured(encoded: bytes) -> None:
    """Find the first frame behind a tag, and no tag where there is none."""
    front = tag(title="Calm")
    assert tag_bytes(front + encoded) == len(front)
    assert tag_bytes(encoded) == 0
    assert tag_bytes(b"ID3") == 0


def _decoded(section: bytes, form: Format) -> Signal:
    sound: Signal = soundfile.read(io.BytesIO(b"".join(link([section], form))), dtype="float32")[0]
    return sound


def _packed(frames: Iterable[Content], form: Format) -> bytes:
    packed = pack(list(frames), form)
    assert packed is not None
    return packed


@pytest.mark.parametrize("form", [Format(), Format(64), Format(128, 2)], ids=lambda form: form.key)
def test_moving_data_home_changes_no_sample(form: Format) -> None:
    """Decode the encoder's frames and the repacked ones, and find the same samples."""
    sound = loud_bed(60 * 1_152, channels=form.channels)
    sound[20_000:20_480] += marked_room(2)[:480].reshape(480, *[1] * (sound.ndim - 1))
    borrowed = encode([sound], form)
    alone = _packed(contents(borrowed, form), form)
    assert alone != borrowed
    np.testing.assert_array_equal(_decoded(alone, form), _decoded(borrowed, form))


def test_every_frame_begins_with_its_own_data() -> None:
    """Point nowhere back: the first nine bits of each frame's side information are zero."""
    alone = _packed(contents(encode([marked_room(40)], Format()), Format()), Format())
    frames = list(parse(alone))
    assert len(frames) == 40
    assert all(alone[f.side_offset] == 0 and alone[f.side_offset + 1] < 0x80 for f in frames)


def test_frames_are_as_small_as_their_data_allow() -> None:
    """Give silence the smallest frame there is."""
    silence = list(contents(encode([np.zeros(20 * 1_152, np.float32)], Format()), Format()))
    assert {frame.size for frame in parse(_packed(silence[2:], Format()))} == {96}


def _bursts(form: Format) -> list[Content]:
    """Give the contents of full-scale bursts in stereo, some of which are larger than any frame."""
    steps = np.arange(100 * 1_152)
    noise = np.random.default_rng(1).uniform(-0.98, 0.98, (len(steps), 2))
    encoder = open_encoder(form)
    encoder.set_vbr(4)
    (pcm,) = to_pcm([(noise * (steps // 3_000 % 2)[:, None]).astype(np.float32)], form)
    return list(contents(bytes(encoder.encode(pcm)) + bytes(encoder.flush()), form))


def test_too_large_a_frame_leaves_some_data_with_the_one_before() -> None:
    """Pack bursts that need up to 1,250 bytes, and find each frame's data complete again."""
    form = Format(320, 2)
    bursts = _bursts(form)
    room = 960 - 4 - 32
    assert max(len(frame.main) for frame in bursts) > room
    packed = _packed(bursts, form)
    assert len(list(parse(packed))) == len(bursts)
    assert list(contents(packed, form)) == bursts


def test_too_large_a_frame_cannot_come_first() -> None:
    """Refuse a stretch whose first frame has no frame before it."""
    form = Format(320, 2)
    bursts = _bursts(form)
    large = next(n for n, frame in enumerate(bursts) if len(frame.main) > 960 - 4 - 32)
    assert pack(bursts[large - 1 :], form) is not None
    assert pack(bursts[large:], form) is None
