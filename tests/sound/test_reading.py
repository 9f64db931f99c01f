"""Sound files are read whatever their format, name and channels; what is not read is named with the reason."""

from __future__ import annotations

import os
import struct
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from audio_builder.errors import SoundError
from audio_builder.sound import decoding, reading
from audio_builder.sound.chimes import NAMES
from audio_builder.sound.reading import find, fingerprint, length_of, load, names, read_sound, sounds_folder
from audio_builder.sound.samples import rms_db
from audio_builder.timebase import RATE
from tests.sound.measuring import pitches, sine

TONE = sine(440.0, 1.0, level_db=-6)
SAVE_AGAIN = "Save it again as WAV or FLAC."


def write(path: Path, samples: NDArray[Any], rate: int = RATE, **form: Any) -> Path:
    """Write a sound file in the format its name says, or another one."""
    soundfile.write(path, samples, rate, **form)
    return path


def by_ffmpeg(source: Path, path: Path) -> Path:
    """Convert a file to the format a name says."""
    subprocess.run(["ffmpeg", "-loglevel", "error", "-y", "-i", source, path], check=True)
    return path


def refusal(path: Path, **options: Any) -> tuple[str, str]:
    """Give the message and the remedy with which a file is refused."""
    with pytest.raises(SoundError) as caught:
        read_sound(path, **options)
    assert caught.value.where == str(path)
    return caught.value.message, str(caught.value.remedy)


def test_every_shipped_sound_loads_at_its_stated_length() -> None:
    """The header's length is the loaded one."""
    for name in names():
        samples = load(name)
        assert samples.dtype == np.float32
        assert samples.shape == (length_of(name),)


@pytest.mark.parametrize("ending", ["wav", "flac", "ogg", "mp3", "aiff", "caf", "au", "w64"])
@pytest.mark.parametrize("rate", [22_050, 44_100, 48_000])
def test_files_of_any_format_and_rate_come_in_at_48_khz(tmp_path: Path, ending: str, rate: int) -> None:
    """A second of A is a second of A, and `length_of` said so beforehand."""
    path = write(tmp_path / f"a.{ending}", sine(440.0, 1.0, level_db=-6, rate=rate), rate)
    samples = load(path)
    assert len(samples) == pytest.approx(RATE, abs=0 if ending != "mp3" else 4_000)
    assert length_of(path) == len(samples)
    assert np.median(pitches(samples)) == pytest.approx(440.0, abs=2.0)


@pytest.mark.parametrize("subtype", ["IMA_ADPCM", "MS_ADPCM", "ULAW", "PCM_U8", "PCM_24", "DOUBLE"])
def test_whatever_a_wav_holds_is_read(tmp_path: Path, subtype: str) -> None:
    """As old recorders and telephones write it, too."""
    path = write(tmp_path / "a.wav", TONE, subtype=subtype)
    samples, rate = read_sound(path)
    assert rate == RATE
    assert rms_db(samples[:RATE]) == pytest.approx(rms_db(TONE), abs=0.1)
    assert length_of(path) == len(samples)


@pytest.mark.parametrize("name", ["a.opus", "a.oga", "a.mp3", "a.doc", "a"])
def test_a_file_is_known_by_what_is_in_it_not_by_its_name(tmp_path: Path, name: str) -> None:
    """An ending that lies, or none, is no matter."""
    path = write(tmp_path / name, TONE, format="OGG", subtype="OPUS")
    assert rms_db(read_sound(path)[0]) == pytest.approx(rms_db(TONE), abs=0.3)


@pytest.mark.judge("ffmpeg")
@pytest.mark.parametrize("ending", ["m4a", "aac", "mka", "wma"])
def test_what_libsndfile_does_not_read_ffmpeg_does(tmp_path: Path, ending: str) -> None:
    """The commonest music file on phones among them; under a lying name, too."""
    path = by_ffmpeg(write(tmp_path / "a.wav", TONE), tmp_path / f"b.{ending}")
    path = path.rename(tmp_path / "c.wav")
    samples = load(path)
    assert len(samples) == pytest.approx(RATE, abs=5_000)
    assert length_of(path) == len(samples)
    assert np.median(pitches(samples)) == pytest.approx(440.0, abs=2.0)


@pytest.mark.judge("ffmpeg")
def test_an_m4a_that_breaks_off_is_refused(tmp_path: Path) -> None:
    """Half of a sound is not taken for the whole."""
    whole = by_ffmpeg(write(tmp_path / "a.wav", np.tile(TONE, 20)), tmp_path / "b.m4a")
    subprocess.run(
        [
            "ffmpeg",
            "-loglevel",
            "error",
            "-i",
            whole,
            "-c",
            "copy",
            "-movflags",
            "faststart",
            tmp_path / "c.m4a",
        ],
        check=True,
    )
    for path in (whole, tmp_path / "c.m4a"):
        content = path.read_bytes()
        path.write_bytes(content[: len(content) // 2])
        message, remedy = refusal(path)
        assert message.startswith("the sound file cannot be read: ffmpeg says: ")
        assert remedy == SAVE_AGAIN


@pytest.mark.judge("ffmpeg")
def test_ffmpeg_is_led_to_no_other_file(tmp_path: Path) -> None:
    """A playlist that names a file is no sound, whatever it is called."""
    write(tmp_path / "secret.wav", TONE)
    for text in ("ffconcat version 1.0\nfile secret.wav\n", "#EXTM3U\n#EXTINF:1,\nsecret.wav\n"):
        path = tmp_path / "list.m4a"
        path.write_text(text)
        assert refusal(path)[0].startswith("the sound file cannot be read: ffmpeg says: ")


def test_without_ffmpeg_the_message_says_that_it_would_help(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And why libsndfile does not read the file."""
    monkeypatch.setenv("PATH", str(tmp_path))
    path = tmp_path / "a.m4a"
    path.write_bytes(b"\0\0\0\x1cftypM4A " + bytes(100))
    message, remedy = refusal(path)
    assert message.startswith("the sound file cannot be read: ")
    assert message.endswith("; ffmpeg, which reads more, is not installed")
    assert remedy == SAVE_AGAIN


@pytest.mark.parametrize("read", [load, length_of])
@pytest.mark.parametrize("ending", ["wav", "flac", "ogg", "mp3", "m4a", "raw"])
def test_a_file_that_is_no_sound_is_one_clear_error(tmp_path: Path, ending: str, read: object) -> None:
    """It names the file, whichever way it is read."""
    path = tmp_path / f"text.{ending}"
    path.write_text("this is no sound at all, however long one looks at it")
    with pytest.raises(SoundError, match="the sound file cannot be read: ") as caught:
        read(path)  # type: ignore[operator]
    assert caught.value.where == str(path)
    assert caught.value.remedy == SAVE_AGAIN


def test_an_empty_sound_is_refused(tmp_path: Path) -> None:
    """A file with a header and nothing behind it, or with what is no number, holds no audio."""
    unusable = ("the sound file holds no usable audio", SAVE_AGAIN)
    assert refusal(write(tmp_path / "empty.wav", np.zeros(0, np.float32))) == unusable
    for name, fault in (("nan", np.nan), ("endless", np.inf), ("far too loud", 1e30)):
        broken = np.where(np.arange(RATE) == 1_000, fault, TONE).astype(np.float32)
        assert refusal(write(tmp_path / f"{name}.wav", broken, subtype="FLOAT")) == unusable


@pytest.mark.parametrize("ending", ["wav", "aiff"])
def test_a_file_that_is_shorter_than_its_header_says_is_refused(tmp_path: Path, ending: str) -> None:
    """A copy that was cut off, even in a quiet moment; not one that ends a few samples early."""
    path = write(tmp_path / f"a.{ending}", np.tile(TONE, 4))
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    assert refusal(path) == ("the sound file cannot be read: its last 2.0 s are missing", SAVE_AGAIN)
    path.write_bytes(content[:-200])
    assert len(read_sound(path)[0]) == 4 * RATE - 100


def test_a_wav_that_was_written_to_a_pipe_is_read_to_its_end(tmp_path: Path) -> None:
    """Nobody knew its length when its header was written."""
    path = write(tmp_path / "a.wav", TONE)
    content = bytearray(path.read_bytes())
    content[40:44] = b"\xff" * 4
    path.write_bytes(content)
    assert len(read_sound(path)[0]) == RATE


def test_a_flac_that_breaks_off_is_refused(tmp_path: Path) -> None:
    """Words at its end would be lost without a sound."""
    path = write(tmp_path / "a.flac", np.random.default_rng(1).uniform(-0.1, 0.1, RATE * 4))
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    assert refusal(path)[0].startswith("the sound file cannot be read: ")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no such files here")
def test_only_plain_files_are_read(tmp_path: Path) -> None:
    """A pipe would never answer, a device never end; a folder and nothing are neither."""
    os.mkfifo(tmp_path / "pipe.wav")
    (tmp_path / "zero.wav").symlink_to("/dev/zero")
    (tmp_path / "folder.wav").mkdir()
    for name in ("pipe.wav", "zero.wav", "folder.wav"):
        assert refusal(tmp_path / name)[0] == "the sound file cannot be read: it is not a plain file"
    assert refusal(tmp_path / "nothing.wav")[0] == "the sound file cannot be read: there is no such file"


def test_a_sound_past_its_limit_is_refused_by_its_header_or_while_it_is_read(tmp_path: Path) -> None:
    """Before anything of it is held."""
    refused = ("the sound lasts more than 0.5 minutes", "Use one of at most 0.5 minutes.")
    path = write(tmp_path / "long.flac", np.zeros(RATE * 31, np.int16))
    assert refusal(path, longest_seconds=30) == refused
    assert refusal(write(tmp_path / "long.mp3", np.zeros(RATE * 31)), longest_seconds=30) == refused
    assert read_sound(path, longest_seconds=31)[0].shape == (RATE * 31,)


def test_ten_hours_of_nothing_in_a_megabyte_are_refused_without_memory(tmp_path: Path) -> None:
    """As is a header alone that promises them."""
    path = tmp_path / "hours.flac"
    with soundfile.SoundFile(path, "w", RATE, 1) as file:
        quiet = np.zeros(RATE * 60, np.int16)
        for _ in range(61):
            file.write(quiet)
    assert refusal(path)[0] == "the sound lasts more than 60 minutes"


@pytest.mark.parametrize("rate", [14, 3_999, 800_000])
def test_rates_at_which_nothing_can_be_heard_or_held_are_refused(tmp_path: Path, rate: int) -> None:
    """A few bytes at 14 Hz would become gigabytes at 48 kHz."""
    path = tmp_path / "slow.wav"
    data = bytes(2_000)
    head = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(data), b"WAVE", b"fmt ", 16, 1, 1, rate, 2 * rate, 2, 16,
                       b"data", len(data))  # fmt: skip
    path.write_bytes(head + data)
    assert refusal(path)[0] == (
        f"the sound file cannot be read: it has {rate} samples a second, not 4,000 to 768,000"
    )


def test_more_channels_than_anybody_hears_are_refused(tmp_path: Path) -> None:
    """Each would be held."""
    path = write(tmp_path / "many.wav", np.zeros((1_000, 33)))
    assert refusal(path)[0] == "the sound file cannot be read: it has 33 channels, more than 32"


def test_an_offset_is_taken_out(tmp_path: Path) -> None:
    """Cheap sound cards make it; a mean as small as a bell's own stays."""
    path = write(tmp_path / "off.wav", TONE + np.float32(0.06), subtype="FLOAT")
    assert read_sound(path)[0] == pytest.approx(TONE, abs=1e-5)
    assert np.array_equal(read_sound(write(tmp_path / "a.wav", TONE, subtype="FLOAT"))[0], TONE)


def test_an_offset_is_that_of_the_silence(tmp_path: Path) -> None:
    """However lopsided what sounds in it: taking out the mean would lift the silence off zero."""
    quiet = np.zeros(RATE, np.float32)
    lopsided = np.concatenate([quiet, np.abs(TONE), quiet])
    for offset in (0.0, 0.06):
        path = write(tmp_path / "a.wav", lopsided + np.float32(offset), subtype="FLOAT")
        assert read_sound(path)[0] == pytest.approx(lopsided, abs=1e-6)


def test_channels_are_averaged_or_kept(tmp_path: Path) -> None:
    """One is what is wanted mostly; two are for beds."""
    left, right = sine(440.0, 0.5), sine(660.0, 0.5)
    path = write(tmp_path / "both.wav", np.stack([left, right], axis=1) * 0.5)
    assert load(path, channels=2).shape == (24_000, 2)
    assert load(path) == pytest.approx((left + right) / 4, abs=1e-3)


@pytest.mark.parametrize("wanted", [1, 2])
def test_an_inverted_channel_does_not_silence_the_other(tmp_path: Path, wanted: Any) -> None:
    """A cable wired the wrong way round: the average would be nothing."""
    path = write(tmp_path / "a.wav", np.stack([TONE, -0.9 * TONE], axis=1), subtype="FLOAT")
    samples, _ = read_sound(path, channels=wanted)
    whole = samples if wanted == 1 else samples.mean(axis=1)
    assert whole == pytest.approx(0.95 * TONE, abs=1e-6)


@pytest.mark.parametrize("wanted", [1, 2])
@pytest.mark.parametrize("live", [0, 1])
def test_an_empty_channel_does_not_count(tmp_path: Path, live: int, wanted: Any) -> None:
    """A microphone on one of two inputs: neither fainter, nor in one ear."""
    both = np.zeros((RATE, 2), np.float32)
    both[:, live] = TONE
    both[:, 1 - live] = 1e-4
    samples, _ = read_sound(write(tmp_path / "a.wav", both, subtype="FLOAT"), channels=wanted)
    assert np.array_equal(samples, TONE)


def test_surround_is_heard_from_all_sides(tmp_path: Path) -> None:
    """Its centre, in both channels; of its bass channel nothing."""
    spots = [sine(hertz, 0.5, level_db=-12) for hertz in (300, 400, 500, 50, 700, 800)]
    path = write(tmp_path / "a.wav", np.stack(spots, axis=1), subtype="FLOAT")
    left, right, centre, _, back_left, back_right = spots
    stereo, _ = read_sound(path, channels=2)
    assert stereo[:, 0] == pytest.approx((left + centre + back_left) / 3, abs=1e-6)
    assert stereo[:, 1] == pytest.approx((right + centre + back_right) / 3, abs=1e-6)
    mono, _ = read_sound(path)
    assert mono == pytest.approx((left + right + centre + back_left + back_right) / 5, abs=1e-6)


def test_block_sizes_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not where a file is resampled either."""
    noise = np.random.default_rng(1).uniform(-0.1, 0.1, (50_000, 2)).astype(np.float32)
    path = write(tmp_path / "a.wav", noise, 44_100, subtype="FLOAT")
    whole, _ = read_sound(path, channels=2, rate=RATE)
    monkeypatch.setattr(decoding, "BLOCK_SAMPLES", 1_000)
    monkeypatch.setattr(reading, "MOST_HELD", 0)
    os.utime(path, (1, 1))
    assert np.array_equal(read_sound(path, channels=2, rate=RATE)[0], whole)


def test_a_replaced_file_is_read_again(tmp_path: Path) -> None:
    """What is kept of decoded files does not outlive what was decoded."""
    path = write(tmp_path / "own.wav", sine(440.0, 0.5))
    before = load(path)
    write(path, sine(440.0, 0.25))
    assert (len(before), len(load(path))) == (24_000, 12_000)


def test_every_chime_ships() -> None:
    """Under its own name."""
    assert names() == tuple(sorted(NAMES))


def test_a_replaced_file_has_another_fingerprint(tmp_path: Path) -> None:
    """By its content."""
    path = tmp_path / "own.wav"
    path.write_bytes(b"one")
    before = fingerprint(path)
    path.write_bytes(b"three")
    assert fingerprint(path) != before


def test_a_misspelt_name_gets_a_suggestion() -> None:
    """The whole message."""
    with pytest.raises(SoundError) as caught:
        find("begn")
    assert str(caught.value) == (
        'there is no sound "begn"\n'
        '  did you mean "begin"? Use one of begin, bell, end, halfway, switch, tick, '
        "or the path of a sound file."
    )


def test_a_missing_path_is_an_error() -> None:
    """And so are an empty name and a folder."""
    for name in ("/no/such/file.wav", "", str(sounds_folder())):
        with pytest.raises(SoundError, match="there is no sound"):
            find(name)
