"""A register with something of everything the API tells of, tokens for every office, and who asks."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import httpx
from fastapi import FastAPI

from store.acts.adjust import end_post
from store.acts.apply import apply_roster
from store.acts.authority import Actor, Authority
from store.acts.circulation import report_lost
from store.acts.issue import issue_copies
from store.acts.notices import NewNotice, post_notice
from store.acts.plans import NewPlan, file_plan
from store.acts.tokens import SCOPE_ROLES, NewToken, grant_token, hash_of, spelled
from store.acts.voice import Message, give_feedback
from store.records import (
    CollectiveKind,
    Copy,
    EndCause,
    Grade,
    Member,
    NoticeSubject,
    PostContent,
    PostKind,
    Product,
    Role,
    Scope,
    Topic,
)
from store.register import Register
from store.roster import RosterRow
from tests.office import Office
from tests.verify.in_process import visitor
from tests.verify.public.plates import valid
from tests.verify.public.street import CODES, SETTINGS, Chance, Clock
from verify.app import create_app
from verify.throttle import LookUps, Throttle

A, B = "O01", "O02"
BRANCHES = {A: "畜牧站党总支", B: "园艺场党总支"}
VALID, REVOKED, ENDED, CREATING, APPLIED = (f"2026-00{n}" for n in range(1, 6))
NAMES = {
    VALID: ("曾晓明", "高赟", "汪雪琳"),
    REVOKED: ("毛旭升", "师建国", "柳溪月"),
    ENDED: ("苏石磊", "文小雨", "田雨禾"),
    CREATING: ("丁一凡", "关山月", "何必文"),
    APPLIED: ("江心月", "常青山", "石望秋"),
}
"""The members of each post: no two posts share one."""

NAMES_OF_POSTS = {REVOKED: "兽医防疫岗", ENDED: "物资保管岗", CREATING: "种苗服务岗", APPLIED: "果蔬检测岗"}
COMPLAINT = "窗口态度生硬，等了两个小时"
PRAISE = "连夜送药上门"
RECEIPTS = ("RECEIPT00001", "RECEIPT00002")
FACTS = "发生重大责任事故"
PLENTY = 10**9
"""Requests an hour, for whoever is not to be slowed down."""

_SEPTEMBER = datetime(2026, 9, 10, 2, tzinfo=UTC)
_NOVEMBER = datetime(2026, 11, 16, 2, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class ToolOffice:
    """An office that has tools: a role, and perhaps one branch."""

    role: Role
    branch_id: str | None = None

    def __str__(self) -> str:
        return f"{self.role.value}{f'-{self.branch_id}' if self.branch_id else ''}"

    @property
    def scopes(self) -> tuple[Scope, ...]:
        """Every scope its tools can have."""
        of_all = {Scope.FEEDBACK_READ, Scope.LEDGER_READ, Scope.EXPORT_READ} if self.branch_id else set()
        return tuple(each for each in Scope if self.role in SCOPE_ROLES[each] and each not in of_all)


OFFICES = (
    ToolOffice(role=Role.COMMITTEE),
    ToolOffice(role=Role.ADMINISTRATOR),
    ToolOffice(role=Role.INSPECTOR),
    ToolOffice(role=Role.INSPECTOR, branch_id=A),
    ToolOffice(role=Role.PRINT_CLERK),
    ToolOffice(role=Role.BRANCH_OFFICER, branch_id=A),
    ToolOffice(role=Role.BRANCH_OFFICER, branch_id=B),
)
COMMITTEE, OF_A, OF_B = OFFICES[0], OFFICES[5], OFFICES[6]


def token_of(office: ToolOffice) -> str:
    """Return the token of an office that has every scope it can."""
    return spelled(bytes([OFFICES.index(office)]) * 32)


def token_for(office: ToolOffice, scope: Scope) -> str:
    """Return the token of an office that has this scope alone."""
    return spelled(bytes([OFFICES.index(office) + 100, list(Scope).index(scope)]) * 16)


@dataclass(frozen=True)
class Scene:
    """The register, the application over it, its clock, and the plates of note."""

    office: Office
    app: FastAPI
    clock: Clock
    copies: Mapping[str, Copy]

    @property
    def register(self) -> Register:
        return self.office.register

    def client(self, token: str = "", **headers: str) -> httpx.Client:
        """Return somebody who asks the API, with a token or without."""
        somebody = visitor(self.app, f"{SETTINGS.base_url}/api/v1")
        somebody.headers.update(headers)
        if token:
            somebody.headers["Authorization"] = f"Bearer {token}"
        return somebody

    def get(self, path: str, token: str = "", **headers: str) -> httpx.Response:
        return self.client(token, **headers).get(path)


def scene_over(register: Register, per_hour: int = PLENTY) -> Scene:
    """Fill a register and put the application over it; `per_hour` is what anybody may ask."""
    office, clock = Office(register, codes=iter(CODES)), Clock()
    copies = fill(office)
    app = create_app(SETTINGS, register, clock, Chance())
    throttles = app.state.site.throttles
    throttles.api_networks = Throttle(per_hour)
    throttles.api_tokens = Throttle(per_hour)
    throttles.devices = throttles.messages = Throttle(per_hour)
    throttles.numbers = LookUps(per_hour)
    return Scene(office, app, clock, copies)


def fill(office: Office) -> Mapping[str, Copy]:
    """Bring posts to every state, let the public speak, hang notices, grant tokens; return plates by post."""
    copies = {VALID: valid(office)}
    for post_id, branch in ((REVOKED, A), (ENDED, A), (CREATING, B)):
        copies[post_id] = _standing(office, post_id, branch)
    badge = _printed(office, CREATING, Product.BADGE)
    report_lost(office.register, office.by(), badge.id, reason="遗失")
    office.vetoed(REVOKED)
    end_post(office.register, office.by(), ENDED, cause=EndCause.TERM_OVER, reason="届满")
    _speak(office, copies[VALID])
    office.now = _SEPTEMBER
    office.surveyed(VALID)
    office.now = _NOVEMBER
    _hang_notices(office)
    _grant_tokens(office)
    return copies


def _standing(office: Office, post_id: str, branch: str) -> Copy:
    _apply(office, post_id, branch)
    office.approved_now(post_id)
    return _printed(office, post_id, Product.PLAQUE)


def _printed(office: Office, post_id: str, product: Product) -> Copy:
    plain = office.copy(post_id, product)
    branch_name = BRANCHES[plain.branch_id]
    copy = replace(plain, face=replace(plain.face, branch_name=branch_name))
    issue_copies(office.register, office.by(), [copy])
    return copy


def _apply(office: Office, post_id: str, branch: str) -> None:
    content = PostContent(
        name=NAMES_OF_POSTS[post_id],
        kind=PostKind.COLLECTIVE,
        collective_kind=CollectiveKind.SERVICE_POST,
        place="一楼大厅",
        duties="办理报销与核算",
        members=tuple(Member(name=each) for each in NAMES[post_id]),
    )
    row = RosterRow(branch_name=BRANCHES[branch], content=content, row=3)
    apply_roster(office.register, office.by(), [row])


def _speak(office: Office, copy: Copy) -> None:
    said: tuple[dict[str, Any], ...] = (
        {"topic": Topic.COMPLAINT, "grade": Grade.VERY_DISSATISFIED, "comment": COMPLAINT},
        {"topic": Topic.PRAISE, "grade": Grade.SATISFIED, "comment": PRAISE},
    )
    for receipt, words in zip(RECEIPTS, said, strict=True):
        message = Message(receipt=receipt, copy_id=copy.id, voter=receipt, **words)
        give_feedback(office.register, _public(office), message)


def _public(office: Office) -> Authority:
    actor = Actor(name="群众", role=Role.PUBLIC)
    return Authority(actor=actor, now=office.by().now, policy=office.policy)


def _hang_notices(office: Office) -> None:
    _apply(office, APPLIED, B)
    plan = file_plan(office.register, office.by(), B, NewPlan(year=2026, title="创建方案", text="设岗两个"))
    for subject, shown in ((NoticeSubject.PLANS, plan.id), (NoticeSubject.APPLICATIONS, f"{APPLIED}-A1")):
        new = NewNotice(subject=subject, object_ids=(shown,), places="公开栏", opens_on=date(2026, 11, 16))
        post_notice(office.register, office.by(), new)


def _grant_tokens(office: Office) -> None:
    for each in OFFICES:
        grant(office, each, each.scopes, token_of(each))
        for scope in each.scopes:
            grant(office, each, (scope,), token_for(each, scope))


def grant(office: Office, to: ToolOffice, scopes: tuple[Scope, ...], text: str, days: int = 90) -> None:
    """Grant a token whose text is known."""
    new = NewToken(
        label=f"{to}",
        secret_hash=hash_of(text),
        role=to.role,
        branch_name=BRANCHES[to.branch_id] if to.branch_id else "",
        scopes=scopes,
        days=days,
    )
    grant_token(office.register, office.by(Role.ADMINISTRATOR), new)
