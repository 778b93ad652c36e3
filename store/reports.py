"""The programme in numbers, for reports: satisfaction by period, assessments, recalls by days, scans by day.

Each number is counted by the functions the lists of the same things come from. Whoever is spoken about gets
satisfaction of closed periods only, as the public does: a count that runs would tell how a visitor rated.
Leaves out how a report reads on paper (paperwork/reports.py) and how it is drawn (verify/charts.py).
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from store.assessments import AssessmentDue, assessments_due, standing_assessments
from store.branch_year import Kept as KeptTerms
from store.branch_year import recalls_kept
from store.calendar import office_day
from store.kept import Kept
from store.periods import Calendar, Period
from store.policy import Policy
from store.post_states import PostLine
from store.recalls import Recall, RecallState
from store.records import Feedback, Organisation, PaperSurvey, Post, ReRating
from store.register import Reader, Register
from store.satisfaction import Satisfaction, satisfaction_by_period, together
from store.scan_counts import Scans, scans_by_day

DAYS_BEFORE = (0, 1, 4, 8, 15, 31)
"""Where the spans of days begin in which plates are counted that came back, or are still out."""

_BACK = frozenset({RecallState.RETURNED, RecallState.DESTROYED})

Ratings = Mapping[str, Mapping[Period, Satisfaction]]


class RatingsBook:
    """Knows what was said of every post in every period; one for each process, safe in threads."""

    def __init__(self) -> None:
        self._kept = Kept[Calendar, Mapping[Period, Satisfaction]](
            (Feedback, ReRating, PaperSurvey), _ratings_of
        )

    def of(self, register: Register, calendar: Calendar) -> Ratings:
        """Return what was said of each post by period.

        Raises:
            RegisterUnavailable: the register cannot be read.

        """
        return self._kept.by_post(register, calendar)


def _ratings_of(reader: Reader, post_ids: Collection[str] | None, calendar: Calendar) -> Ratings:
    if post_ids is not None:
        return {each: satisfaction_by_period(reader, each, calendar) for each in post_ids}
    return {each.id: satisfaction_by_period(reader, each.id, calendar) for each in reader.find(Post)}


@dataclass(frozen=True, kw_only=True)
class Row:
    """What a line of a report is about: a post, a branch, or all of them, whose id is empty."""

    id: str
    name: str
    branch_name: str


@dataclass(frozen=True, kw_only=True)
class RatedLine:
    """A post, or a branch with its posts, in each period of a year and in all of them together."""

    row: Row
    by_period: tuple[Satisfaction, ...]
    whole: Satisfaction


@dataclass(frozen=True, kw_only=True)
class RatedYear:
    """Satisfaction in a year: the periods told, a line for each branch and for each post, and all of them."""

    periods: tuple[Period, ...]
    branches: tuple[RatedLine, ...]
    posts: tuple[RatedLine, ...]
    whole: RatedLine


def periods_told(calendar: Calendar, year: int, today: date, *, running: bool) -> tuple[Period, ...]:
    """Return the periods of a year that are over, and where asked for the running one, oldest first."""
    through = calendar.between(date(year, 1, 1), date(year + 1, 12, 31))
    own = [each for each in through if each.id.startswith(f"{year}-")]
    return tuple(each for each in own if each.last_day < today or (running and each.first_day <= today))


def rated_year(
    ratings: Ratings, branches: Sequence[Organisation], posts: Iterable[PostLine], periods: tuple[Period, ...]
) -> RatedYear:
    """Gather satisfaction by branch and post in some periods; posts of which nothing was said are listed."""
    own = defaultdict[str, list[PostLine]](list)
    for each in posts:
        own[each.branch_id].append(each)
    of_posts = [
        _line(Row(id=each.post_id, name=each.name, branch_name=branch.name), [each], ratings, periods)
        for branch in branches
        for each in own[branch.id]
    ]
    of_branches = [
        _line(Row(id=each.id, name=each.name, branch_name=each.name), own[each.id], ratings, periods)
        for each in branches
    ]
    everybody = [each for branch in branches for each in own[branch.id]]
    whole = _line(Row(id="", name="合计", branch_name=""), everybody, ratings, periods)
    return RatedYear(periods=periods, branches=tuple(of_branches), posts=tuple(of_posts), whole=whole)


def _line(row: Row, posts: Sequence[PostLine], ratings: Ratings, periods: tuple[Period, ...]) -> RatedLine:
    said = [ratings.get(each.post_id, {}) for each in posts]
    by_period = tuple(
        together([each[period] for each in said if period in each], period.first_day, period.last_day)
        for period in periods
    )
    first, last = (periods[0].first_day, periods[-1].last_day) if periods else (date.min, date.min)
    return RatedLine(row=row, by_period=by_period, whole=together(by_period, first, last))


@dataclass(frozen=True, kw_only=True)
class AssessedPeriod:
    """How many members of a branch were assessed in a period, and who is missing."""

    branch: Organisation
    period: str
    done: int
    missing: tuple[AssessmentDue, ...]

    @property
    def wanted(self) -> int:
        """How many the period asked for."""
        return self.done + len(self.missing)


def assessed_year(
    reader: Reader, policy: Policy, branches: Sequence[Organisation], year: int, today: date
) -> tuple[AssessedPeriod, ...]:
    """Count the assessments of a year by branch and period, in that order; who owed none is left out."""
    own = {each.id for each in branches}
    done, missing = Counter[tuple[str, str]](), defaultdict[tuple[str, str], list[AssessmentDue]](list)
    for branch_id in own:
        for each in standing_assessments(reader, branch_id=branch_id):
            done[branch_id, each.period] += 1
        for due in assessments_due(reader, policy, today, branch_id):
            missing[branch_id, due.period.id].append(due)
    periods = sorted({period for _, period in {*done, *missing} if period.startswith(f"{year}-")})
    return tuple(
        AssessedPeriod(
            branch=branch,
            period=period,
            done=done[branch.id, period],
            missing=tuple(missing.get((branch.id, period), ())),
        )
        for branch in branches
        for period in periods
        if done[branch.id, period] or (branch.id, period) in missing
    )


@dataclass(frozen=True, kw_only=True)
class DaysOut:
    """Plates called back, by how many days they took or have taken: back, lost on the way, and still out.

    The span runs from `first` to `last` days, both included; the last span has no end.
    """

    first: int
    last: int | None
    back: int
    lost: int
    out: int

    @property
    def zh(self) -> str:
        """The span in Chinese."""
        if self.last is None:
            return f"{self.first}天及以上"
        return "当天" if self.last == 0 else f"{self.first}至{self.last}天"

    @property
    def en(self) -> str:
        """The span in English."""
        if self.last is None:
            return f"{self.first} days and more"
        return "the same day" if self.last == 0 else f"{self.first} to {self.last} days"


@dataclass(frozen=True, kw_only=True)
class RecalledBranch:
    """What became of the plates of a branch that were called back in a year."""

    branch: Organisation
    kept: KeptTerms
    lost: int
    overdue: int


@dataclass(frozen=True, kw_only=True)
class RecalledYear:
    """The recalls that were opened in a year; those of a veto that was taken back are left out."""

    by_days: tuple[DaysOut, ...]
    branches: tuple[RecalledBranch, ...]


def recalled_year(
    lines: Iterable[Recall], branches: Sequence[Organisation], year: int, today: date
) -> RecalledYear:
    """Count the recall lines of a year by days out, and by branch."""
    own = {each.id for each in branches}
    counted = [
        each
        for each in lines
        if each.line.branch_id in own
        and each.state is not RecallState.CANCELLED
        and office_day(each.line.opened_at).year == year
    ]
    ends = (*(each - 1 for each in DAYS_BEFORE[1:]), None)
    return RecalledYear(
        by_days=tuple(_days_out(counted, *span, today) for span in zip(DAYS_BEFORE, ends, strict=True)),
        branches=tuple(
            _recalled_branch(each, [line for line in counted if line.line.branch_id == each.id], today)
            for each in branches
        ),
    )


def _days_out(lines: list[Recall], first: int, last: int | None, today: date) -> DaysOut:
    reach = range(first, sys.maxsize if last is None else last + 1)
    within = [each for each in lines if _days(each, today) in reach]
    return DaysOut(
        first=first,
        last=last,
        back=sum(each.state in _BACK for each in within),
        lost=sum(each.state is RecallState.LOST for each in within),
        out=sum(each.is_open for each in within),
    )


def _days(line: Recall, today: date) -> int:
    """Return how many days a plate was out, or has been out by now, since it was called back."""
    return line.days_out(office_day(line.closed_at) if line.closed_at else today)


def _recalled_branch(branch: Organisation, lines: list[Recall], today: date) -> RecalledBranch:
    return RecalledBranch(
        branch=branch,
        kept=recalls_kept(lines),
        lost=sum(each.state is RecallState.LOST for each in lines),
        overdue=sum(each.is_overdue(today) for each in lines),
    )


@dataclass(frozen=True, kw_only=True)
class ScannedYear:
    """How many scan pages the months of a year had, and each of the last days of it up to today."""

    months: tuple[tuple[int, Scans], ...]
    days: tuple[tuple[date, Scans], ...]


DAYS_TOLD = 31


def scanned_year(reader: Reader, year: int, today: date) -> ScannedYear:
    """Count the scan pages of a year by month, and by day for its last 31 days that are not ahead."""
    last = min(date(year, 12, 31), today)
    found = scans_by_day(reader, date(year, 1, 1), last)
    months = [
        (month, _sum(scans for day, scans in found.items() if day.month == month))
        for month in range(1, last.month + 1)
    ]
    days = [last - timedelta(days=back) for back in range(DAYS_TOLD)]
    return ScannedYear(
        months=tuple(months),
        days=tuple((day, found.get(day, Scans())) for day in days if day.year == year),
    )


def _sum(scans: Iterable[Scans]) -> Scans:
    counted = list(scans)
    return Scans(known=sum(each.known for each in counted), unknown=sum(each.unknown for each in counted))
