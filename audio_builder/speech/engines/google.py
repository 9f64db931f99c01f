"""Ask Google's speech service as gTTS does, politely and not for ever; and whether it answers at all."""

from __future__ import annotations

import binascii
import json
import logging
import threading
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, TypeVar

from audio_builder.errors import Remedy, Setting, SpeechError

if TYPE_CHECKING:
    import requests
    import tenacity

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")

URL = "https://translate.google.com/"
PROBE_SECONDS = 2.0

OK = 200
TOO_MANY = 429
TIMED_OUT = 408
OFFLINE_REMEDY = Remedy("check the network, or choose a local voice with {}", (Setting("voice"),))


class PassingError(SpeechError):
    """Something that may go better next time."""

    def __init__(
        self,
        message: str,
        where: str | None = None,
        remedy: Remedy | str | None = None,
        *,
        after_seconds: float = 0.0,
    ) -> None:
        super().__init__(message, where, remedy)
        self.after_seconds = after_seconds
        """How long the service asked us to wait; 0 where it did not."""


class Service:
    """Google's speech service as gTTS calls it, shared by the threads that speak a session."""

    def __init__(
        self,
        *,
        interval_seconds: float = 0.2,
        first_wait_seconds: float = 0.5,
        patience_seconds: float = 60.0,
        total_patience_seconds: float = 180.0,
        answer_seconds: float = 30.0,
        timeouts_seconds: tuple[float, float] = (5.0, 10.0),
    ) -> None:
        self._interval_seconds = interval_seconds
        self._first_wait_seconds = first_wait_seconds
        self._patience_seconds = patience_seconds
        self._total_patience_seconds = total_patience_seconds
        self._answer_seconds = answer_seconds
        self._timeouts_seconds = timeouts_seconds
        self._lock = threading.Lock()
        self._next_turn = 0.0
        self._waited_seconds = 0.0
        self._closing = threading.Event()

    def ask(
        self, text: str, language: str, *, tld: str, slow: bool, accept: Callable[[bytes], Answer]
    ) -> Answer:
        """Fetch a text's sound and make of it what `accept` makes; try again while that may help.

        Waits grow, with some chance in them, honour Retry-After, and end: after `patience_seconds` for one
        text, after `total_patience_seconds` for all texts until `close`. Raises SpeechError.
        """
        closing = self._closing
        attempts = self._attempts(closing)

        def fetch() -> bytes:
            return _fetched(text, language, tld=tld, slow=slow, timeouts_seconds=self._timeouts_seconds)

        def attempt() -> Answer:
            self._take_turn(closing)
            return accept(_within(self._answer_seconds, fetch))

        try:
            return attempts(attempt)
        except PassingError as error:
            raise SpeechError(
                f"gTTS gave up after {attempts.statistics['attempt_number']} tries: {error.message}",
                remedy=OFFLINE_REMEDY,
            ) from error

    def close(self) -> None:
        """Break off every wait, and start afresh."""
        with self._lock:
            closing, self._closing = self._closing, threading.Event()
            self._waited_seconds = 0.0
        closing.set()

    def _attempts(self, closing: threading.Event) -> tenacity.Retrying:
        import tenacity

        enough = (
            tenacity.stop_before_delay(self._patience_seconds),
            tenacity.stop_when_event_set(closing),
            self._out_of_patience,
        )
        return tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(PassingError),
            wait=self._wait_seconds,
            stop=lambda state: any(reached(state) for reached in enough),
            sleep=tenacity.sleep_using_event(closing),
            before_sleep=self._note,
            reraise=True,
        )

    def _take_turn(self, closing: threading.Event) -> None:
        """Wait until as much time has passed since anybody's last request as is polite."""
        with self._lock:
            now = time.monotonic()
            turn = max(now, self._next_turn)
            self._next_turn = turn + self._interval_seconds
        if closing.wait(turn - now):
            raise SpeechError("gTTS was broken off")

    def _wait_seconds(self, state: tenacity.RetryCallState) -> float:
        import tenacity

        growing = tenacity.wait_exponential(multiplier=self._first_wait_seconds, max=20.0)
        grown = growing(state) + tenacity.wait_random(0.0, self._first_wait_seconds)(state)
        failure = state.outcome.exception() if state.outcome else None
        asked = failure.after_seconds if isinstance(failure, PassingError) else 0.0
        return max(grown, asked)

    def _out_of_patience(self, state: tenacity.RetryCallState) -> bool:
        return self._waited_seconds + state.upcoming_sleep > self._total_patience_seconds

    def _note(self, state: tenacity.RetryCallState) -> None:
        failure = state.outcome.exception() if state.outcome else None
        with self._lock:
            self._waited_seconds += state.upcoming_sleep
            if isinstance(failure, PassingError) and failure.after_seconds:
                # What the service asks of one thread holds for all of them.
                self._next_turn = max(self._next_turn, time.monotonic() + failure.after_seconds)
        log.info("gTTS: %s; trying again in %.1f s", failure, state.upcoming_sleep)


def _fetched(
    text: str, language: str, *, tld: str, slow: bool, timeouts_seconds: tuple[float, float]
) -> bytes:
    """Let gTTS fetch one text. Raises PassingError or SpeechError."""
    import requests
    from gtts import gTTS
    from gtts.tts import gTTSError

    try:
        speech = gTTS(text, tld=tld, lang=language, slow=slow, timeout=timeouts_seconds)
        return b"".join(speech.stream())
    except gTTSError as error:
        raise _meaning(error, error.rsp, language) from error
    except (requests.RequestException, binascii.Error, UnicodeError) as error:
        raise PassingError(f"the answer broke off: {error}") from error
    except (AssertionError, ValueError) as error:
        raise SpeechError(f"gTTS cannot speak this: {error}") from error


def _meaning(error: Exception, response: requests.Response | None, language: str) -> SpeechError:
    if response is None:
        return PassingError(f"the service cannot be reached: {error}")
    status = response.status_code
    if status in (TIMED_OUT, TOO_MANY) or status >= 500:
        asked = _retry_after_seconds(response.headers.get("Retry-After", ""))
        return PassingError(f"the service answered {status}: {error}", after_seconds=asked)
    if status == OK and not _is_whole_answer(response.content):
        return PassingError("the answer broke off")
    if status == OK:
        return SpeechError(f"gTTS: no voice answered for {language}", remedy="check the language")
    return SpeechError(f"gTTS: {error}", remedy=OFFLINE_REMEDY)


def _is_whole_answer(body: bytes) -> bool:
    """Say whether the line that should hold the sound is there and complete; with null in its place, even."""
    line = next((each for each in body.splitlines() if b"jQ1olc" in each), b"")
    try:
        json.loads(line)
    except ValueError:
        return False
    return True


def _retry_after_seconds(value: str) -> float:
    """Read Retry-After, seconds or a date (RFC 9110, 10.2.3); 0 where it says nothing useful."""
    if value.strip().isdigit():
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except ValueError:
        return 0.0


def _within(seconds: float, fetch: Callable[[], bytes]) -> bytes:
    """Run a fetch that has so long for all of it: gTTS's own timeout is for each part an answer comes in."""
    results: list[bytes | BaseException] = []

    def run() -> None:
        try:
            results.append(fetch())
        except BaseException as error:  # noqa: BLE001 -- it is raised again where somebody waits for it
            results.append(error)

    thread = threading.Thread(target=run, daemon=True, name="gtts")
    thread.start()
    thread.join(seconds)
    if not results:
        raise PassingError(f"no whole answer within {seconds:g} s")
    if isinstance(results[0], BaseException):
        raise results[0]
    return results[0]


def reachable(url: str = URL, *, patience_seconds: float = PROBE_SECONDS) -> bool:
    """Ask the service for its headers, through the user's proxy if any, and wait no longer than told.

    Looking a name up can hang where no timeout reaches it, so it happens in a thread that is left behind.
    """
    answers: list[bool] = []

    def ask() -> None:
        answers.append(_answers(url, patience_seconds))

    thread = threading.Thread(target=ask, daemon=True, name="probe")
    thread.start()
    thread.join(patience_seconds)
    return answers == [True]


def _answers(url: str, patience_seconds: float) -> bool:
    import requests

    try:
        response = requests.head(url, timeout=patience_seconds, allow_redirects=False)
    except (requests.RequestException, OSError, ValueError) as error:
        log.debug("%s cannot be reached: %s", url, error)
        return False
    # The certificate says that it is Google and no hotel's sign-in page, so what it answers hardly matters.
    return response.status_code < 500 and response.status_code != TOO_MANY
