"""A teacher's own voice: the list to record, the folder of files, what is missing, and who fills in."""

from __future__ import annotations

import os
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
    next_voice,
    speak_all,
)
from audio_builder.speech.engines.recordings import RecordingsEngine, read_takes
from audio_builder.speech.finishing import finish
from audio_builder.speech.voice_script import Line, as_csv, name_of, short_name, write_voice_script
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


def test_recordings_are_found_by_number_and_by_text(tmp_path: Path, takes: dict[str, Recording]) -> None:
    """Name files by number, by text, carelessly: each line finds its own, levelled to 1 LU, silence cut off."""
    folder = tmp_path / "my voice"
    write_voice_script(LINES, folder, title="Test")
    save(takes[TEXTS[0]], folder / "1.wav", gain=0.05)
    save(takes[TEXTS[1]], folder / "002 final take.flac", gain=0.9)
    save(takes[TEXTS[2]], folder / "Hold for three to five breaths.ogg", gain=0.3)
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
        "  - Hold for three to five breaths.\n"
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
    with pytest.raises(SpeechError, match=r"breathe-in\.wav: the clip is silent"):
        speak_all(SAID[:1], choose_voice(f"recordings:{silent}"), store=ClipStore(Cache(tmp_path / "clips")))
    with pytest.raises(SpeechError, match=r"breathe-in\.wav: the sound file cannot be read"):
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
    assert "ffmpeg, which reads more, is not installed" in str(caught.value)
    assert caught.value.remedy == "Save it again as WAV or FLAC."


def named(folder: Path, *names: str) -> Path:
    """Make a folder with files of these names, each a tone of as many seconds as its place, and a list beside."""
    folder.mkdir()
    for seconds, name in enumerate(names, 1):
        times = np.arange(seconds * 8_000) / 8_000
        soundfile.write(folder / name, 0.3 * np.sin(2 * np.pi * 220 * times), 8_000, format="WAV")
    lines = [
        "Stand tall.",
        "Breathe in.",
        "10 slow circles.",
        "Slow circles.",
        *(f"Line {n}." for n in range(5, 12)),
    ]
    (folder / "lines.csv").write_text(
        as_csv([(n, Line(text=text)) for n, text in enumerate(lines, 1)]), "utf-8"
    )
    return folder


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("10-slow-circles.wav", "10 slow circles."),  # not line 10
        ("10 Slow Circles!.wav", "10 slow circles."),
        ("003-10-slow-circles.wav", "10 slow circles."),
        ("4-slow-circles.wav", "Slow circles."),
        ("10-breathe-in.wav", "Breathe in."),  # its words, whatever the number
        ("2.wav", "Breathe in."),
        ("02.wav", "Breathe in."),
        ("002 final take.wav", "Breathe in."),
        ("3-more.wav", "3 more."),  # not on the list, and not line 3
        ("1-minute.wav", "1 minute."),
        ("2026.wav", None),
    ],
)
def test_a_file_is_for_the_line_of_its_words_and_else_of_its_number(
    tmp_path: Path, file: str, text: str | None
) -> None:
    """Name one file: it is found for one line, and for no other."""
    takes = read_takes(named(tmp_path / "mine", file))
    texts = ["Stand tall.", "Breathe in.", "10 slow circles.", "Slow circles.", "3 more.", "1 minute."]
    texts += [f"Line {n}." for n in range(5, 12)]
    assert [each for each in texts if takes.find(each, "en")] == ([text] if text else [])


def test_long_lines_that_begin_alike_do_not_take_each_others_recordings(tmp_path: Path) -> None:
    """Cut two names off where they are still the same: the number tells, and without one nothing is taken."""
    start = "Reach your right hand up toward the ceiling as far as it goes"
    lines = [(n, Line(text=f"{start} {end}.")) for n, end in enumerate(("today", "tomorrow"), 1)]
    short = short_name(name_of(start, "en"))
    found = {}
    for file in (f"{short}.wav", f"002-{short}.wav"):
        folder = named(tmp_path / file, file)
        (folder / "lines.csv").write_text(as_csv(lines), "utf-8")
        takes = read_takes(folder)
        found[file] = [bool(takes.find(line.text, "en")) for _, line in lines]
    assert found == {f"{short}.wav": [False, False], f"002-{short}.wav": [False, True]}


def test_a_numbered_and_a_worded_file_for_one_line_are_an_error(tmp_path: Path) -> None:
    """Leave both in the folder: neither is quietly preferred; a page of notes beside a sound is nothing."""
    with pytest.raises(SpeechError, match=r"002\.wav and breathe-in\.wav are for the same line"):
        read_takes(named(tmp_path / "both", "breathe-in.wav", "002.wav"))
    takes = read_takes(named(tmp_path / "one", "breathe-in.txt", "002.wav"))
    found = takes.find("Breathe in.", "en")
    assert found is not None
    assert found.name == "002.wav"


def test_files_that_are_for_no_line_are_named(tmp_path: Path) -> None:
    """Misspell a name: the message has the line and the file; files of listed lines are not meant."""
    folder = named(tmp_path / "mine", "breathe-inn.wav", "004.wav", "notes.txt")
    with pytest.raises(SpeechError) as caught:
        speak_all(SAID[:1], choose_voice(f"recordings:{folder}"), store=ClipStore(Cache(tmp_path / "clips")))
    assert caught.value.message == (
        "recordings has no clip for 1 line:\n  - Breathe in.\n  These are for no line: breathe-inn.wav"
    )


@pytest.mark.parametrize("suffix", ["opus", "oga", "ogg", "aiff", "aif", "mp3", "flac", "au", "caf", "w64"])
def test_whatever_the_library_reads_is_taken(
    tmp_path: Path, takes: dict[str, Recording], suffix: str
) -> None:
    """Save a take in each format: it is spoken, and lasts as long."""
    forms = {"opus": ("OGG", "OPUS"), "oga": ("OGG", "VORBIS"), "aif": ("AIFF", None)}
    form, subtype = forms.get(suffix, (suffix.upper(), None))
    rate = 48_000 if suffix == "opus" else takes[TEXTS[0]].rate
    take = takes[TEXTS[0]]
    samples = np.interp(
        np.arange(0, len(take.samples), take.rate / rate), np.arange(len(take.samples)), take.samples
    )
    soundfile.write(tmp_path / f"breathe-in.{suffix}", samples, rate, format=form, subtype=subtype)
    clips = speak_all(
        SAID[:1], choose_voice(f"recordings:{tmp_path}"), store=ClipStore(Cache(tmp_path / "clips"))
    )
    assert clips[SAID[0]].length / RATE == pytest.approx(finish(take).length / RATE, abs=0.1)


def test_channels_offsets_and_lying_names_hurt_nothing(tmp_path: Path, takes: dict[str, Recording]) -> None:
    """Save a take with an offset, an inverted or empty channel, as ADPCM and under another ending: it is the same."""
    take = takes[TEXTS[0]]
    voice, none = take.samples, np.zeros_like(take.samples)
    whole = finish(take).length / RATE
    files = {
        "offset": (voice * 0.5 + 0.06, {}),
        "inverted": (np.stack([voice, -voice], axis=1), {}),
        "half": (np.stack([none, voice], axis=1), {}),
        "surround": (np.stack([none, none, voice, none, none, none], axis=1), {}),
        "adpcm": (voice, {"subtype": "IMA_ADPCM"}),
        "lying": (voice, {"format": "FLAC"}),
    }
    for name, (samples, how) in files.items():
        folder = tmp_path / name
        folder.mkdir()
        soundfile.write(folder / "breathe-in.wav", samples, take.rate, **how)
        recording = RecordingsEngine().speak(Utterance("Breathe in.", voice=str(folder)))
        clip = finish(recording)
        assert clip.length / RATE == pytest.approx(whole, abs=0.1), name
        assert integrated(clip.samples, RATE) == pytest.approx(-16.0, abs=1.0), name


def test_a_click_far_from_speech_is_no_speech(tmp_path: Path, takes: dict[str, Recording]) -> None:
    """Click before and behind a take, the second time at the file's very end: the clip lasts as long as without."""
    take = takes[TEXTS[0]]
    quiet, click = (
        np.zeros(round(0.9 * take.rate), np.float32),
        np.zeros(round(0.012 * take.rate), np.float32),
    )
    click[:] = 0.6 * np.random.default_rng(1).uniform(-1, 1, len(click))
    samples = np.concatenate([click, quiet, take.samples, quiet, click])
    soundfile.write(tmp_path / "breathe-in.wav", samples, take.rate)
    recording = RecordingsEngine().speak(Utterance("Breathe in.", voice=str(tmp_path)))
    assert finish(recording).length == pytest.approx(finish(take).length, abs=0.03 * RATE)


def test_one_bad_recording_is_spoken_by_the_named_second_voice(
    tmp_path: Path, takes: dict[str, Recording], caplog: pytest.LogCaptureFixture
) -> None:
    """Break one file of two: that line is the second voice's, a warning names the file; twice the same."""
    save(takes[TEXTS[0]], tmp_path / "breathe-in.wav")
    (tmp_path / "reach-your-right-hand-up-to-the-ceiling.wav").write_text("no sound", "utf-8")
    store = ClipStore(Cache(tmp_path / "clips"))
    for _ in range(2):
        caplog.clear()
        voice = choose_voice(f"recordings:{tmp_path} else espeak:en-gb")
        mixed = speak_all(SAID[:2], voice, store=store)
        (told,) = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
        assert told.startswith(
            f"{tmp_path}/reach-your-right-hand-up-to-the-ceiling.wav: the sound file cannot be read"
        )
        assert told.endswith('; espeak speaks "Reach your right hand up to the ceiling."')
        alone = speak_all(SAID[:2], choose_voice("espeak:en-gb"), store=store)
        assert [mixed[said].digest == alone[said].digest for said in SAID[:2]] == [False, True]
        assert next_voice(voice) is None


def test_what_is_no_plain_file_is_named_and_never_waited_for(tmp_path: Path) -> None:
    """Put a pipe and a device in place of a take, and of the list: each is refused at once."""
    for name, message in (
        ("breathe-in.wav", r"breathe-in\.wav: the sound file cannot be read: it is not a plain file"),
        ("lines.csv", r"lines\.csv: the list of lines cannot be read: it is not a plain file"),
    ):
        for kind in ("pipe", "zero"):
            folder = tmp_path / f"{kind} {name}"
            folder.mkdir()
            if kind == "pipe":
                os.mkfifo(folder / name)
            else:
                (folder / name).symlink_to("/dev/zero")
            with pytest.raises(SpeechError, match=message):
                RecordingsEngine().speak(Utterance("Breathe in.", voice=str(folder)))


def test_a_link_that_leads_nowhere_costs_nobody_the_other_files(
    tmp_path: Path, takes: dict[str, Recording]
) -> None:
    """Leave a broken link beside a good take: the take is found, and the link named where its line is wanted."""
    save(takes[TEXTS[0]], tmp_path / "breathe-in.wav")
    link = tmp_path / "reach-your-right-hand-up-to-the-ceiling.wav"
    link.symlink_to(tmp_path / "nowhere.wav")
    engine = RecordingsEngine()
    good, broken = (Utterance(text, voice=str(tmp_path)) for text in TEXTS[:2])
    assert engine.speak(good).samples.size
    with pytest.raises(SpeechError) as caught:
        engine.speak(broken)
    assert (caught.value.message, caught.value.where) == (
        "the sound file cannot be read: there is no such file",
        str(link),
    )


def test_noise_is_called_so_and_not_a_broken_end(tmp_path: Path, takes: dict[str, Recording]) -> None:
    """Record beside a fan, and stop too early: each gets its true reason."""
    take = takes[TEXTS[0]]
    quiet = np.zeros(take.rate // 2, np.float32)
    whole = np.concatenate([quiet, take.samples, quiet])
    fan = whole + np.random.default_rng(1).normal(0.0, 0.2 * np.abs(take.samples).max(), len(whole))
    loud = np.flatnonzero(np.abs(whole) > 0.5 * np.abs(whole).max())
    for samples, reason in (
        (fan, "the clip's noise is nearly as loud as its words"),
        (whole[: loud[-1] + 1], "the clip breaks off in the middle of a sound"),
    ):
        soundfile.write(tmp_path / "breathe-in.wav", samples, take.rate, subtype="FLOAT")
        with pytest.raises(SpeechError) as caught:
            RecordingsEngine().speak(Utterance("Breathe in.", voice=str(tmp_path)))
        assert caught.value.message == reason
