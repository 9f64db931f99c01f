"""A mix has everything at its place and level, whatever the block size, and nothing too loud."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from audio_builder.mix.sources import gather
from audio_builder.sound.loudness import integrated, true_peak
from audio_builder.sound.pacers import tone
from audio_builder.sound.samples import rms_db
from audio_builder.sound.settings import PACERS, Levels, Pacer, PacerName
from audio_builder.timebase import FRAME_SAMPLES, RATE, to_samples
from tests.counting import lines_of
from tests.mix.sections import breaths, clip, event, mixed, section
from tests.sound.measuring import longest_zeros, through_mp3

WORDS = {"one": clip(1.7, seed=1), "two": clip(2.3, seed=2)}

BUSY = section(
    event("chime", 0.1, 5.0, sound="begin"),
    event("cue", 3.0, 1.7, text="one"),
    *breaths(3, start=6.0),
    event("cue", 8.0, 2.3, text="two"),
    event("tick", 20.0, 0.06),
    event("chime", 37.0, 2.4, sound="switch"),
    event("hold", 6.0, 30.0),
    seconds=38.0,
)


def level_of(wanted: np.ndarray, heard: np.ndarray) -> float:
    """Give, in dB, how strongly a known sound is in a mix, by projection."""
    return 20 * math.log10(float(np.vdot(wanted, heard)) / float(np.vdot(wanted, wanted)))


@pytest.mark.parametrize("size", [480, 1_152, 65_536, 100_001, 10_000_000])
def test_the_samples_do_not_depend_on_the_block_size(size: int) -> None:
    """Bit for bit, and every block but the last has that size."""
    from audio_builder.mix.rendering import render

    blocks = list(render(BUSY, WORDS, levels=Levels(), sources=gather([BUSY]), block_samples=size))
    assert {len(block) for block in blocks[:-1]} <= {size}
    whole = np.concatenate(blocks)
    assert whole.dtype == np.float32
    assert whole.shape == (BUSY.length,)
    assert np.array_equal(whole, mixed(BUSY, WORDS))


def test_a_section_sounds_the_same_wherever_it_stands() -> None:
    """Neither its name, its title, its kind nor what is mixed around it changes a sample."""
    other = replace(BUSY, name="two", title="Elsewhere", kind="closing", round=3, side="left")
    assert np.array_equal(mixed(BUSY, WORDS), mixed(other, WORDS))


def test_speech_is_mixed_as_it_came() -> None:
    """At its place, at its level, and over room tone alone it is -16 LUFS still."""
    heard = mixed(section(event("cue", 1.0, 1.7, text="one"), seconds=4.0), WORDS)
    start = to_samples(1.0)
    spoken = heard[start : start + len(WORDS["one"])]
    assert level_of(WORDS["one"], spoken) == pytest.approx(0.0, abs=0.01)
    assert integrated(spoken, RATE) == pytest.approx(-16.0, abs=0.1)
    assert rms_db(heard[: start - 480]) == pytest.approx(-60.0, abs=0.5)


def test_a_tone_stands_9_db_below_speech_and_6_more_under_it() -> None:
    """Measured in the mix, before and while a cue is spoken."""
    placed = section(event("exhale", 0.0, 8.0), event("cue", 4.0, 2.3, text="two"), seconds=8.0)
    heard = mixed(placed, WORDS)
    lead = tone("exhale", 8 * RATE)
    free, under = slice(0, to_samples(3.7)), slice(to_samples(4.0), to_samples(6.3))
    assert level_of(lead[free], heard[free]) == pytest.approx(-9.0, abs=0.05)
    assert level_of(lead[under], heard[under] - WORDS["two"]) == pytest.approx(-15.0, abs=0.05)
    assert -16.0 - integrated(heard[to_samples(0.2) : to_samples(3.7)], RATE) == pytest.approx(9.0, abs=2.0)


def test_chimes_and_ticks_stand_at_their_levels() -> None:
    """Each at its own, whichever kind of event plays the tick."""
    placed = section(
        event("chime", 0.0, 5.0, sound="begin"),
        event("tick", 6.0, 0.06),
        event("chime", 7.0, 0.06, sound="tick"),
        seconds=8.0,
    )
    heard = mixed(placed)
    sounds = gather([placed]).sounds
    for name, start, level in (("begin", 0.0, -8.0), ("tick", 6.0, -12.0), ("tick", 7.0, -12.0)):
        first = to_samples(start)
        assert level_of(sounds[name], heard[first : first + len(sounds[name])]) == pytest.approx(
            level, abs=0.1
        )


def test_levels_are_obeyed() -> None:
    """Every one of them, by as many decibels as it was moved."""
    placed = section(event("inhale", 0.0, 4.0), event("chime", 5.0, 5.0, sound="begin"), seconds=10.0)
    loud = mixed(placed, levels=Levels(tones_db=-6.0, chimes_db=-2.0, room_dbfs=-72.0))
    soft = mixed(placed, levels=Levels(tones_db=-12.0, chimes_db=-14.0, room_dbfs=-72.0))
    assert rms_db(loud[: 4 * RATE]) - rms_db(soft[: 4 * RATE]) == pytest.approx(6.0, abs=0.02)
    assert rms_db(loud[5 * RATE :]) - rms_db(soft[5 * RATE :]) == pytest.approx(12.0, abs=0.4)


def test_a_ringing_chime_is_cut_softly_a_frame_before_its_section_ends() -> None:
    """No click, and the last frame holds room tone alone."""
    heard = mixed(section(event("chime", 0.5, 5.0, sound="begin"), seconds=2.0)) - mixed(section(seconds=2.0))
    assert not heard[-FRAME_SAMPLES:].any()
    assert heard[-2 * FRAME_SAMPLES : -FRAME_SAMPLES].any()
    bends = np.abs(np.diff(heard, 2))
    assert bends[-RATE // 2 :].max() <= bends[-RATE : -RATE // 2].max()


def test_a_clip_that_was_not_placed_is_our_own_mistake() -> None:
    """A length that differs, or no clip at all, stops the mix."""
    placed = section(event("cue", 0.5, 1.7, text="one"), seconds=3.0)
    with pytest.raises(AssertionError, match="'one': clip of 1000, placed as 81600 samples"):
        mixed(placed, {"one": np.zeros(1_000, np.float32)})
    with pytest.raises(AssertionError, match="no clip for the cue 'one'"):
        mixed(placed, {})


def test_arguments_are_not_modified() -> None:
    """Clips and sounds are the same afterwards."""
    before = {text: samples.copy() for text, samples in WORDS.items()}
    mixed(BUSY, WORDS)
    assert all(np.array_equal(WORDS[text], before[text]) for text in before)


@pytest.mark.parametrize("sound", PACERS)
def test_the_decoded_mp3_stays_under_its_true_peak(sound: PacerName) -> None:
    """At most -1 dBTP through 96 kbit/s, with speech over tones, and never a second of zeros."""
    decoded = through_mp3(mixed(BUSY, WORDS, sources=gather([BUSY], pacer=Pacer(sound=sound))))
    assert true_peak(decoded, RATE) <= -1.0
    assert longest_zeros(decoded) < 480


def test_the_loudest_levels_together_are_held_under_the_ceiling() -> None:
    """Chimes as loud as speech, on top of it, where two blocks meet: limited, and no seam."""
    at = 65_536 / RATE - 0.4
    placed = section(
        event("cue", at, 1.7, text="one"),
        *(event("chime", at + 0.1 * index, 2.4, sound="bell") for index in range(4)),
        event("inhale", at - 1.0, 4.0),
        seconds=6.0,
    )
    loudest = Levels(chimes_db=0.0, chimes_duck_db=0.0, tones_db=-4.0, tones_duck_db=0.0)
    heard = mixed(placed, WORDS, levels=loudest)
    assert true_peak(heard, RATE) <= -1.75
    assert true_peak(through_mp3(heard), RATE) <= -1.0
    assert np.array_equal(heard, mixed(placed, WORDS, levels=loudest, block_samples=999))
    edge = heard[65_536 - 480 : 65_536 + 480]
    assert np.abs(np.diff(edge, 2)).max() < 3 * np.abs(np.diff(heard[60_000:64_000], 2)).max()


def test_more_can_be_mixed_before_the_start_and_after_the_end() -> None:
    """Room tone goes on, and between the two lies the very same section."""
    wide = mixed(BUSY, WORDS, pre_samples=4_608, post_samples=3_456)
    assert len(wide) == 4_608 + BUSY.length + 3_456
    assert np.array_equal(wide[4_608:-3_456], mixed(BUSY, WORDS))
    assert rms_db(wide[:4_608]) == pytest.approx(-60.0, abs=1.0)
    assert rms_db(wide[-3_456:]) == pytest.approx(-60.0, abs=1.0)


def test_mixing_takes_steps_for_what_sounds_and_none_for_each_sample() -> None:
    """Mix fifteen minutes of breaths and speech: fewer than a thousand lines are run for each breath with its cue."""
    spoken = [event("cue", 10.0 * index + 1.0, 1.7, text="one") for index in range(89)]
    placed = section(*sorted([*breaths(89), *spoken], key=lambda each: each.start), seconds=900.0)
    sources = gather([placed])
    mixed(placed, WORDS, sources=sources)  # so that what is made once is not counted
    assert lines_of(lambda: mixed(placed, WORDS, sources=sources)) < 89 * 1_000
