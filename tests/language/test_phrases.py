"""A language's own words: complete, alike in every language, and grammatical whatever they count."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from audio_builder.compiler import compile_routine
from audio_builder.compiler.plan import Speak
from audio_builder.errors import CompileError, ScriptError
from audio_builder.language import LANGUAGES, Counted, Language, Pages, Phrases, Shortened, language_of
from audio_builder.language.wording import Gender
from audio_builder.script.program import load_routine
from audio_builder.script.texts import check_text

ENGLISH = LANGUAGES["en"]


def polish_rule(count: int) -> str:
    """Name the plural form of a count as Polish has it."""
    if count == 1:
        return "one"
    return "few" if count % 10 in (2, 3, 4) and count % 100 not in (12, 13, 14) else "many"


POLISH = replace(
    ENGLISH,
    tag="pl",
    plural_forms=("one", "few", "many"),
    plural=polish_rule,
    number=lambda number, _gender: str(number),
    phrases=replace(
        ENGLISH.phrases,
        breaths=Counted(("# oddech", "# oddechy", "# oddechów")),
        seconds=Counted(("# sekunda", "# sekundy", "# sekund")),
        minutes=Counted(("# minuta", "# minuty", "# minut")),
    ),
)


def leaves(value: object, name: str = "") -> Iterator[tuple[str, str]]:
    """Walk all texts of a table, each with its name."""
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, Language | Phrases | Pages | Counted):
        for each in fields(value):
            yield from leaves(getattr(value, each.name), f"{name}.{each.name}".lstrip("."))
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from leaves(part, f"{name}[{key}]")
    elif isinstance(value, tuple):
        for index, part in enumerate(value):
            yield from leaves(part, f"{name}[{index}]")


def placeholders(text: str) -> frozenset[str]:
    """Give the names in a text's braces, without their forms."""
    return frozenset(inside.partition(":")[0] for inside in re.findall(r"\{([^{}]*)\}", text))


def setup_cues(program_settings: dict[str, object], routine: str | Path = "five-minutes") -> list[str]:
    """Give the movement cues before cat-cow's work, as spoken."""
    plan = compile_routine(load_routine(routine, settings=program_settings))
    lead = next(draft for group in plan.groups for draft in group.drafts if draft.exercise == "cat-cow").lead
    return [m.line.wordings[0] for m in lead if isinstance(m, Speak) and m.line and m.line.role == "move"]


def test_every_record_is_found_by_its_tag_and_english_stands_in_for_what_is_not_known() -> None:
    """Look languages up as scripts, tags of a system and unknown ones name them."""
    assert list(LANGUAGES) == ["en", *sorted(set(LANGUAGES) - {"en"})]
    assert [language_of(tag).tag for tag in ("de", "de-AT", "DE_at", "tlh", "")] == [
        "de",
        "de",
        "de",
        "en",
        "en",
    ]


def test_a_record_without_a_phrase_cannot_be_made() -> None:
    """Leave one phrase out of a record; the error names it."""
    given: dict[str, Any] = {
        each.name: getattr(ENGLISH.phrases, each.name) for each in fields(ENGLISH.phrases)
    }
    del given["halfway"]
    with pytest.raises(TypeError, match="'halfway'"):
        Phrases(**given)


@pytest.mark.parametrize(
    ("changed", "lacking"),
    [
        ({"halfway": " "}, "halfway"),
        ({"safety": ()}, "safety"),
        ({"safety": ("Stop if it hurts.", "")}, "safety"),
        ({"more": {3: "Three more.", 1: "Last one."}}, "more[2]"),
        ({"sides": {"right": "right", "left": ""}}, "sides['left']"),
        ({"breathe": {"inhale": "In.", "exhale": "Out."}}, "breathe['hold-in'], breathe['hold-out']"),
        ({"breaths": Counted(("# breaths",))}, "a form of breaths for each of one, other"),
        ({"minutes": Counted(("# minute", ""))}, "a form of minutes for each of one, other"),
    ],
)
def test_a_table_with_a_gap_names_the_gap(changed: dict[str, Any], lacking: str) -> None:
    """Empty or shorten one entry of a table."""
    with pytest.raises(ValueError, match="lacks") as caught:
        replace(ENGLISH, phrases=replace(ENGLISH.phrases, **changed))
    assert str(caught.value) == f"the record of 'en' lacks {lacking}"


def test_words_of_pages_and_units_that_are_lacking_are_named_too() -> None:
    """Leave a label empty, and take out a unit that covers are written with."""
    units = {name: forms for name, forms in ENGLISH.shortened.units.items() if name != "min"}
    shortened: Shortened = replace(ENGLISH.shortened, units=units)
    with pytest.raises(ValueError, match="lacks") as caught:
        replace(ENGLISH, shortened=shortened, pages=replace(ENGLISH.pages, done=""))
    assert str(caught.value) == "the record of 'en' lacks units['min'], done"


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_a_phrase_has_the_same_placeholders_in_every_language(language: str) -> None:
    """Compare each phrase's braces with the English ones."""
    english, other = (
        {name: placeholders(text) for name, text in leaves(replace(each, lexicon={}))}
        for each in (ENGLISH, LANGUAGES[language])
    )
    assert other == english


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_are_words(language: str) -> None:
    """Say 0 to 9,999: every one in other words, none in digits."""
    words = [LANGUAGES[language].count(number) for number in range(10_000)]
    assert len(set(words)) == 10_000
    assert not any(character.isdigit() for word in words for character in word)


NUMBERS = (0, 1, 16, 21, 30, 31, 70, 71, 80, 81, 91, 100, 101, 120, 200, 500, 999, 1_000, 1_500, 21_000)


@pytest.mark.parametrize(
    ("language", "gender", "expected"),
    [
        ("en", "", "zero; one; sixteen; twenty-one; thirty; thirty-one; seventy; seventy-one; eighty; eighty-one; "
                   "ninety-one; one hundred; one hundred one; one hundred twenty; two hundred; five hundred; "
                   "nine hundred ninety-nine; one thousand; one thousand five hundred; twenty-one thousand"),
        ("de", "", "null; eins; sechzehn; einundzwanzig; dreißig; einunddreißig; siebzig; einundsiebzig; achtzig; "
                   "einundachtzig; einundneunzig; hundert; hunderteins; hundertzwanzig; zweihundert; fünfhundert; "
                   "neunhundertneunundneunzig; tausend; tausendfünfhundert; einundzwanzigtausend"),
        ("es", "", "cero; uno; dieciséis; veintiuno; treinta; treinta y uno; setenta; setenta y uno; ochenta; "
                   "ochenta y uno; noventa y uno; cien; ciento uno; ciento veinte; doscientos; quinientos; "
                   "novecientos noventa y nueve; mil; mil quinientos; veintiún mil"),
        ("es", "f", "cero; una; dieciséis; veintiuna; treinta; treinta y una; setenta; setenta y una; ochenta; "
                    "ochenta y una; noventa y una; cien; ciento una; ciento veinte; doscientas; quinientas; "
                    "novecientas noventa y nueve; mil; mil quinientas; veintiún mil"),
        ("es", "m", "cero; un; dieciséis; veintiún; treinta; treinta y un; setenta; setenta y un; ochenta; "
                    "ochenta y un; noventa y un; cien; ciento un; ciento veinte; doscientos; quinientos; "
                    "novecientos noventa y nueve; mil; mil quinientos; veintiún mil"),
        ("fr", "", "zéro; un; seize; vingt et un; trente; trente et un; soixante-dix; soixante et onze; "
                   "quatre-vingts; quatre-vingt-un; quatre-vingt-onze; cent; cent un; cent vingt; deux cents; "
                   "cinq cents; neuf cent quatre-vingt-dix-neuf; mille; mille cinq cents; vingt et un mille"),
        ("fr", "f", "zéro; une; seize; vingt et une; trente; trente et une; soixante-dix; soixante et onze; "
                    "quatre-vingts; quatre-vingt-une; quatre-vingt-onze; cent; cent une; cent vingt; deux cents; "
                    "cinq cents; neuf cent quatre-vingt-dix-neuf; mille; mille cinq cents; vingt et un mille"),
    ],
)  # fmt: skip
def test_numbers_are_said_as_people_say_them(language: str, gender: Gender, expected: str) -> None:
    """Say numbers that compose in their own way, and those that agree with what is counted."""
    assert "; ".join(LANGUAGES[language].number(number, gender) for number in NUMBERS) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "one breath; four breaths; twenty-one breaths; one second; twenty-one seconds; one minute; "
               "one minute and thirty seconds; two minutes and one second; thirty-three breaths"),
        ("de", "einen Atemzug; vier Atemzüge; einundzwanzig Atemzüge; eine Sekunde; "
               "einundzwanzig Sekunden; eine Minute; eine Minute und dreißig Sekunden; "
               "zwei Minuten und eine Sekunde; dreiunddreißig Atemzüge"),
        ("es", "una respiración; cuatro respiraciones; veintiuna respiraciones; un segundo; "
               "veintiún segundos; un minuto; un minuto y treinta segundos; "
               "dos minutos y un segundo; treinta y tres respiraciones"),
        ("fr", "une respiration; quatre respirations; vingt et une respirations; une seconde; "
               "vingt et une secondes; une minute; une minute et trente secondes; "
               "deux minutes et une seconde; trente-trois respirations"),
    ],
)  # fmt: skip
def test_the_length_of_a_hold_is_said_with_its_number_agreeing(language: str, expected: str) -> None:
    """Say breaths, seconds and minutes, one and several."""
    said = LANGUAGES[language]
    lengths = [said.hold(breaths=breaths) for breaths in (1, 4, 21)]
    lengths += [said.hold(seconds=seconds) for seconds in (1, 21, 60, 90, 121)] + [said.hold(breaths=33)]
    assert "; ".join(lengths) == expected


def test_a_hold_of_less_than_half_a_second_is_not_said_to_be_none() -> None:
    """Round a very short hold up."""
    assert ENGLISH.hold(seconds=0.4) == "one second"


def test_french_takes_the_singular_for_none_and_one() -> None:
    """Ask the plural rules of French and English about 0, 1 and 2."""
    assert [LANGUAGES["fr"].plural(count) for count in (0, 1, 2)] == ["one", "one", "other"]
    assert [ENGLISH.plural(count) for count in (0, 1, 2)] == ["other", "one", "other"]


def test_a_language_with_three_plural_forms_has_its_table() -> None:
    """Count breaths by the rule of Polish."""
    said = [POLISH.hold(breaths=count) for count in (1, 2, 5, 12, 22, 25, 101)]
    assert "; ".join(said) == (
        "1 oddech; 2 oddechy; 5 oddechów; 12 oddechów; 22 oddechy; 25 oddechów; 101 oddechów"
    )


def test_a_script_gives_its_forms_in_the_order_of_the_table() -> None:
    """Choose among three forms, and refuse two with an error that names the place."""
    forms = ["jeden ruch", "# ruchy", "# ruchów"]
    chosen = [POLISH.choose(count, forms, where="cat-cow") for count in (1, 3, 7)]
    assert chosen == ["jeden ruch", "3 ruchy", "7 ruchów"]
    with pytest.raises(CompileError) as caught:
        POLISH.choose(7, ["jeden ruch", "# ruchy"], where="cat-cow")
    assert str(caught.value) == (
        'cat-cow: "jeden ruch|# ruchy" has 2 forms, but "pl" counts with 3: one, few, many\n'
        "  Write one for each, in this order; # stands for the number."
    )


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "The {} side first. | {} side. | Switch sides. Now the {} side. | "
               "Last one, then the {} side. | Cat, {} side"),
        ("de", "Die {}e Seite zuerst. | Die {}e Seite. | Seitenwechsel. Jetzt die {}e Seite. | "
               "Ein letztes Mal, dann die {}e Seite. | Cat, {}e Seite"),
        ("es", "Primero el lado {}o. | El lado {}o. | Cambia de lado. Ahora el lado {}o. | "
               "La última, y después el lado {}o. | Cat, lado {}o"),
        ("fr", "Le côté {} d'abord. | Le côté {}. | Changez de côté. Maintenant le côté {}. | "
               "La dernière, puis le côté {}. | Cat, côté {}"),
    ],
)  # fmt: skip
def test_sides_agree_in_the_compilers_own_phrases(language: str, expected: str) -> None:
    """Say every phrase that names a side, for both sides."""
    stems = {"en": "right left", "de": "recht link", "es": "derech izquierd", "fr": "droit gauche"}
    said = LANGUAGES[language]
    phrases = said.phrases
    for side, stem in zip(("right", "left"), stems[language].split(), strict=True):
        sided = [said.say(each, side=side) for each in (phrases.side_first, phrases.one_side, phrases.switch)]
        sided += [
            said.say(phrases.last_then_side, side=side),
            said.say(phrases.side_title, side=side, name="Cat"),
        ]
        # English opens a phrase with the side, and a sentence opens with a capital.
        filled = [part[:1].upper() + part[1:] for part in expected.replace("{}", stem).split(" | ")]
        assert sided == filled


@pytest.mark.parametrize(
    ("language", "one", "several"),
    [
        ("en", "Follow the tones for one breath.", "Follow the tones for seven breaths."),
        ("de", "Folge den Tönen, einen Atemzug lang.", "Folge den Tönen, sieben Atemzüge lang."),
        ("es", "Sigue los tonos durante una respiración.", "Sigue los tonos durante siete respiraciones."),
        ("fr", "Suivez les sons pendant une respiration.", "Suivez les sons pendant sept respirations."),
    ],
)
def test_the_number_of_breaths_is_grammatical_for_one_and_for_several(
    language: str, one: str, several: str
) -> None:
    """Compile cat-cow with a single breath, and with seven."""
    single: dict[str, object] = {"language": language, "cat-cow.reps": 1, "beyond_limits": True}
    assert setup_cues(single)[-1] == one
    assert setup_cues({"language": language})[-1] == several


def test_a_bare_number_before_a_noun_is_in_digits_where_it_would_have_to_agree() -> None:
    """Say 1 and 21 repetitions in Spanish, where the word depends on the noun; 20 does not."""
    assert [LANGUAGES["es"].count_before_noun(count) for count in (1, 20, 21)] == ["1", "veinte", "21"]
    assert [LANGUAGES["es"].count(count) for count in (1, 21)] == ["uno", "veintiuno"]
    assert LANGUAGES["de"].choose(1, ["# Mal", "# Male"], where="cat-cow") == "1 Mal"


def own_routine(folder: Path, cue: str) -> Path:
    """Write a routine with one exercise of its own, whose setup is one cue."""
    exercise = (
        "name: Shrug\nabout: Shoulders up and down.\nstart: {position: standing, say: Stand up.}\n"
        f"easier: Do less.\navoid: Leave it out.\nsides: none\nsetup: ['{cue}']\n"
        "dose: {reps: {default: 2, min: 1, max: 9}}\nsteps: [{repeat: dose, steps: [Up.]}]\n"
    )
    (folder / "cat-cow.yaml").write_text(exercise, encoding="utf-8")
    routine = folder / "mine.yaml"
    routine.write_text("title: Mine\nexercises: [cat-cow]\n", encoding="utf-8")
    return routine


def test_forms_of_a_number_need_no_number_of_their_own(tmp_path: Path) -> None:
    """Give only the noun's forms beside the plain number."""
    routine = own_routine(tmp_path, "Do {reps} {reps:round|rounds}.")
    assert setup_cues({}, routine) == ["Do two rounds."]
    assert setup_cues({"cat-cow.reps": 1}, routine) == ["Do one round."]


def test_more_forms_than_the_language_has_are_an_error_that_shows_them(tmp_path: Path) -> None:
    """Give three forms in an English script."""
    routine = own_routine(tmp_path, "Do {reps:one|two|many}.")
    with pytest.raises(CompileError) as caught:
        setup_cues({}, routine)
    assert str(caught.value) == (
        'cat-cow: "one|two|many" has 3 forms, but "en" counts with 2: one, other\n'
        "  Write one for each, in this order; # stands for the number."
    )


def test_forms_of_a_number_without_a_dose_of_reps_are_refused_with_their_place(tmp_path: Path) -> None:
    """Count reps in an exercise that has none."""
    routine = own_routine(tmp_path, "Do {reps:one|many}.")
    exercise = tmp_path / "cat-cow.yaml"
    text = exercise.read_text(encoding="utf-8").replace("repeat: dose", "repeat: 2")
    exercise.write_text(re.sub(r"dose: \{.*\n", "", text), encoding="utf-8")
    with pytest.raises(ScriptError) as caught:
        load_routine(routine)
    (problem,) = caught.value.problems
    assert problem.message.startswith("{reps} cannot be filled: there is no dose of reps")
    assert "cat-cow.yaml:7:" in str(problem.where)


def test_a_single_form_of_a_number_is_refused() -> None:
    """Check texts with one form and with two."""
    assert check_text("Do {reps:one breath|# breaths}.") == "Do {reps:one breath|# breaths}."
    with pytest.raises(ValueError, match="form") as caught:
        check_text("Do {reps:breaths}.")
    assert str(caught.value) == (
        '{reps:…} must give a form for one and one for more, like "{reps:one breath|# breaths}"'
    )
