"""Every bundled routine with every pacer and bed is built and verified; a table of what was measured goes out.

    python tests/benchmarks/matrix.py            all of them, with the embedded voice
    python tests/benchmarks/matrix.py --short    the shortest routine, each pacer and each bed once

Ends with 1 where any check of any session is off.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from audio_builder import build
from audio_builder.script import bundled
from audio_builder.sound.settings import BEDS, PACERS
from audio_builder.verify import verify

SHOWN = (
    "speech loudness",
    "true peak",
    "background under speech",
    "tones under speech",
    "clicks",
    "digital silence",
)


def combinations(*, short: bool) -> Iterator[tuple[str, str, str]]:
    """Give routine, pacer and bed of each session to build."""
    if short:
        yield from (("five-minutes", pacer, bed) for pacer, bed in zip(PACERS, BEDS, strict=True))
        return
    for routine in bundled("routines"):
        for bed in BEDS:
            yield from ((routine, pacer, bed) for pacer in PACERS)


def main() -> int:
    """Build, verify and print each; give the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true")
    short = parser.parse_args().short
    off = 0
    print("| routine | pacer | bed | " + " | ".join(SHOWN) + " | off |")
    print("| --- " * (4 + len(SHOWN)) + "|")
    with tempfile.TemporaryDirectory() as folder:
        for routine, pacer, bed in combinations(short=short):
            settings = {"pacer": pacer, "bed": bed}
            session = build(routine, Path(folder), voice="espeak", settings=settings, offline=True)
            report = verify(session.path)
            measured = {check.name: check.measured for check in report.checks}
            failed = "; ".join(f"{check.name}: {check.measured}" for check in report.failures)
            off += bool(failed)
            cells = (routine, pacer, bed, *(measured.get(name, "") for name in SHOWN), failed or "none")
            print("| " + " | ".join(cells) + " |", flush=True)
    print(f"{off} sessions with something off")
    return 1 if off else 0


if __name__ == "__main__":
    sys.exit(main())
