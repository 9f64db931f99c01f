"""What a cover says comes in; how it says it in the session's language goes out, and a key for the picture."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

VERSION = 3
"""Goes into keys; raise it when the same words are drawn in another way."""

Unit = tuple[str, str]
"""A unit's name for one, and for more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverWords:
    """The words of one language."""

    hour: Unit
    minute: Unit
    second: Unit
    more: str
    """How many exercises there is no room for, with `{}` for the number."""

    def length(self, seconds: float) -> str:
        """Say a length: `12 minutes`, `1 hour 5 minutes`, `40 seconds`."""
        if seconds < 59.5:
            return _counted(round(seconds), self.second)
        hours, minutes = divmod(round(seconds / 60), 60)
        parts = [_counted(hours, self.hour)] if hours else []
        if minutes or not hours:
            parts.append(_counted(minutes, self.minute))
        return " ".join(parts)


WORDS: Mapping[str, CoverWords] = {
    "en": CoverWords(
        hour=("hour", "hours"), minute=("minute", "minutes"), second=("second", "seconds"), more="and {} more"
    ),
    "de": CoverWords(
        hour=("Stunde", "Stunden"),
        minute=("Minute", "Minuten"),
        second=("Sekunde", "Sekunden"),
        more="und {} weitere",
    ),
    "es": CoverWords(
        hour=("hora", "horas"), minute=("minuto", "minutos"), second=("segundo", "segundos"), more="y {} más"
    ),
    "fr": CoverWords(
        hour=("heure", "heures"),
        minute=("minute", "minutes"),
        second=("seconde", "secondes"),
        more="et {} de plus",
    ),
}


def words_for(language: str) -> CoverWords:
    """Give the words in a language such as `de` or `de-AT`; English where there are none."""
    return WORDS.get(language.lower().partition("-")[0], WORDS["en"])


def cover_key(
    *, title: str, length_seconds: float, exercises: Sequence[str] = (), language: str = "en"
) -> str:
    """Give a key that differs whenever the cover would."""
    from importlib.metadata import version

    said = words_for(language)
    words = json.dumps([title, said.length(length_seconds), said.more, *exercises])
    return f"cover {VERSION}; Pillow {version('pillow')}; {words}"


def _counted(number: int, unit: Unit) -> str:
    return f"{number} {unit[number != 1]}"
