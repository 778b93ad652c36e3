"""A full disk: scans go on, messages are refused with the reason, nothing is lost, and room heals all.

The server's process is forbidden to let any file grow, from outside and without a word to it, which is what a
disk without room, a quota or a limit comes to.
"""

import json
import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

import httpx
import pytest

from gangpai.local_server import free_port, start_server, wait_until_ready
from gangpai.office import Office
from gangpai.practice import hang_plates
from store import ledger
from store.acts.veto import Charge, veto
from store.records import Copy, Feedback, VetoCause
from store.register import DiskFull

JSON = {"Accept": "application/json"}
VOTE = {"grade": "5", "comment": "很好"}
VOTES = 5
CHARGE = Charge(cause=VetoCause.GRAVE_ACCIDENT, facts="测试")


class Served:
    """A server of one process, and whoever asks it."""

    def __init__(self, process: "subprocess.Popen[bytes]", client: httpx.Client) -> None:
        self.pid = process.pid
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
            yield Served(process, client)


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
