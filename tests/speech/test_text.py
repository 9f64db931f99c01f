"""How a cue's text becomes what an engine is given: typography, numbers, marks, pronunciations, pieces."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audio_builder.errors import SpeechError
from audio_builder.speech.finishing import pieces
from audio_builder.speech.notation import MARKS, Lexicon, Span, keep_marks, parts, plain, spans


def test_marks_are_found() -> None:
    """Take a text with every mark apart."""
    assert list(spans("Move *slowly*... then [scapula=skappula|ˈskæpjʊlə] up… end * x")) == [
        Span(kind="words", text="Move "),
        Span(kind="emphasis", text="slowly"),
        Span(kind="pause"),
        Span(kind="words", text=" then "),
        Span(kind="pronounced", text="scapula", respelling="skappula", ipa="ˈskæpjʊlə"),
        Span(kind="words", text=" up"),
        Span(kind="pause"),
        Span(kind="words", text=" end  x"),
    ]


@pytest.mark.parametrize(
    ("understood", "left"),
    [
        (frozenset(), "Lift the skappula and rest"),
        ({"emphasis"}, "*Lift* the skappula and rest"),
        ({"pause"}, "Lift the skappula… and rest"),
        ({"ipa"}, "Lift the [skappula|ˈskæpjʊlə] and rest"),
        ({"written"}, "Lift the scapula and rest"),
        (MARKS, "*Lift* the [scapula=skappula|ˈskæpjʊlə]… and rest"),
    ],
)
def test_engines_get_only_the_marks_they_understand(understood: set[str], left: str) -> None:
    """Leave each kind of mark in, alone and all together."""
    text = "*Lift* the [scapula=skappula|ˈskæpjʊlə] ... and rest"
    assert keep_marks(text, frozenset(understood)) == left


def test_plain_text_has_the_words_as_written() -> None:
    """Take every mark out; a script's own brackets are none."""
    assert plain("*Lift* the [left|right] arm ... and rest…") == "Lift the [left|right] arm and rest"
    assert plain("5*3 * 2") == "53  2"


def test_pauses_split_a_text_into_parts_with_words() -> None:
    """Split at pauses: those at the ends leave nothing behind."""
    assert parts("... Reach *up* ... and hold … . …") == ("Reach *up*", "and hold")


def test_a_lexicon_marks_whole_words_in_any_case() -> None:
    """Apply entries: the longest wins, parts of words stay, capitals do not matter."""
    lexicon = Lexicon.read({"Cow": "kow", "cat-cow": "cat cow /kæt kaʊ/", "scapula": "/ˈskæpjʊlə/"})
    assert lexicon.apply("Cat-Cow, cow, cowl. Scapula's edge.") == (
        "[Cat-Cow=cat cow|kæt kaʊ], [cow=kow|], cowl. [Scapula=|ˈskæpjʊlə]'s edge."
    )


@pytest.mark.parametrize(
    ("entry", "text", "said"),
    [
        ("Child’s pose", "Rest in Child's pose.", "Rest in [Child's pose=so|]."),
        ("child's pose", "Rest in Child’s pose.", "Rest in [Child's pose=so|]."),
        ("L/R", "Do your L/R side.", "Do your [L/R=so|] side."),
        ("push‑up", "Take a push-up.", "Take a [push-up=so|]."),
        ("cafe\u0301", "Café", "[Café=so|]"),
        ("3x", "Do it 3x.", "Do it [3x=so|]."),
        ("e.g.", "a prop, e.g. a chair", "a prop, [e.g.=so|] a chair"),
        ("½", "½ turn", "[1/2=so|] turn"),
        ("seconds", "Hold 30 s.", "Hold thirty [seconds=so|]."),
        ("T4-T8", "Move T4–T8, T4-T8.", "Move T four to T eight, [T4-T8=so|]."),
        ("Warrior", "Warrior II", "[Warrior=so|] two"),
        ("שלום", "Say שלום now", "Say [שלום=so|] now"),
        ("Vīrabhadrāsana", "Vīrabhadrāsana I.", "[Vīrabhadrāsana=so|] one."),
        ("[left|right]", "Your [left|right] arm", "Your [left right=so|] arm"),
    ],
)
def test_an_entry_that_is_copied_from_a_cue_is_found_in_it(entry: str, text: str, said: str) -> None:
    """Write entries as cues are written: typography, numbers and short forms do not keep them apart."""
    lexicon = Lexicon.read({entry: "so"})
    assert lexicon.apply(text) == said
    assert lexicon.unused([text]) == ()
    assert lexicon.unused(["Breathe."]) == (entry,)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"scapula": ""}, 'c.yaml:3: "" is no pronunciation of "scapula"'),
        ({"scapula": "//"}, 'c.yaml:3: "//" is no pronunciation of "scapula"'),
        ({"scapula": "/ˈ/"}, 'c.yaml:3: "/ˈ/" is no pronunciation of "scapula"'),
        ({"scapula": "a|b"}, 'c.yaml:3: "a|b" is no pronunciation of "scapula"'),
        ({"--": "dash"}, 'c.yaml:3: "--" is not a word'),
    ],
)
def test_entries_that_cannot_be_said_are_refused(words: dict[str, str], message: str) -> None:
    """Read broken entries: the message says where, and what would do."""
    with pytest.raises(SpeechError) as caught:
        Lexicon.read(words, "c.yaml:3")
    assert str(caught.value).startswith(message)
    assert caught.value.remedy


@settings(derandomize=True, deadline=None)
@given(st.lists(st.text(alphabet="ab., !?;:", min_size=1, max_size=30), max_size=20), st.integers(30, 100))
def test_pieces_lose_no_word_and_keep_the_limit(texts: list[str], limit: int) -> None:
    """Cut any text: the words come back in order, and no piece is too long."""
    text = " ".join(texts)
    found = pieces(text, limit)
    assert " ".join(found).split() == text.split()
    assert all(0 < len(piece) <= limit for piece in found)


def test_a_word_longer_than_the_limit_is_an_error() -> None:
    """Cut what cannot be cut: the message says so."""
    with pytest.raises(SpeechError, match="longer than 100 characters without a space"):
        pieces("a" * 101, 100)
