"""Keep eSpeak NG worker processes, ask them, and do not hang when one dies."""

from __future__ import annotations

import contextlib
import json
import math
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from audio_builder.errors import SpeechError
from audio_builder.speech.engines.espeak_worker import REPLY

ANSWER_SECONDS = 30
"""A worker that gives no answer for so long is ended; a minute of speech takes it about 0.1 s."""

LOOK_UP_SECONDS = 1.0
"""How often somebody looks whether one takes too long."""


class WorkerPool:
    """Worker processes that wait for requests; as many as there were requests at once."""

    def __init__(self, library: str, data_folder: str) -> None:
        self._command = (library, data_folder)
        self._idle: list[_Worker] = []
        self._lock = threading.Lock()

    def start(self, workers: int) -> None:
        """Have so many workers ready, or about to be."""
        with self._lock:
            self._idle += [_Worker(self._command) for _ in range(workers - len(self._idle))]

    def ask(self, request: dict[str, object]) -> tuple[int, bytes]:
        """Give the sample rate and the samples' bytes. Raises SpeechError."""
        with self._worker() as worker:
            return worker.ask(request)

    def close(self) -> None:
        """End the idle processes."""
        with self._lock:
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.end()

    @contextlib.contextmanager
    def _worker(self) -> Iterator[_Worker]:
        with self._lock:
            worker = self._idle.pop() if self._idle else None
        worker = worker or _Worker(self._command)
        try:
            yield worker
        except BaseException:
            worker.kill()
            raise
        if worker.lasts:
            with self._lock:
                self._idle.append(worker)
        else:
            worker.end()


class _Worker:
    """One worker process and its pipes."""

    def __init__(self, arguments: Sequence[str]) -> None:
        self.lasts = True
        """Whether it takes another request."""
        program = str(Path(__file__).with_name("espeak_worker.py"))
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", program, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # The keyboard's interrupt is for the builder alone; the worker ends with its standard input.
            start_new_session=hasattr(os, "setsid"),
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
        self._asked = math.inf
        """When it was asked what it has not answered yet."""
        self._over = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        """End the process where it takes too long to answer."""
        while not self._over.wait(LOOK_UP_SECONDS):
            if time.monotonic() - self._asked > ANSWER_SECONDS:
                self._process.kill()
                return

    def ask(self, request: dict[str, object]) -> tuple[int, bytes]:
        """Give the sample rate and the samples' bytes. Raises SpeechError."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._asked = time.monotonic()
        try:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
            head = self._process.stdout.read(REPLY.size)
            if len(head) < REPLY.size:
                raise SpeechError("the eSpeak NG process ended without an answer")
            spoken, self.lasts, rate, count = REPLY.unpack(head)
            payload = self._process.stdout.read(count)
        except OSError as error:
            raise SpeechError(f"the eSpeak NG process cannot be reached: {error}") from error
        finally:
            self._asked = math.inf
        if len(payload) < count:
            raise SpeechError("the eSpeak NG process ended in the middle of a clip")
        if not spoken:
            raise SpeechError(payload.decode(errors="replace"))
        return rate, payload

    def kill(self) -> None:
        """End the process at once."""
        self._process.kill()
        self.end()

    def end(self) -> None:
        """Close the pipes, which ends the process, and wait for it."""
        self._over.set()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        try:
            self._process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
