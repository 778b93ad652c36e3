"""Chinese working days: the days on which an office works, make-up Saturdays and Sundays among them.

Knows the State Council's calendar as far as it has been published and told to the library, and Monday to
Friday beyond. Leaves out which clock runs for how long: that is policy.
"""

from datetime import date, timedelta
from functools import cache

import chinese_calendar

_DAY = timedelta(days=1)
_SATURDAY = 5


@cache
def after(day: date, working_days: int) -> date:
    """Return the n-th working day after the day, the day itself not counted; a term ends with that day.

    Raises:
        ValueError: the number of working days is not at least 1.

    """
    if working_days < 1:
        raise ValueError("a term lasts at least one working day")
    for _ in range(working_days):
        day = _next_working_day(day)
    return day


def is_working_day(day: date) -> bool:
    """Tell whether offices work on the day, reckoned plainly where the calendar is not known."""
    published = _published(day)
    return day.weekday() < _SATURDAY if published is None else published


def reckoned_plainly(day: date) -> bool:
    """Tell whether the day lies outside the calendar known here, so that its public holidays count as worked.

    A term that ends on such a day may prove to end later once the year's calendar is published.
    """
    return _published(day) is None


@cache
def _published(day: date) -> bool | None:
    """Whether offices work on the day by the State Council's calendar; None outside what is published."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None


def _next_working_day(day: date) -> date:
    day += _DAY
    while not is_working_day(day):
        day += _DAY
    return day
