"""Speak by Google's voice, fetched by gTTS a few sentences at a time."""

from __future__ import annotations

import io
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from statistics import median
from types import MappingProxyType

import numpy as np

from audio_builder.errors import Action, Remedy, VoiceError
from audio_builder.speech.engine import Availability, Recording, Utterance, Voice
from audio_builder.speech.engines.google import PassingError, Service
from audio_builder.speech.estimate import estimate
from audio_builder.speech.finishing import pieces, rest_after, speech_span, spliced
from audio_builder.speech.recording import broken_end

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


DOUBTFUL_SHARE = 0.8
"""Of the length that a voice usually takes for a text: a shorter clip may be a part of it."""
TOO_SMALL_SHARE = 0.75
"""A shorter one is a part, and be it the same each time; of a voice that is not known yet, only below this squared."""
DOUBTFUL_TAIL = 0.5
"""Of the quiet that a voice's clips usually end with: less, and the clip may go on."""

LEARNED = 5
"""So many clips tell what is usual; until then it is this."""
USUAL_SHARE = 1.0
USUAL_TAIL_SECONDS = 0.2

_BITRATES_KBPS = {
    # Layer III by MPEG version: 1, then 2 and 2.5 (ISO/IEC 11172-3 and 13818-3).
    3: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES_HZ = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}


@dataclass(slots=True)
class Habits:
    """What whole clips of one voice are like, learned from those that came."""

    shares: list[float] = field(default_factory=list)
    """How long their speech lasts against the estimate."""
    tails_seconds: list[float] = field(default_factory=list)
    """How long they are quiet at their end."""

    def doubts(self, share: float, tail_seconds: float) -> bool:
        """Say whether a clip may be a part: shorter than others, or sooner over after its last word."""
        tail = median(self.tails_seconds) if self._known else USUAL_TAIL_SECONDS
        return share < DOUBTFUL_SHARE * self._share or tail_seconds < DOUBTFUL_TAIL * tail

    def refuses(self, share: float) -> bool:
        """Say whether a clip is so short that it must be a part, even where it comes again."""
        return share < (TOO_SMALL_SHARE if self._known else TOO_SMALL_SHARE**2) * self._share

    @property
    def _known(self) -> bool:
        return len(self.shares) >= LEARNED

    @property
    def _share(self) -> float:
        return median(self.shares) if self._known else USUAL_SHARE

    def learn(self, share: float, tail_seconds: float) -> None:
        """Note a clip that was taken."""
        self.shares.append(share)
        self.tails_seconds.append(tail_seconds)


def taking(likely_seconds: float, habits: Habits) -> Callable[[bytes], Recording]:
    """Give what decodes the answers to one text, and takes none that may be a part of it.

    An MP3 that stops between two frames and two words is whole for any decoder. So one that is short for its text, or
    ends at once, is asked for again: what broke off does not break off twice at the same place, and what is whole
    comes the same again.
    """
    doubted: list[bytes] = []

    def take(mp3: bytes) -> Recording:
        recording = decoded(mp3)
        start, stop = speech_span(recording)
        share = (stop - start) / recording.rate / max(likely_seconds, 0.1)
        tail_seconds = (len(recording.samples) - stop) / recording.rate
        if habits.doubts(share, tail_seconds) and (mp3 not in doubted or habits.refuses(share)):
            doubted.append(mp3)
            raise PassingError(f"the clip may be a part: it has {share:.0%} of its text's likely length")
        habits.learn(share, tail_seconds)
        return recording

    return take


def decoded(mp3: bytes) -> Recording:
    """Decode a clip. Raises PassingError for nothing, a part, or no MP3, which may go better next time."""
    import soundfile

    if not mp3:
        raise PassingError("the service sent no sound")
    if not is_whole(mp3):
        raise PassingError("the service sent something that is no whole MP3")
    try:
        samples, rate = soundfile.read(io.BytesIO(mp3), dtype="float32", always_2d=True)
    except soundfile.LibsndfileError as error:
        raise PassingError(f"the service sent an MP3 that cannot be decoded: {error}") from error
    recording = Recording(np.asarray(samples.mean(axis=1), np.float32), int(rate))
    if wrong := broken_end(recording):
        raise PassingError(wrong)
    return recording


def is_whole(mp3: bytes) -> bool:
    """Say whether there is at least one Layer III frame and every one of them is complete."""
    place = _after_id3(mp3)
    frames = 0
    while place < len(mp3):
        if mp3[place : place + 3] == b"TAG" and len(mp3) - place == 128:
            break
        length = _frame_bytes(mp3[place : place + 4])
        if length == 0 or place + length > len(mp3):
            return False
        place += length
        frames += 1
    return frames > 0


def _after_id3(mp3: bytes) -> int:
    if mp3[:3] != b"ID3" or len(mp3) < 10:
        return 0
    size = 0
    for byte in mp3[6:10]:
        size = size << 7 | byte & 0x7F
    return 10 + size


def _frame_bytes(head: bytes) -> int:
    """Give the length of the frame that begins with these four bytes; 0 where they are no frame head."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return 0
    version, rate, bitrate = head[1] >> 3 & 3, head[2] >> 2 & 3, head[2] >> 4
    if version == 1 or rate == 3 or bitrate in (0, 15):
        return 0
    padding = head[2] >> 1 & 1
    kbps = _BITRATES_KBPS[3 if version == 3 else 2][bitrate]
    return (144 if version == 3 else 72) * kbps * 1_000 // _RATES_HZ[version][rate] + padding
