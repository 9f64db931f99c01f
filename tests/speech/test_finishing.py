"""From a recording to a finished clip, and what is refused on the way."""

from __future__ import annotations

import numpy as np
import pytest

from audio_builder.sound.loudness import integrated, true_peak
from audio_builder.sound.samples import from_segment, segment_class, to_segment
from audio_builder.speech import Recording, Utterance, load_engine
from audio_builder.speech.clip_store import to_clip, to_pcm
from audio_builder.speech.engines.espeak import EspeakEngine
from audio_builder.speech.finishing import DISPERSION_SECONDS, dispersed, finish, speech_span
from audio_builder.speech.recording import complaint
from audio_builder.timebase import RATE

LINE = Utterance("Reach your right hand up to the ceiling.")


@pytest.fixture(scope="module")
def spoken() -> Recording:
    """Speak one line."""
    engine = load_engine("espeak")
    recording = engine.speak(LINE)
    engine.close()
    return recording


def padded(recording: Recording, *, before: float, after: float, gain: float = 1.0) -> Recording:
    """Put seconds of silence around a recording."""
    quiet = [np.zeros(round(seconds * recording.rate), np.float32) for seconds in (before, after)]
    samples = np.concatenate([quiet[0], recording.samples * np.float32(gain), quiet[1]])
    return Recording(samples, recording.rate)


def test_clips_stand_at_the_anchor_under_the_ceiling(spoken: Recording) -> None:
    """Finish a quiet and a loud recording: both are at -16 LUFS, neither peaks above -3 dBTP."""
    for gain in (0.02, 1.0):
        clip = finish(padded(spoken, before=0.3, after=0.5, gain=gain))
        assert integrated(clip.samples, RATE) == pytest.approx(-16.0, abs=0.5)
        assert true_peak(clip.samples, RATE) < -3.0


def test_silence_around_speech_is_cut_off(spoken: Recording) -> None:
    """Finish a recording with and without silence around it: the length is the same to a few windows of 10 ms."""
    bare, surrounded = finish(spoken), finish(padded(spoken, before=0.7, after=1.3))
    assert abs(bare.length - surrounded.length) <= 0.04 * RATE


def test_a_noisy_room_is_cut_off_too(spoken: Recording) -> None:
    """Record with noise 40 dB below the loudest: the span is still that of the words, to 60 ms."""
    quiet = padded(spoken, before=0.7, after=1.3)
    noise = np.random.default_rng(1).normal(size=len(quiet.samples)).astype(np.float32)
    loudest = float(np.abs(spoken.samples).max())
    noisy = Recording(quiet.samples + noise * np.float32(loudest * 0.003), quiet.rate)
    (start, stop), (clean_start, clean_stop) = speech_span(noisy), speech_span(quiet)
    assert abs(start - clean_start) < 0.06 * quiet.rate
    assert abs(stop - clean_stop) < 0.15 * quiet.rate


def test_clips_begin_and_end_without_a_click(spoken: Recording) -> None:
    """Look at both ends: they are silent, and the first steps are small."""
    clip = finish(spoken)
    assert abs(float(clip.samples[0])) < 1e-3
    assert abs(float(clip.samples[-1])) < 1e-3
    assert float(np.abs(np.diff(clip.samples[:48])).max()) < 0.01


def test_a_clip_survives_its_bytes(spoken: Recording) -> None:
    """Write a clip's samples as bytes and read them: same samples, same digest."""
    clip = finish(spoken)
    again = to_clip(to_pcm(clip.samples))
    assert again.digest == clip.digest
    assert np.array_equal(again.samples, clip.samples)


def test_words_in_stereo_rates_of_any_kind_become_one_rate() -> None:
    """Finish recordings at four rates: each lasts as long as it did."""
    for rate in (16_000, 22_050, 24_000, 44_100):
        time = np.arange(rate) / rate
        tone = (0.2 * np.sin(2 * np.pi * 300 * time)).astype(np.float32)
        assert finish(Recording(tone, rate)).length == pytest.approx(RATE, abs=48)


@pytest.mark.parametrize(
    ("samples", "complained"),
    [
        (np.zeros(0, np.float32), "the clip is empty"),
        (np.zeros(48_000, np.float32), "the clip is silent (digital zero)"),
        (np.full(48_000, 1e-4, np.float32), "the clip is silent (-80 dBFS)"),
        (np.full(48_000, np.nan, np.float32), "the clip has samples that are no numbers"),
        (
            np.zeros((48_000, 2), np.float32),
            "the clip has shape (48000, 2) at 24000 Hz; one channel is wanted",
        ),
    ],
)
def test_what_holds_no_speech_is_refused(samples: np.ndarray, complained: str) -> None:
    """Look at recordings without words: each has its complaint."""
    assert complaint(Recording(samples, 24_000), LINE) == complained


def test_too_short_too_long_and_broken_off_are_refused(spoken: Recording) -> None:
    """Cut a recording, repeat it many times, and stop it inside a word."""
    rate = spoken.rate
    assert "too short for its text" in complaint(Recording(spoken.samples[: rate // 2], rate), LINE)
    assert "too long for its text" in complaint(Recording(np.tile(spoken.samples, 6), rate), LINE)
    middle = int(np.argmax(np.abs(spoken.samples[rate:]))) + rate
    broken = Recording(spoken.samples[: middle + 5], rate)
    assert complaint(broken, LINE) == "the clip breaks off in the middle of a sound"
    assert complaint(spoken, LINE) == ""


def test_segments_keep_samples_to_the_last_bit() -> None:
    """Go to pydub and back, mono and stereo: float32 survives; above full scale too, thanks to headroom."""
    for shape in ((1000,), (1000, 2)):
        samples = np.random.default_rng(2).uniform(-4, 4, shape).astype(np.float32)
        back = from_segment(to_segment(samples, RATE))
        assert back.shape == shape
        assert float(np.abs(back - samples).max()) < 1e-8 * 16


def test_segments_for_others_are_at_full_scale() -> None:
    """Make a segment without headroom: its peak is that of the samples."""
    segment = to_segment(np.array([0.5, -0.5, 0.25], np.float32), RATE, headroom=1)
    assert isinstance(segment, segment_class())
    assert (segment.frame_rate, segment.sample_width, segment.channels) == (RATE, 4, 1)
    assert segment.max == 2**30


def test_importing_pydub_warns_nobody() -> None:
    """Import in a fresh interpreter that turns warnings into errors."""
    import subprocess
    import sys

    code = "from audio_builder.sound.samples import segment_class; segment_class()"
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, check=False)
    assert done.stderr == b""
    assert done.returncode == 0


RATE_HZ = 22_050


def test_every_frequency_keeps_its_strength() -> None:
    """Spread a click: its spectrum stays flat to half a decibel, and its peak falls by 3 dB."""
    click = np.zeros(4_096, np.float32)
    click[1_000] = 0.9
    spread = dispersed(click, RATE_HZ)
    strengths = np.abs(np.fft.rfft(spread, 16_384)) / 0.9
    assert np.abs(20 * np.log10(strengths[50:])).max() < 0.5
    assert np.abs(spread).max() < 0.64


def test_silence_before_and_long_after_stays_silence() -> None:
    """Spread a click: nothing sounds before it or later than the longest delay, but for what rings out."""
    click = np.zeros(8_192, np.float32)
    click[4_000] = 0.9
    sounding = np.flatnonzero(np.abs(dispersed(click, RATE_HZ)) > 0.003) - 4_000
    assert sounding.min() > -0.002 * RATE_HZ
    assert sounding.max() < (DISPERSION_SECONDS + 0.002) * RATE_HZ


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        ("en", ("First: Cat-Cow, on all fours.", "Breathe out.")),
        ("de", ("Einatmen. Vor ins Brett.", "Aus. Rücken rund.")),
        ("es", ("Toca, o acércate.", "Espira.")),
        ("fr", ("Ensuite : Le chat et la vache, à quatre pattes.", "Quatre.")),
    ],
)
def test_the_embedded_voice_can_be_as_loud_as_speech_is_to_be(language: str, lines: tuple[str, ...]) -> None:
    """Finish the default voice's most pointed lines: each reaches the anchor, which not all did unspread."""
    engine = EspeakEngine()
    recordings = [engine.speak(Utterance(text, language=language)) for text in lines]
    engine.close()
    found = [integrated(finish(recording).samples, RATE) for recording in recordings]
    assert found == pytest.approx([-16.0] * len(lines), abs=0.5)
