"""The bundled session's pieces come in; how long mixing and encoding them takes goes out, by kind of worker.

    python -m tests.benchmarks.workers [TIMES]

One thread, as many threads as there are cores, and as many processes (forked, so that they need not start anew).
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from audio_builder import load_routine
from audio_builder.building.chunks import Part, rows_of
from audio_builder.building.encoding import Workshop
from audio_builder.building.soundscape import soundscape
from audio_builder.files.cache import Cache
from tests.benchmarks.rivals import said

ROUTINE = "thoracic-mobility"


def by_processes(workshop: Workshop, parts: Sequence[Part], count: int) -> None:
    """Deal the parts out to processes, the longest first, and wait for all."""
    ordered = sorted(parts, key=lambda part: -part.section.length)
    fork = multiprocessing.get_context("fork")
    hands = [
        fork.Process(target=workshop.make_all, args=(ordered[number::count],), kwargs={"workers": 1})
        for number in range(count)
    ]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
        assert hand.exitcode == 0


def timed(work: Callable[[Workshop], None], make: Callable[[], Workshop], times: int) -> float:
    """Give the median of wall seconds, each time with an empty store."""
    walls = []
    for _ in range(times):
        workshop = make()
        start = time.perf_counter()
        work(workshop)
        walls.append(time.perf_counter() - start)
    return median(walls)


def main() -> None:
    """Print the table."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    program = load_routine(ROUTINE)
    what, scape = said(program), soundscape(program)
    assert what.clips is not None
    clips = what.clips
    parts = list({row.part.key: row.part for row in rows_of(what.timeline.sections, clips, scape)}.values())
    cores = os.cpu_count() or 1
    with tempfile.TemporaryDirectory() as folder:
        stores = iter(range(10_000))

        def make() -> Workshop:
            return Workshop(clips, scape, Cache(Path(folder, str(next(stores)))))

        ways: dict[str, Callable[[Workshop], None]] = {
            "1 thread": lambda workshop: workshop.make_all(parts, workers=1),
            f"{cores} threads": lambda workshop: workshop.make_all(parts, workers=cores),
            f"{cores} processes": lambda workshop: by_processes(workshop, parts, cores),
        }
        ways["1 thread"](make())
        found = {name: timed(way, make, times) for name, way in ways.items()}
    print(f"{ROUTINE}, {len(parts)} pieces, {cores} cores; medians of {times}\n")
    print("| workers | seconds | against 1 thread |\n|---|---|---|")
    for name, seconds in found.items():
        print(f"| {name} | {seconds:.2f} | {found['1 thread'] / seconds:.2f} x |")


if __name__ == "__main__":
    main()
