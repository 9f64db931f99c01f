"""A block of work comes in; an interrupt comes out of it as what it is."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator


@contextlib.contextmanager
def unwrapped() -> Iterator[None]:
    """Let an interrupt out that came as another error: up to 3.11, Python wraps what is raised in a class body."""
    try:
        yield
    except Exception as error:
        if any(isinstance(each, KeyboardInterrupt) for each in _behind(error)):
            raise KeyboardInterrupt from None
        raise


def _behind(error: BaseException) -> Iterator[BaseException]:
    """Give what an error was raised from, or while handling, back to the first."""
    seen: set[int] = set()
    earlier: BaseException | None = error
    while earlier is not None and id(earlier) not in seen:
        seen.add(id(earlier))
        yield earlier
        earlier = earlier.__cause__ or earlier.__context__
