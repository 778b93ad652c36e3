"""Award rounds: which one a day belongs to, at every edge."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.policy import founding_plan
from store.rounds import round_before, round_inspected, round_of

PLAN = founding_plan()
DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))


@pytest.mark.parametrize(
    ("day", "round_id"),
    [
        (date(2026, 1, 1), "2026-07-01"),
        (date(2026, 7, 1), "2026-07-01"),
        (date(2026, 7, 2), "2026-12-31"),
        (date(2026, 12, 31), "2026-12-31"),
    ],
)
def test_f16_a_post_is_named_in_the_round_of_the_next_award_day(day: date, round_id: str) -> None:
    assert round_of(day, PLAN).id == round_id


@pytest.mark.parametrize(
    ("day", "round_id"),
    [
        (date(2026, 6, 21), "2026-07-01"),
        (date(2026, 6, 22), "2026-12-31"),
        (date(2026, 12, 21), "2026-12-31"),
        (date(2026, 12, 22), "2027-07-01"),
    ],
)
def test_f16_an_inspection_counts_for_the_first_round_not_closed(day: date, round_id: str) -> None:
    assert round_inspected(day, PLAN).id == round_id


@given(DAYS)
def test_every_day_lies_in_the_one_round_its_inspections_count_for(day: date) -> None:
    found = round_inspected(day, PLAN)
    assert found.first_day <= day <= found.closes_on
    assert round_inspected(
        found.closes_on + timedelta(days=1), PLAN
    ).first_day == found.closes_on + timedelta(days=1)


@given(DAYS)
def test_the_last_round_is_over(day: date) -> None:
    last = round_before(day, PLAN)
    assert last.award_day <= day
    assert round_of(last.award_day + timedelta(days=1), PLAN).award_day > day
