"""An utterance comes in; eSpeak NG's samples go out, the same for the same text whatever came before."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from importlib.metadata import version
from pathlib import Path

from audio_builder.errors import SpeechError
from audio_builder.speech.engine import Availability, Voice
from audio_builder.speech.espeak_worker import REPLY
from audio_builder.speech.utterance import Recording, Utterance

VOICES = {"en": "en-us"}
"""What speaks a language where no voice was named; other languages take the voice of their tag."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How eSpeak NG speaks."""

    words_per_minute: int = 175
    pitch: int = 50
    """0 to 99."""
    pitch_range: int = 50
    """0 (one tone) to 99."""
    word_gap: int = 0
    """Between words, in units of 10 ms at the default speed."""

    def __str__(self) -> str:
        return f"{self.words_per_minute} wpm, pitch {self.pitch}/{self.pitch_range}, gap {self.word_gap}"


CALM = Manner(words_per_minute=155, pitch=45)

ANSWER_SECONDS = 60
"""A worker that gives no answer for so long is ended; it gives up on a clip by itself long before."""

WORKERS = 2


class EspeakEngine:
    """The embedded voice: in the install, without network, in more than a hundred languages."""

    name = "espeak"
    online = False
    at_once = WORKERS
    understands = frozenset({"emphasis"})

    def __init__(self, manner: Manner = CALM) -> None:
        self._manner = manner
        self._idle: list[_Worker] = []
        self._lock = threading.Lock()

    def identity(self, voice: str, language: str) -> str:
        """Name the library's package, the voice and the settings."""
        return f"espeakng-loader {version('espeakng-loader')}; {_voice_name(voice, language)}; {self._manner}"

    def availability(self) -> Availability:
        """Say whether the library and its data are here."""
        try:
            library, data = _library()
        except SpeechError as error:
            return Availability(works=False, why=error.message, remedy=error.hint or "")
        missing = [path for path in (library, data) if not Path(path).exists()]
        if missing:
            return Availability(
                works=False,
                why=f"{missing[0]} is missing",
                remedy="pip install --force-reinstall espeakng-loader",
            )
        return Availability(works=True)

    def voices(self) -> Sequence[Voice]:
        """List the languages; each also takes a variant, as in `en-us+f3`."""
        return tuple(_voices(Path(_library()[1])))

    def speak(self, utterance: Utterance) -> Recording:
        """Speak in a worker's fresh fork."""
        import numpy as np

        request = {
            "voice": _voice_name(utterance.voice, utterance.language),
            "text": escape(utterance.text, quote=False),
            "rate": min(450, max(80, round(self._manner.words_per_minute * utterance.speed))),
            "pitch": self._manner.pitch,
            "range": self._manner.pitch_range,
            "gap": self._manner.word_gap,
        }
        with self._worker() as worker:
            rate, payload = worker.ask(request)
        return Recording(np.frombuffer(payload, "<i2") * np.float32(1 / 32768), rate)

    def close(self) -> None:
        """End the worker processes."""
        with self._lock:
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.end()

    @contextlib.contextmanager
    def _worker(self) -> Iterator[_Worker]:
        with self._lock:
            worker = self._idle.pop() if self._idle else None
        worker = worker or _Worker(*_library())
        try:
            yield worker
        except BaseException:
            worker.end()
            raise
        if worker.lasts:
            with self._lock:
                self._idle.append(worker)
        else:
            worker.end()


class _Worker:
    """One worker process and its pipes."""

    lasts = hasattr(os, "fork")
    """Without fork a worker speaks one clip and ends."""

    def __init__(self, library: str, data_folder: str) -> None:
        program = str(Path(__file__).with_name("espeak_worker.py"))
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", program, library, data_folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # The keyboard's interrupt is for the builder alone; the worker ends with its standard input.
            start_new_session=hasattr(os, "setsid"),
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )

    def ask(self, request: dict[str, object]) -> tuple[int, bytes]:
        """Give the sample rate and the samples' bytes. Raises SpeechError."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        watchdog = threading.Timer(ANSWER_SECONDS, self._process.kill)
        watchdog.daemon = True
        watchdog.start()
        try:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
            head = self._process.stdout.read(REPLY.size)
            if len(head) < REPLY.size:
                raise SpeechError("the eSpeak NG process ended without an answer")
            mark, rate, count = REPLY.unpack(head)
            payload = self._process.stdout.read(count)
        except OSError as error:
            raise SpeechError(f"the eSpeak NG process cannot be reached: {error}") from error
        finally:
            watchdog.cancel()
        if len(payload) < count:
            raise SpeechError("the eSpeak NG process ended in the middle of a clip")
        if mark != b"+":
            raise SpeechError(payload.decode(errors="replace"))
        return rate, payload

    def end(self) -> None:
        """Close the pipes, which ends the process, and wait for it."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        try:
            self._process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _voice_name(voice: str, language: str) -> str:
    if voice.startswith("+"):
        return _voice_name("", language).partition("+")[0] + voice
    return voice or VOICES.get(language.lower(), language.lower())


def _library() -> tuple[str, str]:
    try:
        import espeakng_loader
    except ImportError as error:
        raise SpeechError(
            "the package espeakng-loader is missing", hint="pip install espeakng-loader"
        ) from error
    return espeakng_loader.get_library_path(), str(Path(espeakng_loader.__file__).parent / "espeak-ng-data")


def _voices(data_folder: Path) -> Iterator[Voice]:
    for path in sorted((data_folder / "lang").rglob("*")):
        if not path.is_file():
            continue
        fields = [line.split(maxsplit=1) for line in path.read_text("utf-8", "replace").splitlines()]
        entries = {field[0]: field[1].strip() for field in reversed(fields) if len(field) == 2}
        tag = entries.get("language", "").split()
        if tag:
            yield Voice(name=tag[0], language=tag[0], about=entries.get("name", ""))
