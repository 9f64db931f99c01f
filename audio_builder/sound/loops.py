"""A sound's length comes in; the length of the loop that is made from it goes out."""

from __future__ import annotations


def fade_length(count: int, *, crossfade: int) -> int:
    """Give the samples over which a loop's end turns into its start: at most a third of the sound."""
    return min(crossfade, count // 3)


def loop_length(count: int, *, crossfade: int, multiple: int = 1) -> int:
    """Give a loop's samples: a multiple, unless the sound is shorter than that."""
    longest = count - fade_length(count, crossfade=crossfade)
    return longest // multiple * multiple or longest
