"""Work done side by side: every piece once, failures at once, and interrupts at any moment."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from typing import Any

import pytest

from audio_builder.parallel import meanwhile, side_by_side

INTERRUPTED_OFTEN = """
import os, random, signal, sys, threading, time
from audio_builder.parallel import side_by_side
signal.signal(signal.SIGINT, signal.default_int_handler)
def again(lost):  # an interrupt that falls into a destructor is lost, and comes here
    if lost.exc_type is not KeyboardInterrupt:
        sys.__unraisablehook__(lost)
    threading.Timer(0.01, os.kill, (os.getpid(), signal.SIGINT)).start()
sys.unraisablehook = again
chance, ended = random.Random(7), 0
for _ in range(150):
    knock = threading.Timer(chance.uniform(0.0, 0.02), os.kill, (os.getpid(), signal.SIGINT))
    try:
        knock.start()
        for piece, twice in side_by_side(lambda piece: 2 * piece, range(3_000), workers=2, stop=lambda: None):
            assert twice == 2 * piece
        while True:
            time.sleep(0.01)
    except KeyboardInterrupt:
        ended += 1
    knock.join()
while threading.active_count() > 1:
    time.sleep(0.01)
print(ended)
"""


@pytest.mark.parametrize("workers", [0, 1, 3, 500])
def test_every_piece_is_done_once_whatever_the_number_of_workers(workers: int) -> None:
    """Square a hundred numbers; also none at all."""
    found = list(side_by_side(lambda n: n * n, range(100), workers=workers, stop=lambda: None))
    assert sorted(found) == [(n, n * n) for n in range(100)]
    assert list(side_by_side(lambda n: n * n, [], workers=workers, stop=lambda: None)) == []


def test_pieces_are_begun_in_order_and_as_many_at_once_as_there_are_workers() -> None:
    """Let three pieces wait for one another: they only get done together; the order of begin is the given one."""
    together, begun = threading.Barrier(3, timeout=60), []

    def work(piece: int) -> None:
        begun.append(piece)
        together.wait()

    assert sorted(side_by_side(work, range(6), workers=3, stop=lambda: None)) == [(n, None) for n in range(6)]
    assert sorted(begun[:3]) == [0, 1, 2]


def test_a_failure_is_raised_stops_the_rest_and_waits_for_what_is_under_way() -> None:
    """Fail at the second piece while the first waits to be told to end: it ends, and no other is begun."""
    told, begun, ended = threading.Event(), [], []

    def work(piece: int) -> None:
        begun.append(piece)
        if piece == 1:
            raise ValueError("the second piece")
        told.wait(60)
        ended.append(piece)

    with pytest.raises(ValueError, match="the second piece"):
        list(side_by_side(work, range(2), workers=2, stop=told.set))
    assert (sorted(begun), ended) == ([0, 1], [0])


def test_after_a_failure_nothing_more_is_begun() -> None:
    """Let the only worker fail at the fourth of many pieces: it begins no fifth, however late the failure is seen."""
    begun: list[int] = []

    def work(piece: int) -> None:
        begun.append(piece)
        if piece == 3:
            raise ValueError("the fourth piece")

    with pytest.raises(ValueError, match="the fourth piece"):
        list(side_by_side(work, range(100_000), workers=1, stop=lambda: None))
    assert begun == [0, 1, 2, 3]


def test_an_interrupt_while_a_worker_starts_waits_for_what_it_began(monkeypatch: pytest.MonkeyPatch) -> None:
    """Interrupt right after the first worker has begun its piece: the piece ends before the interrupt comes out."""
    begun, told, ended = threading.Event(), threading.Event(), []
    plain = threading.Thread.start

    def start(thread: threading.Thread) -> None:
        plain(thread)
        if "serve" in thread.name:
            begun.wait(60)
            raise KeyboardInterrupt

    def work(piece: int) -> None:
        begun.set()
        told.wait(60)
        ended.append(piece)

    monkeypatch.setattr(threading.Thread, "start", start)
    with pytest.raises(KeyboardInterrupt):
        list(side_by_side(work, range(9), workers=3, stop=told.set))
    assert ended == [0]


def test_who_has_enough_ends_the_rest() -> None:
    """Close it after the first of many: what was begun has ended, little more was, and it was stopped once."""
    stopped: list[bool] = []
    work = side_by_side(lambda piece: piece, range(100_000), workers=2, stop=lambda: stopped.append(True))
    next(work)
    work.close()
    assert stopped == [True]
    assert not [thread for thread in threading.enumerate() if "serve" in thread.name]


class Inline(Executor):
    """Does everything at once, where it is submitted, as an executor for tests does."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Do it."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except ValueError as error:
            future.set_exception(error)
        return future


def halved(number: int) -> int:
    """Halve an even number."""
    if number % 2:
        raise ValueError(f"{number} is odd")
    return number // 2


def test_an_executor_that_is_handed_in_does_the_work() -> None:
    """Hand in one that works at once, one of threads and one of processes: each item is done, and each failure told."""
    with ThreadPoolExecutor(2) as threads, ProcessPoolExecutor(1) as processes:
        for executor in (Inline(), threads, processes):
            found = list(side_by_side(halved, range(0, 40, 2), workers=1, executor=executor))
            assert sorted(found) == [(2 * n, n) for n in range(20)]
            with pytest.raises(ValueError, match="7 is odd"):
                list(side_by_side(halved, [2, 4, 7, 8], workers=1, executor=executor))
            assert list(side_by_side(halved, [], workers=1, executor=executor)) == []


def test_who_has_enough_cancels_what_an_executor_has_not_begun() -> None:
    """Close it after the first of many by one thread: what was begun is told to stop and waited for, no other is."""
    told, begun, ended = threading.Event(), [], []

    def work(item: int) -> None:
        begun.append(item)
        if item:
            told.wait(60)
        ended.append(item)

    with ThreadPoolExecutor(1) as executor:
        working = side_by_side(work, range(1_000), workers=1, stop=told.set, executor=executor)
        next(working)
        working.close()
        assert begun == ended
        assert len(ended) <= 3


@pytest.mark.skipif(os.name == "nt", reason="signals as sent here are POSIX's")
def test_an_interrupt_at_any_moment_ends_it() -> None:
    """Interrupt it 150 times within its first moments: each time it ends, and leaves no thread behind."""
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED_OFTEN], capture_output=True, text=True, timeout=600, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "150\n", "")


def test_what_is_done_meanwhile_is_done_by_the_end_and_may_fail() -> None:
    """Do something beside a block, and something that fails."""
    done = threading.Event()
    with meanwhile(done.set):
        pass
    assert done.is_set()
    with meanwhile(lambda: 1 / 0):
        pass
