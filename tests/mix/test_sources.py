"""Sources hold what sections name and own breath sounds, at the anchor; keys tell all that changes a section."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from audio_builder.breath import Phase
from audio_builder.errors import SoundError
from audio_builder.files.cache import Cache
from audio_builder.mix.bedding import LoopPosition
from audio_builder.mix.sources import MIX_VERSION, gather, identity
from audio_builder.sound.loudness import integrated
from audio_builder.sound.settings import Bed, Levels, Pacer
from audio_builder.timebase import RATE
from tests.mix.sections import breaths, event, section
from tests.sound.measuring import pitches, sine


def test_only_what_is_named_is_gathered() -> None:
    """By the names events use, all as loud as speech."""
    placed = section(
        event("chime", 0.0, 5.0, sound="begin"),
        event("tick", 6.0, 0.06),
        event("hold", 0.0, 5.0),
        seconds=8.0,
    )
    sounds = gather([placed]).sounds
    assert sorted(sounds) == ["begin", "tick"]
    for samples in sounds.values():
        assert integrated(samples, RATE) == pytest.approx(-16.0, abs=0.05)


def test_a_missing_sound_is_named() -> None:
    """Before anything is mixed."""
    with pytest.raises(SoundError, match='there is no sound "gong"'):
        gather([section(event("chime", 0.0, 1.0, sound="gong"), seconds=2.0)])


def test_own_breath_sounds_fill_their_phases_at_their_pitch(tmp_path: Path) -> None:
    """Stretched to any length, at the anchor, silent at both ends; breaths are then held in silence."""
    for name, hertz in (("in", 500.0), ("out", 300.0)):
        soundfile.write(tmp_path / f"{name}.wav", sine(hertz, 2.0, level_db=-20.0), RATE)
    sources = gather([], inhale=str(tmp_path / "in.wav"), exhale=str(tmp_path / "out.wav"))
    breathing: tuple[tuple[Phase, float, float], ...] = (("inhale", 500.0, 4.0), ("exhale", 300.0, 7.5))
    for phase, hertz, seconds in breathing:
        samples = sources.tone(phase, round(seconds * RATE))
        assert len(samples) == round(seconds * RATE)
        assert np.median(pitches(samples)) == pytest.approx(hertz, abs=2.0)
        assert integrated(samples, RATE) == pytest.approx(-16.0, abs=0.1)
        assert max(abs(samples[0]), abs(samples[-1])) < 1e-3
        assert sources.tone(phase, round(seconds * RATE)) is samples
    assert not sources.tone("hold-in", RATE).any()


def test_one_own_sound_leaves_the_other_breath_to_the_pacer(tmp_path: Path) -> None:
    """An inhale of one's own goes with the gliding exhale."""
    soundfile.write(tmp_path / "in.wav", sine(500.0, 2.0, level_db=-20.0), RATE)
    sources = gather([], inhale=str(tmp_path / "in.wav"))
    assert np.array_equal(sources.tone("exhale", RATE), gather([]).tone("exhale", RATE))


def test_a_silent_breath_sound_is_refused(tmp_path: Path) -> None:
    """Nobody can breathe along with it; the message names the file."""
    path = tmp_path / "nothing.wav"
    soundfile.write(path, np.zeros(RATE), RATE)
    with pytest.raises(SoundError) as caught:
        gather([], inhale=str(path)).tone("inhale", RATE)
    assert str(caught.value) == f"{path}: the breath sound is silent\n  Use a file with sound in it."


def test_sounds_are_taken_from_the_cache(tmp_path: Path) -> None:
    """Make a tone, room tone and a chime; ask again elsewhere: the same samples come, and nothing is made."""
    placed = section(*breaths(1, start=0.5), event("chime", 0.0, 1.0, sound="begin"), seconds=12.0)
    cache = Cache(tmp_path)
    pacer = Pacer(brightness=0.41)
    first = gather([placed], pacer=pacer, cache=cache)
    first.prepare([placed], Levels())
    assert sorted(entry.kind for entry in cache.entries()) == ["chimes", "tones", "tones", "tones"]
    again = gather([placed], pacer=pacer, cache=cache)
    again.prepare([placed], Levels())
    assert again.made.keys() == first.made.keys()
    assert all(np.array_equal(again.made[name], sound) for name, sound in first.made.items())
    assert np.array_equal(again.sounds["begin"], gather([placed]).sounds["begin"])
    assert not again.tone("inhale", placed.events[-1].length).flags.writeable
    for name in first.made:
        cache.put("tones", f"sound {MIX_VERSION}; {name}", np.ones(3, np.float32).tobytes())
    other = gather([placed], pacer=pacer, cache=cache)
    other.prepare([placed], Levels())
    assert all(np.array_equal(sound, np.ones(3)) for sound in other.made.values())


def test_prepared_tones_are_made_once() -> None:
    """Prepare for two breaths, which makes two tones and room tone, then ask for them: nothing is made any more."""
    placed = section(*breaths(2, start=0.5), seconds=22.0)
    sources = gather([placed])
    sources.prepare([placed], Levels())
    made = dict(sources.made)
    assert len(made) == 3
    for tone in placed.events:
        assert any(sources.tone(tone.kind, tone.length) is sound for sound in made.values())  # type: ignore[arg-type]
    assert sources.made == made


PLACED = section(
    event("hold", 0.0, 20.0),
    event("chime", 0.0, 5.0, sound="begin"),
    event("cue", 5.0, 1.7, text="Breathe in."),
    *breaths(1, start=7.0),
    seconds=20.0,
)
CLIPS = {"Breathe in.": "digest"}


def key(placed=PLACED, clips=CLIPS, **changes: object) -> str:  # type: ignore[no-untyped-def]
    """Give a key at default settings but for some."""
    return identity(placed, clips, **({"levels": Levels(), "pacer": Pacer()} | changes))  # type: ignore[arg-type]


def test_names_and_places_are_no_part_of_it() -> None:
    """Nor are silent spans, roles and reps, or clips of other sections."""
    renamed = replace(PLACED, name="x", title="y", kind="closing", side="left", round=7)
    quiet = replace(PLACED, events=PLACED.events[1:])
    assert {key(), key(renamed), key(quiet), key(clips=CLIPS | {"More.": "other"})} == {key()}


def test_everything_that_sounds_is() -> None:
    """Each change gives a key of its own."""
    keys = [
        key(),
        key(replace(PLACED, length=PLACED.length + 1_152)),
        key(replace(PLACED, events=tuple(replace(each, start=each.start + 1) for each in PLACED.events))),
        key(
            replace(PLACED, events=tuple(replace(each, sound=each.sound and "end") for each in PLACED.events))
        ),
        key(clips={"Breathe in.": "another"}),
        key(levels=Levels(tones_db=-10.0)),
        key(pacer=Pacer(sound="waves")),
        key(bed=Bed(sound="waves")),
        key(bed=Bed(sound="waves", channels=2)),
        key(bed=Bed(sound="rain")),
        key(bed=Bed(sound="rain"), place=LoopPosition(opens=True)),
        key(bed=Bed(sound="rain"), place=LoopPosition(phase=1_152)),
    ]
    assert len(set(keys)) == len(keys)


def test_a_section_without_breaths_does_not_care_for_the_pacer() -> None:
    """Changing the breath tones leaves openings and closings stored."""
    spoken = replace(PLACED, events=PLACED.events[:3])
    assert key(spoken) == key(spoken, pacer=Pacer(sound="bells"))


def test_a_file_counts_by_its_content(tmp_path: Path) -> None:
    """The same sound under another name has the same key; another sound under that name has not."""
    one, other = tmp_path / "one.wav", tmp_path / "other.wav"
    soundfile.write(one, sine(300.0, 1.0), RATE)
    other.write_bytes(one.read_bytes())
    before = key(inhale=str(one)), key(bed=Bed(sound=str(one)))
    assert before == (key(inhale=str(other)), key(bed=Bed(sound=str(other))))
    soundfile.write(one, sine(400.0, 1.0), RATE)
    after = key(inhale=str(one)), key(bed=Bed(sound=str(one)))
    assert not set(before) & set(after)


def test_a_missing_sound_has_no_key() -> None:
    """It is named, as it is when it is gathered."""
    with pytest.raises(SoundError, match="there is no sound"):
        key(replace(PLACED, events=(event("chime", 0.0, 1.0, sound="gong"),)))
