"""Measure what this package, `lame` and pydub take for the same session, and write it as JSON.

    python tests/benchmarks/rivals.py ROUTINE TIMES SESSION.wav OUTPUT.json

Everybody gets the same clips and the same tones, ready in memory, and gives an MP3 file; `lame` gets the finished
sound. Run by speed.py.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from audio_builder import build, load_routine
from audio_builder.building.chunks import Soundscape, soundscape
from audio_builder.building.clips import Clips
from audio_builder.building.encoding import encoded
from audio_builder.building.finished import cover_of, tag_of
from audio_builder.building.sheets import cue_sheet
from audio_builder.building.spoken import Spoken, spoken
from audio_builder.compiler import Timeline
from audio_builder.files.atomic import WRITTEN_AT_ONCE
from audio_builder.files.cache import Cache
from audio_builder.mix.rendering import layers
from audio_builder.mix.sources import gather
from audio_builder.mp3.linking import link
from audio_builder.script.program import Program
from audio_builder.sound.samples import Samples, segment_class, to_db, to_segment
from audio_builder.speech import ClipStore, choose_voice
from audio_builder.timebase import RATE


def said(program: Program) -> Spoken:
    """Place a program with the embedded voice."""
    voice = choose_voice("espeak", language=program.routine.language, offline=True)
    return spoken(program, voice, store=ClipStore(), report=lambda done, total: None)


LAME = ("lame", "--quiet", "-b", "96", "-m", "m", "--cbr", "-q", "5")


def timed_in_turns(
    one: Callable[[], object], other: Callable[[], object], times: int
) -> Iterator[tuple[float, float]]:
    """Give the median ratios of wall and CPU seconds of one to the other, run in turns, then each one's medians."""
    pairs = [(timed(one, 1), timed(other, 1)) for _ in range(times)]
    for kind in (0, 1):
        yield (
            median(ours[kind] / theirs[kind] for ours, theirs in pairs),
            median(ours[kind] for ours, _ in pairs),
        )


def timed(work: Callable[[], object], times: int) -> tuple[float, float]:
    """Give the medians of wall and CPU seconds, children included."""
    walls, cpus = [], []
    for _ in range(times):
        wall, cpu = time.perf_counter(), _cpu()
        work()
        walls.append(time.perf_counter() - wall)
        cpus.append(_cpu() - cpu)
    return median(walls), median(cpus)


def _cpu() -> float:
    now = os.times()
    return now.user + now.system + now.children_user + now.children_system


def ours(what: Spoken, scape: Soundscape, cache: Cache, out: Path, *, head: bytes = b"") -> None:
    """Mix, encode and link into a file; what the cache holds is taken from there."""
    assert what.clips is not None
    frames = encoded(what.timeline, what.clips, scape, cache=cache, report=lambda done, total: None)
    with out.open("wb", buffering=WRITTEN_AT_ONCE) as file:
        file.write(head)
        file.writelines(link(frames, scape.form))


def tagged(what: Spoken, cache: Cache) -> bytes:
    """Draw the cover and make the tag."""
    sheet = cue_sheet(what.timeline, what.program, voice={}, audio="session.mp3")
    return tag_of(sheet, cover_of(what.program, sheet.length_samples, cache))


def sounds(timeline: Timeline, clips: Mapping[str, Samples], scape: Soundscape) -> list[tuple[int, Any]]:
    """Give every sound of a session as a pydub segment at its level, with its start in milliseconds."""
    sources = gather(timeline.sections, pacer=scape.pacer, bed=scape.bed)
    rows = []
    for start, section in timeline.starts():
        for layer in layers(section, clips, levels=scape.levels, sources=sources):
            segment = to_segment(np.asarray(layer.samples * 0.5), RATE, headroom=1).set_sample_width(2)
            rows.append(((start + layer.start) * 1_000 // RATE, segment + to_db(layer.gain)))
    return rows


def append(rows: list[tuple[int, Any]], length_ms: int, out: Path) -> None:
    """Build with `+=`: silence up to each sound, then the sound; what would overlap comes after."""
    whole = segment_class().empty()
    for start, segment in rows:
        if start > len(whole):
            whole += segment_class().silent(start - len(whole), frame_rate=RATE)
        whole += segment
    if length_ms > len(whole):
        whole += segment_class().silent(length_ms - len(whole), frame_rate=RATE)
    whole.export(str(out), format="mp3", bitrate="96k", parameters=["-ac", "1"])


def overlay(rows: list[tuple[int, Any]], length_ms: int, out: Path) -> None:
    """Build with `overlay` on as much silence as the session lasts."""
    whole = segment_class().silent(length_ms, frame_rate=RATE)
    for start, segment in rows:
        whole = whole.overlay(segment, position=start)
    whole.export(str(out), format="mp3", bitrate="96k", parameters=["-ac", "1"])


def measured(routine: str, times: int, wav: str, folder: Path) -> Iterator[tuple[str, float]]:
    """Time everybody on the same session."""
    program = load_routine(routine)
    scape, what = soundscape(program), said(program)
    assert isinstance(what.clips, Clips)
    length_ms = what.timeline.length * 1_000 // RATE
    out = folder / "out.mp3"
    stores = iter(range(10_000))

    def cold() -> None:
        cache = Cache(folder / str(next(stores)))
        ours(what, scape, cache, out, head=tagged(what, cache))

    def lame() -> None:
        subprocess.run([*LAME, wav, folder / "lame.mp3"], check=True)

    cold()
    yield "minutes", length_ms / 60_000
    for kind, (ratio, own) in zip(("", "_cpu"), timed_in_turns(cold, lame, times), strict=True):
        yield f"ours{kind}", own
        yield f"of_lame{kind}", ratio
    cache = Cache(folder / "0")
    yield from zip(("link", "link_cpu"), timed(lambda: ours(what, scape, cache, out), times), strict=True)
    build(program, folder / "dist", voice="espeak", offline=True)
    again = timed(lambda: build(program, folder / "dist", voice="espeak", offline=True), times)
    yield from zip(("whole", "whole_cpu"), again, strict=True)
    rows = sounds(what.timeline, dict(what.clips), scape)
    yield from zip(("append", "append_cpu"), timed(lambda: append(rows, length_ms, out), 1), strict=True)
    yield from zip(("overlay", "overlay_cpu"), timed(lambda: overlay(rows, length_ms, out), 1), strict=True)


def main() -> None:
    """Write what was measured."""
    routine, times, wav, output = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        found = dict(measured(routine, int(times), wav, Path(folder)))
    Path(output).write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main()
