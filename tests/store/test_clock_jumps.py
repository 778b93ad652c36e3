"""The clock jumps between acts: order and standing come from what was entered, not from the time."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import cycle

import pytest

from store import ledger, lookup
from store.acts.authority import Authority
from store.acts.circulation import report_lost, return_copy
from store.acts.veto import AlreadyVetoed, Charge, veto
from store.acts.voice import Message, give_feedback
from store.codes import PlateCode
from store.lookup import scan_code
from store.records import Copy, Grade, LogEntry, Role, Topic, VetoCause
from store.register import Register
from store.standing import History, Standing, Verdict, standing_of
from tests.office import NOON, Office

YEAR, SECOND = timedelta(days=365), timedelta(seconds=1)
JUMPS = {
    "stands still": [timedelta(0)],
    "runs backwards": [-SECOND],
    "falls back by years": [-3 * YEAR],
    "leaps ahead by years": [5 * YEAR],
    "goes to and fro": [7 * YEAR, -9 * YEAR, timedelta(hours=-1), timedelta(hours=1)],
}
CHARGE = Charge(cause=VetoCause.GRAVE_ACCIDENT, facts="测试")
ASKED_AT = (NOON - 20 * YEAR, NOON, NOON + 20 * YEAR)


class Jumping:
    """An office whose clock jumps before every act."""

    def __init__(self, office: Office, jumps: list[timedelta]) -> None:
        self.office = office
        self.register: Register = office.register
        self.jumps: Iterator[timedelta] = cycle(jumps)

    def by(self, role: Role = Role.COMMITTEE) -> Authority:
        self.office.now += next(self.jumps)
        return self.office.by(role)

    def vote(self, copy: Copy, receipt: str, voter: str) -> bool:
        message = Message(
            receipt=receipt,
            copy_id=copy.id,
            topic=Topic.RATING,
            grade=Grade.SATISFIED,
            comment="",
            voter=voter,
        )
        return give_feedback(self.register, self.by(Role.PUBLIC), message).counted


@pytest.fixture(params=JUMPS.values(), ids=list(JUMPS))
def jumping(request: pytest.FixtureRequest, office: Office) -> Jumping:
    return Jumping(office, request.param)


@pytest.fixture
def copies(office: Office) -> list[Copy]:
    post_id = office.approved()
    return [office.issued(post_id) for _ in range(3)]


def verdicts(jumping: Jumping, copy: Copy) -> set[Verdict]:
    """Ask how a copy stands in the past, now, and in the future."""
    times: tuple[datetime, ...] = (*ASKED_AT, jumping.office.now)
    return {scan_code(jumping.register, PlateCode(copy.code), each).standing.verdict for each in times}


def test_what_was_entered_last_holds_whatever_the_clock_says(jumping: Jumping, copies: list[Copy]) -> None:
    plain, lost, returned = copies
    report_lost(jumping.register, jumping.by(), lost.id, reason="搬迁")
    return_copy(jumping.register, jumping.by(), returned.id)
    assert [verdicts(jumping, each) for each in copies] == [
        {Verdict.CREATING},
        {Verdict.LOST},
        {Verdict.RETURNED},
    ]
    veto(jumping.register, jumping.by(), plain.post_id, CHARGE)
    assert [verdicts(jumping, each) for each in copies] == [{Verdict.REVOKED}] * 3


def test_the_second_veto_is_told_of_the_first_though_it_seems_the_earlier_one(
    jumping: Jumping, copies: list[Copy]
) -> None:
    first = veto(jumping.register, jumping.by(), copies[0].post_id, CHARGE).veto
    with pytest.raises(AlreadyVetoed):
        veto(jumping.register, jumping.by(), copies[0].post_id, CHARGE)
    assert [verdicts(jumping, each) for each in copies] == [{Verdict.REVOKED}] * 3
    assert jumping.register.count(type(first)) == 1


def test_votes_count_once_and_the_log_keeps_the_order_of_entering(
    jumping: Jumping, copies: list[Copy]
) -> None:
    counted = [jumping.vote(copies[0], f"R{number}", voter=f"device-{number % 4}") for number in range(12)]
    assert counted == [True] * 4 + [False] * 8
    objects = [each.object for each in jumping.register.find(LogEntry)]
    assert objects[-12:] == [copies[0].id] * 12
    assert [each.number for each in jumping.register.find(LogEntry)] == list(range(1, len(objects) + 1))
    with jumping.register.snapshot() as reader:
        assert ledger.verify(reader).faults == ()


def test_a_veto_that_waits_for_the_clock_is_caught(
    office: Office, copies: list[Copy], monkeypatch: pytest.MonkeyPatch
) -> None:
    def waiting(history: History | None, now: datetime) -> Standing:
        if history and history.veto and history.veto.cast_at > now:
            history = replace(history, veto=None)
        return standing_of(history, now)

    monkeypatch.setattr(lookup, "standing_of", waiting)
    jumping = Jumping(office, JUMPS["runs backwards"])
    veto(jumping.register, jumping.by(), copies[0].post_id, CHARGE)
    assert verdicts(jumping, copies[0]) == {Verdict.CREATING, Verdict.REVOKED}
