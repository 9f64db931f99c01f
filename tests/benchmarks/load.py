"""Measure the server under load: many clients that read ranges at once.

Run by hand: `python -m tests.benchmarks.load --clients 200 --seconds 60`.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

SERVE = """
import sys
from pathlib import Path
from audio_builder.web import serve
serve(Path(sys.argv[1]), port=0, announce=lambda plan: print(plan.port, flush=True))
"""
AUDIO = "/sessions/long/long.mp3"


@dataclass(slots=True, kw_only=True)
class Report:
    """What a run measured."""

    clients: int
    seconds: float = 0.0
    answers: int = 0
    content_bytes: int = 0
    errors: list[str] = field(default_factory=list)
    waits_ms: list[float] = field(default_factory=list)
    """From sending a request to having its last byte."""
    memory_kb: list[int] = field(default_factory=list)
    """The server's resident memory, about ten times over the run."""

    def wait_ms(self, share: float) -> float:
        """Give the wait that such a share of requests did not exceed."""
        waits = sorted(self.waits_ms)
        return waits[min(len(waits) - 1, int(len(waits) * share))]

    def __str__(self) -> str:
        memory = ", ".join(f"{kb / 1024:.0f}" for kb in self.memory_kb)
        return (
            f"{self.clients} clients, {self.seconds:.0f} s: {self.answers} answers, {len(self.errors)} errors, "
            f"{self.answers / self.seconds:.0f} answers/s, {self.content_bytes / self.seconds / 1e6:.0f} MB/s, "
            f"wait p50 {self.wait_ms(0.5):.0f} ms, p99 {self.wait_ms(0.99):.0f} ms, server memory {memory} MB"
        )


def run(folder: Path, *, clients: int, seconds: float) -> Report:
    """Start a server of its own for a published folder, and let the clients read from it for so long."""
    with _server(folder) as (pid, port):
        return asyncio.run(
            _watched(port, _content(folder), Report(clients=clients), seconds=seconds, pid=pid)
        )


def run_twice(folder: Path, *, clients: int, requests: int) -> tuple[Report, Report]:
    """Let each client ask so many times, all anew the second time; the memory is that after each crowd."""
    content, reports = _content(folder), (Report(clients=clients), Report(clients=clients))
    with _server(folder) as (pid, port):
        for report in reports:
            asyncio.run(_crowd(port, content, report, lambda asked: asked < requests))
            report.memory_kb.append(resident_kb(pid))
    return reports


def _content(folder: Path) -> bytes:
    return (folder / AUDIO[1:]).read_bytes()


async def _watched(port: int, content: bytes, report: Report, *, seconds: float, pid: int) -> Report:
    begun = time.monotonic()
    watch = asyncio.create_task(_watch_memory(pid, report, every=seconds / 10))
    await _crowd(port, content, report, lambda asked: time.monotonic() < begun + seconds)
    watch.cancel()
    report.seconds = time.monotonic() - begun
    return report


async def _crowd(port: int, content: bytes, report: Report, more: Callable[[int], bool]) -> None:
    await asyncio.gather(*(_client(number, port, content, report, more) for number in range(report.clients)))


async def _watch_memory(pid: int, report: Report, *, every: float) -> None:
    while True:
        await asyncio.sleep(every)
        report.memory_kb.append(resident_kb(pid))


def resident_kb(pid: int) -> int:
    """Read a process's resident memory."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(status.split("VmRSS:")[1].split()[0])


async def _client(
    number: int, port: int, content: bytes, report: Report, more: Callable[[int], bool]
) -> None:
    """Read ranges as a player does: a probe, then pieces here and there, on one connection."""
    chance, asked = random.Random(number), 0
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            while more(asked):
                asked += 1
                first = chance.randrange(len(content))
                last = min(len(content) - 1, first + chance.choice((1, 4_095, 65_535, 262_143)))
                begun = time.monotonic()
                await _ask(reader, writer, port, first, last, content)
                report.waits_ms.append((time.monotonic() - begun) * 1000)
                report.answers += 1
                report.content_bytes += last - first + 1
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()
    except (OSError, AssertionError, asyncio.IncompleteReadError) as error:
        report.errors.append(f"client {number}: {error!r}")


async def _ask(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    port: int,
    first: int,
    last: int,
    content: bytes,
) -> None:
    request = f"GET {AUDIO} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nRange: bytes={first}-{last}\r\n\r\n"
    writer.write(request.encode())
    head = await reader.readuntil(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 206 "), head[:60]
    assert f"content-range: bytes {first}-{last}/{len(content)}".encode() in head, head
    body = await reader.readexactly(last - first + 1)
    assert body == content[first : last + 1], f"wrong bytes at {first}"


@contextlib.contextmanager
def _server(folder: Path) -> Iterator[tuple[int, int]]:
    """Serve in a process of its own; give its id, and its port."""
    process = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", SERVE, str(folder)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        yield process.pid, int(process.stdout.readline())
    finally:
        process.terminate()
        process.wait(120)
        process.stdout.close()


def long_site(folder: Path) -> Path:
    """Publish a session of three minutes, two megabytes."""
    from audio_builder.publish import publish
    from tests.publish.making import Part, make_session

    part = Part(name="x", title="Long", kind="exercise", seconds=180, tone_hz=440, cues=())
    return publish([make_session(folder, "long", parts=[part], cover=b"")], folder / "site").folder


def main() -> None:
    """Run as asked on the command line, and fail on any error or on growing memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report = run(long_site(Path(folder)), clients=options.clients, seconds=options.seconds)
    print(report)
    for error in report.errors[:10]:
        print(error)
    grown = report.memory_kb[-1] - report.memory_kb[1]
    sys.exit(1 if report.errors or grown > 10_240 else 0)


if __name__ == "__main__":
    main()
