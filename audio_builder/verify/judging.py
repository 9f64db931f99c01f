"""Judge what was heard of cues, tones, chimes and joins."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from audio_builder.session.cuesheet import CueSheet, SheetEvent
from audio_builder.sound.samples import ANCHOR_LUFS, SILENCE_DB
from audio_builder.timebase import clock, to_samples
from audio_builder.verify.playback import gated_loudness
from audio_builder.verify.probes import CHIMES, TONES, CueFinding, JumpFinding, SoundFinding, level_db
from audio_builder.verify.report import Check, check_all

WITHIN_MS = 20.0
VOICE_WITHIN_MS = 10.0
"""A cue is found by its own contour to 5 ms, whatever lies under it."""

COVERED_DBFS = -54.0
HIDDEN_WITHIN_MS = 60.0
"""A soft first consonant may lie hidden so long where something louder than room tone covers it, or under that."""

TOO_SOFT_LU = 6.0
"""A cue so far below the anchor was not spoken, or not as it should be."""

LIKE = 0.3
"""Below this likeness a tone or chime is not there."""

SPEECH_WITHIN_LU = 0.5
BED_BELOW_LU = 20.0
GAPS_BELOW = 75
"""The percentile of the gaps around cues that has to be as quiet: one cue out of place is not a loud bed."""

TONES_BELOW_LU = (6.0, 12.0)
LEVEL_WITHIN_DB = 1.5
OPENS_WITHIN_SECONDS = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """Everything that was found in a session, by kind."""

    cues: tuple[CueFinding, ...]
    sounds: tuple[SoundFinding, ...]
    jumps: tuple[JumpFinding, ...]
    channels: int = 1

    @property
    def speech_lufs(self) -> float:
        """The loudness of all that is spoken, and of nothing else."""
        return gated_loudness(np.concatenate([np.empty(0), *(cue.powers for cue in self.cues)]))


def judge_cues(heard: Heard) -> Iterator[Check]:
    """Check that every cue is spoken, and where it sets in."""
    unspoken = [f"{f.cue.label}: {what}" for f in heard.cues if (what := _unspoken(f))]
    yield check_all(
        "cues spoken",
        unspoken,
        measured=f"{len(heard.cues) - len(unspoken)} of {len(heard.cues)}",
        limit=f"each as its clip begins, at {ANCHOR_LUFS - TOO_SOFT_LU:g} LUFS or more",
    )
    onsets = [(f.cue.label, *_onset(f)) for f in heard.cues]
    yield check_all(
        "cue onsets",
        [f"{label}: {_off(off)}" for label, off, right in onsets if not right],
        measured=_spread([off for _, off, _ in onsets if off is not None]),
        limit=f"within {VOICE_WITHIN_MS:g} ms",
    )


def _unspoken(finding: CueFinding) -> str:
    """Say how a cue is not what it should be: too soft, or something else."""
    if _too_soft(finding):
        return _lufs(finding.loudness_lufs)
    if finding.match is not None and not finding.match.is_alike:
        return f"something else ({finding.match.missing_db:.1f} dB of its voice are missing)"
    return ""


def _too_soft(finding: CueFinding) -> bool:
    return not finding.loudness_lufs >= ANCHOR_LUFS - TOO_SOFT_LU


def _onset(finding: CueFinding) -> tuple[int | None, bool]:
    """Say how many samples late a cue begins, if it does, and whether that is right.

    Its own voice tells it best. But where nothing covers it, it has to be heard soon, too: a clip may begin with
    silence. And where its voice is not known, that is all there is to go by.
    """
    sets_in, match = finding.sets_in, finding.match
    covered = finding.before_dbfs > COVERED_DBFS
    within_ms = WITHIN_MS + (_ms(match.heard_from_samples) if match else 0.0)
    within_ms = HIDDEN_WITHIN_MS if covered else min(within_ms, HIDDEN_WITHIN_MS)
    soon = sets_in is not None and _ms(sets_in) <= within_ms
    if match is None or not match.is_alike:
        return sets_in, sets_in is not None and soon and _ms(sets_in) >= -WITHIN_MS
    if abs(_ms(match.off_samples)) > VOICE_WITHIN_MS:
        return match.off_samples, False
    return (match.off_samples, True) if covered or soon else (sets_in, False)


def judge_sounds(heard: Heard, sheet: CueSheet) -> Iterator[Check]:
    """Check that tones and chimes are there, where they begin, and how long breath holds last."""
    for name, kinds in (("tone onsets", TONES), ("chime onsets", CHIMES)):
        mine = [finding for finding in heard.sounds if finding.event.kind in kinds]
        found = [finding.match for finding in mine if finding.match is not None]
        covered = len(mine) - len(found)
        wrong = [w for f in mine if f.match is not None and (w := _wrong_sound(f))]
        note = f", {covered} covered by speech or silent" if covered else ""
        measured = _spread([match.off_samples for match in found]) + note
        yield check_all(name, wrong, measured=measured, limit=f"there, within {WITHIN_MS:g} ms")
    yield _judge_holds(heard, sheet)


def _wrong_sound(finding: SoundFinding) -> str:
    match = finding.match
    if match is None:
        return ""
    if match.likeness < LIKE * math.sqrt(min(1.0, match.share)):
        return f"{finding.event.label}: not there"
    if abs(_ms(match.off_samples)) > WITHIN_MS:
        return f"{finding.event.label}: {_off(match.off_samples)}"
    return ""


def _judge_holds(heard: Heard, sheet: CueSheet) -> Check:
    """Measure each breath hold from where its first tone begins to where its last one ends."""
    wrong, worst, measured = [], 0.0, 0
    tones = [f for f in heard.sounds if f.event.kind in TONES]
    for hold in sheet.of_kind("hold"):
        inside = [f for f in tones if _is_inside(f.event, hold)]
        if not inside:
            continue
        ends = [hold.start_samples, *(f.event.end_samples for f in inside)]
        if [f.event.start_samples for f in inside] != ends[:-1] or ends[-1] > hold.end_samples:
            wrong.append(f"{hold.label}: its breaths do not follow one another within it")
        heard_inside = [f for f in inside if f.match is not None]
        if not heard_inside:
            continue
        measured += 1
        first, last = heard_inside[0], heard_inside[-1]
        assert first.match is not None and last.match is not None  # noqa: PT018
        off = _ms(last.match.off_samples - first.match.off_samples)
        worst = max(worst, abs(off))
        if abs(off) > WITHIN_MS:
            wrong.append(f"{hold.label}: {off:+.0f} ms")
    limit = f"exact, measured within {WITHIN_MS:g} ms"
    return check_all(
        "hold lengths", wrong, measured=f"{measured} holds, off by {worst:.1f} ms at most", limit=limit
    )


def _is_inside(event: SheetEvent, hold: SheetEvent) -> bool:
    return hold.start_samples <= event.start_samples < hold.end_samples


def judge_openings(heard: Heard, sheet: CueSheet) -> Check:
    """Check that something sounds soon after each chapter begins."""
    heard_at = sorted(
        [f.cue.start_samples for f in heard.cues if not _too_soft(f)]
        + [f.event.start_samples for f in heard.sounds if f.match is not None and not _wrong_sound(f)]
    )
    wrong, latest = [], 0.0
    for section in sheet.sections:
        after = [at - section.start_samples for at in heard_at if at >= section.start_samples]
        seconds = after[0] / to_samples(1) if after else math.inf
        latest = max(latest, seconds)
        if seconds > OPENS_WITHIN_SECONDS:
            wrong.append(
                f"{clock(section.start_samples, decimals=3)} {section.title!r} opens with {seconds:.1f} s of nothing"
            )
    limit = f"a sound within {OPENS_WITHIN_SECONDS:g} s"
    return check_all("chapter openings", wrong, measured=f"{latest:.2f} s at most", limit=limit)


def judge_levels(heard: Heard, sheet: CueSheet) -> Iterator[Check]:
    """Check how loud speech is, and how far below it everything else."""
    speech = heard.speech_lufs
    yield Check(
        name="speech loudness",
        measured=_lufs(speech),
        limit=f"{ANCHOR_LUFS:g} ±{SPEECH_WITHIN_LU:g} LUFS",
        passed=abs(speech - ANCHOR_LUFS) <= SPEECH_WITHIN_LU or not heard.cues,
    )
    gaps = [level for finding in heard.cues for level in finding.background]
    below = speech - float(np.percentile(gaps, GAPS_BELOW)) if gaps else math.inf
    yield Check(
        name="background under speech",
        measured=f"{below:.1f} LU below" if below < math.inf else "silent",
        limit=f"{BED_BELOW_LU:g} LU below or more",
        passed=below >= BED_BELOW_LU,
    )
    yield _judge_tone_level(heard, sheet, speech)


def _judge_tone_level(heard: Heard, sheet: CueSheet, speech: float) -> Check:
    free = [
        f.match.gain_db
        for f in heard.sounds
        if f.event.kind in ("inhale", "exhale") and f.match is not None and f.match.share > 0.5
    ]
    wished = level_db(sheet, "tones")
    low, high = TONES_BELOW_LU
    if wished is not None and not -high <= wished <= -low:
        low, high = -wished - LEVEL_WITHIN_DB, -wished + LEVEL_WITHIN_DB
    in_all_channels = 10 * math.log10(heard.channels)
    below = speech - ANCHOR_LUFS - in_all_channels - float(np.median(free)) if free else math.nan
    return Check(
        name="tones under speech",
        measured=f"{below:.1f} LU below" if free else "no tone stands free of speech",
        limit=f"{low:g} to {high:g} LU below",
        passed=not free or low <= below <= high,
    )


def judge_jumps(heard: Heard) -> Check:
    """Check that nothing clicks where sections join, and where tones and chimes begin and end."""
    wrong = [
        f"{clock(f.place, decimals=3)} {f.what}: {f.jump.above_usual_db:.0f} dB above its surroundings"
        for f in heard.jumps
        if f.jump.is_click
    ]
    worst = max((f.jump.above_usual_db for f in heard.jumps), default=0.0)
    measured = f"{len(heard.jumps)} places, {worst:.1f} dB above their surroundings at most"
    return check_all("clicks", wrong, measured=measured, limit="none at joins and ends of tones")


def _spread(offs: Sequence[int]) -> str:
    if not offs:
        return "none to measure"
    return f"{len(offs)} found, {_ms(min(offs)):+.1f} to {_ms(max(offs)):+.1f} ms"


def _off(samples: int | None) -> str:
    return "not heard" if samples is None else f"{_ms(samples):+.0f} ms"


def _ms(samples: int) -> float:
    return samples * 1_000 / to_samples(1)


def _lufs(level: float) -> str:
    return f"{level:.2f} LUFS" if level > SILENCE_DB else "silent"
