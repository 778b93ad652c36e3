"""After a veto is acknowledged no scan shows the plate as standing, whatever worker answers (F20, F22)."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gangpai.local_server import free_port, running_server, server_environment, wait_until_ready
from gangpai.office import Office
from gangpai.practice import hang_plates
from gangpai.settings import Settings
from store.acts.veto import Charge, veto
from store.records import Copy, VetoCause

HERE = Path(__file__).parent
READERS, WORKERS = 8, 2
REPORT_EVERY = 50
DONE_WITHIN_S = 300
CHARGE = Charge(cause=VetoCause.GRAVE_ACCIDENT, facts="测试")


class Readers:
    """Eight reading processes, how far they are, and which of their answers still stood."""

    def __init__(self, port: int, scans: int, codes: list[str]) -> None:
        self.progress = threading.Condition()
        self.scans = 0
        self.stood: list[tuple[str, float]] = []
        command = [sys.executable, str(HERE / "reader_process.py"), str(port), str(scans // READERS), *codes]
        self.processes = [
            subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(READERS)
        ]
        self.listeners = [threading.Thread(target=self.listen, args=[each]) for each in self.processes]
        for listener in self.listeners:
            listener.start()

    def listen(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout
        for line in process.stdout:
            with self.progress:
                self.scans += REPORT_EVERY if line == ".\n" else 0
                self.stood += [] if line == ".\n" else json.loads(line)
                self.progress.notify_all()

    def wait_for(self, scans: int) -> None:
        with self.progress:
            assert self.progress.wait_for(lambda: self.scans >= scans, timeout=DONE_WITHIN_S)

    def finish(self) -> None:
        codes = [process.wait(DONE_WITHIN_S) for process in self.processes]
        for listener in self.listeners:
            listener.join()
        for process in self.processes:
            assert process.stdout
            process.stdout.close()
        assert codes == [0] * READERS


def stale_scans(office: Office, copies: list[Copy], port: int, *, scans: int) -> int:
    """Count the scans begun after the veto of their plate was acknowledged that still showed it standing."""
    readers = Readers(port, scans, [copy.code for copy in copies])
    acknowledged: dict[str, float] = {}
    for number, copy in enumerate(copies, start=1):
        readers.wait_for(scans * number // (len(copies) + 2))
        veto(office.register, office.authority(), copy.post_id, CHARGE)
        acknowledged[copy.code] = time.monotonic()
    readers.finish()
    assert readers.scans == scans
    assert {code for code, _ in readers.stood} == set(acknowledged), "a plate was never seen standing"
    return sum(1 for code, begun in readers.stood if begun > acknowledged[code])


@pytest.mark.parametrize(("scans", "vetoes"), [(8_000, 8), pytest.param(100_000, 24, marks=pytest.mark.soak)])
def test_no_scan_begun_after_a_veto_shows_the_plate_standing(office: Office, scans: int, vetoes: int) -> None:
    copies = hang_plates(office, vetoes)
    with running_server(office.settings, workers=WORKERS) as port:
        assert stale_scans(office, copies, port, scans=scans) == 0


def test_a_server_that_remembers_answers_is_caught(office: Office) -> None:
    copies = hang_plates(office, 2)
    with caching_server(office.settings) as port:
        assert stale_scans(office, copies, port, scans=1_600) > 0


@contextmanager
def caching_server(settings: Settings) -> Iterator[int]:
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "caching_server:application", "--factory"]
    where = ["--app-dir", str(HERE), "--port", str(port), "--workers", str(WORKERS), "--log-level", "warning"]
    process = subprocess.Popen([*command, *where], env={**os.environ, **server_environment(settings, port)})
    try:
        wait_until_ready(process, port)
        yield port
    finally:
        process.terminate()
        process.wait()
