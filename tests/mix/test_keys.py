"""A section's key changes with its sound, and with nothing else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import soundfile

from audio_builder.errors import SoundError
from audio_builder.mix.bedding import LoopPosition
from audio_builder.mix.keys import identity
from audio_builder.sound.settings import Bed, Levels, Pacer
from audio_builder.timebase import RATE
from tests.mix.sections import breaths, event, section
from tests.sound.measuring import sine

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


def test_a_missing_sound_is_named() -> None:
    """As it is when it is gathered."""
    with pytest.raises(SoundError, match="there is no sound"):
        key(replace(PLACED, events=(event("chime", 0.0, 1.0, sound="gong"),)))
