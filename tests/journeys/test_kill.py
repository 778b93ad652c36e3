"""kill -9 under load: what was acknowledged is kept, and no act is there by half (F20, F23, F29)."""

import http.client
import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from subprocess import PIPE

import pytest

from gangpai.local_server import free_port, start_server, wait_until_ready
from gangpai.office import Office, open_office
from gangpai.practice import hang_plates
from store import ledger
from store.acts.veto import Charge, veto
from store.documents import digest
from store.records import Copy, Feedback, LogEntry, RecallLine, Record, Veto, VetoCause
from store.register import Reader

HERE = Path(__file__).parent
VOTERS, WORKERS = 4, 2
VETOES_EACH_ROUND = 12
ACKNOWLEDGED_WITHIN_S = 60


@dataclass
class Acknowledged:
    """What the clients were told was done; several threads add to it."""

    votes: set[str] = field(default_factory=set)
    vetoes: set[str] = field(default_factory=set)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def add(self, kind: set[str], name: str) -> None:
        with self.changed:
            kind.add(name)
            self.changed.notify_all()

    def wait_for(self, count: int) -> None:
        with self.changed:
            reached = self.changed.wait_for(
                lambda: len(self.votes) + len(self.vetoes) >= count, timeout=ACKNOWLEDGED_WITHIN_S
            )
        assert reached, f"only {len(self.votes)} votes and {len(self.vetoes)} vetoes were acknowledged"


def vote(port: int, codes: list[str], acknowledged: Acknowledged) -> None:
    """Vote over HTTP, each time as another device, until the server is gone."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        for code in cycle(codes):
            try:
                status, words = post_vote(connection, code)
            except (OSError, http.client.HTTPException):
                return
            if status == http.HTTPStatus.CREATED:
                acknowledged.add(acknowledged.votes, json.loads(words)["receipt"])


def post_vote(connection: http.client.HTTPConnection, code: str) -> tuple[int, bytes]:
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    connection.request("POST", f"/{code}/feedback", json.dumps({"grade": "5", "comment": "很好"}), headers)
    answer = connection.getresponse()
    return answer.status, answer.read()


def listen(vetoer: "subprocess.Popen[bytes]", acknowledged: Acknowledged) -> None:
    assert vetoer.stdout
    for line in vetoer.stdout:
        if line.endswith(b"\n"):
            acknowledged.add(acknowledged.vetoes, line.decode().strip())
    vetoer.stdout.close()


def faults(reader: Reader, acknowledged: Acknowledged) -> list[str]:
    """Name what was acknowledged and is not there, acts that are there by half, and what the ledger says."""
    votes = {each.id for each in reader.find(Feedback)}
    vetoes = {each.post_id for each in reader.find(Veto)}
    return [
        *(f"vote {each} lost" for each in acknowledged.votes - votes),
        *(f"veto of {each} lost" for each in acknowledged.vetoes - vetoes),
        *_halves(reader),
        *(each.en for each in ledger.verify(reader).faults),
    ]


def _halves(reader: Reader) -> Iterator[str]:
    entries = {frozenset(each.digests) for each in reader.find(LogEntry)}
    for cast in reader.find(Veto):
        copies = {each.id for each in reader.find(Copy, post_id=cast.post_id)}
        lines = reader.find(RecallLine, post_id=cast.post_id)
        whole: list[Record] = [cast, *lines]
        if {line.copy_id for line in lines} != copies or {digest(each) for each in whole} not in entries:
            yield f"veto of {cast.post_id} is there by half"


def one_round(office: Office, copies: list[Copy], acknowledged: Acknowledged, dying_after: int) -> None:
    """Serve, vote and veto, and kill everything without warning after so many acknowledgements."""
    port = free_port()
    codes = [copy.code for copy in copies]
    with (
        vetoing(office, copies) as vetoer,
        killed_at_the_end(start_server(office.settings, port, workers=WORKERS)),
    ):
        wait_until_ready(vetoer, port)
        clients = [threading.Thread(target=vote, args=[port, codes, acknowledged]) for _ in range(VOTERS)]
        clients.append(threading.Thread(target=listen, args=[vetoer, acknowledged]))
        so_far = len(acknowledged.votes) + len(acknowledged.vetoes)
        go(vetoer)
        for client in clients:
            client.start()
        acknowledged.wait_for(so_far + dying_after)
    for client in clients:
        client.join()


@contextmanager
def vetoing(office: Office, copies: list[Copy]) -> Iterator["subprocess.Popen[bytes]"]:
    """Start the vetoing officer, who waits for the word; killed without warning at the end."""
    standing = [each.post_id for each in copies if not office.register.find(Veto, post_id=each.post_id)]
    command = [sys.executable, str(HERE / "vetoer_process.py"), str(office.settings.store_path)]
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent.parent)}
    vetoer = subprocess.Popen(
        [*command, *standing[:VETOES_EACH_ROUND]],
        stdin=PIPE,
        stdout=PIPE,
        env=environment,
        start_new_session=True,
    )
    with killed_at_the_end(vetoer):
        assert vetoer.stdout
        assert vetoer.stdout.readline() == b"ready\n"
        yield vetoer


@contextmanager
def killed_at_the_end(process: "subprocess.Popen[bytes]") -> Iterator[None]:
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def go(vetoer: "subprocess.Popen[bytes]") -> None:
    assert vetoer.stdin
    vetoer.stdin.write(b"go\n")
    vetoer.stdin.close()


@pytest.mark.parametrize("rounds", [5, pytest.param(50, marks=pytest.mark.soak)])
def test_nothing_acknowledged_is_lost_and_no_act_is_there_by_half(office: Office, rounds: int) -> None:
    chance = random.Random(rounds)  # noqa: S311 -- when to kill, no secret
    copies = hang_plates(office, rounds * VETOES_EACH_ROUND)
    acknowledged = Acknowledged()
    for _ in range(rounds):
        one_round(office, copies, acknowledged, dying_after=chance.randint(3, 40))
        with open_office(office.settings) as afterwards, afterwards.register.snapshot() as reader:
            assert faults(reader, acknowledged) == []
    assert acknowledged.votes
    assert acknowledged.vetoes


class TestTheCheckItself:
    """Each kind of damage, done on purpose, is named."""

    def test_a_lost_vote(self, office: Office) -> None:
        assert faults(office.register, Acknowledged(votes={"NEVER"})) == ["vote NEVER lost"]

    def test_a_lost_veto(self, office: Office) -> None:
        assert faults(office.register, Acknowledged(vetoes={"2026-001"})) == ["veto of 2026-001 lost"]

    def test_a_veto_without_its_recall_lines_and_log_entry(
        self, office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        [copy] = hang_plates(office)
        monkeypatch.setattr("store.acts.veto.enact", _half)
        veto(
            office.register,
            office.authority(),
            copy.post_id,
            Charge(cause=VetoCause.GRAVE_ACCIDENT, facts="测试"),
        )
        found = faults(office.register, Acknowledged())
        assert f"veto of {copy.post_id} is there by half" in found
        assert len(found) == 2, "the ledger notices as well"


def _half(transaction: object, _authority: object, _deed: object, records: list[Record]) -> None:
    transaction.append(records[0])  # type: ignore[attr-defined] # the mutation
