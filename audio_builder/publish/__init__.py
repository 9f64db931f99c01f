"""Publishing finished sessions as a static site with player pages and a podcast feed."""

from audio_builder.publish.episode import locate
from audio_builder.publish.website import Published, publish

__all__ = ["Published", "locate", "publish"]
