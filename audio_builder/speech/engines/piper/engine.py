"""An utterance comes in; the voice of a neural model on this machine goes out, through Piper."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from audio_builder.errors import Action, Remedy, SpeechError
from audio_builder.files.folders import own_folder
from audio_builder.language import language_of
from audio_builder.speech.engine import Availability, Recording, Utterance, Voice
from audio_builder.speech.finishing import rest_after, spliced
from audio_builder.speech.notation import spans

CALM_LENGTH = 1.1
"""Lengths against the voice's own pace, for calm instruction."""

INSTALL = "pip install 'audio-builder[voice]'"


class PiperEngine:
    """Neural voices: files that are downloaded once, or named by their path."""

    name = "piper"
    online = False
    at_once = 1
    understands = frozenset({"ipa"})

    def __init__(self, folder: Path | None = None) -> None:
        self._given_folder = folder
        self._loaded: dict[Path, Any] = {}
        self._lock = threading.Lock()

    @property
    def folder(self) -> Path:
        """Where downloaded voices lie."""
        return self._given_folder or default_voices_folder()

    def identity(self, voice: str, language: str) -> str:
        """Name the package and the model by its contents."""
        model = self._model(voice, language)
        return f"piper-tts {version('piper-tts')}; {_fingerprint(model)}; length {CALM_LENGTH}"

    def voices(self) -> Sequence[Voice]:
        """List the downloaded voices."""
        return tuple(self._installed())

    def availability(self) -> Availability:
        """Say whether Piper is installed, and how to get a voice where it has none."""
        if find_spec("piper") is None:
            return Availability(works=False, why="the package piper-tts is missing", remedy=INSTALL)
        if not self.voices():
            return Availability(  # a voice named by its file speaks all the same
                works=True,
                why=f"there is no voice in {self.folder}",
                remedy=Remedy("{}", (Action("voices install", language_of("en").piper_voice),)),
            )
        return Availability(works=True)

    def speak(self, utterance: Utterance) -> Recording:
        """Run the model, sentence by sentence."""
        import numpy as np
        from piper import SynthesisConfig

        voice = self._load(self._model(utterance.voice, utterance.language))
        manner = SynthesisConfig(length_scale=CALM_LENGTH / utterance.speed, normalize_audio=False)
        with self._lock:
            chunks = list(voice.synthesize(_phonetic(utterance.text), manner))
        recordings = [
            Recording(np.asarray(each.audio_float_array, np.float32), each.sample_rate) for each in chunks
        ]
        if not recordings or any(not recording.samples.any() for recording in recordings):
            raise SpeechError("Piper left out a sentence")
        return spliced(recordings, [rest_after(".")] * len(recordings))

    def close(self) -> None:
        """Let go of the loaded models."""
        with self._lock:
            self._loaded.clear()

    def _load(self, model: Path) -> Any:
        from piper import PiperVoice

        with self._lock:
            if model not in self._loaded:
                try:
                    self._loaded[model] = PiperVoice.load(model)
                except (
                    Exception
                ) as error:  # onnxruntime and Piper raise errors of many kinds for a broken file
                    raise SpeechError(
                        f"the Piper voice cannot be loaded: {error}",
                        where=str(model),
                        remedy="download it again",
                    ) from error
            return self._loaded[model]

    def _model(self, voice: str, language: str) -> Path:
        """Find the model of a named voice, of a path, or the first for a language. Raises SpeechError."""
        if voice.endswith(".onnx"):
            return _checked(Path(voice).expanduser())
        if voice:
            path = self.folder / f"{voice}.onnx"
            if path.exists():
                return _checked(path)
            raise SpeechError(
                f'there is no Piper voice "{voice}" in {self.folder}',
                remedy=Remedy("{}, or name a .onnx file", (Action("voices install", voice),)),
            )
        main = language.lower().partition("-")[0]
        fitting = [each for each in self._installed() if each.language.lower().partition("-")[0] == main]
        exact = [each for each in fitting if each.language.lower() == language.lower()]
        if not fitting:
            raise SpeechError(
                f'no Piper voice for "{language}" is installed',
                remedy=Remedy("see {}", (Action("voices install"),)),
            )
        return _checked(self.folder / f"{(exact or fitting)[0].name}.onnx")

    def _installed(self) -> Iterator[Voice]:
        for config in sorted(self.folder.glob("*.onnx.json")):
            model = config.with_suffix("")
            if model.exists():
                settings = _settings(config)
                code = settings.get("language", {}).get("code", "") or settings.get("espeak", {}).get(
                    "voice", ""
                )
                about = settings.get("audio", {}).get("quality", "")
                yield Voice(name=model.stem, language=code.replace("_", "-"), about=f"Piper {about}".strip())


def default_voices_folder() -> Path:
    """Give where downloaded voices lie: the user's data folder."""
    return own_folder("data") / "piper"


def install_voice(
    name: str, *, folder: Path | None = None, progress: Callable[[str, int], None] | None = None
) -> Path:
    """Download a voice with Piper's own downloader; give its model file. Raises SpeechError.

    `progress` gets the name of the file under way and how many bytes of it are there, about twice a second.
    """
    if find_spec("piper") is None:
        raise SpeechError("the package piper-tts is missing", remedy=INSTALL)
    folder = folder or default_voices_folder()
    model = folder / f"{name}.onnx"
    from audio_builder.speech.engines.piper.download import download

    download(name, folder, progress=progress or (lambda file, count: None))
    return _checked(model)


def _checked(model: Path) -> Path:
    for path in (model, Path(f"{model}.json")):
        if not path.is_file():
            raise SpeechError(
                "a Piper voice is two files, and this one is missing", where=str(path), remedy="download both"
            )
    return model


@lru_cache(maxsize=64)
def _hash(path: Path, changed: tuple[int, int]) -> str:
    del changed  # a replaced file is another file
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _fingerprint(model: Path) -> str:
    parts = []
    for path in (model, Path(f"{model}.json")):
        stat = path.stat()
        parts.append(_hash(path, (stat.st_size, stat.st_mtime_ns))[:32])
    return "-".join(parts)


def _settings(config: Path) -> dict[str, Any]:
    try:
        loaded = json.loads(config.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return loaded if isinstance(loaded, dict) else {}


def _phonetic(text: str) -> str:
    """Write pronunciations as Piper takes them, between double brackets."""
    return "".join(
        f"[[ {span.ipa} ]]" if span.kind == "pronounced" else span.text.replace("[[", "[ [")
        for span in spans(text)
    )
