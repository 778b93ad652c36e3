"""Tokens for the office's own programs: granted, shown once, taken back; each confirmed with a code."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from store.acts.tokens import (
    DAYS_MOST,
    OF_ALL,
    SCOPE_ROLES,
    SECRET_BYTES,
    NewToken,
    grant_token,
    hash_of,
    is_good,
    revoke_token,
    spelled,
)
from store.branches import general_branches, organisations
from store.records import ApiToken, Role, Scope, TokenRevocation
from store.refusals import Refusal
from store.register import Reader
from verify.console.fields import choice_of, number_of
from verify.console.guard import ConsoleRoute, Desk, Officers, see_other, status_of
from verify.console.places import EVERY_OFFICER

router = APIRouter(prefix="/console/settings/tokens", route_class=ConsoleRoute)
AdministratorAtDesk = Annotated[Desk, Depends(Officers(Role.ADMINISTRATOR))]
DONE = {"revoked": ("令牌已撤回，即时失效。", "The token was taken back; it opens nothing any more.")}
DAYS_USUAL = 90


@dataclass(frozen=True, kw_only=True)
class TokenLine:
    """A token as the list shows it."""

    token: ApiToken
    branch_name: str
    is_good: bool
    revocation: TokenRevocation | None


@router.get("")
def tokens(desk: AdministratorAtDesk) -> Response:
    """List the tokens, and ask what a new one is for."""
    return _page(desk)


@router.post("")
def grant(desk: AdministratorAtDesk) -> Response:
    """Grant a token; it is shown once and kept as a hash only."""
    text = spelled(desk.site.entropy(SECRET_BYTES))
    try:
        new = _typed(desk, hash_of(text))
        desk.check_code()
        token = grant_token(desk.site.register, desk.authority, new)
    except Refusal as refusal:
        return _page(desk, refusal)
    return _page(desk, granted=token, text=text)


@router.post("/{granted_id}/revoke")
def revoke(desk: AdministratorAtDesk, granted_id: str) -> Response:
    """Take a token back."""
    try:
        revoke_token(desk.site.register, desk.authority, granted_id, reason=desk.said("reason"))
    except Refusal as refusal:
        return _page(desk, refusal)
    return see_other("/console/settings/tokens?done=revoked")


def _typed(desk: Desk, secret_hash: str) -> NewToken:
    return NewToken(
        label=desk.said("label"),
        secret_hash=secret_hash,
        role=choice_of(Role, desk.said("role"), what_zh="代表的角色", what_en="office"),
        branch_name=desk.said("branch"),
        scopes=tuple(scope for scope in Scope if scope in desk.form.getlist("scope")),
        days=number_of(desk.said("days"), what_zh="有效天数", what_en="days it lasts"),
    )


def _page(
    desk: Desk, refusal: Refusal | None = None, *, granted: ApiToken | None = None, text: str = ""
) -> Response:
    with desk.site.register.snapshot() as reader:
        lines, branches = list(_lines(reader, desk)), general_branches(reader)
    return desk.page(
        "tokens.html",
        status=status_of(refusal) if refusal else 200,
        lines=lines,
        branches=branches,
        roles=EVERY_OFFICER,
        scopes=tuple(Scope),
        scope_roles=SCOPE_ROLES,
        of_all=OF_ALL,
        days_most=DAYS_MOST,
        days_usual=DAYS_USUAL,
        granted=granted,
        text=text,
        refusal=refusal,
        done=DONE.get(desk.asked("done")),
    )


def _lines(reader: Reader, desk: Desk) -> Iterator[TokenLine]:
    """Yield the tokens, the newest first."""
    now = desk.site.clock()
    names = {each.id: each.name for each in organisations(reader)}
    for token in reversed(reader.find(ApiToken)):
        yield TokenLine(
            token=token,
            branch_name=names.get(token.branch_id or "", ""),
            is_good=is_good(reader, token, now),
            revocation=next(iter(reader.find(TokenRevocation, token_id=token.id)), None),
        )
