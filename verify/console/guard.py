"""The guard at the console's door: who a request comes from, and whether it may do what it asks.

Lists its obligations (OWASP ASVS 5.0, 3.5, 7.2 and 8.2); each step bears the number it discharges.
    1. Every route says who may use it; one that does not say so cannot be built.
    2. What changes anything comes from one of our own pages, by the browser's word.
    3. Whoever is not signed in is sent to the sign-in page; a session is looked up anew for each request.
    4. What changes anything carries the token of the session.
    5. Only the declared roles pass. The acts ask once more (store/acts/authority.py).
    6. A role that has to sign in with a code has a session that was opened with one.
    7. What cannot be taken back, and what lets others in, asks for a code once more.

Looking at a page writes nothing but the trace that the session is in use, once a minute at most.
"""

import hmac
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from typing import Any

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.routing import APIRoute
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from store.acts.authority import Actor, Authority
from store.acts.issue import PRINTERS
from store.branches import organisation
from store.feedback import reads_complaints
from store.policy import Policy
from store.records import Officer, Role
from store.refusals import Refusal
from verify import errors
from verify.console.papers import NoSuchPaper
from verify.console.places import EVERY_OFFICER, HEARS, IMPORTS, PLACES, SEES_RECALLS, TAKES_IN, WORKS, Place
from verify.console.wording import ENGLISH, WORDS
from verify.identity import ProviderAway
from verify.languages import language_of
from verify.network import check_same_site, network_key
from verify.passwords import SignInsBusy
from verify.public.forms import ROSTER_FORM_BYTES_MOST
from verify.second_factor import NoDevice, is_proven, is_required
from verify.sessions import Session, form_token, living_session, note_activity, session_id
from verify.signing_in import TooManyFailures, accept_code, owes_code
from verify.site import Site, site_of

SESSION_COOKIE = "session"
SIGN_IN = "/console/sign-in"
SAFE_METHODS = frozenset({"GET", "HEAD"})
SECRETS = frozenset({"token", "password", "again", "current", "code"})
"""Fields of a form that no page ever repeats."""

CARRIED = frozenset({"sheets", "seen"})
"""Fields that a page carries for itself; nobody reads them."""


class NotSignedIn(Refusal):
    """The browser is not signed in, or not any more. Remedy: sign in."""

    reason_zh = "尚未登录，或登录已过期。"
    reason_en = "You are not signed in, or not any more."
    remedy_zh = "请登录后再办理。"
    remedy_en = "Sign in first."


class StaleForm(Refusal):
    """A form does not carry the token of the session. Remedy: send it once more, as it is handed back."""

    reason_zh = "表单已失效，未作任何更改。"
    reason_en = "The form is no longer good; nothing was changed."
    remedy_zh = "请核对后重新提交。"
    remedy_en = "Look it over and send it once more."


class NotForThisRole(Refusal):
    """The officer's role does not include the page. Remedy: ask whoever it belongs to."""

    reason_zh = "您的角色无权办理此事。"
    reason_en = "Your role does not include this."
    remedy_zh = "如确需办理，请联系中心党委或系统管理员。"
    remedy_en = "Ask the committee or the administrator."


STATUS: dict[type[Refusal], HTTPStatus] = {
    NotSignedIn: HTTPStatus.UNAUTHORIZED,
    StaleForm: HTTPStatus.FORBIDDEN,
    NotForThisRole: HTTPStatus.FORBIDDEN,
    TooManyFailures: HTTPStatus.TOO_MANY_REQUESTS,
    SignInsBusy: HTTPStatus.SERVICE_UNAVAILABLE,
    ProviderAway: HTTPStatus.SERVICE_UNAVAILABLE,
    NoSuchPaper: HTTPStatus.NOT_FOUND,
}
"""The console's own refusals that are not the plain 422; the others answer as everywhere (errors.py)."""


def status_of(refusal: Refusal) -> HTTPStatus:
    """Return the HTTP status of a refusal."""
    return STATUS.get(type(refusal)) or errors.status_of(refusal)


@dataclass(frozen=True, kw_only=True)
class Desk:
    """A signed-in officer with one request in hand."""

    request: Request
    site: Site
    session: Session
    form: FormData

    @property
    def officer(self) -> Officer:
        """Who is signed in."""
        return self.session.officer

    @property
    def authority(self) -> Authority:
        """The officer's authority at this moment."""
        actor = Actor(name=self.officer.id, role=self.officer.role, branch_id=self.officer.branch_id)
        return Authority(actor=actor, now=self.site.clock(), policy=self.policy)

    @cached_property
    def policy(self) -> Policy:
        """The policy in force when the request was first answered by it."""
        return self.site.policy

    @cached_property
    def token(self) -> str:
        """What every form of the page has to carry."""
        return form_token(self.site, self.session)

    @property
    def branch_id(self) -> str | None:
        """The one branch the officer sees, or None for all."""
        return self.officer.branch_id

    @property
    def unit(self) -> str:
        """The name of the officer's branch or committee."""
        branch = organisation(self.site.register, self.officer.branch_id or "-")
        return branch.name if branch else self.policy.committee_name

    @property
    def places(self) -> list[Place]:
        """Where the menu leads this officer."""
        return [place for place in PLACES if self.may(*place.roles) and not (place.of_all and self.branch_id)]

    @property
    def path(self) -> str:
        """The address of the page, without parameters."""
        return self.request.url.path

    @property
    def prints(self) -> bool:
        """Whether the officer orders prints."""
        return self.may(*PRINTERS)

    @property
    def decides(self) -> bool:
        """Whether the officer decides on posts."""
        return self.may(Role.COMMITTEE)

    @property
    def works(self) -> bool:
        """Whether the officer is told what is due."""
        return self.may(*WORKS)

    @property
    def sees_recalls(self) -> bool:
        """Whether the officer sees which plates are out."""
        return self.may(*SEES_RECALLS)

    @property
    def takes_in(self) -> bool:
        """Whether the officer takes in plates."""
        return self.may(*TAKES_IN)

    @property
    def files(self) -> bool:
        """Whether the officer files plans, summaries and rosters."""
        return self.may(*IMPORTS)

    @property
    def hears(self) -> bool:
        """Whether the officer reads what the public said."""
        return self.may(*HEARS)

    @property
    def reads_complaints(self) -> bool:
        """Whether the officer reads complaints as well."""
        return reads_complaints(self.authority)

    def may(self, *roles: Role) -> bool:
        """Whether the officer has one of the roles."""
        return self.officer.role in roles

    def check_branch(self, branch_id: str) -> None:
        """Let the officer pass who may look into the branch.

        Raises:
            NotAllowed: a branch officer looks into another branch.

        """
        self.authority.permit(*EVERY_OFFICER, branch_id=branch_id)

    def said(self, field: str) -> str:
        """Return what the form says in a field; nothing where it says nothing."""
        value = self.form.get(field)
        return value.strip() if isinstance(value, str) else ""

    def asked(self, field: str) -> str:
        """Return what the address asks for in a parameter; nothing where it asks nothing."""
        return self.request.query_params.get(field, "").strip()

    @property
    def owes_code(self) -> bool:
        """Whether the officer is asked for a code once more before the gravest acts."""
        return owes_code(self.site, self.officer)

    def check_code(self) -> None:
        """Let an act pass that the officer confirmed with a code; who signs in without one is not asked.

        Raises:
            TooManyFailures, WrongCode, CodeAlreadyUsed: it is not confirmed.
            NoDevice: a provider vouched for the sign-in, and nothing shows codes.

        """
        network = network_key(self.request, self.site)
        factor = accept_code(self.site, self.officer, self.said("code"), network)  # 7
        if factor is None and is_required(self.site, self.officer):
            raise NoDevice

    def page(self, template: str, *, status: int = 200, **context: object) -> HTMLResponse:
        """Return a page of the console."""
        spoken = language_of(self.request)
        told = {"desk": self, "words": WORDS, "english": ENGLISH}
        page = self.site.render(f"console/{template}", spoken, **told, **context)
        return HTMLResponse(page, status)


async def form_of(request: Request) -> AsyncIterator[FormData]:
    """Give the form a request carries, its files open until the request is answered; else an empty one."""
    form = await form_sent(request)
    try:
        yield form
    finally:
        await form.close()


async def form_sent(request: Request) -> FormData:
    """Return the form a request carries; an empty one where it carries none."""
    if request.method in SAFE_METHODS:
        return FormData()
    return await request.form(
        max_part_size=ROSTER_FORM_BYTES_MOST
    )  # the body was bounded before (headers.py)


class Officers:
    """Declares that a route is for signed-in officers of these roles, and lets nobody else pass."""

    def __init__(self, *roles: Role) -> None:
        self.roles = frozenset(roles)

    def __call__(self, request: Request, form: FormData = Depends(form_of)) -> Desk:  # noqa: B008 -- FastAPI's way
        """Return the officer at the desk.

        Raises:
            HTTPException: 403, a foreign page sent the request.
            NotSignedIn, StaleForm, NotForThisRole: the request may not pass.

        """
        check_sender(request)  # 2
        session = signed_in(request)  # 3
        if session is None:
            raise NotSignedIn
        desk = Desk(request=request, site=site_of(request), session=session, form=form)
        check_token(desk)  # 4
        if not desk.may(*self.roles):
            raise NotForThisRole  # 5
        note_activity(desk.site.register, session, desk.site.clock())
        return desk


class Doorstep:
    """Declares that a route is for whoever is not signed in yet; sending a form from elsewhere is refused."""

    def __call__(self, request: Request, form: FormData = Depends(form_of)) -> FormData:  # noqa: B008 -- as above
        """Return the form the request carries.

        Raises:
            HTTPException: 403, a foreign page sent the request.

        """
        check_sender(request)  # 2
        return form


def check_sender(request: Request) -> None:
    """Let a request pass that only looks, or that one of our own pages has sent.

    Raises:
        HTTPException: 403, a foreign page sent it.

    """
    if request.method not in SAFE_METHODS:
        check_same_site(request)


def check_token(desk: Desk) -> None:
    """Let a request pass that only looks, or that carries the token of its session.

    Raises:
        StaleForm: it does not.

    """
    if desk.request.method in SAFE_METHODS:
        return
    if not hmac.compare_digest(desk.said("token").encode(), desk.token.encode()):
        raise StaleForm


def signed_in(request: Request) -> Session | None:
    """Return the living session of the browser, or None."""
    site, secret = site_of(request), session_secret(request)
    session = living_session(site.register, session_id(secret), site.clock()) if secret else None
    if session is None or (is_required(site, session.officer) and not is_proven(site, session.record)):
        return None  # 6
    return session


def session_secret(request: Request) -> str:
    """Return the session's secret as the browser's cookie holds it; nothing without a cookie."""
    return request.cookies.get(site_of(request).settings.cookie_name(SESSION_COOKIE), "")


class ConsoleRoute(APIRoute):
    """A route that says who may use it, and whose refusals become pages of the console."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:  # noqa: ANN401 -- APIRoute's
        super().__init__(path, endpoint, **options)
        if self.declared is None:
            raise TypeError(f"{path} does not declare who may use it")  # 1

    @property
    def declared(self) -> Officers | Doorstep | None:
        """Who may use the route."""
        calls = (dependency.call for dependency in self.dependant.dependencies)
        return next((call for call in calls if isinstance(call, Officers | Doorstep)), None)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler, with every refusal answered in one place."""
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await handle(request)
            except (NotSignedIn, StaleForm) as refusal:
                return await handed_back(request, refusal)
            except Refusal as refusal:
                return failure(request, status_of(refusal), zh=refusal.zh, en=refusal.en)
            except HTTPException as error:
                zh, en = errors.PLAIN_WORDS.get(error.status_code, errors.PLAIN_WORDS[422])
                return failure(request, error.status_code, zh=zh, en=en)

        return answer


async def handed_back(request: Request, refusal: NotSignedIn | StaleForm) -> Response:
    """Hand back what was filled in, to be sent once more; send on to the sign-in who filled in nothing.

    Only what one of our own pages sent comes this far (2), and nothing is done before it is sent again.
    """
    form = await form_sent(request)
    fields = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
    typed = [(name, value) for name, value in fields if name not in SECRETS and value]
    session = signed_in(request)
    if session is None and not typed:
        return see_other(SIGN_IN)
    token = form_token(site_of(request), session) if session else ""
    facts: dict[str, object] = {"refusal": refusal, "typed": typed, "token": token, "unread": CARRIED}
    facts["address"] = request.url.path
    page = site_of(request).render("console/handed_back.html", language_of(request), **facts)
    return HTMLResponse(page, status_of(refusal))


def failure(request: Request, status: int, *, zh: str, en: str) -> Response:
    """Answer what cannot be done, in the console's frame."""
    spoken = language_of(request)
    page = site_of(request).render("console/failure.html", spoken, status=status, zh=zh, en=en)
    return HTMLResponse(page, status)


def see_other(address: str) -> Response:
    """Send the browser on after something was done."""
    return RedirectResponse(address, HTTPStatus.SEE_OTHER)
