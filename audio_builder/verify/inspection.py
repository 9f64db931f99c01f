"""Inspect a finished session: everything that it promises, as one report."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from audio_builder.errors import SoundError
from audio_builder.session.cuesheet import CueSheet, read_sheet
from audio_builder.sound.samples import SILENCE_DB
from audio_builder.timebase import clock, to_samples, to_seconds
from audio_builder.verify.judging import (
    Heard,
    judge_cues,
    judge_jumps,
    judge_levels,
    judge_openings,
    judge_sounds,
)
from audio_builder.verify.metadata import check_sidecars, check_stream, check_tags, mapped
from audio_builder.verify.playback import LoudnessMeter, PeakMeter, Tape, ZeroMeter, decoded
from audio_builder.verify.probes import CueFinding, JumpFinding, SoundFinding, findings
from audio_builder.verify.report import Check, Report, check_all

CEILING_DBTP = -1.0
LOUDEST_LUFS = -15.5
"""Speech is the loudest there is, so a whole session is never louder than speech may be."""
LONGEST_ZEROS_SECONDS = 1.0


def verify(path: str | Path) -> Report:
    """Inspect a finished MP3 against the cue sheet and the sidecars beside it.

    Decodes it once, in a few megabytes of memory however long it is. Raises OutputError where the MP3 or its
    cue sheet is missing or unreadable; everything else that is wrong is a failed check in the report.
    """
    audio = Path(path)
    with mapped(audio) as data:
        sheet = read_sheet(audio.with_suffix(".json"))
        checks = [*check_stream(data, sheet), *check_files(audio, sheet)]
    try:
        checks += _listen(audio, sheet)
    except SoundError as error:
        checks.append(check_all("decoding", [error.message], measured="failed", limit="decodes to the end"))
    return Report(path=audio, checks=tuple(checks))


def check_files(audio: Path, sheet: CueSheet) -> Iterator[Check]:
    """Check everything that can be read without listening: tags, chapters, sidecars."""
    yield from check_tags(audio, sheet)
    yield from check_sidecars(audio, sheet)


def _listen(audio: Path, sheet: CueSheet) -> Iterator[Check]:
    loudness, peak, zeros = LoudnessMeter(), PeakMeter(), ZeroMeter()
    tape = Tape(decoded(audio), (loudness, peak, zeros))
    found = list(findings(tape, sheet))
    length = tape.run_out()
    heard = Heard(
        cues=tuple(finding for finding in found if isinstance(finding, CueFinding)),
        sounds=tuple(finding for finding in found if isinstance(finding, SoundFinding)),
        jumps=tuple(finding for finding in found if isinstance(finding, JumpFinding)),
        channels=tape.channels,
    )
    yield _judge_length(length, sheet)
    yield from judge_cues(heard)
    yield from judge_sounds(heard, sheet)
    yield judge_openings(heard, sheet)
    yield from judge_levels(heard, sheet)
    yield from _judge_whole(loudness, peak, zeros)
    yield judge_jumps(heard)


def _judge_length(length: int, sheet: CueSheet) -> Check:
    off = length - sheet.length_samples
    return check_all(
        "decoded length",
        [f"{off:+,} samples ({to_seconds(off):+.3f} s)"] if off else [],
        measured=f"{length:,} samples ({clock(length, decimals=3)})",
        limit=f"{sheet.length_samples:,} samples",
    )


def _judge_whole(loudness: LoudnessMeter, peak: PeakMeter, zeros: ZeroMeter) -> Iterator[Check]:
    level = loudness.integrated_lufs
    yield Check(
        name="integrated loudness",
        measured=f"{level:.2f} LUFS" if level > SILENCE_DB else "silent",
        limit=f"{LOUDEST_LUFS:g} LUFS or less, not silent",
        passed=SILENCE_DB < level <= LOUDEST_LUFS,
    )
    hot = peak.level_dbtp > CEILING_DBTP
    yield check_all(
        "true peak",
        [f"{peak.level_dbtp:.2f} dBTP at {clock(peak.place, decimals=3)}"] if hot else [],
        measured=f"{peak.level_dbtp:.2f} dBTP",
        limit=f"{CEILING_DBTP:g} dBTP or less",
    )
    long = zeros.longest > to_samples(LONGEST_ZEROS_SECONDS)
    yield check_all(
        "digital silence",
        [f"{to_seconds(zeros.longest):.2f} s up to {clock(zeros.end, decimals=3)}"] if long else [],
        measured=f"{to_seconds(zeros.longest):.3f} s at most",
        limit=f"{LONGEST_ZEROS_SECONDS:g} s at most",
    )
