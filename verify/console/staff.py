"""Who may sign in: invitations, accounts changed and closed; each change is confirmed with a code."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from store.acts.credentials import Invited, invite, second_factor_of, take_second_factor
from store.acts.identities import bind_identity, identity_of, identity_typed, unbind_identity
from store.acts.officers import NewDuties, NoSuchOfficer, active_officer, change_officer, disable_officer
from store.branches import general_branches, organisation, organisations
from store.records import LogEntry, Officer, OfficerDisabled, OfficerSession, Role
from store.refusals import Refusal
from store.register import Reader
from store.staff import officers_now
from verify.console.guard import ConsoleRoute, Desk, Officers, see_other, status_of
from verify.joining import LINK_BYTES, link_hash
from verify.sessions import LASTS_LONGEST, Session, end_other_sessions, living_session

router = APIRouter(prefix="/console/officers", route_class=ConsoleRoute)
AdministratorAtDesk = Annotated[Desk, Depends(Officers(Role.ADMINISTRATOR))]
DONE = {
    "closed": ("账号已停用，已登录的浏览器同时退出。", "The account is closed and signed out everywhere."),
    "factor": ("验证码已停用，下次登录重新启用。", "The second factor was taken away."),
    "signed-out": ("已在所有浏览器上退出。", "Every browser of the account is signed out."),
    "bound": ("统一身份已绑定。", "The identity is bound to the account."),
    "unbound": (
        "统一身份已解除绑定，已登录的浏览器同时退出。",
        "The identity is unbound, and the account signed out everywhere.",
    ),
}
BROWSERS_LOOKED_AT = 10
ROLES = tuple(role for role in Role if role is not Role.PUBLIC)


class NoSuchRole(Refusal):
    """Nobody can be given this role. Remedy: choose one of those listed."""

    reason_zh = "没有选择角色。"
    reason_en = "No role was chosen."
    remedy_zh = "请在列表中选择一个。"
    remedy_en = "Choose one of those listed."


class NoIdentityProvider(Refusal):
    """Nobody vouches for officers in this deployment. Remedy: set an identity provider."""

    reason_zh = "本系统没有接入统一身份服务。"
    reason_en = "No identity provider is set."
    remedy_zh = "请先由运维人员设置 GANGPAI_OIDC_ISSUER 等各项。"
    remedy_en = "Have GANGPAI_OIDC_ISSUER and what goes with it set first."


@dataclass(frozen=True, kw_only=True)
class Account:
    """An account as the list shows it."""

    officer: Officer
    branch_name: str
    is_open: bool
    has_device: bool
    identity: str
    browsers: list[Session]


@router.get("")
def staff(desk: AdministratorAtDesk) -> Response:
    """List the accounts, and ask whom to invite."""
    return _page(desk)


def _page(desk: Desk, refusal: Refusal | None = None, link: str = "") -> Response:
    with desk.site.register.snapshot() as reader:
        names = {each.id: each.name for each in organisations(reader)}
        closed = {each.officer_id for each in reader.find(OfficerDisabled)}
        accounts = [
            Account(
                officer=each,
                branch_name=names.get(each.branch_id or "", ""),
                is_open=each.id not in closed,
                has_device=second_factor_of(reader, each.id) is not None,
                identity=_identity_of(reader, each),
                browsers=_browsers(reader, each, desk.site.clock()),
            )
            for each in officers_now(reader)
        ]
        offices = general_branches(reader)
    return desk.page(
        "staff.html",
        status=status_of(refusal) if refusal else 200,
        accounts=accounts,
        branches=offices,
        roles=ROLES,
        refusal=refusal,
        link=link,
        done=DONE.get(desk.asked("done")),
        changed=desk.asked("changed"),
    )


def _identity_of(reader: Reader, officer: Officer) -> str:
    bound = identity_of(reader, officer.id)
    return bound.value if bound else ""


def _browsers(reader: Reader, officer: Officer, now: datetime) -> list[Session]:
    """Return the signed-in browsers of an officer, among those begun last."""
    begun = reader.newest(OfficerSession, BROWSERS_LOOKED_AT, officer_id=officer.id)
    recent = [each for each in begun if now - each.started_at < LASTS_LONGEST]
    return [living for each in recent if (living := living_session(reader, each.id, now))]


@router.post("/invitations")
def invite_officer(desk: AdministratorAtDesk) -> Response:
    """Make a link by which somebody chooses a password; it is shown once."""
    secret = desk.site.entropy(LINK_BYTES).hex()
    try:
        invited = _invited(desk, secret)
        desk.check_code()
        invite(desk.site.register, desk.authority, invited)
    except Refusal as refusal:
        return _page(desk, refusal)
    base = desk.site.settings.base_url.rstrip("/")
    return _page(desk, link=f"{base}/console/invitation/{secret}")


def _invited(desk: Desk, secret: str) -> Invited:
    return Invited(
        link_hash=link_hash(secret),
        officer_id=desk.said("officer"),
        display_name=desk.said("display"),
        role=_role_chosen(desk),
        branch_name=desk.said("branch"),
    )


def _role_chosen(desk: Desk) -> Role:
    if desk.said("role") not in ROLES:
        raise NoSuchRole
    return Role(desk.said("role"))


@router.get("/{officer_id}/duties")
def duties(desk: AdministratorAtDesk, officer_id: str) -> Response:
    """Show the role and branch of an account, and ask for others."""
    return _duties_page(desk, officer_id)


@router.post("/{officer_id}/duties")
def change_duties(desk: AdministratorAtDesk, officer_id: str) -> Response:
    """Give an account another role or branch; its browsers are signed out."""
    try:
        wanted = NewDuties(
            role=_role_chosen(desk), branch_name=desk.said("branch"), reason=desk.said("reason")
        )
        desk.check_code()
        change_officer(desk.site.register, desk.authority, officer_id, wanted)
    except Refusal as refusal:
        return _duties_page(desk, officer_id, refusal)
    return see_other(f"/console/officers?changed={desk.site.register.count(LogEntry)}")


def _duties_page(desk: Desk, officer_id: str, refusal: Refusal | None = None) -> Response:
    now = desk.site.clock()
    with desk.site.register.snapshot() as reader:
        officer = active_officer(reader, officer_id)
        if officer is None:
            raise NoSuchOfficer(officer_id=officer_id)
        branch = organisation(reader, officer.branch_id) if officer.branch_id else None
        branches, browsers = general_branches(reader), _browsers(reader, officer, now)
    return desk.page(
        "duties.html",
        status=status_of(refusal) if refusal else 200,
        officer=officer,
        branch_name=branch.name if branch else "",
        branches=branches,
        browsers=browsers,
        roles=ROLES,
        refusal=refusal,
    )


@router.post("/{officer_id}/close")
def close(desk: AdministratorAtDesk, officer_id: str) -> Response:
    """Close an account; its browsers are signed out with it."""
    try:
        desk.check_code()
        disable_officer(desk.site.register, desk.authority, officer_id, reason=desk.said("reason"))
    except Refusal as refusal:
        return _page(desk, refusal)
    return see_other("/console/officers?done=closed")


@router.post("/{officer_id}/sessions/end")
def sign_out(desk: AdministratorAtDesk, officer_id: str) -> Response:
    """Sign out every browser of an officer, but for the one that asks."""
    end_other_sessions(desk.site.register, officer_id, desk.session.id, desk.site.clock())
    return see_other("/console/officers?done=signed-out")


@router.post("/{officer_id}/second-factor/end")
def take_device(desk: AdministratorAtDesk, officer_id: str) -> Response:
    """Accept the codes of somebody's device no longer, because it was lost."""
    try:
        desk.check_code()
        take_second_factor(desk.site.register, desk.authority, officer_id, reason=desk.said("reason"))
    except Refusal as refusal:
        return _page(desk, refusal)
    return see_other("/console/officers?done=factor")


@router.post("/{officer_id}/identity")
def bind(desk: AdministratorAtDesk, officer_id: str) -> Response:
    """Let whom the identity provider vouches for by this e-mail or subject into the account."""
    try:
        provider = desk.site.settings.identity_provider
        if provider is None:
            raise NoIdentityProvider
        desk.check_code()
        identity = identity_typed(provider.issuer, desk.said("identity"))
        bind_identity(desk.site.register, desk.authority, officer_id, identity)
    except Refusal as refusal:
        return _page(desk, refusal)
    return see_other("/console/officers?done=bound")


@router.post("/{officer_id}/identity/end")
def unbind(desk: AdministratorAtDesk, officer_id: str) -> Response:
    """Let no identity into the account any longer; its browsers are signed out."""
    try:
        desk.check_code()
        unbind_identity(desk.site.register, desk.authority, officer_id, reason=desk.said("reason"))
    except Refusal as refusal:
        return _page(desk, refusal)
    end_other_sessions(desk.site.register, officer_id, desk.session.id, desk.site.clock())
    return see_other("/console/officers?done=unbound")
