"""Advice on what is hard to follow in an exercise, in full, and silence on what is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from audio_builder.script.advice import MAX_WORDS, advise, advise_routine
from audio_builder.script.finding import bundled
from audio_builder.script.program import load_exercise, load_routine

BEND = """\
name: Bend
about: A bend.
start: {position: standing, say: Stand up.}
easier: Sit.
avoid: Leave it out if it hurts.
sides: right then left
setup:
  - Keep both feet on the floor.
steps:
  - Lift your {side} hand.
"""


def advice(folder: Path, old: str = "", new: str = "", *, language: str = "en") -> list[str]:
    """Change the exercise in one place; give what is advised, without folder and excerpt."""
    assert old in BEND
    path = folder / ("bend.yaml" if language == "en" else f"bend.{language}.yaml")
    path.write_text(BEND.replace(old, new) if old else BEND, encoding="utf-8")
    found = advise(*load_exercise(path))
    return [f"{each.where.line}:{each.where.column}: {each.message}" for each in found]


@pytest.mark.parametrize("language", ["en", "de", "es", "fr"])
def test_the_bundled_exercises_need_no_advice(language: str) -> None:
    """Advise on every bundled exercise of every language."""
    for path in bundled("exercises", language).values():
        assert advise(*load_exercise(path)) == []


@pytest.mark.parametrize("language", ["en", "de", "es", "fr"])
def test_the_bundled_routines_need_no_advice(language: str) -> None:
    """Advise on the opening and closing of every bundled routine of every language."""
    for path in bundled("routines", language).values():
        program = load_routine(path, settings={"language": language})
        assert advise_routine(program.document, program.routine) == []


def test_a_long_line_of_the_opening_or_closing_is_told(tmp_path: Path) -> None:
    """Make one line of each too long, in both ways of writing them."""
    path = tmp_path / "long.yaml"
    words = " ".join(["so"] * (MAX_WORDS + 1))
    path.write_text(
        f"title: Long\nopening: [Hello., {words}]\nclosing:\n  - say: {words}\n    pause: 2s\nexercises: [cat-cow]\n"
    )
    program = load_routine(path)
    told = "this cue has 23 words, hard to keep in mind; 22 are plenty, so split it"
    assert [
        f"{each.where}: {each.message}" for each in advise_routine(program.document, program.routine)
    ] == [
        f"{path}:2:19: {told}",
        f"{path}:4:10: {told}",
    ]


def test_a_good_exercise_needs_no_advice(tmp_path: Path) -> None:
    """Advise on the exercise that the other tests change."""
    assert advice(tmp_path) == []


@pytest.mark.parametrize(
    ("old", "where"),
    [
        ("Lift your {side} hand.", "10:5"),
        ("Keep both feet on the floor.", "8:5"),
        ("Sit.", "4:9"),
        ("Leave it out if it hurts.", "5:8"),
        ("Stand up.", "3:34"),
    ],
)
def test_a_cue_too_long_to_keep_in_mind_is_told_wherever_it_stands(
    tmp_path: Path, old: str, where: str
) -> None:
    """Make each cue of an exercise one word too long, and just short enough."""
    words = "so {side}" if old.startswith("Lift") else "so so"
    long = words + " so" * (MAX_WORDS - 1)
    assert advice(tmp_path, old, long) == [
        f"{where}: this cue has 23 words, hard to keep in mind; 22 are plenty, so split it"
    ]
    assert advice(tmp_path, old, words + " so" * (MAX_WORDS - 2)) == []


@pytest.mark.parametrize(
    ("cue", "found"),
    [
        ("Lift your {side} hand, then turn your head.", 'at "then"'),
        ("Lift your {side} hand and then turn.", 'at "and then"'),
        ("Lift your {side} hand; look up.", 'at ";"'),
        ("Lift your {side} hand. Turn your head.", '"lift" and "turn"'),
        ("Breathing in, lift your {side} hand and bend your knees.", '"lift" and "bend"'),
        ("Step to the {side}, lift your arms.", '"step" and "lift"'),
        ("Slowly lower your {side} heel. Breathing out, press down.", '"lower" and "press"'),
    ],
)
def test_two_instructions_in_one_cue_are_told(tmp_path: Path, cue: str, found: str) -> None:
    """Hide a second movement behind joining words, a full stop, a comma and a breath."""
    assert advice(tmp_path, "Lift your {side} hand.", cue) == [
        f"10:5: two instructions stand in this cue ({found}); make two cues of it"
    ]


@pytest.mark.parametrize(
    ("language", "cue", "found"),
    [
        ("de", "Heb {side:die rechte|die linke} Hand, dann dreh den Kopf.", "dann"),
        ("es", "Levanta la mano {side:derecha|izquierda} y luego gira.", "y luego"),
        ("fr", "Lève la main {side:droite|gauche}, puis tourne la tête.", "puis"),
    ],
)
def test_joining_words_are_known_in_every_language(
    tmp_path: Path, language: str, cue: str, found: str
) -> None:
    """Join two instructions in each language."""
    assert advice(tmp_path, "Lift your {side} hand.", cue, language=language) == [
        f'10:5: two instructions stand in this cue (at "{found}"); make two cues of it'
    ]


@pytest.mark.parametrize(
    "cue",
    [
        "Let your {side} shoulder sink toward the floor.",
        "Breathing in, lift your {side} hand up to the ceiling.",
        "Weight even between hands and feet, to the {side}.",
        "Tap with your {side} foot, or come close. It need not touch.",
        "Open to the {side}. Your chest opens. Your spine twists.",
        "If the {side} side hurts, stay higher.",
        "Both hands rest on your {side} knee.",
        "Lift your {side} hand and look up.",
    ],
)
def test_one_movement_in_several_words_is_left_alone(tmp_path: Path, cue: str) -> None:
    """Keep silent on cues that only look as if they held two instructions."""
    assert advice(tmp_path, "Lift your {side} hand.", cue) == []


def test_a_movement_with_the_breath_is_one_however_it_is_worded(tmp_path: Path) -> None:
    """Keep silent on the two movements of one inhale."""
    breathe = 'breathe: {inhale: "Bend to the {side}. Tuck your chin.", exhale: Come back.}'
    assert advice(tmp_path, "Lift your {side} hand.", breathe) == []


@pytest.mark.parametrize(
    ("language", "cue", "limb"),
    [
        ("en", "Lift your hand.", "your hand"),
        ("en", "Bend the knee.", "the knee"),
        ("de", "Heb deine Hand.", "deine Hand"),
        ("es", "Levanta la mano.", "la mano"),
        ("fr", "Lève la main.", "la main"),
    ],
)
def test_a_limb_without_its_side_is_told(tmp_path: Path, language: str, cue: str, limb: str) -> None:
    """Leave the side away in one of two cues, in each language."""
    both = f"Lean to the {{side}}.\n  - {cue}"
    assert advice(tmp_path, "Lift your {side} hand.", both, language=language) == [
        f'11:5: which side is "{limb}"? name it with {{side}} or {{other_side}}'
    ]


@pytest.mark.parametrize(
    ("language", "cue", "side"),
    [
        ("en", "Lift your left hand.", "left hand"),
        ("de", "Heb die linke Hand.", "linke Hand"),
        ("es", "Levanta la mano izquierda.", "mano izquierda"),
        ("fr", "Lève la main droite.", "main droite"),
    ],
)
def test_a_side_that_is_written_out_is_told(tmp_path: Path, language: str, cue: str, side: str) -> None:
    """Write a side out where both sides hear it, in each language."""
    both = f"Lean to the {{side}}.\n  - {cue}"
    assert advice(tmp_path, "Lift your {side} hand.", both, language=language) == [
        f'11:5: "{side}" is said on both sides; name the side with {{side}} or {{other_side}}'
    ]


@pytest.mark.parametrize(
    "cue", ["Lift your hands.", "Let your shoulders sink.", "Turn your head.", "Lift both arms."]
)
def test_what_comes_in_pairs_or_alone_needs_no_side(tmp_path: Path, cue: str) -> None:
    """Keep silent on both hands, and on the head."""
    assert advice(tmp_path, "Lift your {side} hand.", f"Lean to the {{side}}.\n  - {cue}") == []


def test_an_exercise_of_two_sides_that_names_none_is_told_once(tmp_path: Path) -> None:
    """Name no side at all; a one-sided exercise may do so."""
    assert advice(tmp_path, "Lift your {side} hand.", "Lean over.") == [
        "6:8: no cue in the steps names its side; put {side} where it helps"
    ]
    path = tmp_path / "bend.yaml"
    path.write_text(
        BEND.replace("right then left", "none").replace("your {side} hand", "your left hand"),
        encoding="utf-8",
    )
    assert advise(*load_exercise(path)) == []


def test_a_language_that_is_not_known_is_judged_by_length_only(tmp_path: Path) -> None:
    """Give an English cue of two instructions a file name of another language."""
    assert (
        advice(tmp_path, "Lift your {side} hand.", "Lift your {side} hand, then turn.", language="it") == []
    )


def test_advice_comes_in_the_order_of_the_script_with_the_line(tmp_path: Path) -> None:
    """Give three cues that deserve advice; expect them down the file, each with its excerpt."""
    path = tmp_path / "bend.yaml"
    text = BEND.replace("Sit.", "so " * 30) + "  - Lift your hand.\n  - Lean over; look up.\n"
    path.write_text(text, encoding="utf-8")
    found = advise(*load_exercise(path))
    assert [each.where.line for each in found] == [4, 11, 12]
    assert found[1].excerpt == "    - Lift your hand.\n      ^"
