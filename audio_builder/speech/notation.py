"""How a text is marked for the voice: pauses, emphasis, and from a lexicon how particular words are said.

    Reach up ... and hold.                        a pause of half a second (also written …)
    Move *slowly*, only as far as is easy.        emphasis

Two marks are all there is to learn. A third comes from the lexicon alone, never from a script: a word with
how it is said, `[scapula=skappula|ˈskæpjʊlə]`. Every engine gets the marks it understands; pauses are put in
for the others as silence, of a pronunciation they get the respelling, and the rest is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Literal

from audio_builder.errors import SpeechError
from audio_builder.language import known_language
from audio_builder.language.normalise import normalise, spelled_out, tidied
from audio_builder.language.numerals import STANDING_IN

PAUSE_SECONDS = 0.5

MARKS = frozenset({"pause", "emphasis", "ipa", "written"})
"""What an engine may understand.

    pause      … is left in the text, and the engine makes the pause
    emphasis   *words* are left in the text
    ipa        pronunciations in IPA are left in, as `[word|ipa]`
    written    words are left as the script has them, whatever the lexicon says; with `ipa`, the whole mark is
"""

_PAUSE = re.compile(r"\s*(?:\.{3,}|…)")
_MARKED = re.compile(
    r"\s*(?P<pause>\.{3,}|…)"
    r"|(?<![\w*])\*(?P<emphasis>(?=\S)[^*]+(?<=\S))\*(?!\w)"
    r"|\[(?P<word>[^|\[\]=]+)(?:=(?P<respelling>[^|\[\]]*))?\|(?P<ipa>[^|\[\]]*)\]"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A run of text that is spoken one way."""

    kind: Literal["words", "pause", "emphasis", "pronounced"]
    text: str = ""
    """The words as written; empty for a pause."""
    respelling: str = ""
    ipa: str = ""


def spans(text: str) -> Iterator[Span]:
    """Give a text's runs in order; a mark that is opened and never closed is left out."""
    end = 0
    for match in _MARKED.finditer(text):
        if match.start() > end:
            yield Span(kind="words", text=_unmarked(text[end : match.start()]))
        if match["pause"]:
            yield Span(kind="pause")
        elif match["emphasis"]:
            yield Span(kind="emphasis", text=match["emphasis"])
        else:
            yield Span(
                kind="pronounced", text=match["word"], respelling=match["respelling"] or "", ipa=match["ipa"]
            )
        end = match.end()
    if end < len(text):
        yield Span(kind="words", text=_unmarked(text[end:]))


def pronounced(word: str, *, respelling: str = "", ipa: str = "") -> str:
    """Write a word with how it is said."""
    return f"[{word}={respelling}|{ipa}]"


def keep_marks(text: str, wanted: frozenset[str]) -> str:
    """Leave only the wanted kinds of marks in a text."""
    return "".join(_written(span, wanted) for span in spans(text)).strip()


def plain(text: str) -> str:
    """Give a script's words alone, as they are written: its own brackets are no marks."""
    return _unmarked(_PAUSE.sub("", text)).strip()


def parts(text: str) -> tuple[str, ...]:
    """Split a text at its pauses into the parts that have words."""
    return tuple(part.strip() for part in re.split(r"\.{3,}|…", text) if re.search(r"\w", part))


def _written(span: Span, wanted: frozenset[str]) -> str:
    if span.kind == "pause":
        return "…" if "pause" in wanted else ""
    if span.kind == "emphasis":
        inside = keep_marks(span.text, wanted)
        return f"*{inside}*" if "emphasis" in wanted else inside
    if span.kind == "pronounced" and "written" in wanted:
        whole = pronounced(span.text, respelling=span.respelling, ipa=span.ipa)
        return whole if "ipa" in wanted else span.text
    if span.kind == "pronounced":
        if "ipa" in wanted and span.ipa:
            return f"[{span.respelling or span.text}|{span.ipa}]"
        return span.respelling or span.text
    return span.text


def _unmarked(text: str) -> str:
    return text.replace("*", "")


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
