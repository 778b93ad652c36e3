"""Signing in by an identity provider: the browser is sent there, and comes back with a code.

Lists its obligations (RFC 9700, 2 and 4; OWASP ASVS 5.0, 10.5); each step bears the number it discharges.
    1. Only the browser that began a sign-in ends it, within ten minutes.
    2. The provider opens an account there is, that the administrator bound; it never makes one.
    3. A code is owed as after a password, unless the provider vouched for a second factor the settings take.
    4. Whatever goes wrong is told in words, on the page that asks for name and password.
"""

import hmac
import re
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from store.acts.authority import Actor, Authority
from store.acts.identities import Vouched, pin_identity, vouched_binding
from store.acts.officers import active_officer
from store.records import IdentityBinding, IdentityClaim, Officer, Role
from store.refusals import Refusal
from verify.console.doorway import forget, keep, let_in, turned_away
from verify.console.guard import SIGN_IN, ConsoleRoute, Doorstep, see_other
from verify.identity import Question, address_of_question, answer_of
from verify.network import keyed
from verify.sessions import Proof
from verify.signing_in import sealed_for_a_while, unsealed
from verify.site import Site, site_of

BACK = "/console/sign-in/identity/back"
STATE_COOKIE = "state"
STATE_BYTES = 32
router = APIRouter(prefix="/console/sign-in/identity", route_class=ConsoleRoute)
AtDoorstep = Annotated[FormData, Depends(Doorstep())]
_ERROR = re.compile(r"[a-z_]{1,40}")


class SignInNotBegun(Refusal):
    """The browser did not begin this sign-in, or too long ago. Remedy: begin once more."""

    reason_zh = "这次登录不是从本浏览器开始的，或已超过10分钟。"
    reason_en = "This sign-in was not begun in this browser, or more than 10 minutes ago."
    remedy_zh = "请重新点“统一身份登录”。"
    remedy_en = "Begin once more."


class ProviderDeclined(Refusal):
    """The provider did not let the person in. Remedy: sign in with name and password."""

    problem: str

    reason_zh = "统一身份服务没有同意登录（{problem}）。"
    reason_en = "The identity provider did not let you in ({problem})."
    remedy_zh = "请重试，或用登录名和密码登录。"
    remedy_en = "Try again, or sign in with name and password."


class NotBound(Refusal):
    """The provider vouches for somebody whom no account is for. Remedy: have the identity bound."""

    who: str

    reason_zh = "统一身份“{who}”没有绑定任何账号。"
    reason_en = "No account is bound to the identity {who!r}."
    remedy_zh = "请用登录名和密码登录；要用统一身份，请系统管理员在“人员”中绑定。"
    remedy_en = "Sign in with name and password, or ask the administrator to bind it."


@router.get("")
def go_there(request: Request, _form: AtDoorstep) -> Response:
    """Send the browser to the provider; nothing is kept but what it takes along."""
    site = site_of(request)
    provider = site.settings.identity_provider
    if provider is None:
        return see_other(SIGN_IN)
    state = site.entropy(STATE_BYTES).hex()
    try:
        response = see_other(address_of_question(provider, question_of(site, state)))
    except Refusal as refusal:
        return turned_away(request, "", refusal)  # 4
    keep(response, site, STATE_COOKIE, sealed_for_a_while(site, STATE_COOKIE, state))
    return response


@router.get("/back")
def come_back(
    request: Request, _form: AtDoorstep, state: str = "", code: str = "", error: str = ""
) -> Response:
    """Sign in whom the provider vouches for, if an account is bound to them."""
    site = site_of(request)
    provider = site.settings.identity_provider
    if provider is None:
        return see_other(SIGN_IN)
    try:
        question = _question_asked(request, state)
        _check_granted(code, error)
        word = answer_of(provider, question, code, site.clock())
        officer = officer_vouched(site, word.vouched)
        response = let_in(request, officer, Proof(assured_by=word.assured_by))  # 3
    except Refusal as refusal:
        response = turned_away(request, "", refusal)  # 4
    forget(response, site, STATE_COOKIE)
    return response


def question_of(site: Site, state: str) -> Question:
    """Return the question that goes with a state: what else is secret follows from it."""
    return Question(
        state=state,
        nonce=keyed(site, "oidc nonce", state),
        verifier=keyed(site, "oidc verifier", state),
        redirect_uri=site.settings.base_url.rstrip("/") + BACK,
    )


def _question_asked(request: Request, state: str) -> Question:
    site = site_of(request)
    kept = unsealed(site, STATE_COOKIE, request.cookies.get(site.settings.cookie_name(STATE_COOKIE), ""))
    if not kept or not hmac.compare_digest(kept[0].encode(), state.encode()):
        raise SignInNotBegun  # 1
    return question_of(site, state)


def _check_granted(code: str, error: str) -> None:
    if error or not code:
        raise ProviderDeclined(problem=error if _ERROR.fullmatch(error) else "no_code")


def officer_vouched(site: Site, vouched: Vouched) -> Officer:
    """Return the officer whose account is bound to an identity, and pin an e-mail to its subject.

    Raises:
        NotBound: there is none.
        NoIdentity: it was unbound just now.

    """
    with site.register.snapshot() as reader:
        binding = vouched_binding(reader, vouched)
        officer = active_officer(reader, binding.officer_id) if binding else None
    if binding is None or officer is None:
        raise NotBound(who=vouched.email or vouched.subject)  # 2
    if binding.claim is IdentityClaim.EMAIL:
        _pin(site, binding, vouched.subject)
    return officer


def _pin(site: Site, binding: IdentityBinding, subject: str) -> None:
    actor = Actor(name=binding.officer_id, role=Role.PUBLIC)
    authority = Authority(actor=actor, now=site.clock(), policy=site.policy)
    pin_identity(site.register, authority, binding, subject)
