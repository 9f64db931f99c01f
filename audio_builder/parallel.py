"""Work done side by side, by threads of our own or by whatever executor somebody hands in."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import CancelledError, Executor, Future
from queue import Empty, SimpleQueue
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

LOOK_UP_SECONDS = 0.2
"""How often the one who waits looks up, so that an interrupt gets through on every system."""


def side_by_side(
    work: Callable[[Item], Result],
    items: Iterable[Item],
    *,
    workers: int,
    stop: Callable[[], object] = lambda: None,
    executor: Executor | None = None,
) -> Generator[tuple[Item, Result], None, None]:
    """Give each item with its result, in the order in which they get done. Raises what the work raises first.

    After a failure or an interrupt nothing more is begun, and `stop` is called: it tells what is under way to
    end, which is waited for. An executor that is handed in decides itself how much it does at once, and is left open;
    one of processes gets `work` and items pickled.
    """
    if executor is None:
        return _by_threads(work, items, workers=workers, stop=stop)
    return _by_executor(work, items, executor=executor, stop=stop)


def _by_threads(
    work: Callable[[Item], Result], items: Iterable[Item], *, workers: int, stop: Callable[[], object]
) -> Generator[tuple[Item, Result], None, None]:
    """Do what `side_by_side` does by threads that end with it.

    An interrupt may come at any moment, so the one who waits never takes a lock that a worker needs. The
    waiting of `concurrent.futures` does; interrupted then, it keeps the lock, and nobody ever ends. It may come
    while a thread starts, too: that one is known before, and if it has not begun yet, finds that all is over.
    """
    todo: SimpleQueue[Item] = SimpleQueue()
    done: SimpleQueue[tuple[Item, Result] | BaseException] = SimpleQueue()
    over: list[str] = []
    for item in items:
        todo.put(item)
    waiting = todo.qsize()
    threads: list[threading.Thread] = []
    try:
        for _ in range(min(max(1, workers), waiting)):
            threads.append(threading.Thread(target=_serve, args=(work, todo, done, over), daemon=True))
            threads[-1].start()
        for _ in range(waiting):
            yield _next(done)
    finally:
        over.append("ended")
        stop()
        for thread in threads:
            if thread.is_alive():
                thread.join()


def _serve(
    work: Callable[[Item], Result],
    todo: SimpleQueue[Item],
    done: SimpleQueue[tuple[Item, Result] | BaseException],
    over: list[str],
) -> None:
    """Do what there is to do, one after the other, until there is no more or something ends it all."""
    while not over:
        try:
            item = todo.get_nowait()
        except Empty:
            return
        try:
            done.put((item, work(item)))
        except BaseException as error:  # noqa: BLE001 - it is raised again where somebody waits for it
            over.append("failed")
            done.put(error)


def _by_executor(
    work: Callable[[Item], Result], items: Iterable[Item], *, executor: Executor, stop: Callable[[], object]
) -> Generator[tuple[Item, Result], None, None]:
    """Do what `side_by_side` does by somebody else's executor; what it has not begun by the end is cancelled."""
    done: SimpleQueue[tuple[Item, Result] | BaseException] = SimpleQueue()
    futures: list[Future[Result]] = []

    def report(future: Future[Result], item: Item) -> None:
        with contextlib.suppress(CancelledError):
            error = future.exception()
            done.put((item, future.result()) if error is None else error)

    try:
        for item in items:
            futures.append(executor.submit(work, item))
            futures[-1].add_done_callback(lambda future, item=item: report(future, item))  # type: ignore[misc]
        for _ in futures:
            yield _next(done)
    finally:
        under_way = [future for future in futures if not future.cancel() and not future.done()]
        stop()
        for future in under_way:
            future.exception()


def _next(done: SimpleQueue[tuple[Item, Result] | BaseException]) -> tuple[Item, Result]:
    while True:
        with contextlib.suppress(Empty):
            outcome = done.get(timeout=LOOK_UP_SECONDS)
            if isinstance(outcome, BaseException):
                raise outcome
            return outcome


@contextlib.contextmanager
def meanwhile(work: Callable[[], object]) -> Iterator[None]:
    """Do something beside a block that fills the cache; where it fails, whoever needs it meets that again."""

    def do() -> None:
        with contextlib.suppress(Exception):
            work()

    thread = threading.Thread(target=do, daemon=True)
    thread.start()
    try:
        yield
    finally:
        thread.join()
