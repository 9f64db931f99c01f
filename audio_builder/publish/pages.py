"""The site's pages, pictures, service worker and plain files."""

from __future__ import annotations

import functools
import hashlib
import io
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from audio_builder.language import LANGUAGES, language_of
from audio_builder.publish.catalogue import Channel
from audio_builder.publish.episode import FEED, SHEET, SIDECARS, Episode, main_language, timestamp

if TYPE_CHECKING:
    from jinja2 import Environment
    from PIL.Image import Image


_SHORT_NAME = 30
"""Characters below an icon on a home screen."""

TEMPLATES = Path(__file__).parent / "site"

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'"
)
"""Nothing comes from another host and nothing is written into a page, whatever a title says."""


def plain_files() -> Mapping[str, bytes]:
    """Give the files every site has, by address: styles and scripts, and the words that scripts say."""
    paths = sorted((TEMPLATES / "assets").iterdir())
    files = {path.relative_to(TEMPLATES).as_posix(): path.read_bytes() for path in paths if path.is_file()}
    words = {
        tag: {
            **asdict(each.pages),
            "phases": {phase: said.rstrip(".") for phase, said in each.phrases.breathe.items()},
        }
        for tag, each in LANGUAGES.items()
    }
    return {**files, "assets/words.js": _script("words.js", WORDS=words)}


def manifest(channel: Channel) -> bytes:
    """Write the web app's manifest, which makes the site installable."""
    facts = json.loads((TEMPLATES / "manifest.webmanifest").read_bytes())
    facts |= {"name": channel.title, "short_name": channel.title[:_SHORT_NAME], "description": channel.about}
    return (json.dumps(facts, ensure_ascii=False, indent=2) + "\n").encode()


def index_page(channel: Channel, episodes: Sequence[Episode]) -> bytes:
    """Write the index of sessions."""
    return _render(
        "index.html",
        root="./",
        **_words(main_language(episodes)),
        channel=channel,
        episodes=sorted(episodes, key=lambda episode: (episode.published, episode.name), reverse=True),
        feed=FEED,
    )


def player_page(channel: Channel, episode: Episode) -> bytes:
    """Write the page that plays one session."""
    sheet = episode.sheet
    said = [event for event in sheet.events if event.kind == "cue" and event.text]
    return _render(
        "player.html",
        root="../../",
        **_words(sheet.language),
        channel=channel,
        episode=episode,
        sheet=sheet,
        chapters=[
            (chapter, [event for event in said if event.section == chapter.name])
            for chapter in sheet.sections
        ],
        sheet_file=SHEET,
        sidecars=[suffix for suffix in SIDECARS if episode.session.has(suffix)],
    )


def service_worker(shell: Mapping[str, bytes], *, language: str) -> bytes:
    """Write the service worker for a shell of files; it changes when one of them does."""
    said = language_of(language)
    digest = hashlib.sha256()
    for address, content in sorted(shell.items()):
        digest.update(hashlib.sha256(address.encode()).digest() + hashlib.sha256(content).digest())
    facts = {"version": digest.hexdigest()[:16], "files": sorted(shell)}
    words = {
        "language": said.tag,
        "noNetwork": said.pages.no_network,
        "notKept": said.pages.not_kept,
        "allSessions": said.pages.all_sessions,
    }
    return _script("sw.js", SHELL=facts, WORDS=words)


def _script(name: str, **constants: object) -> bytes:
    """Write a script with constants above what stands in its file."""
    head = "\n".join(
        f"const {each} = {json.dumps(value, ensure_ascii=False, indent=1)};"
        for each, value in constants.items()
    )
    return f"{head}\n\n{(TEMPLATES / name).read_text(encoding='utf-8')}".encode()


def _words(tag: str) -> dict[str, object]:
    """Give a page its language, and its words."""
    language = language_of(tag)
    return {"language": language.tag, "words": language.pages}


def _render(template: str, **values: object) -> bytes:
    return _environment().get_template(template).render(policy=CONTENT_POLICY, **values).encode()


@functools.cache
def _environment() -> Environment:
    """Set up templates that escape everything and fail on a name they were not given."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["timestamp"] = timestamp
    environment.filters["minutes"] = _minutes
    environment.filters["megabytes"] = _megabytes
    return environment


def _minutes(seconds: float) -> str:
    """Write a length as people say it."""
    return f"{round(seconds / 60)} min" if seconds >= 60 else f"{round(seconds)} s"


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB"


LOG = logging.getLogger(__name__)

FEED_MIN_PIXELS = 1_400
FEED_MAX_PIXELS = 3_000
"""Podcast directories take square artwork between these two."""
PAGE_PIXELS = 512

_MAX_COVER_PIXELS = 50_000_000
_NIGHT, _SEA, _FOAM = (16, 38, 42), (38, 96, 98), (214, 236, 226)


def feed_cover(picture: bytes) -> bytes:
    """Make the JPEG a podcast feed shows: a square of 1,400 to 3,000 pixels."""
    image = _square(picture)
    side = min(max(image.width, FEED_MIN_PIXELS), FEED_MAX_PIXELS)
    return _jpeg(image, side)


def page_cover(picture: bytes) -> bytes:
    """Make the JPEG a page and a lock screen show."""
    return _jpeg(_square(picture), PAGE_PIXELS)


@functools.cache
def emblem(side: int, *, margin: float = 0.1) -> bytes:
    """Draw the site's own picture as a PNG: a breath as rings, with a margin as a share of the side."""
    return _encoded(_rings(side, margin), "PNG", optimize=True)


@functools.cache
def emblem_cover() -> bytes:
    """Draw the site's own picture as the feed's artwork."""
    return _jpeg(_rings(FEED_MIN_PIXELS, 0.14), FEED_MIN_PIXELS)


def _square(picture: bytes) -> Image:
    """Cut the middle square out of a picture; give the emblem where there is no good picture."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(picture)) as opened:
            if opened.width * opened.height > _MAX_COVER_PIXELS:
                raise ValueError(f"{opened.width}×{opened.height} pixels are too many")
            whole = opened.convert("RGBA")
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
        OSError,
        ValueError,
        SyntaxError,
    ) as error:
        if picture:
            LOG.warning("the cover in the MP3 cannot be used, the site's own is shown: %s", error)
        return _rings(FEED_MIN_PIXELS, 0.14)
    ground = Image.new("RGBA", whole.size, (*_NIGHT, 255))
    ground.alpha_composite(whole)
    side = min(whole.size)
    left, top = (whole.width - side) // 2, (whole.height - side) // 2
    return ground.convert("RGB").crop((left, top, left + side, top + side))


@functools.lru_cache(maxsize=4)
def _rings(side: int, margin: float) -> Image:
    """Draw rings that grow lighter towards the middle, larger than asked at first, for smooth edges."""
    from PIL import Image, ImageDraw

    scale = 4 if side <= PAGE_PIXELS else 2
    big = side * scale
    image = Image.new("RGB", (big, big), _NIGHT)
    draw = ImageDraw.Draw(image)
    outer = big * (0.5 - margin)
    count = 5
    for ring in range(count):
        share = ring / (count - 1)
        radius = outer * (1 - 0.72 * share**0.85)
        draw.ellipse(
            (big / 2 - radius, big / 2 - radius, big / 2 + radius, big / 2 + radius), fill=_between(share)
        )
    return image.resize((side, side), Image.Resampling.LANCZOS)


def _between(share: float) -> tuple[int, int, int]:
    """Give a colour on the way from deep water to foam."""
    red, green, blue = (round(low + (high - low) * share) for low, high in zip(_SEA, _FOAM, strict=True))
    return red, green, blue


def _jpeg(image: Image, side: int) -> bytes:
    from PIL import Image as Images

    sized = image if image.width == side else image.resize((side, side), Images.Resampling.LANCZOS)
    return _encoded(sized, "JPEG", quality=85, optimize=True)


def _encoded(image: Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()
