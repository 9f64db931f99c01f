"""A cue's text comes in with marks in it; its spans, or its text with fewer marks, go out.

    Reach up ... and hold.                        a pause of half a second (also written …)
    Move *slowly*, only as far as is easy.        emphasis

Two marks are all there is to learn. A third comes from the lexicon alone, never from a script: a word with
how it is said, `[scapula=skappula|ˈskæpjʊlə]`. Every engine gets the marks it understands; pauses are put in
for the others as silence, of a pronunciation they get the respelling, and the rest is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

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
