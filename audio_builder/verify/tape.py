"""A decoded session read once, from front to back: blocks come in, any later stretch of samples goes out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from audio_builder.errors import SoundError
from audio_builder.sound.samples import Samples
from audio_builder.timebase import RATE

BLOCK_SAMPLES = 4 * RATE


class Meter(Protocol):
    """Something that measures all samples as they come by."""

    def feed(self, block: Samples) -> None:
        """Take the next block, (samples, channels)."""

    def finish(self) -> None:
        """Take note that there are no more."""


class Tape:
    """Blocks of a session, kept only as long as somebody may still ask for them."""

    def __init__(self, blocks: Iterator[Samples], meters: Sequence[Meter] = ()) -> None:
        self._blocks = blocks
        self._meters = meters
        self._held: Samples = np.zeros((0, 1), np.float32)
        self._start = 0
        self._ended = False

    @property
    def length(self) -> int:
        """Samples that came by so far."""
        return self._start + len(self._held)

    @property
    def channels(self) -> int:
        """Channels, once something came by."""
        return int(self._held.shape[1])

    def read(self, start: int, *, stop: int) -> Samples:
        """Give (stop - start, channels) samples, zeros outside the session; starts never go back."""
        assert start >= self._start or start < 0, "a tape does not run backwards"
        self._drop(max(start, 0))
        while self.length < max(stop, 1) and not self._ended:
            self._pull()
        result = np.zeros((stop - start, self._held.shape[1]), np.float32)
        first, last = max(start, self._start), min(stop, self.length)
        if first < last:
            result[first - start : last - start] = self._held[first - self._start : last - self._start]
        return result

    def run_out(self) -> int:
        """Let the rest come by; give the length of it all."""
        while not self._ended:
            self._drop(self.length)
            self._pull()
        return self.length

    def _drop(self, before: int) -> None:
        gone = min(max(before - self._start, 0), len(self._held))
        self._held = self._held[gone:]
        self._start += gone

    def _pull(self) -> None:
        block = next(self._blocks, None)
        if block is None:
            self._ended = True
            for meter in self._meters:
                meter.finish()
            return
        for meter in self._meters:
            meter.feed(block)
        self._held = block if not len(self._held) else np.concatenate([self._held, block])


def decoded(path: Path) -> Iterator[Samples]:
    """Decode an MP3 block by block, (samples, channels); raises SoundError where that cannot be done."""
    import soundfile

    try:
        with soundfile.SoundFile(str(path)) as file:
            if file.samplerate != RATE:
                raise SoundError(f"the session is at {file.samplerate} Hz, not {RATE}", where=str(path))
            while len(block := file.read(BLOCK_SAMPLES, dtype="float32", always_2d=True)):
                yield block
    except (OSError, soundfile.LibsndfileError) as error:
        raise SoundError(f"the session cannot be decoded: {error}", where=str(path)) from error


def mono(samples: Samples) -> Samples:
    """Average (samples, channels) to (samples,)."""
    return np.asarray(samples.mean(axis=1), dtype=np.float32)
