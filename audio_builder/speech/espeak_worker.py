"""A request line comes in on standard input; a clip's samples go out on standard output, from a fresh fork.

eSpeak NG keeps state from clip to clip, so the same text spoken twice in one process differs. This program
loads the library once and forks for every clip: each clip is the first one its process ever speaks. It runs
as `python -I -S espeak_worker.py LIBRARY DATA_FOLDER [--once]` with the standard library alone, has one
thread, and ends when its standard input does. With `--once`, or where there is no fork, it speaks one clip.

Request: one line of JSON, `{"voice", "clauses": [[SSML, rest in ms], …], "rate", "pitch", "range", "gap"}`.
Reply: `<c I I`, b"+" or b"!", sample rate, count of payload bytes; then 16-bit samples, or a message.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import struct
import sys
from pathlib import Path
from typing import Any, BinaryIO

REPLY = struct.Struct("<cII")
CLIP_SECONDS = 30
"""How long one clip may take to compute before its process is ended; a minute of speech takes about 0.1 s."""

# Names from speak_lib.h. Synchronous output makes no thread of its own, which a fork would lose.
SYNCHRONOUS = 2
DO_NOT_EXIT = 0x8000
RATE, PITCH, RANGE, GAP = 1, 3, 4, 7
SEED = 1
UTF8, SSML = 0x1, 0x10
CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


class EspeakError(Exception):
    """The library would not do what was asked."""


def load(library: str, data_folder: str) -> tuple[Any, int]:
    """Load the library from the folder that holds its data; give it and its sample rate.

    The library's buffer for the data path is short, so it gets "." and this process moves there.
    """
    os.chdir(Path(data_folder).parent)
    espeak = ctypes.CDLL(library)
    rate: int = espeak.espeak_Initialize(SYNCHRONOUS, 0, b".", DO_NOT_EXIT)
    if rate <= 0:
        raise EspeakError(f"eSpeak NG finds no data in {data_folder}")
    return espeak, rate


def synthesize(espeak: Any, request: dict[str, Any], sample_rate: int) -> bytes:
    """Speak one request, clause by clause; give 16-bit samples."""
    chunks: list[bytes] = []

    def keep(samples: Any, count: int, _events: Any) -> int:
        if samples and count > 0:
            chunks.append(ctypes.string_at(samples, count * 2))
        return 0

    # Breathy variants mix in noise, seeded by the clock unless told otherwise.
    if hasattr(espeak, "espeak_ng_SetRandSeed"):
        espeak.espeak_ng_SetRandSeed(SEED)
    callback = CALLBACK(keep)
    espeak.espeak_SetSynthCallback(callback)
    if espeak.espeak_SetVoiceByName(request["voice"].encode()) != 0:
        raise EspeakError(f"eSpeak NG has no voice {request['voice']!r}")
    for parameter, name in ((RATE, "rate"), (PITCH, "pitch"), (RANGE, "range"), (GAP, "gap")):
        espeak.espeak_SetParameter(parameter, int(request[name]), 0)
    for clause, rest_ms in request["clauses"]:
        text = clause.encode()
        if espeak.espeak_Synth(text, len(text) + 1, 0, 1, 0, UTF8 | SSML, None, None) != 0:
            raise EspeakError("eSpeak NG would not speak")
        espeak.espeak_Synchronize()
        chunks.append(bytes(2 * (sample_rate * rest_ms // 1000)))
    return b"".join(chunks)


def answer(espeak: Any, request: dict[str, Any], rate: int) -> tuple[bytes, bytes]:
    """Speak one request; give the reply's mark and payload."""
    try:
        return b"+", synthesize(espeak, request, rate)
    except EspeakError as error:
        return b"!", str(error).encode()


def answer_in_fork(espeak: Any, request: dict[str, Any], rate: int) -> tuple[bytes, bytes]:
    """Speak one request in a process of its own, whose crash or hang costs only this clip."""
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            signal.alarm(CLIP_SECONDS)
            os.close(read_end)
            # Held open here, they would hide the end of the worker from whoever waits for it.
            os.close(sys.stdin.fileno())
            os.close(sys.stdout.fileno())
            with os.fdopen(write_end, "wb") as pipe:
                mark, payload = answer(espeak, request, rate)
                pipe.write(mark + payload)
        finally:
            os._exit(0)
    os.close(write_end)
    with os.fdopen(read_end, "rb") as pipe:
        reply = pipe.read()
    _, status = os.waitpid(child, 0)
    if status != 0 or not reply:
        return b"!", f"eSpeak NG ended in the middle of a clip (status {status})".encode()
    return reply[:1], reply[1:]


def serve(requests: BinaryIO, replies: BinaryIO, arguments: list[str]) -> None:
    """Answer every request line until there are no more."""
    library, data_folder, *options = arguments
    once = "--once" in options or not hasattr(os, "fork")
    espeak: Any = None
    rate, problem = 0, ""
    try:
        espeak, rate = load(library, data_folder)
    except (OSError, EspeakError) as error:
        problem = str(error)
    for line in requests:
        if problem:
            mark, payload = b"!", problem.encode()
        else:
            mark, payload = (answer if once else answer_in_fork)(espeak, json.loads(line), rate)
        replies.write(REPLY.pack(mark, rate, len(payload)) + payload)
        replies.flush()
        if once:
            return


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer, sys.argv[1:])
