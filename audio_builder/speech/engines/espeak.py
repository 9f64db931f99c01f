"""Speak by eSpeak NG, the same samples for the same text whatever came before."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, cached_property, lru_cache
from html import escape
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType

import numpy as np

from audio_builder.errors import Action, Remedy, VoiceError
from audio_builder.sound.synthesis import stretched
from audio_builder.speech.engine import Availability, Recording, Utterance, Voice
from audio_builder.speech.engines.espeak_pool import WorkerPool
from audio_builder.speech.finishing import dispersed
from audio_builder.speech.notation import spans


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How eSpeak NG speaks."""

    words_per_minute: Mapping[str, int]
    """As the library counts, by main language; of any other language under `*`."""
    pitch: int = 50
    """0 to 99."""
    pitch_range: int = 50
    """0 (one tone) to 99."""
    word_gap: int = 0
    """Between words, in units of 10 ms at the default speed."""
    variant: str = ""
    """The timbre where none was asked for, as in `en-us+VARIANT`."""
    voices: tuple[tuple[str, str], ...] = (("en", "en-us"),)
    """Languages with the voice that speaks them where none was asked for, if not the voice of that name."""

    def rate(self, language: str) -> int:
        """Give the words a minute for a language."""
        return self.words_per_minute.get(language.lower().partition("-")[0], self.words_per_minute["*"])


CALM = Manner(
    words_per_minute=MappingProxyType({"en": 118, "de": 100, "es": 110, "fr": 94, "*": 110}),
    pitch=45,
    variant="edward",
)
"""The timbre is the best understood of all 104 by two recognisers; the rates give the words a minute of DESIGN 6 over
all bundled cues, as tests/benchmarks/voices.py counts them: the library's own count is of other words.
"""

MOST_AT_ONCE = 8
"""More workers cost more to start than they gain: a session's lines take one of them a third of a second."""
PLAIN = "plain"
"""As a variant's name: the voice as it is, as in `en-us+plain`."""
SLOWEST_WPM, FASTEST_WPM = 86, 450
"""Below the slowest the library hardly slows down: its sound is stretched instead."""
STRETCHED_FROM = 1.02
"""Times as long; less comes of rounding."""
STRETCHED_GRAIN = 1_024
"""Samples: 46 ms at the library's sample rate."""
HEADROOM = 0.8
"""Of full scale: a spread peak may be higher than it was. Clips are levelled afterwards."""
WORST = 99
"""Behind every rank that a voice file can give."""
USUAL_RANK = 5
"""Of a language that a voice file lists without a rank: the library's own rule; the lowest wins."""

_CLAUSE_END = re.compile(r"(?:(?<=[.!?;:])|(?<=[.!?;:][\"'*)]))\s+")
_BREATHS_MS = {".": 420, "!": 420, "?": 420, ";": 300, ":": 300}
"""How long the voice rests after a clause, so that long cues breathe."""


class EspeakEngine:
    """The embedded voice: in the install, without network, in more than a hundred languages."""

    name = "espeak"
    online = False
    understands = frozenset({"emphasis"})

    def __init__(self, manner: Manner = CALM) -> None:
        self._manner = manner
        self._resolved = cache(self._resolve)
        """A session asks for the same voice for every line."""

    @property
    def at_once(self) -> int:
        """As many as there are cores: each has a worker process, and a thread that finishes its clips."""
        return min(MOST_AT_ONCE, max(2, os.cpu_count() or 1))

    def identity(self, voice: str, language: str) -> str:
        """Name the library's package, the voice and the settings."""
        named = self._resolved(voice, language)
        manner = self._manner
        return (
            f"espeakng-loader {_library_version()}; {named}; {manner.rate(language)} wpm, "
            f"pitch {manner.pitch}/{manner.pitch_range}, gap {manner.word_gap}; dispersed"
        )

    def availability(self) -> Availability:
        """Say whether the library and its data are here."""
        remedy = "pip install --force-reinstall espeakng-loader"
        if find_spec("espeakng_loader") is None:
            return Availability(works=False, why="the package espeakng-loader is missing", remedy=remedy)
        for path in _library():
            if not Path(path).exists():
                return Availability(works=False, why=f"{path} is missing", remedy=remedy)
        return Availability(works=True)

    def voices(self) -> Sequence[Voice]:
        """List the voices; each also takes a variant, as in `en-us+f3`, or `plain` for none."""
        return self._catalogue.voices

    def variants(self) -> Sequence[str]:
        """List the timbres that every voice can take on."""
        return tuple(self._catalogue.variants.values())

    def start(self, lines: int) -> None:
        """Begin to start worker processes."""
        self._pool.start(min(lines, self.at_once))

    def speak(self, utterance: Utterance) -> Recording:
        """Speak by a library that is opened for this clip, with a rest after each clause."""
        usual = self._manner.rate(utterance.language)
        words_per_minute = min(FASTEST_WPM, max(SLOWEST_WPM, round(usual * utterance.speed)))
        voice = self._resolved(utterance.voice, utterance.language)
        rate, payload = self._pool.ask(
            {
                "voice": voice,
                "file": self._catalogue.files[voice.partition("+")[0]],
                "clauses": _clauses(utterance.text, words_per_minute / usual),
                "rate": words_per_minute,
                "pitch": self._manner.pitch,
                "range": self._manner.pitch_range,
                "gap": self._manner.word_gap,
            }
        )
        spoken = dispersed(np.frombuffer(payload, "<i2") * np.float32(HEADROOM / 32_768), rate)
        longer = words_per_minute / usual / utterance.speed
        if longer > STRETCHED_FROM:
            spoken = stretched(spoken, round(longer * len(spoken)), grain=STRETCHED_GRAIN)
        return Recording(spoken, rate)

    def close(self) -> None:
        """End the worker processes."""
        if "_pool" in self.__dict__:
            self._pool.close()

    @cached_property
    def _pool(self) -> WorkerPool:
        return WorkerPool(*_library())

    @cached_property
    def _catalogue(self) -> Catalogue:
        return read_catalogue(Path(_library()[1]))

    def _resolve(self, voice: str, language: str) -> str:
        """Give the library's name for a voice, or for a language's, in the default timbre unless one is named."""
        name, plus, variant = voice.partition("+")
        name = name or dict(self._manner.voices).get(language.lower(), "")
        if not plus:
            variant = self._manner.variant
        return self._catalogue.resolve(name, language, variant="" if variant == PLAIN else variant)


@cache
def _library_version() -> str:
    return version("espeakng-loader")


def _library() -> tuple[str, str]:
    import espeakng_loader

    return espeakng_loader.get_library_path(), str(Path(espeakng_loader.__file__).parent / "espeak-ng-data")


def _clauses(text: str, speed: float) -> list[tuple[str, int]]:
    """Split into clauses as SSML, each with the rest after it in milliseconds."""
    found = [clause for clause in _CLAUSE_END.split(text) if re.search(r"\w", clause)]
    rests_ms = [round(_BREATHS_MS.get(each.rstrip("\"'*)")[-1], 0) / speed) for each in found[:-1]]
    return list(zip(map(_ssml, found), [*rests_ms, 0], strict=False))


def _ssml(clause: str) -> str:
    return "".join(
        f"<emphasis>{escape(span.text)}</emphasis>"
        if span.kind == "emphasis"
        else escape(span.text, quote=False)
        for span in spans(clause)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """What the data folder holds."""

    voices: tuple[Voice, ...]
    by_tag: dict[str, str]
    """Every language tag that some voice claims, in lower case, with the voice that claims it most."""
    files: dict[str, str]
    """Each voice's file by its name, as a path in the data folder."""
    variants: Mapping[str, str]
    """By their names in small letters."""

    def resolve(self, voice: str, language: str, *, variant: str) -> str:
        """Give the name that the library knows, of a voice or else of a language's, with a variant if any.

        Raises VoiceError for what it does not know: the library itself would pass over it.
        """
        name = self._voice(voice) if voice else self._for_language(language)
        if not variant:
            return name
        known = self.variants.get(variant.lower())
        if known is None:
            raise VoiceError(
                f'eSpeak NG has no variant "{variant}"',
                remedy=_suggestion(variant, tuple(self.variants.values()), _ANOTHER_VOICE),
            )
        return f"{name}+{known}"

    def _voice(self, asked: str) -> str:
        found = self.by_tag.get(asked.lower())
        if found is None:
            raise VoiceError(
                f'eSpeak NG has no voice "{asked}"',
                remedy=_suggestion(asked, tuple(self.by_tag), _ANOTHER_VOICE),
            )
        return found

    def _for_language(self, language: str) -> str:
        tag = language.lower()
        while tag not in self.by_tag and "-" in tag:
            tag = tag.rpartition("-")[0]
        if tag not in self.by_tag:
            raise VoiceError(
                f'eSpeak NG does not speak "{language}"',
                remedy=_suggestion(language, tuple(self.by_tag), "choose another engine"),
            )
        return self.by_tag[tag]


@lru_cache(maxsize=2)
def read_catalogue(data_folder: Path) -> Catalogue:
    """Read every voice file of the folder."""
    voices = []
    claims: dict[str, tuple[int, str]] = {}
    files: dict[str, str] = {}
    files_here = {entry.name for entry in os.scandir(data_folder)}
    for path in sorted(
        Path(inner, name) for inner, _, names in os.walk(data_folder / "lang") for name in names
    ):
        name, tags, dictionary = _voice_file(path)
        if not tags or f"{dictionary}_dict" not in files_here:  # without one it says nothing
            continue
        files[path.name] = path.relative_to(data_folder).as_posix()
        voices.append(Voice(name=path.name, language=tags[0][1], about=name))
        # A voice's own file name is always its own, whatever others claim.
        for rank, tag in [(-1, path.name.lower()), *tags]:
            claims[tag] = min(claims.get(tag, (WORST, "")), (rank, path.name))
    variants = sorted(each.name for each in (data_folder / "voices" / "!v").iterdir())
    return Catalogue(
        voices=tuple(voices),
        by_tag={tag: name for tag, (_, name) in claims.items()},
        files=files,
        variants={name.lower(): name for name in variants},
    )


def _voice_file(path: Path) -> tuple[str, list[tuple[int, str]], str]:
    """Read a voice's name, the languages it claims with its rank in each, and its dictionary's name."""
    name, tags, dictionary = path.name, [], ""
    for line in path.read_text("utf-8", "replace").splitlines():
        fields = line.partition("//")[0].split() or [""]
        if fields[0] == "name":
            name = " ".join(fields[1:])
        elif fields[0] == "dictionary" and len(fields) > 1:
            dictionary = fields[1]
        elif fields[0] == "language" and len(fields) > 1:
            rank = int(fields[2]) if len(fields) > 2 and fields[2].isdigit() else USUAL_RANK
            tags.append((rank, fields[1].lower()))
            dictionary = dictionary or fields[1].partition("-")[0]
    return name, tags, dictionary


_ANOTHER_VOICE = Remedy("see {}", (Action("voices"),))


def _suggestion(asked: str, known: tuple[str, ...], otherwise: Remedy | str) -> Remedy | str:
    close = get_close_matches(asked.lower(), [each.lower() for each in known], n=1)
    return f'did you mean "{close[0]}"?' if close else otherwise
