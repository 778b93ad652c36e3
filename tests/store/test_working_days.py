"""The days offices work: the State Council's calendar, its edge, and the last second of a day."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.calendar import OFFICE_ZONE, office_day
from store.working_days import after, is_working_day, reckoned_plainly

_DAYS = st.dates(date(2003, 1, 1), date(2035, 12, 31))
_TERMS = st.integers(1, 40)


@given(_DAYS, _TERMS)
def test_a_term_ends_on_a_working_day_with_just_so_many_passed(day: date, term: int) -> None:
    end = after(day, term)
    passed = [day + timedelta(days=n) for n in range(1, (end - day).days + 1)]
    assert is_working_day(end)
    assert sum(map(is_working_day, passed)) == term


@given(_DAYS, _TERMS, _TERMS)
def test_two_terms_end_to_end_are_one(day: date, first: int, second: int) -> None:
    assert after(after(day, first), second) == after(day, first + second)


@given(st.lists(_DAYS, min_size=2).map(sorted), _TERMS)
def test_who_begins_later_ends_no_earlier(days: list[date], term: int) -> None:
    ends = [after(day, term) for day in days]
    assert all(earlier <= later for earlier, later in pairwise(ends))


@pytest.mark.parametrize(
    "worked",
    [date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28), date(2026, 5, 9), date(2026, 9, 20)],
)
def test_a_make_up_day_on_a_weekend_is_worked(worked: date) -> None:
    assert worked.weekday() >= 5
    assert is_working_day(worked)
    assert after(worked - timedelta(days=1), 1) == worked


def test_national_day_2026_lasts_seven_days_and_is_made_up_for() -> None:
    assert [day for day in range(1, 13) if is_working_day(date(2026, 10, day))] == [8, 9, 10, 12]
    assert after(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert after(date(2026, 9, 30), 4) == date(2026, 10, 12)


def test_past_the_published_calendar_monday_to_friday_are_worked_and_it_is_said() -> None:
    last_known, friday = date(2026, 12, 31), date(2027, 1, 1)
    assert not reckoned_plainly(last_known)
    assert reckoned_plainly(friday)
    assert [after(last_known, term) for term in (1, 2)] == [friday, date(2027, 1, 4)]


def test_before_the_published_calendar_it_is_said_too() -> None:
    assert reckoned_plainly(date(2003, 12, 31))
    assert not reckoned_plainly(date(2004, 1, 1))


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        (datetime(2026, 9, 30, 23, 59, 59, tzinfo=OFFICE_ZONE), date(2026, 10, 8)),
        (datetime(2026, 10, 8, 0, 0, 0, tzinfo=OFFICE_ZONE), date(2026, 10, 9)),
        (datetime(2026, 9, 30, 15, 59, 59, tzinfo=UTC), date(2026, 10, 8)),
        (datetime(2026, 9, 30, 16, 0, 0, tzinfo=UTC), date(2026, 10, 8)),
        (datetime(2026, 10, 7, 16, 0, 0, tzinfo=UTC), date(2026, 10, 9)),
    ],
)
def test_the_offices_midnight_decides_when_a_term_begins(moment: datetime, due: date) -> None:
    assert after(office_day(moment), 1) == due


@pytest.mark.parametrize("term", [0, -1])
def test_a_term_without_days_is_refused(term: int) -> None:
    with pytest.raises(ValueError, match="at least one"):
        after(date(2026, 7, 1), term)
