"""The player page with a session that was really built: chapters, cues and lengths as its cue sheet says."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from audio_builder import Session, build
from audio_builder.publish import publish
from audio_builder.web.server import ServerPlan, prepare
from tests.web.browser import Watched, chromium, watched
from tests.web.conftest import serving

pytestmark = pytest.mark.judge


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """Build the five-minute routine with the embedded voice."""
    return build("five-minutes", tmp_path_factory.mktemp("dist"), voice="espeak", offline=True)


@pytest.fixture(scope="module")
def plan(session: Session, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerPlan]:
    """Publish and serve it."""
    yield from serving(prepare(publish([session.path], tmp_path_factory.mktemp("site")).folder, port=0))


@pytest.fixture(scope="module")
def page(plan: ServerPlan, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """Open its player on a phone, and in the end accept no complaint of any kind."""
    with (
        chromium(tmp_path_factory.mktemp("profile")) as browser,
        watched(browser, plan.addresses[0]) as seen,
    ):
        seen.open(plan.addresses[0] + "sessions/five-minutes/")
        yield seen
        shots = os.environ.get("AUDIO_BUILDER_SCREENSHOTS")
        if shots:
            seen.page.screenshot(path=Path(shots) / "built-session.png")
        assert seen.problems == []


def test_the_browser_sees_the_length_of_the_cue_sheet(page: Watched, session: Session) -> None:
    """Compare what Chromium's decoder says with the sheet."""
    duration = page.page.evaluate("document.getElementById('audio').duration")
    assert duration == pytest.approx(session.length_seconds, abs=0.05)


def test_every_chapter_of_the_built_session_is_landed_on(page: Watched, session: Session) -> None:
    """Jump by each link of the list and land within a tenth of a second of the section's start."""
    page.page.evaluate("document.getElementById('audio').playbackRate = 0.0625")
    for number, section in enumerate(session.cue_sheet.sections):
        landed = page.page.evaluate(
            """chapter => new Promise(done => {
              const audio = document.getElementById('audio');
              audio.addEventListener('seeked', () => done(audio.currentTime), {once: true});
              document.querySelectorAll('.chapters a')[chapter].click();
            })""",
            number,
        )
        assert landed == pytest.approx(section.start_samples / 48_000, abs=0.1)


def test_the_page_shows_the_cue_that_is_spoken(page: Watched, session: Session) -> None:
    """Seek into the middle of several long cues and find their words on the page."""
    cues = sorted(session.cue_sheet.cues(), key=lambda cue: -cue.length_samples)[:5]
    for cue in cues:
        middle = (cue.start_samples + cue.length_samples / 2) / 48_000
        page.page.evaluate("place => { document.getElementById('audio').currentTime = place; }", middle)
        page.page.wait_for_function("words => document.body.innerText.includes(words)", arg=cue.text)
