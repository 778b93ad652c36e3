"""What the tools of an office read and enter: each list within the token's office, each under its scope."""

from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query
from pydantic import Field

from store.acts.circulation import return_copy
from store.board import in_order
from store.calendar import office_day
from store.codes import PlateNumber
from store.dossier import PostState, dossier_of
from store.duties import duties
from store.duties.duty import Duty, DutyKind, Owner
from store.lookup import place_of, standing_in
from store.recalls import Recall, RecallState, recalls
from store.records import Copy, Fate, Post, PostKind, Product, RecallCause, Scope, Stage
from store.register import Reader
from verify.api.bodies import body_of, described
from verify.api.cursors import Asked, Paging
from verify.api.doors import ApiRoute, Scoped, Tool
from verify.api.posts import posts_in_order
from verify.api.roll import copies_after, place_of_copy
from verify.api.told import BranchId, Page, PlateNumberText, PostNumber, Told, Verdicts, errors

NOTE_LONGEST = 1000

router = APIRouter(route_class=ApiRoute, tags=["office"])
InBranch = Annotated[
    str | None, Query(description="The id of a general branch; another than the token's own is refused.")
]


class OfficeMember(Told):
    """A member in force of a post."""

    name: str
    title: str


class OfficePost(Told):
    """A post as its office sees it, whatever its state."""

    number: PostNumber
    branch: BranchId
    name: str
    kind: PostKind
    place: str
    duties: str
    members: list[OfficeMember]
    state: PostState
    stage: Stage
    pending: Annotated[bool, Field(description="Whether an application waits for the committee.")]


class OfficeCopy(Verdicts):
    """A printed copy as its office sees it."""

    number: PlateNumberText
    post: PostNumber
    branch: BranchId
    product: Product
    stage: Stage
    size: str
    holder: str | None
    place: str
    issued_at: datetime
    since: datetime | None
    replaces: str | None


class OfficeRecall(Told):
    """A plate that has to come back, or had to (F23)."""

    plate: PlateNumberText
    post: PostNumber
    branch: BranchId
    place: str
    holder: str | None
    cause: RecallCause
    state: RecallState
    opened_at: datetime
    due_on: date
    overdue: bool
    closed_at: datetime | None
    seen_on: Annotated[date | None, Field(description="The last day it was seen on display.")]


class OfficeDuty(Told):
    """One thing to do by a day, and the clause that asks for it."""

    id: str
    kind: DutyKind
    owner: Owner
    branch: BranchId | None
    branch_name: str
    object: str
    detail: str
    detail_zh: str
    clause: str
    due_on: date
    overdue: bool


class TakenIn(Told):
    """That a copy came back, or was destroyed."""

    fate: Fate = Fate.RETURNED
    note: Annotated[str, Field(max_length=NOTE_LONGEST)] = ""


class Returned(Told):
    """The return as it was entered; it closes the plate's recall line."""

    plate: PlateNumberText
    post: PostNumber
    fate: Fate
    note: str
    returned_at: datetime


@router.get("/office/posts", summary="本单位岗位 · The posts of the office", responses=errors(422))
def office_posts(
    tool: Annotated[Tool, Depends(Scoped(Scope.POSTS_READ))],
    asked: Annotated[Asked, Depends(Paging("office/posts"))],
    branch: InBranch = None,
) -> Page[OfficePost]:
    """List every post of the office by number, whatever its state."""
    within = tool.branch_of(branch)
    with tool.site.register.snapshot() as reader:
        cut = asked.cut(posts_in_order(reader, within), in_order, lambda each: _post(reader, each))
    return Page(items=cut.lines, next=cut.next)


def _post(reader: Reader, post: Post) -> OfficePost:
    dossier = dossier_of(reader, post.id)
    content = dossier.content
    return OfficePost(
        number=post.id,
        branch=post.branch_id,
        name=content.name,
        kind=content.kind,
        place=content.place,
        duties=content.duties,
        members=[OfficeMember(name=each.name, title=each.title) for each in dossier.members],
        state=dossier.state,
        stage=dossier.stage,
        pending=dossier.pending,
    )


@router.get("/office/copies", summary="本单位标牌 · The plates of the office", responses=errors(422))
def office_copies(
    tool: Annotated[Tool, Depends(Scoped(Scope.COPIES_READ))],
    asked: Annotated[Asked, Depends(Paging("office/copies"))],
    branch: InBranch = None,
) -> Page[OfficeCopy]:
    """List every plate of the office by number, however it stands; never its code."""
    within, now = tool.branch_of(branch), tool.site.clock()
    with tool.site.register.snapshot() as reader:
        copies = copies_after(reader, asked.after, within)
        cut = asked.cut(copies, place_of_copy, lambda each: _copy(reader, each, now))
    return Page(items=cut.lines, next=cut.next)


def _copy(reader: Reader, copy: Copy, now: datetime) -> OfficeCopy:
    standing = standing_in(reader, copy, now)
    return OfficeCopy(
        number=copy.id,
        post=copy.post_id,
        branch=copy.branch_id,
        product=copy.product,
        stage=copy.stage,
        size=copy.size,
        holder=copy.face.holder or None,
        place=place_of(reader, copy),
        issued_at=copy.issued_at,
        since=standing.since,
        replaces=copy.replaces,
        **Verdicts.words(standing.verdict),
    )


@router.get("/office/recalls", summary="收回清单 · The plates that must come back", responses=errors(422))
def office_recalls(
    tool: Annotated[Tool, Depends(Scoped(Scope.RECALLS_READ))],
    branch: InBranch = None,
    only: Annotated[Literal["open"] | None, Query(description="`open`: only those still out.")] = None,
) -> Page[OfficeRecall]:
    """List the recall lines of the office, oldest first; there is one page."""
    within, today = tool.branch_of(branch), office_day(tool.site.clock())
    with tool.site.register.snapshot() as reader:
        found = recalls(reader, branch_id=within) if within else recalls(reader)
        lines = [_recall(each, today) for each in found if each.is_open or only is None]
    return Page(items=lines, next=None)


def _recall(recall: Recall, today: date) -> OfficeRecall:
    return OfficeRecall(
        plate=recall.copy.id,
        post=recall.copy.post_id,
        branch=recall.copy.branch_id,
        place=recall.place,
        holder=recall.copy.face.holder or None,
        cause=recall.line.cause,
        state=recall.state,
        opened_at=recall.line.opened_at,
        due_on=recall.line.due_on,
        overdue=recall.is_overdue(today),
        closed_at=recall.closed_at,
        seen_on=recall.seen_on,
    )


@router.get("/office/duties", summary="待办 · What the office has to do", responses=errors(422))
def office_duties(
    tool: Annotated[Tool, Depends(Scoped(Scope.DUTIES_READ))], branch: InBranch = None
) -> Page[OfficeDuty]:
    """List who must do what by when, the oldest date first; there is one page."""
    within, today = tool.branch_of(branch), office_day(tool.site.clock())
    with tool.site.register.snapshot() as reader:
        found = duties(reader, tool.site.policy, today, within)
    return Page(items=[_duty(each) for each in found], next=None)


def _duty(duty: Duty) -> OfficeDuty:
    return OfficeDuty(
        id=duty.id,
        kind=duty.kind,
        owner=duty.owner,
        branch=duty.branch_id,
        branch_name=duty.branch_name,
        object=duty.object,
        detail=duty.en,
        detail_zh=duty.zh,
        clause=duty.clause,
        due_on=duty.due_on,
        overdue=duty.overdue,
    )


@router.post(
    "/copies/{number}/return",
    summary="登记交回 · Enter that a plate came back",
    status_code=201,
    responses=errors(404, 409, 413, 415, 422),
    openapi_extra=described("TakenIn"),
)
def take_in(
    tool: Annotated[Tool, Depends(Scoped(Scope.RECALLS_WRITE))],
    number: Annotated[str, Path(description="The number printed on the plate.")],
    taken: Annotated[TakenIn, Depends(body_of(TakenIn))],
) -> Returned:
    """Enter that a plate of the office came back, or was destroyed; 409 where it is in already."""
    plate = str(PlateNumber.parse(number))
    returned = return_copy(tool.site.register, tool.authority, plate, fate=taken.fate, note=taken.note)
    return Returned(
        plate=returned.copy_id,
        post=returned.post_id,
        fate=returned.fate,
        note=returned.note,
        returned_at=returned.returned_at,
    )
