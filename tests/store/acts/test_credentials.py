"""Links, passwords and devices of officers, as acts."""

from datetime import timedelta

import pytest

from store.acts.authority import Actor, Authority
from store.acts.credentials import (
    AccountClosed,
    CodeAlreadyUsed,
    HasSecondFactor,
    InvitationVoid,
    Invited,
    add_second_factor,
    change_password,
    invite,
    password_hash_of,
    second_factor_of,
    take_invitation,
    take_second_factor,
    use_code,
    used_codes,
)
from store.acts.officers import LastAdministrator, NewOfficer, add_officer, disable_officer
from store.ledger import verify
from store.records import LogEntry, Officer, OfficerDisabled, Role
from store.register import Register
from tests.office import Office

LINK, HASH, OTHER_HASH = "1" * 64, "$argon2$first", "$argon2$second"


def invited(officer_id: str = "wang") -> Invited:
    return Invited(
        link_hash=LINK, officer_id=officer_id, display_name="王主任", role=Role.COMMITTEE, branch_name=""
    )


def guest(office: Office, name: str = "wang") -> Authority:
    return Authority(actor=Actor(name=name, role=Role.PUBLIC), now=office.now, policy=office.policy)


def joined(office: Office) -> Officer:
    invite(office.register, office.by(Role.ADMINISTRATOR), invited())
    return take_invitation(office.register, guest(office), LINK, HASH)


def himself(office: Office) -> Authority:
    return Authority(actor=Actor(name="wang", role=Role.COMMITTEE), now=office.now, policy=office.policy)


def test_a_link_opens_an_account_once(office: Office) -> None:
    officer = joined(office)
    assert (officer.id, officer.password_hash, officer.role) == ("wang", HASH, Role.COMMITTEE)
    with pytest.raises(InvitationVoid):
        take_invitation(office.register, guest(office), LINK, OTHER_HASH)


def test_a_link_runs_out(office: Office) -> None:
    invite(office.register, office.by(Role.ADMINISTRATOR), invited())
    office.now += timedelta(days=3)
    with pytest.raises(InvitationVoid):
        take_invitation(office.register, guest(office), LINK, HASH)


def test_the_newest_password_counts(office: Office) -> None:
    officer = joined(office)
    change_password(office.register, himself(office), OTHER_HASH)
    assert password_hash_of(office.register, officer) == OTHER_HASH


def test_a_closed_account_gets_no_link(office: Office) -> None:
    joined(office)
    disable_officer(office.register, office.by(Role.ADMINISTRATOR), "wang", reason="调离")
    with pytest.raises(AccountClosed):
        invite(office.register, office.by(Role.ADMINISTRATOR), invited())


def test_the_last_administrator_s_account_stays_open(office: Office) -> None:
    by = office.by(Role.ADMINISTRATOR)
    for name in ("first", "second"):
        new = NewOfficer(
            officer_id=name,
            display_name="",
            role=Role.ADMINISTRATOR,
            branch_name="",
            password_hash=HASH,
        )
        add_officer(office.register, by, new)
    joined(office)
    disable_officer(office.register, by, "first", reason="退休")
    with pytest.raises(LastAdministrator):
        disable_officer(office.register, by, "second", reason="退休")
    disable_officer(office.register, by, "wang", reason="调离")
    assert [each.officer_id for each in office.register.find(OfficerDisabled)] == ["first", "wang"]


def test_there_is_one_device_at_a_time_and_its_codes_are_good_once(office: Office) -> None:
    joined(office)
    factor = add_second_factor(office.register, himself(office), "00ff", ("a", "b"))
    with pytest.raises(HasSecondFactor):
        add_second_factor(office.register, himself(office), "11ee", ())
    use_code(office.register, factor, "a", office.now)
    with pytest.raises(CodeAlreadyUsed):
        use_code(office.register, factor, "a", office.now)
    assert used_codes(office.register, factor) == {"a"}
    take_second_factor(office.register, office.by(Role.ADMINISTRATOR), "wang", reason="手机丢失")
    assert second_factor_of(office.register, "wang") is None
    again = add_second_factor(office.register, himself(office), "11ee", ())
    assert again.id != factor.id


def test_every_act_enters_the_log_once_and_no_secret_with_it(office: Office, register: Register) -> None:
    joined(office)
    change_password(register, himself(office), OTHER_HASH)
    add_second_factor(register, himself(office), "00ff", ("a",))
    acts = [each.act for each in register.find(LogEntry)]
    assert acts == ["invite officer", "take invitation", "change password", "add second factor"]
    assert verify(register).faults == ()
    assert HASH not in str(register.find(LogEntry))
