"""How particular words are said, as a routine's lexicon has it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from audio_builder.errors import SpeechError
from audio_builder.language import known_language
from audio_builder.language.normalise import normalise, spelled_out, tidied
from audio_builder.language.numerals import STANDING_IN
from audio_builder.speech.notation import pronounced

_ENTRY = re.compile(r"(?P<respelling>[^/\[\]|=]*?)\s*(?:/(?P<ipa>[^/\[\]|]*[^\W_ˈˌ][^/\[\]|]*)/)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pronunciation:
    """How one word is said."""

    word: str
    """As the entry has it."""
    respelling: str = ""
    """Written so that an engine says it right, such as `skappula` for `scapula`."""
    ipa: str = ""
    """For engines that take it; others say the respelling, or the word as written."""


@dataclass(frozen=True, kw_only=True)
class Lexicon:
    """Pronunciations by word, in lower case; a word may be several."""

    entries: Mapping[str, Pronunciation] = field(default_factory=dict)

    @classmethod
    def read(cls, words: Mapping[str, str], where: str | None = None) -> Lexicon:
        """Make one from `word: respelling`, `word: /ipa/` or `word: respelling /ipa/`. Raises SpeechError."""
        return cls(
            entries={_word(word, where): _pronunciation(word, said, where) for word, said in words.items()}
        )

    @classmethod
    def of_language(cls, language: str, words: Mapping[str, str] = MappingProxyType({})) -> Lexicon:
        """Make one from a routine's words, over those that the language's own record has. Raises SpeechError."""
        known = known_language(language)
        return cls.read({**(known.lexicon if known else {}), **words}, "lexicon")

    def apply(self, text: str, language: str = "en") -> str:
        """Write a text out as it is said, and mark words with how they are; the longest entry wins, in any case.

        Entries are looked for in the text as it is written, and in what is written out.
        """
        if not self.entries:
            return normalise(text, language)
        said: list[str] = []

        def mark(match: re.Match[str]) -> str:
            entry = self.entries[match[0].lower()]
            word = re.sub(r"[\[\]|=]+", " ", match[0]).strip()
            said.append(pronounced(word, respelling=entry.respelling, ipa=entry.ipa))
            return STANDING_IN[len(said) - 1] if len(said) <= len(STANDING_IN) else match[0]

        written = self._pattern.sub(mark, spelled_out(self._pattern.sub(mark, tidied(text)), language))
        return re.sub(f"[{STANDING_IN}]", lambda match: said[STANDING_IN.index(match[0])], written)

    def unused(self, texts: Iterable[str], language: str = "en") -> tuple[str, ...]:
        """Give the entries, as they are written, that none of the texts holds."""
        held = {
            match[0].lower()
            for text in dict.fromkeys(texts)
            for stage in (tidied(text), normalise(text, language))
            for match in (self._pattern.finditer(stage) if self.entries else ())
        }
        return tuple(entry.word for word, entry in self.entries.items() if word not in held)

    def without(self, text: str) -> str:
        """Give what is left of a text beside the words that have an entry."""
        return self._pattern.sub(" ", tidied(text)) if self.entries else text

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        words = sorted(self.entries, key=len, reverse=True)
        return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)", re.IGNORECASE)


def _word(word: str, where: str | None) -> str:
    cleaned = tidied(word).lower()
    if not re.search(r"\w", cleaned):
        raise SpeechError(f'"{word}" is not a word', where, "write the word as it stands in the cues")
    return cleaned


def _pronunciation(word: str, said: str, where: str | None) -> Pronunciation:
    match = _ENTRY.fullmatch(said.strip())
    if match is None or not (match["respelling"] or match["ipa"]):
        raise SpeechError(
            f'"{said}" is no pronunciation of "{word}"',
            where,
            'write a respelling, IPA between slashes, or both, like "skappula /ˈskæpjʊlə/"',
        )
    return Pronunciation(word=word, respelling=match["respelling"], ipa=match["ipa"] or "")
