"""Mix and encode the chunks of a session, side by side, some while others are still being spoken."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from queue import SimpleQueue
from types import TracebackType
from typing import overload

from audio_builder.building.chunks import Part, Row, rows_of
from audio_builder.building.clips import Clips, Report
from audio_builder.building.soundscape import Soundscape
from audio_builder.compiler import Group, PlacedSection, Plan, Timeline
from audio_builder.files.cache import Cache
from audio_builder.mix.sources import Palette
from audio_builder.parallel import side_by_side
from audio_builder.sound.samples import Samples

Progress = Callable[[str, int, int], None]
"""Gets a stage's name, how much of it is done, and how much there is."""


def stage(name: str, progress: Progress | None) -> Report:
    """Make the report of one stage."""
    report = progress or (lambda stage, done, total: None)
    return lambda done, total: report(name, done, total)


class Stopped(BaseException):
    """Ends a worker whose build was interrupted; it never leaves this module."""


class Frames(Sequence[bytes]):
    """A session's frames in playing order, each stretch read from the cache when it is looked at."""

    def __init__(self, rows: Sequence[Row], read: Callable[[Part], bytes]) -> None:
        self._rows = rows
        self._read = read

    @property
    def rows(self) -> tuple[tuple[str, int | None], ...]:
        """Each stretch's key, and how much of what is stored by it; None for all."""
        return tuple((row.part.key, row.bytes) for row in self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, index: int) -> bytes: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[bytes]: ...

    def __getitem__(self, index: int | slice) -> bytes | Sequence[bytes]:
        """Give the frames of one stretch."""
        if isinstance(index, slice):
            return Frames(self._rows[index], self._read)
        row = self._rows[index]
        frames = self._read(row.part)
        return frames if row.bytes is None else frames[: row.bytes]


def encoded(timeline: Timeline, clips: Clips, scape: Soundscape, *, cache: Cache, report: Report) -> Frames:
    """Make what the cache does not hold, on all cores, and give the session's frames.

    What is damaged, or pruned by another build before it was linked, is made again when it is looked at.
    """
    assert timeline.exact, "the mixer refuses an estimate"
    rows = rows_of(timeline.sections, clips, scape)
    parts = {row.part.key: row.part for row in rows}
    missing = [part for key, part in parts.items() if not cache.holds("chunks", key)]
    report(len(parts) - len(missing), len(parts))
    workshop = Workshop(clips, scape, cache)
    if missing:
        workshop.make_all(missing, report=lambda done: report(len(parts) - len(missing) + done, len(parts)))
        cache.trim()
    return Frames(rows, workshop.frames)


class Workshop:
    """Mixes and encodes the parts of one session."""

    def __init__(self, clips: Clips, scape: Soundscape, cache: Cache) -> None:
        self._clips = clips
        self._scape = scape
        self._cache = cache
        self._stop = threading.Event()
        self._kept: tuple[str, bytes] = "", b""

    def stop(self) -> None:
        """End what is being made, within a block of sound."""
        self._stop.set()

    def frames(self, part: Part) -> bytes:
        """Read a part's frames, or make them."""
        if self._kept[0] == part.key:
            return self._kept[1]
        frames = self._cache.get("chunks", part.key)
        if frames is None:
            frames = self._make(part, self._palette([part]))
        if part.repeats:
            self._kept = part.key, frames
        return frames

    def make_all(
        self,
        parts: Sequence[Part],
        *,
        report: Callable[[int], None] = lambda made: None,
        workers: int = 0,
    ) -> None:
        """Make parts, as many at a time as there are cores, the longest first; order changes no byte.

        Threads will do: LAME lets go of Python's lock, and most of the time is spent there.
        """
        workers = workers or os.cpu_count() or 1
        palette = self._palette(parts)
        palette.prepare((part.section for part in parts), self._scape.levels, workers=workers)
        todo = sorted(parts, key=lambda part: -part.section.length)
        making = side_by_side(
            lambda part: len(self._make(part, palette)),
            todo,
            workers=workers,
            stop=self.stop,  # after a failure or an interrupt, ends what is under way within a block
        )
        try:
            for made, _ in enumerate(making, 1):
                report(made)
        finally:
            making.close()
            self._stop.clear()

    def _palette(self, parts: Sequence[Part]) -> Palette:
        from audio_builder.mix.sources import gather

        scape = self._scape
        return gather(
            [part.section for part in parts],
            pacer=scape.pacer,
            inhale=scape.inhale,
            exhale=scape.exhale,
            bed=scape.bed,
            cache=self._cache,
        )

    def _make(self, part: Part, palette: Palette) -> bytes:
        from audio_builder.mix.bedding import POST_SAMPLES, PRE_SAMPLES
        from audio_builder.mix.rendering import render
        from audio_builder.mp3.encoder import encode, encode_in_windows

        over_bed = self._scape.over_bed
        blocks = render(
            part.section,
            self._clips,
            levels=self._scape.levels,
            palette=palette,
            place=part.place,
            speech_around=part.speech_around,
            pre_samples=PRE_SAMPLES if over_bed else 0,
            post_samples=POST_SAMPLES if over_bed else 0,
        )
        encode_part = encode_in_windows if over_bed else encode
        frames = encode_part(self._while_wanted(blocks), self._scape.form)
        self._cache.put("chunks", part.key, frames)
        return frames

    def _while_wanted(self, blocks: Iterator[Samples]) -> Iterator[Samples]:
        for block in blocks:
            if self._stop.is_set():
                raise Stopped
            yield block


Settled = Callable[[Sequence[PlacedSection], Clips], None]
"""Gets sections that speaking the rest will not change, with their clips."""


def nobody(sections: Sequence[PlacedSection], clips: Clips) -> None:
    """Take no notice of what is settled."""


class Ahead:
    """Makes parts by one thread of its own, until the block ends that it is open for."""

    def __init__(self, scape: Soundscape, cache: Cache) -> None:
        self._scape = scape
        self._cache = cache
        self._todo: SimpleQueue[tuple[Sequence[PlacedSection], Clips] | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._workshop: Workshop | None = None
        """Where a part is being made."""
        self._over = False

    def __enter__(self) -> Ahead:
        """Be ready to make what gets settled."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let the part be finished that is under way or, after a failure or an interrupt, be dropped."""
        self._over = True
        if error is not None and self._workshop is not None:
            self._workshop.stop()
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
        self._workshop = Workshop(clips, self._scape, self._cache)
        for row in rows_of(sections, clips, self._scape):
            if self._over:
                return
            if not self._cache.holds("chunks", row.part.key):
                self._workshop.make_all([row.part], workers=1)


@contextlib.contextmanager
def meanwhile(work: Callable[[], object]) -> Iterator[None]:
    """Do something beside a block that fills the cache; where it fails, whoever needs it meets that again."""

    def do() -> None:
        with contextlib.suppress(Exception):
            work()

    thread = threading.Thread(target=do, daemon=True)
    thread.start()
    try:
        yield
    finally:
        thread.join()


def settling(
    plan: Plan, timeline: Timeline, clips: Clips, *, place: Callable[[Plan], Timeline], settled: Settled
) -> Callable[[str], None]:
    """Give what is to be told of each text as it becomes known; it tells of sections whose texts all are.

    `timeline` is the plan's, as far as it can be foreseen. `place` places a plan of one group: its sides depend
    on one another, but on no other group.
    """
    sections = iter(timeline.sections)
    waiting = [
        (group, {text for _ in group.drafts for text in next(sections).texts}) for group in plan.groups
    ]

    def known(text: str) -> None:
        for group, texts in waiting:
            if text in texts:
                texts.remove(text)
                if not texts:
                    settle(group)

    def settle(group: Group) -> None:
        placed = place(replace(plan, groups=(group,))).sections
        if all(text in clips for section in placed for text in section.texts):
            settled(placed, clips)

    return known
