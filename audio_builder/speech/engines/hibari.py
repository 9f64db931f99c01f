"""The embedded neural voice for English: small models whose first one comes inside the package hibari-tts."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.metadata import version
from importlib.util import find_spec
from os import cpu_count
from pathlib import Path
from typing import Any

import numpy as np

from audio_builder.errors import Action, Remedy, SpeechError, VoiceError
from audio_builder.sound.samples import Samples
from audio_builder.speech.engine import Availability, Recording, Utterance, Voice
from audio_builder.speech.finishing import pieces, rest_after, spliced
from audio_builder.speech.neural import altered, model_digest, runtime
from audio_builder.speech.notation import Span, spans

log = logging.getLogger(__name__)

CALM_SPEED = 0.66
"""Against the model's own pace: 130 to 150 words a minute, by tests/benchmarks/voices.py."""

SEED = 0
"""Of the noise that is mixed into each sentence."""

SLOWEST, FASTEST = 0.4, 2.0
"""What the model was made for, and a little below."""

LONGEST_CHARACTERS = 300
"""A sentence past that is spoken in parts: the model reads about 400 sounds at a time."""

INSTALL = "pip install 'audio-builder[voice]'"
REINSTALL = "pip install --force-reinstall --no-deps hibari-tts"

GUESSED = 2
"""The package's own rating of a word that it had to guess."""

_STRESS = re.compile(r"([ˈˌ])([^AIOQWYaeiouæɑɒɔəɚɛɜɪʊʌᵻˈˌ\s]+)")
_LOADING = threading.Lock()
_NO_LINKS = str.maketrans("[]", "()")
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"')]*\s+")

_FROM_IPA = (
    ("t͡ʃ", "ʧ"), ("d͡ʒ", "ʤ"), ("tʃ", "ʧ"), ("dʒ", "ʤ"), ("eɪ", "A"), ("aɪ", "I"), ("aʊ", "W"), ("ɔɪ", "Y"),
    ("oʊ", "O"), ("əʊ", "Q"), ("ɝ", "ɜɹ"), ("ɚ", "əɹ"), ("ɐ", "ə"), ("l̩", "ᵊl"), ("n̩", "ᵊn"), ("m̩", "ᵊm"),
    ("r", "ɹ"), ("g", "ɡ"), ("ɫ", "l"), ("ɾ", "T"), ("ʔ", "t"), ("e", "ɛ"), ("a", "ɑ"), ("o", "ɔ"), ("'", "ˈ"),
    (",", "ˌ"), (".", ""), ("͡", ""), ("‿", ""), ("(", ""), (")", ""),
)  # fmt: skip
"""IPA as dictionaries write it, and the one letter that the model knows a sound by; longest first."""

_AMERICAN = (("Q", "O"), ("ɒ", "ɑ"), ("ː", ""))
_BRITISH = (("O", "Q"),)
"""The sounds that only one of the two kinds of voices has, and what the other has in their place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Model:
    """One voice, as the package lists it."""

    voice: Voice
    file: Path
    bundled: bool
    """Whether it comes inside the package."""
    sha256: str
    """What was published, in hexadecimal."""


class HibariEngine:
    """Neural English, without a network: the voice of the package, and those that were downloaded."""

    name = "hibari"
    online = False
    understands = frozenset({"ipa"})

    @property
    def at_once(self) -> int:
        """As many as there are cores: all of them share one model."""
        return max(1, cpu_count() or 1)

    def identity(self, voice: str, language: str) -> str:
        """Name the package, the model by its contents, how it speaks, and what it runs on."""
        model = _chosen(voice, language)
        try:
            digest = model_digest(model.file)
        except OSError as error:
            raise SpeechError(
                f"the voice hibari:{model.voice.name} is not here yet", remedy=_again(model)
            ) from error
        return f"{digest}; speed {CALM_SPEED}; seed {SEED}; {_packages()}"

    def voices(self) -> Sequence[Voice]:
        """List the voices that are here."""
        return tuple(model.voice for model in catalogue() if model.file.is_file())

    def downloadable(self) -> Sequence[Voice]:
        """List the voices that a download would add."""
        return tuple(model.voice for model in catalogue() if not model.file.is_file())

    def availability(self) -> Availability:
        """Say whether the packages are here, and model and dictionaries are those that were published."""
        for package in ("hibari", "onnxruntime"):
            if find_spec(package) is None:
                name = {"hibari": "hibari-tts"}.get(package, package)
                return Availability(works=False, why=f"the package {name} is missing", remedy=INSTALL)
        try:
            damage = _altered() or _damage(catalogue()[0])
        except SpeechError as error:
            damage = error.message
        return Availability(
            works=not damage, why=damage, remedy=REINSTALL if damage else "", broken=bool(damage)
        )

    def speak(self, utterance: Utterance) -> Recording:
        """Run the model sentence by sentence, with a rest after each."""
        model = _chosen(utterance.voice, utterance.language)
        voice = _loaded(model)
        speed = min(FASTEST, max(SLOWEST, CALM_SPEED * utterance.speed))
        british = model.voice.language == "en-GB"
        sentences = [
            part
            for sentence in _SENTENCE_END.split(_phonetic(utterance.text, voice, british=british))
            if re.search(r"\w", sentence)
            for part in pieces(sentence, LONGEST_CHARACTERS)
        ]
        recordings = [Recording(_said(voice, each, speed), voice.sample_rate) for each in sentences]
        if not recordings:
            raise SpeechError("there are no words in this text")
        return spliced(recordings, [rest_after(each) / utterance.speed for each in sentences])

    def close(self) -> None:
        """Keep the model: to load it takes most of a second, and others may be speaking with it."""


def catalogue() -> tuple[_Model, ...]:
    """List every voice that there is, downloaded or not, the one of the package first. Raises SpeechError."""
    try:
        from hibari.voices import ASSETS, VOICES, cache_dir
    except Exception as error:  # a damaged package raises errors of many kinds
        raise SpeechError(f"hibari cannot be loaded: {error}", remedy=REINSTALL) from error

    found = [
        _Model(
            voice=Voice(
                name=name,
                language=facts["language"],
                about=f"neural, {facts['accent']}, {facts['gender']}",
            ),
            file=Path(ASSETS if facts.get("bundled") else cache_dir(), facts["file"]),
            bundled=bool(facts.get("bundled")),
            sha256=facts["sha256"],
        )
        for name, facts in VOICES.items()
    ]
    return tuple(sorted(found, key=lambda model: not model.bundled))


def install_voice(name: str) -> Path:
    """Download a voice by the package's own downloader, which checks it. Raises SpeechError."""
    if find_spec("hibari") is None:
        raise SpeechError("the package hibari-tts is missing", remedy=INSTALL)
    from hibari.voices import voice_path

    if not name:
        named = ", ".join(model.voice.name for model in catalogue())
        raise VoiceError("no voice is named", remedy=f"hibari has {named}")
    model = _chosen(name, "en")
    if not model.bundled and model.file.is_file() and _damage(model):
        model.file.unlink()
    try:
        voice_path(model.voice.name)
    except (RuntimeError, OSError) as error:
        raise SpeechError(
            f"the voice hibari:{name} cannot be downloaded: {error}", remedy="check the network"
        ) from error
    return model.file


def _chosen(voice: str, language: str) -> _Model:
    """Find a voice by its name or, where none is named, the best for a language. Raises VoiceError."""
    if find_spec("hibari") is None:
        raise VoiceError("the package hibari-tts is missing", remedy=INSTALL)
    main = language.lower().partition("-")[0]
    if main != "en":
        raise VoiceError(f'hibari does not speak "{language}"', remedy="it speaks English only")
    models = {model.voice.name: model for model in catalogue()}
    if voice and voice not in models:
        raise VoiceError(f'hibari has no voice "{voice}"', remedy=f"it has {', '.join(models)}")
    if voice:
        return models[voice]
    here = [model for model in models.values() if model.bundled or model.file.is_file()]
    return next((model for model in here if model.voice.language.lower() == language.lower()), here[0])


def _damage(model: _Model) -> str:
    """Say what is wrong with a model's file; empty where it is the published one."""
    try:
        same = model_digest(model.file) == model.sha256
    except OSError:
        return f"the model of its voice {model.voice.name} is missing"
    return "" if same else f"the model of its voice {model.voice.name} is damaged ({model.file})"


def _altered() -> str:
    """Say which of the package's dictionaries is not as it was installed; its model is looked at by itself."""
    spec = find_spec("hibari")
    if spec is None or not spec.origin:
        return "the package hibari-tts is missing"
    return altered("hibari-tts", Path(spec.origin).with_name("assets"), but="hibari.onnx")


def _again(model: _Model) -> Remedy | str:
    download = Action("voices install", f"hibari:{model.voice.name}")
    return REINSTALL if model.bundled else Remedy("{}; a damaged file is replaced", (download,))


def _loaded(model: _Model) -> Any:
    """Give a voice that is ready to speak; one for all threads, loaded once. Raises SpeechError."""
    with _LOADING:
        return _opened(model)


@lru_cache(maxsize=2)
def _opened(model: _Model) -> Any:
    if damage := _altered() or _damage(model):
        raise SpeechError(f"hibari: {damage}", remedy=_again(model))
    try:
        from hibari import Hibari

        voice = Hibari(voice=model.voice.name, model=str(model.file))
        _ = voice.g2p  # its dictionary, too: threads would each load one
    except Exception as error:  # onnxruntime and a damaged dictionary raise errors of many kinds
        raise SpeechError(f"hibari cannot be loaded: {error}", remedy=_again(model)) from error
    return voice


def _said(voice: Any, sentence: str, speed: float) -> Samples:
    """Speak one sentence. Numbers and abbreviations are ours to write out, so its own rules are not asked."""
    words = voice.g2p.phonemize_tokens(voice.g2p.tokenize(sentence))
    lost = [
        word.text
        for word in words
        if (re.search(r"\w", word.text) and not word.phonemes) or _is_cut(word, voice)
    ]
    if lost:
        raise SpeechError(
            f'hibari cannot say "{lost[0].strip(".,;:!?")}"', remedy="give the lexicon a respelling of it"
        )
    sounds = "".join(f"{word.phonemes or ''}{' ' if word.whitespace else ''}" for word in words).strip()
    return np.asarray(voice.from_phonemes(sounds, speed=speed, seed=SEED), dtype=np.float32)


def _is_cut(word: Any, voice: Any) -> bool:
    """Tell a word that is in no dictionary, and longer than what reads such words looks at."""
    return word.rating == GUESSED and any(
        len(letters) > voice.g2p.oov.maxlen for letters in re.findall(r"[^\W\d_]+", word.text)
    )


@cache
def _packages() -> str:
    """Name what it runs on, and who does its Fourier transforms: SciPy's are not NumPy's to the last bit.

    Asked for each line, and a look at a package takes 5 ms.
    """
    transforms = "numpy" if find_spec("scipy") is None else "scipy"
    return f"hibari-tts {version('hibari-tts')}; {runtime()}; {transforms} {version(transforms)}"


def _phonetic(text: str, voice: Any, *, british: bool) -> str:
    """Write pronunciations as the package takes them, `[word](/sounds/)`."""
    return "".join(
        _pronounced(span, voice, british=british)
        if span.kind == "pronounced"
        else span.text.translate(_NO_LINKS)
        for span in spans(text)
    )


def _pronounced(span: Span, voice: Any, *, british: bool) -> str:
    sounds = span.ipa
    for written, letter in (*_FROM_IPA, *(_BRITISH if british else _AMERICAN)):
        sounds = sounds.replace(written, letter)
    # Dictionaries mark stress before the syllable, and none in a word of one; the model reads it before a vowel.
    sounds = _STRESS.sub(r"\2\1", sounds if "ˈ" in sounds else f"ˈ{sounds}")
    unknown = sorted({each for each in sounds if each not in voice.vocab and not each.isspace()})
    if unknown:
        unsaid = 'hibari does not know the sound %s in "%s"; it says the word as written'
        log.warning(unsaid, unknown[0], span.text)
        return span.text
    return f"[{span.text}](/{sounds}/)"
