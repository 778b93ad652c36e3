"""The days that acts are told: none lies ahead of the act."""

from datetime import date

from store.acts.authority import Authority
from store.calendar import chinese_day, office_day
from store.refusals import Refusal


class DayAhead(Refusal):
    """Something that has not happened is to be entered. Remedy: enter it when it has."""

    clause_id = "F29"
    reason_zh = "{what_zh}{day_zh}晚于今天。"
    reason_en = "The {what_en}, {day}, lies ahead."
    remedy_zh = "请核对日期；事后据实登记。"
    remedy_en = "Compare the date, and enter it once the day has come."


def passed(day: date, authority: Authority, *, what_zh: str, what_en: str) -> date:
    """Return the day, if it has come.

    Raises:
        DayAhead: it has not.

    """
    if day > office_day(authority.now):
        raise DayAhead(day=day, day_zh=chinese_day(day), what_zh=what_zh, what_en=what_en)
    return day
