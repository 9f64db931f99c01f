"""The worker program of eSpeak NG: speaks what it is asked on standard input, each clip from a fresh library.

eSpeak NG keeps state from clip to clip, so the same text spoken twice in one process differs. This program
opens the library anew for every clip: each clip is the first that its library ever speaks. Where the system
does not let go of a closed library, the program ends after a clip, and its starter begins another one. It runs
as `python -I -S espeak_worker.py LIBRARY DATA_FOLDER` with the standard library alone, has one thread, and ends
when its standard input does.

Request: one line of JSON, `{"voice", "file", "clauses": [[SSML, rest in ms], …], "rate", "pitch", "range", "gap"}`,
with the voice's file as a path in the data folder.
Reply: `<??II`, whether it was spoken, whether this program goes on, sample rate, count of payload bytes; then
16-bit samples, or a message.
"""

from __future__ import annotations

import _ctypes
import ctypes
import json
import os
import struct
import sys
from pathlib import Path
from typing import Any, BinaryIO

REPLY = struct.Struct("<??II")

DATA = "espeak-ng-data"
"""The folder that the library looks for, in the folder it is told."""

# Names from speak_lib.h. Synchronous output makes no thread of its own.
SYNCHRONOUS = 2
DO_NOT_EXIT = 0x8000
RATE, PITCH, RANGE, GAP = 1, 3, 4, 7
SEED = 1
UTF8, SSML = 0x1, 0x10
CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


class EspeakError(Exception):
    """The library would not do what was asked."""


def close(espeak: Any) -> None:
    """Let go of the library, and of all that it remembers."""
    espeak.espeak_Terminate()
    let_go = getattr(_ctypes, "FreeLibrary", None) or _ctypes.dlclose
    let_go(espeak._handle)


def is_fresh(espeak: Any) -> bool:
    """Tell whether the library has spoken nothing yet: only then it knows of no sample rate."""
    return bool(espeak.espeak_ng_GetSampleRate() == 0)


def initialised(espeak: Any) -> int:
    """Let the library find its data, in the working folder; give its sample rate."""
    # The library's buffer for the data path is short, so it gets "." and this process has moved there.
    rate: int = espeak.espeak_Initialize(SYNCHRONOUS, 0, b".", DO_NOT_EXIT)
    if rate <= 0:
        raise EspeakError(f"eSpeak NG finds no data in {Path.cwd()}")
    return rate


def choose_voice(espeak: Any, voice: str, path: Path) -> None:
    """Choose a voice by its file: to find it by name the library reads all its voices, which takes a millisecond."""
    _, plus, variant = voice.partition("+")
    with path.open("rb") as file:
        place = path.as_posix()
        # The library turns paths into small letters, which is another file where those are told apart.
        if place != place.lower() and os.name != "nt":
            place = f"/dev/fd/{file.fileno()}"
        found = espeak.espeak_ng_SetVoiceByFile(f"{place}{plus}{variant}".encode()) == 0
    if not found and espeak.espeak_SetVoiceByName(voice.encode()) != 0:
        raise EspeakError(f"eSpeak NG has no voice {voice!r}")


def seed_noise(espeak: Any) -> None:
    """Let breathy variants mix in the same noise each time; it is seeded by the clock unless told otherwise."""
    if hasattr(espeak, "espeak_ng_SetRandSeed"):
        espeak.espeak_ng_SetRandSeed(SEED)
    # Its Klatt synthesiser takes the C library's noise, whose state outlasts this library.
    c_library = ctypes.CDLL("ucrtbase") if os.name == "nt" else espeak
    c_library.srand(SEED)


def synthesize(espeak: Any, request: dict[str, Any], sample_rate: int) -> bytes:
    """Speak one request, clause by clause; give 16-bit samples."""
    chunks: list[bytes] = []

    def keep(samples: Any, count: int, _events: Any) -> int:
        if samples and count > 0:
            chunks.append(ctypes.string_at(samples, count * 2))
        return 0

    seed_noise(espeak)
    callback = CALLBACK(keep)
    espeak.espeak_SetSynthCallback(callback)
    choose_voice(espeak, request["voice"], Path(DATA, request["file"]))
    for parameter, name in ((RATE, "rate"), (PITCH, "pitch"), (RANGE, "range"), (GAP, "gap")):
        espeak.espeak_SetParameter(parameter, int(request[name]), 0)
    for clause, rest_ms in request["clauses"]:
        text = clause.encode()
        if espeak.espeak_Synth(text, len(text) + 1, 0, 1, 0, UTF8 | SSML, None, None) != 0:
            raise EspeakError("eSpeak NG would not speak")
        espeak.espeak_Synchronize()
        chunks.append(bytes(2 * (sample_rate * rest_ms // 1000)))
    return b"".join(chunks)


def answer(espeak: Any, request: dict[str, Any]) -> tuple[bool, int, bytes]:
    """Speak one request; give whether it was spoken, the sample rate, and the samples or what went wrong."""
    try:
        rate = initialised(espeak)
        return True, rate, synthesize(espeak, request, rate)
    except (EspeakError, OSError) as error:
        return False, 0, str(error).encode()


def serve(requests: BinaryIO, replies: BinaryIO, library: str) -> None:
    """Answer every request line until there are no more, or the library cannot be made fresh."""
    try:
        espeak = ctypes.CDLL(library)
    except OSError as error:
        requests.readline()
        _reply(replies, (False, 0, str(error).encode()), goes_on=False)
        return
    goes_on = True
    while goes_on and (line := requests.readline()):
        answered = answer(espeak, json.loads(line))
        close(espeak)
        espeak = ctypes.CDLL(library)
        goes_on = is_fresh(espeak)
        _reply(replies, answered, goes_on=goes_on)


def _reply(replies: BinaryIO, answered: tuple[bool, int, bytes], *, goes_on: bool) -> None:
    spoken, rate, payload = answered
    replies.write(REPLY.pack(spoken, goes_on, rate, len(payload)) + payload)
    replies.flush()


if __name__ == "__main__":
    os.chdir(Path(sys.argv[2]).parent)
    serve(sys.stdin.buffer, sys.stdout.buffer, sys.argv[1])
