"""What an officer looks at first: what is due, what is out, who waits for an answer, which days come."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from store.calendar import office_day
from store.duties.duty import DUTY_TERMS, Owner
from store.feedback import messages_named
from store.policy import Policy
from store.recalls import Recall
from store.records import Role
from store.rounds import round_inspected
from verify.console.due import SOON, Due, address_of, duties_of
from verify.console.feedback import About, docketed, with_posts
from verify.console.first_steps import first_steps, next_step
from verify.console.guard import ConsoleRoute, Desk, Officers, see_other
from verify.console.places import EVERY_OFFICER

SHOWN_TODAY = 6

router = APIRouter(prefix="/console", route_class=ConsoleRoute)


@dataclass(frozen=True, kw_only=True)
class Work:
    """What the officer has to do: the first few, and how many there are."""

    shown: list[Due]
    late: int
    soon: int
    total: int


@dataclass(frozen=True, kw_only=True)
class Voices:
    """The messages that wait for an answer: the first few, and how many there are."""

    shown: list[About]
    late: int
    total: int


@dataclass(frozen=True, kw_only=True)
class Term:
    """A stretch of days that the plan or the policy names: `opens_on` to `closes_on`, both included."""

    zh: str
    en: str
    clause: str
    opens_on: date
    closes_on: date

    def runs(self, today: date) -> bool:
        """Whether a day lies within it."""
        return self.opens_on <= today

    def days_left(self, today: date) -> int:
        """Return how many days there are until it opens, or else until it closes."""
        return (self.closes_on if self.runs(today) else self.opens_on).toordinal() - today.toordinal()


@router.get("")
def today(desk: Annotated[Desk, Depends(Officers(*EVERY_OFFICER))]) -> Response:
    """Show what waits for this officer, and the way to each of it in one click."""
    day = office_day(desk.site.clock())
    states = desk.site.post_states.by_post(desk.site.register, None).values()
    own = desk.branch_id
    posts = [each for each in states if own in {None, each.branch_id}]
    out = _out(desk) if desk.sees_recalls else []
    return desk.page(
        "today.html",
        today=day,
        steps=first_steps(desk),
        waiting=sum(each.pending for each in posts),
        work=_work(desk, day),
        out=out,
        overdue=sum(each.is_overdue(day) for each in out),
        voices=_voices(desk),
        terms=list(terms(desk.policy, day)),
        most=SHOWN_TODAY,
    )


@router.get("/next")
def go_on(desk: Annotated[Desk, Depends(Officers(*EVERY_OFFICER))]) -> Response:
    """Lead on to the first step that is this officer's to take, or to what is due."""
    step = next_step(desk)
    return see_other(step.address if step else "/console")


def _work(desk: Desk, day: date) -> Work:
    owners = _owners(desk.officer.role)
    kinds = {kind for kind, told in DUTY_TERMS.items() if told.owner in owners}
    mine = [each for each in duties_of(desk, day) if each.kind in kinds]
    return Work(
        shown=[Due(duty=each, address=address_of(each, desk.officer.role)) for each in mine[:SHOWN_TODAY]],
        late=sum(each.overdue for each in mine),
        soon=sum(not each.overdue and each.due_on <= day + SOON for each in mine),
        total=len(mine),
    )


def _owners(role: Role) -> tuple[Owner, ...]:
    """Return whose duties an officer looks after: the administrator everybody's."""
    by_role = {Role.COMMITTEE: (Owner.COMMITTEE,), Role.BRANCH_OFFICER: (Owner.BRANCH,)}
    return by_role.get(role, tuple(Owner))


def _out(desk: Desk) -> list[Recall]:
    """Return the open recall lines the officer sees, the first due on top."""
    found = desk.site.recall_book.of(desk.site.register, branch_id=desk.branch_id or "")
    return sorted((each for each in found if each.is_open), key=lambda recall: recall.line.due_on)


def _voices(desk: Desk) -> Voices | None:
    """Return what waits for an answer; nothing for whoever may not read it."""
    if not desk.reads_complaints:
        return None
    waiting = sorted((each for each in docketed(desk) if each.owed.is_open), key=lambda each: each.is_due_by)
    first = [each.owed.feedback.id for each in waiting[:SHOWN_TODAY]]
    with desk.site.register.snapshot() as reader:
        shown = with_posts(reader, messages_named(reader, desk.authority, first))
    return Voices(shown=shown, late=sum(each.clock.is_overdue for each in waiting), total=len(waiting))


def terms(policy: Policy, today: date) -> Iterator[Term]:
    """Yield the window of applications, the round and the period of assessments that run or come next."""
    this_year = date(today.year, *policy.window_closes) >= today
    year = today.year if this_year else today.year + 1
    opens_on, closes_on = date(year, *policy.window_opens), date(year, *policy.window_closes)
    yield Term(zh="申报", en="Applications", clause="F6", opens_on=opens_on, closes_on=closes_on)
    awards = round_inspected(today, policy)
    yield Term(
        zh="检查评比", en="Inspections", clause="F13", opens_on=awards.first_day, closes_on=awards.closes_on
    )
    yield Term(
        zh="命名表彰", en="Awards", clause="F16", opens_on=awards.award_day, closes_on=awards.award_day
    )
    period = policy.periods.of(today)
    yield Term(
        zh="本期考核", en="Assessments", clause="F17", opens_on=period.first_day, closes_on=period.last_day
    )
