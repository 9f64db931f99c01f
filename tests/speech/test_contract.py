"""Every engine keeps the contract; a plug-in, installed for real, does too; engines that break it are found out."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from audio_builder.errors import SpeechError
from audio_builder.speech import Availability, Recording, Utterance, Voice, contract, load_engine
from audio_builder.speech.choice import survey
from audio_builder.speech.contract import broken_promises


@pytest.mark.parametrize(
    ("voice", "language"), [("", "en"), ("en-gb+f2", "en"), ("", "de"), ("", "es"), ("", "fr")]
)
def test_the_embedded_voice_keeps_the_contract(voice: str, language: str) -> None:
    """Try eSpeak NG in voices and languages."""
    assert broken_promises(load_engine("espeak"), voice=voice, language=language) == []


@pytest.mark.judge("flite")
@pytest.mark.parametrize("voice", ["", "slt"])
def test_flite_keeps_the_contract(voice: str) -> None:
    """Try flite's voices."""
    assert broken_promises(load_engine("flite"), voice=voice) == []


def documented_plugin() -> str:
    """Take the engine out of the page on writing one, so that the page is right."""
    assert contract.__doc__ is not None
    code = re.search(r"\n    import numpy.*?\n            pass\n", contract.__doc__, re.DOTALL)
    assert code is not None
    return re.sub(r"(?m)^    ", "", code[0])


def build_wheel(folder: Path, module: str) -> Path:
    """Make the wheel of a plug-in package by hand: no build tool is needed, and pip installs it all the same."""
    about = "buzz_speech-1.0.dist-info"
    files = {
        "buzz_speech.py": module,
        f"{about}/METADATA": "Metadata-Version: 2.1\nName: buzz-speech\nVersion: 1.0\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{about}/entry_points.txt": "[audio_builder.engines]\nbuzz = buzz_speech:BuzzEngine\n",
    }
    record = ""
    for name, content in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content.encode()).digest()).rstrip(b"=").decode()
        record += f"{name},sha256={digest},{len(content.encode())}\n"
    path = folder / "buzz_speech-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for name, content in (files | {f"{about}/RECORD": record + f"{about}/RECORD,,\n"}).items():
            wheel.writestr(name, content)
    return path


def install(folder: Path, module: str) -> dict[str, str]:
    """Install a plug-in with pip into a folder; give the environment that sees it."""
    wheel = build_wheel(folder, module)
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*command, "--target", str(folder / "site"), str(wheel)], check=True)
    return os.environ | {"PYTHONPATH": os.pathsep.join([str(folder / "site"), *filter(None, sys.path)])}


USE = """
import json, sys
from pathlib import Path
from audio_builder.files.cache import Cache
from audio_builder.speech import ClipStore, Utterance, choose_voice, engine_names, load_engine, speak_all
from audio_builder.speech.contract import broken_promises
voice = choose_voice("buzz:high")
line = Utterance("Breathe in, and reach up.")
clip = speak_all([line], voice, store=ClipStore(Cache(Path(sys.argv[1]))))[line]
print(json.dumps([list(engine_names()), broken_promises(load_engine("buzz")), clip.length > 40_000]))
"""


def test_an_installed_plug_in_speaks_and_keeps_the_contract(tmp_path: Path) -> None:
    """Install the documented engine as a package, in a folder of its own, and speak with it in a new process."""
    environment = install(tmp_path, documented_plugin())
    done = subprocess.run(
        [sys.executable, "-c", USE, str(tmp_path / "clips")],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stderr == ""
    names, broken, spoken = json.loads(done.stdout)
    assert "buzz" in names
    assert "espeak" in names
    assert broken == []
    assert spoken


def test_a_plug_in_that_does_not_load_hurts_nobody_else(tmp_path: Path) -> None:
    """Install a plug-in that fails on import: naming it is a clear error, surveying goes on without it."""
    environment = install(tmp_path, "raise RuntimeError('no licence')\n")
    code = (
        "from audio_builder.speech.choice import survey\n"
        "for r in survey():\n"
        "    if r.name in ('buzz', 'espeak'): print(r.name, r.availability.works, r.availability.why)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout.splitlines() == [
        "espeak True ",
        'buzz False the speech engine "buzz" (buzz_speech:BuzzEngine) does not load: no licence',
    ]


class Careless:
    """An engine that breaks promises one at a time."""

    name = "espeak"
    online = False
    at_once = 2
    understands: frozenset[str] = frozenset()

    def identity(self, voice: str, language: str) -> str:
        """Give a name."""
        if voice == contract.NO_VOICE:
            raise SpeechError("no such voice")
        return "careless 1"

    def voices(self) -> Sequence[Voice]:
        """List one."""
        return (Voice(name="a", language="en"),)

    def availability(self) -> Availability:
        """Work."""
        return Availability(works=True)

    def speak(self, utterance: Utterance) -> Recording:
        """Hum as long as the text."""
        length = round(len(utterance.text) * 1_100 / utterance.speed)
        time = np.arange(length) / 16_000
        return Recording((0.3 * np.sin(1_500 * time) * np.hanning(length)).astype(np.float32), 16_000)

    def close(self) -> None:
        """Hold nothing."""


class _Counting(Careless):
    count = 0

    def identity(self, voice: str, language: str) -> str:
        self.count += 1
        return str(self.count)


class _Mute(Careless):
    def speak(self, utterance: Utterance) -> Recording:
        return Recording(np.zeros(30_000, np.float32), 16_000)


class _Double(Careless):
    def speak(self, utterance: Utterance) -> Recording:
        return Recording(super().speak(utterance).samples.astype(np.float64), 16_000)


class _Loud(Careless):
    def speak(self, utterance: Utterance) -> Recording:
        return Recording(super().speak(utterance).samples * np.float32(9), 16_000)


class _OneWay(Careless):
    closed = False

    def close(self) -> None:
        self.closed = True

    def speak(self, utterance: Utterance) -> Recording:
        if self.closed:
            raise RuntimeError("closed")
        return super().speak(utterance)


class _Agreeable(Careless):
    def identity(self, voice: str, language: str) -> str:
        return "anything"


class _Steady(Careless):
    def speak(self, utterance: Utterance) -> Recording:
        return super().speak(Utterance("x" * 40))


class _Marking(Careless):
    understands = frozenset({"shouting"})


class _Unregistered(Careless):
    name = "careless"


class _Shy(Careless):
    def availability(self) -> Availability:
        return Availability(works=False, why="not today", remedy="ask tomorrow")


@pytest.mark.parametrize(
    ("engine", "finding"),
    [
        (_Counting(), "identity() changed from '1' to '2'"),
        (_Mute(), '"Breathe in.": the clip is silent (digital zero)'),
        (_Double(), "samples are float64 of shape (12100,); float32 of shape (n,) are wanted"),
        (_Loud(), "samples go up to 2.70; 1 is full scale"),
        (_OneWay(), "sound: raised RuntimeError: closed"),
        (_Agreeable(), f'it takes "{contract.NO_VOICE}" for a voice; a SpeechError is wanted'),
        (_Steady(), "a text eight times as long lasts 2.8 s, the short one 2.8 s"),
        (_Marking(), "understands names unknown marks: shouting"),
        (_Unregistered(), 'no entry point is called "careless"'),
        (_Shy(), "it does not work here, so nothing more can be tried: not today ask tomorrow"),
        (
            object(),
            "it lacks name, online, at_once, understands, identity, voices, availability, speak, close",
        ),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, str) else "",
)
def test_every_broken_promise_is_found(engine: object, finding: str) -> None:
    """Break one promise: it is named; and an engine that breaks none passes."""
    assert finding in broken_promises(engine)
    assert broken_promises(Careless()) == []


def test_the_survey_says_what_would_work_with_one_more_step() -> None:
    """Look at all engines: working ones come first with voices, others say why and what to do."""
    reports = {report.name: report for report in survey()}
    assert reports["espeak"].availability.works
    assert len(reports["espeak"].voices) > 100
    assert reports["gtts"].online
    works = [report.availability.works for report in survey()]
    assert works == sorted(works, reverse=True)
    assert all(report.availability.why for report in reports.values() if not report.availability.works)
