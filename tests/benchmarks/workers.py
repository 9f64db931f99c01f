"""Measure how long mixing and encoding the bundled session's chunks takes, by kind of worker.

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
from audio_builder.building.chunks import Chunk, lay_chunks, soundscape
from audio_builder.building.encoding import ChunkEncoder
from audio_builder.files.cache import Cache
from tests.benchmarks.rivals import said

ROUTINE = "thoracic-mobility"


def by_processes(encoder: ChunkEncoder, chunks: Sequence[Chunk], count: int) -> None:
    """Deal the chunks out to processes, the longest first, and wait for all."""
    ordered = sorted(chunks, key=lambda chunk: -chunk.section.length)
    fork = multiprocessing.get_context("fork")
    hands = [
        fork.Process(target=encoder.make_all, args=(ordered[number::count],), kwargs={"workers": 1})
        for number in range(count)
    ]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
        assert hand.exitcode == 0


def timed(work: Callable[[ChunkEncoder], None], make: Callable[[], ChunkEncoder], times: int) -> float:
    """Give the median of wall seconds, each time with an empty store."""
    walls = []
    for _ in range(times):
        encoder = make()
        start = time.perf_counter()
        work(encoder)
        walls.append(time.perf_counter() - start)
    return median(walls)


def main() -> None:
    """Print the table."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    program = load_routine(ROUTINE)
    what, scape = said(program), soundscape(program)
    assert what.clips is not None
    clips = what.clips
    chunks = list(
        {
            each.chunk.key: each.chunk for each in lay_chunks(what.timeline.sections, clips.digest, scape)
        }.values()
    )
    cores = os.cpu_count() or 1
    with tempfile.TemporaryDirectory() as folder:
        stores = iter(range(10_000))

        def make() -> ChunkEncoder:
            return ChunkEncoder(clips, scape, Cache(Path(folder, str(next(stores)))))

        ways: dict[str, Callable[[ChunkEncoder], None]] = {
            "1 thread": lambda encoder: encoder.make_all(chunks, workers=1),
            f"{cores} threads": lambda encoder: encoder.make_all(chunks, workers=cores),
            f"{cores} processes": lambda encoder: by_processes(encoder, chunks, cores),
        }
        ways["1 thread"](make())
        found = {name: timed(way, make, times) for name, way in ways.items()}
    print(f"{ROUTINE}, {len(chunks)} chunks, {cores} cores; medians of {times}\n")
    print("| workers | seconds | against 1 thread |\n|---|---|---|")
    for name, seconds in found.items():
        print(f"| {name} | {seconds:.2f} | {found['1 thread'] / seconds:.2f} x |")


if __name__ == "__main__":
    main()
