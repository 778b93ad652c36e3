"""Hostile texts and uploads against a real server: a clear refusal or a receipt, bounded memory and time."""

import http.client
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles

import pytest

from gangpai.local_server import free_port, start_server, wait_until_ready
from gangpai.office import Office
from gangpai.practice import hang_plates
from store.acts.attachments import read_attachment
from store.ledger import verify
from store.records import Addition, Attachment, Feedback, ForgeryReport
from tests.journeys.hostile import KINDS, Attempt, attempts
from verify.darkroom import PATIENCE_S
from verify.photos import KEPT_BYTES_MOST

HOST = "127.0.0.1"
CLIENTS = 4
TIMEOUT_S = 60
GROWTH_MOST_KB = 150 * 1024
"""How much the server may come to hold on top of what it holds when it has answered each kind once."""

GROWTH_LATE_KB = 60 * 1024
"""How much of it in the second half of all attempts: it levels off."""

WAIT_MOST_S = 2 * PATIENCE_S
"""How long anybody waits for an answer on a machine with other work."""

SCAN_EVERY_S = 0.05
PLAIN = {201, 303}


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What came of an attempt."""

    name: str
    path: str
    status: int
    words: str
    seconds: float

    @property
    def is_plain(self) -> bool:
        """Whether it was received, or refused for a reason that is told: in words, or as no plate of ours."""
        told = "。" in self.words or '"standing_zh":"查无此牌"' in self.words
        return self.status in PLAIN or (400 <= self.status < 500 and told)


@dataclass
class Tried:
    """What a server made of everything that was tried."""

    answers: list[Answered]
    scans_s: list[float] = field(default_factory=list)
    grown_kb: int = 0
    grown_late_kb: int = 0
    peak_kb: int = 0

    @property
    def unclear(self) -> list[str]:
        answers = (each for each in self.answers if not each.is_plain)
        return [f"{each.name} {each.path} {each.status}" for each in answers]

    def told(self) -> str:
        """Return the figures."""
        statuses = dict(sorted(Counter(each.status for each in self.answers).items()))
        waited, scanned = ([each.seconds for each in self.answers], self.scans_s)
        return (
            f"{len(waited)} attempts: {statuses}; answered in {_percentiles(waited)}; "
            f"memory +{self.grown_kb / 1024:.1f} MB, {self.grown_late_kb / 1024:.1f} MB in the second half, "
            f"peak {self.peak_kb / 1024:.1f} MB; "
            f"{len(scanned)} scans meanwhile in {_percentiles(scanned)}"
        )


def _percentiles(seconds: Sequence[float]) -> str:
    parts = quantiles(seconds, n=100)
    return f"{parts[49] * 1000:.0f} ms, p99 {parts[98] * 1000:.0f} ms, at most {max(seconds) * 1000:.0f} ms"


def sent(port: int, attempt: Attempt, number: int) -> Answered:
    """Make an attempt as somebody whom the server has never seen."""
    network = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    headers = {"Content-Type": attempt.kind, "X-Forwarded-For": network}
    begun = time.monotonic()
    with closing(http.client.HTTPConnection(HOST, port, timeout=TIMEOUT_S)) as line:
        line.request("POST", attempt.path, attempt.body, headers)
        answer = line.getresponse()
        words = answer.read().decode()
    return Answered(
        name=attempt.name,
        path=attempt.path,
        status=answer.status,
        words=words,
        seconds=time.monotonic() - begun,
    )


def memory_kb(pid: int, line: str) -> int:
    """Return a line of what the system knows of a process's memory."""
    told = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(told.split(f"{line}:")[1].split()[0])


@contextmanager
def scanning(port: int, code: str, seconds: list[float]) -> Iterator[None]:
    """Scan a plate again and again until the end of the block; every scan finds that it stands."""
    over = threading.Event()
    failed: list[int] = []

    def scan() -> None:
        while not over.wait(SCAN_EVERY_S):
            begun = time.monotonic()
            with closing(http.client.HTTPConnection(HOST, port, timeout=TIMEOUT_S)) as line:
                line.request("GET", f"/{code}")
                failed.append(line.getresponse().status)
            seconds.append(time.monotonic() - begun)

    scanner = threading.Thread(target=scan)
    scanner.start()
    yield
    over.set()
    scanner.join()
    assert set(failed) == {200}


def tried(office: Office, count: int) -> Tried:
    """Serve the office's register, and try so much against it."""
    [copy] = hang_plates(office)
    port = free_port()
    server = start_server(office.settings, port, workers=1)
    try:
        wait_until_ready(server, port)
        receipt = _receipt(port, copy.code)
        outcome = Tried(answers=_all_sent(port, attempts(copy.code, receipt, len(KINDS), seed=0)))
        held = [memory_kb(server.pid, "VmRSS")]
        with scanning(port, copy.code, outcome.scans_s):
            for half in (1, 2):
                outcome.answers += _all_sent(port, attempts(copy.code, receipt, count // 2, seed=half))
                held.append(memory_kb(server.pid, "VmRSS"))
        outcome.grown_kb, outcome.grown_late_kb = held[2] - held[0], held[2] - held[1]
        outcome.peak_kb = memory_kb(server.pid, "VmHWM")
    finally:
        server.terminate()
        server.wait()
    return outcome


def _receipt(port: int, code: str) -> str:
    answered = sent(
        port,
        Attempt(name="plain", path=f"/{code}/feedback", kind="application/json", body=b'{"grade": 5}'),
        0,
    )
    return answered.words.partition('"receipt":"')[2][:12]


def _all_sent(port: int, tries: Iterator[Attempt]) -> list[Answered]:
    """Send one after the other through each client; of what was sent nothing is held."""
    numbered, turn = enumerate(tries, 1), threading.Lock()
    answers: list[Answered] = []

    def send() -> None:
        while True:
            with turn:
                number, attempt = next(numbered, (0, None))
            if attempt is None:
                return
            answers.append(sent(port, attempt, number))

    with ThreadPoolExecutor(CLIENTS) as clients:
        for client in [clients.submit(send) for _ in range(CLIENTS)]:
            client.result()
    return answers


def hold(office: Office, outcome: Tried) -> None:
    """Check what was promised: clear answers, bounded time and memory, and a register that is whole."""
    assert outcome.unclear == []
    assert max(each.seconds for each in outcome.answers) < WAIT_MOST_S
    assert outcome.grown_kb < GROWTH_MOST_KB
    assert outcome.grown_late_kb < GROWTH_LATE_KB
    received = sum(each.status in PLAIN for each in outcome.answers)
    kept = sum(office.register.count(kind) for kind in (Feedback, Addition, ForgeryReport))
    assert kept == received + 1
    for attachment in office.register.find(Attachment):
        _, content = read_attachment(office.register, office.authority(), attachment.id)
        assert content.startswith(b"\xff\xd8\xff")
        assert len(content) <= KEPT_BYTES_MOST
    assert verify(office.register).faults == ()


def test_hundreds_of_hostile_texts_and_uploads(office: Office) -> None:
    outcome = tried(office, 6 * len(KINDS))
    hold(office, outcome)
    assert {each.status for each in outcome.answers} >= {303, 400, 404, 413, 422, 429}


@pytest.mark.soak
def test_five_thousand_hostile_texts_and_uploads(office: Office) -> None:
    outcome = tried(office, 5000)
    print(outcome.told())  # noqa: T201 - figures for docs/benchmarks.md
    hold(office, outcome)


@pytest.mark.parametrize(("status", "words"), [(500, "出错。"), (503, "稍后。"), (422, ""), (200, "好。")])
def test_an_unclear_answer_is_noticed(status: int, words: str) -> None:
    outcome = Tried(answers=[Answered(name="a", path="/", status=status, words=words, seconds=0)])
    assert outcome.unclear == [f"a / {status}"]
