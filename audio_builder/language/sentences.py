"""The text of a cue as it is shown: without markup, its lines ended, placeholders filled, sentences begun large."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
COUNTED = "reps"
"""The placeholder that may give plural forms."""

_LINK = re.compile(
    r"!?\[([^\[\]]+)\](?:\((?=[^()\s]*[/.:#])(?:[^()\s]|\([^()]*\))*(?: \"[^\"]*\")?\)|\[\d*\])"
)
_LINE_TAG = re.compile(r"<(?:br|/p|/li|/div|/h\d)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:a|b|big|break|code|div|em|emphasis|font|h[1-6]|hr|i|img|li|mark|ol|p|phoneme|prosody|s|say-as|small|span"
    r"|speak|strong|sub|sup|u|ul)\b[^<>]*>|<!--.*?-->",
    re.DOTALL | re.IGNORECASE,
)
_MARKUP = re.compile(
    r"(?m)^\s{0,3}(?:#{1,6}|>)\s+|^\s*[-*_=]{3,}\s*$|`+|(?<!\w)__?(?=\S)|(?<=\S)__?(?!\w)|\*(?=\*)"
)
_CIRCLED = {
    chr(first + number): f"\n{number + 1}. "
    for first, many in ((0x2460, 20), (0x2474, 20), (0x2488, 20), (0x2776, 10), (0x2780, 10), (0x278A, 10))
    for number in range(many)
}
_KEYCAP = re.compile("(\\d)\ufe0f?\u20e3")
_ITEM = re.compile(
    r"(?:[-*+–—]\s+(?:\[[ xX]\]\s+)?|[•‣◦▪·]\s*|\(?(?P<mark>\d{1,2}|[a-zA-Z]|[ivx]{2,4}|[IVX]{2,4})(?:[.)]\s+|\)\s*))"
    r"(?=\S)"
)
_NEXT_ITEM = re.compile(r"(?<=[\w)%°]) (?=\(?\d{1,2}[.)] [\"'¿¡]*[A-ZÀ-Ý{])")
"""Between the items of a list that was written, or folded, into one line."""
_BEGINNING = re.compile(r"(?:^|(?<=[.!?] )|(?<=[.!?][\"')\]»”’] ))[\"'(\[«“‘¿¡*]*(?P<first>\w)")
_BRACKETED = re.compile(r"(?P<before>\S) [(\[][^()\[\]]*[)\]] $")
"""What ends in brackets, with what stands before them: a sentence that goes on behind them began there."""


def readable(text: str) -> str:
    """Take markup away and make sentences of lines: links give their words, entities and list marks are undone."""
    bare = _TAG.sub("", _LINE_TAG.sub("\n", _LINK.sub(r"\1", html.unescape(text))))
    bare = re.sub("[ﬀ-ﬆ]", lambda match: unicodedata.normalize("NFKC", match[0]), bare)
    bare = _KEYCAP.sub(r"\n\1. ", re.sub(r"(?<=\d)\s?\*\s?(?=\d)", "×", bare))
    bare = _MARKUP.sub("", "".join(_CIRCLED.get(each, each) for each in bare))
    if re.match(r"\s*\(?1[.)] ", bare):
        bare = _NEXT_ITEM.sub("\n", bare)
    return " ".join(_sentences([line for each in bare.splitlines() if (line := " ".join(each.split()))]))


def _sentences(lines: Sequence[str]) -> Iterator[str]:
    """End each line that has no end of its own, unless the next goes on with a small letter or a placeholder."""
    items = [_ITEM.match(line) for line in lines] if len(lines) > 1 else [None] * len(lines)
    if sum(map(bool, items)) == 1:
        items = [None] * len(lines)
    for line, item, following, next_item in zip(
        lines, items, [*lines[1:], ""], [*items[1:], None], strict=False
    ):
        text = line[item.end() :] if item else line
        goes_on = not next_item and (
            following[:1].islower() or following[:1] == "{" or not (following or any(items))
        )
        if not goes_on and re.search(r"[\w)\]}\"'’”%°]$", text):
            text += "."
        yield (
            f"{item['mark'].upper() if len(item['mark']) > 1 else item['mark']}. {text}"
            if item and item["mark"]
            else text
        )


def fill(
    text: str,
    values: Mapping[str, str],
    *,
    plural: Callable[[Sequence[str]], str] | None = None,
    is_short: Callable[[str], bool] = lambda word: False,
    ordinals: bool = False,
) -> str:
    """Put values in for placeholders and begin each sentence with a capital.

    `{side:rechte|linke}` chooses the first form where the value under `side_key` (or, for `other_side`,
    under `other_side_key`) is `right`, the second where it is `left`; languages whose adjectives agree
    need it.
    `{reps:one breath|# breaths}` gives what `plural` chooses and fills.
    `is_short` tells abbreviations, whose point ends no sentence; `ordinals` says that a number's need not either.
    """

    def word(match: re.Match[str]) -> str:
        name, _, forms = match[1].partition(":")
        if not forms:
            return values[name]
        choices = forms.split("|")
        if plural is not None and name == COUNTED:
            return plural(choices)
        return choices[values[f"{name}_key"] == "left"]

    begun = partial(_begun, is_short=is_short, ordinals=ordinals)
    return _BEGINNING.sub(begun, " ".join(PLACEHOLDER.sub(word, text).split()))


def _begun(match: re.Match[str], *, is_short: Callable[[str], bool], ordinals: bool) -> str:
    """Begin a sentence with a capital, where one begins."""
    if re.match(r"\w+:/|www\.|[\w.-]+@\w", match.string[match.start("first") :]):
        return match[0]
    opened = _BRACKETED.search(match.string[: match.start()])
    if opened and opened["before"] not in ".!?":
        return match[0]
    before = match.string[: match.start()].split()
    ended = before[-1] if before else ""
    if ended.endswith(".") and not ended.endswith(".."):
        number = ended[:-1].lstrip("(").isdigit()
        stands_first = len(before) == 1 or before[-2][-1] in ".!?"
        if ordinals and not stands_first if number else is_short(" ".join(before[-2:]).lstrip("\"'(*")):
            return match[0]
    return match[0][:-1] + match["first"].upper()
