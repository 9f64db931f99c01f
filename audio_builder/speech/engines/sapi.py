"""Speak by the voices of Windows (SAPI), by way of PowerShell."""

from __future__ import annotations

import base64
import json
import shutil
import tempfile
from collections.abc import Sequence
from functools import cached_property
from html import escape
from pathlib import Path

from audio_builder.errors import SpeechError
from audio_builder.speech.engine import Availability, Recording, Utterance, Voice
from audio_builder.speech.engines.programs import read_wav, run
from audio_builder.speech.notation import spans

PERCENT_SLOWER = 10
"""Against the voice's own pace, for calm instruction."""

_GUARDED = """try {
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
{script}
} catch { [Console]::Error.WriteLine($_.Exception.Message); exit 1 }
"""
"""Without it, errors come as an XML document of many lines."""

_LIST = """
[Console]::OutputEncoding = [Text.Encoding]::UTF8
Add-Type -AssemblyName System.Speech
$speech = New-Object System.Speech.Synthesis.SpeechSynthesizer
$voices = $speech.GetInstalledVoices() | Where-Object Enabled | ForEach-Object {
  @{ name = $_.VoiceInfo.Name; language = $_.VoiceInfo.Culture.Name; about = $_.VoiceInfo.Description }
}
ConvertTo-Json -Compress -InputObject @($voices)
"""

_SPEAK = """
Add-Type -AssemblyName System.Speech
$speech = New-Object System.Speech.Synthesis.SpeechSynthesizer
$speech.SetOutputToWaveFile({wav})
$speech.SpeakSsml([IO.File]::ReadAllText({ssml}, [Text.Encoding]::UTF8))
$speech.Dispose()
"""


class SapiEngine:
    """The voices that come with Windows."""

    name = "sapi"
    online = False
    at_once = 2
    understands = frozenset({"pause", "emphasis", "ipa"})

    def identity(self, voice: str, language: str) -> str:
        """Name the voice, as Windows describes it."""
        chosen = self._chosen(voice, language)
        return f"SAPI; {chosen.name}; {chosen.about}; {PERCENT_SLOWER} % slower"

    def voices(self) -> Sequence[Voice]:
        """List the installed voices."""
        return self._voices

    def availability(self) -> Availability:
        """Say whether this is Windows."""
        if shutil.which("powershell"):
            return Availability(works=True)
        return Availability(works=False, why="SAPI comes with Windows alone")

    def speak(self, utterance: Utterance) -> Recording:
        """Run PowerShell once."""
        voice = self._chosen(utterance.voice, utterance.language)
        with tempfile.TemporaryDirectory(prefix="audio-builder-") as folder:
            ssml, wav = Path(folder, "text.ssml"), Path(folder, "clip.wav")
            ssml.write_text(_document(utterance, voice), "utf-8")
            _powershell(_SPEAK.replace("{wav}", _quoted(wav)).replace("{ssml}", _quoted(ssml)))
            return read_wav(wav, by="SAPI")

    def close(self) -> None:
        """Nothing is held."""

    @cached_property
    def _voices(self) -> tuple[Voice, ...]:
        listed = json.loads(_powershell(_LIST).lstrip("\ufeff") or "[]")
        return tuple(
            Voice(name=each["name"], language=each["language"], about=each["about"]) for each in listed
        )

    def _chosen(self, voice: str, language: str) -> Voice:
        if voice:
            found = [each for each in self._voices if voice.lower() in each.name.lower()]
            missing = f'Windows has no voice "{voice}"'
        else:
            main = language.lower().partition("-")[0]
            found = [each for each in self._voices if each.language.lower() == language.lower()]
            found += [each for each in self._voices if each.language.lower().partition("-")[0] == main]
            missing = f'Windows has no voice for "{language}"'
        if not found:
            raise SpeechError(missing, remedy="add voices in Settings, Time and language, Speech")
        return found[0]


def _powershell(script: str) -> str:
    guarded = _GUARDED.replace("{script}", script.strip())
    encoded = base64.b64encode(guarded.encode("utf-16-le")).decode()
    return run(["powershell", "-NoProfile", "-NonInteractive", "-EncodedCommand", encoded])


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _document(utterance: Utterance, voice: Voice) -> str:
    """Write SSML (W3C, version 1.0), which is all that SAPI takes."""
    percent = round(100 * (utterance.speed * (1 - PERCENT_SLOWER / 100) - 1))
    spoken = []
    for span in spans(utterance.text):
        words = escape(span.text)
        if span.kind == "pause":
            spoken.append('<break time="500ms"/>')
        elif span.kind == "emphasis":
            spoken.append(f"<emphasis>{words}</emphasis>")
        elif span.kind == "pronounced":
            spoken.append(f'<phoneme alphabet="ipa" ph="{escape(span.ipa)}">{words}</phoneme>')
        else:
            spoken.append(words)
    return (
        '<speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" '
        f'xml:lang="{escape(voice.language)}"><voice name="{escape(voice.name)}">'
        f'<prosody rate="{percent:+d}%">{"".join(spoken)}</prosody></voice></speak>'
    )
