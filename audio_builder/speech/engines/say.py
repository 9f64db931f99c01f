"""Speak by the voices of macOS, by way of the program `say`."""

from __future__ import annotations

import platform
import re
import shutil
import tempfile
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from audio_builder.errors import SpeechError
from audio_builder.speech.engine import Availability, Recording, Utterance, Voice
from audio_builder.speech.engines.programs import read_wav, run
from audio_builder.speech.notation import spans

WORDS_PER_MINUTE = 160
BETTER = ("(Premium)", "(Enhanced)")
"""At the end of a voice's name, best first: downloaded voices of more quality."""

USUAL = ("Samantha", "Alex", "Daniel", "Anna", "Mónica", "Paulina", "Thomas", "Amélie")
"""The plain voices that a Mac comes with, in the languages of the bundled scripts, best first."""

JOKES = frozenset(
    {
        *(
            "albert",
            "bad news",
            "bahh",
            "bells",
            "boing",
            "bubbles",
            "cellos",
            "deranged",
            "fred",
            "good news",
        ),
        *("hysterical", "jester", "junior", "kathy", "organ", "pipe organ", "princess", "ralph", "superstar"),
        *("trinoids", "whisper", "wobble", "zarvox"),
    }
)
"""Voices for fun and from old days; the list of all voices begins with one of them."""

_LISTED = re.compile(r"(?P<name>.+?)\s+(?P<tag>[a-z]{2,3}[_-][\w]+)\s+#\s*(?P<about>.*)")


class SayEngine:
    """The voices that come with macOS."""

    name = "say"
    online = False
    at_once = 2
    understands = frozenset({"emphasis"})

    def identity(self, voice: str, language: str) -> str:
        """Name the system's version, which its voices change with, and the voice."""
        return f"macOS {platform.mac_ver()[0]}; {self._chosen(voice, language).name}; {WORDS_PER_MINUTE} wpm"

    def voices(self) -> Sequence[Voice]:
        """List the installed voices."""
        return self._voices

    def availability(self) -> Availability:
        """Say whether this is a Mac."""
        if shutil.which("say"):
            return Availability(works=True)
        return Availability(works=False, why="the program say comes with macOS alone")

    def speak(self, utterance: Utterance) -> Recording:
        """Run say once."""
        voice = self._chosen(utterance.voice, utterance.language)
        with tempfile.TemporaryDirectory(prefix="audio-builder-") as folder:
            text, wav = Path(folder, "text.txt"), Path(folder, "clip.wav")
            text.write_text(_commands(utterance.text), "utf-8")
            run(
                [
                    *("say", "-v", voice.name, "-r", str(round(WORDS_PER_MINUTE * utterance.speed))),
                    *("--file-format=WAVE", "--data-format=LEI16@22050", "-o", str(wav), "-f", str(text)),
                ]
            )
            return read_wav(wav, by="say")

    def close(self) -> None:
        """Nothing is held."""

    @cached_property
    def _voices(self) -> tuple[Voice, ...]:
        matches = (_LISTED.fullmatch(line.strip()) for line in run(["say", "-v", "?"]).splitlines())
        return tuple(
            Voice(name=match["name"], language=match["tag"].replace("_", "-"), about=match["about"])
            for match in matches
            if match
        )

    def _chosen(self, voice: str, language: str) -> Voice:
        if voice:
            found = [each for each in self._voices if each.name.lower() == voice.lower()]
            missing = f'macOS has no voice "{voice}"'
        else:
            tag = language.lower()
            main = tag.partition("-")[0]
            found = [each for each in self._voices if each.language.lower() == tag]
            found += [each for each in self._voices if each.language.lower().partition("-")[0] == main]
            found.sort(key=lambda each: (each.language.lower() != tag and "-" in tag, _rank(each.name)))
            missing = f'macOS has no voice for "{language}"'
        if not found:
            raise SpeechError(missing, remedy="add voices in System Settings, Accessibility, Spoken Content")
        return found[0]


def _rank(name: str) -> int:
    """Give a voice's place among those that fit, the best first."""
    for rank, ending in enumerate(BETTER):
        if name.endswith(ending):
            return rank
    if name in USUAL:
        return len(BETTER) + USUAL.index(name)
    return len(BETTER) + len(USUAL) + (name.partition(" (")[0].lower() in JOKES)


def _commands(text: str) -> str:
    """Write emphasis as say's embedded commands, and let nothing else look like one."""
    return "".join(
        f"[[emph +]]{_harmless(span.text)}[[emph -]]" if span.kind == "emphasis" else _harmless(span.text)
        for span in spans(text)
    )


def _harmless(text: str) -> str:
    return text.replace("[[", "[ [")
