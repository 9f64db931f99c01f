"""The pages' own words: every language of the program says everything, as its voice does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import pytest

from audio_builder.language import LANGUAGES
from audio_builder.web.server import ServerPlan
from tests.web.browser import chromium, watched


@pytest.fixture(scope="module")
def said(plan: ServerPlan, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, dict[str, Any]]]:
    """Have the scripts say all their words, in each language and in two that they do not know by that name."""
    with (
        chromium(tmp_path_factory.mktemp("profile")) as browser,
        watched(browser, plan.addresses[0]) as view,
    ):
        view.page.goto(plan.addresses[0])
        yield view.page.evaluate(
            """async (languages) => {
              const {wordsFor} = await import('/assets/words.js');
              return Object.fromEntries(languages.map(one => [one, wordsFor(one)]));
            }""",
            [*LANGUAGES, "de-AT", "tlh"],
        )


@pytest.mark.judge
def test_scripts_speak_every_language(said: dict[str, dict[str, Any]]) -> None:
    """Have every word of each language's record; English for the rest."""
    assert said["tlh"] == said["en"]
    assert said["de-AT"] == said["de"]
    for language in LANGUAGES.values():
        words = {name: word for name, word in said[language.tag].items() if name != "phases"}
        assert words == asdict(language.pages) | {"keys": list(language.pages.keys)}


@pytest.mark.judge
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_names_a_breath_as_the_voice_does(said: dict[str, dict[str, Any]], language: str) -> None:
    """Show the very words of the compiler's phrases."""
    spoken = LANGUAGES[language].phrases.breathe
    assert said[language]["phases"] == {phase: text.rstrip(".") for phase, text in spoken.items()}
