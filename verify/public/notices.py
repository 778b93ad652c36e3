"""The notice board: what is shown to the public before it is decided, what stands, and objections (F26).

Posts are shown with their duties and the number of their members, never with names of persons. Whoever
objects stays unknown, gets a receipt, and finds the answer behind it; post and branch learn the answer only.
A notice that has run its term shows nothing any more: what became of it stands among the posts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from store.acts.notices import OBJECTION_LONGEST, NewObjection, NoSuchNotice, NoSuchObjection, object_to
from store.board import post_standing, standing_posts
from store.branches import organisation
from store.calendar import office_day
from store.contacts import CONTACT_LONGEST, seal_if_left
from store.dossier import dossier_of
from store.lookup import only
from store.notices import NoticeState, Term, notice_state, term_of
from store.records import (
    Application,
    BranchPlan,
    NoticeSubject,
    Objection,
    ObjectionSettled,
    PublicNotice,
)
from store.refusals import Refusal
from store.register import Reader
from store.standing import Verdict
from verify.errors import status_of, wants_json
from verify.languages import Language, language_of
from verify.network import check_same_site
from verify.proof import admitted
from verify.public.forms import UNSAID, Said, said
from verify.public.voice import visitor_of
from verify.site import READS, Site, SiteNow, SpokenNow

ON_THE_BOARD_MOST = 10
"""How much of one notice the board shows before it leads to the notice's own page."""

ON_ITS_PAGE_MOST = 50

router = APIRouter(prefix="/notice")
SaidNow = Annotated[Said, Depends(said)]


@dataclass(frozen=True, kw_only=True)
class ShownPost:
    """A post recommended, as far as a notice shows it."""

    id: str
    application: Application
    branch_name: str
    member_count: int


@dataclass(frozen=True, kw_only=True)
class ShownPlan:
    """A branch's plan that a notice shows."""

    id: str
    plan: BranchPlan
    branch_name: str


@dataclass(frozen=True, kw_only=True)
class ShownNotice:
    """A notice that hangs today, how far its term has come, and a part of what it shows."""

    notice: PublicNotice
    term: Term
    posts: tuple[ShownPost, ...]
    plans: tuple[ShownPlan, ...]


@router.api_route("", methods=READS)
def board(
    site: SiteNow,
    spoken: SpokenNow,
    first: Annotated[str, Query(alias="from")] = "",
    branch: str = "",
) -> HTMLResponse:
    """Show the notices that hang today, and the posts that stand, by branch, from a post on."""
    today = office_day(site.clock())
    with site.register.snapshot() as reader:
        running = (
            [] if first or branch else [each for each in reader.find(PublicNotice) if _runs(each, today)]
        )
        hanging = [_shown(reader, each, today, each.object_ids[:ON_THE_BOARD_MOST]) for each in running]
        page = standing_posts(reader, first=first, branch=branch.strip())
    facts = {"hanging": hanging, "page": page, "branch": branch, "is_first": not first}
    return HTMLResponse(site.render("public/notice.html", spoken, **facts))


@router.api_route("/objections/{receipt}", methods=READS)
def receipt_page(site: SiteNow, spoken: SpokenNow, receipt: str) -> HTMLResponse:
    """Show that an objection was received, and the answer once there is one."""
    with site.register.snapshot() as reader:
        objection = reader.get(Objection, receipt.strip().upper())
        if objection is None:
            raise NoSuchObjection(objection_id=receipt[:40])
        settled = only(reader.find(ObjectionSettled, objection_id=objection.id))
    return HTMLResponse(site.render("public/objection.html", spoken, objection=objection, settled=settled))


@router.api_route("/{notice_id}", methods=READS)
def whole_notice(
    site: SiteNow, spoken: SpokenNow, notice_id: str, page: Annotated[int, Query(ge=1, le=1000)] = 1
) -> HTMLResponse:
    """Show everything a notice shows, a page at a time."""
    today = office_day(site.clock())
    begin, end = (page - 1) * ON_ITS_PAGE_MOST, page * ON_ITS_PAGE_MOST
    with site.register.snapshot() as reader:
        notice = _running(reader, notice_id, today)
        shown = _shown(reader, notice, today, notice.object_ids[begin:end])
    following = page + 1 if end < len(notice.object_ids) else None
    facts = {"shown": shown, "number": page, "following": following}
    return HTMLResponse(site.render("public/notice_in_full.html", spoken, **facts))


@router.api_route("/{notice_id}/{object_id}", methods=READS)
def shown_thing(site: SiteNow, spoken: SpokenNow, notice_id: str, object_id: str) -> HTMLResponse:
    """Show one thing that a notice shows, with the form to object to it."""
    return _thing(site, spoken, notice_id, object_id, UNSAID)


def _thing(site: Site, spoken: Language, notice_id: str, object_id: str, words: Said) -> HTMLResponse:
    today = office_day(site.clock())
    with site.register.snapshot() as reader:
        notice = reader.get(PublicNotice, notice_id)
        if notice is None or object_id not in notice.object_ids:
            raise words.refusal or NoSuchNotice(notice_id=notice_id[:40], object_id=object_id[:40])
        shown = _shown(reader, notice, today, (object_id,)) if _runs(notice, today) else None
    page = site.render(
        "public/notice_object.html",
        spoken,
        notice=notice,
        shown=shown,
        object_id=object_id,
        words=words,
        objection_longest=OBJECTION_LONGEST,
        contact_longest=CONTACT_LONGEST,
    )
    return HTMLResponse(page, status_of(words.refusal) if words.refusal else 200)


def _running(reader: Reader, notice_id: str, today: date) -> PublicNotice:
    notice = reader.get(PublicNotice, notice_id)
    if notice is None or not _runs(notice, today):
        raise HTTPException(404)
    return notice


def _runs(notice: PublicNotice, today: date) -> bool:
    return notice_state(notice, today) is NoticeState.RUNNING


def _shown(reader: Reader, notice: PublicNotice, today: date, object_ids: Sequence[str]) -> ShownNotice:
    shows_posts = notice.subject is NoticeSubject.APPLICATIONS
    return ShownNotice(
        notice=notice,
        term=term_of(notice, today),
        posts=tuple(_posts(reader, object_ids)) if shows_posts else (),
        plans=() if shows_posts else tuple(_plan(reader, each) for each in object_ids),
    )


def _posts(reader: Reader, application_ids: Sequence[str]) -> Iterator[ShownPost]:
    """Yield the posts recommended; one that was revoked meanwhile is shown no more (F22)."""
    for application_id in application_ids:
        application = reader.get(Application, application_id)
        if application is None:
            raise LookupError(f"a notice shows application {application_id}, which is not in the register")
        if post_standing(reader, application.post_id).verdict is not Verdict.REVOKED:
            yield _post(reader, application)


def _post(reader: Reader, application: Application) -> ShownPost:
    dossier = dossier_of(reader, application.post_id)
    return ShownPost(
        id=application.id,
        application=application,
        branch_name=dossier.branch.name,
        member_count=len(dossier.members_of(application)),
    )


def _plan(reader: Reader, plan_id: str) -> ShownPlan:
    plan = reader.get(BranchPlan, plan_id)
    branch = organisation(reader, plan.branch_id) if plan else None
    if plan is None or branch is None:
        raise LookupError(f"a notice shows plan {plan_id}, which is not in the register")
    return ShownPlan(id=plan_id, plan=plan, branch_name=branch.name)


@router.post("/{notice_id}/{object_id}/objections", dependencies=[Depends(check_same_site)])
def receive(request: Request, site: SiteNow, notice_id: str, object_id: str, words: SaidNow) -> Response:
    """Receive an objection; a refused one comes back with everything that was typed."""
    try:
        receipt = admitted(site, visitor_of(request, site), object_id, words.brought)
        new = _objection(site, receipt, words, notice_id=notice_id, object_id=object_id)
        objection = object_to(site.register, site.public_authority(), new)
    except Refusal as refusal:
        if wants_json(request):
            raise
        return _thing(site, language_of(request), notice_id, object_id, replace(words, refusal=refusal))
    where = f"/notice/objections/{objection.id}"
    if wants_json(request):
        return JSONResponse({"objection": objection.id}, 201, {"Location": where})
    return RedirectResponse(where, 303)


def _objection(site: Site, receipt: str, words: Said, *, notice_id: str, object_id: str) -> NewObjection:
    return NewObjection(
        receipt=receipt,
        notice_id=notice_id,
        object_id=object_id,
        text=words.comment,
        sealed_contact=seal_if_left(
            words.contact, site.settings.contact_key, subject_id=receipt, entropy=site.entropy
        ),
    )
