"""Accounts that change their duties, on both engines: the newest change holds wherever an officer is read."""

import ast
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

import gangpai
import store
import verify
from store.acts.authority import NotAllowed, ReasonMissing
from store.acts.officers import (
    BranchForAll,
    LastAdministrator,
    NewDuties,
    NewOfficer,
    NoSuchOfficer,
    SameDuties,
    active_officer,
    add_officer,
    change_officer,
    disable_officer,
    note_sign_in,
)
from store.acts.organisations import add_branch
from store.branches import NoSuchBranch
from store.ledger import verify as verify_log
from store.records import LogEntry, Officer, OfficerChange, OfficerSession, Role, SessionEnd
from store.refusals import Refusal
from store.register import Register
from store.staff import officer_now, officers_now
from tests.office import Office

BRANCH = "园艺场党总支"
NO_HASH = "0" * 64


@pytest.fixture
def office(empty_register: Register) -> Office:
    """Return an office with a branch, an administrator and an inspector."""
    office = Office(empty_register)
    add_branch(empty_register, office.by(Role.ADMINISTRATOR), BRANCH)
    employ(office, "chief", Role.ADMINISTRATOR)
    employ(office, "wang", Role.INSPECTOR)
    return office


def employ(office: Office, name: str, role: Role) -> None:
    new = NewOfficer(officer_id=name, display_name="", role=role, branch_name="", password_hash=NO_HASH)
    add_officer(office.register, office.by(Role.ADMINISTRATOR), new)


def change(
    office: Office, role: Role, branch_name: str = "", *, name: str = "wang", reason: str = "改任"
) -> OfficerChange:
    duties = NewDuties(role=role, branch_name=branch_name, reason=reason)
    return change_officer(office.register, office.by(Role.ADMINISTRATOR), name, duties)


def duties_of(office: Office, name: str = "wang") -> tuple[Role, str | None]:
    officer = active_officer(office.register, name)
    assert officer
    assert officer == officer_now(office.register, name)
    assert officer in officers_now(office.register)
    return officer.role, officer.branch_id


def test_the_newest_role_and_branch_hold_and_what_was_entered_stays(office: Office) -> None:
    entered = office.register.get(Officer, "wang")
    branch_id = change(office, Role.BRANCH_OFFICER, BRANCH).branch_id
    assert branch_id
    assert duties_of(office) == (Role.BRANCH_OFFICER, branch_id)
    office.now += timedelta(days=1)
    change(office, Role.INSPECTOR, BRANCH)
    assert duties_of(office) == (Role.INSPECTOR, branch_id)
    change(office, Role.COMMITTEE)
    assert duties_of(office) == (Role.COMMITTEE, None)
    assert duties_of(office, "chief") == (Role.ADMINISTRATOR, None)
    assert office.register.get(Officer, "wang") == entered


def test_one_log_entry_names_the_old_duties_and_the_new(office: Office) -> None:
    before = office.register.count(LogEntry)
    change(office, Role.BRANCH_OFFICER, BRANCH, reason="场人字〔2026〕3号")
    [entry] = office.register.find(LogEntry)[before:]
    assert (entry.act, entry.reason) == ("change officer", "场人字〔2026〕3号")
    assert entry.object == f"wang：督查人员 → 本总支工作人员（{BRANCH}）"
    assert verify_log(office.register).faults == ()


def test_every_session_of_the_officer_ends_and_no_other(office: Office) -> None:
    for number, name in enumerate(("wang", "chief", "wang")):
        note_sign_in(office.register, OfficerSession(id=f"s{number}", officer_id=name, started_at=office.now))
    note_sign_in(office.register, SessionEnd(id="s2-E", session_id="s2", ended_at=office.now))
    change(office, Role.COMMITTEE)
    assert {each.session_id for each in office.register.find(SessionEnd)} == {"s0", "s2"}


@pytest.mark.parametrize(
    ("act", "refusal"),
    [
        (lambda office: change(office, Role.INSPECTOR), SameDuties),
        (lambda office: change(office, Role.COMMITTEE, reason=" "), ReasonMissing),
        (lambda office: change(office, Role.COMMITTEE, BRANCH), BranchForAll),
        (lambda office: change(office, Role.BRANCH_OFFICER), NoSuchBranch),
        (lambda office: change(office, Role.INSPECTOR, "没有的党总支"), NoSuchBranch),
        (lambda office: change(office, Role.COMMITTEE, name="nobody"), NoSuchOfficer),
        (lambda office: change(office, Role.COMMITTEE, name="chief"), LastAdministrator),
    ],
)
def test_what_cannot_be_changed_changes_nothing(
    office: Office, act: Callable[[Office], object], refusal: type[Refusal]
) -> None:
    before = office.register.count(LogEntry)
    with pytest.raises(refusal):
        act(office)
    assert (office.register.count(OfficerChange), office.register.count(LogEntry)) == (0, before)


def test_nobody_but_the_administrator_changes_roles(office: Office) -> None:
    duties = NewDuties(role=Role.COMMITTEE, branch_name="", reason="改任")
    with pytest.raises(NotAllowed):
        change_officer(office.register, office.by(Role.COMMITTEE), "wang", duties)


def test_a_closed_account_is_not_changed(office: Office) -> None:
    disable_officer(office.register, office.by(Role.ADMINISTRATOR), "wang", reason="调离")
    with pytest.raises(NoSuchOfficer):
        change(office, Role.COMMITTEE)


def test_who_became_administrator_counts_as_one_and_who_ceased_does_not(office: Office) -> None:
    change(office, Role.ADMINISTRATOR)
    change(office, Role.INSPECTOR, name="chief")
    with pytest.raises(LastAdministrator):
        disable_officer(office.register, office.by(Role.ADMINISTRATOR), "wang", reason="调离")
    disable_officer(office.register, office.by(Role.ADMINISTRATOR), "chief", reason="退休")
    with pytest.raises(LastAdministrator):
        change(office, Role.COMMITTEE)


READS = {"get", "find", "iterate", "newest", "related"}


def raw_reads(source: str) -> list[int]:
    """Return the lines on which officers are read as they were entered."""
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    reads = (each for each in calls if isinstance(each.func, ast.Attribute) and each.func.attr in READS)
    return [each.lineno for each in reads if any(map(_is_officer, each.args))]


def _is_officer(given: ast.expr) -> bool:
    return isinstance(given, ast.Name) and given.id == Officer.__name__


def test_nobody_reads_an_officer_without_the_newest_duties() -> None:
    rooms = [Path(str(room.__file__)).parent for room in (store, verify, gangpai)]
    files = sorted(path for room in rooms for path in room.rglob("*.py"))
    found = [path for path in files if raw_reads(path.read_text("utf-8"))]
    assert found == [Path(str(store.__file__)).parent / "staff.py"]


@pytest.mark.parametrize("source", ["reader.find(Officer)", "register.get(Officer, 'wang')"])
def test_such_a_reading_would_be_found(source: str) -> None:
    assert raw_reads(source) == [1]
