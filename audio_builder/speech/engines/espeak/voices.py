"""List the voices and variants in eSpeak NG's data folder, and find which one a user means."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

from audio_builder.errors import Action, Remedy, VoiceError
from audio_builder.speech.engine import Voice

WORST = 99
"""Behind every rank that a voice file can give."""

USUAL_RANK = 5
"""Of a language that a voice file lists without a rank: the library's own rule; the lowest wins."""


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
    for path in _files(data_folder / "lang"):
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


def _files(folder: Path) -> list[Path]:
    return sorted(Path(inner, name) for inner, _, names in os.walk(folder) for name in names)


def _voice_file(path: Path) -> tuple[str, list[tuple[int, str]], str]:
    """Read a voice's name, the languages it claims with its rank in each, and its dictionary's name."""
    name, tags, dictionary = path.name, [], ""
    for fields in _lines(path):
        if fields[0] == "name":
            name = " ".join(fields[1:])
        elif fields[0] == "dictionary" and len(fields) > 1:
            dictionary = fields[1]
        elif fields[0] == "language" and len(fields) > 1:
            rank = int(fields[2]) if len(fields) > 2 and fields[2].isdigit() else USUAL_RANK
            tags.append((rank, fields[1].lower()))
            dictionary = dictionary or fields[1].partition("-")[0]
    return name, tags, dictionary


def _lines(path: Path) -> Iterator[list[str]]:
    for line in path.read_text("utf-8", "replace").splitlines():
        fields = line.partition("//")[0].split()
        if fields:
            yield fields


_ANOTHER_VOICE = Remedy("see {}", (Action("voices"),))


def _suggestion(asked: str, known: tuple[str, ...], otherwise: Remedy | str) -> Remedy | str:
    close = get_close_matches(asked.lower(), [each.lower() for each in known], n=1)
    return f'did you mean "{close[0]}"?' if close else otherwise
