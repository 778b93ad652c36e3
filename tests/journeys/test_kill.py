"""kill -9 under load: what was acknowledged is kept, no act is there by half, the log goes on (F20, F29)."""

import http.client
import json
import random
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import cycle
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from gangpai.office import Office, open_store
from gangpai.practice import hang_plates
from gangpai.stores import PostgresDatabase, Store
from store import ledger, postgres_session
from store.acts.veto import veto
from store.documents import digest
from store.records import Copy, Feedback, LogEntry, RecallLine, Record, Veto
from store.register import Reader
from tests import postgres
from tests.journeys import workers
from tests.journeys.broken import CommitsApart
from tests.journeys.playing import PATIENCE_S, heard, started
from tests.journeys.workers import CHARGE, HOST, office_at, unchanged

VOTERS, WORKERS = 4, 2
VETOES_EACH_ROUND = 3
VETOES_WITH_EACH_STOP = 12
LOST_VETOES = 5


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

    def wait_for(self, more: int) -> None:
        """Return when so many more acts were acknowledged."""
        with self.changed:
            so_far = self.count
            reached = self.changed.wait_for(lambda: self.count >= so_far + more, timeout=PATIENCE_S)
        assert reached, f"only {len(self.votes)} votes and {len(self.vetoes)} vetoes were acknowledged"

    @property
    def count(self) -> int:
        return len(self.votes) + len(self.vetoes)


def vote(port: int, voter: int, codes: Sequence[str], acknowledged: Acknowledged) -> None:
    """Vote over HTTP, each time as another device, until the server is gone; some may be refused."""
    with closing(http.client.HTTPConnection(HOST, port, timeout=PATIENCE_S)) as line:
        for number, code in enumerate(cycle(codes)):
            try:
                status, words = post_vote(
                    line, code, network=f"10.{voter}.{number >> 8 & 255}.{number & 255}"
                )
            except (OSError, http.client.HTTPException):
                return
            if status == http.HTTPStatus.CREATED:
                acknowledged.add(acknowledged.votes, json.loads(words)["receipt"])


def post_vote(line: http.client.HTTPConnection, code: str, network: str) -> tuple[int, bytes]:
    headers = {"Content-Type": "application/json", "Accept": "application/json", "X-Forwarded-For": network}
    line.request("POST", f"/{code}/feedback", json.dumps({"grade": "5", "comment": "很好"}), headers)
    answer = line.getresponse()
    return answer.status, answer.read()


def listen(vetoer: Connection, acknowledged: Acknowledged) -> None:
    with suppress(EOFError, OSError):
        while True:
            acknowledged.add(acknowledged.vetoes, vetoer.recv())


def lost_or_halved(reader: Reader, acknowledged: Acknowledged) -> list[str]:
    """Name what was acknowledged and is not there, and acts that are there by half."""
    votes = {each.id for each in reader.find(Feedback)}
    vetoes = {each.post_id for each in reader.find(Veto)}
    return [
        *(f"vote {each} lost" for each in sorted(acknowledged.votes - votes)),
        *(f"veto of {each} lost" for each in sorted(acknowledged.vetoes - vetoes)),
        *_halves(reader),
    ]


def faults(reader: Reader, acknowledged: Acknowledged) -> list[str]:
    """Name that, and what the ledger says of the whole register."""
    return [*lost_or_halved(reader, acknowledged), *(each.en for each in ledger.verify(reader).faults)]


def _halves(reader: Reader) -> Iterator[str]:
    entries = [frozenset(each.digests) for each in reader.find(LogEntry)]
    bound = frozenset[str]().union(*entries)
    for feedback in reader.find(Feedback):
        if digest(feedback) not in bound:
            yield f"vote {feedback.id} is there by half"
    for cast in reader.find(Veto):
        copies = {each.id for each in reader.find(Copy, post_id=cast.post_id)}
        lines = reader.find(RecallLine, post_id=cast.post_id)
        whole: list[Record] = [cast, *lines]
        if {line.copy_id for line in lines} != copies or {digest(each) for each in whole} not in entries:
            yield f"veto of {cast.post_id} is there by half"


@contextmanager
def at_work_on(
    store: Store, copies: Sequence[Copy], post_ids: Sequence[str], acknowledged: Acknowledged
) -> Iterator[list[int]]:
    """Serve, vote and veto until the end of the block, when everything is killed without warning."""
    clients: list[threading.Thread] = []
    with ExitStack() as stack:
        vetoer = stack.enter_context(started(workers.cast_vetoes, store, unchanged, list(post_ids)))
        servers = [stack.enter_context(started(workers.serve, store, unchanged)) for _ in range(WORKERS)]
        ports = [heard(each) for each in servers]
        assert heard(vetoer) == "ready"
        codes = [copy.code for copy in copies]
        clients += [
            threading.Thread(target=vote, args=[ports[voter % WORKERS], voter, codes, acknowledged])
            for voter in range(VOTERS)
        ]
        clients.append(threading.Thread(target=listen, args=[vetoer, acknowledged]))
        for client in clients:
            client.start()
        vetoer.send("go")
        yield ports
    for client in clients:
        client.join()


def standing_posts(office: Office, copies: Sequence[Copy], count: int) -> list[str]:
    """Return posts that nobody vetoed yet."""
    vetoed = {each.post_id for each in office.register.find(Veto)}
    return [each.post_id for each in copies if each.post_id not in vetoed][:count]


@pytest.mark.parametrize("rounds", [5, pytest.param(200, marks=pytest.mark.soak)])
def test_f29_nothing_acknowledged_is_lost_and_no_act_is_there_by_half(
    at_work: Office, store: Store, rounds: int
) -> None:
    chance = random.Random(rounds)  # noqa: S311 -- when to kill, no secret
    copies = hang_plates(at_work, rounds * VETOES_EACH_ROUND)
    acknowledged = Acknowledged()
    for _ in range(rounds):
        post_ids = standing_posts(at_work, copies, VETOES_EACH_ROUND)
        with at_work_on(store, copies, post_ids, acknowledged):
            acknowledged.wait_for(chance.randint(1, 20))
        with closing(open_store(store)) as reopened, reopened.snapshot() as reader:
            assert lost_or_halved(reader, acknowledged) == []
    with at_work.register.snapshot() as reader:
        assert faults(reader, acknowledged) == []
    assert len(acknowledged.votes) > rounds
    assert len(acknowledged.vetoes) > rounds // 2


@pytest.fixture
def durable() -> Iterator[postgres.Server]:
    with closing(postgres.Server(postgres.DURABLE)) as server:
        yield server


def on_the_way(ports: list[int], code: str) -> set[str]:
    """Scan a plate at every worker and return what was said."""
    said = set()
    for port in ports:
        with closing(http.client.HTTPConnection(HOST, port, timeout=PATIENCE_S)) as line:
            said.add(workers.standing(line, code))
    return said


@pytest.mark.parametrize("stops", [1, pytest.param(5, marks=pytest.mark.soak)])
def test_f29_a_server_stopped_without_warning_loses_nothing_and_the_application_heals_by_itself(
    durable: postgres.Server, tmp_path: Path, stops: int
) -> None:
    store = PostgresDatabase(durable.empty_dsn(), tmp_path)
    acknowledged = Acknowledged()
    with closing(open_store(store)) as register:
        office = office_at(store, register)
        copies = hang_plates(office, 1 + stops * VETOES_WITH_EACH_STOP)
        post_ids = [each.post_id for each in copies[1:]]
        with at_work_on(store, copies[:1], post_ids, acknowledged) as ports:
            for _ in range(stops):
                acknowledged.wait_for(20)
                durable.stop("immediate")
                assert on_the_way(ports, copies[0].code) == {"unverifiable"}
                durable.start()
            acknowledged.wait_for(20)
            assert on_the_way(ports, copies[0].code) == {"creating"}
        with register.snapshot() as reader:
            assert faults(reader, acknowledged) == []
    assert acknowledged.vetoes


def test_a_commit_that_does_not_wait_for_the_disk_is_caught(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(postgres.Server((*postgres.DURABLE, "wal_writer_delay=10s"))) as server:
        store = PostgresDatabase(server.empty_dsn(), tmp_path)
        with closing(open_store(store)) as register:
            post_ids = [each.post_id for each in hang_plates(office_at(store, register), LOST_VETOES)]
        monkeypatch.setitem(postgres_session._SETTINGS, "synchronous_commit", "off")  # noqa: SLF001 - the mutant
        with closing(open_store(store)) as register:
            for post_id in post_ids:
                workers.cast_until_acknowledged(office_at(store, register), post_id)
            server.stop("immediate")
            server.start()
            with register.snapshot() as reader:
                found = faults(reader, Acknowledged(vetoes=set(post_ids)))
    assert found == [f"veto of {each} lost" for each in sorted(post_ids)]


def test_an_act_in_two_transactions_is_caught(at_work: Office, store: Store) -> None:
    [copy] = hang_plates(at_work)
    with started(workers.cast_vetoes, store, CommitsApart, [copy.post_id]) as vetoer:
        assert heard(vetoer) == "ready"
        vetoer.send("go")
        with pytest.raises(EOFError):
            heard(vetoer)
    with at_work.register.snapshot() as reader:
        assert f"veto of {copy.post_id} is there by half" in faults(reader, Acknowledged())


class TestTheCheckItself:
    """Each kind of damage, done on purpose, is named."""

    def test_a_lost_vote(self, at_work: Office) -> None:
        assert faults(at_work.register, Acknowledged(votes={"NEVER"})) == ["vote NEVER lost"]

    def test_a_lost_veto(self, at_work: Office) -> None:
        assert faults(at_work.register, Acknowledged(vetoes={"2026-001"})) == ["veto of 2026-001 lost"]

    def test_a_veto_without_its_recall_lines_and_log_entry(
        self, at_work: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        [copy] = hang_plates(at_work)
        monkeypatch.setattr("store.acts.veto.enact", _append_the_first)
        veto(at_work.register, at_work.authority(), copy.post_id, CHARGE)
        found = faults(at_work.register, Acknowledged())
        assert f"veto of {copy.post_id} is there by half" in found
        assert len(found) == 2, "the ledger notices as well"


def _append_the_first(transaction: object, _authority: object, _deed: object, records: list[Record]) -> None:
    transaction.append(records[0])  # type: ignore[attr-defined] # the mutation
