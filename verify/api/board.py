"""What hangs for all to see: the branches, the notices that run, and how satisfied the public is."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from store.acts.assessment import NoSuchPeriod
from store.board import in_order, post_standing
from store.branches import general_branches, organisation
from store.calendar import office_day
from store.dossier import dossier_of
from store.notices import NoticeState, notice_state
from store.periods import Period
from store.policy import Policy
from store.records import (
    Application,
    BranchPlan,
    NoticeSubject,
    Post,
    PostKind,
    PublicNotice,
)
from store.refusals import Refusal
from store.register import R, Reader
from store.satisfaction import Satisfaction, satisfaction_of
from verify.api.cursors import Asked, Paging
from verify.api.doors import ApiRoute, Public, Visitor
from verify.api.posts import posts_in_order
from verify.api.told import BranchId, Page, PostNumber, Told, errors

router = APIRouter(route_class=ApiRoute, tags=["board"])
Anybody = Annotated[Visitor, Depends(Public())]


class PeriodRuns(Refusal):
    """The period is not over: counts that grow vote by vote would tell who voted. Remedy: ask when it is."""

    clause_id = "F24"
    reason_zh = "{period}尚未结束，满意度在{last_day}之后公布。"
    reason_en = "{period} is not over; satisfaction is told after {last_day}."
    remedy_zh = "请查询已结束的周期。"
    remedy_en = "Ask for a period that is over."


class Branch(Told):
    """A general branch."""

    id: BranchId
    name: str


class NoticedPost(Told):
    """A post recommended, as its notice shows it: never with names of persons; null once it was revoked."""

    id: str
    number: PostNumber
    name: str | None
    kind: PostKind | None
    place: str | None
    duties: str | None
    member_count: int | None
    branch_name: str


class NoticedPlan(Told):
    """A branch's plan, as its notice shows it."""

    id: str
    title: str
    text: str
    branch_name: str


class Notice(Told):
    """A public notice (公示) that hangs from the first day to the last, both included (F26)."""

    id: str
    subject: NoticeSubject
    opens_on: date
    closes_on: date
    places: str
    posts: list[NoticedPost]
    plans: list[NoticedPlan]


class Interval(Told):
    """The interval in which the share of all served lies, with this confidence."""

    low: float
    high: float
    confidence: float


class SatisfactionLine(Told):
    """How satisfied the public was with a post in a period (F24)."""

    post: PostNumber
    period: Annotated[str, Field(examples=["2026-Q3"])]
    n: Annotated[int, Field(description="How many were asked.")]
    n_online: int
    n_paper: int
    satisfied: int
    share: float
    interval: Interval
    method: str
    method_zh: str


@router.get("/branches", summary="党总支 · The general branches")
def branches(anybody: Anybody) -> Page[Branch]:
    """List the general branches, in the order in which they were entered; there is one page."""
    found = general_branches(anybody.site.register)
    return Page(items=[Branch(id=each.id, name=each.name) for each in found], next=None)


@router.get("/notices", summary="公示 · The notices that hang")
def notices(anybody: Anybody) -> Page[Notice]:
    """List the notices that hang today, oldest first; there is one page."""
    today = office_day(anybody.site.clock())
    with anybody.site.register.snapshot() as reader:
        found = reader.find(PublicNotice)
        hanging = [each for each in found if notice_state(each, today) is NoticeState.RUNNING]
        return Page(items=[_notice(reader, each) for each in hanging], next=None)


def _notice(reader: Reader, notice: PublicNotice) -> Notice:
    of_plans = notice.subject is NoticeSubject.PLANS
    return Notice(
        id=notice.id,
        subject=notice.subject,
        opens_on=notice.opens_on,
        closes_on=notice.closes_on,
        places=notice.places,
        posts=[] if of_plans else [_post(reader, each) for each in notice.object_ids],
        plans=[_plan(reader, each) for each in notice.object_ids] if of_plans else [],
    )


def _post(reader: Reader, application_id: str) -> NoticedPost:
    application = _named(reader.get(Application, application_id), application_id)
    dossier = dossier_of(reader, application.post_id)
    content = application.content if dossier.veto is None else None
    return NoticedPost(
        id=application_id,
        number=application.post_id,
        name=content.name if content else None,
        kind=content.kind if content else None,
        place=content.place if content else None,
        duties=content.duties if content else None,
        member_count=len(dossier.members_of(application)) if content else None,
        branch_name=dossier.branch.name,
    )


def _plan(reader: Reader, plan_id: str) -> NoticedPlan:
    plan = _named(reader.get(BranchPlan, plan_id), plan_id)
    branch = _named(organisation(reader, plan.branch_id), plan.branch_id)
    return NoticedPlan(id=plan_id, title=plan.title, text=plan.text, branch_name=branch.name)


def _named(record: R | None, record_id: str) -> R:
    if record is None:
        raise LookupError(f"a notice shows {record_id}, which is not in the register")
    return record


@router.get("/satisfaction", summary="群众满意度 · How satisfied the public is", responses=errors(422))
def satisfaction(
    anybody: Anybody,
    asked: Annotated[Asked, Depends(Paging("satisfaction"))],
    period: Annotated[
        str | None, Query(description="A period of the policy that is over; the last one if none is named.")
    ] = None,
    branch: Annotated[str | None, Query(description="The id of a general branch (/branches).")] = None,
) -> Page[SatisfactionLine]:
    """List posts that stand and were rated often enough in a period to say something and give nobody away."""
    policy = anybody.site.policy
    told = _period(policy, period, office_day(anybody.site.clock()))
    with anybody.site.register.snapshot() as reader:
        cut = asked.cut(
            posts_in_order(reader, branch), in_order, lambda each: _line(reader, policy, told, each)
        )
    return Page(items=cut.lines, next=cut.next)


def _period(policy: Policy, asked: str | None, today: date) -> Period:
    running = policy.periods.of(today)
    last = policy.periods.of(running.first_day - timedelta(days=1))
    period = policy.periods.named(asked) if asked else last
    if period is None:
        raise NoSuchPeriod(period=(asked or "")[:40], example=last.id)
    if period.last_day >= today:
        raise PeriodRuns(period=period.id, last_day=period.last_day)
    return period


def _line(reader: Reader, policy: Policy, period: Period, post: Post) -> SatisfactionLine | None:
    if not post_standing(reader, post.id).stands:
        return None
    found = satisfaction_of(reader, post.id, period.first_day, period.last_day)
    return _told(post, period, found) if found.can_be_shown(policy) else None


def _told(post: Post, period: Period, found: Satisfaction) -> SatisfactionLine:
    low, high = found.interval
    return SatisfactionLine(
        post=post.id,
        period=period.id,
        n=found.n,
        n_online=found.n_online,
        n_paper=found.n_paper,
        satisfied=found.satisfied,
        share=found.share,
        interval=Interval(low=low, high=high, confidence=0.95),
        method=found.method_en,
        method_zh=found.method_zh,
    )
