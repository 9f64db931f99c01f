"""Every number of the sound has a range that holds, and a row in the table."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest

from audio_builder.errors import AudioBuilderError
from audio_builder.sound.settings import SETTINGS, Bed, Levels, Pacer, Setting, Warmth

GROUPS: dict[str, Levels | Pacer | Bed | Warmth] = {
    "levels": Levels(),
    "pacer": Pacer(),
    "bed": Bed(),
    "warmth": Warmth(),
}
ROWS = [
    pytest.param(group, row, id=f"{group}.{row.name}") for group, table in SETTINGS.items() for row in table
]


def test_every_number_is_in_the_table() -> None:
    """Whatever a settings class counts or measures has its row."""
    for group, settings in GROUPS.items():
        numbers = {
            entry.name for entry in fields(settings) if isinstance(getattr(settings, entry.name), float)
        }
        assert {row.name for row in SETTINGS[group]} == numbers


@pytest.mark.parametrize(("group", "row"), ROWS)
def test_a_default_lies_inside_its_range(group: str, row: Setting) -> None:
    """And the range has a width, a unit and a line about it."""
    assert getattr(GROUPS[group], row.name) == row.default
    assert row.range.low <= row.default <= row.range.high
    assert row.range.low < row.range.high
    assert row.range.unit
    assert row.range.about


@pytest.mark.parametrize(("group", "row"), ROWS)
def test_a_value_outside_its_range_is_refused(group: str, row: Setting) -> None:
    """Above as below, by a message that names the setting and its bounds."""
    for value in (row.range.low - 1.0, row.range.high + 1.0, float("nan")):
        named: dict[str, Any] = {row.name: value}
        with pytest.raises(AudioBuilderError) as caught:
            replace(GROUPS[group], **named)
        assert caught.value.where == f"{group}.{row.name}"
        assert f"Use {row.range.low:g} to {row.range.high:g} {row.range.unit}" in str(caught.value.remedy)


def test_a_refused_level_says_what_would_do() -> None:
    """The whole message."""
    with pytest.raises(AudioBuilderError) as caught:
        Levels(tones_db=3.0)
    assert str(caught.value) == (
        "levels.tones_db: 3 dB is out of range (breath tones, relative to speech)\n"
        "  Use -24 to -4 dB; the default is -9."
    )


def test_a_bed_may_not_come_near_speech() -> None:
    """WCAG 1.4.7 wants 20 dB below speech; a dB is kept free, however the two numbers are chosen."""
    Levels(bed_db=-13.0, bed_duck_db=8.0)
    with pytest.raises(AudioBuilderError, match="only 20 dB below speech while it speaks"):
        Levels(bed_db=-13.0, bed_duck_db=7.0)


def test_a_harsh_band_has_a_width() -> None:
    """Its upper end lies above its lower one."""
    with pytest.raises(AudioBuilderError, match="too near harsh_low_hz"):
        Warmth(harsh_low_hz=5_000.0, harsh_high_hz=5_500.0)
