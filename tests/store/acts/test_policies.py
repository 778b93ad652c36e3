"""Deciding the policy: at once, with its reason in the log, on the ground of what was in force."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from store import ledger
from store.acts import policies
from store.acts.authority import NotAllowed, ReasonMissing, StatementTooLong
from store.acts.backups import take_backup
from store.acts.policies import DecidedMeanwhile, NewPolicy, NothingDecided, decide_policy
from store.acts.texts import WordedSoAlready, word_text
from store.acts.veto import Charge, veto
from store.policy import BadPolicy, Policy, founding_plan
from store.policy_drafts import draft_of
from store.policy_in_force import InForce, newest_decision, policy_in_force
from store.public_texts import public_texts
from store.records import LogEntry, PolicyDecision, RecallLine, Role, TextSubject, VetoCause
from store.register import Reader, Register, RegisterUnavailable
from store.tinydb_register import TinyDbRegister
from tests.office import Office
from tests.store.contract.engines import ENGINES, prepare

SHORTER = {"recall_days": "3"}


@pytest.fixture(params=ENGINES)
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    prepare(request.param, tmp_path)
    with closing(ENGINES[request.param](tmp_path)) as register:
        yield Office(register)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Office]:
    with closing(TinyDbRegister(tmp_path / "register.db")) as register:
        yield Office(register)


def new(
    reader: Reader, numbers: dict[str, str], *, reason: str = "党委会决定", ground: str = ""
) -> NewPolicy:
    draft = draft_of(policy_in_force(reader, founding_plan()))
    draft = replace(draft, numbers={**draft.numbers, **numbers})
    return NewPolicy(draft=draft, ground=ground, reason=reason)


def decided(office: Office, numbers: dict[str, str], ground: str = "") -> PolicyDecision:
    return decide_policy(office.register, office.by(), new(office.register, numbers, ground=ground))


def test_the_newest_decision_holds_over_what_the_operator_named(office: Office) -> None:
    assert policy_in_force(office.register, founding_plan()) is founding_plan()
    decided(office, SHORTER)
    decided(office, {"recall_days": "4"}, "P1")
    assert policy_in_force(office.register, founding_plan()).recall_days == 4
    with office.register.snapshot() as reader:
        assert ledger.verify(reader).faults == ()


def test_what_was_decided_before_keeps_its_numbers(office: Office) -> None:
    post_id = office.approved()
    office.issued(post_id)
    charge = Charge(cause=VetoCause.GRAVE_BREACH, facts="查实")
    veto(office.register, office.by(), post_id, charge)
    before = office.register.find(RecallLine)
    decided(office, SHORTER)
    assert office.register.find(RecallLine) == before


def test_the_log_says_who_changed_which_number_and_why(desk: Office) -> None:
    decided(desk, SHORTER)
    entry = next(iter(desk.register.newest(LogEntry, 1)))
    assert (entry.act, entry.object) == ("decide policy", "P1")
    assert entry.reason == "党委会决定（收回期限 7→3）"


@pytest.mark.parametrize(
    ("numbers", "reason", "ground", "refusal"),
    [
        ({}, "无", "", NothingDecided),
        (SHORTER, " ", "", ReasonMissing),
        (SHORTER, "会议", "P1", DecidedMeanwhile),
        ({"recall_days": "0", "members_min": ""}, "会议", "", BadPolicy),
        ({"recall_days": "9" * 60_000}, "会议", "", StatementTooLong),
    ],
)
def test_a_decision_that_cannot_be_changes_nothing(
    desk: Office, numbers: dict[str, str], reason: str, ground: str, refusal: type[Exception]
) -> None:
    before = desk.written()
    with pytest.raises(refusal):
        decide_policy(desk.register, desk.by(), new(desk.register, numbers, reason=reason, ground=ground))
    assert desk.written() == before


def test_two_who_decide_on_one_ground_are_told_apart(desk: Office) -> None:
    decided(desk, SHORTER)
    with pytest.raises(DecidedMeanwhile):
        decided(desk, {"recall_days": "5"})


def test_a_ground_that_is_not_compared_is_noticed(desk: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policies, "newest_decision", lambda _: None)
    with pytest.raises(pytest.fail.Exception):
        test_two_who_decide_on_one_ground_are_told_apart(desk)


def test_f37_the_public_is_told_the_newest_words_until_they_are_withdrawn(office: Office) -> None:
    by = office.by(Role.ADMINISTRATOR)
    word_text(office.register, by, TextSubject.COMPLAINT_PHONE, " 000-0000 ")
    word_text(office.register, by, TextSubject.ABOUT, "本单位的做法")
    assert public_texts(office.register) == {
        TextSubject.COMPLAINT_PHONE: "000-0000",
        TextSubject.ABOUT: "本单位的做法",
    }
    word_text(office.register, by, TextSubject.ABOUT, "")
    assert TextSubject.ABOUT not in public_texts(office.register)


def test_words_that_are_the_same_or_too_many_are_refused(desk: Office) -> None:
    word_text(desk.register, desk.by(), TextSubject.COMPLAINT_PLACE, "一楼")
    with pytest.raises(WordedSoAlready):
        word_text(desk.register, desk.by(), TextSubject.COMPLAINT_PLACE, "一楼 ")
    with pytest.raises(StatementTooLong):
        word_text(desk.register, desk.by(), TextSubject.COMPLAINT_PHONE, "0" * 61)


def test_a_backup_stands_in_the_log_before_it_is_made(office: Office) -> None:
    with pytest.raises(NotAllowed):
        take_backup(office.register, office.by())
    assert take_backup(office.register, office.by(Role.ADMINISTRATOR)) == 1
    entry = next(iter(office.register.newest(LogEntry, 1)))
    assert (entry.act, entry.digests) == ("back up", ())
    with office.register.snapshot() as reader:
        assert ledger.verify(reader).faults == ()


class Failing:
    """A register that cannot be read for a while."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self.is_down = False

    def __getattr__(self, name: str) -> object:
        if self.is_down:
            raise RegisterUnavailable
        return getattr(self._register, name)


def test_readers_are_told_the_policy_known_last_and_acts_get_none(desk: Office) -> None:
    register, heeded = Failing(desk.register), list[Policy]()
    in_force = InForce(register, founding_plan(), heeded.append)  # type: ignore[arg-type] # a stand-in
    assert in_force.now() is founding_plan()
    decided(desk, SHORTER)
    assert (in_force.known.recall_days, in_force.told().recall_days, in_force.known.recall_days) == (7, 3, 3)
    in_force.now()
    assert [each.recall_days for each in heeded] == [3]
    register.is_down = True
    assert in_force.told().recall_days == 3
    with pytest.raises(RegisterUnavailable):
        in_force.now()


def test_the_newest_is_told_with_its_number(desk: Office) -> None:
    assert newest_decision(desk.register) is None
    decided(desk, SHORTER)
    found = newest_decision(desk.register)
    assert found is not None
    assert (found.id, found.reason) == ("P1", "党委会决定")
