"""Recipes: what is written, what is read, what is laid out, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from audio_builder.errors import OutputError
from audio_builder.session.recipe import Recipe, Stretch, laid_out, read_recipe

RECIPE = Recipe(
    tag=b"ID3\x03\xff",
    cover=Stretch(key="c" * 64, bytes=4),
    info=b"Info",
    chunks=(
        Stretch(key="a" * 64, bytes=3),
        Stretch(key="b" * 64, bytes=2),
        Stretch(key="a" * 64, bytes=1),
    ),
    tail=b"\0\0",
)
WRITTEN = (
    '{"format":"audio-builder recipe","version":1,"tag":"SUQzA_8=",'
    f'"cover":{{"key":"{"c" * 64}","bytes":4}},"info":"SW5mbw==",'
    f'"chunks":[{{"key":"{"a" * 64}","bytes":3}},{{"key":"{"b" * 64}","bytes":2}},'
    f'{{"key":"{"a" * 64}","bytes":1}}],"tail":"AAA="}}'
)


def test_a_recipe_is_written_and_read_back(tmp_path: Path) -> None:
    """As JSON, bytes in Base64; what was read is equal."""
    path = tmp_path / "session.recipe.json"
    path.write_text(RECIPE.to_json(), encoding="ascii")
    assert RECIPE.to_json() == WRITTEN
    assert read_recipe(path) == RECIPE


def test_a_session_is_laid_out_end_to_end() -> None:
    """Each stretch is as much of what is kept as the recipe says."""
    kept = {"a" * 64: b"aaaa", "b" * 64: b"bb"}
    laid = b"".join(laid_out(RECIPE, cover={"c" * 64: b"JPEG"}.__getitem__, chunk=kept.__getitem__))
    assert laid == b"ID3\x03\xffJPEGInfoaaabba\0\0"
    assert RECIPE.size == len(laid)


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "another format": ({"format": "cake"}, "format: Input should be 'audio-builder recipe'"),
    "a later version": ({"version": 2}, "version: Input should be 1"),
    "a path for a key": (
        {"cover": {"key": "/etc/passwd", "bytes": 1}},
        "cover.key: String should match pattern '^[0-9a-f]{64}$'",
    ),
    "no bytes": (
        {"cover": {"key": "c" * 64, "bytes": 0}},
        "cover.bytes: Input should be greater than or equal to 1",
    ),
    "endless bytes": (
        {"chunks": [{"key": "c" * 64, "bytes": 10**18}]},
        "chunks.0.bytes: Input should be less than or equal to 1073741824",
    ),
    "half a byte": (
        {"chunks": [{"key": "c" * 64, "bytes": 0.5}]},
        "chunks.0.bytes: Input should be a valid integer",
    ),
    "an infinite chunk": (
        {"chunks": [{"key": "c" * 64, "bytes": float("inf")}]},
        "chunks.0.bytes: Input should be a valid integer",
    ),
    "a tag that is no Base64": ({"tag": "!"}, "tag: Data should be valid base64"),
    "chunks that are a word": ({"chunks": "many"}, "chunks: Input should be a valid array"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_recipe_that_cannot_be_is_refused(tmp_path: Path, case: str) -> None:
    """Say what is wrong, where, and what to do."""
    changes, message = BAD[case]
    path = tmp_path / "session.recipe.json"
    path.write_text(json.dumps(json.loads(WRITTEN) | changes))
    with pytest.raises(OutputError) as caught:
        read_recipe(path)
    assert caught.value.message.startswith(f"this is not a recipe: {message}")
    assert (caught.value.where, caught.value.remedy) == (str(path), "Build the session again.")


@pytest.mark.parametrize(
    "content", [b"", b"[" * 100_000, b'{"chunks":' * 100_000, b'{"chunks": [' + b"{}," * 100_000]
)
def test_rubbish_is_refused(tmp_path: Path, content: bytes) -> None:
    """Raise the one error there is for what is no recipe."""
    path = tmp_path / "session.recipe.json"
    path.write_bytes(content)
    with pytest.raises(OutputError, match="this is not a recipe: "):
        read_recipe(path)
