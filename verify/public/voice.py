"""Receiving what the public says: a form or JSON in, a receipt out, and on it the answer (F24, F25).

Two taps are a message: a grade, and Send. Whoever has more to say opens the rest of the form before that, or
adds it afterwards on the receipt page, for an hour. Keeps neither address nor browser. A device is known by a
random cookie set with its first message; the register sees only a keyed hash of it, of plate and week.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from store.acts.attachments import Subject, attachments_of
from store.acts.voice import (
    Extra,
    Message,
    NothingSaid,
    add_to_feedback,
    check_may_add,
    give_feedback,
    may_add,
    may_re_rate,
    message_of,
    re_rate,
)
from store.calendar import office_day
from store.contacts import seal_if_left
from store.feedback import Answers, Clock, answers_to, clock_of, looked_into_on, must_be_answered
from store.records import Addition, Copy, Feedback, Grade, Topic
from store.refusals import Refusal
from store.register import Reader
from store.terms import GRADE_EN, GRADE_ZH, PLATE_PART_EN, PLATE_PART_ZH, TOPIC_EN, TOPIC_ZH
from verify.errors import status_of, wants_json
from verify.languages import Language, language_of
from verify.network import check_same_site, keyed, network_key
from verify.plate import Address, look_up
from verify.proof import ProofNeeded, Visitor, admitted
from verify.public.forms import PARTICULAR, UNSAID, Said, said
from verify.public.photos import made_ready
from verify.public.plates import GRADES, AddressAsked, scan_answer
from verify.site import READS, Site, SiteNow, SpokenNow

T = TypeVar("T")
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
    visitor = visitor_of(request, site)
    try:
        feedback = received(site, scan.copy, words, visitor)
    except Refusal as refusal:
        if wants_json(request):
            raise
        return _handed_back(request, site, address, replace(words, refusal=refusal))
    return _thanked(request, site, feedback, visitor)


def received(site: Site, copy: Copy, words: Said, visitor: Visitor) -> Feedback:
    """Receive what a visitor says about a plate, and return it as it is kept.

    Raises:
        ProofNeeded: it may not pass yet (proof.py).
        Refusal: photos, words or a contact that are not taken, or nothing at all.

    """
    receipt = admitted(site, visitor, copy.id, words.brought)
    message = Message(
        receipt=receipt,
        copy_id=copy.id,
        topic=words.topic,
        grade=words.grade,
        comment=words.comment,
        voter=keyed(site, "voter", visitor.device, copy.id, _week(site.clock())),
        may_count=_may_count(site, visitor, copy, words),
        sealed_contact=_sealed(site, words, receipt),
        differs=words.differs,
        photos=made_ready(site, words.photos),
    )
    return give_feedback(site.register, site.public_authority(), message)


def _may_count(site: Site, visitor: Visitor, copy: Copy, words: Said) -> bool:
    """Whether the network has sent so few votes that this one may count; it is received all the same."""
    pace = keyed(site, copy.id, visitor.network)
    return words.grade is None or site.throttles.votes.takes(pace, site.clock())


def _sealed(site: Site, words: Said, receipt: str) -> str:
    key = site.settings.contact_key
    return seal_if_left(words.contact, key, subject_id=receipt, entropy=site.entropy)


def visitor_of(request: Request, site: Site) -> Visitor:
    """Return who sends a request: a device by its cookie, or a new one, behind a network."""
    known = request.cookies.get(site.settings.cookie_name(DEVICE_COOKIE), "")
    device = known if _DEVICE.fullmatch(known) else site.entropy(16).hex()
    return Visitor(device=device, network=network_key(request, site))


def _week(now: datetime) -> str:
    year, week, _ = office_day(now).isocalendar()
    return f"{year}-W{week:02d}"


def _handed_back(request: Request, site: Site, address: Address, words: Said) -> Response:
    status = status_of(words.refusal) if words.refusal else 0
    answer = scan_answer(request, site, address, said=words, status=status)
    if isinstance(words.refusal, ProofNeeded):
        answer.headers["Retry-After"] = str(words.refusal.seconds)
    return answer


def _thanked(request: Request, site: Site, feedback: Feedback, visitor: Visitor) -> Response:
    site.metrics.feedback.labels(feedback.topic.value).inc()
    where = f"/receipt/{feedback.id}"
    response: Response = RedirectResponse(where, 303)
    if wants_json(request):
        body = {"receipt": feedback.id, "counted": feedback.counted, "topic": feedback.topic.value}
        response = JSONResponse(body, 201, {"Location": where})
    response.set_cookie(
        site.settings.cookie_name(DEVICE_COOKIE),
        visitor.device,
        max_age=DEVICE_DAYS * 24 * 3600,
        secure=site.settings.secure_cookies,
        httponly=True,
        samesite="lax",
    )
    return response


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What whoever holds a receipt sees: what was said, how far it has come, the answer, the next step.

    `looked_into_on` is the day on which the committee first did something about it.
    """

    feedback: Feedback
    answers: Answers
    clock: Clock | None
    looked_into_on: date | None
    photo_count: int
    can_be_graded_again: bool
    can_be_added_to: bool

    @property
    def takes_a_kind(self) -> bool:
        """Whether an addition may still say that it is a complaint, or praise."""
        return self.feedback.topic in {Topic.RATING, Topic.OTHER}


@router.api_route("/receipt/{receipt}", methods=READS)
def receipt(site: SiteNow, spoken: SpokenNow, receipt: str) -> HTMLResponse:
    """Show that a message was received, by when it is answered, and the answer."""
    return _receipt_page(site, spoken, receipt)


@router.post("/receipt/{receipt}/addition", dependencies=[Depends(check_same_site)])
def add(request: Request, site: SiteNow, receipt: str, words: SaidNow) -> Response:
    """Receive what somebody adds to a fresh message, once; whoever has the receipt gave it."""
    try:
        addition = _added(request, site, receipt, words)
    except Refusal as refusal:
        if wants_json(request):
            raise
        return _receipt_page(site, language_of(request), receipt, replace(words, refusal=refusal))
    where = f"/receipt/{addition.feedback_id}"
    if wants_json(request):
        return JSONResponse({"receipt": addition.feedback_id}, 201, {"Location": where})
    return RedirectResponse(where, 303)


def _added(request: Request, site: Site, receipt: str, words: Said) -> Addition:
    authority = site.public_authority()
    with site.register.snapshot() as reader:
        feedback = message_of(reader, receipt)
        check_may_add(reader, authority, feedback)
    admitted(site, visitor_of(request, site), feedback.id, words.brought)
    extra = Extra(
        topic=words.topic if words.topic in PARTICULAR else None,
        comment=words.comment,
        sealed_contact=_sealed(site, words, feedback.id),
        photos=made_ready(site, words.photos),
    )
    return add_to_feedback(site.register, authority, receipt, extra)


@router.post("/receipt/{receipt}/rating", dependencies=[Depends(check_same_site)])
def grade_again(request: Request, site: SiteNow, receipt: str, words: SaidNow) -> Response:
    """Take the second grade of a settled 差评, once; whoever has the receipt gave the first."""
    try:
        admitted(site, visitor_of(request, site), receipt, words.brought)
        rating = re_rate(site.register, site.public_authority(), receipt, _grade_of(words))
    except Refusal as refusal:
        if wants_json(request):
            raise
        return _receipt_page(site, language_of(request), receipt, replace(words, refusal=refusal))
    where = f"/receipt/{rating.feedback_id}"
    if wants_json(request):
        return JSONResponse({"receipt": rating.feedback_id, "grade": rating.grade.value}, 201)
    return RedirectResponse(where, 303)


def _grade_of(words: Said) -> Grade:
    if words.grade is None:
        raise NothingSaid
    return words.grade


def _receipt_page(site: Site, spoken: Language, receipt: str, words: Said = UNSAID) -> HTMLResponse:
    with site.register.snapshot() as reader:
        shown = _receipt_of(site, reader, message_of(reader, receipt))
    page = site.render(
        "public/receipt.html",
        spoken,
        receipt=shown,
        said=words,
        grades=GRADES,
        grade=_told(spoken, GRADE_ZH, GRADE_EN),
        topic=_told(spoken, TOPIC_ZH, TOPIC_EN),
        plate_part=_told(spoken, PLATE_PART_ZH, PLATE_PART_EN),
    )
    return HTMLResponse(page, status_of(words.refusal) if words.refusal else 200)


def _told(spoken: Language, zh: Mapping[T, str], en: Mapping[T, str]) -> dict[T, str]:
    return {each: spoken.pick(zh[each], en[each]) for each in zh}


def _receipt_of(site: Site, reader: Reader, feedback: Feedback) -> Receipt:
    answers, authority = answers_to(reader, feedback.id), site.public_authority()
    owed = must_be_answered(feedback)
    return Receipt(
        feedback=feedback,
        answers=answers,
        clock=clock_of(feedback, answers, site.policy, authority.now) if owed else None,
        looked_into_on=looked_into_on(reader, feedback, answers),
        photo_count=len(attachments_of(reader, Subject(kind=Feedback.__name__, id=feedback.id))),
        can_be_graded_again=may_re_rate(feedback, answers),
        can_be_added_to=may_add(reader, authority, feedback),
    )
