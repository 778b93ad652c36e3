"""A full disk: scans go on, messages are refused with the reason, nothing is lost, and room heals all.

The server's process is forbidden to let any file grow, from outside and without a word to it, which is what a
disk without room, a quota or a limit comes to.
"""

import json
import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http import HTTPStatus
from pathlib import Path

import httpx
import pytest
from psycopg.conninfo import conninfo_to_dict

from gangpai.local_server import free_port, start_server, wait_until_ready
from gangpai.office import Office, open_store
from gangpai.practice import hang_plates
from gangpai.stores import PostgresDatabase
from store import ledger
from store.acts.veto import veto
from store.records import Copy, Feedback
from store.register import DiskFull
from tests import postgres
from tests.journeys import workers
from tests.journeys.playing import heard, started
from tests.journeys.workers import CHARGE, office_at, unchanged

JSON = {"Accept": "application/json"}
VOTE = {"grade": "5", "comment": "很好"}
VOTES = 5


class Served:
    """A server of one process, and whoever asks it."""

    def __init__(self, pid: int, client: httpx.Client) -> None:
        self.pid = pid
        self.client = client

    def vote(self, copy: Copy) -> httpx.Response:
        self.client.cookies.clear()
        return self.client.post(f"/{copy.code}/feedback", json=VOTE, headers=JSON)

    def standing(self, copy: Copy) -> tuple[int, str]:
        answer = self.client.get(f"/{copy.code}", headers=JSON)
        return answer.status_code, answer.json()["standing"]


@contextmanager
def full_disk(pid: int) -> Iterator[None]:
    """Forbid a process of ours to write to any file for a block."""
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)


@pytest.fixture
def copies(office: Office) -> list[Copy]:
    return hang_plates(office, 2)


@pytest.fixture
def served(office: Office, copies: list[Copy]) -> Iterator[Served]:
    assert copies
    port = free_port()
    with stopped_at_the_end(start_server(office.settings, port, workers=1)) as process:
        wait_until_ready(process, port)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
            yield Served(process.pid, client)


@contextmanager
def stopped_at_the_end(process: "subprocess.Popen[bytes]") -> "Iterator[subprocess.Popen[bytes]]":
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def receipts(answers: list[httpx.Response]) -> set[str]:
    return {json.loads(each.text)["receipt"] for each in answers if each.status_code == HTTPStatus.CREATED}


def test_f20_a_full_disk_refuses_writing_and_nothing_else(
    office: Office, copies: list[Copy], served: Served
) -> None:
    hung, fallen = copies
    veto(office.register, office.authority(), fallen.post_id, CHARGE)
    before = [served.vote(hung) for _ in range(VOTES)]
    with full_disk(served.pid):
        during = [served.vote(hung) for _ in range(VOTES)]
        assert [served.standing(hung), served.standing(fallen)] == [(200, "creating"), (200, "revoked")]
    after = [served.vote(hung) for _ in range(VOTES)]

    assert [each.status_code for each in during] == [503] * VOTES
    assert {each.json()["zh"] for each in during} == {DiskFull().zh}
    acknowledged = receipts(before) | receipts(after)
    assert len(acknowledged) == 2 * VOTES
    assert {each.id for each in office.register.find(Feedback)} == acknowledged
    with office.register.snapshot() as reader:
        assert ledger.verify(reader).faults == ()


def test_f25_a_message_that_finds_no_room_comes_back_with_the_reason_and_every_word(
    copies: list[Copy], served: Served
) -> None:
    with full_disk(served.pid):
        answer = served.client.post(f"/{copies[0].code}/feedback", data=VOTE)
    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert DiskFull.reason_zh in answer.text
    assert VOTE["comment"] in answer.text


def test_f20_a_veto_that_finds_no_room_changes_nothing_and_can_be_cast_again(
    office: Office, copies: list[Copy], served: Served
) -> None:
    with full_disk(os.getpid()), pytest.raises(DiskFull):
        veto(office.register, office.authority(), copies[0].post_id, CHARGE)
    assert served.standing(copies[0]) == (200, "creating")
    veto(office.register, office.authority(), copies[0].post_id, CHARGE)
    assert served.standing(copies[0]) == (200, "revoked")


NO_ROOM = """
    CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$
"""
NOT_EVEN_A_MESSAGE = """
    CREATE TRIGGER no_room BEFORE INSERT ON gangpai.feedback FOR EACH ROW EXECUTE FUNCTION no_room()
"""


@pytest.fixture
def larger(tmp_path: Path) -> PostgresDatabase:
    return PostgresDatabase(postgres.fresh_dsn(), tmp_path)


@contextmanager
def full_database(store: PostgresDatabase) -> Iterator[None]:
    """Let the server say of every message what it says when its disk is full."""
    name = conninfo_to_dict(store.address)["dbname"]
    postgres.server().run(NO_ROOM, NOT_EVEN_A_MESSAGE, database=str(name))
    try:
        yield
    finally:
        postgres.server().run("DROP FUNCTION no_room CASCADE", database=str(name))


def test_f20_a_full_disk_of_the_larger_store_refuses_writing_and_nothing_else(
    larger: PostgresDatabase,
) -> None:
    with closing(open_store(larger)) as register, started(workers.serve, larger, unchanged) as server:
        office = office_at(larger, register)
        [copy] = hang_plates(office)
        with httpx.Client(base_url=f"http://{workers.HOST}:{heard(server)}") as client:
            served = Served(0, client)
            before = served.vote(copy)
            with full_database(larger):
                during = served.vote(copy)
                assert served.standing(copy) == (200, "creating")
            after = served.vote(copy)
        assert (during.status_code, during.json()["zh"]) == (503, DiskFull().zh)
        assert {each.id for each in register.find(Feedback)} == receipts([before, after])
        with register.snapshot() as reader:
            assert ledger.verify(reader).faults == ()
