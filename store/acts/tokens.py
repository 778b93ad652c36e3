"""Tokens: what a tool of an office shows the API, granted for a time and for named things, and taken back.

Knows how a token is spelled, which scope belongs to which office, and when a token is good. Leaves out which
route wants which scope (verify/api/). A token opens no more than its office does: every act and every list
asks the authority of that office again.
"""

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from store.acts.authority import ROLE_EN, ROLE_ZH, Authority, Deed, enact, stated
from store.acts.officers import branch_id_of
from store.lookup import only
from store.records import ApiToken, Role, Scope, TokenRevocation
from store.refusals import Refusal
from store.register import Reader, Register

SECRET_BYTES = 32
PREFIX = "gp_"
DAYS_MOST = 366

_OFFICERS = tuple(role for role in Role if role is not Role.PUBLIC)

SCOPE_ROLES: dict[Scope, tuple[Role, ...]] = {
    Scope.POSTS_READ: _OFFICERS,
    Scope.COPIES_READ: _OFFICERS,
    Scope.RECALLS_READ: (Role.COMMITTEE, Role.ADMINISTRATOR, Role.BRANCH_OFFICER, Role.INSPECTOR),
    Scope.RECALLS_WRITE: (Role.COMMITTEE, Role.BRANCH_OFFICER),
    Scope.DUTIES_READ: (Role.COMMITTEE, Role.BRANCH_OFFICER),
    Scope.FEEDBACK_READ: (Role.COMMITTEE,),
    Scope.LEDGER_READ: (Role.COMMITTEE, Role.ADMINISTRATOR, Role.INSPECTOR),
    Scope.EXPORT_READ: (Role.COMMITTEE,),
}
"""Whose tools may have a scope: nobody's program reads what the officer may not."""

OF_ALL = frozenset({Scope.FEEDBACK_READ, Scope.LEDGER_READ, Scope.EXPORT_READ})
"""Scopes that concern the whole organisation and cannot be confined to a branch."""

SCOPE_ZH: dict[Scope, str] = {
    Scope.POSTS_READ: "读岗位",
    Scope.COPIES_READ: "读标牌",
    Scope.RECALLS_READ: "读收回清单",
    Scope.RECALLS_WRITE: "登记交回",
    Scope.DUTIES_READ: "读待办",
    Scope.FEEDBACK_READ: "读群众意见",
    Scope.LEDGER_READ: "读办理记录",
    Scope.EXPORT_READ: "导出",
}

SCOPE_EN: dict[Scope, str] = {
    Scope.POSTS_READ: "read posts",
    Scope.COPIES_READ: "read plates",
    Scope.RECALLS_READ: "read recalls",
    Scope.RECALLS_WRITE: "take plates in",
    Scope.DUTIES_READ: "read duties",
    Scope.FEEDBACK_READ: "read messages",
    Scope.LEDGER_READ: "read the log",
    Scope.EXPORT_READ: "export",
}


class NoScope(Refusal):
    """A token was asked for that opens nothing. Remedy: name at least one scope."""

    reason_zh = "没有说明令牌可以做什么。"
    reason_en = "The token would open nothing."
    remedy_zh = "请至少给出一项权限：{known}。"
    remedy_en = "Name at least one scope: {known}."


class ScopeBeyondOffice(Refusal):
    """The scope does not belong to the office of the token. Remedy: leave it out, or change the office."""

    reason_zh = "权限 {scope}（{scope_zh}）不属于{role_zh}，或不能只限于一个总支。"
    reason_en = "The scope {scope} is not for {role_en}, or cannot be confined to a branch."
    remedy_zh = "可用于：{who_zh}。"
    remedy_en = "It is for: {who_en}."


class TokenLifetime(Refusal):
    """A token was asked for without end, or for no time. Remedy: name a number of days up to a year."""

    reason_zh = "令牌有效期应为1至{most}天，不能是{days}天。"
    reason_en = "A token lasts from 1 to {most} days, not {days}."
    remedy_zh = "请改写天数；到期后可另发新令牌。"
    remedy_en = "Correct the number; a new one can be granted when it has expired."


class NoSuchToken(Refusal):
    """No token in force has this number. Remedy: list the tokens."""

    reason_zh = "没有编号为“{token_id}”的有效令牌。"
    reason_en = "There is no token {token_id!r} in force."
    remedy_zh = "请用 gangpai token list 查看。"
    remedy_en = "See gangpai token list."


@dataclass(frozen=True, kw_only=True)
class NewToken:
    """A token to be granted: what for, to which office, for how many days; only its hash comes here."""

    label: str
    secret_hash: str
    role: Role
    branch_name: str
    scopes: tuple[Scope, ...]
    days: int


def spelled(chance: bytes) -> str:
    """Return the token that random bytes make, as a tool shows it: gp_ and base64url without padding."""
    return PREFIX + base64.urlsafe_b64encode(chance).decode().rstrip("=")


def hash_of(token: str) -> str:
    """Return the SHA-256 by which a token is known again; 256 random bits need no slower hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def grant_token(register: Register, authority: Authority, new: NewToken) -> ApiToken:
    """Grant a token to an office.

    Raises:
        NotAllowed: the actor does not administer the system.
        ReasonMissing, NoScope, ScopeBeyondOffice, TokenLifetime, NoSuchBranch, BranchForAll: it cannot be so.

    """
    authority.permit(Role.ADMINISTRATOR)
    label = stated(new.label, what_zh="令牌用途", what_en="purpose of the token")
    _check_lifetime(new.days)
    with register.transaction() as transaction:
        branch_id = branch_id_of(transaction, new.role, new.branch_name)
        token = ApiToken(
            id=f"T{transaction.count(ApiToken) + 1}",
            label=label,
            secret_hash=new.secret_hash,
            role=new.role,
            branch_id=branch_id,
            scopes=_scopes(new.scopes, new.role, branch_id),
            granted_at=authority.now,
            expires_at=authority.now + timedelta(days=new.days),
        )
        enact(transaction, authority, Deed(act="grant token", object=token.id, reason=label), [token])
    return token


def revoke_token(register: Register, authority: Authority, token_id: str, *, reason: str) -> TokenRevocation:
    """Take a token back; the next request that shows it is refused.

    Raises:
        NotAllowed, NoSuchToken, ReasonMissing: it cannot be taken back so.

    """
    authority.permit(Role.ADMINISTRATOR)
    reason = stated(reason, what_zh="收回原因", what_en="reason")
    with register.transaction() as transaction:
        token = transaction.get(ApiToken, token_id)
        if token is None or not is_good(transaction, token, authority.now):
            raise NoSuchToken(token_id=token_id)
        revoked = TokenRevocation(
            id=f"{token_id}-X", token_id=token_id, reason=reason, revoked_at=authority.now
        )
        enact(transaction, authority, Deed(act="revoke token", object=token_id, reason=reason), [revoked])
    return revoked


def token_shown(reader: Reader, text: str, now: datetime) -> ApiToken | None:
    """Return the token that a tool shows, if it is good now; what was never granted is None as well."""
    token = only(reader.find(ApiToken, secret_hash=hash_of(text)))
    return token if token and is_good(reader, token, now) else None


def is_good(reader: Reader, token: ApiToken, now: datetime) -> bool:
    """Whether a token has neither expired nor been taken back."""
    return now < token.expires_at and not reader.find(TokenRevocation, token_id=token.id)


def _check_lifetime(days: int) -> None:
    if not 1 <= days <= DAYS_MOST:
        raise TokenLifetime(days=days, most=DAYS_MOST)


def _scopes(asked: Iterable[Scope], role: Role, branch_id: str | None) -> tuple[Scope, ...]:
    wanted = set(asked)
    scopes = tuple(scope for scope in Scope if scope in wanted)
    if not scopes:
        raise NoScope(known="、".join(Scope))
    for scope in scopes:
        _check_office(scope, role, branch_id)
    return scopes


def _check_office(scope: Scope, role: Role, branch_id: str | None) -> None:
    roles = SCOPE_ROLES[scope]
    if role not in roles or (branch_id and scope in OF_ALL):
        raise ScopeBeyondOffice(
            scope=scope.value,
            scope_zh=SCOPE_ZH[scope],
            role_zh=ROLE_ZH[role],
            role_en=ROLE_EN[role],
            who_zh="、".join(ROLE_ZH[each] for each in roles),
            who_en=", ".join(ROLE_EN[each] for each in roles),
        )
