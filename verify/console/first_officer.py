"""The first account of a deployment, set up from the machine itself and by the key only it shows.

Behind a proxy on the same machine every request seems to come from it, so that its address alone proves
nothing; the key does, which `gangpai serve` prints when it starts without any account.
"""

import hmac
from ipaddress import ip_address
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from store.records import Officer
from store.refusals import Refusal
from verify.console.doorway import let_in
from verify.console.guard import SIGN_IN, ConsoleRoute, Doorstep, see_other, status_of
from verify.joining import set_up, setup_key, twice_the_same
from verify.languages import language_of
from verify.site import site_of

router = APIRouter(prefix="/console/setup", route_class=ConsoleRoute)
AtDoorstep = Annotated[FormData, Depends(Doorstep())]


class NotAtTheMachine(Refusal):
    """The first account is set up elsewhere than at the machine, or without its key. Remedy: go there."""

    reason_zh = "首个账号只能在服务器本机上设立。"
    reason_en = "The first account can be set up on the machine itself only."
    remedy_zh = "请在本机打开 gangpai serve 启动时显示的地址，或运行 gangpai officer add。"
    remedy_en = "Open, there, the address that gangpai serve shows, or run gangpai officer add."


@router.get("")
def ask(request: Request, _form: AtDoorstep, key: str = "") -> Response:
    """Ask for name and password of the first account."""
    if site_of(request).register.count(Officer):
        return see_other(SIGN_IN)
    check_at_machine(request, key)
    return _page(request, key, FormData())


@router.post("")
def add(request: Request, form: AtDoorstep) -> Response:
    """Open the first account, and sign its officer in."""
    key = str(form.get("key", ""))
    check_at_machine(request, key)
    try:
        password = twice_the_same(str(form.get("password", "")), str(form.get("again", "")))
        officer = set_up(site_of(request), str(form.get("name", "")), str(form.get("display", "")), password)
    except Refusal as refusal:
        return _page(request, key, form, refusal)
    return let_in(request, officer)


def check_at_machine(request: Request, key: str) -> None:
    """Let a request pass that comes from this machine with its key.

    Raises:
        NotAtTheMachine: it does not.

    """
    right = hmac.compare_digest(key.encode(), setup_key(site_of(request)).encode())
    if not (right and _is_here(request.client.host if request.client else "")):
        raise NotAtTheMachine


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _page(request: Request, key: str, form: FormData, refusal: Refusal | None = None) -> Response:
    typed = {name: str(form.get(name, "")) for name in ("name", "display")}
    facts = {"key": key, "typed": typed, "refusal": refusal}
    page = site_of(request).render("console/first_officer.html", language_of(request), **facts)
    return HTMLResponse(page, status_of(refusal) if refusal else 200)
