"""The office's days: UTC inside, Asia/Shanghai at the edge."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

OFFICE_ZONE = ZoneInfo("Asia/Shanghai")


def office_time(moment: datetime) -> datetime:
    """Return the moment on the office's clock."""
    return moment.astimezone(OFFICE_ZONE)


def office_day(moment: datetime) -> date:
    """Return the office's date at the moment."""
    return office_time(moment).date()


def chinese_time(moment: datetime) -> str:
    """Return the moment as officers and the public read it: 2026年11月22日 15:48:07."""
    local = office_time(moment)
    return f"{chinese_day(local.date())} {local:%H:%M:%S}"


def plain_time(moment: datetime) -> str:
    """Return the moment on the office's clock as English readers take it: 2026-11-22 15:48:07."""
    return f"{office_time(moment):%Y-%m-%d %H:%M:%S}"


def chinese_day(day: date) -> str:
    """Return the date as 2026年7月1日."""
    return f"{day.year}年{day.month}月{day.day}日"
