"""The posts: the list, the page of one, and what the committee decides on it."""

from collections.abc import Callable
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from store.acts.approve import QuotaExceeded, approve
from store.acts.award import award
from store.acts.voice import Conclusion, conclude_investigation
from store.branches import general_branches
from store.read_ahead import PostsAhead
from store.records import Finding, Organisation, Role
from store.refusals import Refusal
from store.register import Reader
from verify.charts import scale, share_row
from verify.console.act_forms import FORMS, offered
from verify.console.bulk import bulk_of
from verify.console.fields import day_of
from verify.console.guard import ConsoleRoute, Desk, Officers, see_other, status_of
from verify.console.places import EVERY_OFFICER
from verify.console.post_files import PICTURE_WIDTH_PX
from verify.console.post_list import filter_asked, post_list
from verify.console.post_page import PostPage, post_page
from verify.console.post_records import PostRecords, post_records
from verify.console.wording import kind_en, kind_zh, unmet_en, unmet_zh
from verify.pictures import height_px

router = APIRouter(prefix="/console/posts", route_class=ConsoleRoute)
OfficerAtDesk = Annotated[Desk, Depends(Officers(*EVERY_OFFICER))]
CommitteeAtDesk = Annotated[Desk, Depends(Officers(Role.COMMITTEE))]


class NoFinding(Refusal):
    """An investigation was entered without its finding. Remedy: choose one."""

    clause_id = "F21"
    reason_zh = "没有选择查证结论。"
    reason_en = "No finding was chosen."
    remedy_zh = "请选择属实、不属实或无法查证。"
    remedy_en = "Choose one of the three."


@router.get("")
def posts(desk: OfficerAtDesk) -> Response:
    """List the posts the officer may see, by branch, state, kind, what is due and text."""
    listed = post_list(desk, filter_asked(desk))
    with desk.site.register.snapshot() as reader:
        branches = branches_of(reader, desk)
    return desk.page(
        "posts.html",
        listed=listed,
        chosen=listed.chosen,
        branches=branches,
        bulk=bulk_of(listed.chosen.state) if desk.decides else None,
        checked=bool(desk.asked("all")),
    )


def branches_of(reader: Reader, desk: Desk) -> list[Organisation]:
    """Return the general branches the officer may choose from."""
    return [each for each in general_branches(reader) if desk.branch_id in {None, each.id}]


@router.get("/{post_id}")
def post(desk: OfficerAtDesk, post_id: str) -> Response:
    """Show one post."""
    return _answer(desk, *_seen_whole(desk, post_id))


@router.post("/{post_id}/approve")
def approve_post(desk: CommitteeAtDesk, post_id: str) -> Response:
    """Approve the latest application (F7)."""
    return _decided(
        desk,
        post_id,
        "approve",
        lambda: approve(
            desk.site.register,
            desk.authority,
            post_id,
            document=desk.said("document"),
            over_quota_reason=desk.said("reason"),
            looked_at=desk.said("application"),
        ),
    )


@router.post("/{post_id}/award")
def award_post(desk: CommitteeAtDesk, post_id: str) -> Response:
    """Name the post a holder of the title (F12)."""

    def act() -> object:
        day = day_of(desk.said("awarded_on"))
        document = desk.said("document")
        return award(desk.site.register, desk.authority, post_id, awarded_on=day, document=document)

    return _decided(desk, post_id, "award", act)


@router.post("/{post_id}/investigate")
def investigate(desk: CommitteeAtDesk, post_id: str) -> Response:
    """Enter what an investigation found (F21)."""
    return _decided(
        desk,
        post_id,
        "investigate",
        lambda: conclude_investigation(desk.site.register, desk.authority, post_id, conclusion_of(desk)),
    )


def conclusion_of(desk: Desk) -> Conclusion:
    """Return what a form says an investigation found.

    Raises:
        NoFinding: none was chosen.

    """
    if desk.said("finding") not in set(Finding):
        raise NoFinding
    ids = tuple(str(each) for each in desk.form.getlist("feedback"))
    return Conclusion(finding=Finding(desk.said("finding")), facts=desk.said("facts"), feedback_ids=ids)


def _decided(desk: Desk, post_id: str, act_name: str, act: Callable[[], object]) -> Response:
    """Do an act and show the post again; a refused one comes back with everything that was filled in."""
    page, records = _seen_whole(desk, post_id)
    try:
        act()
    except Refusal as refusal:
        return _answer(desk, page, records, tried=act_name, refusal=refusal)
    return see_other(f"/console/posts/{post_id}?done={act_name}")


def seen_post(desk: Desk, post_id: str) -> PostPage:
    """Return the page of a post the officer may see.

    Raises:
        NoSuchPost, NotAllowed: there is no such post, or it is another branch's.

    """
    with desk.site.register.snapshot() as reader:
        return post_page(PostsAhead(reader, [post_id]), desk.authority, post_id)


def _seen_whole(desk: Desk, post_id: str) -> tuple[PostPage, PostRecords]:
    """Return the same, and what is written about the post besides; raises as `seen_post` does."""
    with desk.site.register.snapshot() as reader:
        ahead = PostsAhead(reader, [post_id])
        page = post_page(ahead, desk.authority, post_id)
        return page, post_records(ahead, desk, page)


def _answer(
    desk: Desk, page: PostPage, records: PostRecords, *, tried: str = "", refusal: Refusal | None = None
) -> Response:
    """Show a post; `tried` is the act that was refused just now."""
    return desk.page(
        "post.html",
        status=status_of(refusal) if refusal else 200,
        page=page,
        records=records,
        picture_height=partial(height_px, desk.site.settings.designs),
        picture_width=PICTURE_WIDTH_PX,
        share_row=share_row,
        scale=scale,
        unmet=unmet_zh,
        unmet_en=unmet_en,
        kind=kind_zh(page.dossier.content),
        kind_en=kind_en(page.dossier.content),
        tried=tried,
        refusal=refusal,
        over_quota=isinstance(refusal, QuotaExceeded),
        findings=list(Finding),
        forms=offered(desk, records.situation),
        done=desk.asked("done"),
        act_done=next((each for each in FORMS if each.name == desk.asked("done")), None),
        entry=desk.asked("entry"),
    )
