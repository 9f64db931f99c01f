"""The site on the device itself: installed, kept, played without a network."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from audio_builder.publish import publish
from audio_builder.web.connections import affordable
from audio_builder.web.server import make_server, prepare
from tests.publish.making import PARTS, make_session
from tests.web.browser import Watched, chromium, watched
from tests.web.conftest import serving

pytestmark = pytest.mark.judge

PLAYER = "sessions/thread-the-needle/"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Start one browser for these tests."""
    with chromium(tmp_path_factory.mktemp("profile")) as running:
        yield running


@pytest.fixture
def own_site(site: Path, tmp_path: Path) -> Path:
    """Copy the site, for a test that takes it off the network or changes it."""
    return Path(shutil.copytree(site, tmp_path / "site"))


def keep(view: Watched) -> None:
    """Press the button and wait until the session is kept."""
    view.page.click("#keep")
    view.until("document.getElementById('keep').textContent === 'Kept on this device'")


def test_a_kept_session_plays_and_seeks_without_a_network(browser: Any, own_site: Path) -> None:
    """Load the page again with the server gone, play, and land on a chapter."""
    running = serving(prepare(own_site, port=0))
    plan = next(running)
    with watched(browser, plan.addresses[0]) as view:
        view.open(plan.addresses[0] + PLAYER)
        keep(view)
        running.close()
        view.page.goto("about:blank")
        view.open(plan.addresses[0] + PLAYER)
        view.page.click("#play")
        view.until("document.getElementById('audio').currentTime > 0.3")
        view.page.evaluate(
            "document.getElementById('audio').playbackRate = 0.0625"
        )  # busy machines need time
        view.page.click(".chapters li:nth-child(3) a")
        view.until("document.getElementById('audio').currentTime > 30.51")
        assert view.place() < 33
        view.until("document.getElementById('now').textContent.endsWith('left side')")
        view.until("document.getElementById('cue').textContent === 'Now the left side.'")
        assert view.page.evaluate("getComputedStyle(document.body).margin") == "0px"
        view.page.goto(plan.addresses[0])
        assert view.page.locator(".session-title").first.is_visible()
        kept = {
            item.locator(".session-title").text_content(): item.locator(".kept").is_visible()
            for item in view.page.locator(".sessions > li").all()
        }
        assert kept == {"Thoracic Mobility": True, "Ruhiger Abend – für Rücken & Hüfte": False}
        widths = view.page.evaluate(
            "Promise.all([...document.images].map(one => one.decode().then(() => one.naturalWidth)))"
        )
        assert all(widths)
        assert view.problems == []
        view.page.goto(plan.addresses[0] + "sessions/evening/")
        assert "is not kept on this device" in view.page.text_content("main")
        view.page.click("a")
        assert view.page.locator(".session-title").first.is_visible()


def test_a_network_that_fails_or_hangs_is_none(browser: Any, own_site: Path) -> None:
    """Show a kept page when the network gives an error page, and when it takes a request and never answers."""
    running = serving(prepare(own_site, port=0))
    plan = next(running)
    address = plan.addresses[0] + PLAYER
    with watched(browser, plan.addresses[0]) as view:
        view.open(address)
        keep(view)
        view.until("navigator.serviceWorker.controller !== null")
        (own_site / PLAYER / "index.html").unlink()
        view.open(address)
        assert view.text("keep") == "Kept on this device"
        with plan.listening.dup():  # the system goes on to take requests, and nobody answers them
            running.close()
            view.open(address)
            view.page.click("#play")
            view.until("document.getElementById('audio').currentTime > 0.3")
            assert view.text("keep") == "Kept on this device"


RANGES: dict[str, tuple[int, int | None] | str] = {
    "bytes=0-1": (0, 1),
    "bytes=0-": (0, None),
    "bytes=-5": (-5, None),
    "bytes=100-199": (100, 199),
    "bytes=100-99999999": (100, None),
    "bytes=99999999-": "impossible",
    "bytes=-0": "impossible",
    "bytes=5-2": "whole",
    "bytes=100-99": "whole",
    "bytes=0-1,5-6": "whole",
    "rubbish": "whole",
}


def test_the_service_worker_cuts_ranges_like_a_server(browser: Any, own_site: Path) -> None:
    """Answer byte ranges of a kept session from the device, with the very bytes of the file."""
    running = serving(prepare(own_site, port=0))
    plan = next(running)
    content = (own_site / PLAYER / "thread-the-needle.mp3").read_bytes()
    with watched(browser, plan.addresses[0]) as view:
        view.open(plan.addresses[0] + PLAYER)
        keep(view)
        view.until("navigator.serviceWorker.controller !== null")
        running.close()
        for header, stretch in RANGES.items():
            answer = view.page.evaluate(
                """async header => {
                  const response = await fetch(document.getElementById('audio').src, {headers: {Range: header}});
                  const digest = await crypto.subtle.digest('SHA-256', await response.arrayBuffer());
                  const hex = [...new Uint8Array(digest)].map(byte => byte.toString(16).padStart(2, '0')).join('');
                  return [response.status, response.headers.get('content-range'), hex];
                }""",
                header,
            )
            assert answer == expected(stretch, content), header


def expected(stretch: tuple[int, int | None] | str, content: bytes) -> list[object]:
    """Give the status, the Content-Range and the digest a server would answer with."""
    size = len(content)
    if stretch == "whole":
        return [200, None, hashlib.sha256(content).hexdigest()]
    if isinstance(stretch, str):
        return [416, f"bytes */{size}", hashlib.sha256(b"").hexdigest()]
    first = stretch[0] % size
    last = size - 1 if stretch[1] is None else stretch[1]
    return [206, f"bytes {first}-{last}/{size}", hashlib.sha256(content[first : last + 1]).hexdigest()]


def test_a_session_can_be_given_up_again(browser: Any, own_site: Path) -> None:
    """Take the copy off the device when the button is pressed again."""
    for plan in serving(prepare(own_site, port=0)):
        with watched(browser, plan.addresses[0]) as view:
            view.open(plan.addresses[0] + PLAYER)
            keep(view)
            assert view.page.get_attribute("#keep", "aria-pressed") == "true"
            names = "caches.keys().then(names => names.filter(name => name.startsWith('session:')).length)"
            assert view.page.evaluate(names) == 1
            view.page.click("#keep")
            view.until("document.getElementById('keep').textContent === 'Keep on this device'")
            assert view.page.evaluate(names) == 0
            assert view.problems == []


def test_a_kept_session_that_is_built_again_is_fetched_again(browser: Any, tmp_path: Path) -> None:
    """Keep the new build in place of the old one as soon as its page is seen."""
    audio = make_session(tmp_path, parts=PARTS[:2])
    site = publish([audio], tmp_path / "site").folder
    for plan in serving(prepare(site, port=0)):
        with watched(browser, plan.addresses[0]) as view:
            view.open(plan.addresses[0] + PLAYER)
            keep(view)
            before = view.page.evaluate("caches.keys()")
            make_session(tmp_path, parts=PARTS[:3])
            publish([audio], site)
            view.open(plan.addresses[0] + PLAYER)
            view.until("document.getElementById('keep').textContent === 'Kept on this device'")
            after = view.page.evaluate("caches.keys()")
            kept = [[name for name in names if name.startswith("session:")] for names in (before, after)]
            assert [len(names) for names in kept] == [1, 1]
            assert kept[0] != kept[1]
            assert view.page.evaluate("document.getElementById('audio').duration") == pytest.approx(
                55.008, abs=0.001
            )
            assert view.problems == []


def test_nothing_is_offered_that_would_not_work(browser: Any, own_site: Path) -> None:
    """Hide the button where the browser has no worker, and leave the download."""
    for plan in serving(prepare(own_site, port=0)):
        with watched(browser, plan.addresses[0]) as view:
            (own_site / "sw.js").rename(own_site / "gone.js")
            view.open(plan.addresses[0] + PLAYER)
            view.until("document.getElementById('keep').closest('p').hidden")
            assert view.page.locator("a[download]").is_visible()


def test_what_cannot_be_kept_whole_is_not_kept(browser: Any, own_site: Path) -> None:
    """Leave nothing half on the device when a file cannot be had."""
    for plan in serving(prepare(own_site, port=0)):
        with watched(browser, plan.addresses[0]) as view:
            view.open(plan.addresses[0] + PLAYER)
            view.page.evaluate("navigator.serviceWorker.ready")
            (own_site / PLAYER / "cover.jpg").unlink()
            view.page.click("#keep")
            view.until(
                "document.getElementById('status').textContent.startsWith('This session could not be kept')"
            )
            assert view.page.text_content("#keep") == "Keep on this device"
            names = view.page.evaluate("caches.keys()")
            assert not [name for name in names if name.startswith("session:")]


def test_the_browser_would_install_the_site(browser: Any, own_site: Path) -> None:
    """Ask the browser itself what it makes of the manifest: no errors, and an app of that name."""
    for plan in serving(prepare(own_site, port=0)):
        with watched(browser, plan.addresses[0]) as view:
            view.page.goto(plan.addresses[0])
            view.page.evaluate("navigator.serviceWorker.ready")
            devtools = view.page.context.new_cdp_session(view.page)
            manifest = devtools.send("Page.getAppManifest")
            assert manifest["errors"] == []
            assert '"name": "Guided sessions"' in manifest["data"]
            problems = devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]
            assert [one["errorId"] for one in problems if one["errorId"] != "in-incognito"] == []
            assert view.problems == []


def test_the_server_is_the_one_people_run(own_site: Path) -> None:
    """Keep these tests honest: uvicorn is set up by the same function as for `serve`."""
    plan = prepare(own_site, port=0)
    config = make_server(plan).config
    assert (config.backlog, config.ws, config.access_log) == (affordable().at_once - 1, "none", False)
    plan.close()
