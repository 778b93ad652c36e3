"""What may stand in a policy file as the value of a rule: its unit, how it is read, what is allowed.

Knows each kind of value by itself. Leaves out which values have to agree with one another (policy.py) and
what a number means for an act.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import pairwise
from typing import Any

from store.periods import Calendar, MonthDay, PeriodStart

RuleValue = int | float | str | tuple[str, ...]

WARN, REQUIRE = "warn", "require"
FULL_MARKS = 100
_DAYS_MOST = 366
_COUNT_MOST = 100_000
_MONTH_DAY = re.compile(r"[0-9]{2}-[0-9]{2}")
_YEAR_WITHOUT_LEAP_DAY = 2023


@dataclass(frozen=True, kw_only=True)
class Number:
    """A rule the founding plan leaves open: its Chinese name, its unit, and which values it allows.

    `read` turns what stands in the file into what the acts use, and raises ValueError for anything else.
    """

    zh: str
    unit: str
    allowed_zh: str
    allowed_en: str
    read: Callable[[object], Any]


def count(zh: str, unit: str) -> Number:
    """Describe a number of things, at least one."""
    return _whole(zh, unit, least=1, most=_COUNT_MOST)


def days(zh: str, unit: str = "天", *, least: int = 1) -> Number:
    """Describe a time limit in calendar or working days, of a year at most."""
    return _whole(zh, unit, least=least, most=_DAYS_MOST)


def points(zh: str) -> Number:
    """Describe a score out of 100."""
    return _whole(zh, "分", least=1, most=FULL_MARKS)


def share(zh: str, unit: str) -> Number:
    """Describe a share of a whole."""
    return Number(
        zh=zh, unit=unit, allowed_zh="0 至 1 的数", allowed_en="a number from 0 to 1", read=_read_share
    )


def strictness(zh: str) -> Number:
    """Describe whether what is missing is noted or refused."""
    allowed = f'"{WARN}" / "{REQUIRE}"'
    return Number(
        zh=zh, unit=f"{WARN}|{REQUIRE}", allowed_zh=allowed, allowed_en=allowed, read=_read_strictness
    )


def month_day(zh: str) -> Number:
    """Describe a day that comes every year."""
    return Number(
        zh=zh,
        unit="月-日",
        allowed_zh='每年都有的一天，如 "06-11"（02-29 不是）',
        allowed_en='a day of every year, such as "06-11" (02-29 is not)',
        read=_read_month_day,
    )


def month_days(zh: str) -> Number:
    """Describe several days that come every year."""
    return Number(
        zh=zh,
        unit="月-日",
        allowed_zh='由早到晚的日子，如 ["07-01", "12-31"]（02-29 不可用）',
        allowed_en='days in order, such as ["07-01", "12-31"] (not 02-29)',
        read=_read_month_days,
    )


def periods(zh: str) -> Number:
    """Describe the periods of a year, each by its name and first day."""
    longest = PeriodStart.NAME_LONGEST
    return Number(
        zh=zh,
        unit="名称 月-日",
        allowed_zh=f'名称（不超过{longest}字，各不相同）与首日，由早到晚，如 ["Q1 01-01"]（02-29 不可用）',
        allowed_en=f'names (up to {longest} letters) and first days, in order, as ["Q1 01-01"] (not 02-29)',
        read=_read_periods,
    )


def _whole(zh: str, unit: str, *, least: int, most: int) -> Number:
    return Number(
        zh=zh,
        unit=unit,
        allowed_zh=f"{least} 至 {most} 的整数",
        allowed_en=f"a whole number from {least} to {most}",
        read=partial(_read_whole, least=least, most=most),
    )


def _read_whole(value: object, *, least: int, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise ValueError(value)
    return value


def _read_share(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 1:
        raise ValueError(value)
    return float(value)


def _read_strictness(value: object) -> str:
    if value not in (WARN, REQUIRE):
        raise ValueError(value)
    return str(value)


def _read_month_day(value: object) -> MonthDay:
    if not _MONTH_DAY.fullmatch(str(value)):
        raise ValueError(value)
    day = date.fromisoformat(f"{_YEAR_WITHOUT_LEAP_DAY}-{value}")
    return day.month, day.day


def _read_month_days(value: object) -> tuple[MonthDay, ...]:
    return _in_order(tuple(_read_month_day(each) for each in _listed(value)))


def _read_periods(value: object) -> Calendar:
    starts = tuple(_read_period_start(each) for each in _listed(value))
    _in_order(tuple(each.first_day for each in starts))
    if len({each.name for each in starts}) < len(starts):
        raise ValueError(value)
    return Calendar(starts=starts)


def _read_period_start(value: object) -> PeriodStart:
    name, _, first_day = str(value).partition(" ")
    if not name.isalnum() or len(name) > PeriodStart.NAME_LONGEST:
        raise ValueError(value)
    return PeriodStart(name=name, first_day=_read_month_day(first_day))


def _listed(value: object) -> list[object]:
    if not isinstance(value, list) or not value:
        raise ValueError(value)
    return value


def _in_order(found: tuple[MonthDay, ...]) -> tuple[MonthDay, ...]:
    if any(earlier >= later for earlier, later in pairwise(found)):
        raise ValueError(found)
    return found
