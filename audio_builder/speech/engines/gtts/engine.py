"""Speak by Google's voice, fetched by gTTS a few sentences at a time."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from types import MappingProxyType

from audio_builder.errors import Action, Remedy, VoiceError
from audio_builder.speech.engine import Availability, Recording, Utterance, Voice
from audio_builder.speech.engines.gtts.answers import Habits, taking
from audio_builder.speech.engines.gtts.service import Service
from audio_builder.speech.estimate import estimate
from audio_builder.speech.finishing import pieces, rest_after, spliced

LIMIT = 100
"""Characters the service takes at a time."""

SLOW_BELOW = 0.8
"""The service has two speeds; utterances slower than this take its slow one."""

USUAL_TLD = "com"
ACCENTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "en-US": ("com", "English (United States)"),
        "en-GB": ("co.uk", "English (United Kingdom)"),
        "en-AU": ("com.au", "English (Australia)"),
        "en-CA": ("ca", "English (Canada)"),
        "en-IN": ("co.in", "English (India)"),
        "en-IE": ("ie", "English (Ireland)"),
        "en-ZA": ("co.za", "English (South Africa)"),
        "en-NG": ("com.ng", "English (Nigeria)"),
        "es-MX": ("com.mx", "Spanish (Mexico)"),
        "es-ES": ("es", "Spanish (Spain)"),
        "pt-BR": ("com.br", "Portuguese (Brazil)"),
        "pt-PT": ("pt", "Portuguese (Portugal)"),
        "fr-FR": ("fr", "French (France)"),
        "fr-CA": ("ca", "French (Canada)"),
    }
)
"""Accents of the service, with the domain name where it speaks them."""

_BY_TAG = {tag.lower(): tld for tag, (tld, _) in ACCENTS.items()}

_TLD = re.compile(r"[a-z]{2,3}(\.[a-z]{2})?")


class GttsEngine:
    """Google Translate's voice, over the network."""

    name = "gtts"
    online = True
    at_once = 2
    understands: frozenset[str] = frozenset()

    def __init__(self, service: Service | None = None) -> None:
        self._service = service or Service()
        self._habits: dict[tuple[str, str, bool], Habits] = defaultdict(Habits)

    def identity(self, voice: str, language: str) -> str:
        """Name the package, the accent and the language; the service itself tells no version."""
        tld, known = _accent(voice, language), _language(language)
        return f"gTTS {_package_version()}; {tld}; {known}"

    def voices(self) -> Sequence[Voice]:
        """List the accents, named by domain, and every language gTTS knows, in the usual voice."""
        from gtts.lang import tts_langs

        accents = [Voice(name=tld, language=tag, about=about) for tag, (tld, about) in ACCENTS.items()]
        usual = [Voice(name="", language=tag, about=name) for tag, name in sorted(tts_langs().items())]
        return (*accents, *usual)

    def availability(self) -> Availability:
        """Say whether gTTS is installed; whether the service answers is for the probe."""
        if find_spec("gtts") is None:
            return Availability(works=False, why="the package gTTS is missing", remedy="pip install gTTS")
        return Availability(works=True, why="needs the network")

    def speak(self, utterance: Utterance) -> Recording:
        """Fetch and decode one utterance, in as few requests as its sentences allow."""
        tld = _accent(utterance.voice, utterance.language)
        language = _language(utterance.language)
        slow = utterance.speed < SLOW_BELOW
        texts = pieces(utterance.text, LIMIT)
        habits = self._habits[tld, language, slow]
        recordings = []
        for text in texts:
            likely = estimate(text, utterance.language, self.name, speed=utterance.speed if slow else 1.0)
            take = taking(likely, habits)
            recordings.append(self._service.ask(text, language, tld=tld, slow=slow, accept=take))
        return spliced(recordings, [rest_after(text) for text in texts])

    def close(self) -> None:
        """Break off every wait."""
        self._service.close()


@cache
def _package_version() -> str:
    return version("gTTS")


def _accent(voice: str, language: str) -> str:
    """Give the service's domain for a voice, or else for the region in a language tag. Raises VoiceError."""
    if voice:
        if _TLD.fullmatch(voice.lower()):
            return voice.lower()
        raise VoiceError(
            f'gTTS has no voice "{voice}"', remedy="voices are named by domain, such as com, co.uk or com.au"
        )
    return _BY_TAG.get(language.lower(), USUAL_TLD)


def _language(language: str) -> str:
    """Give gTTS's own tag for a language. Raises VoiceError where it knows none."""
    from gtts.lang import tts_langs

    known: dict[str, str] = {tag.lower(): tag for tag in tts_langs()}
    main = language.lower().partition("-")[0]
    # Where an accent is had by domain, gTTS wants the main language alone.
    found = known.get(main) if language.lower() in _BY_TAG else known.get(language.lower()) or known.get(main)
    if found is None:
        raise VoiceError(f'gTTS does not speak "{language}"', remedy=Remedy("see {}", (Action("voices"),)))
    return found
