"""What the public waits for: the docket says what the lists say, whatever is added and in whichever order."""

import random
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from typing import Self

import pytest

from store import docket
from store.acts.answering import call_back, settle
from store.acts.voice import (
    Conclusion,
    Extra,
    Message,
    add_to_feedback,
    conclude_investigation,
    give_feedback,
)
from store.docket import Docket
from store.feedback import clocks
from store.records import Feedback, Finding, Grade, Role, Topic
from store.refusals import Refusal
from store.register import Register
from store.tinydb_register import TinyDbRegister
from tests.office import Office
from tests.store.contract.engines import ENGINES, prepare


@pytest.fixture(params=ENGINES)
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    prepare(request.param, tmp_path)
    with closing(ENGINES[request.param](tmp_path)) as register:
        yield Office(register)


def say(office: Office, copy_id: str, receipt: str, topic: Topic, grade: Grade | None) -> None:
    message = Message(
        receipt=receipt, copy_id=copy_id, topic=topic, grade=grade, comment="排队太久", voter=receipt
    )
    give_feedback(office.register, office.by(Role.PUBLIC), message)


def told(office: Office, docket: Docket) -> list[tuple[str, str, str]]:
    """Return what the docket says, as `clocks` says it."""
    found = [each.clock(office.policy, office.now) for each in docket.owed()]
    return sorted((each.feedback_id, each.call_back.state, each.settlement.state) for each in found)


def listed(office: Office) -> list[tuple[str, str, str]]:
    found = clocks(office.register, office.policy, office.now)
    return sorted((each.feedback_id, each.call_back.state, each.settlement.state) for each in found)


def test_a_docket_follows_whatever_happens(office: Office) -> None:
    """Anything in any order, looked at after each step by a docket that follows and by one that is new."""
    chance = random.Random(20261122)  # noqa: S311 - a walk that is the same in every run
    copy = office.issued(office.approved())
    following, receipts = Docket(office.register), list[str]()
    for step in range(60):
        act = chance.choice(["good", "bad", "complaint", "add", "call", "settle", "wait", "nothing"])
        spoken = chance.choice(receipts) if receipts else ""
        with suppress(Refusal):
            if act in {"good", "bad", "complaint"}:
                receipts.append(f"R{step}")
                topic = Topic.COMPLAINT if act == "complaint" else Topic.RATING
                say(
                    office,
                    copy.id,
                    f"R{step}",
                    topic,
                    Grade.DISSATISFIED if act == "bad" else Grade.SATISFIED,
                )
            elif act == "add":
                add_to_feedback(
                    office.register,
                    office.by(Role.PUBLIC),
                    spoken,
                    Extra(topic=Topic.COMPLAINT, comment="还有"),
                )
            elif act == "call":
                call_back(office.register, office.by(), spoken, note="已通话")
            elif act == "settle":
                settle(office.register, office.by(), spoken, answer="已改进")
        assert told(office, following) == told(office, Docket(office.register)) == listed(office)
    assert len(told(office, following)) > 5


def test_what_is_new_is_what_nobody_did_anything_about(office: Office) -> None:
    post_id = office.approved()
    copy = office.issued(post_id)
    for receipt in ("R1", "R2", "R3", "R4"):
        say(office, copy.id, receipt, Topic.COMPLAINT, None)
    following = Docket(office.register)
    assert [each.is_new for each in following.owed()] == [True] * 4
    call_back(office.register, office.by(), "R1", note="已通话")
    settle(office.register, office.by(), "R2", answer="已改进")
    looked_into = Conclusion(finding=Finding.UNVERIFIABLE, facts="无从查起", feedback_ids=("R3",))
    conclude_investigation(office.register, office.by(), post_id, looked_into)
    for each in (following, Docket(office.register)):
        assert [(owed.feedback.id, owed.is_new, owed.is_open) for owed in each.owed()] == [
            ("R1", False, True),
            ("R2", False, False),
            ("R3", False, True),
            ("R4", True, True),
        ]
        assert [owed.feedback.id for owed in each.waiting()] == ["R1", "R3", "R4"]


def test_what_became_a_complaint_later_stands_where_it_was_said(office: Office) -> None:
    copy = office.issued(office.approved())
    say(office, copy.id, "R1", Topic.RATING, Grade.SATISFIED)
    office.now += timedelta(minutes=1)
    say(office, copy.id, "R2", Topic.COMPLAINT, None)
    following = Docket(office.register)
    assert [each.feedback.id for each in following.owed()] == ["R2"]
    said_more = Extra(topic=Topic.COMPLAINT, comment="还有")
    add_to_feedback(office.register, office.by(Role.PUBLIC), "R1", said_more)
    for each in (following, Docket(office.register)):
        assert [owed.feedback.id for owed in each.owed()] == ["R1", "R2"]


class Counting:
    """A register that counts how many messages are handed out of it."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self.handed_out = 0

    def __getattr__(self, name: str) -> object:
        return getattr(self.register, name)

    def snapshot(self) -> Self:
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def newest(self, kind: type[Feedback], limit: int) -> list[Feedback]:
        return self._counted(kind, list(self.register.newest(kind, limit)))

    def find(self, kind: type[Feedback], **fields: str) -> list[Feedback]:
        return self._counted(kind, self.register.find(kind, **fields))

    def _counted(self, kind: type[Feedback], found: list[Feedback]) -> list[Feedback]:
        self.handed_out += len(found) if kind is Feedback else 0
        return found


def test_what_was_read_once_is_not_read_again(office: Office) -> None:
    copy = office.issued(office.approved())
    for number in range(12):
        say(
            office,
            copy.id,
            f"R{number}",
            Topic.COMPLAINT if number % 4 == 0 else Topic.RATING,
            Grade.SATISFIED,
        )
    register = Counting(office.register)
    following = Docket(register)  # type: ignore[arg-type] # as much of a register as is needed
    assert (len(following.owed()), register.handed_out) == (3, 3)
    assert (len(following.owed()), register.handed_out) == (3, 3)
    say(office, copy.id, "R12", Topic.COMPLAINT, None)
    assert (len(following.owed()), register.handed_out) == (4, 4)


def test_another_register_in_its_place_is_read_anew(office: Office, tmp_path: Path) -> None:
    copy = office.issued(office.approved())
    say(office, copy.id, "R1", Topic.COMPLAINT, None)
    following = Docket(office.register)
    assert len(following.owed()) == 1
    with closing(TinyDbRegister(tmp_path / "other.db")) as other:
        following._register = other  # noqa: SLF001 - as if the file had been replaced
        assert following.owed() == ()


def test_a_docket_that_forgets_answers_is_caught(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docket.Docket, "_answer", lambda *_, **__: None)
    with pytest.raises(AssertionError):
        test_a_docket_follows_whatever_happens(office)


def test_a_docket_that_forgets_additions_is_caught(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docket.Docket, "_add", lambda *_: None)
    with pytest.raises(AssertionError):
        test_a_docket_follows_whatever_happens(office)
