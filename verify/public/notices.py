"""The notice board: what is shown to the public before it is decided, what stands, and objections (F26).

Posts are shown with their duties and the number of their members, never with names of persons. Whoever
objects stays unknown, gets a receipt, and finds the answer behind it; post and branch learn the answer only.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from store.acts.notices import OBJECTION_LONGEST, NewObjection, NoSuchObjection, object_to
from store.calendar import office_day
from store.codes import RECEIPT_BYTES, receipt_code
from store.contacts import CONTACT_LONGEST, seal_if_left
from store.dossier import Dossier, PostState, dossier_of, dossiers
from store.lookup import only
from store.notices import NoticeState, notice_state
from store.records import (
    Application,
    BranchPlan,
    NoticeSubject,
    Objection,
    ObjectionSettled,
    Organisation,
    PublicNotice,
)
from store.refusals import Refusal
from store.register import Reader
from store.terms import NOTICE_SUBJECT_ZH
from verify.errors import status_of, wants_json
from verify.languages import Language, language_of
from verify.network import check_same_site
from verify.public.forms import UNSAID, Said, said
from verify.public.voice import check_flood
from verify.site import READS, Site, SiteNow, SpokenNow

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
    """A notice that hangs today, with what it shows."""

    notice: PublicNotice
    posts: tuple[ShownPost, ...]
    plans: tuple[ShownPlan, ...]


@dataclass(frozen=True, kw_only=True)
class BranchRoll:
    """The posts of one general branch that stand, and how many were revoked."""

    name: str
    standing: tuple[Dossier, ...]
    revoked: int


@dataclass(frozen=True, kw_only=True)
class Tried:
    """An objection that was refused: what it was about, and what was typed."""

    object_id: str = ""
    words: Said = UNSAID

    def is_about(self, hanging: Iterable[ShownNotice]) -> bool:
        """Whether a notice that hangs has a form to show it in."""
        return any(self.object_id in each.notice.object_ids for each in hanging)


@router.api_route("", methods=READS)
def board(site: SiteNow, spoken: SpokenNow) -> HTMLResponse:
    """Show the notices that hang today, and the posts that stand, by branch."""
    return _board(site, spoken, Tried())


def _board(site: Site, spoken: Language, tried: Tried) -> HTMLResponse:
    with site.register.snapshot() as reader:
        hanging = [_shown(reader, each) for each in reader.find(PublicNotice) if _hangs(site, each)]
        approved = [each for each in dossiers(reader) if each.approval]
    page = site.render(
        "public/notice.html",
        spoken,
        hanging=hanging,
        branches=_roll([each for each in approved if each.state is not PostState.ENDED]),
        tried=tried,
        has_form=tried.is_about(hanging),
        subject_zh=NOTICE_SUBJECT_ZH,
        objection_longest=OBJECTION_LONGEST,
        contact_longest=CONTACT_LONGEST,
    )
    return HTMLResponse(page, status_of(tried.words.refusal) if tried.words.refusal else 200)


def _hangs(site: Site, notice: PublicNotice) -> bool:
    return notice_state(notice, office_day(site.clock())) is NoticeState.RUNNING


def _shown(reader: Reader, notice: PublicNotice) -> ShownNotice:
    of_plans = notice.subject is NoticeSubject.PLANS
    return ShownNotice(
        notice=notice,
        posts=() if of_plans else tuple(_post(reader, each) for each in notice.object_ids),
        plans=tuple(_plan(reader, each) for each in notice.object_ids) if of_plans else (),
    )


def _post(reader: Reader, application_id: str) -> ShownPost:
    application = reader.get(Application, application_id)
    if application is None:
        raise LookupError(f"a notice shows application {application_id}, which is not in the register")
    dossier = dossier_of(reader, application.post_id)
    members = len(dossier.members_of(application))
    return ShownPost(
        id=application_id, application=application, branch_name=dossier.branch.name, member_count=members
    )


def _plan(reader: Reader, plan_id: str) -> ShownPlan:
    plan = reader.get(BranchPlan, plan_id)
    branch = reader.get(Organisation, plan.branch_id) if plan else None
    if plan is None or branch is None:
        raise LookupError(f"a notice shows plan {plan_id}, which is not in the register")
    return ShownPlan(id=plan_id, plan=plan, branch_name=branch.name)


def _roll(posts: list[Dossier]) -> list[BranchRoll]:
    grouped: dict[str, list[Dossier]] = defaultdict(list)
    for dossier in posts:
        grouped[dossier.branch.name].append(dossier)
    return [
        BranchRoll(
            name=name,
            standing=tuple(each for each in known if each.is_open),
            revoked=sum(each.state is PostState.REVOKED for each in known),
        )
        for name, known in grouped.items()
    ]


@router.post("/{notice_id}/{object_id}/objections", dependencies=[Depends(check_same_site)])
def receive(request: Request, site: SiteNow, notice_id: str, object_id: str, words: SaidNow) -> Response:
    """Receive an objection; a refused one comes back with everything that was typed."""
    check_flood(request, site)
    try:
        new = _objection(site, notice_id, object_id, words)
        objection = object_to(site.register, site.public_authority(), new)
    except Refusal as refusal:
        if wants_json(request):
            raise
        tried = Tried(object_id=object_id, words=replace(words, refusal=refusal))
        return _board(site, language_of(request), tried)
    where = f"/notice/objections/{objection.id}"
    if wants_json(request):
        return JSONResponse({"objection": objection.id}, 201, {"Location": where})
    return RedirectResponse(where, 303)


def _objection(site: Site, notice_id: str, object_id: str, words: Said) -> NewObjection:
    receipt = receipt_code(site.entropy(RECEIPT_BYTES))
    return NewObjection(
        receipt=receipt,
        notice_id=notice_id,
        object_id=object_id,
        text=words.comment,
        sealed_contact=seal_if_left(
            words.contact, site.settings.contact_key, subject_id=receipt, entropy=site.entropy
        ),
    )


@router.api_route("/objections/{receipt}", methods=READS)
def receipt_page(site: SiteNow, spoken: SpokenNow, receipt: str) -> HTMLResponse:
    """Show that an objection was received, and the answer once there is one."""
    with site.register.snapshot() as reader:
        objection = reader.get(Objection, receipt.strip().upper())
        if objection is None:
            raise NoSuchObjection(objection_id=receipt[:40])
        settled = only(reader.find(ObjectionSettled, objection_id=objection.id))
    return HTMLResponse(site.render("public/objection.html", spoken, objection=objection, settled=settled))
