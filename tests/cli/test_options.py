"""Errors name settings and actions; the command line calls them what people type."""

from __future__ import annotations

import pytest

from audio_builder.cli.options import called
from audio_builder.errors import Action, Setting
from tests.cli.running import Terminal

NAMES = {
    Setting("guidance", "light"): "--guidance light",
    Setting("length"): "--minutes",
    Setting("breath"): "--pace",
    Setting("beyond_limits"): "--beyond-limits",
    Setting("voice", "recordings:FOLDER else auto"): '--voice "recordings:FOLDER else auto"',
    Setting("base_url"): "--base-url",
    Setting("output"): "-o",
    Setting("breath_words", "3"): "--set breath_words=3",
    Setting("levels.bed_db"): "--set levels.bed_db",
    Action("voices"): "audio-builder voices",
    Action("voices install", "en_US-joe"): "audio-builder voices install en_US-joe",
}


@pytest.mark.parametrize("part", NAMES, ids=str)
def test_a_setting_is_called_by_its_option_and_an_action_by_its_command(part: Setting | Action) -> None:
    """Word each as the terminal does."""
    assert called(part) == NAMES[part]


def test_a_message_on_the_terminal_names_options(terminal: Terminal) -> None:
    """Ask for what cannot be: the place and the remedies are what could be typed."""
    result = terminal.run("cues", "--minutes", "3")
    _, _, remedy = result.err.partition("\n")
    assert (result.code, result.err.partition(":")[0], remedy) == (
        2,
        "--minutes",
        "  Have less said (--guidance light), leave an exercise out (--skip), or breathe at a faster pace (--pace).\n",
    )
