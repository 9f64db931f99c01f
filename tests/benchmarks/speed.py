"""Measure what building the bundled session costs, beside what `lame` and pydub take, in one run.

    python tests/benchmarks/speed.py            five runs of each figure, medians; some minutes
    python tests/benchmarks/speed.py --short    one run of each on a short session: whether all of it works

Wall times mean something on a machine with nothing else to do; CPU times bear neighbours better. Every cold run
is timed next to a run of `lame`, so that both meet the same neighbours, and ratios are medians over such pairs.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median

ROUTINE = "thoracic-mobility"
SHORT = "five-minutes"
PROGRAM = (sys.executable, "-m", "audio_builder")
LAME = ("lame", "--quiet", "-b", "96", "-m", "m", "--cbr", "-q", "5")
HOLD = "thread-the-needle.hold"
LONG_ROUNDS = 20
MADE = ("chunks", "covers", "tones", "chimes")
"""What the cache keeps besides clips."""
WATCHED = (
    "import os, subprocess, sys, time, json\n"
    "start = time.perf_counter()\n"
    "code = subprocess.call(sys.argv[2:], stdout=subprocess.DEVNULL)\n"
    "wall = time.perf_counter() - start\n"
    "import resource\n"
    "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
    "with open(sys.argv[1], 'w') as file:\n"
    "    json.dump([code, wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024], file)\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one process, and those it started, took."""

    wall: float
    """Seconds."""
    cpu: float
    """Seconds, of all its threads and children."""
    peak_mb: float
    """The largest resident size of any one of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table."""

    figure: str
    found: str
    target: str
    met: bool | None = None
    """None where nothing was asked."""


def run(*command: str | Path, cache: Path) -> Cost:
    """Run a command to its end and measure it, from a small process that has no children before it."""
    with tempfile.NamedTemporaryFile(suffix=".json") as said:
        environment = {**os.environ, "AUDIO_BUILDER_CACHE": str(cache)}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # as for whoever uses it: what was compiled is kept
        words = [str(word) for word in command]
        subprocess.run([sys.executable, "-c", WATCHED, said.name, *words], env=environment, check=True)
        code, wall, cpu, peak = json.loads(Path(said.name).read_text(encoding="utf-8"))
    if code:
        raise SystemExit(f"{' '.join(words)} ended with {code}")
    return Cost(wall=wall, cpu=cpu, peak_mb=peak)


class Bench:
    """Builds in folders of its own, as often as asked."""

    def __init__(self, folder: Path, *, times: int, routine: str) -> None:
        self.folder = folder
        self.times = times
        self.routine = routine
        self.cache = folder / "cache"
        self.wav = folder / "session.wav"

    def build(self, *options: str, routine: str | Path | None = None) -> Cost:
        """Build with the embedded voice, quietly, as from a shell."""
        out = ("-o", self.folder / "out" / f"{self.routine}.mp3", "--voice", "espeak", "--offline", "-q")
        return run(*PROGRAM, "build", routine or self.routine, *out, *options, cache=self.cache)

    def lame(self) -> Cost:
        """Encode the finished session's sound once."""
        return run(*LAME, self.wav, self.folder / "lame.mp3", cache=self.cache)

    def forget(self, *kinds: str) -> None:
        """Remove kinds of what the cache keeps."""
        for kind in kinds:
            shutil.rmtree(self.cache / kind, ignore_errors=True)

    def prepare(self) -> float:
        """Build once and decode the session for `lame`; give its seconds."""
        import soundfile

        self.build()
        samples, rate = soundfile.read(str(self.folder / "out" / f"{self.routine}.mp3"), dtype="int16")
        soundfile.write(str(self.wav), samples, rate, subtype="PCM_16")
        return len(samples) / rate

    def pairs(self, before: Callable[[], None], *options: str) -> list[tuple[Cost, Cost]]:
        """Build and encode in turns."""
        found = []
        for _ in range(self.times):
            before()
            found.append((self.build(*options), self.lame()))
        return found


def cold(bench: Bench) -> Iterator[Row]:
    """Compare cold builds with one run of `lame`."""
    spoken = bench.pairs(lambda: bench.forget(*MADE))
    wall = median(ours.wall / theirs.wall for ours, theirs in spoken)
    cpu = median(ours.cpu / theirs.cpu for ours, theirs in spoken)
    yield Row(
        figure="cold, clips spoken, whole process with start-up and script: wall, CPU against lame",
        found=f"{wall:.2f} x, {cpu:.2f} x  ({_times(spoken, 'wall')}; CPU {_times(spoken, 'cpu')})",
        target="",
    )
    everything = bench.pairs(lambda: bench.forget(*MADE, "clips"))
    wall = median(ours.wall / theirs.wall for ours, theirs in everything)
    yield Row(
        figure="cold, nothing cached: wall against lame",
        found=f"{wall:.2f} x  ({_times(everything, 'wall')}; CPU {_times(everything, 'cpu')})",
        target="0.80 x",
        met=wall <= 0.8,
    )


def _times(pairs: list[tuple[Cost, Cost]], what: str) -> str:
    ours, theirs = (median(getattr(pair[side], what) for pair in pairs) for side in (0, 1))
    return f"{ours:.2f} s, lame {theirs:.2f} s"


def warm(bench: Bench) -> Iterator[Row]:
    """Measure what follows a cold build."""
    bench.forget(*MADE)
    cold_wall = bench.build().wall
    changed = [bench.build("--set", f"{HOLD}={31 + number}s") for number in range(bench.times)]
    yield Row(
        figure="one changed hold, whole process",
        found=f"{_middle(changed)}; {median(c.wall for c in changed) / cold_wall:.2f} x cold",
        target="0.60 s",
        met=median(c.wall for c in changed) <= 0.6,
    )
    same = [bench.build() for _ in range(bench.times + 1)][1:]
    yield Row(
        figure="nothing changed, whole process",
        found=_middle(same),
        target="0.50 s",
        met=median(c.wall for c in same) <= 0.5,
    )
    starts = [run(*PROGRAM, "--help", cache=bench.cache) for _ in range(bench.times)]
    yield Row(
        figure="audio-builder --help, whole process",
        found=_middle(starts),
        target="0.35 s",
        met=median(c.wall for c in starts) <= 0.35,
    )


def _middle(costs: list[Cost]) -> str:
    return f"{median(c.wall for c in costs):.2f} s (CPU {median(c.cpu for c in costs):.2f} s)"


def library(bench: Bench) -> Iterator[Row]:
    """Measure inside one warm process, and against the usual way, in a process of its own."""
    script = Path(__file__).with_name("rivals.py")
    with tempfile.NamedTemporaryFile(suffix=".json") as said:
        words = (bench.routine, str(bench.times), bench.wav, said.name)
        run(sys.executable, script, *words, cache=bench.cache)
        found = json.loads(Path(said.name).read_text(encoding="utf-8"))
    for kind, name, most in (("", "wall", 0.5), ("_cpu", "CPU", 0.8)):
        yield Row(
            figure=f"cold, clips spoken: mix, encode, link and tag: {name} against lame",
            found=f"{found[f'of_lame{kind}']:.2f} x ({found[f'ours{kind}']:.2f} s)",
            target=f"{most:.2f} x",
            met=found[f"of_lame{kind}"] <= most,
        )
    yield Row(
        figure="linking one more session from stored pieces, warm process",
        found=f"{found['link'] * 1e3:.0f} ms (CPU {found['link_cpu'] * 1e3:.0f} ms)",
        target="20 ms for 15 minutes",
        met=found["link"] <= 0.020 * max(1.0, found["minutes"] / 15),
    )
    yield Row(
        figure="the same with script, placement, tag and files, warm process",
        found=f"{found['whole'] * 1e3:.0f} ms (CPU {found['whole_cpu'] * 1e3:.0f} ms)",
        target="",
    )
    for rival, least in (("append", 15), ("overlay", 50)):
        ratio = found[f"{rival}_cpu"] / found["ours_cpu"]
        yield Row(
            figure=f"pydub {'+=' if rival == 'append' else 'overlay'} and export against mix, encode and link",
            found=f"{found[rival] / found['ours']:.1f} x wall, {ratio:.1f} x CPU ({found[rival]:.1f} s)",
            target=f"{least} x",
            met=found[rival] / found["ours"] >= least,
        )


def growing(bench: Bench, *, rounds: int, bed: Path | None = None) -> Iterator[Row]:
    """Build a session of one round and one of many, clips cached: memory and cost per minute."""
    under = ("--set", f"bed.sound={bed}") if bed else ()
    long = (*under, "--set", f"rounds={rounds}", "--set", "rest=180s", "--set", "beyond_limits=true")
    over = ", over a file's bed, where nothing repeats" if bed else ""
    bench.build("--set", f"rounds={rounds}", "--set", "beyond_limits=true")
    costs = []
    for options in (under, long):
        runs = []
        for _ in range(1 if bed else min(bench.times, 3)):
            bench.forget(*MADE)
            runs.append(bench.build(*options))
        sheet = json.loads((bench.folder / "out" / f"{bench.routine}.json").read_text(encoding="utf-8"))
        minutes = sheet["length_seconds"] / 60
        costs.append((minutes, median(c.cpu for c in runs), max(c.peak_mb for c in runs)))
    (short, short_cpu, short_mb), (much, much_cpu, much_mb) = costs
    yield Row(
        figure=f"peak memory of {short:.0f} and {much:.0f} minutes, cold{over}",
        found=f"{short_mb:.0f} MB, {much_mb:.0f} MB: {much_mb / short_mb:.2f} x",
        target="150 MB; 1.2 x",
        met=short_mb <= 150 and much_mb <= 1.2 * short_mb,
    )
    ratio = (much_cpu / much) / (short_cpu / short)
    yield Row(
        figure=f"CPU per minute, {much:.0f} against {short:.0f} minutes{over}",
        found=f"{ratio:.2f} x ({short_cpu / short * 1e3:.0f} and {much_cpu / much * 1e3:.0f} ms)",
        target="within 10 %, or less",
        met=ratio <= 1.1,
    )


def music(folder: Path) -> Path:
    """Write a bed of 50 s of soft noise, as somebody's own file."""
    import numpy as np
    import soundfile

    path = folder / "bed.wav"
    soundfile.write(str(path), np.random.default_rng(1).normal(0.0, 0.05, 50 * 44_100), 44_100)
    return path


def about() -> str:
    """Name the machine and the versions."""
    model = platform.processor() or platform.machine()
    with_names = Path("/proc/cpuinfo")
    if with_names.exists():
        lines = with_names.read_text(encoding="utf-8").splitlines()
        model = next(
            (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), model
        )
    packages = ", ".join(f"{name} {version(name)}" for name in ("audio-builder", "lameenc", "numpy", "pydub"))
    lame = subprocess.run(["lame", "--version"], capture_output=True, text=True, check=True).stdout.split(
        "("
    )[0]
    load = "/".join(f"{each:.1f}" for each in os.getloadavg())
    return f"{model}, {os.cpu_count()} cores, load {load}; Python {platform.python_version()}, {packages}, {lame}"


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--short", action="store_true", help="a short session, once: does everything work?")
    options.add_argument("--times", type=int, default=5, help="runs of each figure (5)")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        times, routine, rounds = (1, SHORT, 2) if asked.short else (asked.times, ROUTINE, LONG_ROUNDS)
        bench = Bench(Path(folder), times=times, routine=routine)
        seconds = bench.prepare()
        print(about())
        print(f"{routine}, {seconds / 60:.1f} minutes, embedded voice; medians of {times}\n")
        print("| figure | measured | target | |\n|---|---|---|---|")
        tables = (
            cold(bench),
            warm(bench),
            library(bench),
            growing(bench, rounds=rounds),
            growing(bench, rounds=rounds, bed=music(Path(folder))),
        )
        for row in (row for table in tables for row in table):
            mark = {True: "met", False: "missed", None: ""}[row.met]
            print(f"| {row.figure} | {row.found} | {row.target} | {mark} |", flush=True)


if __name__ == "__main__":
    main()
