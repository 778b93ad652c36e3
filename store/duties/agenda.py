"""Duties as an iCalendar file, for the calendars of phones and offices (RFC 5545).

Knows how a duty becomes an all-day event that neither blocks time nor changes its identity. Leaves out which
duties there are.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from icalendar import Calendar, Event

from store.clauses import CLAUSES
from store.duties.duty import Duty

_PRODUCT = "-//gangpai//duties//ZH"


def agenda(duties: Iterable[Duty], now: datetime, *, issuer: str) -> bytes:
    """Return an iCalendar file with an all-day event on the day each duty is due.

    A duty keeps its UID from one file to the next, so that a calendar updates what it has. `issuer` is the
    committee's name; it keeps apart the duties of two registers. `now` is aware.
    """
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"{issuer} 示范岗待办")
    for duty in duties:
        calendar.add_component(_event(duty, now, issuer))
    content: bytes = calendar.to_ical()
    return content


def _event(duty: Duty, now: datetime, issuer: str) -> Event:
    event = Event()
    event.add("uid", _uid(duty, issuer))
    event.add("dtstamp", now)
    event.add("dtstart", duty.due_on)
    event.add("dtend", duty.due_on + timedelta(days=1))
    event.add("summary", f"{duty.terms.zh} {duty.object} / {duty.terms.en}")
    event.add(
        "description", f"{duty.who_zh}：{duty.zh}\n{CLAUSES[duty.clause].zh}\n{duty.en} ({duty.clause})"
    )
    event.add("categories", [duty.kind.value])
    event.add("transp", "TRANSPARENT")
    return event


def _uid(duty: Duty, issuer: str) -> str:
    digest = hashlib.sha256(f"{issuer}\n{duty.id}".encode()).hexdigest()
    return f"{digest[:32]}@gangpai"
