"""Choosing who speaks: as asked, or the best there is, and what is said where that cannot be."""

from __future__ import annotations

import os
import pickle
import socket
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from audio_builder.errors import SpeechError, VoiceError
from audio_builder.speech import choose_voice, engine_names, load_engine, next_voice
from audio_builder.speech.engines.gtts.service import reachable
from audio_builder.speech.registry import GROUP


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Take every program off the PATH, and every downloaded voice away; give the PATH's only folder."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path))
    return folder


def test_all_engines_of_the_package_are_found() -> None:
    """Load each that is registered: it has the name it is registered under."""
    own = [entry.name for entry in entry_points(group=GROUP) if entry.module.startswith("audio_builder.")]
    assert set(own) <= set(engine_names())
    assert [load_engine(name).name for name in own] == own


def test_auto_takes_gtts_where_it_can_be_reached(bare: Path) -> None:
    """Choose with the service in reach."""
    voice = choose_voice("auto", is_reachable=lambda: True)
    assert (str(voice), voice.why) == ("gtts", "gTTS can be reached")


def test_auto_takes_the_embedded_voice_where_nothing_else_is(bare: Path) -> None:
    """Choose with nothing installed and nothing in reach."""
    voice = choose_voice("auto", is_reachable=lambda: False)
    assert (str(voice), voice.why) == ("espeak", "gTTS cannot be reached; the embedded voice speaks")


@pytest.mark.judge("flite")
def test_auto_takes_the_best_local_voice_that_speaks_the_language(bare: Path) -> None:
    """Choose with flite installed: it speaks English, the embedded voice German."""
    (bare / "flite").symlink_to(os.path.realpath("/usr/bin/flite"))
    english = choose_voice("auto", language="en-GB", is_reachable=lambda: False)
    german = choose_voice("auto", language="de", is_reachable=lambda: False)
    assert (str(english), str(german)) == ("flite", "espeak")


@pytest.mark.skipif(os.name != "posix", reason="the stand-in is a script")
def test_auto_passes_over_a_local_voice_that_is_broken(bare: Path) -> None:
    """Put a flite on the PATH that fails whatever it is asked: the embedded voice speaks."""
    (bare / "flite").write_text("#!/bin/sh\nexit 3\n", "utf-8")
    (bare / "flite").chmod(0o755)
    assert str(choose_voice("auto", offline=True)) == "espeak"


def test_offline_never_asks_the_network(bare: Path) -> None:
    """Choose offline: the probe is not run, and an online engine is refused."""

    def never() -> bool:
        raise AssertionError("the network was asked")

    assert str(choose_voice("auto", offline=True, is_reachable=never)) == "espeak"
    with pytest.raises(SpeechError, match="gtts needs the network"):
        choose_voice("gtts", offline=True, is_reachable=never)


def test_nothing_listening_is_not_reachable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Probe through a proxy that is not there."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # so that nobody else listens there
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{closed.getsockname()[1]}")
        assert not reachable()


@pytest.mark.parametrize(
    ("spec", "shown"),
    [
        ("espeak", "espeak"),
        ("espeak:en-gb+f2", "espeak:en-gb+f2"),
        (" silent ", "silent"),
        ("gtts:co.uk", "gtts:co.uk"),
    ],
)
def test_a_named_voice_is_taken(spec: str, shown: str) -> None:
    """Name engine and voice; everything after the first colon is the voice."""
    assert str(choose_voice(spec)) == shown


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("espaek", 'no speech engine is called "espaek"\n  did you mean "espeak"?'),
        ("", 'no speech engine is called ""'),
        ("auto:f2", '"auto:f2": auto takes no voice'),
        ("espeak:nobody", 'eSpeak NG has no voice "nobody"'),
        ("espeak:en-us+nobody", 'eSpeak NG has no variant "nobody"'),
        ("gtts:example.com", 'gTTS has no voice "example.com"'),
        ("silent else espaek", 'no speech engine is called "espaek"'),
    ],
)
def test_what_nobody_is_called_is_refused_before_the_build(bare: Path, spec: str, message: str) -> None:
    """Choose voices that there are not: the message says what would do, also after it went through pickle."""
    with pytest.raises(VoiceError) as caught:
        choose_voice(spec)
    assert str(caught.value).startswith(message)
    again = pickle.loads(pickle.dumps(caught.value))
    assert (type(again), str(again)) == (VoiceError, str(caught.value))


def test_an_engine_that_does_not_work_here_is_no_wrong_name(bare: Path) -> None:
    """Choose an engine of another system: it is there, and says why it does not speak."""
    with pytest.raises(SpeechError, match="sapi does not work here: SAPI comes with Windows alone") as caught:
        choose_voice("sapi")
    assert not isinstance(caught.value, VoiceError)


def test_after_a_failure_the_next_engine_is_a_local_one(bare: Path) -> None:
    """Fail with gTTS, then with the embedded voice: after it there is nobody."""
    failed = choose_voice("auto", is_reachable=lambda: True)
    following = next_voice(failed, language="en")
    assert following is not None
    assert (str(following), following.why) == ("espeak", "gtts failed; the embedded voice speaks")
    assert next_voice(following, language="en") is None


def test_after_a_failure_of_any_other_engine_the_embedded_voice_speaks(bare: Path) -> None:
    """Fail with an engine that auto would never choose."""
    following = next_voice(choose_voice("silent"))
    assert following is not None
    assert str(following) == "espeak"


def test_a_language_that_nobody_speaks_is_an_error(bare: Path) -> None:
    """Choose for Klingon."""
    with pytest.raises(SpeechError, match='no voice here speaks "tlh"'):
        choose_voice("auto", language="tlh", is_reachable=lambda: False)


def test_making_an_engine_is_cheap_and_silent() -> None:
    """Make every engine: none starts a process or looks anything up."""
    for name in engine_names():
        load_engine(name).close()
