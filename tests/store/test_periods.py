"""Natural quarters and school terms: the period of a day, the next one, the whole ones between two days."""

from dataclasses import FrozenInstanceError
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.periods import Calendar, Period, PeriodStart
from store.policy import built_in, founding_plan

QUARTERS = founding_plan().periods
TERMS = built_in("wangchuan-school").periods
DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))
CALENDARS = st.sampled_from([QUARTERS, TERMS])


@pytest.mark.parametrize(
    ("day", "period"),
    [
        (date(2026, 1, 1), "2026-Q1"),
        (date(2026, 3, 31), "2026-Q1"),
        (date(2026, 4, 1), "2026-Q2"),
        (date(2026, 6, 30), "2026-Q2"),
        (date(2026, 7, 1), "2026-Q3"),
        (date(2026, 9, 30), "2026-Q3"),
        (date(2026, 10, 1), "2026-Q4"),
        (date(2026, 12, 31), "2026-Q4"),
        (date(2027, 1, 1), "2027-Q1"),
        (date(2028, 2, 29), "2028-Q1"),
    ],
)
def test_f17_a_day_lies_in_its_natural_quarter(day: date, period: str) -> None:
    assert QUARTERS.of(day).id == period


@pytest.mark.parametrize(
    ("day", "period"),
    [
        (date(2026, 2, 14), "2025-秋季学期"),
        (date(2026, 2, 15), "2026-春季学期"),
        (date(2026, 8, 31), "2026-春季学期"),
        (date(2026, 9, 1), "2026-秋季学期"),
        (date(2027, 1, 1), "2026-秋季学期"),
    ],
)
def test_f17_the_last_term_runs_into_the_next_year(day: date, period: str) -> None:
    assert TERMS.of(day).id == period


def test_a_period_tells_its_first_and_last_day() -> None:
    first_quarter = Period(first_day=date(2028, 1, 1), last_day=date(2028, 3, 31), id="2028-Q1")
    assert QUARTERS.of(date(2028, 2, 29)) == first_quarter
    assert (TERMS.of(date(2027, 1, 1)).first_day, TERMS.of(date(2027, 1, 1)).last_day) == (
        date(2026, 9, 1),
        date(2027, 2, 14),
    )


@given(CALENDARS, DAYS)
def test_every_day_lies_in_exactly_one_period(calendar: Calendar, day: date) -> None:
    period = calendar.of(day)
    assert period.first_day <= day <= period.last_day
    assert calendar.of(period.first_day) == calendar.of(period.last_day) == period


@given(CALENDARS, DAYS)
def test_the_next_period_begins_the_day_after(calendar: Calendar, day: date) -> None:
    period = calendar.of(day)
    assert calendar.after(period).first_day - period.last_day == timedelta(days=1)


@given(CALENDARS, DAYS)
def test_a_period_is_found_by_its_id(calendar: Calendar, day: date) -> None:
    assert calendar.named(calendar.of(day).id) == calendar.of(day)


@given(CALENDARS, DAYS, st.integers(0, 1500))
def test_the_periods_between_two_days_are_those_that_lie_whole_in_them(
    calendar: Calendar, first: date, length: int
) -> None:
    last = first + timedelta(days=length)
    walked, period = [], calendar.of(first)
    while period.first_day <= last:
        if first <= period.first_day and period.last_day <= last:
            walked.append(period)
        period = calendar.after(period)
    assert calendar.between(first, last) == walked


@pytest.mark.parametrize(
    "period_id",
    [
        "", "2026", "2026-", "2026-Q5", "2026-q3", "Q3", "26-Q3", "02026-Q3", "２０２６-Q3", "0000-Q3",
        "9999-Q3", f"{'9' * 5000}-Q3", "2026-Q3 ", "2026-Q3-", "2026-春季学期",
    ],
)  # fmt: skip
def test_what_names_no_period_is_none(period_id: str) -> None:
    assert QUARTERS.named(period_id) is None


def test_a_year_may_be_one_period() -> None:
    whole = Calendar(starts=(PeriodStart(name="全年", first_day=(1, 1)),))
    assert whole.of(date(2026, 7, 1)).last_day == date(2026, 12, 31)
    with pytest.raises(FrozenInstanceError):
        whole.starts = ()  # type: ignore[misc]
