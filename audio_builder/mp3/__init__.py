"""From sections of sound to a session's MP3: `encode` each, `link` their frames, put a `tag` in front."""

from audio_builder.mp3.cover import draw_cover
from audio_builder.mp3.encoder import encode
from audio_builder.mp3.format import Format
from audio_builder.mp3.frames import Frame, parse, tag_bytes
from audio_builder.mp3.info import Info, parse_info
from audio_builder.mp3.link import link
from audio_builder.mp3.seams import POST_ROLL, PRE_ROLL, encode_open
from audio_builder.mp3.tags import Chapter, tag

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
