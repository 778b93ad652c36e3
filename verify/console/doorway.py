"""The console's doorway: signing in with password and code, coming in by invitation, signing out."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from store.acts.credentials import second_factor_of
from store.acts.officers import active_officer
from store.records import Officer, SecondFactor
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
from verify.console.wording import ENGLISH, WORDS
from verify.joining import (
    Enrolled,
    PasswordsDiffer,
    enrol,
    invitation_behind,
    join,
    key_shown,
    twice_the_same,
)
from verify.languages import language_of
from verify.network import network_key
from verify.passwords import PasswordGate, PasswordTooCommon, PasswordTooShort
from verify.sessions import PASSWORD_ALONE, Proof, end_session
from verify.signing_in import (
    Attempt,
    TooManyFailures,
    accept_code,
    begin,
    check_password,
    halfway_of,
    owes_code,
    seal_halfway,
)
from verify.site import Site, site_of

CODE = "/console/sign-in/code"
HALFWAY_COOKIE = "halfway"
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
    page = _sign_in_page(request, "", None)
    return HTMLResponse(page)


@router.post("/sign-in")
def enter(
    request: Request, form: AtDoorstep, gate: Annotated[PasswordGate, Depends(password_gate)]
) -> Response:
    """Take a name and a password; whoever owes a code is asked for it, anybody else is signed in."""
    site, attempt = site_of(request), _attempt(request, form)
    try:
        officer = check_password(site, gate, attempt)
    except Refusal as refusal:
        return turned_away(request, attempt.name, refusal)
    return let_in(request, officer)


def let_in(request: Request, officer: Officer, proof: Proof = PASSWORD_ALONE) -> Response:
    """Sign in an officer known to be themselves; whoever owes a code is asked for it first."""
    site = site_of(request)
    if proof != PASSWORD_ALONE or not owes_code(site, officer):
        return _signed_in(see_other("/console"), request, officer, proof)
    response = see_other(CODE)
    keep(response, site, HALFWAY_COOKIE, seal_halfway(site, officer))
    return response


@router.get("/sign-in/code")
def code_form(request: Request, _form: AtDoorstep) -> Response:
    """Ask for the code of the device, or give a device its key."""
    half = _halfway(request)
    return _code_page(request, half) if half else see_other(SIGN_IN)


@router.post("/sign-in/code")
def enter_code(request: Request, form: AtDoorstep) -> Response:
    """Take the code; a device that was given its key just now is accepted by it."""
    half, typed = _halfway(request), str(form.get("code", ""))
    if half is None:
        return see_other(SIGN_IN)
    site, officer = site_of(request), half.officer
    try:
        if second_factor_of(site.register, officer.id):
            factor = accept_code(site, officer, typed, network_key(request, site))
            return _opened(request, officer, factor)
        enrolled = enrol(site, officer, half.nonce, typed, network_key(request, site))
    except Refusal as refusal:
        return _code_page(request, half, refusal)
    return _recovery_page(request, officer, enrolled)


@dataclass(frozen=True, kw_only=True)
class _Half:
    """The officer that a browser gave the right password of."""

    officer: Officer
    nonce: str


def _halfway(request: Request) -> _Half | None:
    site = site_of(request)
    half = halfway_of(site, request.cookies.get(site.settings.cookie_name(HALFWAY_COOKIE), ""))
    officer = active_officer(site.register, half.officer_id) if half else None
    return _Half(officer=officer, nonce=half.nonce) if half and officer else None


def _code_page(request: Request, half: _Half, refusal: Refusal | None = None) -> Response:
    site, spoken = site_of(request), language_of(request)
    known = second_factor_of(site.register, half.officer.id) is not None
    key = None if known else key_shown(site, half.officer.id, half.nonce)
    page = site.render("console/code.html", spoken, key=key, refusal=refusal, officer=half.officer)
    return _refused(page, refusal)


def _recovery_page(request: Request, officer: Officer, enrolled: Enrolled) -> Response:
    """Sign the officer in and show the recovery codes, which nobody sees again."""
    page = site_of(request).render("console/recovery.html", language_of(request), codes=enrolled.codes)
    return _signed_in(HTMLResponse(page), request, officer, Proof(factor_id=enrolled.factor.id))


def _opened(request: Request, officer: Officer, factor: SecondFactor | None) -> Response:
    proof = Proof(factor_id=factor.id) if factor else PASSWORD_ALONE
    return _signed_in(see_other("/console"), request, officer, proof)


def _signed_in(response: Response, request: Request, officer: Officer, proof: Proof) -> Response:
    """Give the browser the session's secret, which goes into its cookie and nowhere else."""
    site = site_of(request)
    keep(response, site, SESSION_COOKIE, begin(site, officer, proof, session_secret(request)))
    if proof.factor_id is not None:
        forget(response, site, HALFWAY_COOKIE)
    return response


def keep(response: Response, site: Site, name: str, value: str) -> None:
    """Let the browser keep a word that only this site is ever told."""
    response.set_cookie(
        site.settings.cookie_name(name),
        value,
        httponly=True,
        samesite="lax",
        path="/",
        secure=site.settings.secure_cookies,
    )


def forget(response: Response, site: Site, name: str) -> None:
    """Let the browser forget such a word."""
    response.delete_cookie(
        site.settings.cookie_name(name),
        path="/",
        secure=site.settings.secure_cookies,
        httponly=True,
        samesite="lax",
    )


def _attempt(request: Request, form: FormData) -> Attempt:
    return Attempt(
        name=str(form.get("name", "")),
        password=str(form.get("password", "")),
        network=network_key(request, site_of(request)),
    )


def turned_away(request: Request, name: str, refusal: Refusal) -> Response:
    """Say why nobody was signed in, and ask for name and password again."""
    return _refused(_sign_in_page(request, name, refusal), refusal)


def _sign_in_page(request: Request, name: str, refusal: Refusal | None) -> str:
    site = site_of(request)
    facts = {"name": name, "refusal": refusal, "nobody_yet": site.register.count(Officer) == 0}
    return site.render("console/sign_in.html", language_of(request), **facts)


def _refused(page: str, refusal: Refusal | None) -> Response:
    response = HTMLResponse(page, status_of(refusal) if refusal else 200)
    if isinstance(refusal, TooManyFailures):
        response.headers["Retry-After"] = str(refusal.seconds)
    return response


@router.get("/invitation/{secret}")
def invitation(request: Request, _form: AtDoorstep, secret: str) -> Response:
    """Let whoever holds the link choose a password."""
    return _invitation_page(request, secret)


@router.post("/invitation/{secret}")
def accept_invitation(request: Request, form: AtDoorstep, secret: str) -> Response:
    """Take the password; the link is used up, and the officer is signed in."""
    site = site_of(request)
    try:
        chosen = twice_the_same(str(form.get("password", "")), str(form.get("again", "")))
        officer = join(site, secret, chosen)
    except (PasswordTooShort, PasswordTooCommon, PasswordsDiffer) as refusal:
        return _invitation_page(request, secret, refusal)
    return let_in(request, officer)


def _invitation_page(request: Request, secret: str, refusal: Refusal | None = None) -> Response:
    site = site_of(request)
    invited = invitation_behind(site, secret)
    told = {"invited": invited, "secret": secret, "words": WORDS, "english": ENGLISH}
    page = site.render("console/invitation.html", language_of(request), refusal=refusal, **told)
    return HTMLResponse(page, status_of(refusal) if refusal else 200)


@router.post("/sign-out")
def leave(desk: OfficerAtDesk) -> Response:
    """End the session, on every worker at once."""
    end_session(desk.site.register, desk.session.id, desk.site.clock())
    response = see_other(SIGN_IN)
    forget(response, desk.site, SESSION_COOKIE)
    return response
