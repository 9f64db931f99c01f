"""Voices come in; how many words of all bundled cues an independent recogniser mistakes goes out.

    pip install pocketsphinx
    python tests/benchmarks/intelligibility.py
    python tests/benchmarks/intelligibility.py espeak espeak:en-us+plain@wpm=175,pitch=50 flite:rms

A voice of eSpeak NG may carry settings after an @: wpm, pitch, range, gap. The recogniser is no human ear:
the figures rank voices, they do not say how well people follow them.

It hears what a listener hears: finished clips over a session's room tone. Pure silence is none: over the digital
zeros that eSpeak NG puts between words the recogniser's normalisation fails, and 55 % became 88 % on 15 cues.
It listens twice: open, for any word of its dictionary with its model of English; and following, for the words of
these cues, each as likely as it is frequent in them.

    117 cues, 1061 words
    word errors: open  following  words/min  voice
                17.9%      11.5%        177  flite:rms
                31.0%      19.8%        197  flite:slt
                39.8%      30.1%        182  espeak
                47.4%      32.0%        176  espeak:en-us+f5
                57.4%      39.8%        204  espeak:en-us+plain@wpm=175,pitch=50

How the default was found, by who follows. On every eighth cue, of all 104 variants: robosoft2 23.0 % (a robot's),
klatt5 24.5, edward 25.9, robosoft3 25.9, benjamin 26.6, klatt4 26.6, Reed 27.3, edward2 28.1, grandpa 28.8,
f5 34.5, none 36.0. The model is of American speech: en-gb 58.3, en-gb-x-rp 59.0, en-gb-scotland 72.7, en-029 82.0.
On every fourth, klatt5 with other settings: 130 wpm 38.7, 145 35.4, 155 32.3, 165 29.0, 175 29.0; pitch 30 to 60
31.6 to 32.7; range 25 29.3, 40 34.3, 80 33.0; word gap 1 39.7. On every third, klatt5 and edward did alike (29.5,
29.8), and edward best open (37.7; klatt5 41.6, f5 48.2). At 155 wpm for its calm, a little below what it could reach.
"""

from __future__ import annotations

import argparse
import math
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import soxr
import yaml
from pocketsphinx import Decoder, get_model_path

from audio_builder.speech import Clip, Engine, Utterance, load_engine
from audio_builder.speech.engines.espeak.engine import CALM, EspeakEngine
from audio_builder.speech.finishing import finish
from audio_builder.timebase import RATE

ROOT = Path(__file__).resolve().parents[2]
RECOGNISER_RATE = 16_000
ROOM_TONE_DBFS = -60.0
USUAL = (
    "espeak",
    "espeak:en-us+f5",
    "espeak:en-us+plain@wpm=175,pitch=50",
    "flite:rms",
    "flite:slt",
)
"""Whose figures stand above."""
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


def listeners(cues: Iterable[str], folder: Path) -> tuple[Decoder, Decoder]:
    """Make the two recognisers: for any English words, and for the words of these cues in any order."""
    found = Counter(word for cue in cues for word in words(cue))
    model = Path(get_model_path(), "en-us")
    entries = [
        line
        for line in (model / "cmudict-en-us.dict").read_text("utf-8").splitlines()
        if re.sub(r"\(\d+\)$", "", line.split()[0]) in found
    ]
    known = {entry.split()[0] for entry in entries} & set(found)
    total = sum(found[word] + 1 for word in known) + len(found)
    rows = [f"{math.log10((found[word] + 1) / total):.4f} {word}" for word in sorted(known)]
    head = ["\\data\\", f"ngram 1={len(known) + 2}", "", "\\1-grams:", "-99 <s>", "-1 </s>"]
    (folder / "cues.lm").write_text("\n".join([*head, *rows, "", "\\end\\", ""]), "utf-8")
    (folder / "cues.dict").write_text("\n".join([*entries, ""]), "utf-8")
    follower = Decoder(
        samprate=RECOGNISER_RATE, loglevel="FATAL", lm=str(folder / "cues.lm"), dict=str(folder / "cues.dict")
    )
    return Decoder(samprate=RECOGNISER_RATE, loglevel="FATAL"), follower


def as_heard(clip: Clip) -> bytes:
    """Lay a clip over room tone, with a quarter of a second of it around, as 16-bit samples for the recogniser."""
    samples = soxr.resample(clip.samples, RATE, RECOGNISER_RATE)
    quiet = np.zeros(RECOGNISER_RATE // 4, np.float32)
    samples = np.concatenate([quiet, samples, quiet])
    samples = samples + np.random.default_rng(1).standard_normal(len(samples)) * 10 ** (ROOM_TONE_DBFS / 20)
    return (np.clip(samples, -1, 1) * 32_767).astype("<i2").tobytes()


def recognised(decoder: Decoder, heard: bytes) -> list[str]:
    """Give the words that a recogniser hears."""
    decoder.start_utt()
    decoder.process_raw(heard, full_utt=True)
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
    manner: dict[str, Any] = {short[key]: int(value) for key, value in chosen.items()}
    return EspeakEngine(replace(CALM, **manner)), voice


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What was measured of a voice."""

    voice: str
    open_errors: float
    """Share of the words that were mistaken by who expects any words."""
    following_errors: float
    """The same by who expects the words of the cues."""
    words_per_minute: float


def measure(spec: str, cues: Sequence[str], decoders: tuple[Decoder, Decoder]) -> Figures:
    """Speak every cue, and let both recognisers listen."""
    engine, voice = engine_for(spec)
    wrong = [0, 0]
    length = 0
    for cue in cues:
        clip = finish(engine.speak(Utterance(cue, voice=voice)))
        length += clip.length
        heard = as_heard(clip)
        for index, decoder in enumerate(decoders):
            wrong[index] += mistakes(words(cue), recognised(decoder, heard))
    engine.close()
    total = sum(len(words(cue)) for cue in cues)
    return Figures(
        voice=spec,
        open_errors=wrong[0] / total,
        following_errors=wrong[1] / total,
        words_per_minute=total / (length / RATE) * 60,
    )


def main() -> None:
    """Print a table, best voice first."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("voices", nargs="*", default=USUAL)
    parser.add_argument("--every", type=int, default=1, help="only every nth cue, for a first look")
    arguments = parser.parse_args()
    cues = bundled_cues()[:: arguments.every]
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        decoders = listeners(bundled_cues(), Path(folder))
        for spec in arguments.voices:
            rows.append(measure(spec, cues, decoders))
            sys.stderr.write(f"{rows[-1]}\n")
    sys.stdout.write(f"{len(cues)} cues, {sum(len(words(cue)) for cue in cues)} words\n")
    sys.stdout.write("word errors: open  following  words/min  voice\n")
    for row in sorted(rows, key=lambda row: row.following_errors):
        sys.stdout.write(
            f"{row.open_errors:17.1%}  {row.following_errors:9.1%}  {row.words_per_minute:9.0f}  {row.voice}\n"
        )


if __name__ == "__main__":
    main()
