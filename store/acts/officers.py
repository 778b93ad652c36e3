"""Who may sign in: accounts are opened, changed and closed; browsers are signed in and out."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from store.acts.authority import ROLE_ZH, Authority, Deed, enact, stated
from store.branches import branch_named, organisation
from store.records import (
    Officer,
    OfficerChange,
    OfficerDisabled,
    OfficerSession,
    Role,
    SessionEnd,
    SessionSeen,
    SignInFailure,
)
from store.refusals import Refusal
from store.register import Link, Reader, Register
from store.staff import officer_now, officers_now


class OfficerExists(Refusal):
    """The sign-in name is taken. Remedy: choose another."""

    reason_zh = "登录名“{officer_id}”已被使用。"
    reason_en = "The sign-in name {officer_id!r} is taken."
    remedy_zh = "请换一个登录名。"
    remedy_en = "Choose another."


class NotTheFirst(Refusal):
    """There is an account already, so that the first one cannot be set up. Remedy: sign in."""

    reason_zh = "已经有账号，不能再设立首个账号。"
    reason_en = "There is an account already; the first one has been set up."
    remedy_zh = "请登录；没有账号请系统管理员邀请。"
    remedy_en = "Sign in, or ask the administrator to be invited."


class NoSuchOfficer(Refusal):
    """No officer has this sign-in name. Remedy: list the officers."""

    reason_zh = "没有登录名为“{officer_id}”的人员。"
    reason_en = "There is no officer {officer_id!r}."
    remedy_zh = "请用 gangpai officer list 查看。"
    remedy_en = "See gangpai officer list."


class LastAdministrator(Refusal):
    """Nobody would be left who sees to accounts. Remedy: invite another administrator first."""

    reason_zh = "“{officer_id}”是最后一个系统管理员，停用或改任后无人管理账号。"
    reason_en = "{officer_id!r} is the last administrator; nobody would be left to see to accounts."
    remedy_zh = "请先邀请另一位系统管理员。"
    remedy_en = "Invite another administrator first."


class SameDuties(Refusal):
    """The account has this role and branch already. Remedy: choose another."""

    reason_zh = "“{officer_id}”已是这个角色和单位，没有可更改的。"
    reason_en = "{officer_id!r} has this role and branch already; there is nothing to change."
    remedy_zh = "请选择另外的角色或党总支。"
    remedy_en = "Choose another role or branch."


class BranchForAll(Refusal):
    """The role is for the whole organisation and cannot be confined. Remedy: name no branch."""

    reason_zh = "党委人员和系统管理员的权限不限于一个总支（“{branch_name}”）。"
    reason_en = "The committee and the administrators are not confined to one branch ({branch_name!r})."
    remedy_zh = "请不填总支，或改用总支工作人员、督查人员、印制人员等角色。"
    remedy_en = "Name no branch, or choose branch officer, inspector or print clerk."


MUST_HAVE_A_BRANCH = frozenset({Role.BRANCH_OFFICER})
MAY_HAVE_A_BRANCH = MUST_HAVE_A_BRANCH | {Role.INSPECTOR, Role.PRINT_CLERK}
"""An inspector or print clerk with a branch is confined to it; without one there is no such limit."""


@dataclass(frozen=True, kw_only=True)
class NewOfficer:
    """An account to be opened; the password comes as its hash only, and no branch is the empty text."""

    officer_id: str
    display_name: str
    role: Role
    branch_name: str
    password_hash: str


def add_officer(register: Register, authority: Authority, new: NewOfficer) -> Officer:
    """Open an account.

    Raises:
        NotAllowed: the actor does not administer the system.
        ReasonMissing, OfficerExists, NoSuchBranch, BranchForAll: the account cannot be opened so.

    """
    authority.permit(Role.ADMINISTRATOR)
    officer_id = stated(new.officer_id, what_zh="登录名", what_en="sign-in name")
    with register.transaction() as transaction:
        if officer_now(transaction, officer_id):
            raise OfficerExists(officer_id=officer_id)
        officer = _officer(transaction, replace(new, officer_id=officer_id), authority)
        enact(transaction, authority, Deed(act="add officer", object=officer_id), [officer])
    return officer


def add_first_officer(register: Register, authority: Authority, new: NewOfficer) -> Officer:
    """Open the first account there is; whoever is at the machine may.

    Raises:
        NotAllowed: the actor does not administer the system.
        NotTheFirst: there is an account already.
        ReasonMissing: no sign-in name was given.

    """
    authority.permit(Role.ADMINISTRATOR)
    officer_id = stated(new.officer_id, what_zh="登录名", what_en="sign-in name")
    with register.transaction() as transaction:
        if transaction.count(Officer):
            raise NotTheFirst
        officer = _officer(transaction, replace(new, officer_id=officer_id), authority)
        enact(transaction, authority, Deed(act="add officer", object=officer_id), [officer])
    return officer


def _officer(reader: Reader, new: NewOfficer, authority: Authority) -> Officer:
    return Officer(
        id=new.officer_id,
        display_name=new.display_name.strip() or new.officer_id,
        role=new.role,
        branch_id=branch_id_of(reader, new.role, new.branch_name),
        password_hash=new.password_hash,
        added_at=authority.now,
    )


def branch_id_of(reader: Reader, role: Role, branch_name: str) -> str | None:
    """Return the branch that somebody of this role is confined to, or None for the whole organisation.

    Raises:
        BranchForAll, NoSuchBranch: the role cannot be confined, or there is no such branch.

    """
    if not branch_name and role not in MUST_HAVE_A_BRANCH:
        return None
    if role not in MAY_HAVE_A_BRANCH:
        raise BranchForAll(branch_name=branch_name)
    return branch_named(reader, branch_name).id


@dataclass(frozen=True, kw_only=True)
class NewDuties:
    """The role and branch that an account is to have, and why; no branch is the empty text."""

    role: Role
    branch_name: str
    reason: str


def change_officer(
    register: Register, authority: Authority, officer_id: str, duties: NewDuties
) -> OfficerChange:
    """Give an account another role or branch; its sessions end with the old one.

    Raises:
        NotAllowed: the actor does not administer the system.
        NoSuchOfficer, ReasonMissing: there is no open account of this name, or no reason is given.
        NoSuchBranch, BranchForAll, SameDuties, LastAdministrator: it cannot be changed so.

    """
    authority.permit(Role.ADMINISTRATOR)
    reason = stated(duties.reason, what_zh="更改原因", what_en="reason of the change")
    with register.transaction() as transaction:
        officer = _with_open_account(transaction, officer_id)
        changed = OfficerChange(
            id=f"{officer_id}-R{len(transaction.find(OfficerChange, officer_id=officer_id)) + 1}",
            officer_id=officer_id,
            role=duties.role,
            branch_id=branch_id_of(transaction, duties.role, duties.branch_name),
            reason=reason,
            changed_at=authority.now,
        )
        _check_changes(transaction, officer, changed)
        turn = f"{officer_id}：{_duties_zh(transaction, officer)} → {_duties_zh(transaction, changed)}"
        enact(transaction, authority, Deed(act="change officer", object=turn, reason=reason), [changed])
        transaction.append(*_ends_of_sessions(transaction, changed))
    return changed


def _check_changes(reader: Reader, officer: Officer, changed: OfficerChange) -> None:
    if (officer.role, officer.branch_id) == (changed.role, changed.branch_id):
        raise SameDuties(officer_id=officer.id)
    if changed.role is not Role.ADMINISTRATOR:
        _check_administered_without(reader, officer)


def _duties_zh(reader: Reader, of: Officer | OfficerChange) -> str:
    branch = organisation(reader, of.branch_id) if of.branch_id else None
    return f"{ROLE_ZH[of.role]}（{branch.name}）" if branch else ROLE_ZH[of.role]


def _ends_of_sessions(reader: Reader, changed: OfficerChange) -> Iterator[SessionEnd]:
    ends = Link(kind=SessionEnd, by="session_id", to="id")
    sessions = reader.related(OfficerSession, "officer_id", [changed.officer_id], [ends])
    for each in sessions.get(changed.officer_id, ()):
        if not each.linked(ends):
            session_id = each.record.id
            yield SessionEnd(id=f"{session_id}-E", session_id=session_id, ended_at=changed.changed_at)


def disable_officer(register: Register, authority: Authority, officer_id: str, *, reason: str) -> None:
    """Close an account; its open sessions end with it.

    Raises:
        NotAllowed, NoSuchOfficer, ReasonMissing, LastAdministrator: the account cannot be closed so.

    """
    authority.permit(Role.ADMINISTRATOR)
    reason = stated(reason, what_zh="停用原因", what_en="reason")
    with register.transaction() as transaction:
        _check_administered_without(transaction, _with_open_account(transaction, officer_id))
        closed = OfficerDisabled(
            id=f"{officer_id}-X", officer_id=officer_id, reason=reason, disabled_at=authority.now
        )
        enact(transaction, authority, Deed(act="disable officer", object=officer_id, reason=reason), [closed])


def _with_open_account(reader: Reader, officer_id: str) -> Officer:
    officer = active_officer(reader, officer_id)
    if officer is None:
        raise NoSuchOfficer(officer_id=officer_id)
    return officer


def _check_administered_without(reader: Reader, officer: Officer) -> None:
    administrators = (each.id for each in officers_now(reader) if each.role is Role.ADMINISTRATOR)
    others = (each for each in administrators if each != officer.id and active_officer(reader, each))
    if officer.role is Role.ADMINISTRATOR and not any(others):
        raise LastAdministrator(officer_id=officer.id)


def active_officer(reader: Reader, officer_id: str) -> Officer | None:
    """Return the officer with this sign-in name as they are now if their account is open, or None."""
    officer = officer_now(reader, officer_id)
    if officer is None or reader.find(OfficerDisabled, officer_id=officer_id):
        return None
    return officer


def note_sign_in(
    register: Register, trace: OfficerSession | SessionSeen | SessionEnd | SignInFailure
) -> None:
    """Keep a trace of signing in; it decides nothing and enters no log."""
    with register.transaction() as transaction:
        transaction.append(trace)
