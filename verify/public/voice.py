"""Receiving what the public says: a form or JSON in, a receipt out (F24, F25).

Keeps neither address nor browser. A device is known by a random cookie set with its first message; the
register sees only a keyed hash of it, of the plate and of the week.
"""

import re
from dataclasses import replace
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from store.acts.voice import Message, give_feedback
from store.calendar import office_day
from store.codes import CROCKFORD
from store.records import Copy, Feedback
from store.refusals import Refusal
from store.terms import GRADE_EN, GRADE_ZH
from verify.errors import status_of, wants_json
from verify.network import check_same_site, keyed, network_key
from verify.plate import look_up
from verify.public.forms import Said, said
from verify.public.plates import AddressAsked, scan_answer
from verify.site import READS, Site, SiteNow

DEVICE_COOKIE = "device"
DEVICE_DAYS = 400
RECEIPT_LENGTH = 12
_DEVICE = re.compile("[0-9a-f]{32}")

router = APIRouter()
SaidNow = Annotated[Said, Depends(said)]


@router.post("/number/{number}/feedback", dependencies=[Depends(check_same_site)])
@router.post("/{code}/feedback", dependencies=[Depends(check_same_site)])
def receive(request: Request, site: SiteNow, address: AddressAsked, words: SaidNow) -> Response:
    """Receive a message; a refused one comes back with everything that was typed."""
    scan = look_up(site, address)
    if scan.copy is None:
        return scan_answer(request, site, address, said=words)
    check_flood(request, site)
    device = _device(request, site)
    message = _message(request, site, scan.copy, words, device)
    try:
        feedback = give_feedback(site.register, site.public_authority(), message)
    except Refusal as refusal:
        if wants_json(request):
            raise
        return scan_answer(
            request, site, address, said=replace(words, refusal=refusal), status=status_of(refusal)
        )
    return _thanked(request, site, feedback, device)


def _device(request: Request, site: Site) -> str:
    known = request.cookies.get(site.settings.cookie_name(DEVICE_COOKIE), "")
    return known if _DEVICE.fullmatch(known) else site.entropy(16).hex()


def check_flood(request: Request, site: Site) -> None:
    """Let a message pass unless its network sends ten times what a whole office would.

    Raises:
        HTTPException: 429, far too many messages.

    """
    if not site.throttles.messages.takes(network_key(request, site), site.clock()):
        raise HTTPException(429, headers={"Retry-After": "60"})


def _message(request: Request, site: Site, copy: Copy, words: Said, device: str) -> Message:
    pace = keyed(site, copy.id, network_key(request, site))
    return Message(
        receipt=_receipt(site),
        copy_id=copy.id,
        topic=words.topic,
        grade=words.grade,
        comment=words.comment,
        voter=keyed(site, "voter", device, copy.id, _week(site.clock())),
        may_count=words.grade is None or site.throttles.votes.takes(pace, site.clock()),
    )


def _receipt(site: Site) -> str:
    return "".join(CROCKFORD[byte & 31] for byte in site.entropy(RECEIPT_LENGTH))


def _week(now: datetime) -> str:
    year, week, _ = office_day(now).isocalendar()
    return f"{year}-W{week:02d}"


def _thanked(request: Request, site: Site, feedback: Feedback, device: str) -> Response:
    site.metrics.count("feedback", feedback.topic.value)
    where = f"/receipt/{feedback.id}"
    response: Response = RedirectResponse(where, 303)
    if wants_json(request):
        body = {"receipt": feedback.id, "counted": feedback.counted, "topic": feedback.topic.value}
        response = JSONResponse(body, 201, {"Location": where})
    response.set_cookie(
        site.settings.cookie_name(DEVICE_COOKIE),
        device,
        max_age=DEVICE_DAYS * 24 * 3600,
        secure=site.settings.secure_cookies,
        httponly=True,
        samesite="lax",
    )
    return response


@router.api_route("/receipt/{receipt}", methods=READS)
def receipt(site: SiteNow, receipt: str) -> HTMLResponse:
    """Show that a message was received and what happens with it."""
    feedback = site.register.get(Feedback, receipt.strip().upper())
    if feedback is None:
        raise HTTPException(404)
    grade = feedback.grade
    words = (GRADE_ZH[grade], GRADE_EN[grade]) if grade else None
    return HTMLResponse(site.render("public/receipt.html", feedback=feedback, grade=words))
