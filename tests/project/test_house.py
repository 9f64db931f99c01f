"""The measure of the source: right about a small package in which every figure is known."""

from __future__ import annotations

from pathlib import Path

from tests.project.house import measure
from tests.project.reading import ROOT

SOURCES = {
    "__init__.py": "",
    "top.py": "from audio_builder.middle import ends\nfrom audio_builder.side import shown\n",
    "side/__init__.py": "from audio_builder.side.ends import shown\n",
    "side/ends.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from audio_builder import alone\n",
    "middle/__init__.py": "from audio_builder.alone import never\n",
    "middle/ends.py": "def late():\n    from audio_builder.alone import x\n    from audio_builder.alone import y\n",
    "alone.py": "def long():\n" + "    x = 1\n" * 35,
}


def test_a_house_is_measured_by_what_its_modules_name(tmp_path: Path) -> None:
    """Count a facade only where it is what is named, a lazy import once, and a type checker's import never."""
    for name, text in SOURCES.items():
        path = tmp_path / "audio_builder" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    house = measure(tmp_path)
    assert (house.modules, house.lines) == (7, 46)
    assert house.chain == ("audio_builder.top", "audio_builder.side", "audio_builder.side.ends")
    assert house.single == ("audio_builder.middle.ends", "audio_builder.side", "audio_builder.side.ends")
    assert house.lazy == ("audio_builder.middle.ends:2 audio_builder.alone",)
    assert house.long_functions == (("audio_builder.alone.long", 36),)
    assert house.twice == {"ends": 2}


def test_this_house_stays_easy_to_find_ones_way_in() -> None:
    """Measure the source itself: it may get better, and no worse than what a stranger can hold in mind."""
    house = measure(ROOT)
    assert round(1_000 * house.modules / house.lines, 1) <= 6.0
    assert len(house.chain) <= 14
    assert len(house.single) <= 0.3 * house.modules
    assert len(house.lazy) <= 15
    assert len(house.long_functions) <= 5
    assert house.twice == {}
