"""Tokens for an office's own tools: granted, listed, taken back. A token is shown once."""

import secrets
from datetime import datetime
from typing import Annotated, Any

import typer

from gangpai.office import open_office
from gangpai.terminal import AsJson, Column, Listing, Outcome, show
from store.acts.tokens import SECRET_BYTES, NewToken, grant_token, hash_of, is_good, spelled
from store.acts.tokens import revoke_token as revoke
from store.branches import organisations
from store.calendar import chinese_time
from store.records import ApiToken, Role, Scope, TokenRevocation
from store.refusals import Refusal
from store.register import Reader

_ROLES = [role.value for role in Role if role is not Role.PUBLIC]
_SCOPES = [scope.value for scope in Scope]


class NotAScope(Refusal):
    """No token can have this scope, or belong to this role. Remedy: choose one of those listed."""

    reason_zh = "“{word}”不是令牌可用的权限或角色。"
    reason_en = "{word!r} is no scope or role of a token."
    remedy_zh = "可选：{known}。"
    remedy_en = "Choose one of: {known}."


def add_token(  # noqa: PLR0913 -- each option of the command is a parameter
    *,
    label: Annotated[str, typer.Argument(metavar="PURPOSE", help="用途 / what it is for")],
    role: Annotated[
        str, typer.Option("--role", metavar="ROLE", help=f"代表的角色 / the office: {'、'.join(_ROLES)}")
    ],
    scopes: Annotated[
        list[str],
        typer.Option("--scope", metavar="SCOPE", help=f"权限，可多次 / repeatable: {'、'.join(_SCOPES)}"),
    ],
    branch: Annotated[
        str, typer.Option("--branch", metavar="NAME", help="只限该党总支 / confined to this general branch")
    ] = "",
    days: Annotated[int, typer.Option("--days", metavar="N", help="有效天数 / days it lasts")] = 90,
    as_json: AsJson = False,
) -> None:
    """Grant a token to a tool of an office; the token is shown this once and kept as a hash only."""
    text = spelled(secrets.token_bytes(SECRET_BYTES))
    new = NewToken(
        label=label,
        secret_hash=hash_of(text),
        role=Role(_one_of(role, _ROLES)),
        branch_name=branch,
        scopes=tuple(Scope(_one_of(scope, _SCOPES)) for scope in scopes),
        days=days,
    )
    with open_office() as office:
        token = grant_token(office.register, office.authority(Role.ADMINISTRATOR), new)
    show(
        Outcome(
            zh=f"已发放令牌{token.id}，{chinese_time(token.expires_at)}到期。令牌（只显示这一次）：{text}",
            en=f"Token {token.id} is granted. It is shown only now: {text}",
            facts={"id": token.id, "token": text, "expires_at": token.expires_at.isoformat()},
        ),
        as_json=as_json,
    )


def _one_of(word: str, known: list[str]) -> str:
    if word not in known:
        raise NotAScope(word=word, known="、".join(known))
    return word


_COLUMNS = (
    Column(key="id", zh="编号", en="id"),
    Column(key="label", zh="用途", en="purpose"),
    Column(key="role", zh="角色", en="role"),
    Column(key="branch", zh="党总支", en="branch"),
    Column(key="scopes_shown", zh="权限", en="scopes"),
    Column(key="state_zh", zh="状态", en="state"),
    Column(key="expires_at", zh="到期", en="expires"),
)


def list_tokens(*, as_json: AsJson = False) -> None:
    """List the tokens that were granted, and which of them are good."""
    with open_office() as office, office.register.snapshot() as reader:
        branches = {each.id: each.name for each in organisations(reader)}
        rows = [_row(reader, each, branches, office.now()) for each in reader.find(ApiToken)]
    show(
        Listing(name="tokens", columns=_COLUMNS, rows=rows, none_zh="尚无令牌。", none_en="No tokens yet."),
        as_json=as_json,
    )


def _row(reader: Reader, token: ApiToken, branches: dict[str, str], now: datetime) -> dict[str, Any]:
    return {
        "id": token.id,
        "label": token.label,
        "role": token.role.value,
        "branch": branches.get(token.branch_id or "", ""),
        "scopes": [scope.value for scope in token.scopes],
        "scopes_shown": " ".join(token.scopes),
        "good": is_good(reader, token, now),
        "state_zh": _state_zh(reader, token, now),
        "expires_at": chinese_time(token.expires_at),
    }


def _state_zh(reader: Reader, token: ApiToken, now: datetime) -> str:
    if is_good(reader, token, now):
        return "有效"
    return "已收回" if reader.find(TokenRevocation, token_id=token.id) else "已到期"


def revoke_token(
    *,
    token: Annotated[str, typer.Argument(metavar="ID", help="令牌编号 / number of the token")],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="收回原因 / why")],
    as_json: AsJson = False,
) -> None:
    """Take a token back; the next request with it is refused."""
    with open_office() as office:
        revoke(office.register, office.authority(Role.ADMINISTRATOR), token, reason=reason)
    show(
        Outcome(
            zh=f"令牌{token}已收回。", en=f"Token {token} is taken back.", facts={"id": token, "good": False}
        ),
        as_json=as_json,
    )
