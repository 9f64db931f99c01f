"""Errors carry places, settings and remedies as data; every face words them, and processes hand them on."""

from __future__ import annotations

import pickle

import pytest

from audio_builder import errors
from audio_builder.errors import (
    Action,
    AudioBuilderError,
    CompileError,
    OutputError,
    Place,
    Problem,
    Remedy,
    ScriptError,
    Setting,
    SoundError,
    SpeechError,
    VoiceError,
)

PROBLEM = Problem(
    message="12 is outside the author's range of 4 to 8",
    where=Place(source="calm.yaml", line=3, column=7),
    about="cat-cow.reps",
    remedy=Remedy("stay inside it, or insist with {}", (Setting("beyond_limits"),)),
    excerpt="  reps: 12\n        ^",
)
ALL = (
    AudioBuilderError("it is off"),
    ScriptError([PROBLEM, Problem(message="there is no such file", where=Place(source="calm.yaml"))]),
    CompileError("too long", where=Setting("length", "10m"), remedy="Ask for less."),
    SpeechError("piper does not work here", remedy=Remedy("{}", (Action("voices install", "en_US-joe"),))),
    VoiceError("nobody is called so", where=Place(source="calm.yaml", line=1, column=8)),
    SoundError("the bed is silent", where="beds/rain.wav"),
    OutputError("port 80 is in use", Setting("port"), Remedy("Choose another with {}.", (Setting("port"),))),
)


def shouted(part: Setting | Action) -> str:
    """Word settings and actions as a face of its own would."""
    return str(part).upper()


def test_every_kind_of_error_is_tried_here() -> None:
    """Compare with the classes of the tree."""
    classes = {each for each in vars(errors).values() if isinstance(each, type)}
    assert {type(error) for error in ALL} == {each for each in classes if issubclass(each, Exception)}


@pytest.mark.parametrize("error", ALL, ids=lambda error: type(error).__name__)
def test_an_error_comes_through_a_pickle_whole(error: AudioBuilderError) -> None:
    """Send it as worker processes do, and compare all that it carries and says."""
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), vars(again), again.args) == (type(error), vars(error), error.args)
    assert (str(again), again.worded(shouted)) == (str(error), error.worded(shouted))


def test_a_face_words_settings_and_actions_in_its_own_way() -> None:
    """Compare whole texts, worded as scripts have it and by a face of its own."""
    script, length, voice, port = ALL[1], ALL[2], ALL[3], ALL[6]
    assert str(script) == (
        "calm.yaml:3:7: cat-cow.reps: 12 is outside the author's range of 4 to 8; "
        "stay inside it, or insist with beyond_limits\n  reps: 12\n        ^\n"
        "calm.yaml: there is no such file"
    )
    assert "or insist with BEYOND_LIMITS\n" in script.worded(shouted)
    assert length.worded(shouted) == "LENGTH: 10M: too long\n  Ask for less."
    assert voice.worded(shouted) == "piper does not work here\n  VOICES INSTALL EN_US-JOE"
    assert port.worded(shouted) == "PORT: port 80 is in use\n  Choose another with PORT."
