"""Piper: neural voices in many languages, whose models are files on this machine."""

from __future__ import annotations

import json
import os
import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from audio_builder.errors import Action, Remedy, SpeechError
from audio_builder.language import known_language, language_of
from audio_builder.speech.engine import Availability, Recording, Utterance, Voice
from audio_builder.speech.engines.piper_voices import INSTALL, checked, default_voices_folder
from audio_builder.speech.estimate import estimate
from audio_builder.speech.finishing import rest_after, speech_span, spliced
from audio_builder.speech.neural import model_digest, runtime
from audio_builder.speech.notation import spans

LONGER = 1.035
"""Times as long as the estimate says of the sentences that a voice is measured by, between which these voices rest
less: so whole cues have 140 words a minute in English (tests/benchmarks/voices.py, by the voice joe).
"""

USUAL_LENGTH = 1.4
"""Times as long as by a voice's own pace, in languages that have no record to measure by."""

SHORTEST_LENGTH, LONGEST_LENGTH = 0.7, 2.5
"""Past these a voice would not be a voice any more."""

NOISE, NOISE_OF_LENGTHS = 0.0, 0.0
"""How much chance there is in the sound and in the lengths of sounds. With any the same text never sounds the same
twice: a model's generator of noise goes on from run to run, and cannot be set back."""

_AS_ESPEAK = str.maketrans({"ɝ": "ɜː", "g": "ɡ", "ʧ": "tʃ", "ʤ": "dʒ", "ɫ": "l", "͡": ""})
"""IPA as dictionaries write it, and as the voices were taught it; a sound they do not know they would leave out."""

_LOADING = threading.Lock()


class PiperEngine:
    """Neural voices: files that are downloaded once, or named by their path."""

    name = "piper"
    online = False
    understands = frozenset({"ipa"})

    def __init__(self, folder: Path | None = None) -> None:
        self._given_folder = folder

    @property
    def at_once(self) -> int:
        """As many as there are cores: all of them share one model."""
        return max(1, os.cpu_count() or 1)

    @property
    def folder(self) -> Path:
        """Where downloaded voices lie."""
        return self._given_folder or default_voices_folder()

    def identity(self, voice: str, language: str) -> str:
        """Name the package, the model and its settings by their contents, the rate, and what it runs on."""
        model = self._model(voice, language)
        settings = Path(f"{model}.json")
        calm = f"{LONGER * _likely_seconds(_spoken_language(_settings(settings))):.2f} s"
        return (
            f"{model_digest(model)}; {model_digest(settings)}; calm {calm}; "
            f"noise {NOISE} {NOISE_OF_LENGTHS}; {_packages()}"
        )

    def voices(self) -> Sequence[Voice]:
        """List the downloaded voices."""
        return tuple(self._installed())

    def availability(self) -> Availability:
        """Say whether Piper is installed, and how to get a voice where it has none."""
        for module, package in (("piper", "piper-tts"), ("onnxruntime", "onnxruntime")):
            if find_spec(module) is None:
                return Availability(works=False, why=f"the package {package} is missing", remedy=INSTALL)
        if not self.voices():
            return Availability(  # a voice named by its file speaks all the same
                works=True,
                why=f"there is no voice in {self.folder}",
                remedy=Remedy("{}", (Action("voices install", language_of("en").piper_voice),)),
            )
        return Availability(works=True)

    def speak(self, utterance: Utterance) -> Recording:
        """Run the model, sentence by sentence, with a rest after each."""
        loaded = _loaded(self._model(utterance.voice, utterance.language))
        length = loaded.calm_length / utterance.speed
        recordings = [
            _said(loaded.voice, sentence, length)
            for sentence in loaded.voice.phonemize(_phonetic(utterance.text))
            if sentence
        ]
        if not recordings or any(not recording.samples.any() for recording in recordings):
            raise SpeechError("Piper left out a sentence")
        return spliced(recordings, [rest_after(".") / utterance.speed] * len(recordings))

    def close(self) -> None:
        """Keep the model: to load and measure it takes seconds, and others may be speaking with it."""

    def _model(self, voice: str, language: str) -> Path:
        """Find the model of a named voice, of a path, or the first for a language. Raises SpeechError."""
        if voice.endswith(".onnx"):
            return checked(Path(voice).expanduser())
        if voice:
            path = self.folder / f"{voice}.onnx"
            if path.exists():
                return checked(path)
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
        return checked(self.folder / f"{(exact or fitting)[0].name}.onnx")

    def _installed(self) -> Iterator[Voice]:
        for config in sorted(self.folder.glob("*.onnx.json")):
            model = config.with_suffix("")
            if model.exists():
                settings = _settings(config)
                about = settings.get("audio", {}).get("quality", "")
                yield Voice(
                    name=model.stem, language=_spoken_language(settings), about=f"Piper {about}".strip()
                )


def _spoken_language(settings: dict[str, Any]) -> str:
    """Give the tag of the language that a voice's settings name."""
    code = settings.get("language", {}).get("code", "") or settings.get("espeak", {}).get("voice", "")
    return str(code).replace("_", "-")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Loaded:
    """A model in memory."""

    voice: Any
    calm_length: float
    """Times as long as by its own pace it speaks to be calm."""


def _loaded(model: Path) -> _Loaded:
    """Give a voice that is ready to speak; one for all threads, loaded once. Raises SpeechError."""
    with _LOADING:
        try:
            return _opened(model, model_digest(model), model_digest(Path(f"{model}.json")))
        except Exception as error:  # onnxruntime and Piper raise errors of many kinds for a broken file
            raise SpeechError(
                f"the Piper voice cannot be loaded: {error}", where=str(model), remedy="download it again"
            ) from error


@lru_cache(maxsize=2)
def _opened(model: Path, *digests: str) -> _Loaded:
    """Load a model, on one thread: with more, sums come in other orders, and out a little different."""
    del digests  # a replaced file is another voice
    import onnxruntime
    from piper import PiperVoice
    from piper.config import PiperConfig

    settings = json.loads(Path(f"{model}.json").read_text("utf-8"))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        str(model), sess_options=options, providers=["CPUExecutionProvider"]
    )
    voice = PiperVoice(session=session, config=PiperConfig.from_dict(settings))
    return _Loaded(voice=voice, calm_length=_calm_length(voice, _spoken_language(settings)))


def _calm_length(voice: Any, language: str) -> float:
    """Measure by how much a voice must be slowed down to take as long as the estimate says a calm one takes.

    At two lengths, for each sound lasts a whole number of steps: twice the length is less than twice the time.
    """
    sentences = voice.phonemize(" ".join(_reference(language)))
    once, twice = (sum(_seconds(_said(voice, each, length)) for each in sentences) for length in (1.0, 2.0))
    if twice <= once:
        return USUAL_LENGTH
    length = 1.0 + (LONGER * _likely_seconds(language) - once) / (twice - once)
    return min(LONGEST_LENGTH, max(SHORTEST_LENGTH, length))


def _seconds(recording: Recording) -> float:
    start, stop = speech_span(recording)
    return (stop - start) / recording.rate


def _likely_seconds(language: str) -> float:
    """Give how long a calm voice is likely to take for the sentences that a voice is measured by."""
    return sum(estimate(sentence, language) for sentence in _reference(language))


def _reference(language: str) -> list[str]:
    """Give the sentences of a language's safety words; none where it has no record."""
    record = known_language(language)
    if record is None:
        return []
    return re.split(r"(?<=[.!?])\s+", " ".join((*record.phrases.safety, record.phrases.gently)))


@cache
def _packages() -> str:
    """Name what speaks, and what it runs on: asked for each line, and a look at a package takes 5 ms."""
    return f"piper-tts {version('piper-tts')}; {runtime()}"


def _said(voice: Any, sentence: list[str], length: float) -> Recording:
    from piper import SynthesisConfig

    manner = SynthesisConfig(length_scale=length, noise_scale=NOISE, noise_w_scale=NOISE_OF_LENGTHS)
    samples = voice.phoneme_ids_to_audio(voice.phonemes_to_ids(sentence), manner)
    return Recording(np.clip(np.asarray(samples, np.float32), -1.0, 1.0), voice.config.sample_rate)


def _settings(config: Path) -> dict[str, Any]:
    try:
        loaded = json.loads(config.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return loaded if isinstance(loaded, dict) else {}


def _phonetic(text: str) -> str:
    """Write pronunciations as Piper takes them, between double brackets."""
    return "".join(
        f"[[ {span.ipa.translate(_AS_ESPEAK)} ]]"
        if span.kind == "pronounced"
        else span.text.replace("[[", "[ [")
        for span in spans(text)
    )
