"""An utterance comes in; Google's voice goes out, fetched by gTTS and decoded."""

from __future__ import annotations

import io
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

import numpy as np

from audio_builder.errors import SpeechError
from audio_builder.speech.engine import Availability, Voice
from audio_builder.speech.utterance import Recording, Utterance

TIMEOUT_SECONDS = (5.0, 10.0)
SLOW_BELOW = 0.8
"""The service has two speeds; utterances slower than this take its slow one."""


class GttsEngine:
    """Google Translate's voice, over the network."""

    name = "gtts"
    online = True
    at_once = 2
    understands: frozenset[str] = frozenset()

    def identity(self, voice: str, language: str) -> str:
        """Name the package and the accent; the service itself tells no version."""
        return f"gTTS {version('gTTS')}; {voice or 'com'}"

    def voices(self) -> Sequence[Voice]:
        """List the languages gTTS knows."""
        from gtts.lang import tts_langs

        return tuple(Voice(name="", language=tag, about=name) for tag, name in sorted(tts_langs().items()))

    def availability(self) -> Availability:
        """Say whether gTTS is installed; whether the service answers is for the probe."""
        from importlib.util import find_spec

        if find_spec("gtts") is None:
            return Availability(works=False, why="the package gTTS is missing", remedy="pip install gTTS")
        return Availability(works=True, why="needs the network")

    def speak(self, utterance: Utterance) -> Recording:
        """Fetch and decode one utterance."""
        return _decoded(_fetched(utterance))

    def close(self) -> None:
        """Nothing is held."""


def _fetched(utterance: Utterance) -> bytes:
    import requests
    from gtts import gTTS
    from gtts.tts import gTTSError

    try:
        speech = gTTS(
            utterance.text,
            tld=utterance.voice or "com",
            lang=utterance.language,
            slow=utterance.speed < SLOW_BELOW,
            timeout=TIMEOUT_SECONDS,
        )
        return b"".join(speech.stream())
    except (gTTSError, requests.RequestException, ValueError, AssertionError) as error:
        raise SpeechError(f"gTTS: {error}") from error


def _decoded(mp3: bytes) -> Recording:
    import soundfile

    if not mp3:
        raise SpeechError("gTTS gave no sound")
    try:
        samples, rate = soundfile.read(io.BytesIO(mp3), dtype="float32", always_2d=True)
    except soundfile.LibsndfileError as error:
        raise SpeechError(f"gTTS gave something that is not sound: {error}") from error
    mono: Any = samples.mean(axis=1, dtype=np.float32)
    return Recording(mono, int(rate))
