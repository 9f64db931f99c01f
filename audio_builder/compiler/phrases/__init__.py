"""A language comes in; the compiler's own words in it go out, one table a language."""

from __future__ import annotations

from collections.abc import Mapping

from audio_builder.compiler.phrases.english import ENGLISH
from audio_builder.compiler.phrases.french import FRENCH
from audio_builder.compiler.phrases.german import GERMAN
from audio_builder.compiler.phrases.spanish import SPANISH
from audio_builder.compiler.phrases.table import Counted, Phrases
from audio_builder.errors import CompileError, Setting

__all__ = ["TABLES", "Counted", "Phrases", "phrases"]

TABLES: Mapping[str, Phrases] = {table.language: table for table in (ENGLISH, GERMAN, SPANISH, FRENCH)}


def phrases(language: str) -> Phrases:
    """Give the table of a language. CompileError where there is none."""
    if language not in TABLES:
        known = ", ".join(TABLES)
        raise CompileError(
            f'there are no spoken phrases in "{language}"',
            where=Setting("language"),
            remedy=f"Languages that are there: {known}.",
        )
    return TABLES[language]
