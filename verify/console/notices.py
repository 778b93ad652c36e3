"""Public notices: what waits to be shown, what is shown and until when, and what was objected to it (F26)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from store.acts.notices import (
    NewNotice,
    NewObjection,
    NoSuchNotice,
    object_to,
    post_notice,
    settle_objection,
)
from store.branches import organisation
from store.calendar import office_day
from store.codes import RECEIPT_BYTES, receipt_code
from store.contacts import seal_if_left
from store.dossier import dossiers_named
from store.lookup import only
from store.notices import NoticeState, Term, notice_state, term_of
from store.records import (
    Application,
    BranchPlan,
    Finding,
    NoticeSubject,
    Objection,
    ObjectionSettled,
    Organisation,
    PublicNotice,
    Role,
)
from store.refusals import Refusal
from store.register import Reader
from verify.console.fields import choice_of, day_of
from verify.console.guard import ConsoleRoute, Desk, Officers, see_other, status_of
from verify.console.places import SEES_RECALLS

SHOWN_MOST = 100
"""How many notices, and how many things that wait to be shown, a page lists."""

DONE = {
    "posted": ("公示已登记，网页同时开始。", "The notice is entered, and stands on the web page."),
    "objected": ("书面意见已登记；答复之前不能批准。", "Entered; nothing is approved before it is settled."),
    "settled": ("已答复，回执页可见。", "Settled; the receipt page shows the answer."),
}

router = APIRouter(prefix="/console/notices", route_class=ConsoleRoute)
ReaderAtDesk = Annotated[Desk, Depends(Officers(*SEES_RECALLS))]
CommitteeAtDesk = Annotated[Desk, Depends(Officers(Role.COMMITTEE))]


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One thing that a notice shows or could show, as officers know it."""

    id: str
    zh: str
    address: str = ""


@dataclass(frozen=True, kw_only=True)
class Hung:
    """A notice and how far it has come."""

    notice: PublicNotice
    state: NoticeState
    term: Term


@dataclass(frozen=True, kw_only=True)
class Opposed:
    """An objection, what it is against, and how it was settled, if it was."""

    objection: Objection
    against: Shown
    settled: ObjectionSettled | None


@router.get("")
def notices(desk: ReaderAtDesk) -> Response:
    """List the notices, and to the committee what waits to be shown or answered."""
    return _list(desk)


@router.post("")
def post(desk: CommitteeAtDesk) -> Response:
    """Show applications or plans to the public for the policy's full working days."""
    try:
        post_notice(desk.site.register, desk.authority, _said(desk))
    except Refusal as refusal:
        return _list(desk, refusal)
    return see_other("/console/notices?done=posted")


def _said(desk: Desk) -> NewNotice:
    return NewNotice(
        subject=choice_of(NoticeSubject, desk.said("subject"), what_zh="公示内容", what_en="subject"),
        object_ids=tuple(str(each) for each in desk.form.getlist("object")),
        places=desk.said("places"),
        opens_on=day_of(desk.said("opens_on")),
    )


@router.get("/{notice_id}")
def notice(desk: ReaderAtDesk, notice_id: str) -> Response:
    """Show what a notice shows, and to the committee what was objected to it."""
    return _one(desk, notice_id)


@router.post("/{notice_id}/objections")
def enter_objection(desk: CommitteeAtDesk, notice_id: str) -> Response:
    """Enter an objection that came on paper."""
    receipt = receipt_code(desk.site.entropy(RECEIPT_BYTES))
    try:
        new = NewObjection(
            receipt=receipt,
            notice_id=notice_id,
            object_id=desk.said("object"),
            text=desk.said("words"),
            sealed_contact=seal_if_left(
                desk.said("contact"),
                desk.site.settings.contact_key,
                subject_id=receipt,
                entropy=desk.site.entropy,
            ),
        )
        object_to(desk.site.register, desk.authority, new)
    except Refusal as refusal:
        return _one(desk, notice_id, refusal)
    return see_other(f"/console/notices/{notice_id}?done=objected&receipt={receipt}")


@router.post("/{notice_id}/objections/{receipt}/settle")
def settle(desk: CommitteeAtDesk, notice_id: str, receipt: str) -> Response:
    """Answer an objection with what was found."""
    try:
        finding = choice_of(Finding, desk.said("finding"), what_zh="查证结论", what_en="finding")
        words = desk.said("words")
        settle_objection(desk.site.register, desk.authority, receipt, finding=finding, answer=words)
    except Refusal as refusal:
        return _one(desk, notice_id, refusal)
    return see_other(f"/console/notices/{notice_id}?done=settled")


def _list(desk: Desk, refusal: Refusal | None = None) -> Response:
    today = office_day(desk.site.clock())
    pending = _pending(desk) if desk.decides else []
    with desk.site.register.snapshot() as reader:
        hung = [_hung(desk, each) for each in reader.newest(PublicNotice, SHOWN_MOST)]
        shown = {each for notice in reader.find(PublicNotice) for each in notice.object_ids}
        posts = list(_applications(reader, pending, shown)) if desk.decides else []
        plans = list(_plans(reader, today.year, shown)) if desk.decides else []
        waiting = _waiting(reader) if desk.reads_complaints else {}
    return desk.page(
        "notices.html",
        status=status_of(refusal) if refusal else 200,
        hung=hung,
        subjects=((NoticeSubject.APPLICATIONS, posts), (NoticeSubject.PLANS, plans)),
        waiting=waiting,
        today=today,
        days=desk.authority.policy.notice_working_days,
        most=SHOWN_MOST,
        refusal=refusal,
        done=DONE.get(desk.asked("done")),
    )


def _hung(desk: Desk, notice: PublicNotice) -> Hung:
    today = office_day(desk.site.clock())
    return Hung(notice=notice, state=notice_state(notice, today), term=term_of(notice, today))


def _pending(desk: Desk) -> list[str]:
    lines = desk.site.post_states.by_post(desk.site.register, None).values()
    return [each.post_id for each in lines if each.pending]


def _applications(reader: Reader, post_ids: Sequence[str], shown: set[str]) -> Iterator[Shown]:
    """Yield what waits for the committee and was not shown yet, a page of it."""
    found = 0
    for first in range(0, len(post_ids), SHOWN_MOST):
        for dossier in dossiers_named(reader, post_ids[first : first + SHOWN_MOST]).values():
            if dossier.latest.id not in shown and found < SHOWN_MOST:
                found += 1
                yield _application(dossier.latest, dossier.branch)
        if found >= SHOWN_MOST:
            return


def _application(application: Application, branch: Organisation) -> Shown:
    name = f"{application.content.name}（{application.post_id}，{branch.name}）"
    return Shown(id=application.id, zh=name, address=f"/console/posts/{application.post_id}")


def _plans(reader: Reader, year: int, shown: set[str]) -> Iterator[Shown]:
    latest = {each.branch_id: each for each in reader.find(BranchPlan, year=year)}
    for plan in [each for each in latest.values() if each.id not in shown][:SHOWN_MOST]:
        yield _thing(reader, plan.id)


def _thing(reader: Reader, object_id: str) -> Shown:
    """Return what a notice shows: a plan or an application."""
    thing = reader.get(Application, object_id) or reader.get(BranchPlan, object_id)
    branch = organisation(reader, thing.branch_id) if thing else None
    if thing is None or branch is None:
        raise LookupError(f"a notice shows {object_id}, which is not in the register")
    if isinstance(thing, Application):
        return _application(thing, branch)
    return Shown(id=thing.id, zh=f"{branch.name}：{thing.title}（{thing.year}年）")


def _waiting(reader: Reader) -> dict[str, int]:
    """Count the objections without an answer, by the notice."""
    settled = {each.objection_id for each in reader.find(ObjectionSettled)}
    open_ones = [each.notice_id for each in reader.find(Objection) if each.id not in settled]
    return {each: open_ones.count(each) for each in open_ones}


def _one(desk: Desk, notice_id: str, refusal: Refusal | None = None) -> Response:
    with desk.site.register.snapshot() as reader:
        found = reader.get(PublicNotice, notice_id)
        if found is None:
            raise NoSuchNotice(notice_id=notice_id[:40], object_id="")
        things = {each: _thing(reader, each) for each in found.object_ids}
        opposed = list(_opposed(reader, found, things)) if desk.reads_complaints else []
    return desk.page(
        "notice.html",
        status=status_of(refusal) if refusal else 200,
        hung=_hung(desk, found),
        things=tuple(things.values()),
        opposed=opposed,
        findings=tuple(Finding),
        refusal=refusal,
        tried=desk.request.path_params.get("receipt", ""),
        done=DONE.get(desk.asked("done")),
        receipt=desk.asked("receipt"),
    )


def _opposed(reader: Reader, notice: PublicNotice, things: dict[str, Shown]) -> Iterator[Opposed]:
    for objection in reader.find(Objection, notice_id=notice.id):
        settled = only(reader.find(ObjectionSettled, objection_id=objection.id))
        yield Opposed(objection=objection, against=things[objection.object_id], settled=settled)
