"""Read a decoded session once, from front to back, while meters measure loudness, true peak and runs of zeros."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from audio_builder.errors import SoundError
from audio_builder.sound.loudness import BINS_PER_SECOND, channels_of, integrated, over_time, peak_envelope
from audio_builder.sound.samples import SILENCE_DB, Samples, to_db
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


Powers = NDArray[np.float64]
"""Mean squares, K-weighted, of windows of 400 ms, one every 100 ms."""

OFFSET_LU = -0.691
ABSOLUTE_GATE_LUFS = -70.0
RELATIVE_GATE_LU = -10.0

_BIN = RATE // BINS_PER_SECOND
_SETTLING_BINS = 10
"""A second of what came before: the K filter has forgotten the start of a stretch by then."""
_STRETCH_BINS = 300

_EDGE_SAMPLES = 256
"""Around a stretch, so that its peaks between samples do not see the cut."""

ZERO = 0.5 / 32_768
"""Below it, a 16-bit player plays zero."""


def momentary_powers(samples: Samples) -> Powers:
    """Give the powers of every window in samples, (samples,) or (samples, channels).

    What is shorter than a window is one of its own length.
    """
    levels = over_time(samples, RATE)
    if not len(levels) and len(samples):
        levels = np.array([integrated(samples, RATE)])
    return np.asarray(10.0 ** ((levels - OFFSET_LU) / 10.0), dtype=np.float64)


def gated_loudness(powers: Powers) -> float:
    """Average powers to LUFS, without what BS.1770-4 gates: below -70 LUFS, and 10 LU below the rest."""
    loud = powers[powers > 10.0 ** ((ABSOLUTE_GATE_LUFS - OFFSET_LU) / 10.0)]
    if not loud.size:
        return SILENCE_DB
    kept = loud[loud > loud.mean() * 10.0 ** (RELATIVE_GATE_LU / 10.0)]
    return OFFSET_LU + 10.0 * math.log10(float(kept.mean()))


class LoudnessMeter:
    """Loudness over the whole session, in windows that know nothing of blocks."""

    def __init__(self) -> None:
        self._waiting: list[Samples] = []
        self._count = 0
        self._settling = 0
        self._powers: list[Powers] = []

    @property
    def powers(self) -> Powers:
        """Give the powers of all windows."""
        return np.concatenate(self._powers) if self._powers else np.empty(0)

    @property
    def integrated_lufs(self) -> float:
        """Give the gated loudness of everything."""
        return gated_loudness(self.powers)

    def feed(self, block: Samples) -> None:
        """Take the next block."""
        self._waiting.append(block)
        self._count += len(block)
        if self._count >= (self._settling + _STRETCH_BINS) * _BIN:
            self._measure()

    def finish(self) -> None:
        """Measure what is left."""
        if self._count:
            self._measure()

    def _measure(self) -> None:
        stretch = np.concatenate(self._waiting)
        powers = 10.0 ** ((over_time(stretch, RATE) - OFFSET_LU) / 10.0)
        self._powers.append(powers[self._settling :])
        kept = max(len(powers) - _SETTLING_BINS, 0)
        self._settling = len(powers) - kept
        self._waiting = [stretch[kept * _BIN :]]
        self._count = len(self._waiting[0])


class PeakMeter:
    """The true peak, four times oversampled, and where it is."""

    def __init__(self) -> None:
        self._held: Samples | None = None
        self._start = 0
        self._settled = 0
        self.amplitude = 0.0
        self.place = 0

    @property
    def level_dbtp(self) -> float:
        """Give the true peak."""
        return to_db(self.amplitude)

    def feed(self, block: Samples) -> None:
        """Take the next block; all but its last samples can be judged."""
        self._held = block if self._held is None else np.concatenate([self._held, block])
        self._judge(self._start + len(self._held) - _EDGE_SAMPLES)

    def finish(self) -> None:
        """Judge the last samples."""
        if self._held is not None:
            self._judge(self._start + len(self._held))

    def _judge(self, stop: int) -> None:
        if self._held is None or stop <= self._settled:
            return
        envelope = np.max([peak_envelope(np.ascontiguousarray(c)) for c in channels_of(self._held)], axis=0)
        fresh = envelope[self._settled - self._start : stop - self._start]
        if fresh.size and float(fresh.max()) > self.amplitude:
            self.amplitude = float(fresh.max())
            self.place = self._settled + int(fresh.argmax())
        self._settled = stop
        kept = max(stop - _EDGE_SAMPLES, self._start)
        self._held = self._held[kept - self._start :]
        self._start = kept


class ZeroMeter:
    """The longest run of digital zeros, and where it ends."""

    def __init__(self) -> None:
        self._run = 0
        self._seen = 0
        self.longest = 0
        self.end = 0

    def feed(self, block: Samples) -> None:
        """Take the next block."""
        sounding = np.flatnonzero((np.abs(block) >= ZERO).any(axis=1))
        edges = np.concatenate([[-1 - self._run], sounding, [len(block)]])
        runs = np.diff(edges) - 1
        longest = int(runs.argmax())
        if runs[longest] > self.longest:
            self.longest = int(runs[longest])
            self.end = self._seen + int(edges[longest + 1])
        self._run = int(runs[-1])
        self._seen += len(block)

    def finish(self) -> None:
        """Nothing is left to measure."""
