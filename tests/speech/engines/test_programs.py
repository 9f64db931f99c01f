"""Voices of the system: flite for real, say and SAPI by stand-ins that check what they are told."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from audio_builder.errors import SpeechError
from audio_builder.speech import Utterance, Voice
from audio_builder.speech.engines.flite import FliteEngine
from audio_builder.speech.engines.programs import run
from audio_builder.speech.engines.sapi import SapiEngine
from audio_builder.speech.engines.say import SayEngine
from audio_builder.speech.finishing import finish, window_rms
from audio_builder.speech.recording import complaint, record
from audio_builder.timebase import RATE

posix = pytest.mark.skipif(os.name != "posix", reason="stand-ins are scripts with a first line")
LINE = "Reach your right hand up to the ceiling."

SAY = """
import sys, wave, json, math, struct
arguments = sys.argv[1:]
if arguments == ["-v", "?"]:
    print("Albert              en_US    # I have a frog in my throat. No, I mean a real frog!")
    print("Alex                en_US    # Most people recognize me by my voice.")
    print("Bad News            en_US    # The light you see is an oncoming train.")
    print("Anna                de_DE    # Hallo! Ich heisse Anna.")
    print("Eddy (English (UK)) en_GB    # Hello! My name is Eddy.")
    sys.exit()
options = dict(zip(arguments[::2], arguments[1::2])) if len(arguments) % 2 == 0 else {}
flat = {}
index = 0
while index < len(arguments):
    if arguments[index].startswith("--"):
        name, _, value = arguments[index].partition("="); flat[name] = value; index += 1
    else:
        flat[arguments[index]] = arguments[index + 1]; index += 2
text = open(flat["-f"], encoding="utf-8").read()
with open(flat["-o"] + ".json", "w") as log: json.dump([flat["-v"], flat["-r"], text], log)
with open(LOG, "a", encoding="utf-8") as log: log.write(json.dumps([flat["-v"], flat["-r"], text]) + "\\n")
assert flat["--file-format"] == "WAVE" and flat["--data-format"] == "LEI16@22050"
with wave.open(flat["-o"], "wb") as file:
    file.setnchannels(1); file.setsampwidth(2); file.setframerate(22050)
    count = 22050 * len(text) // 15
    hum = (int(9000 * math.sin(n / 20) * math.sin(math.pi * n / count)) for n in range(count))
    file.writeframes(b"".join(struct.pack("<h", sample) for sample in hum))
"""

POWERSHELL = """
import sys, base64, re, wave, math, struct, json
script = base64.b64decode(sys.argv[sys.argv.index("-EncodedCommand") + 1]).decode("utf-16-le")
if "FAIL" in open(LOG + ".mood", encoding="utf-8").read(): sys.exit("The voice is out.")
assert script.startswith("try {") and script.rstrip().endswith("exit 1 }")
assert "-NoProfile" in sys.argv and "-NonInteractive" in sys.argv
if "GetInstalledVoices" in script:
    print('\\ufeff[{"name":"Microsoft Zira Desktop","language":"en-US","about":"Zira"},'
          '{"name":"Microsoft Hedda Desktop","language":"de-DE","about":"Hedda"}]')
    sys.exit()
wav = re.search(r"SetOutputToWaveFile\\('(.*?)'\\)", script)[1].replace("''", "'")
ssml = re.search(r"ReadAllText\\('(.*?)', ", script)[1].replace("''", "'")
text = open(ssml, encoding="utf-8").read()
import xml.etree.ElementTree as tree
tree.fromstring(text)
with open(LOG, "a", encoding="utf-8") as log: log.write(json.dumps(text) + "\\n")
words = re.sub("<[^>]*>", "", text)
with wave.open(wav, "wb") as file:
    file.setnchannels(1); file.setsampwidth(2); file.setframerate(22050)
    count = 22050 * len(words) // 15
    hum = (int(9000 * math.sin(n / 20) * math.sin(math.pi * n / count)) for n in range(count))
    file.writeframes(b"".join(struct.pack("<h", sample) for sample in hum))
"""


def stand_in(folder: Path, name: str, code: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a program on the PATH; give the file in which it notes what it was told."""
    log = folder / f"{name}.log"
    path = folder / name
    path.write_text(f"#!{sys.executable}\nLOG = {str(log)!r}\n{code}", "utf-8")
    path.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)
    return log


@pytest.mark.judge("flite")
def test_flite_speaks_for_real() -> None:
    """Speak with two voices at two speeds: whole clips, and the slower one is longer."""
    engine = FliteEngine()
    assert {"slt", "rms"} <= {voice.name for voice in engine.voices()}
    calm, fast = engine.speak(Utterance(LINE)), engine.speak(Utterance(LINE, speed=1.3, voice="slt"))
    assert complaint(calm, Utterance(LINE)) == complaint(fast, Utterance(LINE)) == ""
    assert calm.seconds > 1.1 * fast.seconds
    assert engine.identity("", "en").startswith("flite-2")
    assert engine.identity("slt", "en") != engine.identity("", "en")


@pytest.mark.judge("flite")
@pytest.mark.parametrize(
    ("utterance", "message"),
    [
        (Utterance(LINE, voice="nobody"), 'flite has no voice "nobody"'),
        (Utterance(LINE, language="de"), 'flite does not speak "de"'),
    ],
)
def test_flite_refuses_what_it_has_not(utterance: Utterance, message: str) -> None:
    """Ask for a voice and a language that flite has not; it would silently take another."""
    with pytest.raises(SpeechError, match=message):
        FliteEngine().speak(utterance)


def test_missing_programs_are_named_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """Empty the PATH: each engine says why it does not work."""
    monkeypatch.setenv("PATH", "")
    assert "apt install flite" in str(FliteEngine().availability().remedy)
    for engine in (FliteEngine(), SayEngine(), SapiEngine()):
        assert not engine.availability().works
        assert engine.availability().why


@posix
def test_say_is_told_voice_pace_and_emphasis(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Speak through a stand-in for say: it gets the voice of the language, the pace, and its own commands."""
    log = stand_in(tmp_path, "say", SAY, monkeypatch)
    engine = SayEngine()
    assert [(voice.name, voice.language) for voice in engine.voices()] == [
        ("Albert", "en-US"), ("Alex", "en-US"), ("Bad News", "en-US"), ("Anna", "de-DE"),
        ("Eddy (English (UK))", "en-GB"),
    ]  # fmt: skip
    recording = engine.speak(Utterance("Move *slowly* [[slnc 9]] now.", speed=1.1, language="en-GB"))
    engine.speak(Utterance("Einatmen.", language="de"))
    engine.speak(Utterance("Hello there.", voice="bad news"))
    engine.speak(Utterance("No joke."))
    assert recording.rate == 22_050
    assert recording.seconds > 1
    assert log.read_text("utf-8").splitlines() == [
        '["Eddy (English (UK))", "176", "Move [[emph +]]slowly[[emph -]] [ [slnc 9]] now."]',
        '["Anna", "160", "Einatmen."]',
        '["Bad News", "160", "Hello there."]',
        '["Alex", "160", "No joke."]',
    ]
    with pytest.raises(SpeechError, match='macOS has no voice for "tlh"'):
        engine.speak(Utterance("nuqneH", language="tlh"))


@pytest.mark.parametrize(
    ("language", "listed", "chosen"),
    [
        ("en", ("Albert|en-US", "Daniel|en-GB", "Samantha|en-US"), "Samantha"),
        ("en", ("Albert|en-US", "Samantha|en-US", "Zoe (Premium)|en-US"), "Zoe (Premium)"),
        ("en-GB", ("Ava (Premium)|en-US", "Daniel|en-GB", "Samantha|en-US"), "Daniel"),
        ("de", ("Eddy (German (Germany))|de-DE", "Anna|de-DE", "Petra (Enhanced)|de-DE"), "Petra (Enhanced)"),
        ("en", ("Albert|en-US",), "Albert"),
    ],
)
def test_say_takes_the_best_voice_and_no_joke(language: str, listed: tuple[str, ...], chosen: str) -> None:
    """Choose from what a Mac lists: quality first, then its plain voices, jokes where there is nothing else."""
    engine = SayEngine()
    pairs = [each.split("|") for each in listed]
    engine.__dict__["_voices"] = tuple(Voice(name=name, language=tag) for name, tag in pairs)
    assert chosen in engine.identity("", language)


@posix
def test_sapi_is_told_in_ssml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Speak through a stand-in for PowerShell: it gets well-formed SSML with every mark in it."""
    log = stand_in(tmp_path, "powershell", POWERSHELL, monkeypatch)
    mood = Path(f"{log}.mood")
    mood.write_text("well", "utf-8")
    engine = SapiEngine()
    said = Utterance('Lift & *slowly* [scapula|ˈskæpjʊlə]… <now> "so".', language="en")
    assert engine.speak(said).seconds > 1
    import json

    assert json.loads(log.read_text("utf-8")) == (
        '<speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" xml:lang="en-US">'
        '<voice name="Microsoft Zira Desktop"><prosody rate="-10%">Lift &amp; <emphasis>slowly</emphasis> '
        '<phoneme alphabet="ipa" ph="ˈskæpjʊlə">scapula</phoneme><break time="500ms"/> &lt;now&gt; '
        "&quot;so&quot;.</prosody></voice></speak>"
    )
    assert "Hedda" in engine.identity("", "de-AT")
    with pytest.raises(SpeechError, match='Windows has no voice "Nobody"'):
        engine.identity("Nobody", "en")
    mood.write_text("FAIL", "utf-8")
    with pytest.raises(SpeechError, match=r"powershell failed: The voice is out\."):
        engine.speak(said)


def test_a_program_that_fails_or_hangs_is_an_error() -> None:
    """Run programs that fail, hang, and are not there: the message says which, and what they said."""
    with pytest.raises(SpeechError, match="failed: out of breath"):
        run([sys.executable, "-c", "import sys; sys.exit('out of breath')"])
    with pytest.raises(SpeechError, match=r"did not end within 0\.2 s"):
        run([sys.executable, "-c", "import time; time.sleep(9)"], patience_seconds=0.2)
    with pytest.raises(SpeechError, match="nowhere cannot be run: No such file"):
        run(["/nowhere"])


@pytest.mark.judge("flite")
@pytest.mark.parametrize("text", ["Put your phone on the floor.", "Plant your right hand.", "Breathe in."])
def test_a_clip_begins_with_its_word_and_not_with_the_noise_before_it(text: str) -> None:
    """Finish what flite says, which breathes before a word: within 30 ms the word is heard."""
    clip = finish(record(FliteEngine(), Utterance(text)))
    levels = window_rms(clip.samples, RATE // 100)
    assert levels[:3].max() > levels.max() * 10 ** (-35 / 20)
