"""The days that acts are told: within reach of the act, and where it tells of the past, not ahead of it."""

from datetime import date

from store.acts.authority import Authority
from store.calendar import chinese_day, office_day
from store.refusals import Refusal

REACH_YEARS = 50


class DayOutOfReach(Refusal):
    """A day lies further away than anybody lives to see. Remedy: look whether the year was mistyped."""

    clause_id = "F29"
    reason_zh = "{what_zh}{day}与今天相差超过{most}年。"
    reason_en = "The {what_en}, {day}, is more than {most} years away."
    remedy_zh = "请核对年份。"
    remedy_en = "Look whether the year was mistyped."


class DayAhead(Refusal):
    """Something that has not happened is to be entered. Remedy: enter it when it has."""

    clause_id = "F29"
    reason_zh = "{what_zh}{day_zh}晚于今天。"
    reason_en = "The {what_en}, {day}, lies ahead."
    remedy_zh = "请核对日期；事后据实登记。"
    remedy_en = "Compare the date, and enter it once the day has come."


def within_reach(day: date, authority: Authority, *, what_zh: str, what_en: str) -> date:
    """Return the day, if it is near enough to be meant.

    Raises:
        DayOutOfReach: it is not.

    """
    if abs(day.year - office_day(authority.now).year) > REACH_YEARS:
        raise DayOutOfReach(day=day, most=REACH_YEARS, what_zh=what_zh, what_en=what_en)
    return day


def passed(day: date, authority: Authority, *, what_zh: str, what_en: str) -> date:
    """Return the day, if it has come.

    Raises:
        DayAhead, DayOutOfReach: it has not, or not in living memory.

    """
    within_reach(day, authority, what_zh=what_zh, what_en=what_en)
    if day > office_day(authority.now):
        raise DayAhead(day=day, day_zh=chinese_day(day), what_zh=what_zh, what_en=what_en)
    return day
