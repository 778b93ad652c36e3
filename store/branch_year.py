"""A branch's year in numbers (F27): each counted by the function the lists of the same things come from."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from store.assessments import assessments_due, standing_assessments
from store.calendar import office_day
from store.dossier import Dossier, PostState, dossiers
from store.feedback import Clock, TermState, clocks
from store.lookup import is_corrected
from store.policy import Policy
from store.recalls import Recall, RecallState, recalls
from store.records import BranchPlan, Inspection, Organisation, Veto, YearSummary
from store.rectifications import RectificationState, problems
from store.register import Reader
from store.satisfaction import Satisfaction, satisfaction_of, together

_BACK = frozenset({RecallState.RETURNED, RecallState.DESTROYED})


@dataclass(frozen=True, kw_only=True)
class Kept:
    """How many of some things that fell due were done in time, done late, and are still open."""

    in_time: int
    late: int
    still_open: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.in_time + self.late + self.still_open


@dataclass(frozen=True, kw_only=True)
class BranchYear:
    """What a branch did in a year, and what it left undone; `posts` are all it had by the year's end."""

    branch: Organisation
    year: int
    posts: tuple[Dossier, ...]
    satisfaction: Satisfaction
    by_post: dict[str, Satisfaction]
    has_plan: bool
    has_summary: bool
    inspections: int
    awards: int
    assessments_done: int
    assessments_open: int
    vetoes: int
    corrected_vetoes: int
    recalls: Kept
    recalls_lost: int
    rectifications: Kept
    settlements: Kept

    @property
    def states(self) -> Counter[PostState]:
        """How many posts stand how, today."""
        return Counter(each.state for each in self.posts)

    @property
    def assessments_wanted(self) -> int:
        """How many assessments the year has asked for so far."""
        return self.assessments_done + self.assessments_open


def branch_year(  # noqa: PLR0913, PLR0917 - whose year, by which rules, as of when
    reader: Reader,
    policy: Policy,
    branch: Organisation,
    year: int,
    now: datetime,
    heard_to: date = date.max,
) -> BranchYear:
    """Count a branch's year as it stands at `now`, which is aware; of the public's words up to a day."""
    posts = tuple(each for each in dossiers(reader, branch.id) if each.post.year <= year)
    last = min(date(year, 12, 31), heard_to)
    by_post = {each.post.id: _satisfaction(reader, each, year, last) for each in posts}
    cast = [each for each in _vetoes(reader, posts) if _is_in(each.cast_at, year)]
    lines = [each for each in recalls(reader, branch_id=branch.id) if _is_in(each.line.opened_at, year)]
    return BranchYear(
        branch=branch,
        year=year,
        posts=posts,
        satisfaction=together(tuple(by_post.values()), date(year, 1, 1), last),
        by_post=by_post,
        has_plan=any(each.year == year for each in reader.find(BranchPlan, branch_id=branch.id)),
        has_summary=any(each.year == year for each in reader.find(YearSummary, branch_id=branch.id)),
        inspections=_inspections(reader, branch, year),
        awards=sum(each.award is not None and each.award.awarded_on.year == year for each in posts),
        assessments_done=_assessments_done(reader, branch, year),
        assessments_open=_assessments_open(reader, policy, branch, year, office_day(now)),
        vetoes=len(cast),
        corrected_vetoes=sum(is_corrected(reader, each.id) for each in cast),
        recalls=recalls_kept(lines),
        recalls_lost=sum(each.state is RecallState.LOST for each in lines),
        rectifications=_rectifications_kept(reader, branch, year),
        settlements=_settlements_kept(
            [
                each
                for each in clocks(reader, policy, now, branch.id)
                if _is_in(each.received_at, year) and office_day(each.received_at) <= last
            ]
        ),
    )


def _vetoes(reader: Reader, posts: Iterable[Dossier]) -> list[Veto]:
    return [veto for each in posts for veto in reader.find(Veto, post_id=each.post.id)]


def _inspections(reader: Reader, branch: Organisation, year: int) -> int:
    return sum(each.inspected_on.year == year for each in reader.find(Inspection, branch_id=branch.id))


def _assessments_done(reader: Reader, branch: Organisation, year: int) -> int:
    return sum(_of_year(each.period, year) for each in standing_assessments(reader, branch_id=branch.id))


def _assessments_open(reader: Reader, policy: Policy, branch: Organisation, year: int, today: date) -> int:
    found = assessments_due(reader, policy, today, branch.id)
    return sum(_of_year(each.period.id, year) for each in found)


def recalls_kept(lines: list[Recall]) -> Kept:
    """Count the plates that came back by their day, or later, or are out; a lost one is none of these."""
    back = [each for each in lines if each.state in _BACK and each.closed_at]
    in_time = sum(1 for each in back if each.closed_at and office_day(each.closed_at) <= each.line.due_on)
    return Kept(in_time=in_time, late=len(back) - in_time, still_open=sum(each.is_open for each in lines))


def _rectifications_kept(reader: Reader, branch: Organisation, year: int) -> Kept:
    ordered = (each for each in problems(reader, branch_id=branch.id) if _is_in(each.order.ordered_at, year))
    asked = [each for each in ordered if each.state is not RectificationState.WITHDRAWN]
    closed = [each for each in asked if each.closed]
    in_time = sum(
        1 for each in closed if each.closed and office_day(each.closed.closed_at) <= each.order.due_on
    )
    return Kept(in_time=in_time, late=len(closed) - in_time, still_open=len(asked) - len(closed))


def _settlements_kept(found: list[Clock]) -> Kept:
    states = Counter(each.settlement.state for each in found)
    return Kept(
        in_time=states[TermState.KEPT],
        late=states[TermState.LATE],
        still_open=states[TermState.RUNNING] + states[TermState.OVERDUE],
    )


def _satisfaction(reader: Reader, dossier: Dossier, year: int, last: date) -> Satisfaction:
    return satisfaction_of(reader, dossier.post.id, date(year, 1, 1), last)


def _is_in(moment: datetime, year: int) -> bool:
    return office_day(moment).year == year


def _of_year(period_id: str, year: int) -> bool:
    return period_id.startswith(f"{year}-")
