"""What an officer proves to be themselves with: a password chosen by a link, and a device that shows codes.

Knows that a link works once and in time, and that no code is accepted twice. Leaves out what a code is
(verify/second_factor.py), how a password is hashed (verify/passwords.py) and signing in.
Source: OWASP ASVS 5.0, 6.4 and 6.5; RFC 6238, 5.2.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from store.acts.authority import Authority, Deed, enact, stated
from store.acts.officers import NoSuchOfficer, active_officer, branch_id_of
from store.lookup import only
from store.records import (
    Invitation,
    InvitationTaken,
    Officer,
    OfficerDisabled,
    PasswordChange,
    Role,
    SecondFactor,
    SecondFactorEnd,
    SecondFactorUse,
)
from store.refusals import Refusal
from store.register import DuplicateRecord, Reader, Register, Transaction
from store.staff import officer_now

INVITATION_LASTS = timedelta(days=3)
EVERY_OFFICER = tuple(role for role in Role if role is not Role.PUBLIC)


class InvitationVoid(Refusal):
    """The link was used, has run out, or never was one. Remedy: ask the administrator for another."""

    reason_zh = "这个链接已用过、已过期，或不完整。"
    reason_en = "This link was used, has run out, or is not complete."
    remedy_zh = "请系统管理员重新发一个。"
    remedy_en = "Ask the administrator for another."


class AccountClosed(Refusal):
    """The account was closed, so that nobody can be let into it again. Remedy: another sign-in name."""

    reason_zh = "账号“{officer_id}”已停用。"
    reason_en = "The account {officer_id!r} is closed."
    remedy_zh = "请用新的登录名邀请。"
    remedy_en = "Invite them under another name."


class CodeAlreadyUsed(Refusal):
    """The code was accepted before; each is good once. Remedy: wait for the next one."""

    reason_zh = "这个验证码已经用过。"
    reason_en = "This code was used already."
    remedy_zh = "请等手机上换出下一个（最多30秒）再输入。"
    remedy_en = "Wait for the next one on the device (30 s at most)."


class NoSecondFactor(Refusal):
    """The officer has no device that shows codes. Remedy: nothing is to be taken away."""

    reason_zh = "“{officer_id}”没有启用验证码。"
    reason_en = "{officer_id!r} has no second factor."
    remedy_zh = "无须停用。"
    remedy_en = "There is nothing to be taken away."


class HasSecondFactor(Refusal):
    """The officer has such a device already. Remedy: take that one away first."""

    reason_zh = "已经启用了验证码。"
    reason_en = "There is a second factor already."
    remedy_zh = "换手机请先在“我的账号”里停用旧的。"
    remedy_en = "For another device, take the old one away first."


@dataclass(frozen=True, kw_only=True)
class Invited:
    """Whom a link is for; `link_hash` is the hash of its secret, and no branch is the empty text."""

    link_hash: str
    officer_id: str
    display_name: str
    role: Role
    branch_name: str


def invite(register: Register, authority: Authority, invited: Invited) -> Invitation:
    """Let somebody choose a password by a link: for a new account, or anew for one there is.

    Raises:
        NotAllowed: the actor does not administer the system.
        ReasonMissing, AccountClosed, NoSuchBranch, BranchForAll: nobody can be invited so.

    """
    authority.permit(Role.ADMINISTRATOR)
    officer_id = stated(invited.officer_id, what_zh="登录名", what_en="sign-in name")
    with register.transaction() as transaction:
        if transaction.find(OfficerDisabled, officer_id=officer_id):
            raise AccountClosed(officer_id=officer_id)
        known = officer_now(transaction, officer_id)
        invitation = (
            _known_invited(known, invited, authority)
            if known
            else _new_invited(transaction, invited, authority)
        )
        enact(transaction, authority, Deed(act="invite officer", object=officer_id), [invitation])
    return invitation


def _known_invited(known: Officer, invited: Invited, authority: Authority) -> Invitation:
    """Return an invitation into an account as it is: a link gives nobody another role."""
    return Invitation(
        id=invited.link_hash,
        officer_id=known.id,
        display_name=known.display_name,
        role=known.role,
        branch_id=known.branch_id,
        invited_at=authority.now,
        expires_at=authority.now + INVITATION_LASTS,
    )


def _new_invited(reader: Reader, invited: Invited, authority: Authority) -> Invitation:
    officer_id = invited.officer_id.strip()
    return Invitation(
        id=invited.link_hash,
        officer_id=officer_id,
        display_name=invited.display_name.strip() or officer_id,
        role=invited.role,
        branch_id=branch_id_of(reader, invited.role, invited.branch_name),
        invited_at=authority.now,
        expires_at=authority.now + INVITATION_LASTS,
    )


def take_invitation(register: Register, authority: Authority, link_hash: str, password_hash: str) -> Officer:
    """Open the account of an invitation, or give an old one its new password; the link is used up.

    The link is what allows it: whoever holds it is taken for the officer it is for.

    Raises:
        NotAllowed: somebody signed in acts.
        InvitationVoid: the link leads nowhere.

    """
    authority.permit(Role.PUBLIC)
    with register.transaction() as transaction:
        invitation = open_invitation(transaction, link_hash, authority.now)
        known = officer_now(transaction, invitation.officer_id)
        officer = known or _officer_of(invitation, password_hash, authority)
        changed = _changed(transaction, known, password_hash, authority) if known else officer
        taken = InvitationTaken(id=f"{link_hash}-T", invitation_id=link_hash, taken_at=authority.now)
        enact(transaction, authority, Deed(act="take invitation", object=officer.id), [changed, taken])
    return officer


def open_invitation(reader: Reader, link_hash: str, now: datetime) -> Invitation:
    """Return the invitation that a link still leads to.

    Raises:
        InvitationVoid: there is none, it has run out, was taken, or its account was closed.

    """
    invitation = reader.get(Invitation, link_hash)
    if invitation is None or invitation.expires_at <= now:
        raise InvitationVoid
    taken = bool(reader.find(InvitationTaken, invitation_id=link_hash))
    if taken or reader.find(OfficerDisabled, officer_id=invitation.officer_id):
        raise InvitationVoid
    return invitation


def _officer_of(invitation: Invitation, password_hash: str, authority: Authority) -> Officer:
    return Officer(
        id=invitation.officer_id,
        display_name=invitation.display_name,
        role=invitation.role,
        branch_id=invitation.branch_id,
        password_hash=password_hash,
        added_at=authority.now,
    )


def change_password(register: Register, authority: Authority, password_hash: str) -> PasswordChange:
    """Give the acting officer another password.

    Raises:
        NotAllowed, NoSuchOfficer: nobody with an open account acts.

    """
    with register.transaction() as transaction:
        officer = _acting(transaction, authority)
        changed = _changed(transaction, officer, password_hash, authority)
        enact(transaction, authority, Deed(act="change password", object=officer.id), [changed])
    return changed


def _changed(reader: Reader, officer: Officer, password_hash: str, authority: Authority) -> PasswordChange:
    number = len(reader.find(PasswordChange, officer_id=officer.id)) + 1
    return PasswordChange(
        id=f"{officer.id}-P{number}",
        officer_id=officer.id,
        password_hash=password_hash,
        changed_at=authority.now,
    )


def password_hash_of(reader: Reader, officer: Officer) -> str:
    """Return the hash of the password an officer chose last."""
    changed = only(reader.find(PasswordChange, officer_id=officer.id))
    return changed.password_hash if changed else officer.password_hash


def add_second_factor(
    register: Register, authority: Authority, nonce: str, recovery_hashes: tuple[str, ...]
) -> SecondFactor:
    """Let a device of the acting officer show codes from now on.

    Raises:
        NotAllowed, NoSuchOfficer: nobody with an open account acts.
        HasSecondFactor: there is a device already.

    """
    with register.transaction() as transaction:
        officer = _acting(transaction, authority)
        if second_factor_of(transaction, officer.id):
            raise HasSecondFactor
        number = len(transaction.find(SecondFactor, officer_id=officer.id)) + 1
        factor = SecondFactor(
            id=f"{officer.id}-F{number}",
            officer_id=officer.id,
            nonce=nonce,
            recovery_hashes=recovery_hashes,
            added_at=authority.now,
        )
        enact(transaction, authority, Deed(act="add second factor", object=officer.id), [factor])
    return factor


def give_up_second_factor(register: Register, authority: Authority, *, reason: str) -> None:
    """Accept the codes of the acting officer's device no longer.

    Raises:
        NotAllowed, NoSuchOfficer: nobody with an open account acts.
        ReasonMissing, NoSecondFactor: there is nothing to end.

    """
    with register.transaction() as transaction:
        officer = _acting(transaction, authority)
        _end_factor(transaction, authority, officer.id, reason)


def take_second_factor(register: Register, authority: Authority, officer_id: str, *, reason: str) -> None:
    """Accept the codes of an officer's device no longer, because it was lost.

    Raises:
        NotAllowed: the actor does not administer the system.
        ReasonMissing, NoSuchOfficer, NoSecondFactor: there is nothing to end.

    """
    authority.permit(Role.ADMINISTRATOR)
    with register.transaction() as transaction:
        if active_officer(transaction, officer_id) is None:
            raise NoSuchOfficer(officer_id=officer_id)
        _end_factor(transaction, authority, officer_id, reason)


def _end_factor(transaction: Transaction, authority: Authority, officer_id: str, reason: str) -> None:
    reason = stated(reason, what_zh="停用原因", what_en="reason")
    factor = second_factor_of(transaction, officer_id)
    if factor is None:
        raise NoSecondFactor(officer_id=officer_id)
    ended = SecondFactorEnd(id=f"{factor.id}-X", factor_id=factor.id, reason=reason, ended_at=authority.now)
    enact(transaction, authority, Deed(act="end second factor", object=officer_id, reason=reason), [ended])


def second_factor_of(reader: Reader, officer_id: str) -> SecondFactor | None:
    """Return the device whose codes are accepted of an officer, or None."""
    factor = only(reader.find(SecondFactor, officer_id=officer_id))
    return None if factor is None or reader.find(SecondFactorEnd, factor_id=factor.id) else factor


def use_code(register: Register, factor: SecondFactor, code_id: str, now: datetime) -> None:
    """Keep that a code is accepted now; `code_id` names it within its device.

    Raises:
        CodeAlreadyUsed: it was before.

    """
    use = SecondFactorUse(id=f"{factor.id}-{code_id}", factor_id=factor.id, used_at=now)
    try:
        with register.transaction() as transaction:
            transaction.append(use)
    except DuplicateRecord as error:
        raise CodeAlreadyUsed from error


def used_codes(reader: Reader, factor: SecondFactor) -> frozenset[str]:
    """Return what of a device was accepted before, as `use_code` was given it."""
    uses = reader.find(SecondFactorUse, factor_id=factor.id)
    return frozenset(each.id.removeprefix(f"{factor.id}-") for each in uses)


def _acting(reader: Reader, authority: Authority) -> Officer:
    officer = active_officer(reader, authority.actor.name)
    if officer is None:
        raise NoSuchOfficer(officer_id=authority.actor.name)
    authority.permit(*EVERY_OFFICER, branch_id=officer.branch_id)
    return officer
