"""Pieces of work come in; each goes out with its result as soon as it is done, several being under way at once."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Generator, Iterable
from queue import Empty, SimpleQueue
from typing import TypeVar

Piece = TypeVar("Piece")
Result = TypeVar("Result")

LOOK_UP_SECONDS = 0.2
"""How often the one who waits looks up, so that an interrupt gets through on every system."""


def side_by_side(
    work: Callable[[Piece], Result],
    pieces: Iterable[Piece],
    *,
    workers: int,
    stop: Callable[[], object] = lambda: None,
) -> Generator[tuple[Piece, Result], None, None]:
    """Give each piece with its result, in the order in which they get done. Raises what the work raises first.

    After a failure or an interrupt nothing more is begun, and `stop` is called: it tells what is under way to
    end, which is waited for.

    An interrupt may come at any moment, so the one who waits never takes a lock that a worker needs. The
    waiting of `concurrent.futures` does; interrupted then, it keeps the lock, and nobody ever ends. It may come
    while a thread starts, too: that one is known before, and if it has not begun yet, finds that all is over.
    """
    todo: SimpleQueue[Piece] = SimpleQueue()
    done: SimpleQueue[tuple[Piece, Result] | BaseException] = SimpleQueue()
    over: list[str] = []

    def toil() -> None:
        while not over:
            try:
                piece = todo.get_nowait()
            except Empty:
                return
            try:
                done.put((piece, work(piece)))
            except BaseException as error:  # noqa: BLE001 - it is raised again where somebody waits for it
                over.append("failed")
                done.put(error)

    for piece in pieces:
        todo.put(piece)
    waiting = todo.qsize()
    crew: list[threading.Thread] = []
    try:
        for _ in range(min(max(1, workers), waiting)):
            crew.append(threading.Thread(target=toil, daemon=True))
            crew[-1].start()
        for _ in range(waiting):
            yield _next(done)
    finally:
        over.append("ended")
        stop()
        for thread in crew:
            if thread.is_alive():
                thread.join()


def _next(done: SimpleQueue[tuple[Piece, Result] | BaseException]) -> tuple[Piece, Result]:
    while True:
        with contextlib.suppress(Empty):
            outcome = done.get(timeout=LOOK_UP_SECONDS)
            if isinstance(outcome, BaseException):
                raise outcome
            return outcome
