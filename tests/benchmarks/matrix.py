"""Build and verify every bundled routine with every pacer and bed, and print a table of what was measured.

    python -m tests.benchmarks.matrix            all of them, with the embedded voice
    python -m tests.benchmarks.matrix --short    the shortest routine, each pacer and each bed once
    python -m tests.benchmarks.matrix --drawn 100    so many routines drawn by chance, and what is off with them

Besides what `verify` checks, the tones are measured as decoded: whether they rise on an inhale and fall on an exhale
(by pitch, or brightness for waves), and without a bed how silent they are where the breath turns. Ends with 1 where
anything of any session is off.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import soundfile

from audio_builder import build
from audio_builder.script.finding import bundled
from audio_builder.session.cuesheet import read_sheet
from audio_builder.sound.settings import BEDS, PACERS
from audio_builder.verify import verify
from tests.benchmarks.breathing import Leading, leading
from tests.verify.drawing import drawn

SHOWN = (
    "speech loudness",
    "true peak",
    "background under speech",
    "tones under speech",
    "clicks",
    "digital silence",
)

TURNING_DB = -30.0
"""A tone is silent at a turning point where it is so far below its loudest."""


def combinations(*, short: bool) -> Iterator[tuple[str, str, str]]:
    """Give routine, pacer and bed of each session to build."""
    if short:
        yield from (("five-minutes", pacer, bed) for pacer, bed in zip(PACERS, BEDS, strict=True))
        return
    for routine in bundled("routines"):
        for bed in BEDS:
            yield from ((routine, pacer, bed) for pacer in PACERS)


def leading_of(path: Path, *, pacer: str) -> Leading:
    """Measure the breath tones of a finished session."""
    samples, _ = soundfile.read(str(path), dtype="float32", always_2d=True)
    return leading(samples.mean(axis=1), read_sheet(path.with_suffix(".json")), pacer=pacer)


def main() -> int:
    """Build, verify and print each; give the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--drawn", type=int, default=0)
    asked = parser.parse_args()
    return by_chance(asked.drawn) if asked.drawn else bundled_ones(short=asked.short)


def by_chance(count: int) -> int:
    """Build and verify routines that chance has drawn, and print what is off."""
    off = 0
    with tempfile.TemporaryDirectory() as folder:
        for number in range(count):
            session = build(drawn(number), Path(folder, str(number)), voice="espeak", offline=True)
            failures = verify(session.path).failures
            off += bool(failures)
            for check in failures:
                print(f"{number}: {check.name}: {check.measured}; {'; '.join(check.details)}", flush=True)
    print(f"{off} of {count} sessions with something off")
    return 1 if off else 0


def bundled_ones(*, short: bool) -> int:
    """Build and verify the bundled routines with every pacer and bed."""
    off = 0
    print("| routine | pacer | bed | " + " | ".join(SHOWN) + " | led right | turning | off |")
    print("| --- " * (6 + len(SHOWN)) + "|")
    with tempfile.TemporaryDirectory() as folder:
        for routine, pacer, bed in combinations(short=short):
            settings = {"pacer": pacer, "bed": bed}
            session = build(routine, Path(folder), voice="espeak", settings=settings, offline=True)
            report = verify(session.path)
            measured = {check.name: check.measured for check in report.checks}
            wrong = [f"{check.name}: {check.measured}" for check in report.failures]
            tones = leading_of(session.path, pacer=pacer)
            if tones.right < tones.measured:
                wrong.append("tones that lead the other way")
            turning = f"{tones.turning_db:.0f} dB" if bed == "none" and pacer != "off" else ""
            if bed == "none" and tones.turning_db > TURNING_DB:
                wrong.append("turning points")
            off += bool(wrong)
            led = (f"{tones.right} of {tones.measured}", turning)
            shown = (measured.get(name, "") for name in SHOWN)
            cells = (routine, pacer, bed, *shown, *led, "; ".join(wrong) or "none")
            print("| " + " | ".join(cells) + " |", flush=True)
    print(f"{off} sessions with something off")
    return 1 if off else 0


if __name__ == "__main__":
    sys.exit(main())
