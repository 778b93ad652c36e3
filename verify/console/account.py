"""The officer's own account: its browsers, its password, and the device that shows codes."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from store.acts.credentials import (
    change_password,
    give_up_second_factor,
    second_factor_of,
    used_codes,
)
from store.refusals import Refusal
from verify.console.doorway import password_gate
from verify.console.guard import ConsoleRoute, Desk, Officers, see_other, status_of
from verify.console.places import EVERY_OFFICER
from verify.joining import enrol, key_shown, twice_the_same
from verify.network import network_key
from verify.passwords import PasswordGate, hash_password
from verify.second_factor import is_required
from verify.sessions import end_other_sessions, end_session, living_sessions
from verify.signing_in import Attempt, WrongNameOrPassword, check_password, halfway_of, seal_halfway

router = APIRouter(prefix="/console/account", route_class=ConsoleRoute)
OfficerAtDesk = Annotated[Desk, Depends(Officers(*EVERY_OFFICER))]
DONE = {
    "password": (
        "密码已修改，其他浏览器已退出。",
        "The password was changed; other browsers are signed out.",
    ),
    "factor": ("手机验证码已停用。", "The second factor was taken away."),
}


class WrongPassword(Refusal):
    """The password typed as the present one is not. Remedy: type it again."""

    reason_zh = "现在的密码不对。"
    reason_en = "The present password is wrong."
    remedy_zh = "请重新输入；忘记了请系统管理员发一个新的链接。"
    remedy_en = "Type it again, or ask the administrator for a link."


@router.get("")
def account(desk: OfficerAtDesk) -> Response:
    """Show whose account this is, and every browser signed in to it."""
    return _page(desk)


def _page(desk: Desk, refusal: Refusal | None = None) -> Response:
    register, now = desk.site.register, desk.site.clock()
    factor = second_factor_of(register, desk.officer.id)
    used = used_codes(register, factor) if factor else frozenset()
    return desk.page(
        "account.html",
        status=status_of(refusal) if refusal else 200,
        sessions=living_sessions(register, desk.officer.id, now),
        factor=factor,
        codes_left=len(set(factor.recovery_hashes) - used) if factor else 0,
        is_required=is_required(desk.site, desk.officer),
        refusal=refusal,
        done=DONE.get(desk.asked("done")),
    )


@router.post("/sessions/{ended_id}/end")
def end_own(desk: OfficerAtDesk, ended_id: str) -> Response:
    """Sign out one of the officer's own browsers; those of others are not known here."""
    own = living_sessions(desk.site.register, desk.officer.id, desk.site.clock())
    if ended_id in {session.id for session in own}:
        end_session(desk.site.register, ended_id, desk.site.clock())
    return see_other("/console/account")


@router.post("/password")
def change(desk: OfficerAtDesk, gate: Annotated[PasswordGate, Depends(password_gate)]) -> Response:
    """Change the password, and sign out every other browser."""
    try:
        _check_current(desk, gate)
        chosen = twice_the_same(_typed(desk, "password"), _typed(desk, "again"))
        change_password(desk.site.register, desk.authority, hash_password(chosen))
    except Refusal as refusal:
        return _page(desk, refusal)
    end_other_sessions(desk.site.register, desk.officer.id, desk.session.id, desk.site.clock())
    return see_other("/console/account?done=password")


def _check_current(desk: Desk, gate: PasswordGate) -> None:
    network = network_key(desk.request, desk.site)
    attempt = Attempt(name=desk.officer.id, password=_typed(desk, "current"), network=network)
    try:
        check_password(desk.site, gate, attempt)
    except WrongNameOrPassword as wrong:
        raise WrongPassword from wrong


def _typed(desk: Desk, field: str) -> str:
    """Return a password as it was typed: blanks at its ends are part of it."""
    return str(desk.form.get(field, ""))


@router.get("/second-factor")
def enrol_form(desk: OfficerAtDesk) -> Response:
    """Give a device its key."""
    return _enrol_page(desk, seal_halfway(desk.site, desk.officer))


@router.post("/second-factor")
def enrol_device(desk: OfficerAtDesk) -> Response:
    """Accept the device by its first code; show the recovery codes, which nobody sees again."""
    half = halfway_of(desk.site, desk.said("sealed"))
    if half is None or half.officer_id != desk.officer.id:
        return see_other("/console/account/second-factor")
    try:
        network = network_key(desk.request, desk.site)
        enrolled = enrol(desk.site, desk.officer, half.nonce, desk.said("code"), network)
    except Refusal as refusal:
        return _enrol_page(desk, desk.said("sealed"), refusal)
    return desk.page("recovery.html", codes=enrolled.codes)


def _enrol_page(desk: Desk, sealed: str, refusal: Refusal | None = None) -> Response:
    half = halfway_of(desk.site, sealed)
    key = key_shown(desk.site, desk.officer.id, half.nonce) if half else None
    status = status_of(refusal) if refusal else 200
    return desk.page("enrol.html", status=status, key=key, sealed=sealed, refusal=refusal)


@router.post("/second-factor/end")
def end_device(desk: OfficerAtDesk) -> Response:
    """Accept the codes of the officer's device no longer, by one more of them."""
    try:
        desk.check_code()
        reason = "本人停用"
        give_up_second_factor(desk.site.register, desk.authority, reason=reason)
    except Refusal as refusal:
        return _page(desk, refusal)
    return see_other("/console/account?done=factor")
