"""Whole sessions in every language: nothing left in English, nothing unfilled, every side agreeing."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path

import pytest

from audio_builder.compiler import PlacedSection, Plan, Timeline, compile_routine, place
from audio_builder.compiler.plan import Line
from audio_builder.errors import ScriptError
from audio_builder.language import LANGUAGES
from audio_builder.script import finding
from audio_builder.script.finding import bundled, scripts_folder
from audio_builder.script.program import load_routine
from audio_builder.sound.reading import length_of
from audio_builder.timebase import to_samples
from tests.language.test_phrases import leaves

ROUTINES = tuple(bundled("routines"))
TRANSLATED = tuple(language for language in LANGUAGES if language != "en")
ALL = [pytest.param(name, language, id=f"{name}-{language}") for name in ROUTINES for language in LANGUAGES]
OTHERS = [pytest.param(*each.values, id=each.id) for each in ALL if each.values[1] != "en"]

VARIANTS: tuple[dict[str, object], ...] = (
    {},
    {"rounds": 2, "counts": "last three", "level": "strong", "breath": "4-2-6-2"},
    {"guidance": "light", "start_side": "left", "level": "gentle"},
)
"""Settings that bring out the phrases which the defaults leave out."""

COMMON_ENGLISH = frozenset(
    ("the", "your", "and", "breathe", "breath", "breathing", "side", "next", "again", "floor")
)

FRENCH_TOO = frozenset(("# minute", "# minutes"))
"""What French writes as English does."""

SIDES = {
    "en": [("right", "left")],
    "de": [("rechts", "links"), *((f"recht{ending}", f"link{ending}") for ending in ("e", "en", "er", "es"))],
    "es": [("derecho", "izquierdo"), ("derecha", "izquierda")],
    "fr": [("droit droite", "gauche")],
}
"""The words for right and left, each pair in the same form; the left has one form for two in French."""

KNOWN_SIDES = [each for each in ALL if each.values[1] in SIDES]
"""A language whose words for the sides do not stand here is tested in all else."""

AGREEING = {
    "de": (
        r"\b(?P<side>(?:recht|link)(?:e|en|er|es)) (?P<noun>\w+)",
        "Seite:e Hand:e,en Schulter:e Knie:es Bein:es Fuß:er,en Arm:en",
    ),
    "es": (
        r"\b(?P<noun>\w+) (?P<side>derech\w|izquierd\w)\b",
        "mano:a rodilla:a pierna:a la:a pie:o brazo:o hombro:o lado:o",
    ),
    "fr": (
        r"\b(?P<noun>\w+) (?P<side>droite?)\b",
        "main:e jambe:e épaule:e à:e la:e genou: pied: bras: côté:",
    ),
}
"""How a noun and its side are found, and which endings each noun allows."""


@cache
def placed(name: str, language: str, variant: int = 0) -> Timeline:
    """Load, compile and place a bundled routine in one of the variants."""
    return in_time(name, {**VARIANTS[variant], "language": language})


def in_time(name: str, settings: Mapping[str, object]) -> Timeline:
    """Load, compile and place a bundled routine with settings of its own, every word as long as any other."""
    program = load_routine(name, settings=settings)
    return place(
        compile_routine(program),
        lambda text: to_samples(0.2 + 0.33 * len(words(text))),
        sound_length=length_of,
        exact=False,
    )


def texts(timeline: Timeline) -> list[str]:
    """Give all that is spoken or shown of a session."""
    shown = [section.title for section in timeline.sections]
    return shown + [event.text for section in timeline.sections for event in section.events if event.text]


def words(text: str) -> list[str]:
    """Give the words of a text in lower case."""
    return re.findall(r"\w+", text.lower())


@pytest.mark.parametrize(("name", "language"), ALL)
def test_every_bundled_routine_is_placed_in_every_language(name: str, language: str) -> None:
    """Place each routine in three settings: full of cues, no brace left, each cue a sentence."""
    for variant in range(len(VARIANTS)):
        timeline = placed(name, language, variant)
        assert not timeline.exact
        assert timeline.sections[0].kind == "opening"
        assert timeline.sections[-1].kind == "closing"
        for section in timeline.sections:
            cues = [event.text for event in section.events if event.kind == "cue"]
            assert cues, section.name
            assert [cue for cue in cues if not re.fullmatch(r"[^a-zß#{}|][^#{}|]*[.!?]", cue)] == []
            assert not re.search(r"[#{}|]", section.title)


@pytest.mark.parametrize(("name", "language"), OTHERS)
def test_nothing_of_the_english_phrases_is_left_in_another_language(name: str, language: str) -> None:
    """Look for every phrase of the English table, and for the commonest English words, in all texts."""
    english = [
        _pattern(text)
        for place, text in leaves(LANGUAGES["en"].phrases)
        if not (language == "fr" and text in FRENCH_TOO) and not re.search(r"sides|gender", place)
    ]
    assert len(english) > 25
    for variant in range(len(VARIANTS)):
        said = texts(placed(name, language, variant))
        assert [(text, rule.pattern) for text in said for rule in english if rule.search(text)] == []
        assert [text for text in said if COMMON_ENGLISH & set(words(text))] == []


def _pattern(text: str) -> re.Pattern[str]:
    """Make a pattern of a phrase: anything for a brace, a word for a number."""
    parts = [re.escape(part) for part in re.split(r"\{[^{}]*\}", text)]
    return re.compile(
        (r"\b" if text[0].isalpha() else "") + ".+".join(parts).replace(r"\#", r"\w+") + r"(?!\w)"
    )


@pytest.mark.parametrize(("name", "language"), OTHERS)
def test_no_text_of_a_translated_session_is_the_english_one(name: str, language: str) -> None:
    """Compare the texts of a session with the English session's."""
    shared = set(texts(placed(name, language))) & set(texts(placed(name, "en")))
    assert shared <= {"Six."}  # which French writes alike


@pytest.mark.parametrize(("name", "language"), ALL)
def test_counts_come_from_the_languages_own_table(name: str, language: str) -> None:
    """Compare every count with the numbers and phrases of its language."""
    table = LANGUAGES[language]
    known = {f"{table.count(number).capitalize()}." for number in range(1, 31)} | set(
        table.phrases.more.values()
    )
    known |= {table.say(table.phrases.last_then_side, side=side) for side in ("right", "left")}
    for variant in range(len(VARIANTS)):
        sections = placed(name, language, variant).sections
        counts = {event.text for section in sections for event in section.events if event.role == "count"}
        assert counts <= known
        assert counts or VARIANTS[variant].get("guidance") == "light"


@pytest.mark.parametrize(("name", "language"), KNOWN_SIDES)
def test_left_and_right_say_the_same_with_the_sides_exchanged(name: str, language: str) -> None:
    """Begin once on the right, once on the left: the first sides differ only in the words for the side."""
    right_first, left_first = (_first_sides(name, language, side) for side in ("right", "left"))
    assert len(right_first) == len(left_first) > 0
    for right, left in zip(right_first, left_first, strict=True):
        assert _told(_spoken(right), language) == _told(_spoken(left), language, mirrored=True)
        assert _told(right.title, language) == _told(left.title, language, mirrored=True)


def _told(text: str, language: str, *, mirrored: bool = False) -> list[str]:
    """Give the words of a text with marks instead of the sides, exchanged where asked."""
    marks: dict[str, str] = {}
    for number, (right, left) in enumerate(SIDES[language]):
        marks |= dict.fromkeys(right.split(), f"{'LR'[not mirrored]}{number}")
        marks |= dict.fromkeys(left.split(), f"{'LR'[mirrored]}{number}")
    return [marks.get(word, word) for word in words(text)]


def _spoken(section: PlacedSection) -> str:
    return "\n".join(event.text for event in section.events if event.text)


def _first_sides(name: str, language: str, first: str) -> list[PlacedSection]:
    """Give the sections of the sides that come first, without counts, which name the side to come."""
    timeline = in_time(name, {"language": language, "start_side": first, "counts": "none"})
    return [section for section in timeline.sections if section.side == first]


@pytest.mark.parametrize(("name", "language"), [each for each in OTHERS if each.values[1] in AGREEING])
def test_the_words_for_the_sides_agree_with_their_nouns(name: str, language: str) -> None:
    """Find every noun with its side and compare the ending with the noun's gender."""
    pattern, nouns = AGREEING[language]
    endings = {
        noun: allowed.split(",") for noun, _, allowed in (each.partition(":") for each in nouns.split())
    }
    found = 0
    for variant in range(len(VARIANTS)):
        for text in texts(placed(name, language, variant)):
            for match in re.finditer(pattern, text, re.IGNORECASE):
                noun = match["noun"] if language == "de" else match["noun"].lower()
                stem = re.match(r"recht|link|derech|izquierd|droit", match["side"].lower())
                assert stem is not None
                assert match["side"][stem.end() :] in endings[noun], text
                found += 1
    assert found > 10


@pytest.mark.parametrize(("name", "language"), OTHERS)
def test_a_translation_does_what_the_english_session_does(name: str, language: str) -> None:
    """Compare the plans without their words: the same sections, movements, holds, breaths and rests."""
    assert list(_shape(_plan(name, language))) == list(_shape(_plan(name, "en")))


@pytest.mark.parametrize(("name", "language"), [each for each in KNOWN_SIDES if each in OTHERS])
def test_a_translated_cue_names_the_sides_that_the_english_one_names(name: str, language: str) -> None:
    """Compare cue by cue which sides are named, so that no translation sends the listener the other way."""
    translated, english = (_sides_named(name, tongue) for tongue in (language, "en"))
    assert [pair for pair in zip(translated, english, strict=True) if pair[0][0] != pair[1][0]] == []
    assert sum(bool(sides) for sides, _ in english) > 10


def _sides_named(name: str, language: str) -> list[tuple[set[str], str]]:
    """Give each line of a plan with the sides it names."""
    right, left = (" ".join(each).split() for each in zip(*SIDES[language], strict=True))
    named = []
    for text in _lines(_plan(name, language)):
        said = set(words(text))
        sides = {"right": said.intersection(right), "left": said.intersection(left)}
        named.append(({side for side, found in sides.items() if found}, text))
    return named


def _lines(value: object) -> Iterator[str]:
    """Walk the preferred wordings of a plan's lines."""
    if isinstance(value, Line):
        yield value.wordings[0]
    elif isinstance(value, tuple):
        for part in value:
            yield from _lines(part)
    elif is_dataclass(value):
        for each in fields(value):
            yield from _lines(getattr(value, each.name))


def _plan(name: str, language: str) -> Plan:
    return compile_routine(load_routine(name, settings={"language": language}))


def _shape(value: object) -> Iterator[object]:
    """Walk everything in a plan but its words."""
    if isinstance(value, Line):
        yield value.role
    elif isinstance(value, tuple):
        yield len(value)
        for part in value:
            yield from _shape(part)
    elif is_dataclass(value):
        yield type(value).__name__
        for each in fields(value):
            if each.name not in ("title", "text"):
                yield from _shape(getattr(value, each.name))
    else:
        yield value


def test_the_setting_language_gives_the_german_routine() -> None:
    """Load the default routine in German: title, exercises and the first announcement are German."""
    program = load_routine("thoracic-mobility", settings={"language": "de"})
    assert program.name == "thoracic-mobility"
    assert program.routine.language == "de"
    assert program.routine.title == "Bewegliche Brustwirbelsäule"
    assert [each.exercise.name for each in program.prescriptions] == [
        "Nadelöhr", "Skorpion", "Katze-Kuh", "Herabschauender Hund und Brett", "Offenes Buch",
    ]  # fmt: skip
    sections = placed("thoracic-mobility", "de").sections
    assert [section.title for section in sections[:3]] == [
        "Willkommen", "Nadelöhr, rechte Seite", "Nadelöhr, linke Seite",
    ]  # fmt: skip
    assert next(event.text for event in sections[1].events if event.role == "name") == (
        "Zu Beginn: Nadelöhr, im Vierfüßlerstand. Die rechte Seite zuerst."
    )


def test_a_later_round_is_announced_in_the_routines_language() -> None:
    """Place two rounds in Spanish and look at the second's first announcement and chapter."""
    second = next(section for section in placed("gentle", "es", 1).sections if section.round == 2)
    assert second.title == "Gato y vaca, ronda 2"
    assert "Otra vez: Gato y vaca, a cuatro apoyos." in [event.text for event in second.events]


@pytest.mark.parametrize("language", TRANSLATED)
def test_an_exercise_without_its_translation_is_an_error_that_names_it(
    language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Take one translation out of a copy of the scripts."""
    copy = tmp_path / "scripts"
    shutil.copytree(scripts_folder(), copy)
    (copy / "exercises" / f"cat-cow.{language}.yaml").unlink()
    monkeypatch.setattr(finding, "scripts_folder", lambda: copy)
    with pytest.raises(ScriptError) as caught:
        load_routine("five-minutes", settings={"language": language})
    (problem,) = caught.value.problems
    assert re.match(r"the exercise .cat-cow. has no", problem.message)
    assert f"cat-cow.{language}.yaml" in problem.message
    assert f"five-minutes.{language}.yaml:" in str(problem.where)
