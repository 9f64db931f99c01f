"""Frames that stand alone."""

from __future__ import annotations

import io
from collections.abc import Iterable

import numpy as np
import pytest
import soundfile

from audio_builder.mp3.encoder import encode, open_encoder, to_pcm
from audio_builder.mp3.format import Format, parse
from audio_builder.mp3.linking import link
from audio_builder.mp3.reservoir import Content, contents, pack
from tests.mp3.sounds import Signal, loud_bed, marked_room


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
