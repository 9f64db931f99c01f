"""All that depends on a language: one record for each, found by its name in `records`."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from importlib import import_module

from audio_builder.language import records
from audio_builder.language.record import Language
from audio_builder.language.wording import Advice, Counted, Pages, Phrases, Shortened

__all__ = [
    "LANGUAGES",
    "Advice",
    "Counted",
    "Language",
    "Pages",
    "Phrases",
    "Shortened",
    "known_language",
    "language_of",
]

BASE = "en"
"""The language of scripts that name none, and of pages and covers in a language that is not known here."""


def _found() -> dict[str, Language]:
    tags = sorted(
        (each.name for each in pkgutil.iter_modules(records.__path__)), key=lambda tag: (tag != BASE, tag)
    )
    found = {tag: import_module(f"{records.__name__}.{tag}").LANGUAGE for tag in tags}
    assert all(isinstance(each, Language) and each.tag == tag for tag, each in found.items())
    return found


LANGUAGES: Mapping[str, Language] = _found()
"""By the tag that scripts give, English first."""


def known_language(tag: str) -> Language | None:
    """Give the record of a language such as `de`, `de-AT` or `de_AT`, where there is one."""
    return LANGUAGES.get(tag.lower().replace("_", "-").partition("-")[0])


def language_of(tag: str) -> Language:
    """Give the record of a language, English where there is none."""
    return known_language(tag) or LANGUAGES[BASE]
