"""Speak by the program flite, where it is on the PATH."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from audio_builder.errors import VoiceError
from audio_builder.speech.engine import Availability, Recording, Utterance, Voice
from audio_builder.speech.engines.programs import read_wav, run

PREFERRED = ("rms", "awb", "slt", "kal16")
"""Best understood first."""

CALM_STRETCHES: Mapping[str, float] = MappingProxyType(
    {"rms": 1.22, "slt": 1.41, "awb": 1.36, "kal16": 1.53, "kal": 1.52}
)
"""Lengths of sounds against each voice's own pace, for 140 words a minute over the bundled cues."""

USUAL_STRETCH = 1.4
"""Of any other voice."""


class FliteEngine:
    """Flite's English voices: small, local, and well understood."""

    name = "flite"
    online = False
    at_once = 2
    understands: frozenset[str] = frozenset()

    def identity(self, voice: str, language: str) -> str:
        """Name the program's version and the voice."""
        chosen = self._chosen(voice, language)
        return f"{self._version}; {chosen}; stretch {_calm_stretch(chosen)}"

    def voices(self) -> Sequence[Voice]:
        """List the voices built into this flite."""
        return tuple(Voice(name=name, language="en", about="flite") for name in self._names)

    def availability(self) -> Availability:
        """Say whether flite is on the PATH."""
        if shutil.which("flite"):
            return Availability(works=True)
        remedy = "install it: apt install flite, dnf install flite, brew install flite"
        return Availability(works=False, why="the program flite is not on the PATH", remedy=remedy)

    def speak(self, utterance: Utterance) -> Recording:
        """Run flite once."""
        voice = self._chosen(utterance.voice, utterance.language)
        stretch = _calm_stretch(voice) / utterance.speed
        with tempfile.TemporaryDirectory(prefix="audio-builder-") as folder:
            text, wav = Path(folder, "text.txt"), Path(folder, "clip.wav")
            text.write_text(utterance.text + "\n", "utf-8")
            run(
                [
                    *("flite", "-voice", voice, "--setf", f"duration_stretch={stretch:.3f}"),
                    *("-f", str(text), "-o", str(wav)),
                ]
            )
            return read_wav(wav, by="flite")

    def close(self) -> None:
        """Nothing is held."""

    @cached_property
    def _version(self) -> str:
        words = run(["flite", "--version"], may_fail=True).split("version:")[-1].split()
        return words[0] if words else "flite"

    @cached_property
    def _names(self) -> tuple[str, ...]:
        listed = run(["flite", "-lv"]).partition(":")[2].split()
        return tuple(dict.fromkeys(listed))

    def _chosen(self, voice: str, language: str) -> str:
        if language.lower().partition("-")[0] != "en":
            raise VoiceError(f'flite does not speak "{language}"', remedy="it speaks English only")
        if not voice:
            return next((name for name in PREFERRED if name in self._names), self._names[0])
        if voice not in self._names:
            raise VoiceError(f'flite has no voice "{voice}"', remedy=f"it has {', '.join(self._names)}")
        return voice


def _calm_stretch(voice: str) -> float:
    return CALM_STRETCHES.get(voice, USUAL_STRETCH)
