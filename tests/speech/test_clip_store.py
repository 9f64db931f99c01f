"""The clip store: keyed by what matters, whole or absent, mended when damaged, safe with many builders."""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from audio_builder.files.cache import Cache
from audio_builder.speech import Clip, ClipKey, ClipStore, read_label
from audio_builder.speech.clip_store import to_clip

KEY = ClipKey(engine="espeak", identity="1", voice="", language="en", speed=1.0, text="Breathe in.")


def clip(seed: int = 1, length: int = 4_800) -> Clip:
    """Make a clip of noise."""
    return to_clip(np.random.default_rng(seed).integers(-9_000, 9_000, length).astype("<i2").tobytes())


def test_what_was_put_is_got(tmp_path: Path) -> None:
    """Keep a clip: its samples, its digest and its note come back."""
    store = ClipStore(Cache(tmp_path))
    assert store.get(KEY) is None
    assert store.note(KEY) is None
    store.put(KEY, clip())
    got, note = store.get(KEY), store.note(KEY)
    assert got is not None
    assert note is not None
    assert np.array_equal(got.samples, clip().samples)
    assert (got.digest, note.digest, note.length) == (clip().digest, clip().digest, 4_800)


@pytest.mark.parametrize(
    "change",
    [
        {"engine": "flite"}, {"identity": "2"}, {"voice": "en-gb"}, {"language": "de"}, {"speed": 1.1},
        {"text": "Breathe out."}, {"finishing": 0},
    ],
)  # fmt: skip
def test_whatever_changes_the_sound_changes_the_key(tmp_path: Path, change: dict[str, object]) -> None:
    """Change each part of the key alone: the clip kept before is not given."""
    store = ClipStore(Cache(tmp_path))
    store.put(KEY, clip())
    assert store.get(replace(KEY, **change)) is None  # type: ignore[arg-type]


def test_a_moved_store_still_gives_its_clips(tmp_path: Path) -> None:
    """Move the folder: keys know nothing of paths."""
    ClipStore(Cache(tmp_path / "here")).put(KEY, clip())
    shutil.move(tmp_path / "here", tmp_path / "there")
    assert ClipStore(Cache(tmp_path / "there")).get(KEY) is not None


@pytest.mark.parametrize("place", [0, 30, 100, -1, -5_000])
def test_a_flipped_bit_is_noticed(tmp_path: Path, place: int) -> None:
    """Flip one bit anywhere in the file: the clip counts as missing, and is replaced by the next one kept."""
    store = ClipStore(Cache(tmp_path))
    store.put(KEY, clip())
    path = store.path(KEY)
    damaged = bytearray(path.read_bytes())
    damaged[place] ^= 1
    path.write_bytes(damaged)
    assert store.get(KEY) is None
    store.put(KEY, clip())
    assert store.get(KEY) is not None


@pytest.mark.parametrize("more", [-9_000, -200, -2, -1, 1, 2, 400])
def test_a_clip_that_is_cut_or_longer_is_missing_also_to_who_reads_its_note_alone(
    tmp_path: Path, more: int
) -> None:
    """Cut samples off, or add some: neither the clip nor its note is given."""
    store = ClipStore(Cache(tmp_path))
    store.put(KEY, clip())
    content = store.path(KEY).read_bytes()
    store.path(KEY).write_bytes(content[:more] if more < 0 else content + bytes(more))
    assert (store.note(KEY), store.get(KEY)) == (None, None)


def test_a_clip_under_a_wrong_name_is_not_given(tmp_path: Path) -> None:
    """Rename a file to another key's name: no other words are ever said."""
    store = ClipStore(Cache(tmp_path))
    other = replace(KEY, text="Breathe out.")
    store.put(other, clip())
    store.path(KEY).parent.mkdir(exist_ok=True)
    store.path(other).rename(store.path(KEY))
    assert store.get(KEY) is None
    assert store.note(KEY) is None


def _keep_and_read(folder: Path, seed: int) -> int:
    """Keep and read 30 shared clips many times in random order; count what came back wrong."""
    store, order = ClipStore(Cache(folder)), random.Random(seed)
    wrong = 0
    for _ in range(150):
        number = order.randrange(30)
        key = replace(KEY, text=f"Number {number}.")
        if order.random() < 0.5:
            store.put(key, clip(number))
        got = store.get(key)
        wrong += got is not None and got.digest != clip(number).digest
    return wrong


def test_many_builders_share_one_store(tmp_path: Path) -> None:
    """Let four processes keep and read the same clips at once: nothing is ever wrong, no part is left."""
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        wrong = pool.starmap(_keep_and_read, [(tmp_path, seed) for seed in range(4)])
    assert wrong == [0, 0, 0, 0]
    assert not list(tmp_path.rglob("*.part"))
    assert len(list(tmp_path.rglob("clips/?/*"))) <= 30


WRITER = """
import sys, itertools
from dataclasses import replace
from pathlib import Path
from tests.speech.test_clip_store import KEY, clip
from audio_builder.files.cache import Cache
from audio_builder.speech import ClipStore
store = ClipStore(Cache(Path(sys.argv[1])))
clips = [clip(number, 400_000) for number in range(3)]
print("ready", flush=True)
for number in itertools.cycle(range(3)):
    store.put(replace(KEY, text=f"Number {number}."), clips[number])
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_a_builder_killed_at_any_moment_leaves_only_whole_clips(tmp_path: Path) -> None:
    """Kill a process that does nothing but write, at eight random moments: what is there is whole."""
    moments = random.Random(5)
    whole = [clip(number, 400_000).digest for number in range(3)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(["", *sys.path])}
    for _ in range(8):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, env=environment
        ) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == b"ready\n"
            time.sleep(moments.uniform(0.0, 0.06))
            writer.kill()
        for number in range(3):
            key = replace(KEY, text=f"Number {number}.")
            if ClipStore(Cache(tmp_path)).path(key).exists():
                got = ClipStore(Cache(tmp_path)).get(key)
                assert got is not None
                assert got.digest == whole[number]


def test_a_label_tells_who_says_what(tmp_path: Path) -> None:
    """Read a stored clip's label from its file: key and length; there is none on a damaged file, or on no file."""
    store = ClipStore(Cache(tmp_path))
    store.put(KEY, clip())
    label = read_label(store.path(KEY))
    assert label is not None
    assert (label.engine, label.voice, label.language, label.text, label.length) == (
        "espeak", "", "en", "Breathe in.", 4_800,
    )  # fmt: skip
    store.path(KEY).write_bytes(b"rubbish")
    assert read_label(store.path(KEY)) is None
    assert read_label(tmp_path / "nothing") is None


def test_reading_a_clip_makes_it_used(tmp_path: Path) -> None:
    """Read one of three old clips, and note another: their files say so, for pruning; the third's does not."""
    store, old = ClipStore(Cache(tmp_path)), time.time() - 100 * 86_400
    keys = [replace(KEY, text=f"Number {number}.") for number in range(3)]
    for number, key in enumerate(keys):
        store.put(key, clip(number))
        os.utime(store.path(key), (old, old))
    store.get(keys[0])
    store.note(keys[1])
    used = [store.path(key).stat().st_mtime for key in keys]
    assert [moment > old + 99 * 86_400 for moment in used] == [True, True, False]
