"""Choosing who speaks: as asked, or the best there is, and what is said where that cannot be."""

from __future__ import annotations

import os
import pickle
import socket
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from audio_builder.errors import SpeechError, VoiceError
from audio_builder.speech import choose_voice, engine_names, load_engine, next_voice
from audio_builder.speech.choice import GROUP
from audio_builder.speech.engines.google import reachable
from tests.judges import library


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Take every program off the PATH, and every downloaded voice away; give the PATH's only folder."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setitem(sys.modules, "hibari", None)  # as where its package is not installed
    return folder


def _never() -> bool:
    raise AssertionError("the network was asked")


def test_all_engines_of_the_package_are_found() -> None:
    """Load each that is registered: it has the name it is registered under."""
    own = [entry.name for entry in entry_points(group=GROUP) if entry.module.startswith("audio_builder.")]
    assert set(own) <= set(engine_names())
    assert [load_engine(name).name for name in own] == own


def test_auto_takes_gtts_where_it_can_be_reached(bare: Path) -> None:
    """Choose with the service in reach, and no neural voice here."""
    voice = choose_voice("auto", is_reachable=lambda: True)
    assert (str(voice), voice.why) == ("gtts", "no neural voice is here, and gTTS can be reached")
    assert voice.better == "pip install 'audio-builder[voice]'"


def test_auto_takes_the_embedded_voice_where_nothing_else_is(bare: Path) -> None:
    """Choose with nothing installed and nothing in reach."""
    voice = choose_voice("auto", is_reachable=lambda: False)
    why = "no neural voice is here, and gTTS cannot be reached; the simple embedded voice speaks"
    assert (str(voice), voice.why) == ("espeak", why)
    assert voice.better == "pip install 'audio-builder[voice]'"


def test_auto_takes_the_neural_voice_where_it_speaks_the_language() -> None:
    """Choose for English, in any region, and never ask the network; nothing better is one step away."""
    library("hibari")
    for language in ("en", "en-GB", "en-us"):
        voice = choose_voice("auto", language=language, is_reachable=_never)
        assert (str(voice), voice.why, voice.better) == ("hibari", "the embedded neural voice speaks", "")


def test_where_no_neural_voice_speaks_a_language_the_step_to_one_is_told(bare: Path) -> None:
    """Choose for languages with and without a Piper voice that we know of."""
    library("piper")
    steps = {
        language: str(choose_voice("auto", language=language, offline=True).better)
        for language in ("de", "es-MX", "fr", "it")
    }
    assert steps == {
        "de": "voices install de_DE-thorsten-medium",
        "es-MX": "voices install es_ES-davefx-medium",
        "fr": "voices install fr_FR-siwis-medium",
        "it": "",
    }


def test_a_damaged_model_is_told_once_and_another_voice_speaks(
    bare: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Flip a byte in a copy of the package's model: one message names the file and what mends it."""
    monkeypatch.delitem(sys.modules, "hibari")
    library("hibari")
    from hibari import voices

    model = tmp_path / voices.VOICES[voices.DEFAULT]["file"]
    content = bytearray(Path(voices.ASSETS, model.name).read_bytes())
    content[1_000] ^= 1
    model.write_bytes(content)
    monkeypatch.setattr(voices, "ASSETS", str(tmp_path))
    chosen = choose_voice("auto", offline=True)
    assert str(chosen) == "espeak"
    assert chosen.better == "pip install --force-reinstall --no-deps hibari-tts"
    assert [record.getMessage() for record in caplog.records if record.levelname == "WARNING"] == [
        f"hibari is passed over: the model of its voice heart is damaged ({model}); "
        "mend it: pip install --force-reinstall --no-deps hibari-tts"
    ]
    with pytest.raises(
        SpeechError, match="hibari does not work here: the model of its voice heart is damaged"
    ):
        choose_voice("hibari")


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

    assert str(choose_voice("auto", offline=True, is_reachable=_never)) == "espeak"
    with pytest.raises(SpeechError, match="gtts needs the network"):
        choose_voice("gtts", offline=True, is_reachable=_never)


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
    assert (str(following), following.why) == ("espeak", "gtts failed; the simple embedded voice speaks")
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


def test_without_piper_both_steps_to_a_neural_voice_are_told(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Choose for German where nothing neural is installed: the extra first, then the download."""
    monkeypatch.setitem(sys.modules, "piper", None)
    better = choose_voice("auto", language="de", offline=True).better
    assert str(better) == "pip install 'audio-builder[voice]', then voices install de_DE-thorsten-medium"
