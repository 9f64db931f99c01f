"""Piper's real loading and synthesis, on a tiny ONNX voice made here; and its downloader against loopback."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from audio_builder.errors import SpeechError
from audio_builder.files.cache import Cache
from audio_builder.speech import ClipStore, Lexicon, Utterance, choose_voice, speak_all
from audio_builder.speech.contract import broken_promises
from audio_builder.speech.engines.piper.engine import PiperEngine, install_voice
from audio_builder.speech.registry import survey
from tests.judges import library

onnx = library("onnx")
library("piper")

RATE = 22_050
SAMPLES_EACH = 1_300
"""Of sound for each phoneme id, at Piper's own pace."""

PHONEMES = "_^$ !',-.:;?abcdefhijklmnoprstuvwxyzæðŋɐɑɔəɚɛɜɡɪɹʃʊʌʒʔˈˌːθᵻɾ"


def write_voice(
    folder: Path, name: str, *, language: str = "en_US", pitch: float = 1.0, mute: bool = False
) -> Path:
    """Make a voice that hums a note for each phoneme: the graph has the inputs and output of a real one."""
    from onnx import TensorProto, helper, numpy_helper

    def constant(label: str, value: object, kind: type) -> TensorProto:
        return numpy_helper.from_array(np.array(value, kind), label)

    node = helper.make_node
    graph = helper.make_graph(
        [
            node("Gather", ["scales", "one"], ["length_scale"]),
            node("Mul", ["length_scale", "each"], ["per_id"]),
            node("Shape", ["input"], ["shape"]),
            node("Gather", ["shape", "one"], ["count"]),
            node("Cast", ["count"], ["count_float"], to=TensorProto.FLOAT),
            node("Mul", ["count_float", "per_id"], ["length"]),
            node("Range", ["zero_float", "length", "one_float"], ["place"]),
            node("Div", ["place", "per_id"], ["position"]),
            node("Cast", ["position"], ["index"], to=TensorProto.INT64),
            node("Squeeze", ["input", "zero_axis"], ["ids"]),
            node("Gather", ["ids", "index"], ["id"]),
            node("Cast", ["id"], ["id_float"], to=TensorProto.FLOAT),
            node("Mul", ["id_float", "step"], ["frequency"]),
            node("Mul", ["frequency", "place"], ["angle"]),
            node("Sin", ["angle"], ["wave"]),
            node("Div", ["place", "length"], ["share"]),
            node("Mul", ["share", "pi"], ["half_turn"]),
            node("Sin", ["half_turn"], ["swell"]),
            node("Mul", ["wave", "gain"], ["even"]),
            node("Mul", ["even", "swell"], ["sound"]),
            node("Reshape", ["sound", "as_batch"], ["output"]),
        ],
        "hum",
        [
            helper.make_tensor_value_info("input", TensorProto.INT64, [1, "phonemes"]),
            helper.make_tensor_value_info("input_lengths", TensorProto.INT64, [1]),
            helper.make_tensor_value_info("scales", TensorProto.FLOAT, [3]),
        ],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, [1, 1, 1, "samples"])],
        [
            constant("one", 1, np.int64),
            constant("each", SAMPLES_EACH, np.float32),
            constant("zero_float", 0, np.float32),
            constant("one_float", 1, np.float32),
            constant("zero_axis", [0], np.int64),
            constant("step", 0.004 * pitch, np.float32),
            constant("pi", np.pi, np.float32),
            constant("gain", 0.0 if mute else 0.3, np.float32),
            constant("as_batch", [1, 1, 1, -1], np.int64),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8)
    onnx.checker.check_model(model)
    path = folder / f"{name}.onnx"
    folder.mkdir(parents=True, exist_ok=True)
    onnx.save(model, str(path))
    settings = {
        "audio": {"sample_rate": RATE, "quality": "medium"},
        "espeak": {"voice": language.lower().replace("_", "-")},
        "inference": {"noise_scale": 0.667, "length_scale": 1, "noise_w": 0.8},
        "language": {"code": language},
        "num_speakers": 1,
        "num_symbols": len(PHONEMES),
        "phoneme_id_map": {phoneme: [number] for number, phoneme in enumerate(PHONEMES)},
        "phoneme_type": "espeak",
    }
    Path(f"{path}.json").write_text(json.dumps(settings), "utf-8")
    return path


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder in which downloaded voices lie, for engines made anywhere."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path))
    return PiperEngine().folder


def test_piper_keeps_the_contract(tmp_path: Path) -> None:
    """Try the engine on the tiny voice."""
    write_voice(tmp_path, "en_US-hum-medium")
    assert broken_promises(PiperEngine(tmp_path)) == []


def test_a_downloaded_voice_is_listed_chosen_and_spoken(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Put a voice where downloads lie: auto prefers it to other local voices, and it speaks a session."""
    monkeypatch.setitem(sys.modules, "hibari", None)  # as where its package is not installed
    write_voice(home, "en_US-hum-medium")
    voice = choose_voice("auto", offline=True)
    assert voice.engine.name == "piper"
    line = Utterance("Breathe in. Then breathe out.")
    clip = speak_all([line], voice, store=ClipStore(Cache(tmp_path / "clips")))[line]
    assert clip.length > 48_000


def test_a_voice_can_be_named_by_its_file(tmp_path: Path) -> None:
    """Name the .onnx file itself: two files of one name are told apart by what is in them."""
    low = write_voice(tmp_path / "low", "mine")
    high = write_voice(tmp_path / "high", "mine", pitch=2.0)
    engine = PiperEngine(tmp_path / "none")
    sounds = [engine.speak(Utterance("Breathe in.", voice=str(path))) for path in (low, high)]
    assert not np.array_equal(sounds[0].samples, sounds[1].samples)
    assert engine.identity(str(low), "en") != engine.identity(str(high), "en")
    assert choose_voice(f"piper:{low}").voice == str(low)
    engine.close()


def test_the_language_chooses_the_voice(tmp_path: Path) -> None:
    """Install voices of two languages: each speaks its own, a third language is an error."""
    write_voice(tmp_path, "de_DE-summ-low", language="de_DE")
    write_voice(tmp_path, "en_GB-hum-low", language="en_GB", pitch=1.5)
    write_voice(tmp_path, "en_US-hum-low", language="en_US")
    engine = PiperEngine(tmp_path)
    assert [(each.name, each.language) for each in engine.voices()] == [
        ("de_DE-summ-low", "de-DE"), ("en_GB-hum-low", "en-GB"), ("en_US-hum-low", "en-US"),
    ]  # fmt: skip
    assert engine.identity("", "en-US") == engine.identity("en_US-hum-low", "en")
    assert engine.identity("", "de") == engine.identity("de_DE-summ-low", "de")
    with pytest.raises(SpeechError, match='no Piper voice for "fr" is installed'):
        engine.identity("", "fr")


def test_ipa_reaches_the_model(tmp_path: Path) -> None:
    """Give a word IPA: the model hums other notes than for the word, and as many as the IPA has."""
    write_voice(tmp_path / "voices", "en_US-hum-medium")
    engine = PiperEngine(tmp_path / "voices")
    written = engine.speak(Utterance("scapula"))
    told = engine.speak(Utterance("[scapula|aaaaaaaaaaaaaaaaaaaaaaaa]"))
    engine.close()
    assert told.seconds > 1.5 * written.seconds
    assert "ipa" in engine.understands
    assert Lexicon.read({"scapula": "/aaa/"}).apply("scapula") == "[scapula=|aaa]"


def test_a_sentence_the_model_leaves_out_is_an_error(tmp_path: Path) -> None:
    """Speak with a mute model: Piper itself would give silence without a word."""
    write_voice(tmp_path, "en_US-mute-low", mute=True)
    engine = PiperEngine(tmp_path)
    with pytest.raises(SpeechError, match="Piper left out a sentence"):
        engine.speak(Utterance("Breathe in."))
    engine.close()


def test_broken_and_half_installed_voices_are_errors(tmp_path: Path) -> None:
    """Spoil the model, and take its settings away: the message names the file."""
    path = write_voice(tmp_path, "en_US-hum-medium")
    path.write_bytes(b"no model")
    with pytest.raises(SpeechError, match=r"hum-medium\.onnx: the Piper voice cannot be loaded"):
        PiperEngine(tmp_path).speak(Utterance("Breathe in."))
    Path(f"{path}.json").unlink()
    with pytest.raises(SpeechError, match=r"hum-medium\.onnx\.json: a Piper voice is two files"):
        PiperEngine(tmp_path).identity(str(path), "en")


def test_without_a_voice_the_engine_says_how_to_get_one(tmp_path: Path) -> None:
    """Look at an engine with no voice."""
    availability = PiperEngine(tmp_path).availability()
    assert availability.why == f"there is no voice in {tmp_path}"
    assert str(availability.remedy) == "voices install en_US-lessac-medium"


def test_an_engine_without_a_voice_is_not_listed_as_working(home: Path) -> None:
    """Survey the engines with Piper installed and no voice: it wants one more step."""
    report = {each.name: each for each in survey()}["piper"]
    assert not report.availability.works
    assert str(report.availability.remedy) == "voices install en_US-lessac-medium"
    write_voice(home, "en_US-hum-medium")
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

    model = write_voice(tmp_path / "served", "en_US-hum-medium")
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
    path = install_voice("en_US-hum-medium", folder=folder, progress=seen.__setitem__)
    assert path == folder / "en_US-hum-medium.onnx"
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
    with pytest.raises(SpeechError, match="en_US-hum-medium arrived damaged"):
        install_voice("en_US-hum-medium", folder=tmp_path / "voices")
    assert list((tmp_path / "voices").iterdir()) == []
