"""Placed sections come in with their clips; a session's frames go out, each piece made anew or found stored."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, overload

from audio_builder.building.clips import Clips
from audio_builder.building.parts import Part, Row, rows_of
from audio_builder.building.progress import Report
from audio_builder.building.soundscape import Soundscape
from audio_builder.building.store import PieceStore
from audio_builder.compiler import Timeline
from audio_builder.parallel import side_by_side

if TYPE_CHECKING:
    from audio_builder.mix import Palette
    from audio_builder.sound.levels import Samples


class Stopped(BaseException):
    """Ends a worker whose build was interrupted; it never leaves this module."""


class Frames(Sequence[bytes]):
    """A session's frames in playing order, each stretch read from the store when it is looked at."""

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


def encoded(
    timeline: Timeline, clips: Clips, scape: Soundscape, *, store: PieceStore, report: Report
) -> Frames:
    """Make what the store does not hold, on all cores, and give the session's frames.

    What is damaged, or pruned by another build before it was linked, is made again when it is looked at.
    """
    assert timeline.exact, "the mixer refuses an estimate"
    rows = rows_of(timeline.sections, clips, scape)
    parts = {row.part.key: row.part for row in rows}
    missing = [part for key, part in parts.items() if not store.holds(key)]
    report(len(parts) - len(missing), len(parts))
    workshop = Workshop(clips, scape, store)
    if missing:
        workshop.make_all(missing, report=lambda done: report(len(parts) - len(missing) + done, len(parts)))
        store.prune()
    return Frames(rows, workshop.frames)


class Workshop:
    """Mixes and encodes the parts of one session."""

    def __init__(self, clips: Clips, scape: Soundscape, store: PieceStore) -> None:
        self._clips = clips
        self._scape = scape
        self._store = store
        self._stop = threading.Event()
        self._kept: tuple[str, bytes] = "", b""

    def stop(self) -> None:
        """End what is being made, within a block of sound."""
        self._stop.set()

    def frames(self, part: Part) -> bytes:
        """Read a part's frames, or make them."""
        if self._kept[0] == part.key:
            return self._kept[1]
        frames = self._store.get(part.key)
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
        from audio_builder.mix import gather

        scape = self._scape
        return gather(
            [part.section for part in parts],
            pacer=scape.pacer,
            inhale=scape.inhale,
            exhale=scape.exhale,
            bed=scape.bed,
            kept=self._store,
        )

    def _make(self, part: Part, palette: Palette) -> bytes:
        from audio_builder.mix import POST_SAMPLES, PRE_SAMPLES, render
        from audio_builder.mp3 import encode
        from audio_builder.mp3.windows import encode_in_windows

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
        self._store.put(part.key, frames)
        return frames

    def _while_wanted(self, blocks: Iterator[Samples]) -> Iterator[Samples]:
        for block in blocks:
            if self._stop.is_set():
                raise Stopped
            yield block
