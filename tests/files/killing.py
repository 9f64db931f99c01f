"""Ends this process as `kill -9` does, right before the Nth time that it changes anything below a folder.

Run as `python -m tests.files.killing N FOLDER MODULE [WORD]…`: the words are given to the module's `main()`.
"""

from __future__ import annotations

import os
import signal
import sys
from importlib import import_module
from typing import Any

CHANGES = frozenset({"os.rename", "os.link", "os.remove", "os.mkdir", "os.rmdir", "os.utime"})


def kill_before(change: int, folder: str) -> None:
    """Count what Python is about to do to files below a folder, and end this process before one of the changes."""
    count = 0

    def watch(event: str, given: tuple[Any, ...]) -> None:
        nonlocal count
        if event not in CHANGES and not (
            event == "open" and given[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        ):
            return
        if any(isinstance(each, str | os.PathLike) and os.fspath(each).startswith(folder) for each in given):
            count += 1
            if count == change:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)


if __name__ == "__main__":
    number, below, module, *words = sys.argv[1:]
    sys.argv[1:] = words
    kill_before(int(number), below)
    import_module(module).main()
