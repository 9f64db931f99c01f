"""Chunks become MP3 frames, as loud as they were mixed, and those under a bed join without a seam."""

from __future__ import annotations

import io
import itertools
import logging
from pathlib import Path

import numpy as np
import pytest
import soundfile

from audio_builder.errors import SoundError
from audio_builder.mp3.encoder import POST_ROLL, PRE_ROLL, encode, encode_in_windows, encode_open
from audio_builder.mp3.format import Format, parse, tag_bytes
from audio_builder.mp3.info import parse_info
from audio_builder.mp3.linking import link
from audio_builder.mp3.tags import tag
from audio_builder.timebase import FRAME_SAMPLES, RATE
from tests.judges import verdict
from tests.mp3.sounds import (
    MARK,
    Signal,
    decoded_by_ffmpeg,
    decoded_by_mpg123,
    loud_bed,
    mark,
    mark_place,
    marked_room,
)


@pytest.mark.parametrize("form", [Format(), Format(64), Format(160, 2)], ids=lambda form: form.key)
@pytest.mark.parametrize("frames", [1, 2, 3, 40])
def test_section_of_k_frames_gives_exactly_k_frames(form: Format, frames: int) -> None:
    """Keep the grid whatever the bit rate."""
    encoded = encode([marked_room(frames, channels=form.channels)], form)
    assert [frame.size for frame in parse(encoded)] == [form.frame_bytes] * frames


def test_block_sizes_make_no_difference() -> None:
    """Encode the same sound in one block and in odd pieces."""
    sound = marked_room(30)
    pieces = np.split(sound, [1, 7, 1_152, 1_153, 9_000, 9_000, 20_011])
    assert encode(pieces, Format()) == encode([sound], Format())


def test_first_frame_of_a_section_needs_nothing_before_it() -> None:
    """Begin with an empty bit reservoir: the side information's first nine bits point nowhere back."""
    encoded = encode([marked_room(20)], Format())
    begins = [int.from_bytes(encoded[f.side_offset : f.side_offset + 2], "big") >> 7 for f in parse(encoded)]
    assert begins[0] == 0
    assert max(begins) > 0


@pytest.mark.parametrize("form", [Format(rate) for rate in (64, 96, 128, 160, 192, 224, 256, 320)], ids=str)
def test_sound_is_decoded_as_loud_as_it_was_mixed(form: Format) -> None:
    """Keep the level within 0.2 dB, on its own or open, though LAME turns some bit rates down."""
    samples = 60 * FRAME_SAMPLES
    sound = (0.1 * np.sin(2 * np.pi * 440 * np.arange(samples) / 48_000)).astype(np.float32)
    sound[-FRAME_SAMPLES:] = 0
    for section, skipped in ((encode([sound], form), 0), (encode_open([sound], form), 4 * FRAME_SAMPLES)):
        decoded, _ = soundfile.read(io.BytesIO(b"".join(link([section], form))), dtype="float32")
        there = slice(20_000, 50_000)
        gain = np.dot(decoded[there], sound[skipped:][there]) / np.sum(np.square(sound[skipped:][there]))
        assert abs(20 * np.log10(gain)) < 0.2


def test_sound_that_would_clip_is_refused_with_its_place() -> None:
    """Say how much too loud it is, and where."""
    sound = marked_room(50)
    sound[24_000] = 1.2
    with pytest.raises(SoundError) as caught:
        encode([sound[:20_000], sound[20_000:]], Format())
    assert str(caught.value) == (
        "0.500 s into the section: the mix is 2.0 dB too loud and would clip\n"
        "  lower the loudest of the levels"
    )


def test_sound_with_no_number_in_it_is_refused() -> None:
    """Find NaN, which would otherwise become a loud click."""
    sound = marked_room(2)
    sound[480] = np.nan
    with pytest.raises(
        SoundError, match=r"0\.010 s into the section: the mix holds a sample that is not a number"
    ):
        encode([sound], Format())


def test_sound_off_the_grid_is_our_own_mistake() -> None:
    """Refuse a section that is no whole number of frames."""
    with pytest.raises(ValueError, match="whole number of MP3 frames"):
        encode([marked_room(3)[:-1]], Format())
    with pytest.raises(ValueError, match="whole number of MP3 frames"):
        encode([], Format())


def test_channels_must_be_the_formats() -> None:
    """Refuse stereo sound for a mono format."""
    with pytest.raises(ValueError, match="2 channels, the format 1"):
        encode([marked_room(3, channels=2)], Format())


def test_sound_in_the_last_frame_is_reported(caplog: pytest.LogCaptureFixture) -> None:
    """Warn when something louder than room tone lies where a section cannot keep it, and only then."""
    sound = marked_room(5)
    with caplog.at_level(logging.WARNING):
        encode([sound], Format())
        assert not caplog.records
        sound[-FRAME_SAMPLES // 2] = 0.3
        encode([sound], Format())
    assert [record.getMessage() for record in caplog.records] == [
        "a chunk's last 24 ms hold sound (peak 0.300) that an MP3 chunk cannot keep"
    ]


@pytest.mark.parametrize("bit_rate_kbps", [64, 96, 128, 160, 192, 224, 256, 320])
def test_a_tone_is_decoded_as_loud_as_it_was_mixed(bit_rate_kbps: int) -> None:
    """Undo LAME's own attenuation at every bit rate, to 0.02 dB."""
    times = np.arange(FRAME_SAMPLES * 60) / RATE
    mixed = (0.1 * np.sin(2 * np.pi * 440 * times)).astype(np.float32)
    mixed[-2 * FRAME_SAMPLES :] = 0
    form = Format(bit_rate_kbps=bit_rate_kbps)
    stream = b"".join(link([encode([mixed], form)], form))
    decoded, _ = soundfile.read(io.BytesIO(stream), dtype="float32")
    gain_db = 20 * np.log10(np.dot(mixed, decoded) / np.dot(mixed, mixed))
    assert gain_db == pytest.approx(0, abs=0.02)


CUTS = (0, 4, 38, 77, 78, 150, 233, 240)
"""Where the sections begin and end, in frames; one is a single frame."""

FORMS = (Format(), Format(64), Format(160, 2))

JOINS = np.array(CUTS[1:-1]) * FRAME_SAMPLES


def _session(form: Format) -> Signal:
    """Give a loud bed that fades in and runs over all sections, with a burst 52 ms behind every join."""
    sound = loud_bed(CUTS[-1] * FRAME_SAMPLES, channels=form.channels)
    sound[:4_800] *= np.linspace(0, 1, 4_800, dtype=np.float32).reshape(-1, *[1] * (sound.ndim - 1))
    for join in JOINS:
        sound[join + 2_500 : join + 2_500 + MARK] += mark().reshape(-1, *[1] * (sound.ndim - 1))
    return sound


def _with_rolls(sound: Signal, first: int, last: int, *, pre_roll: int = PRE_ROLL) -> Signal:
    """Cut frames out of the session with what lies around them; silence beyond its ends."""
    silence = np.zeros((8 * FRAME_SAMPLES, *sound.shape[1:]), np.float32)
    padded = np.concatenate([silence, sound, silence])
    return padded[(8 + first - pre_roll) * FRAME_SAMPLES : (8 + last + POST_ROLL) * FRAME_SAMPLES]


def _linked(sound: Signal, form: Format, *, cuts: tuple[int, ...], pre_roll: int = PRE_ROLL) -> bytes:
    sections = [
        encode_open([_with_rolls(sound, first, last, pre_roll=pre_roll)], form, pre_roll=pre_roll)
        for first, last in itertools.pairwise(cuts)
    ]
    return b"".join([tag(title="Waves"), *link(sections, form)])


def _decoded(stream: bytes) -> Signal:
    sound: Signal = soundfile.read(io.BytesIO(stream), dtype="float32")[0]
    return sound


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.open_key)
def test_linked_sections_decode_like_a_single_pass_sample_for_sample(form: Format) -> None:
    """Cut a loud bed anywhere, encode the pieces on their own, and get the single pass's samples."""
    sound = _session(form)
    single = _decoded(_linked(sound, form, cuts=(0, CUTS[-1])))
    assert len(single) == len(sound)
    np.testing.assert_array_equal(_decoded(_linked(sound, form, cuts=CUTS)), single)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.open_key)
def test_coding_error_at_joins_is_no_larger_than_elsewhere(form: Format) -> None:
    """Compare decoded and given sound in the 50 ms around each join with the median of all."""
    sound = loud_bed(CUTS[-1] * FRAME_SAMPLES, channels=form.channels)
    error = np.square(_decoded(_linked(sound, form, cuts=CUTS)) - sound).reshape(len(sound), -1).mean(axis=1)
    power = np.convolve(error, np.ones(1_200) / 1_200, "same")
    at_joins = 10 * np.log10(power[JOINS] / np.median(power))
    assert np.max(at_joins) < 3


def test_without_pre_roll_a_join_would_be_heard() -> None:
    """Show what the pre-roll is for: with one frame only, the error at joins is far above the rest."""
    sound = loud_bed(CUTS[-1] * FRAME_SAMPLES, channels=1)
    error = np.square(_decoded(_linked(sound, Format(), cuts=CUTS, pre_roll=1)) - sound)
    power = np.convolve(error, np.ones(1_200) / 1_200, "same")
    assert np.max(10 * np.log10(power[JOINS] / np.median(power))) > 6


def test_closed_sections_dip_at_joins_and_open_ones_do_not() -> None:
    """Measure the level of a steady bed in the 24 ms before a join."""
    t = np.arange(40 * FRAME_SAMPLES) / 48_000
    sound = (0.1 * np.sin(2 * np.pi * 440 * t)).astype(np.float32)
    closed = _decoded(b"".join(link([encode([half], Format()) for half in np.split(sound, 2)], Format())))
    opened = _decoded(_linked(sound, Format(), cuts=(0, 20, 40)))
    gap = slice(20 * FRAME_SAMPLES - 900, 20 * FRAME_SAMPLES - 300)
    power = np.mean(np.square(sound[gap]))
    level = [10 * np.log10(np.mean(np.square(decoded[gap])) / power) for decoded in (closed, opened)]
    assert level[0] < -20
    assert abs(level[1]) < 0.2


def test_variable_frames_come_with_a_true_table() -> None:
    """Say Xing, and lead each hundredth of the time to within one 256th of the bytes before its frame."""
    form = Format(160, 2)
    sound = _session(form)
    sound[: len(sound) // 2] *= np.float32(0.001)
    stream = _linked(sound, form, cuts=CUTS)
    stream = stream[tag_bytes(stream) :]
    info = parse_info(stream)
    frames = list(parse(stream))[1:]
    assert len({frame.size for frame in frames}) > 3
    assert not info.constant
    assert info.samples == len(sound)
    for hundredth, point in enumerate(info.toc):
        place = frames[hundredth * len(frames) // 100].offset
        assert 0 <= place - point * len(stream) / 256 <= len(stream) / 256


def test_section_that_opens_with_a_great_attack_still_joins_cleanly() -> None:
    """Put bursts that no frame could hold on the joins: their first frame is a little coarser, no more."""
    form = Format(160, 2)
    sound = _session(form)
    for join in JOINS:
        sound[join : join + MARK] += 0.7 * np.sign(mark())[:, None]
    single, linked = (_decoded(_linked(sound, form, cuts=cuts)) for cuts in ((0, CUTS[-1]), CUTS))
    error = [
        np.convolve(np.square(decoded - sound).mean(axis=1), np.ones(1_200) / 1_200, "same")
        for decoded in (single, linked)
    ]
    assert not np.array_equal(single, linked)
    assert np.max(10 * np.log10(error[1][JOINS] / error[0][JOINS])) < 8


def test_rolls_off_the_grid_are_our_own_mistake() -> None:
    """Refuse sound that is no whole number of frames, or rolls around nothing."""
    for samples in (10 * FRAME_SAMPLES + 1, 7 * FRAME_SAMPLES):
        with pytest.raises(ValueError, match="whole MP3 frames"):
            encode_open([np.zeros(samples, np.float32)], Format())


@pytest.mark.judge
def test_judges_agree_about_open_sections(tmp_path: Path) -> None:
    """Find nothing with mp3val and mpg123; find every sample and mark with mpg123 and ffmpeg."""
    sound = _session(Format())
    path = tmp_path / "open.mp3"
    path.write_bytes(_linked(sound, Format(), cuts=CUTS))
    said = verdict("mp3val", path).stdout.decode()
    assert "WARNING" not in said
    assert "ERROR" not in said
    assert b"rror" not in verdict("mpg123", "-t", path).stderr
    for decode in (decoded_by_mpg123, decoded_by_ffmpeg):
        decoded = decode(path)
        assert len(decoded) == len(sound)
        assert [mark_place(decoded, join + 2_500) for join in JOINS] == [join + 2_500 for join in JOINS]


FRAMES = 90


def sound(frames: int = FRAMES) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """Make a sound with rolls on both sides, louder than room tone."""
    time = np.arange((PRE_ROLL + frames + POST_ROLL) * FRAME_SAMPLES) / 48_000
    hum = 0.05 * np.sin(2 * np.pi * 220 * time) * (1 + 0.5 * np.sin(2 * np.pi * 3 * time))
    return np.asarray(hum + marked_room(PRE_ROLL + frames + POST_ROLL), dtype=np.float32)


def decoded(section: bytes) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """Decode a session of one section."""
    samples, _ = soundfile.read(io.BytesIO(b"".join(link([section], Format()))), dtype="float32")
    return np.asarray(samples, dtype=np.float32)


@pytest.mark.parametrize("window", [30, 37, 89, 90, 91])
def test_windows_decode_as_one_pass(window: int) -> None:
    """Cut a section in three, unevenly, one frame before its end, at it, and behind it."""
    whole, cut = (
        encode_open([sound()], Format()),
        encode_in_windows([sound()], Format(), window_frames=window),
    )
    assert len(list(parse(cut))) == FRAMES
    assert float(np.abs(decoded(cut) - decoded(whole)).max()) < 1e-4


@pytest.mark.parametrize("block", [500, FRAME_SAMPLES, 20_000])
def test_the_size_of_blocks_changes_no_byte(block: int) -> None:
    """Give the same sound in blocks of several sizes."""
    samples = sound()
    blocks = [samples[start : start + block] for start in range(0, len(samples), block)]
    assert encode_in_windows(blocks, Format(), window_frames=30) == encode_in_windows(
        [samples], Format(), window_frames=30
    )


def test_no_sound_at_all_is_refused() -> None:
    """Give nothing, and rolls alone."""
    with pytest.raises(ValueError, match="whole MP3 frames"):
        encode_in_windows([], Format())
    with pytest.raises(ValueError, match="whole MP3 frames"):
        encode_in_windows([sound(0)], Format())
