"""A moment's patience comes in; whether Google's speech service answers goes out."""

from __future__ import annotations

import logging
import threading

log = logging.getLogger(__name__)

URL = "https://translate.google.com/"
PATIENCE_SECONDS = 2.0
TOO_MANY = 429


def reachable(url: str = URL, *, patience_seconds: float = PATIENCE_SECONDS) -> bool:
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
