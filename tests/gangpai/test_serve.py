"""The server as it is run: what it refuses, what it keeps quiet about, how fast it stops."""

import http.client
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
from tests.gangpai.desk import Command

ROOT = Path(__file__).parent.parent.parent


@contextmanager
def server(office: Office, port: int) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(
        [sys.executable, "-m", "gangpai", "serve", "--port", str(port), "--workers", "2"],
        cwd=ROOT,
        env=server_environment(office.settings, port),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
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


def test_codes_are_in_no_log_and_the_server_does_not_name_itself(office: Office) -> None:
    [copy] = hang_plates(office)
    port = free_port()
    with server(office, port) as process:
        with closing(http.client.HTTPConnection("127.0.0.1", port)) as connection:
            for path in (f"/{copy.code}", f"/{copy.code}x", f"/{copy.code}?a=b"):
                connection.request("GET", path)
                answer = connection.getresponse()
                answer.read()
                assert answer.headers["server"] is None
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=SHUTDOWN_S + 5)
    assert copy.code.encode() not in said


def test_it_stops_soon_although_pages_are_open(office: Office) -> None:
    [copy] = hang_plates(office)
    port = free_port()
    with server(office, port) as process, closing(http.client.HTTPConnection("127.0.0.1", port)) as page:
        page.request("GET", f"/{copy.code}/live", headers={"Accept": "text/event-stream"})
        answer = page.getresponse()
        assert answer.readline()
        begun = time.monotonic()
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=SHUTDOWN_S + 5)
        assert time.monotonic() - begun < SHUTDOWN_S + 2
