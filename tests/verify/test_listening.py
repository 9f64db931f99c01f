"""The measures that listen: onsets, known sounds, clicks, and the tape they hear."""

from __future__ import annotations

import numpy as np
import pytest
import soundfile

from audio_builder.sound.pacers import tone
from audio_builder.timebase import to_samples
from audio_builder.verify.playback import Tape
from audio_builder.verify.sounds import AROUND_SAMPLES, REACH_SAMPLES, Reference, jump_near
from audio_builder.verify.voices import BEFORE_SAMPLES, ONSET_SAMPLES, level_before, speech_onset
from tests.verify.planting import Samples, good_session, good_sheet, room


def test_tape_gives_what_a_list_would() -> None:
    """Read random stretches in order of their starts, also beyond both ends, from blocks of odd sizes."""
    rng = np.random.default_rng(1)
    whole = rng.standard_normal((50_000, 2)).astype(np.float32)
    padded = np.concatenate([np.zeros((5_000, 2)), whole, np.zeros((5_000, 2))])
    tape = Tape(iter(np.split(whole, [1, 300, 9_999, 10_000, 42_000])))
    for start in sorted(rng.integers(-4_000, 50_000, 60)):
        stop = int(start + rng.integers(1, 5_000))
        np.testing.assert_array_equal(tape.read(int(start), stop=stop), padded[start + 5_000 : stop + 5_000])
    assert tape.run_out() == 50_000


def test_tape_keeps_only_what_may_be_asked_for() -> None:
    """Go through an hour without holding it."""
    blocks = (np.zeros((48_000, 1), np.float32) for _ in range(3_600))
    tape = Tape(blocks)
    for second in range(0, 3_600, 100):
        tape.read(second * 48_000, stop=(second + 2) * 48_000)
        assert len(tape._held) <= 102 * 48_000
    assert tape.run_out() == 3_600 * 48_000


def _around_a_cue(*, late: int, under: Samples) -> Samples:
    samples, _ = soundfile.read(str(good_session()), dtype="float32")
    cue = good_sheet().of_kind("cue")[3]
    result = under.copy()
    voice = samples[cue.start_samples : cue.start_samples + ONSET_SAMPLES - late]
    result[BEFORE_SAMPLES + late :] += voice
    return result


def _under(kind: str) -> Samples:
    count = BEFORE_SAMPLES + ONSET_SAMPLES
    if kind == "room":
        return room(count)
    if kind == "tone":
        return room(count) + 0.25 * tone("inhale", 4 * 48_000)[96_000 : 96_000 + count]
    return np.convolve(8 * room(count + 20), np.ones(21) / 21, "valid").astype(np.float32)


@pytest.mark.parametrize("kind", ["room", "tone", "bed"])
@pytest.mark.parametrize("late", [0, 1_200, 4_800])
def test_speech_onset_is_found_whatever_lies_under_it(kind: str, late: int) -> None:
    """Find speech within 15 ms of its start over room tone, a breath tone and a bed."""
    found = speech_onset(_around_a_cue(late=late, under=_under(kind)))
    assert found is not None
    assert abs(found - late) < to_samples(0.015)


@pytest.mark.parametrize("kind", ["room", "bed"])
def test_no_speech_has_no_onset(kind: str) -> None:
    """Hear no voice in room tone, in a bed, nor in a click over them."""
    assert speech_onset(_under(kind)) is None
    clicked = _under(kind)
    clicked[BEFORE_SAMPLES + 100] += 0.2
    assert speech_onset(clicked) is None


def test_level_before_speech_is_the_room_tones() -> None:
    """Measure -60 dBFS, and nothing of the voice."""
    assert level_before(_around_a_cue(late=0, under=_under("room"))) == pytest.approx(-60, abs=1)


@pytest.mark.parametrize("phase", ["inhale", "exhale"])
@pytest.mark.parametrize("off", [-5_000, -48, 0, 480, 7_000])
def test_tone_is_found_to_a_tenth_of_a_millisecond(phase: str, off: int) -> None:
    """Find a tone that swells from silence, a second of it under speech."""
    known = tone(phase, 4 * 48_000)  # type: ignore[arg-type]
    around = room(len(known) + 2 * REACH_SAMPLES)
    around[REACH_SAMPLES + off : REACH_SAMPLES + off + len(known)] += 0.3 * known
    voice = 0.3 * np.random.default_rng(2).standard_normal(48_000).astype(np.float32)
    around[60_000:108_000] += voice
    match = Reference(known).find(around, [(60_000, 108_000)])
    assert match is not None
    assert abs(match.off_samples - off) <= 8
    assert match.likeness > 0.9
    assert match.gain_db == pytest.approx(-10.5, abs=0.3)
    assert 0.4 < match.share < 0.95


def test_tone_that_is_not_there_is_not_like_it() -> None:
    """Find nothing alike in room tone, nor in the other phase of the breath."""
    known = Reference(tone("inhale", 3 * 48_000))
    silence = known.find(room(known.length + 2 * REACH_SAMPLES), [])
    other = room(known.length + 2 * REACH_SAMPLES)
    other[REACH_SAMPLES:-REACH_SAMPLES] += 0.3 * tone("exhale", 3 * 48_000)
    opposite = known.find(other, [])
    assert silence is not None
    assert opposite is not None
    assert silence.likeness < 0.1
    assert opposite.likeness < 0.25


def test_tone_wholly_under_speech_is_left_alone() -> None:
    """Say nothing about what speech covers."""
    known = Reference(tone("inhale", 48_000))
    around = room(48_000 + 2 * REACH_SAMPLES)
    assert known.find(around, [(0, len(around))]) is None


@pytest.mark.parametrize("amplitude", [0.03, 0.1, 0.5])
@pytest.mark.parametrize("off", [-150, 0, 150])
def test_jumps_are_clicks(amplitude: float, off: int) -> None:
    """Plant an impulse, a step and a tone that breaks off."""
    count, place = 2 * AROUND_SAMPLES, AROUND_SAMPLES + off
    impulse, step, broken = (room(count) for _ in range(3))
    impulse[place] += amplitude
    step[place:] += amplitude
    broken[:place] += amplitude * np.sin(0.04 * np.arange(place) + 1)
    assert [jump_near(samples).is_click for samples in (impulse, step, broken)] == [True] * 3


def test_speech_and_tones_do_not_click() -> None:
    """Listen at every hundredth of a second of the good session's cues and tones."""
    samples, _ = soundfile.read(str(good_session()), dtype="float32")
    places = [
        place
        for event in good_sheet().of_kind("cue", "inhale", "exhale", "chime")
        for place in range(event.start_samples, event.end_samples, 4_801)
    ]
    clicks = [
        place
        for place in places
        if jump_near(samples[place - AROUND_SAMPLES : place + AROUND_SAMPLES]).is_click
    ]
    assert len(places) > 500
    assert len(clicks) <= len(places) / 200
