"""Templates and copies are good scripts from the first moment, and never overwrite anybody's work."""

from __future__ import annotations

from pathlib import Path

import pytest

from audio_builder.building.checking import check_scripts
from audio_builder.cli.starting import copy_routine, write_schemas, write_template
from audio_builder.errors import OutputError, ScriptError
from audio_builder.script.finding import bundled
from audio_builder.script.program import load_routine


@pytest.mark.parametrize("kind", ["exercise", "routine"])
def test_a_template_is_a_good_script(kind: str, folder: Path) -> None:
    """Write it, and find nothing to say about it."""
    path = write_template(kind, "side-stretch")
    assert path == Path("side-stretch.yaml")
    checked = check_scripts([path])
    assert checked.problems == ()
    assert checked.advice == ()
    assert "Side stretch" in path.read_text()


@pytest.mark.parametrize("language", ["en", "de", "es", "fr"])
@pytest.mark.parametrize("name", sorted(bundled("routines")))
def test_a_copied_routine_means_the_same(name: str, language: str, folder: Path) -> None:
    """Copy a routine with its exercises: loaded from there, it is the bundled one."""
    written = copy_routine(name, None, language=language, with_exercises=True)
    copied, original = load_routine(written[0]), load_routine(name, settings={"language": language})
    assert copied.routine == original.routine
    assert [each.exercise for each in copied.prescriptions] == [
        each.exercise for each in original.prescriptions
    ]
    assert all(each.folder.resolve() == (folder / "exercises").resolve() for each in copied.prescriptions)


def test_what_is_there_already_is_left_as_it_is(folder: Path) -> None:
    """Refuse to write over a file; the schemas may be written anew."""
    copy_routine("gentle", None, language="en", with_exercises=False)
    Path("gentle.yaml").write_text("mine")
    with pytest.raises(OutputError) as caught:
        copy_routine("gentle", None, language="en", with_exercises=False)
    assert str(caught.value) == (
        "gentle.yaml: is there already, and is left as it is\n  Choose another name, or remove it."
    )
    assert Path("gentle.yaml").read_text() == "mine"


@pytest.mark.parametrize("name", ["Bad Name", "../up", "", "ä", "a/b"])
def test_a_name_that_will_not_do_is_refused(name: str, folder: Path) -> None:
    """Say which characters do; write nothing."""
    with pytest.raises(ScriptError, match="will not do as a name"):
        write_template("exercise", name)
    assert list(folder.iterdir()) == []


def test_the_editor_comment_leads_to_a_schema_that_is_there(folder: Path) -> None:
    """Follow the first line of each written script to its schema."""
    written = copy_routine("gentle", None, language="en", with_exercises=True)
    for path in (*written, write_template("exercise", "mine")):
        schema = path.read_text().splitlines()[0].partition("$schema=")[2]
        assert (path.parent / schema).is_file()


def test_the_schemas_are_written_where_asked(folder: Path) -> None:
    """Write both, over earlier ones."""
    assert [path.name for path in write_schemas(Path("s"))] == ["exercise.schema.json", "routine.schema.json"]
    assert [path.name for path in write_schemas(Path("s"))] == ["exercise.schema.json", "routine.schema.json"]
