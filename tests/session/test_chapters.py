"""A session has as many chapters as it has sections, as long as players can list them."""

from __future__ import annotations

from collections.abc import Iterable

from audio_builder.session.chapters import MOST_CHAPTERS, Chapter, chapters_of
from audio_builder.session.cuesheet import CueSheet, SheetSection
from tests.session.making import SHEET


def sheet_of(parts: Iterable[tuple[str, str, int]]) -> CueSheet:
    """Make a sheet of sections of ten samples, each with its title, exercise and round, an opening and a closing."""
    parts = [("Welcome", "", 0), *parts, ("Closing", "", 0)]
    kinds = ["opening", *["exercise"] * (len(parts) - 2), "closing"]
    sections = [
        SheetSection.model_validate(
            {"name": str(number), "title": title, "kind": kind, "exercise": exercise, "round": turn,
             "start_samples": 10 * number, "length_samples": 10}
        )
        for number, ((title, exercise, turn), kind) in enumerate(zip(parts, kinds, strict=True))
    ]  # fmt: skip
    return SHEET.model_copy(update={"sections": tuple(sections)})


def in_round(title: str, turn: int) -> str:
    """Title a section as the compiler does."""
    return f"{title}, round {turn}" if turn > 1 else title


def test_each_section_is_a_chapter_as_long_as_they_fit() -> None:
    """255 of them do."""
    sheet = sheet_of((f"Reach {n}", f"reach-{n}", 1) for n in range(253))
    assert chapters_of(sheet) == tuple(
        Chapter(title=section.title, start=section.start_samples, end=section.end_samples)
        for section in sheet.sections
    )
    assert chapters_of(SHEET.model_copy(update={"sections": ()})) == ()


def test_past_255_there_is_one_chapter_for_each_exercise_of_a_round() -> None:
    """Its sides share it."""
    sheet = sheet_of(
        (in_round(f"Reach {n}, {side} side", turn), f"reach-{n}", turn)
        for turn in range(1, 11)
        for n in range(1, 14)
        for side in ("right", "left")
    )
    found = chapters_of(sheet)
    assert len(found) == 132
    assert found[:2] == (
        Chapter(title="Welcome", start=0, end=10),
        Chapter(title="Reach 1", start=10, end=30),
    )
    assert found[14] == Chapter(title="Reach 1, round 2", start=270, end=290)
    assert found[-1] == Chapter(title="Closing", start=2_610, end=2_620)


def test_else_there_is_one_for_each_round() -> None:
    """As of thirteen exercises in twenty rounds."""
    sheet = sheet_of(
        (in_round(f"Reach {n}", turn), f"reach-{n}", turn) for turn in range(1, 21) for n in range(1, 14)
    )
    found = chapters_of(sheet)
    assert [chapter.title for chapter in found] == [
        "Welcome", "Reach 1 – Reach 13", *(f"Round {turn}" for turn in range(2, 21)), "Closing",
    ]  # fmt: skip
    assert found[1:3] == (
        Chapter(title="Reach 1 – Reach 13", start=10, end=140),
        Chapter(title="Round 2", start=140, end=270),
    )


def test_else_neighbours_are_joined() -> None:
    """Three hundred rounds of one exercise."""
    sheet = sheet_of((in_round("Reach", turn), "reach", turn) for turn in range(1, 301))
    found = chapters_of(sheet)
    assert len(found) == 151 <= MOST_CHAPTERS
    assert [chapter.title for chapter in found[:2]] == ["Welcome – Reach", "Reach"]
    assert [chapter.start for chapter in found] == list(range(0, 3_020, 20))
    assert found[-1].end == 3_020
