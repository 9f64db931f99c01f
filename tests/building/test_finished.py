"""A session's file name tells its routine, its language, and what makes it another session."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from audio_builder import Session, build
from audio_builder.building.finished import check_output, session_name, target
from audio_builder.errors import OutputError, Setting
from audio_builder.files.atomic import FORMAT
from audio_builder.files.cache import Cache, Kind
from audio_builder.script.program import load_routine
from audio_builder.session.recipe import laid_out
from tests.building.test_parallel import ROUTINE


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({}, "thoracic-mobility"),
        ({"voice": "espeak", "quality": "high", "on_failure": "stop"}, "thoracic-mobility"),
        ({"language": "en"}, "thoracic-mobility"),
        ({"language": "de"}, "thoracic-mobility.de"),
        ({"guidance": "light"}, "thoracic-mobility-guidance-light-bd453a"),
        ({"only": "cat-cow"}, "thoracic-mobility-only-cat-cow-485f3d"),
        ({"thread-the-needle.hold": "41s"}, "thoracic-mobility-thread-the-needle-hold-41s-d9a2ce"),
        ({"language": "de", "length": "15m"}, "thoracic-mobility.de-length-15m-31f697"),
        ({"only": "cat-cow,open-book-twist", "breath": "4/4"}, "thoracic-mobility-c9a59e"),
    ],
)
def test_another_session_has_another_name(settings: dict[str, Any], name: str) -> None:
    """As written a session is called like its routine; long wishes are told by their digest."""
    assert session_name(load_routine("thoracic-mobility", settings=settings)) == name


def test_a_persons_own_words_stand_in_no_name(tmp_path: Path) -> None:
    """Neither a title nor the path of a file: the digest alone tells them apart."""
    names = {
        session_name(load_routine("thoracic-mobility", settings={"title": title}))
        for title in ("For Ann", "For Bea")
    }
    assert names == {"thoracic-mobility-585bfd", "thoracic-mobility-e96f84"}


def test_personal_defaults_make_another_session(tmp_path: Path) -> None:
    """Two people with defaults of their own have sessions of their own."""
    config = tmp_path / "config.yaml"
    config.write_text("guidance: bells\nvoice: espeak\n")
    assert session_name(load_routine("gentle", config=config)) == "gentle-guidance-bells-74a938"


def test_a_file_is_what_was_asked_for_and_a_folder_gets_the_sessions_name(tmp_path: Path) -> None:
    """A folder may be called like a file."""
    program = load_routine("gentle", settings={"language": "de"})
    (tmp_path / "folder.mp3").mkdir()
    assert target(tmp_path / "ann.mp3", program) == tmp_path / "ann.mp3"
    assert target(tmp_path / "ann", program) == tmp_path / "ann" / "gentle.de.mp3"
    assert target(tmp_path / "folder.mp3", program) == tmp_path / "folder.mp3" / "gentle.de.mp3"


@pytest.mark.parametrize(
    "ending", [".m4b", ".m4a", ".wav", ".ogg", ".FLAC", ".opus", ".caf", ".wave", ".mov"]
)
def test_another_kind_of_sound_file_is_refused(tmp_path: Path, ending: str) -> None:
    """Say what is made, and how to call it; a folder that is there may be called as it likes."""
    path = tmp_path / f"session{ending}"
    with pytest.raises(OutputError) as caught:
        check_output(path)
    assert (caught.value.message, caught.value.where, caught.value.remedy) == (
        "only MP3 is made",
        Setting("output", str(path)),
        f"Write {tmp_path / 'session.mp3'}.",
    )
    path.mkdir()
    check_output(path)


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
