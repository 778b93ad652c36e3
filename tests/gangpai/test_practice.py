"""The sample story: its days lie in order before any day it is told on, and its post earns the title."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gangpai.office import Office, open_office
from gangpai.practice import find_worthy, hang_plates, office_on, story_days
from gangpai.settings import Settings
from gangpai.stores import TinyDbFile
from store.acts.award import award
from store.policy import founding_plan
from store.records import Award, LogEntry


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Office]:
    with open_office(Settings(store=TinyDbFile(tmp_path / "register.db"), demo=True)) as opened:
        yield opened


@given(st.dates(date(2001, 1, 1), date(2099, 12, 31)))
def test_the_days_of_the_story_lie_in_order_before_today(today: date) -> None:
    days = story_days(today, founding_plan())
    assert days.applied < days.inspected < days.named < today


@pytest.mark.parametrize(
    "today", [date(2027, 1, 1), date(2027, 7, 1), date(2027, 7, 2), date(2027, 12, 31), date(2028, 2, 29)]
)
def test_f16_the_story_can_be_told_on_any_day(practice: Office, today: date) -> None:
    told = replace(practice, now=lambda: datetime.combine(today, time(1), UTC))
    days = story_days(today, told.policy)
    [copy] = hang_plates(office_on(told, days.applied))
    inspecting, naming = office_on(told, days.inspected), office_on(told, days.named)
    find_worthy(inspecting, copy.post_id, days.inspected)
    award(naming.register, naming.authority(), copy.post_id, awarded_on=days.named)
    [named] = told.register.find(Award)
    assert named.round == days.named.isoformat()
    times = [entry.at for entry in told.register.find(LogEntry)]
    assert times == sorted(times)
