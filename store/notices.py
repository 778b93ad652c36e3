"""Public notices read with what was objected to them (F26).

Knows which notices show a thing, which run on a day and which objections wait. Leaves out what an unsettled
one keeps from being decided (acts/approve.py).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from store import working_days
from store.records import Objection, ObjectionSettled, PublicNotice
from store.register import Reader


class NoticeState(StrEnum):
    """Where a notice is: not begun, hanging, or run its term."""

    AHEAD = "ahead"
    RUNNING = "running"
    OVER = "over"


NOTICE_STATE_ZH: dict[NoticeState, str] = {
    NoticeState.AHEAD: "未开始",
    NoticeState.RUNNING: "公示中",
    NoticeState.OVER: "已期满",
}

NOTICE_STATE_EN: dict[NoticeState, str] = {
    NoticeState.AHEAD: "Not begun",
    NoticeState.RUNNING: "On show",
    NoticeState.OVER: "Over",
}


def notices_showing(reader: Reader, object_ids: Collection[str]) -> list[PublicNotice]:
    """Return the notices that show any of the plans or applications, oldest first."""
    wanted = set(object_ids)
    return [each for each in reader.find(PublicNotice) if wanted & set(each.object_ids)]


def notice_state(notice: PublicNotice, day: date) -> NoticeState:
    """Say where a notice is on the office's day."""
    if day < notice.opens_on:
        return NoticeState.AHEAD
    return NoticeState.RUNNING if day <= notice.closes_on else NoticeState.OVER


@dataclass(frozen=True, kw_only=True)
class Term:
    """How far a notice has come: working days that have begun since its first day, and how many it runs."""

    begun: int
    total: int


def term_of(notice: PublicNotice, day: date) -> Term:
    """Count the working days of a notice's term; the day on which it is hung out is not among them."""
    days = (notice.closes_on - notice.opens_on).days
    counted = (notice.opens_on + timedelta(days=number) for number in range(1, days + 1))
    worked = [each for each in counted if working_days.is_working_day(each)]
    return Term(begun=sum(each <= day for each in worked), total=len(worked))


def unsettled(reader: Reader, object_ids: Iterable[str]) -> list[Objection]:
    """Return the objections to the plans or applications that nobody has answered yet."""
    objections = [each for object_id in object_ids for each in reader.find(Objection, object_id=object_id)]
    return [each for each in objections if not reader.find(ObjectionSettled, objection_id=each.id)]
