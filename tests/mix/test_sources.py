"""Sources hold what sections name, at the anchor, and a person's own breath sounds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from audio_builder.breath import Phase
from audio_builder.errors import SoundError
from audio_builder.files.cache import Cache
from audio_builder.mix.sources import MIX_VERSION, gather
from audio_builder.sound.loudness import integrated
from audio_builder.sound.settings import Levels, Pacer
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
