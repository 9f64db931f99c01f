"""Words with their pronunciations come in; a text marked with them goes out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from audio_builder.errors import SpeechError
from audio_builder.language import known_language
from audio_builder.speech.notation import pronounced

_ENTRY = re.compile(r"(?P<respelling>[^/\[\]|=]*?)\s*(?:/(?P<ipa>[^/\[\]|]+)/)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pronunciation:
    """How one word is said."""

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

    def apply(self, text: str) -> str:
        """Mark whole words, whatever their case, with how they are said; the longest entry wins."""
        if not self.entries:
            return text
        return self._pattern.sub(lambda match: self._said(match[0]), text)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        words = sorted(self.entries, key=len, reverse=True)
        return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)", re.IGNORECASE)

    def _said(self, word: str) -> str:
        entry = self.entries[word.lower()]
        return pronounced(word, respelling=entry.respelling, ipa=entry.ipa)


def _word(word: str, where: str | None) -> str:
    cleaned = " ".join(word.lower().split())
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
    return Pronunciation(respelling=match["respelling"], ipa=match["ipa"] or "")
