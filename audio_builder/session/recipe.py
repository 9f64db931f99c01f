"""The recipe: what a session is laid from, end to end. Equal recipes give equal bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, FailFast, Field

from audio_builder.session.untrusted import STRICT, read_model

FORMAT: Final = "audio-builder recipe"
RECIPE_VERSION: Final = 1

MOST_BYTES = 32 << 20
"""Of a recipe; that of a quarter of an hour has some 40 kB."""
MOST_CHUNKS = 200_000
MOST_CHUNK_BYTES = 1 << 30

Key = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
"""What something was made from, digested; by it the cache gives it."""


class Stretch(BaseModel):
    """What is kept by a key, or as much of its start as is needed."""

    model_config = STRICT

    key: Key
    bytes: Annotated[int, Field(ge=1, le=MOST_CHUNK_BYTES)]


class Recipe(BaseModel):
    """A session: its tag with the cover at the end, the Info frame, the chunks in playing order, the last frame."""

    model_config = ConfigDict(**STRICT, ser_json_bytes="base64", val_json_bytes="base64")

    format: Literal["audio-builder recipe"] = FORMAT
    version: Literal[1] = RECIPE_VERSION
    tag: bytes
    """Up to the cover, which ends it."""
    cover: Stretch
    info: bytes
    """The Info frame."""
    chunks: Annotated[tuple[Stretch, ...], Field(max_length=MOST_CHUNKS), FailFast()]
    tail: bytes
    """The frame behind the last chunk."""

    @property
    def size(self) -> int:
        """Bytes of the session."""
        laid = sum(stretch.bytes for stretch in (self.cover, *self.chunks))
        return len(self.tag) + len(self.info) + len(self.tail) + laid

    def to_json(self) -> str:
        """Write the recipe, the same for the same one."""
        return self.model_dump_json()


def laid_out(
    recipe: Recipe, *, cover: Callable[[str], bytes], chunk: Callable[[str], bytes]
) -> Iterator[bytes]:
    """Give a session's bytes in order; `cover` and `chunk` give what is kept by a key."""
    yield recipe.tag
    yield cover(recipe.cover.key)[: recipe.cover.bytes]
    yield recipe.info
    yield from (chunk(stretch.key)[: stretch.bytes] for stretch in recipe.chunks)
    yield recipe.tail


def read_recipe(path: Path) -> Recipe:
    """Read what `Recipe.to_json` wrote. Raises OutputError saying what is wrong with it."""
    return read_model(path, Recipe, name="recipe", most_bytes=MOST_BYTES)
