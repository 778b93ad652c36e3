"""The award rounds of a year (F16): when a round's inspections begin and close, and its award day.

Knows days and the policy's award days only. Leaves out who is inspected and who is named.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from store.policy import Policy


@dataclass(frozen=True, kw_only=True)
class Round:
    """One round: its inspections fall from `first_day` to `closes_on`, both included, before `award_day`."""

    first_day: date
    closes_on: date
    award_day: date

    @property
    def id(self) -> str:
        """The round as records name it, such as 2026-07-01."""
        return self.award_day.isoformat()


def round_of(day: date, policy: Policy) -> Round:
    """Return the round in which a post named on this day is named: that of the next award day."""
    before, award_day = _around(day, policy)
    cutoff = timedelta(days=policy.award_cutoff_days)
    return Round(
        first_day=before - cutoff + timedelta(days=1), closes_on=award_day - cutoff, award_day=award_day
    )


def round_inspected(day: date, policy: Policy) -> Round:
    """Return the round that an inspection on this day counts for: the first one not closed by then."""
    return round_of(day + timedelta(days=policy.award_cutoff_days), policy)


def round_before(day: date, policy: Policy) -> Round:
    """Return the latest round whose award day is not after this day."""
    before, award_day = _around(day, policy)
    return round_of(award_day if award_day == day else before, policy)


def _around(day: date, policy: Policy) -> tuple[date, date]:
    """Return the last award day before a day, and the next one on or after it."""
    years = range(day.year - 1, day.year + 2)
    days = [date(year, *each) for year in years for each in policy.award_days]
    return max(each for each in days if each < day), min(each for each in days if each >= day)
