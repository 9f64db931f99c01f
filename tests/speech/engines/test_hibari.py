"""The embedded neural voice: what it says, how, and that the same text gives the same bytes."""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from audio_builder.errors import SpeechError, VoiceError
from audio_builder.speech import Lexicon, Utterance, Voice, choose_voice
from audio_builder.speech.contract import broken_promises
from audio_builder.speech.engines.hibari import HibariEngine, install_voice
from audio_builder.speech.speaking import prepared
from tests.judges import library

hibari = library("hibari")
library("onnxruntime")

CUE = "Put your phone beside you, and lie down on your back. Bend your knees."
PROGRAM = """
import hashlib, sys
from audio_builder.speech import Utterance
from audio_builder.speech.engines.hibari import HibariEngine
print(hashlib.sha256(HibariEngine().speak(Utterance(sys.argv[1])).samples.tobytes()).hexdigest())
"""


def _digest(engine: HibariEngine, text: str = CUE) -> str:
    return hashlib.sha256(engine.speak(Utterance(text)).samples.tobytes()).hexdigest()


def test_it_keeps_the_contract() -> None:
    """Let the contract look at it."""
    assert broken_promises(HibariEngine()) == []


def test_the_same_text_gives_the_same_bytes() -> None:
    """Speak it twice in one process, after other texts, four at a time, and in another process."""
    engine = HibariEngine()
    first = _digest(engine)
    _digest(engine, "Something else.")
    with ThreadPoolExecutor(4) as pool:
        at_once = set(pool.map(lambda text: _digest(engine, text), [CUE] * 8))
    engine.close()
    run = subprocess.run([sys.executable, "-c", PROGRAM, CUE], capture_output=True, text=True, check=True)
    assert {first, _digest(engine), run.stdout.strip()} | at_once == {first}


def test_it_rests_between_sentences_and_not_too_long() -> None:
    """Look for the longest quiet stretch in a cue of two sentences."""
    recording = HibariEngine().speak(Utterance(CUE))
    window = recording.rate // 100
    levels = np.abs(recording.samples[: len(recording.samples) // window * window]).reshape(-1, window).max(1)
    loud = np.flatnonzero(levels > levels.max() / 100)
    assert 0.35 <= float(np.diff(loud).max()) / 100 <= 0.6


def test_speed_shortens_a_cue() -> None:
    """Speak a fifth faster."""
    engine = HibariEngine()
    calm, quick = (engine.speak(Utterance(CUE, speed=speed)).seconds for speed in (1.0, 1.2))
    assert quick == pytest.approx(calm / 1.2, rel=0.06)


def test_a_pronunciation_is_said_in_its_own_letters() -> None:
    """Say a word by the IPA that stands for another one: they sound the same to the last sample."""
    engine = HibariEngine()
    for ipa, word in (("feɪs", "face"), ("tʃɝːtʃ", "church"), ("ɡoʊt", "goat"), ("dʒʌdʒ", "judge")):
        asked = engine.speak(Utterance(f"Say [it|{ipa}] now."))
        assert np.array_equal(asked.samples, engine.speak(Utterance(f"Say {word} now.")).samples), word


def test_an_unknown_sound_leaves_the_word_as_written(caplog: pytest.LogCaptureFixture) -> None:
    """Ask for a click, which English has not."""
    engine = HibariEngine()
    asked = engine.speak(Utterance("Say [it|ǃkʌŋ] now."))
    assert np.array_equal(asked.samples, engine.speak(Utterance("Say it now.")).samples)
    assert caplog.messages == ['hibari does not know the sound ǃ in "it"; it says the word as written']


def test_sounds_that_dictionaries_put_in_brackets_are_said() -> None:
    """Take IPA with an optional sound: brackets would end the package's own mark, and it read the rest aloud."""
    engine = HibariEngine()
    asked = engine.speak(Utterance("Say [it|kɑː(r)] now."))
    assert np.array_equal(asked.samples, engine.speak(Utterance("Say [it|kɑːr] now.")).samples)


def test_a_word_longer_than_it_looks_at_is_an_error_and_not_cut() -> None:
    """Ask for a pose of 33 letters, of which it would say 24; with hyphens it says all of it."""
    with pytest.raises(SpeechError, match='hibari cannot say "Ardhabaddhapadmapaschimottanasana"'):
        HibariEngine().speak(Utterance("Come into Ardhabaddhapadmapaschimottanasana."))
    assert HibariEngine().speak(Utterance("Come into ardha-baddha-padma-paschimottanasana.")).seconds > 2


def test_a_word_that_it_cannot_say_is_an_error_and_never_left_out() -> None:
    """Ask for a word in letters that it does not have, alone and among others."""
    for text in ("\u05e9\u05dc\u05d5\u05dd.", "Say \u05e9\u05dc\u05d5\u05dd now."):
        with pytest.raises(SpeechError, match='hibari cannot say "\u05e9\u05dc\u05d5\u05dd"'):
            HibariEngine().speak(Utterance(text))


def test_a_long_sentence_is_said_to_its_end() -> None:
    """Say a hundred words without a stop."""
    words = " ".join(["slowly reach your right hand up"] * 20)
    assert HibariEngine().speak(Utterance(f"Now {words}.")).seconds > 35


def test_only_english_is_spoken_and_only_by_voices_that_there_are() -> None:
    """Ask for others."""
    engine = HibariEngine()
    with pytest.raises(VoiceError, match='hibari does not speak "de"'):
        engine.identity("", "de")
    with pytest.raises(VoiceError, match='hibari has no voice "nobody"\n  it has heart, '):
        engine.identity("nobody", "en")


def test_voices_to_download_are_offered_and_not_taken_for_here(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """List them with an empty folder of downloads; choosing one says how it is downloaded."""
    monkeypatch.setenv("HIBARI_HOME", str(tmp_path))
    engine = HibariEngine()
    assert engine.voices() == (Voice(name="heart", language="en-US", about="neural, American, female"),)
    assert {voice.name for voice in engine.downloadable()} == {"emma", "fenrir", "fable", "kore"}
    with pytest.raises(SpeechError, match="the voice hibari:emma is not here yet") as caught:
        engine.identity("emma", "en-GB")
    assert "voices install hibari:emma" in str(caught.value)


def test_a_download_that_fails_is_one_clear_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Download through a port where nobody listens: nothing is left behind."""
    monkeypatch.setenv("HIBARI_HOME", str(tmp_path))
    monkeypatch.setattr("hibari.voices.BASE_URL", "http://127.0.0.1:9/")
    with pytest.raises(SpeechError, match="the voice hibari:emma cannot be downloaded"):
        install_voice("emma")
    assert list(tmp_path.iterdir()) == []


def test_no_voice_is_no_voice_to_install() -> None:
    """Ask for the engine and a colon."""
    with pytest.raises(VoiceError, match="no voice is named"):
        install_voice("")


DAMAGE = {
    "hibari.onnx": (b"no model", "the model of its voice heart is damaged ({})"),
    "lexicon_us_gold.json.gz": (gzip.compress(b"{}"), "its file {} is damaged"),
    "oov.onnx": (b"", "its file {} is damaged"),
    "voices.json": (b"{", "its file {} is damaged"),
    "vocab.json": (None, "its file {} is missing"),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_a_damaged_package_is_passed_over_with_one_message(name: str, tmp_path: Path) -> None:
    """Damage one of its files each: a dictionary without words would be spoken as if nothing were wrong."""
    shutil.copytree(Path(hibari.__file__).parent, tmp_path / "hibari")
    file = tmp_path / "hibari" / "assets" / name
    content, why = DAMAGE[name]
    file.unlink()
    if content is not None:
        file.write_bytes(content)
    program = """
import logging
from audio_builder.speech import choose_voice, load_engine
logging.basicConfig(format="%(message)s")
found = load_engine("hibari").availability()
print(found.works, found.broken, found.why, found.remedy, sep=chr(10))
choose_voice("auto", offline=True)
"""
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment
    )
    mend = "pip install --force-reinstall --no-deps hibari-tts"
    assert run.stdout.splitlines() == ["False", "True", why.format(file), mend]
    assert run.stderr.splitlines() == [f"hibari is passed over: {why.format(file)}; mend it: {mend}"]


def test_a_downloaded_voice_speaks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Serve the package's own model on loopback as if it were another voice's; download it and speak by it."""
    voices = pytest.importorskip("hibari.voices")
    served, home = tmp_path / "served", tmp_path / "home"
    served.mkdir()
    facts = voices.VOICES["fenrir"] | {"sha256": voices.VOICES["heart"]["sha256"]}
    shutil.copy(Path(voices.ASSETS, voices.VOICES["heart"]["file"]), served / facts["file"])
    monkeypatch.setitem(voices.VOICES, "fenrir", facts)
    monkeypatch.setenv("HIBARI_HOME", str(home))
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=served)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setattr(voices, "BASE_URL", f"http://127.0.0.1:{server.server_port}/")
        assert install_voice("fenrir") == home / facts["file"]
        server.shutdown()
    engine = HibariEngine()
    assert {voice.name for voice in engine.voices()} == {"heart", "fenrir"}
    assert engine.speak(Utterance(CUE, voice="fenrir")).seconds > 2


def test_the_identity_names_model_runtime_and_processor() -> None:
    """Read it: everything that can change the sound is in it."""
    identity = HibariEngine().identity("", "en")
    for part in ("hibari-tts 0.2.", "5f70741d4e900f4e", "speed 0.66", "seed 0", "onnxruntime ", "numpy "):
        assert part in identity.replace("scipy", "numpy"), part


def test_a_word_that_engines_would_say_differently_is_in_the_lexicon() -> None:
    """Prepare a line: the neural voice gets the sounds, others the word as written."""
    lexicon = Lexicon.of_language("en", {"scapula": "skappula"})
    line = Utterance("Twelve vertebrae, and the scapula.")
    said = {name: prepared(line, choose_voice(name), lexicon=lexicon).text for name in ("hibari", "espeak")}
    assert said == {
        "hibari": "Twelve [vertebrae|ˈvɝtəbri], and the skappula.",
        "espeak": "Twelve vertebrae, and the skappula.",
    }
