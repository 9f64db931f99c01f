"""The player's own words: every language says everything."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from audio_builder.web.server import ServerPlan
from tests.web.browser import chromium, watched

pytestmark = pytest.mark.judge


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Start one browser for these tests."""
    with chromium(tmp_path_factory.mktemp("profile")) as running:
        yield running


def test_every_language_has_every_word(browser: Any, plan: ServerPlan) -> None:
    """Have phases, spans and sentences in each language, none of them empty; English for the rest."""
    with watched(browser, plan.addresses[0]) as view:
        view.page.goto(plan.addresses[0])
        said = view.page.evaluate(
            """async () => {
              const {wordsFor} = await import('/assets/words.js');
              const say = (words) => [
                Object.entries(words.phases), Object.entries(words.spans),
                words.left('A', 'B'), words.next('A', 'B'), words.ends('A'), words.welcome, words.done,
              ].flat(2);
              return Object.fromEntries(['en', 'de', 'es', 'fr', 'de-AT', 'tlh'].map(one => [one, say(wordsFor(one))]));
            }"""
        )
    assert said["tlh"] == said["en"]
    assert said["de-AT"] == said["de"]
    languages = [said[language] for language in ("en", "de", "es", "fr")]
    assert {len(words) for words in languages} == {2 * 4 + 2 * 5 + 5}
    assert all(word.strip() for words in languages for word in words)
    for one, other in ((0, 1), (1, 2), (2, 3), (0, 3)):
        assert languages[one][-2] != languages[other][-2]
