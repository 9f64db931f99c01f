"""A real browser: Chromium pages that note what goes wrong on them."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.judges import judge, library

PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 800}

_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

WATCH = """
window.told = {actions: {}, positions: [], locks: 0, released: 0};
const setActionHandler = navigator.mediaSession.setActionHandler.bind(navigator.mediaSession);
navigator.mediaSession.setActionHandler = (name, handler) => {
  told.actions[name] = handler;
  setActionHandler(name, handler);
};
const setPositionState = navigator.mediaSession.setPositionState.bind(navigator.mediaSession);
navigator.mediaSession.setPositionState = (state) => { told.positions.push(state); setPositionState(state); };
if (navigator.wakeLock) {
  const request = navigator.wakeLock.request.bind(navigator.wakeLock);
  navigator.wakeLock.request = async (kind) => {
    const lock = await request(kind);
    told.locks += 1;
    lock.addEventListener("release", () => { told.released += 1; });
    return lock;
  };
}
"""
"""Notes what the page asks of the browser, and still asks it: the real calls go through."""


@dataclass(slots=True)
class Watched:
    """A page, and what it did that it should not have."""

    page: Any
    host: str
    problems: list[str] = field(default_factory=list)

    def open(self, address: str) -> None:
        """Open an address and wait until its script has run."""
        self.page.goto(address)
        if "/sessions/" in address:
            self.until("document.documentElement.classList.contains('scripted')")
            self.until("document.getElementById('audio').readyState >= 1")

    def until(self, truth: str, *, seconds: float = 120) -> None:
        """Wait until an expression holds in the page; asked from here, as the page's policy forbids eval."""
        deadline = time.monotonic() + seconds
        while not self.page.evaluate(truth):
            assert time.monotonic() < deadline, f"never came true: {truth}"
            self.page.wait_for_timeout(20)

    def place(self) -> float:
        """Give the audio's place in seconds."""
        return float(self.page.evaluate("document.getElementById('audio').currentTime"))

    def paused(self) -> bool:
        """Say whether the audio stands still."""
        return bool(self.page.evaluate("document.getElementById('audio').paused"))

    def seek(self, seconds: float) -> None:
        """Move the audio as its own scrubber would, and wait until it is there."""
        self.page.evaluate(
            """seconds => new Promise(done => {
              const audio = document.getElementById('audio');
              audio.addEventListener('seeked', () => requestAnimationFrame(() => done()), {once: true});
              audio.currentTime = seconds;
            })""",
            seconds,
        )

    def text(self, element_id: str) -> str:
        """Give an element's text."""
        return str(self.page.text_content(f"#{element_id}"))


@contextlib.contextmanager
def chromium(profile: Path) -> Iterator[Any]:
    """Start Debian's Chromium, or end the test where there is none."""
    program = judge("chromium")
    with library("playwright.sync_api").sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program,
            headless=True,
            args=list(_FLAGS),
            timeout=180_000,
            env={"HOME": str(profile), "LANG": "C.UTF-8"},
        )
        try:
            yield browser
        finally:
            browser.close()


@contextlib.contextmanager
def watched(browser: Any, host: str, **options: Any) -> Iterator[Watched]:
    """Open a fresh page that watches for errors, and for requests to any other host."""
    context = browser.new_context(**({"viewport": PHONE} | options))
    context.add_init_script(WATCH)
    page = context.new_page()
    page.set_default_timeout(120_000)
    view = Watched(page, host)

    def note_request(request: Any) -> None:
        if not request.url.startswith((host, "data:", "blob:")):
            view.problems.append(f"request to {request.url}")

    def note_message(message: Any) -> None:
        if message.type in {"error", "warning"}:
            view.problems.append(f"{message.type}: {message.text}")

    context.on("request", note_request)
    page.on("console", note_message)
    page.on("pageerror", lambda error: view.problems.append(f"page error: {error}"))
    try:
        yield view
    finally:
        context.close()
