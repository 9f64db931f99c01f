"""The pages' own words: every language of the program says everything, as its voice does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import pytest

from audio_builder.compiler.phrases import phrases
from audio_builder.publish.words import WORDS, words_for
from audio_builder.script.routine import LANGUAGES
from audio_builder.web.server import ServerPlan
from tests.web.browser import chromium, watched


def test_pages_are_written_in_every_language() -> None:
    """Have each label in each language, none of them empty; English for the rest."""
    assert tuple(WORDS) == LANGUAGES
    for words in WORDS.values():
        assert all(words_in(list(asdict(words).values())))
    assert words_for("de-AT") == WORDS["de"]
    assert words_for("tlh") == words_for("") == WORDS["en"]


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
              const said = (one) => typeof one === 'function' ? one('A', 'B') : one;
              const say = (words) => Object.fromEntries(Object.entries(words).map(([name, one]) => [name, said(one)]));
              return Object.fromEntries(languages.map(one => [one, say(wordsFor(one))]));
            }""",
            [*LANGUAGES, "de-AT", "tlh"],
        )


@pytest.mark.judge
def test_scripts_speak_every_language(said: dict[str, dict[str, Any]]) -> None:
    """Have the same words in each language, none of them empty; English for the rest."""
    assert said["tlh"] == said["en"]
    assert said["de-AT"] == said["de"]
    for language in LANGUAGES:
        assert shape(said[language]) == shape(said["en"])
        assert all(word.strip() for word in words_in(list(said[language].values())))
    assert len({said[language]["welcome"] for language in LANGUAGES}) == len(LANGUAGES)


@pytest.mark.judge
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_names_a_breath_as_the_voice_does(said: dict[str, dict[str, Any]], language: str) -> None:
    """Show the very words of the compiler's phrases."""
    spoken = phrases(language).breathe
    assert said[language]["phases"] == {phase: text.rstrip(".") for phase, text in spoken.items()}


def shape(words: dict[str, Any]) -> dict[str, Any]:
    """Give the names of words, and of those within."""
    return {name: sorted(one) if isinstance(one, dict) else "" for name, one in words.items()}


def words_in(values: list[Any]) -> list[str]:
    """Give every text among values, however deep."""
    found: list[str] = []
    for one in values:
        if isinstance(one, str):
            found.append(one)
        else:
            found += words_in(list(one.values() if isinstance(one, dict) else one))
    return found
