"""Sections come in while others are still being spoken; they are mixed and encoded meanwhile, into the store.

It is a head start and no more: what is made here the build would make later, by the same keys; and what is not
done in time, or fails, the build does itself, or tells of.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from queue import SimpleQueue
from types import TracebackType

from audio_builder.building.clips import Clips
from audio_builder.building.encoding import Stopped, Workshop
from audio_builder.building.parts import rows_of
from audio_builder.building.soundscape import Soundscape
from audio_builder.building.store import PieceStore
from audio_builder.compiler import Group, PlacedSection, Plan, Timeline

Settled = Callable[[Sequence[PlacedSection], Clips], None]
"""Gets sections that speaking the rest will not change, with their clips."""


def nobody(sections: Sequence[PlacedSection], clips: Clips) -> None:
    """Take no notice of what is settled."""


class Ahead:
    """Makes parts by one thread of its own, until the block ends that it is open for."""

    def __init__(self, scape: Soundscape, store: PieceStore) -> None:
        self._scape = scape
        self._store = store
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
        self._workshop = Workshop(clips, self._scape, self._store)
        for row in rows_of(sections, clips, self._scape):
            if self._over:
                return
            if not self._store.holds(row.part.key):
                self._workshop.make_all([row.part], workers=1)


@contextlib.contextmanager
def meanwhile(work: Callable[[], object]) -> Iterator[None]:
    """Do something beside a block that fills the store; where it fails, whoever needs it meets that again."""

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
