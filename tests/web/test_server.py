"""What a person is told before the server runs, and how it runs and ends."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import struct
import sys
from pathlib import Path

import pytest
import segno

from audio_builder.errors import OutputError
from audio_builder.web.server import ServerPlan, hosts_answered, is_loopback, lan_addresses, prepare, qr_text
from tests.web.asking import Asker
from tests.web.conftest import served


def test_on_loopback_there_is_one_address_and_no_key(plan: ServerPlan) -> None:
    """Tell the address and the feed's, and draw nothing."""
    assert plan.addresses == (f"http://127.0.0.1:{plan.port}/",)
    assert plan.feed == f"http://127.0.0.1:{plan.port}/feed.xml"
    assert (plan.key, plan.qr) == ("", "")


def test_on_the_network_each_address_carries_a_fresh_key(site: Path) -> None:
    """Make a key nobody guesses, and put it into every address and the code."""
    plans = [prepare(site, port=0, lan=True) for _ in range(2)]
    for plan in plans:
        assert plan.listening.getsockname()[0] == "0.0.0.0"
        assert len(plan.key) == 22
        assert all(address.endswith(f":{plan.port}/{plan.key}/") for address in plan.addresses)
        assert plan.qr == qr_text(plan.addresses[0])
        plan.close()
    assert plans[0].key != plans[1].key


def test_the_qr_code_says_the_address() -> None:
    """Draw the modules of the code, two rows to a line, light on dark."""
    address = "http://192.168.178.20:8000/0123456789abcdefABCDEF/"
    matrix = segno.make(address, error="l", micro=False).matrix_iter(border=4)
    rows = [list(row) for row in matrix]
    rows.append([1] * len(rows[0]))
    signs = {(0, 0): "█", (0, 1): "▀", (1, 0): "▄", (1, 1): " "}
    drawn = [
        "".join(signs[pair] for pair in zip(*rows[at : at + 2], strict=True))
        for at in range(0, len(rows) - 1, 2)
    ]
    lines = qr_text(address).splitlines()
    assert [line.strip("\n") for line in lines if line] == drawn
    assert len(lines[0]) <= 45


def test_the_server_answers_for_the_addresses_it_tells() -> None:
    """Know the names of loopback always, and the machine's own name on the network."""
    assert hosts_answered(("127.0.0.1",), 8000) == {"127.0.0.1:8000", "localhost:8000", "[::1]:8000"}
    network = hosts_answered(("192.168.1.5",), 80)
    assert {"192.168.1.5", "192.168.1.5:80", f"{socket.gethostname().lower()}:80", "localhost"} <= network


def test_the_addresses_of_the_network_are_none_of_loopback() -> None:
    """Find addresses that another machine could use."""
    assert all(not is_loopback(address) for address in lan_addresses())
    assert [is_loopback(host) for host in ("localhost", "127.5.0.1", "::1", "0.0.0.0", "10.0.0.1", "name")] == [
        True, True, True, False, False, False,
    ]  # fmt: skip


def test_nothing_but_loopback_without_a_key(site: Path) -> None:
    """Refuse to open to others unasked."""
    for host in ("0.0.0.0", "192.168.1.5", "::", "example.org"):
        with pytest.raises(OutputError, match="is not this machine alone") as caught:
            prepare(site, host=host, port=0)
        assert str(caught.value.remedy) == "Add lan to let others in, with a key."


def test_a_port_in_use_is_named(site: Path, plan: ServerPlan) -> None:
    """Say which port, and what to do."""
    with pytest.raises(OutputError) as caught:
        prepare(site, port=plan.port)
    assert str(caught.value) == f"port: port {plan.port} is in use\n  Choose another with port."


@pytest.mark.parametrize("port", [-1, 65536, 10**9])
def test_a_port_that_is_none_is_refused(site: Path, port: int) -> None:
    """Bound the port."""
    with pytest.raises(OutputError, match="is no port"):
        prepare(site, port=port)


@pytest.mark.parametrize("host", ["127.0.0.1.5", "a" * 70, "::1%nowhere", "256.1.1.1"])
def test_a_host_that_is_none_is_refused(site: Path, host: str) -> None:
    """Say that one cannot listen there."""
    with pytest.raises(OutputError, match="cannot listen on"):
        prepare(site, host=host, port=0, lan=True)


@pytest.mark.parametrize("key", ["", "short", "x" * 15, "slashes/in/the/key", "käse" * 10, "a b" * 10])
def test_a_weak_key_is_refused(site: Path, key: str) -> None:
    """Take only long keys that fit an address."""
    with pytest.raises(OutputError, match="a key has at least 16"):
        prepare(site, port=0, lan=True, key=key)


def test_a_folder_that_is_no_site_is_refused(tmp_path: Path) -> None:
    """Say what is missing, and how to make it."""
    for folder, message in ((tmp_path / "none", "there is no such folder"), (tmp_path, "no published site")):
        with pytest.raises(OutputError, match=message) as caught:
            prepare(folder, port=0)
        assert str(caught.value.remedy) == "Run `publish` first."


def test_ipv6_loopback_is_served(site: Path) -> None:
    """Write the address in brackets."""
    try:
        plan = prepare(site, host="::1", port=0)
    except OutputError as error:
        pytest.skip(f"this machine has no IPv6: {error.message}")
    assert plan.addresses == (f"http://[::1]:{plan.port}/",)
    assert f"[::1]:{plan.port}" in plan.hosts
    plan.close()


@pytest.mark.skipif(sys.platform == "win32", reason="signals differ there")
def test_the_server_ends_quietly_when_interrupted(site: Path) -> None:
    """Announce, serve, and come back from `serve` after Ctrl-C without a word on the error stream."""
    with served(site) as (process, port):
        assert Asker(port)("/").status == 200
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=120)
        assert (process.returncode, out, err) == (0, "ended\n", "")


@pytest.mark.skipif(sys.platform == "win32", reason="signals differ there")
def test_clients_that_hang_or_vanish_bring_no_traceback(site: Path) -> None:
    """Go on when clients leave in the middle, and end in time though one reads nothing at all."""
    request = "GET /sessions/evening/evening.mp3 HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n"
    with served(site) as (process, port), contextlib.ExitStack() as hanging:
        for _ in range(20):
            leaving = socket.create_connection(("127.0.0.1", port))
            leaving.sendall(request.format(port=port).encode())
            leaving.recv(100)
            leaving.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            leaving.close()  # with a reset, as a phone that leaves the network
        for _ in range(3):
            stuck = hanging.enter_context(socket.socket())
            stuck.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            stuck.connect(("127.0.0.1", port))
            stuck.sendall(request.format(port=port).encode())
            stuck.recv(100)
        assert Asker(port)("/").status == 200
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=120)
        assert (process.returncode, out) == (0, "ended\n")
        assert "Traceback" not in err, err


def test_a_file_cut_short_while_it_is_sent_ends_the_answer_short(site: Path, tmp_path: Path) -> None:
    """Close the connection before the announced length, so that the client knows; serve on."""
    own = Path(shutil.copytree(site, tmp_path / "site"))
    big = own / "sessions" / "evening" / "evening.mp3"
    with big.open("ab") as file:
        file.truncate(40_000_000)
    with served(own) as (process, port):
        with socket.create_connection(("127.0.0.1", port), timeout=120) as connection:
            target = "GET /sessions/evening/evening.mp3 HTTP/1.1"
            connection.sendall(f"{target}\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
            connection.recv(1000)
            os.truncate(big, 1_000_000)
            received = 0
            while piece := connection.recv(1_000_000):
                received += len(piece)
        assert received < 39_000_000
        assert Asker(port)("/").status == 200
        process.terminate()
        _, err = process.communicate(timeout=120)
        assert "the file became shorter while it was sent" in err
        assert "Traceback" not in err, err
