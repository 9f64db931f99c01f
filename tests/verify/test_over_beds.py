"""Cues that come at the wrong moment, or are the wrong ones, are found over every bed, and no others are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from audio_builder import Session, build
from audio_builder.building import pipeline
from audio_builder.building.encoding import encoded
from audio_builder.compiler import Timeline
from audio_builder.compiler.timeline import Event
from audio_builder.sound.chimes import struck
from audio_builder.sound.settings import BEDS
from audio_builder.timebase import RATE, to_samples
from audio_builder.verify import verify
from tests.verify.planting import ROUTINE

SETTINGS: tuple[Mapping[str, Any], ...] = (
    *({"bed.sound": bed} for bed in BEDS),
    {"bed.sound": "bells.flac"},
    {"bed.sound": "rain", "bed.channels": "stereo", "pacer.sound": "waves"},
    {"bed.sound": "rain", "quality": "small", "warmth.amount": 1.0, "levels.bed_db": -13.0},
)


def built(folder: Path, settings: Mapping[str, Any]) -> Session:
    """Build the short session with some settings, beside a bed of bells."""
    (folder / "short.yaml").write_text(ROUTINE)
    bells = np.zeros(9 * RATE)
    for number in range(9):
        start = number * RATE + 97 * number**2
        bells[start:] += struck(440.0 + 40 * (number % 4), len(bells) - start, ring_seconds=1.5)
    soundfile.write(folder / "bells.flac", 0.3 * bells / np.abs(bells).max(), RATE)
    return build(folder / "short.yaml", folder / "out", voice="espeak", offline=True, settings=settings)


def tampered(timeline: Timeline, changed: Mapping[tuple[str, int], Event]) -> Timeline:
    """Put other events in place of some, named by their section and number."""
    sections = tuple(
        replace(
            section, events=tuple(changed.get((section.name, n), e) for n, e in enumerate(section.events))
        )
        for section in timeline.sections
    )
    return replace(timeline, sections=sections)


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_a_session_over_a_bed_passes(tmp_path: Path, settings: Mapping[str, Any]) -> None:
    """Find nothing wrong, be the bed soft, struck, stereo or as loud as it may be."""
    assert verify(built(tmp_path, settings).path).failures == ()


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_cues_out_of_place_are_found_and_no_others(
    tmp_path: Path, settings: Mapping[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mix one cue 25 ms late and one 25 ms early, and say another line in place of a third."""
    planted: dict[tuple[str, int], Event] = {}

    def encoded_otherwise(timeline: Timeline, clips: Any, *rest: Any, **named: Any) -> Any:
        section = next(section for section in timeline.sections if section.side == "right")
        cues = [(n, event) for n, event in enumerate(section.events) if event.kind == "cue"]
        (late, one), (early, two), (other, three) = cues[1:4]
        words = cues[4][1].text
        planted.update(
            {
                (section.name, late): replace(one, start=one.start + to_samples(0.025)),
                (section.name, early): replace(two, start=two.start - to_samples(0.025)),
                (section.name, other): replace(three, text=words, length=clips.note(words).length),
            }
        )
        return encoded(tampered(timeline, planted), clips, *rest, **named)

    monkeypatch.setattr(pipeline, "encoded", encoded_otherwise)
    session = built(tmp_path, settings)
    cues = [event for event in session.cue_sheet.events if event.kind == "cue" and event.side == "right"]
    report = {check.name: check.details for check in verify(session.path).failures}
    late, early = report["cue onsets"][:2]
    assert cues[1].text[:20] in late
    assert cues[2].text[:20] in early
    assert [float(told.split()[-2]) for told in (late, early)] == pytest.approx([25, -25], abs=5)
    (other,) = report["cues spoken"]
    assert cues[3].text[:20] in other
    assert "something else" in other
    assert all(cues[3].text[:20] in told for told in report["cue onsets"][2:])
