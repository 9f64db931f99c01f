"""A cue's text comes in with marks in it; its spans, or its text with fewer marks, go out.

    Reach up ... and hold.         a pause of half a second (also written …)
    Move *slowly*, only as far as is easy.     emphasis

Two marks are all there is to learn. A third comes from the lexicon alone, never from a script:
`[word|ˈaɪpə]`, a word with its pronunciation in IPA. Every engine gets the marks it understands; pauses are
put in for the others as silence, the rest is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

PAUSE_SECONDS = 0.5

Mark = Literal["pause", "emphasis", "ipa"]
MARKS: frozenset[Mark] = frozenset({"pause", "emphasis", "ipa"})

_MARKED = re.compile(
    r"\s*(?P<pause>\.{3,}|…)|\*(?P<emphasis>[^*]+)\*|\[(?P<word>[^|\[\]]+)\|(?P<ipa>[^\]]+)\]"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A run of text that is spoken one way."""

    kind: Literal["words", "pause", "emphasis", "ipa"]
    text: str = ""
    """The words; empty for a pause."""
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
            yield Span(kind="ipa", text=match["word"], ipa=match["ipa"])
        end = match.end()
    if end < len(text):
        yield Span(kind="words", text=_unmarked(text[end:]))


def keep_marks(text: str, wanted: frozenset[str]) -> str:
    """Leave only the wanted kinds of marks in a text."""
    return "".join(_written(span, wanted) for span in spans(text)).strip()


def plain(text: str) -> str:
    """Give the words alone."""
    return keep_marks(text, frozenset())


def parts(text: str) -> tuple[str, ...]:
    """Split a text at its pauses into the parts that have words."""
    found = [""]
    for span in spans(text):
        if span.kind == "pause":
            found.append("")
        else:
            found[-1] += _written(span, MARKS)
    return tuple(part.strip() for part in found if re.search(r"\w", part))


def _written(span: Span, wanted: frozenset[str]) -> str:
    if span.kind == "pause":
        return "…" if "pause" in wanted else ""
    if span.kind == "emphasis" and "emphasis" in wanted:
        return f"*{span.text}*"
    if span.kind == "ipa" and "ipa" in wanted:
        return f"[{span.text}|{span.ipa}]"
    return span.text


def _unmarked(text: str) -> str:
    return text.replace("*", "")
