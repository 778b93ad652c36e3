"""Signing in and out, and the officer's own account."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from store.refusals import Refusal
from verify.console.guard import (
    SESSION_COOKIE,
    SIGN_IN,
    ConsoleRoute,
    Desk,
    Doorstep,
    Officers,
    see_other,
    session_secret,
    signed_in,
    status_of,
)
from verify.console.places import EVERY_OFFICER
from verify.languages import language_of
from verify.network import network_key
from verify.passwords import PasswordGate
from verify.sessions import end_session, living_sessions
from verify.signing_in import Attempt, TooManyFailures, sign_in
from verify.site import site_of

router = APIRouter(prefix="/console", route_class=ConsoleRoute)
OfficerAtDesk = Annotated[Desk, Depends(Officers(*EVERY_OFFICER))]
AtDoorstep = Annotated[FormData, Depends(Doorstep())]

_GATE = PasswordGate()
"""One for the whole process: it is the process whose cores are to be spared."""


def password_gate() -> PasswordGate:
    """Return the gate through which this process compares passwords."""
    return _GATE


@router.get("/sign-in")
def sign_in_form(request: Request, _form: AtDoorstep) -> Response:
    """Ask for name and password; whoever is signed in goes on to the console."""
    if signed_in(request):
        return see_other("/console")
    page = site_of(request).render("console/sign_in.html", language_of(request), name="", refusal=None)
    return HTMLResponse(page)


@router.post("/sign-in")
def enter(
    request: Request, form: AtDoorstep, gate: Annotated[PasswordGate, Depends(password_gate)]
) -> Response:
    """Sign a browser in; the session's secret goes into its cookie and nowhere else."""
    site, attempt = site_of(request), _attempt(request, form)
    try:
        secret = sign_in(site, gate, attempt)
    except Refusal as refusal:
        return _turned_away(request, attempt.name, refusal)
    response = see_other("/console")
    response.set_cookie(
        site.settings.cookie_name(SESSION_COOKIE),
        secret,
        httponly=True,
        samesite="lax",
        path="/",
        secure=site.settings.secure_cookies,
    )
    return response


def _attempt(request: Request, form: FormData) -> Attempt:
    return Attempt(
        name=str(form.get("name", "")),
        password=str(form.get("password", "")),
        network=network_key(request, site_of(request)),
        session_before=session_secret(request),
    )


def _turned_away(request: Request, name: str, refusal: Refusal) -> Response:
    page = site_of(request).render("console/sign_in.html", language_of(request), name=name, refusal=refusal)
    response = HTMLResponse(page, status_of(refusal))
    if isinstance(refusal, TooManyFailures):
        response.headers["Retry-After"] = str(refusal.seconds)
    return response


@router.post("/sign-out")
def leave(desk: OfficerAtDesk) -> Response:
    """End the session, on every worker at once."""
    end_session(desk.site.register, desk.session.id, desk.site.clock())
    response = see_other(SIGN_IN)
    response.delete_cookie(
        desk.site.settings.cookie_name(SESSION_COOKIE),
        path="/",
        secure=desk.site.settings.secure_cookies,
        httponly=True,
        samesite="lax",
    )
    return response


@router.get("/account")
def account(desk: OfficerAtDesk) -> Response:
    """Show whose account this is, and every browser signed in to it."""
    sessions = living_sessions(desk.site.register, desk.officer.id, desk.site.clock())
    return desk.page("account.html", sessions=sessions)


@router.post("/account/sessions/{ended_id}/end")
def end_own(desk: OfficerAtDesk, ended_id: str) -> Response:
    """Sign out one of the officer's own browsers; those of others are not known here."""
    own = living_sessions(desk.site.register, desk.officer.id, desk.site.clock())
    if ended_id in {session.id for session in own}:
        end_session(desk.site.register, ended_id, desk.site.clock())
    return see_other("/console/account")
