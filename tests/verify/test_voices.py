"""A cue is found by its own contour, whatever lies under it, and nothing else is taken for it."""

from __future__ import annotations

import numpy as np
import pytest
import soundfile

from audio_builder.sound.beds import bed_loop
from audio_builder.sound.contour import contour
from audio_builder.sound.pacers import tone
from audio_builder.sound.samples import to_gain
from audio_builder.sound.settings import Bed
from audio_builder.timebase import to_samples
from audio_builder.verify.voices import VOICE_AFTER_SAMPLES, VoiceMatch, find_voice
from tests.verify.planting import Samples, alone, good_session, room

PLACE = to_samples(0.25)
QUIET = (0, to_samples(0.22))


def voice(nth: int) -> Samples:
    """Cut a cue out of the good session."""
    samples, _ = soundfile.read(str(good_session()), dtype="float32")
    cue = alone("cue", nth=nth)
    return np.asarray(samples[cue.start_samples : cue.end_samples])


def under(kind: str) -> Samples:
    """Lay down what may lie under a voice, as loud as a listener may choose to have it."""
    count = PLACE + VOICE_AFTER_SAMPLES
    result = room(count)
    if kind == "tone":
        return result + np.float32(to_gain(-6)) * tone("inhale", 2 * count)[count // 2 : count // 2 + count]
    if kind == "struck":
        result[PLACE - 1_500 : PLACE + 6_500] += 0.1 * np.sin(0.09 * np.arange(8_000)).astype(np.float32)
        return result
    loop = bed_loop(Bed(sound=kind)) if kind != "none" else None
    return result if loop is None else result + np.float32(to_gain(-20)) * loop[90_000 : 90_000 + count]


def heard(kind: str, said: Samples, *, late: int = 0) -> Samples:
    """Say something over it."""
    result = under(kind)
    there = result[PLACE + late :]
    there[: len(said)] += said[: len(there)]
    return result


@pytest.mark.parametrize("kind", ["none", "waves", "rain", "drone", "tone", "struck"])
@pytest.mark.parametrize("late_ms", [-120, -25, -8, 0, 8, 25, 120])
def test_a_voice_is_found_to_five_milliseconds(kind: str, late_ms: int) -> None:
    """Over every bed 20 dB below speech, a loud breath tone, and a blow just before the voice."""
    late = to_samples(late_ms / 1_000)
    for nth in range(3):
        said = voice(nth)
        match = find_voice(heard(kind, said, late=late), PLACE, contour(said), before=QUIET)
        assert match is not None
        assert abs(match.off_samples - late) <= to_samples(0.005)
        assert match.is_alike


@pytest.mark.parametrize("kind", ["none", "rain", "tone"])
def test_other_words_are_not_alike(kind: str) -> None:
    """Say one line where another one should be."""
    for nth in range(4):
        match = find_voice(heard(kind, voice(nth + 1)), PLACE, contour(voice(nth)), before=QUIET)
        assert match is not None
        assert not match.is_alike


def test_nothing_is_not_alike() -> None:
    """Leave the room tone alone."""
    match = find_voice(under("none"), PLACE, contour(voice(0)), before=QUIET)
    assert match is not None
    assert not match.is_alike


def test_a_voice_that_is_longer_than_what_lies_there_is_not_alike() -> None:
    """A cue sheet may be anybody's, and claim what it likes."""
    said = voice(0)
    match = find_voice(heard("none", said)[: PLACE + len(said) // 3], PLACE, contour(said), before=QUIET)
    assert match is not None
    assert not match.is_alike


def test_a_voice_at_another_level_is_still_found() -> None:
    """Turn it down by 4 dB: that is for the meter of loudness to tell."""
    said = voice(0)
    match = find_voice(heard("rain", said * np.float32(0.63)), PLACE, contour(said), before=QUIET)
    assert match is not None
    assert (match.off_samples, match.is_alike) == (0, True)


def test_a_voice_that_hardly_stands_out_cannot_be_found() -> None:
    """Whisper far under the room tone; or be too short to have a contour."""
    assert (
        find_voice(room(PLACE + VOICE_AFTER_SAMPLES), PLACE, contour(voice(0) * 1e-4), before=QUIET) is None
    )
    assert find_voice(room(PLACE + VOICE_AFTER_SAMPLES), PLACE, "", before=QUIET) is None


def test_likeness_has_one_limit() -> None:
    """1.2 dB missing is still alike."""
    found = [VoiceMatch(off_samples=0, missing_db=missing).is_alike for missing in (0.0, 1.2, 1.21)]
    assert found == [True, True, False]


def test_a_soft_first_consonant_is_waited_for_and_no_longer_than_that() -> None:
    """Begin a clip with a breath softer than the room, and one without: the match says from when it can be heard."""
    said, breath = voice(0), 0.0003 * room(to_samples(0.045)) / np.abs(room(to_samples(0.045))).max()
    found = []
    for clip in (said, np.concatenate([breath.astype(np.float32), said])):
        match = find_voice(heard("none", clip), PLACE, contour(clip), before=QUIET)
        assert match is not None
        assert match.off_samples == 0
        found.append(match.heard_from_samples)
    assert found[0] <= to_samples(0.015)
    assert to_samples(0.03) <= found[1] <= to_samples(0.06)
