"""What axe finds on the pages, in light and dark, on phone and desktop."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from audio_builder.web.server import ServerPlan
from tests.judges import library
from tests.web.browser import DESKTOP, PHONE, chromium, watched

pytestmark = pytest.mark.judge

PLAYER = "sessions/thread-the-needle/"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Start one browser for these tests."""
    with chromium(tmp_path_factory.mktemp("profile")) as running:
        yield running


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_nothing(browser: Any, plan: ServerPlan, scheme: str, size: dict[str, int]) -> None:
    """Pass every rule of axe, best practices included: at rest, in a breath, with everything open."""
    axe = library("axe_playwright_python.sync_playwright").Axe()
    with watched(browser, plan.addresses[0], viewport=size, color_scheme=scheme) as view:
        view.page.goto(plan.addresses[0])
        found = {"index": violations(axe, view.page)}
        view.open(plan.addresses[0] + PLAYER)
        found["player"] = violations(axe, view.page)
        view.seek(12.0)
        view.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        found["in a breath"] = violations(axe, view.page)
        view.seek(18.8)
        found["out of breath"] = violations(axe, view.page)
        assert {name: one for name, one in found.items() if one} == {}


def violations(axe: Any, page: Any) -> list[tuple[str, str, list[str]]]:
    """Run axe, and give each finding with its places."""
    response = axe.run(page, options={"resultTypes": ["violations"]}).response
    return [
        (one["id"], one["impact"], [node["html"][:120] for node in one["nodes"]])
        for one in response["violations"]
    ]


def test_axe_would_find_something(browser: Any, plan: ServerPlan) -> None:
    """Know that the judge is awake: a button without a name is found."""
    axe = library("axe_playwright_python.sync_playwright").Axe()
    with watched(browser, plan.addresses[0]) as view:
        view.open(plan.addresses[0] + PLAYER)
        view.page.evaluate("document.getElementById('play').removeAttribute('aria-label')")
        assert "button-name" in [rule for rule, _, _ in violations(axe, view.page)]
