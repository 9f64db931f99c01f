"""A bed runs through joins without a seam, makes way for speech, and opens and closes the session."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile

from audio_builder.mix.bedding import POST_SAMPLES, PRE_SAMPLES, LoopPosition, loop_positions
from audio_builder.mix.sources import gather
from audio_builder.sound.beds import bed_loop
from audio_builder.sound.loudness import integrated, over_time
from audio_builder.sound.samples import Samples, rms_db
from audio_builder.sound.settings import Bed, Levels
from audio_builder.timebase import RATE, to_samples
from tests.mix.sections import breaths, clip, event, mixed, section
from tests.sound.measuring import clicks, sine

WORDS = {"one": clip(1.7, seed=1), "two": clip(2.3, seed=2)}
QUIET = Levels(room_dbfs=-72.0)
SESSION = (
    section(event("cue", 6.0, 1.7, text="one"), seconds=12.0, name="a", kind="opening"),
    section(event("cue", 0.1, 2.3, text="two"), event("cue", 16.8, 2.3, text="two"), seconds=19.2, name="b"),
    section(event("cue", 3.0, 1.7, text="one"), seconds=14.0, name="c", kind="closing"),
)
MADE = ("waves", "rain", "drone")


def turning_loop(
    bed: Bed, *, levels: Levels = QUIET, spoken: bool = True, around: bool = False
) -> list[Samples]:
    """Mix the session over a bed, section by section; without speech where only the bed is wanted."""
    silent = {text: np.zeros_like(samples) for text, samples in WORDS.items()}
    sources = gather(SESSION, bed=bed)
    return [
        mixed(
            each,
            WORDS if spoken else silent,
            levels=levels,
            sources=sources,
            place=place,
            pre_samples=PRE_SAMPLES if around else 0,
            post_samples=POST_SAMPLES if around else 0,
        )
        for each, place in zip(SESSION, loop_positions(SESSION, bed=bed), strict=True)
    ]


@pytest.fixture
def music(tmp_path: Path) -> str:
    """Write a stereo file of 7 s: two notes that swell."""
    time = np.arange(7 * RATE) / RATE
    both = np.stack([sine(300.0, 7.0), sine(450.0, 7.0)], axis=1) * (0.2 + 0.1 * np.sin(time))[:, np.newaxis]
    soundfile.write(tmp_path / "music.flac", both, RATE)
    return str(tmp_path / "music.flac")


@pytest.mark.parametrize("sound", MADE)
@pytest.mark.parametrize("channels", [1, 2])
def test_neighbours_agree_on_what_lies_around_their_join(sound: str, channels: int) -> None:
    """What one section mixes past its end is what the next one starts with, and the other way round."""
    bed = Bed(sound=sound, channels=channels)  # type: ignore[arg-type]
    parts = turning_loop(bed, spoken=False, around=True)
    for one, other in pairwise(parts):
        after = one[-POST_SAMPLES:], other[PRE_SAMPLES : PRE_SAMPLES + POST_SAMPLES]
        before = one[-POST_SAMPLES - PRE_SAMPLES : -POST_SAMPLES], other[:PRE_SAMPLES]
        for mine, yours in (after, before):
            assert rms_db(mine) > -50.0
            assert rms_db(mine - yours) < -110.0


@pytest.mark.parametrize("sound", MADE)
def test_a_made_bed_has_no_step_at_a_join(sound: str) -> None:
    """Joined, the bed's largest step and bend within 10 ms of a join are no larger than elsewhere."""
    parts = turning_loop(Bed(sound=sound), spoken=False)
    whole = np.concatenate(parts)
    steps, bends = np.abs(np.diff(whole)), np.abs(np.diff(whole, 2))
    for join in np.cumsum([len(part) for part in parts])[:-1]:
        near = slice(join - 480, join + 480)
        assert steps[near].max() <= steps.max()
        assert steps[join - 1] <= 1.2 * np.delete(steps[near], 479).max()
        assert bends[join - 2 : join].max() <= 1.2 * bends[join - 480 : join - 2].max()


@pytest.mark.parametrize("sound", MADE)
def test_a_made_bed_keeps_its_level_over_a_join(sound: str) -> None:
    """Short-term loudness moves by no more over the turn to the next section than the bed does by itself."""
    parts = turning_loop(
        Bed(sound=sound), levels=Levels(room_dbfs=-72.0, bed_duck_db=3.0, bed_db=-18.0), spoken=False
    )
    loop = bed_loop(Bed(sound=sound))
    assert loop is not None
    own = over_time(np.tile(loop, 2), RATE, window_seconds=0.4) - 18.0
    join = len(parts[0]) * 10 // RATE
    heard = over_time(np.concatenate(parts), RATE)[join - 40 : join + 40]
    assert own.min() - 3.0 < heard.min()
    assert heard.max() < own.max() + 1.0


def test_a_made_bed_leaves_sections_free_of_their_place() -> None:
    """A section in the middle has the same bed whatever comes before it."""
    bed = Bed(sound="waves")
    longer = section(seconds=99.0)
    assert loop_positions([SESSION[0], SESSION[1], SESSION[2]], bed=bed)[1] == LoopPosition()
    assert loop_positions([longer, longer, SESSION[1], SESSION[2]], bed=bed)[2] == LoopPosition()


def test_a_bed_from_a_file_runs_on_through_the_session(music: str) -> None:
    """Section after section it is the loop, read on without a break."""
    bed = Bed(sound=music, crossfade_seconds=1.0, fade_in_seconds=0.0, fade_out_seconds=0.0, channels=2)
    heard = np.concatenate(turning_loop(bed, levels=Levels(room_dbfs=-72.0, bed_duck_db=3.0), spoken=False))
    loop = bed_loop(bed)
    assert loop is not None
    assert heard.shape[1] == 2
    turns = np.tile(loop, (len(heard) // len(loop) + 1, 1))[: len(heard)] * 10 ** (-18 / 20)
    free = slice(to_samples(9.0), to_samples(12.0))
    assert np.abs(heard[free] - turns[free]).max() < 2e-3
    for join in np.cumsum([each.length for each in SESSION])[:-1]:
        around = slice(join - 400, join + 400)
        assert np.abs(heard[around] - turns[around]).max() < 2e-3


@pytest.mark.parametrize("sound", MADE)
def test_a_bed_stays_20_db_below_speech_while_it_speaks(sound: str) -> None:
    """Every cue's own stretch, the bed alone against the anchor."""
    whole = np.concatenate(turning_loop(Bed(sound=sound), spoken=False))
    start = 0
    for each in SESSION:
        for cue in each.events:
            under = whole[start + cue.start : start + cue.end]
            assert integrated(under, RATE) <= -36.0
        start += each.length


def test_speech_stands_at_the_anchor_over_a_bed() -> None:
    """Within half a unit, as without one."""
    whole = np.concatenate(turning_loop(Bed(sound="rain")))
    spoken = np.concatenate([whole[to_samples(6.0) : to_samples(7.7)]])
    assert integrated(spoken, RATE) == pytest.approx(-16.0, abs=0.5)


def test_a_bed_sinks_by_its_depth_under_speech() -> None:
    """Measured against the same bed unducked."""
    deep, level = (
        np.concatenate(
            turning_loop(
                Bed(sound="drone"),
                levels=Levels(room_dbfs=-72.0, bed_db=-24.0, bed_duck_db=depth),
                spoken=False,
            )
        )
        for depth in (10.0, 0.0)
    )
    under, free = slice(to_samples(6.0), to_samples(7.7)), slice(to_samples(9.0), to_samples(11.0))
    assert rms_db(deep[under]) - rms_db(level[under]) == pytest.approx(-10.0, abs=0.2)
    assert rms_db(deep[free]) - rms_db(level[free]) == pytest.approx(0.0, abs=0.01)


def test_the_bed_opens_at_the_start_and_closes_at_the_end() -> None:
    """From room tone to its level over the fade in, and back to room tone at the end."""
    bed = Bed(sound="rain", fade_in_seconds=4.0, fade_out_seconds=5.0)
    whole = np.concatenate(turning_loop(bed, spoken=False))
    seconds = [rms_db(part) for part in np.split(whole[: 5 * RATE], 10)]
    assert seconds[0] < seconds[1] < seconds[2] < seconds[4] < seconds[6]
    assert seconds[0] < seconds[9] - 20
    end = whole[-6 * RATE :]
    closing = [rms_db(part) for part in np.array_split(end, 6)]
    assert closing[1] > closing[3] > closing[4] > closing[5]
    assert rms_db(whole[-PRE_SAMPLES:]) == pytest.approx(-72.0, abs=1.0)
    assert rms_db(turning_loop(bed, spoken=False, around=True)[0][:PRE_SAMPLES]) == pytest.approx(
        -72.0, abs=1.0
    )


@pytest.mark.parametrize("size", [700, 65_536, 100_001])
def test_a_bed_does_not_depend_on_the_block_size(size: int) -> None:
    """Bit for bit, in stereo, over the turn and the fades."""
    bed = Bed(sound="waves", channels=2)
    sources = gather(SESSION, bed=bed)
    for each, place in zip(SESSION, loop_positions(SESSION, bed=bed), strict=True):
        options = {"sources": sources, "place": place, "pre_samples": 4_608, "post_samples": 3_456}
        assert np.array_equal(
            mixed(each, WORDS, **options, block_samples=size),  # type: ignore[arg-type]
            mixed(each, WORDS, **options),  # type: ignore[arg-type]
        )


def test_tones_over_a_bed_do_not_click() -> None:
    """Breath tones over a drone have no burst of highs anywhere, nor has the join."""
    bed = Bed(sound="drone", fade_out_seconds=2.0)
    placed = [section(*breaths(2, start=0.5), seconds=21.0, name=name) for name in "ab"]
    sources = gather(placed, bed=bed)
    places = loop_positions(placed, bed=bed)
    whole = np.concatenate(
        [
            mixed(each, sources=sources, place=place, levels=QUIET)
            for each, place in zip(placed, places, strict=True)
        ]
    )
    assert clicks(whole * np.hanning(len(whole)).astype(np.float32), above_hz=16_000) == []


@pytest.mark.parametrize("seconds", [0.024, 0.1, 0.3, 1.0])
def test_the_shortest_sections_are_no_trouble(seconds: float) -> None:
    """Shorter than the turn, the fades, or the frames around it."""
    bed = Bed(sound="rain")
    placed = [section(seconds=seconds, name=name) for name in "abc"]
    sources = gather(placed, bed=bed)
    for each, place in zip(placed, loop_positions(placed, bed=bed), strict=True):
        heard = mixed(each, sources=sources, place=place, pre_samples=PRE_SAMPLES, post_samples=POST_SAMPLES)
        assert len(heard) == PRE_SAMPLES + each.length + POST_SAMPLES
        assert np.isfinite(heard).all()
