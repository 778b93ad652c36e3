"""Receiving what the public says: a form or JSON in, a receipt out, and on it the answer (F24, F25).

Keeps neither address nor browser. A device is known by a random cookie set with its first message; the
register sees only a keyed hash of it, of the plate and of the week.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from store.acts.voice import (
    AlreadyReRated,
    Message,
    NothingSaid,
    NothingToReRate,
    NotSettled,
    give_feedback,
    may_re_rate,
    message_of,
    re_rate,
)
from store.calendar import office_day
from store.codes import RECEIPT_BYTES, receipt_code
from store.contacts import seal_if_left
from store.feedback import Answers, Clock, answers_to, clock_of, must_be_answered
from store.records import Copy, Feedback, Grade
from store.refusals import Refusal
from store.terms import GRADE_EN, GRADE_ZH, TOPIC_EN, TOPIC_ZH
from verify.errors import status_of, wants_json
from verify.languages import Language, language_of
from verify.network import check_same_site, keyed, network_key
from verify.plate import look_up
from verify.public.forms import Said, said
from verify.public.plates import GRADES, AddressAsked, scan_answer
from verify.site import READS, Site, SiteNow, SpokenNow

DEVICE_COOKIE = "device"
DEVICE_DAYS = 400
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
    try:
        message = _message(request, site, scan.copy, words, device)
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
    receipt = receipt_code(site.entropy(RECEIPT_BYTES))
    return Message(
        receipt=receipt,
        copy_id=copy.id,
        topic=words.topic,
        grade=words.grade,
        comment=words.comment,
        voter=keyed(site, "voter", device, copy.id, _week(site.clock())),
        may_count=words.grade is None or site.throttles.votes.takes(pace, site.clock()),
        sealed_contact=seal_if_left(
            words.contact, site.settings.contact_key, subject_id=receipt, entropy=site.entropy
        ),
    )


def _week(now: datetime) -> str:
    year, week, _ = office_day(now).isocalendar()
    return f"{year}-W{week:02d}"


def _thanked(request: Request, site: Site, feedback: Feedback, device: str) -> Response:
    site.metrics.feedback.labels(feedback.topic.value).inc()
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


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What whoever holds a receipt sees: what was said, by when it is answered, the answer, the next step."""

    feedback: Feedback
    answers: Answers
    clock: Clock | None
    can_be_graded_again: bool

    @property
    def word(self) -> str:
        """Where the message stands, in one word."""
        return "已答复" if self.answers.settlement else "已收到"


@router.api_route("/receipt/{receipt}", methods=READS)
def receipt(site: SiteNow, spoken: SpokenNow, receipt: str) -> HTMLResponse:
    """Show that a message was received, by when it is answered, and the answer."""
    return _receipt_page(site, spoken, receipt)


@router.post("/receipt/{receipt}/rating", dependencies=[Depends(check_same_site)])
def grade_again(request: Request, site: SiteNow, receipt: str, words: SaidNow) -> Response:
    """Take the second grade of a settled 差评, once; whoever has the receipt gave the first."""
    check_flood(request, site)
    try:
        rating = re_rate(site.register, site.public_authority(), receipt, _grade_of(words))
    except (NothingSaid, NotSettled, NothingToReRate, AlreadyReRated) as refusal:
        if wants_json(request):
            raise
        return _receipt_page(site, language_of(request), receipt, refusal)
    where = f"/receipt/{rating.feedback_id}"
    if wants_json(request):
        return JSONResponse({"receipt": rating.feedback_id, "grade": rating.grade.value}, 201)
    return RedirectResponse(where, 303)


def _grade_of(words: Said) -> Grade:
    if words.grade is None:
        raise NothingSaid
    return words.grade


def _receipt_page(site: Site, spoken: Language, receipt: str, refusal: Refusal | None = None) -> HTMLResponse:
    with site.register.snapshot() as reader:
        feedback = message_of(reader, receipt)
        shown = _receipt_of(site, feedback, answers_to(reader, feedback.id))
    words = {"grade_zh": GRADE_ZH, "grade_en": GRADE_EN, "topic_zh": TOPIC_ZH, "topic_en": TOPIC_EN}
    page = site.render("public/receipt.html", spoken, receipt=shown, refusal=refusal, grades=GRADES, **words)
    return HTMLResponse(page, status_of(refusal) if refusal else 200)


def _receipt_of(site: Site, feedback: Feedback, answers: Answers) -> Receipt:
    owed = must_be_answered(feedback)
    return Receipt(
        feedback=feedback,
        answers=answers,
        clock=clock_of(feedback, answers, site.settings.policy, site.clock()) if owed else None,
        can_be_graded_again=may_re_rate(feedback, answers),
    )
