"""The server as it is run: what it refuses, what it keeps quiet about, how fast it stops."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from gangpai.local_server import free_port, server_environment, wait_until_ready
from gangpai.office import Office
from gangpai.practice import hang_plates
from gangpai.serve import SHUTDOWN_S
from store.records import Copy
from tests.gangpai.desk import Command
from verify.logs import FORMS

ROOT = Path(__file__).parent.parent.parent
STRANGER = "198.51.100.99-Mozilla-ZengXiaoming"


@contextmanager
def server(office: Office, port: int, *options: str) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(
        [sys.executable, "-m", "gangpai", "serve", "--port", str(port), "--workers", "2", *options],
        cwd=ROOT,
        env=server_environment(office.settings, port),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        wait_until_ready(process, port)
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def test_a_taken_port_is_said_clearly(gangpai: Command) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        answer = gangpai("serve", "--port", taken.getsockname()[1])
    assert answer.code == 1
    assert "已被占用" in answer.err
    assert "--port" in answer.err


@pytest.mark.parametrize(
    ("setting", "named"),
    [
        ("GANGPAI_POLICY=nowhere.toml", "policy"),
        ("GANGPAI_SECRET=short", "secret"),
        ("GANGPAI_STORE=tinydb:./not-a-register.db", "登记簿"),
    ],
)
def test_what_every_worker_would_die_of_is_said_once(
    gangpai: Command, desk: Path, monkeypatch: pytest.MonkeyPatch, setting: str, named: str
) -> None:
    (desk / "not-a-register.db").write_bytes(b"something else" * 500)
    monkeypatch.setenv(*setting.split("="))
    answer = gangpai("serve", "--port", free_port(), "--workers", "2")
    assert answer.code == 1
    assert named in answer.err
    assert "Traceback" not in answer.err


def answer_of(port: int, path: str, **headers: str) -> http.client.HTTPResponse:
    """Ask over a connection of its own, so that either worker may answer."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
        connection.putrequest("GET", path, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        answer = connection.getresponse()
        answer.read()
        return answer


def say_hostile_things(port: int, copy: Copy) -> None:
    """Put into requests what must not be found again: codes, numbers, names, addresses, and broken lines."""
    hostile = f'x"}}%0d%0a{{"level":"info"}}{copy.code}'
    for path in (
        f"/{copy.code}",
        f"/{copy.code}x",
        f"/{copy.code}?a=b",
        f"/number/{copy.id}",
        f"/{hostile}",
        "//",
    ):
        assert answer_of(port, path).headers["server"] is None
    strange = {
        "User_Agent": STRANGER,
        "X_Forwarded_For": STRANGER,
        "X_Request_Id": copy.code,
        "Cookie": STRANGER,
    }
    assert answer_of(port, f"/{copy.code}", **strange).headers["x-request-id"] != copy.code
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(f"GET /{copy.code} HTTP/1.1\r\nHost: x\r\nBad header {STRANGER}\r\n\r\n".encode())
        assert connection.recv(1000).startswith(b"HTTP/1.1 400")
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec_WebSocket_Key": "x",
        "Sec_WebSocket_Version": "13",
    }
    assert answer_of(port, f"/{copy.code}/live/x", **upgrade).status == 404


def ended(process: "subprocess.Popen[bytes]") -> str:
    """Stop the server as an operator does, and return its log."""
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=SHUTDOWN_S + 5)
    return said.decode()


@pytest.mark.parametrize("form", FORMS)
def test_nothing_of_whom_it_was_is_in_the_log_whatever_is_sent(office: Office, form: str) -> None:
    [copy] = hang_plates(office)
    port = free_port()
    with server(office, port, "--log-format", form) as process:
        say_hostile_things(port, copy)
        given = "0123456789abcdef" * 2
        assert answer_of(port, f"/{copy.code}", X_Request_Id=given).headers["x-request-id"] == given
        said = ended(process)
    lines = said.splitlines()
    assert [line for line in lines if given in line]
    kept_out = (copy.code, copy.id, STRANGER, "127.0.0.1", "%0d")
    assert not [line for line in lines if any(each in line for each in kept_out)]
    if form == "json":
        requests = [json.loads(line) for line in lines]
        assert {each["event"] for each in requests} == {"request", "Invalid HTTP request received."}
        assert {each.get("route") for each in requests} >= {"/{code}", "/number/{number}", "other", "/readyz"}
    assert all(line[:4] == "2026" or form == "json" for line in lines)


def test_without_its_log_the_server_says_nothing_of_requests(office: Office) -> None:
    port = free_port()
    with server(office, port, "--no-access-log") as process:
        answer_of(port, "/")
        assert "request" not in ended(process)


def test_whichever_worker_is_asked_tells_what_all_have_counted(office: Office) -> None:
    [copy] = hang_plates(office)
    port = free_port()
    with server(office, port):
        for _ in range(40):
            answer_of(port, f"/{copy.code}")
        for _ in range(10):
            with closing(http.client.HTTPConnection("127.0.0.1", port)) as connection:
                connection.request("GET", "/metrics")
                told = connection.getresponse().read().decode()
            assert 'gangpai_scans_total{verdict="creating"} 40.0' in told
            assert "gangpai_build_info{" in told
        assert answer_of(port, "/metrics", X_Forwarded_For="127.0.0.1").status == 404


def test_it_stops_at_once_although_pages_are_open_and_their_streams_end_cleanly(office: Office) -> None:
    [copy] = hang_plates(office)
    port = free_port()
    with server(office, port) as process, closing(http.client.HTTPConnection("127.0.0.1", port)) as page:
        page.request("GET", f"/{copy.code}/live", headers={"Accept": "text/event-stream"})
        answer = page.getresponse()
        assert answer.readline()
        begun = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert b"creating" in answer.read()  # to the end: a stream cut off in its middle would raise
        process.wait(timeout=SHUTDOWN_S + 5)
        assert time.monotonic() - begun < SHUTDOWN_S
