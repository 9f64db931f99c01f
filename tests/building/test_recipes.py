"""A session is laid from its recipe: what did not change is not written again, and whatever changes it shows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from audio_builder import Session, build
from audio_builder.files.atomic import FORMAT
from audio_builder.files.cache import Cache, Kind
from audio_builder.session.recipe import laid_out
from tests.building.test_parallel import ROUTINE


class Builder:
    """Builds one routine again and again, with a cache of its own."""

    def __init__(self, folder: Path) -> None:
        self.routine = folder / "short.yaml"
        self.routine.write_text(ROUTINE)
        self.out = folder / "out"
        self.cache = Cache(folder / "cache")

    def __call__(self, **options: object) -> Session:
        """Build with the silent voice, unless another one is asked for."""
        given = {"voice": "silent", "cache": self.cache, **options}
        return build(self.routine, self.out, **given)  # type: ignore[arg-type]

    def files(self) -> dict[str, tuple[bytes, int]]:
        """Give every file's content and when it was written, by name."""
        return {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in self.out.iterdir()}


@pytest.fixture
def builder(folder: Path) -> Builder:
    """Give a builder in a folder of its own."""
    return Builder(folder)


def test_a_session_is_what_its_recipe_lays_out(builder: Builder) -> None:
    """Lay the bytes out from the cache alone, as a server would."""
    session = builder()

    def kept(kind: Kind, key: str) -> bytes:
        content = builder.cache.get(kind, key)
        assert content is not None
        return content

    laid = laid_out(session.recipe, cover=lambda k: kept("covers", k), chunk=lambda k: kept("chunks", k))
    assert b"".join(laid) == session.path.read_bytes()
    assert session.size == session.path.stat().st_size


def test_what_did_not_change_is_not_written_again(builder: Builder) -> None:
    """Build twice: the same session, and the same files from the first time."""
    first, files = builder(), builder.files()
    again = builder()
    assert again == first
    assert builder.files() == files


@pytest.mark.parametrize("ending", [".mp3", ".json", ".vtt", ".lrc", ".chapters.json"])
def test_a_file_that_is_missing_or_was_changed_is_written_again(builder: Builder, ending: str) -> None:
    """Change its last byte, then remove it."""
    builder()
    before = {name: content for name, (content, _) in builder.files().items()}
    path = builder.out / f"short{ending}"
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    builder()
    assert {name: content for name, (content, _) in builder.files().items()} == before
    path.unlink()
    builder()
    assert {name: content for name, (content, _) in builder.files().items()} == before


def test_the_same_again_removes_what_a_killed_build_left(builder: Builder) -> None:
    """Leave a list and the second name of an earlier file, as a build killed right after its last rename does."""
    builder()
    files = builder.files()
    listed = {"format": FORMAT, "names": ["short.mp3"]}
    (builder.out / ".00c0ffee.ready.part").write_text(json.dumps(listed))
    (builder.out / ".00c0ffee.0.old.part").write_bytes(b"earlier")
    builder()
    assert builder.files() == files


def test_whatever_changes_a_session_changes_its_recipe(builder: Builder, tmp_path: Path) -> None:
    """Change, one after the other: the routine, an own exercise beside it, the personal defaults, the voice."""
    first = builder()
    builder.routine.write_text(ROUTINE.replace("Short", "Brief"))
    brief = builder()
    assert (brief.cue_sheet.title, brief.recipe.chunks) == ("Brief", first.recipe.chunks)
    bundled = Path(__file__).parents[2] / "scripts" / "exercises" / "cat-cow.yaml"
    own = builder.routine.parent / "cat-cow.yaml"
    own.write_text(bundled.read_text(encoding="utf-8").replace("name: ", "name: My ", 1), encoding="utf-8")
    mine = builder()
    assert "My Cat-Cow" in [section.title for section in mine.cue_sheet.sections]
    config = tmp_path / "config.yaml"
    config.write_text("guidance: bells\n")
    quiet = builder(config=config)
    spoken = builder(voice="espeak", offline=True)
    recipes = [each.recipe for each in (first, brief, mine, quiet, spoken)]
    assert all(one != other for at, one in enumerate(recipes) for other in recipes[:at])


@pytest.mark.parametrize("kind", ["chunks", "covers", "clips"])
def test_damage_in_what_is_kept_changes_no_byte(builder: Builder, kind: str) -> None:
    """Flip a bit in every file of a kind."""
    first, files = builder(), builder.files()
    for path in (builder.cache.folder / kind).glob("?/*"):
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
    assert builder() == first
    assert builder.files() == files


def test_over_a_bed_a_recipe_takes_whole_chunks(builder: Builder) -> None:
    """There frames vary in size: each stretch is all that is kept by its key."""
    session = builder(settings={"bed": "rain"})
    kept = {stretch.key: builder.cache.get("chunks", stretch.key) for stretch in session.recipe.chunks}
    assert [len(kept[stretch.key] or b"") for stretch in session.recipe.chunks] == [
        stretch.bytes for stretch in session.recipe.chunks
    ]
    assert session.size == session.path.stat().st_size
