"""From sections of sound to a session's MP3: `encode` each, `link` their frames, put a `tag` in front."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from audio_builder.mp3.cover import draw_cover
    from audio_builder.mp3.encoder import encode
    from audio_builder.mp3.format import Format
    from audio_builder.mp3.frames import Frame, parse, tag_bytes
    from audio_builder.mp3.info import Info, parse_info
    from audio_builder.mp3.linking import link
    from audio_builder.mp3.seams import POST_ROLL, PRE_ROLL, encode_open
    from audio_builder.mp3.tags import Chapter, tag

_HOMES = {
    "POST_ROLL": "seams",
    "PRE_ROLL": "seams",
    "Chapter": "tags",
    "Format": "format",
    "Frame": "frames",
    "Info": "info",
    "draw_cover": "cover",
    "encode": "encoder",
    "encode_open": "seams",
    "link": "linking",
    "parse": "frames",
    "parse_info": "info",
    "tag": "tags",
    "tag_bytes": "frames",
}

__all__ = [
    "POST_ROLL",
    "PRE_ROLL",
    "Chapter",
    "Format",
    "Frame",
    "Info",
    "draw_cover",
    "encode",
    "encode_open",
    "link",
    "parse",
    "parse_info",
    "tag",
    "tag_bytes",
]


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is: most of it needs numpy, which a plan does without."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
