"""Publishing: finished sessions come in, a static site with player pages and a podcast feed goes out."""

from audio_builder.publish.finished import locate
from audio_builder.publish.website import Published, publish

__all__ = ["Published", "locate", "publish"]
