"""The periods of a year in which members are assessed: natural quarters, or school terms (F17).

Knows days only. Leaves out who is assessed and where the periods are written down (policy.py).
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

MonthDay = tuple[int, int]
_YEAR = re.compile(r"[1-9][0-9]{3}(?<!9999)")


@dataclass(frozen=True, kw_only=True)
class PeriodStart:
    """The name of a period and the month and day it begins on, every year."""

    NAME_LONGEST: ClassVar[int] = 10

    name: str
    first_day: MonthDay


@dataclass(frozen=True, kw_only=True, order=True)
class Period:
    """One period: its first and last day, both included, and its id, such as 2026-Q3."""

    first_day: date
    last_day: date
    id: str


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """The periods of every year, in order; the last one runs into the next year up to the first."""

    starts: tuple[PeriodStart, ...]

    def of(self, day: date) -> Period:
        """Return the period a day lies in."""
        return next(each for each in reversed(self._around(day.year)) if each.first_day <= day)

    def after(self, period: Period) -> Period:
        """Return the period that follows."""
        return self.of(period.last_day + timedelta(days=1))

    def between(self, first: date, last: date) -> list[Period]:
        """Return the periods that begin and end within the days given, oldest first."""
        years = range(first.year - 1, last.year + 1)
        periods = [each for year in years for each in self._of_year(year)]
        return [each for each in periods if first <= each.first_day and each.last_day <= last]

    def named(self, period_id: str) -> Period | None:
        """Return the period with this id, or None."""
        year, _, _ = period_id.partition("-")
        if not _YEAR.fullmatch(year):
            return None
        return next((each for each in self._of_year(int(year)) if each.id == period_id), None)

    def _around(self, year: int) -> list[Period]:
        return [*self._of_year(year - 1), *self._of_year(year)]

    def _of_year(self, year: int) -> list[Period]:
        first_days = [date(year, *each.first_day) for each in self.starts]
        ends = [*first_days[1:], date(year + 1, *self.starts[0].first_day)]
        return [
            Period(id=f"{year}-{start.name}", first_day=first, last_day=end - timedelta(days=1))
            for start, first, end in zip(self.starts, first_days, ends, strict=True)
        ]
