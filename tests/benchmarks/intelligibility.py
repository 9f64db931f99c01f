"""Voices come in; how many words of all bundled cues an independent recogniser mistakes goes out.

    pip install pocketsphinx
    python tests/benchmarks/intelligibility.py espeak espeak:en-us+plain@wpm=175,pitch=50 flite:rms

A voice of eSpeak NG may carry settings after an @: wpm, pitch, range, gap. The recogniser is no human ear:
the figures rank voices, they do not say how well people follow them.

With --quick, over all 102 English cues: flite's rms 18.9 %, awb 24.3 %, slt 30.9 %, kal16 31.4 %; eSpeak NG with
the default settings of this package 57.5 %, with its own plain ones 87.2 %. Of its about 100 variants, f5 was mistaken
least (57 % over every fourth cue) but for two robots' voices that did no better in a second look. From there no
setting helped: 140 wpm 66 %, 170 wpm 62 %, pitch 35 57 %, 55 58 %, 65 77 %, range 30 58 %, 70 62 %, word gap
2 69 %, 4 69 %.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import soxr
import yaml
from pocketsphinx import Decoder

from audio_builder.speech import Engine, Recording, Utterance, load_engine
from audio_builder.speech.espeak import CALM, EspeakEngine

ROOT = Path(__file__).resolve().parents[2]
RECOGNISER_RATE = 16_000
QUICK = {"maxhmmpf": 2_000, "fwdflat": False}
SPOKEN_KEYS = ("say", "brief", "out", "easier", "avoid")
SPOKEN_LISTS = ("setup", "cues", "opening", "closing")
FILLED = {
    "side": "right",
    "other_side": "left",
    "reps": "six",
    "hold": "four breaths",
    "rep": "two",
    "name": "it",
}
NUMBERS = {
    "1": "one",
    "2": "two",
    "3": "three",
    "4": "four",
    "5": "five",
    "6": "six",
    "8": "eight",
    "10": "ten",
}


def bundled_cues() -> tuple[str, ...]:
    """Collect every English text that the bundled scripts say, each once."""
    found: dict[str, None] = {}
    for path in sorted((ROOT / "scripts").glob("*/*.yaml")):
        if "." in path.stem:  # a translation, such as cat-cow.de.yaml
            continue
        for text in spoken_texts(yaml.safe_load(path.read_text("utf-8"))):
            filled = re.sub(r"\{(\w+)\}", lambda match: FILLED[match[1]], text)
            found[filled[0].upper() + filled[1:]] = None
    return tuple(found)


def spoken_texts(node: object) -> Iterator[str]:
    """Walk a script and give what it says."""
    if isinstance(node, list):
        for each in node:
            yield from spoken_texts(each)
    if not isinstance(node, dict):
        return
    for key, value in node.items():
        if key in SPOKEN_KEYS and isinstance(value, str):
            yield value
        elif key in SPOKEN_LISTS and isinstance(value, list):
            yield from (each for each in value if isinstance(each, str))
            yield from spoken_texts([each for each in value if not isinstance(each, str)])
        else:
            yield from spoken_texts(value)


def words(text: str) -> list[str]:
    """Split into lower-case words, numbers spelled out."""
    return [NUMBERS.get(word, word) for word in re.findall(r"[a-z']+|\d+", text.lower().replace("-", " "))]


def mistakes(said: Sequence[str], heard: Sequence[str]) -> int:
    """Count the words that must change, appear or vanish (Levenshtein's distance)."""
    row = list(range(len(heard) + 1))
    for count, word in enumerate(said, start=1):
        previous, row[0] = row[0], count
        for index, other in enumerate(heard, start=1):
            previous, row[index] = (
                row[index],
                min(row[index] + 1, row[index - 1] + 1, previous + (word != other)),
            )
    return row[-1]


def recognised(decoder: Decoder, recording: Recording) -> list[str]:
    """Give the words that the recogniser hears."""
    samples = soxr.resample(recording.samples, recording.rate, RECOGNISER_RATE)
    quiet = np.zeros(RECOGNISER_RATE // 4, np.float32)
    samples = np.concatenate([quiet, samples / max(np.abs(samples).max(), 1e-9) * 0.5, quiet])
    decoder.start_utt()
    decoder.process_raw((samples * 32_767).astype("<i2").tobytes(), full_utt=True)
    decoder.end_utt()
    hypothesis = decoder.hyp()
    return words(hypothesis.hypstr) if hypothesis else []


def engine_for(spec: str) -> tuple[Engine, str]:
    """Read ENGINE:VOICE[@setting=value,…]."""
    named, _, settings = spec.partition("@")
    name, _, voice = named.partition(":")
    if name != "espeak":
        return load_engine(name), voice
    short = {"wpm": "words_per_minute", "pitch": "pitch", "range": "pitch_range", "gap": "word_gap"}
    chosen = dict(pair.split("=") for pair in settings.split(",") if pair)
    return EspeakEngine(replace(CALM, **{short[key]: int(value) for key, value in chosen.items()})), voice


def measure(spec: str, cues: Iterable[str], decoder: Decoder) -> tuple[float, float, float]:
    """Give the share of mistaken words, the share of cues heard whole, and the words per minute."""
    engine, voice = engine_for(spec)
    wrong = total = whole = cue_count = 0
    seconds = 0.0
    for cue in cues:
        recording = engine.speak(Utterance(cue, voice=voice))
        said = words(cue)
        errors = mistakes(said, recognised(decoder, recording))
        wrong, total, seconds = wrong + errors, total + len(said), seconds + recording.seconds
        whole, cue_count = whole + (errors == 0), cue_count + 1
    engine.close()
    return wrong / total, whole / cue_count, total / seconds * 60


def main() -> None:
    """Print a table, best voice first."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("voices", nargs="+")
    parser.add_argument("--every", type=int, default=1, help="only every nth cue, for a first look")
    parser.add_argument("--quick", action="store_true", help="with a narrower search, three times faster")
    arguments = parser.parse_args()
    cues = bundled_cues()[:: arguments.every]
    decoder = Decoder(samprate=RECOGNISER_RATE, loglevel="FATAL", **(QUICK if arguments.quick else {}))
    rows = []
    for spec in arguments.voices:
        rows.append((*measure(spec, cues, decoder), spec))
        sys.stderr.write(f"{rows[-1][0]:7.1%} {spec}\n")
    sys.stdout.write(f"{len(cues)} cues, {sum(len(words(cue)) for cue in cues)} words\n")
    sys.stdout.write("word errors  cues whole  words/min  voice\n")
    for errors, whole, per_minute, spec in sorted(rows):
        sys.stdout.write(f"{errors:11.1%}  {whole:10.0%}  {per_minute:9.0f}  {spec}\n")


if __name__ == "__main__":
    main()
