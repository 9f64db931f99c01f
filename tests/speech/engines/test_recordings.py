"""A teacher's own voice: the list to record, the folder of files, what is missing, and who fills in."""

from __future__ import annotations

import csv
import subprocess
from pathlib import Path

import numpy as np
import pytest
import soundfile

from audio_builder.errors import SpeechError
from audio_builder.files.cache import Cache
from audio_builder.sound.loudness import integrated
from audio_builder.speech import (
    ClipStore,
    Lexicon,
    Recording,
    Utterance,
    choose_voice,
    load_engine,
    speak_all,
)
from audio_builder.speech.engines.recordings import RecordingsEngine
from audio_builder.speech.voice_script import Line, name_of, write_voice_script
from audio_builder.timebase import RATE

TEXTS = (
    "Breathe in.",
    "Reach your right hand up to the ceiling.",
    "Hold for 3–5 breaths.",
    "Move *slowly* ... and only as far as is easy.",
)
LINES = [Line(text=text, section="Thread the Needle, right side") for text in TEXTS]
SAID = [Utterance(text) for text in TEXTS]


@pytest.fixture(scope="module")
def takes() -> dict[str, Recording]:
    """Let the embedded voice be the teacher."""
    engine = load_engine("espeak")
    recordings = {text: engine.speak(Utterance(text.replace("...", ","))) for text in TEXTS}
    engine.close()
    return recordings


def save(recording: Recording, path: Path, *, gain: float = 1.0) -> None:
    """Save as a careless teacher does: with silence around, in stereo, at any level."""
    quiet = np.zeros(recording.rate // 2, np.float32)
    samples = np.concatenate([quiet, recording.samples * np.float32(gain), quiet])
    soundfile.write(path, np.stack([samples, samples], axis=1), recording.rate)


def test_the_voice_script_lists_each_line_once(tmp_path: Path) -> None:
    """Write the list for lines with repetitions: text, table and page agree, marks are gone."""
    paths = write_voice_script([*LINES, *LINES], tmp_path, title="Thoracic & more")
    assert [path.name for path in paths] == ["voice-script.txt", "lines.csv", "voice-script.html"]
    rows = list(csv.DictReader((tmp_path / "lines.csv").read_text("utf-8").splitlines()))
    assert [(row["number"], row["text"], row["file"]) for row in rows] == [
        ("001", "Breathe in.", "001-breathe-in.wav"),
        (
            "002",
            "Reach your right hand up to the ceiling.",
            "002-reach-your-right-hand-up-to-the-ceiling.wav",
        ),
        ("003", "Hold for 3–5 breaths.", "003-hold-for-3-to-5-breaths.wav"),
        ("004", "Move slowly and only as far as is easy.", "004-move-slowly-and-only-as-far-as-is-easy.wav"),
    ]
    text = (tmp_path / "voice-script.txt").read_text("utf-8")
    assert "Thread the Needle, right side\n-----" in text
    assert "002  Reach your right hand up to the ceiling.\n" in text
    page = (tmp_path / "voice-script.html").read_text("utf-8")
    assert "<h1>Thoracic &amp; more</h1>" in page
    assert page.count("<td>☐</td>") == 4


def test_a_new_voice_script_keeps_the_numbers_of_the_old_one(tmp_path: Path) -> None:
    """Change the routine and write the list again: known lines keep their number, none is given anew."""
    write_voice_script(LINES, tmp_path, title="One")
    write_voice_script([Line(text="New."), LINES[2], LINES[0]], tmp_path, title="Two")
    write_voice_script([Line(text="Newer."), LINES[1]], tmp_path, title="Three")
    rows = csv.DictReader((tmp_path / "lines.csv").read_text("utf-8").splitlines())
    assert {row["text"]: int(row["number"]) for row in rows} == {
        "Breathe in.": 1,
        "Reach your right hand up to the ceiling.": 2,
        "Hold for 3–5 breaths.": 3,
        "Move slowly and only as far as is easy.": 4,
        "New.": 5,
        "Newer.": 6,
    }


def test_recordings_are_found_by_number_and_by_text(tmp_path: Path, takes: dict[str, Recording]) -> None:
    """Name files by number, by text, carelessly: each line finds its own, levelled to 1 LU, silence cut off."""
    folder = tmp_path / "my voice"
    write_voice_script(LINES, folder, title="Test")
    save(takes[TEXTS[0]], folder / "1.wav", gain=0.05)
    save(takes[TEXTS[1]], folder / "002 final take.flac", gain=0.9)
    save(takes[TEXTS[2]], folder / "Hold for 3 to 5 breaths.ogg", gain=0.3)
    save(takes[TEXTS[3]], folder / "004.mp3", gain=0.2)
    voice = choose_voice(f"recordings:{folder}")
    clips = speak_all(SAID, voice, store=ClipStore(Cache(tmp_path / "clips")))
    for said in SAID:
        clip, take = clips[said], takes[said.text]
        assert integrated(clip.samples, RATE) == pytest.approx(-16.0, abs=1.0)
        assert clip.length / RATE == pytest.approx(take.seconds, abs=0.3)


def test_all_missing_lines_are_listed_at_once(tmp_path: Path, takes: dict[str, Recording]) -> None:
    """Record one line of four: the error names the other three, before anything is spoken."""
    save(takes[TEXTS[0]], tmp_path / "breathe-in.wav")
    with pytest.raises(SpeechError) as caught:
        speak_all(SAID, choose_voice(f"recordings:{tmp_path}"), store=ClipStore(Cache(tmp_path / "clips")))
    assert str(caught.value) == (
        "recordings has no clip for 3 lines:\n"
        "  - Reach your right hand up to the ceiling.\n"
        "  - Hold for 3 to 5 breaths.\n"
        "  - Move slowly and only as far as is easy.\n"
        "  record them, or let another voice say them, as in voice: recordings:FOLDER else auto"
    )


def test_another_voice_fills_in_only_where_the_user_says_so(
    tmp_path: Path, takes: dict[str, Recording]
) -> None:
    """Name who speaks the rest: the recorded line is the teacher's, the others are the other engine's."""
    save(takes[TEXTS[0]], tmp_path / "breathe-in.wav")
    store = ClipStore(Cache(tmp_path / "clips"))
    mixed = speak_all(SAID, choose_voice(f"recordings:{tmp_path} else espeak:en-gb+f2"), store=store)
    alone = speak_all(SAID, choose_voice("espeak:en-gb+f2"), store=store)
    same = [mixed[said].digest == alone[said].digest for said in SAID]
    assert same == [False, True, True, True]


def test_a_new_recording_costs_the_other_voice_nothing(tmp_path: Path, takes: dict[str, Recording]) -> None:
    """Record a second line: only its clip is new; what the other voice said before is still there."""
    folder, store = tmp_path / "mine", ClipStore(Cache(tmp_path / "clips"))
    folder.mkdir()
    save(takes[TEXTS[0]], folder / "breathe-in.wav")
    before = speak_all(SAID, choose_voice(f"recordings:{folder} else espeak"), store=store)
    save(takes[TEXTS[1]], folder / "reach-your-right-hand-up-to-the-ceiling.wav")
    filled = {
        path.name
        for path in store.cache.folder.rglob("clips/?/*")
        if b'"engine": "espeak"' in path.read_bytes()
    }
    after = speak_all(SAID, choose_voice(f"recordings:{folder} else espeak"), store=store)
    still = {
        path.name
        for path in store.cache.folder.rglob("clips/?/*")
        if b'"engine": "espeak"' in path.read_bytes()
    }
    assert [before[said].digest == after[said].digest for said in SAID] == [True, False, True, True]
    assert len(filled) == 3
    assert filled == still


def test_the_lexicon_is_for_engines_and_not_for_teachers(tmp_path: Path, takes: dict[str, Recording]) -> None:
    """Respell a word of a recorded line and of a missing one: the take is found, the other voice is told."""
    save(takes[TEXTS[1]], tmp_path / "reach-your-right-hand-up-to-the-ceiling.wav")
    lexicon = Lexicon.read({"ceiling": "seeling", "breathe": "breeeethe"})
    voice = choose_voice(f"recordings:{tmp_path} else espeak")
    store = ClipStore(Cache(tmp_path / "clips"))
    plain = speak_all(SAID[:2], voice, store=store)
    told = speak_all(SAID[:2], voice, store=store, lexicon=lexicon)
    assert [told[said].digest == plain[said].digest for said in SAID[:2]] == [False, True]


def test_a_line_recorded_anew_is_used(tmp_path: Path, takes: dict[str, Recording]) -> None:
    """Replace a file: the clip kept from the old one is not given any more."""
    store = ClipStore(Cache(tmp_path / "clips"))
    save(takes[TEXTS[0]], tmp_path / "breathe-in.wav")
    before = speak_all(SAID[:1], choose_voice(f"recordings:{tmp_path}"), store=store)[SAID[0]]
    slower = np.repeat(takes[TEXTS[0]].samples, 2)
    save(Recording(slower, takes[TEXTS[0]].rate), tmp_path / "breathe-in.wav")
    after = speak_all(SAID[:1], choose_voice(f"recordings:{tmp_path}"), store=store)[SAID[0]]
    assert after.length > 1.5 * before.length


def test_a_silent_or_unreadable_recording_fails_with_its_name(tmp_path: Path) -> None:
    """Save silence, and text under a sound's name: neither is mixed into a session."""
    silent, broken = tmp_path / "silent", tmp_path / "broken"
    silent.mkdir()
    broken.mkdir()
    soundfile.write(silent / "breathe-in.wav", np.zeros(48_000, np.float32), 48_000)
    (broken / "breathe-in.wav").write_text("not a sound", "utf-8")
    with pytest.raises(SpeechError, match="recordings: the clip is silent"):
        speak_all(SAID[:1], choose_voice(f"recordings:{silent}"), store=ClipStore(Cache(tmp_path / "clips")))
    with pytest.raises(SpeechError, match=r"breathe-in\.wav: the recording cannot be read"):
        RecordingsEngine().speak(Utterance("Breathe in.", voice=str(broken)))


def test_two_files_for_one_line_are_an_error(tmp_path: Path, takes: dict[str, Recording]) -> None:
    """Leave two takes of one line in the folder: the message names both."""
    save(takes[TEXTS[0]], tmp_path / "Breathe in.wav")
    save(takes[TEXTS[0]], tmp_path / "breathe-in.flac")
    with pytest.raises(SpeechError, match=r"Breathe in\.wav and breathe-in\.flac are for the same line"):
        choose_voice(f"recordings:{tmp_path}")


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    """Name no folder, and one that is not there."""
    with pytest.raises(SpeechError, match="recordings are in a folder"):
        choose_voice("recordings")
    with pytest.raises(SpeechError, match="the folder of recordings cannot be read: No such file"):
        choose_voice(f"recordings:{tmp_path / 'nowhere'}")


@pytest.mark.judge("ffmpeg")
def test_a_phones_m4a_is_decoded_where_ffmpeg_is(tmp_path: Path, takes: dict[str, Recording]) -> None:
    """Convert a take to M4A: it is spoken like the others."""
    save(takes[TEXTS[0]], tmp_path / "take.wav")
    subprocess.run(
        ["ffmpeg", "-v", "error", "-i", str(tmp_path / "take.wav"), str(tmp_path / "breathe-in.m4a")],
        check=True,
    )
    (tmp_path / "take.wav").unlink()
    clips = speak_all(
        SAID[:1], choose_voice(f"recordings:{tmp_path}"), store=ClipStore(Cache(tmp_path / "clips"))
    )
    assert clips[SAID[0]].length / RATE == pytest.approx(takes[TEXTS[0]].seconds, abs=0.3)


def test_an_m4a_without_ffmpeg_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take ffmpeg off the PATH: the message names it, and another way."""
    (tmp_path / "breathe-in.m4a").write_bytes(b"anything")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SpeechError) as caught:
        RecordingsEngine().speak(Utterance("Breathe in.", voice=str(tmp_path)))
    assert "needs ffmpeg, which is not on the PATH" in str(caught.value)
    assert caught.value.remedy == "save it again as WAV or FLAC"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Breathe in.", "breathe-in"),
        ("Don't hurry!", "dont-hurry"),
        ("Rückseite der Hüfte", "ruckseite-der-hufte"),
        ("Cat-Cow: 3–5 *slow* breaths ... now", "cat-cow-3-to-5-slow-breaths-now"),
    ],
)
def test_names_are_plain(text: str, name: str) -> None:
    """Name lines: no accents, no marks, no punctuation."""
    assert name_of(text, "en") == name
