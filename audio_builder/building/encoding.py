"""Mix and encode the chunks of a session, side by side, some while others are still being spoken."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from queue import SimpleQueue
from types import TracebackType

from audio_builder.building.chunks import Chunk, Soundscape, lay_chunks
from audio_builder.building.clips import Clips, Report
from audio_builder.building.finished import Frames
from audio_builder.compiler.timeline import PlacedSection, Timeline
from audio_builder.files.cache import Cache
from audio_builder.mix.bedding import POST_SAMPLES, PRE_SAMPLES
from audio_builder.mix.rendering import render
from audio_builder.mix.sources import Sources, gather
from audio_builder.mp3.encoder import encode, encode_in_windows
from audio_builder.parallel import side_by_side
from audio_builder.sound.samples import Samples

Progress = Callable[[str, int, int], None]
"""Gets a stage's name, how much of it is done, and how much there is."""

MOST_RECENT_BYTES = 9 << 20
"""What is held of frames while a session is linked: each is looked at twice, and quiet is laid hundreds of times."""


def stage(name: str, progress: Progress | None) -> Report:
    """Make the report of one stage."""
    report = progress or (lambda stage, done, total: None)
    return lambda done, total: report(name, done, total)


class Stopped(BaseException):
    """Ends a worker whose build was interrupted; it never leaves this module."""


def encoded(
    timeline: Timeline,
    clips: Clips,
    scape: Soundscape,
    *,
    cache: Cache,
    report: Report,
    executor: Executor | None = None,
) -> Frames:
    """Make what the cache does not hold, on all cores or by an executor, and give the session's frames.

    What is damaged, or pruned by another build before it was linked, is made again when it is looked at.
    """
    assert timeline.exact, "the mixer refuses an estimate"
    laid = lay_chunks(timeline.sections, clips.digest, scape)
    chunks = {each.chunk.key: each.chunk for each in laid}
    missing = [chunk for key, chunk in chunks.items() if not cache.holds("chunks", key)]
    there = len(chunks) - len(missing)
    report(there, len(chunks))
    encoder = ChunkEncoder(clips, scape, cache)
    if missing:
        encoder.make_all(missing, report=lambda done: report(there + done, len(chunks)), executor=executor)
        cache.trim()
    return Frames(laid, encoder.frames)


def encode_chunk(
    chunk: Chunk,
    clips: Mapping[str, Samples],
    scape: Soundscape,
    sources: Sources,
    *,
    passing: Callable[[Iterator[Samples]], Iterator[Samples]] = iter,
) -> bytes:
    """Mix a chunk and encode it, block by block; each block is `passing` on its way to the encoder."""
    over_bed = scape.over_bed
    blocks = render(
        chunk.section,
        clips,
        levels=scape.levels,
        sources=sources,
        place=chunk.place,
        speech_around=chunk.speech_around,
        pre_samples=PRE_SAMPLES if over_bed else 0,
        post_samples=POST_SAMPLES if over_bed else 0,
    )
    return (encode_in_windows if over_bed else encode)(passing(blocks), scape.form)


def sources_of(chunks: Iterable[Chunk], scape: Soundscape, cache: Cache) -> Sources:
    """Load what chunks are mixed from besides speech."""
    return gather(
        [chunk.section for chunk in chunks],
        pacer=scape.pacer,
        inhale=scape.inhale,
        exhale=scape.exhale,
        bed=scape.bed,
        cache=cache,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkWork:
    """A chunk to be made in another process, or on another machine that shares the cache's folder: it pickles."""

    chunk: Chunk
    clips: Mapping[str, Samples]
    """Those that it says, by text."""
    scape: Soundscape
    cache: Cache
    """Holds tones and chimes; they are found there, or made."""

    def frames(self) -> bytes:
        """Give the chunk's frames, the same wherever they are made."""
        sources = sources_of([self.chunk], self.scape, self.cache)
        return encode_chunk(self.chunk, self.clips, self.scape, sources)


class ChunkEncoder:
    """Mixes and encodes the chunks of one session."""

    def __init__(self, clips: Clips, scape: Soundscape, cache: Cache) -> None:
        self._clips = clips
        self._scape = scape
        self._cache = cache
        self._stop = threading.Event()
        self._recent: dict[str, bytes] = {}

    def stop(self) -> None:
        """End what is being made, within a block of sound."""
        self._stop.set()

    def frames(self, chunk: Chunk) -> bytes:
        """Read a chunk's frames, or make them."""
        frames = self._recent.pop(chunk.key, None) or self._cache.get("chunks", chunk.key)
        if frames is None:
            frames = self._make(chunk, sources_of([chunk], self._scape, self._cache))
        self._recent[chunk.key] = frames  # as the one used last
        while sum(map(len, self._recent.values())) > MOST_RECENT_BYTES:
            del self._recent[next(iter(self._recent))]
        return frames

    def make_all(
        self,
        chunks: Sequence[Chunk],
        *,
        report: Callable[[int], None] = lambda made: None,
        workers: int = 0,
        executor: Executor | None = None,
    ) -> None:
        """Make chunks, as many at a time as there are cores, the longest first; order changes no byte.

        Threads will do: LAME lets go of Python's lock, and most of the time is spent there. After a failure or an
        interrupt they end within a block of sound.
        """
        workers = workers or os.cpu_count() or 1
        sources = sources_of(chunks, self._scape, self._cache)
        sources.prepare((chunk.section for chunk in chunks), self._scape.levels, workers=workers)
        todo = sorted(chunks, key=lambda chunk: -chunk.section.length)
        making: Generator[object, None, None] = (
            side_by_side(partial(self._make, sources=sources), todo, workers=workers, stop=self.stop)
            if executor is None
            else self._made_by(executor, todo)
        )
        try:
            for made, _ in enumerate(making, 1):
                report(made)
        finally:
            making.close()
            self._stop.clear()

    def _made_by(self, executor: Executor, chunks: Iterable[Chunk]) -> Generator[object, None, None]:
        """Have chunks made wherever an executor makes them, and keep them."""
        works = (
            ChunkWork(
                chunk=chunk,
                clips={text: self._clips[text] for text in chunk.section.texts},
                scape=self._scape,
                cache=self._cache,
            )
            for chunk in chunks
        )
        with contextlib.closing(
            side_by_side(ChunkWork.frames, works, workers=0, executor=executor)
        ) as making:
            for work, frames in making:
                self._cache.put("chunks", work.chunk.key, frames)
                yield work.chunk

    def _make(self, chunk: Chunk, sources: Sources) -> bytes:
        frames = encode_chunk(chunk, self._clips, self._scape, sources, passing=self._while_wanted)
        self._cache.put("chunks", chunk.key, frames)
        return frames

    def _while_wanted(self, blocks: Iterator[Samples]) -> Iterator[Samples]:
        for block in blocks:
            if self._stop.is_set():
                raise Stopped
            yield block


class HeadStart:
    """Makes chunks by one thread of its own, until the block ends that it is open for.

    What is made here the build would make later, by the same keys; and what is not done in time, or fails, the build
    does itself, or tells of.
    """

    def __init__(self, scape: Soundscape, cache: Cache) -> None:
        self._scape = scape
        self._cache = cache
        self._todo: SimpleQueue[tuple[Sequence[PlacedSection], Clips] | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._encoder: ChunkEncoder | None = None
        """Where a chunk is being made."""
        self._over = False

    def __enter__(self) -> HeadStart:
        """Be ready to make what gets settled."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let the chunk be finished that is under way or, after a failure or an interrupt, be dropped."""
        self._over = True
        if error is not None and self._encoder is not None:
            self._encoder.stop()
        self._todo.put(None)
        if self._thread is not None and self._thread.is_alive():
            self._thread.join()

    def settled(self, sections: Sequence[PlacedSection], clips: Clips) -> None:
        """Make what these sections need. Over a bed their sound depends on all others, so nothing is made."""
        if self._scape.over_bed:
            return
        self._todo.put((sections, clips))
        if self._thread is None:
            self._thread = threading.Thread(target=self._toil, daemon=True)
            self._thread.start()

    def _toil(self) -> None:
        with contextlib.suppress(Exception, Stopped):  # whoever builds meets it again, and tells
            while (given := self._todo.get()) is not None:
                self._make(*given)

    def _make(self, sections: Sequence[PlacedSection], clips: Clips) -> None:
        self._encoder = ChunkEncoder(clips, self._scape, self._cache)
        for each in lay_chunks(sections, clips.digest, self._scape):
            if self._over:
                return
            if not self._cache.holds("chunks", each.chunk.key):
                self._encoder.make_all([each.chunk], workers=1)
