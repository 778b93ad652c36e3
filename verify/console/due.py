"""What is due: by day and clause, with the way to do each; also as a calendar file."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from store.calendar import office_day
from store.duties import Duty
from store.duties.agenda import agenda
from store.duties.duty import DutyKind
from store.records import Role
from verify.console.act_forms import FORMS
from verify.console.guard import ConsoleRoute, Desk, Officers
from verify.console.places import EVERY_OFFICER, IMPORTS, WORKS

router = APIRouter(prefix="/console/due", route_class=ConsoleRoute)
Worker = Annotated[Desk, Depends(Officers(*WORKS))]
SHOWN_MOST = 100
SOON = timedelta(days=7)

_POST = re.compile(r"\d{4}-\d{3,}")
_NAMED = {each.name: each for each in FORMS}
_FORMS = {
    DutyKind.ADJUSTMENT: _NAMED["adjust"],
    DutyKind.ASSESSMENT: _NAMED["assess"],
    DutyKind.INSPECTION: _NAMED["inspect"],
    DutyKind.RECTIFICATION: _NAMED["close-rectification"],
    DutyKind.SURVEY: _NAMED["survey"],
}
"""The form that does a duty, where there is one."""

_ELSEWHERE = {
    DutyKind.CALL_BACK: "/console/feedback?show=open",
    DutyKind.SETTLEMENT: "/console/feedback?show=open",
    DutyKind.APPLY: "/console/import",
    DutyKind.PLAN: "/console/plans",
    DutyKind.YEAR_SUMMARY: "/console/plans",
    DutyKind.NOTICE: "/console/notices",
    DutyKind.OBJECTION: "/console/notices",
}

_GOES_TO = dict.fromkeys(_ELSEWHERE, EVERY_OFFICER) | dict.fromkeys(
    (DutyKind.APPLY, DutyKind.PLAN, DutyKind.YEAR_SUMMARY), IMPORTS
)
"""Who may open the page a duty is done on."""

_LISTED = {
    DutyKind.RECALL: "/console/recalls?post={}",
    DutyKind.PRINT_CREATION: "/console/print?text={}",
    DutyKind.PRINT_TITLE: "/console/print?text={}",
    DutyKind.REPRINT_CHANGED: "/console/print?text={}",
    DutyKind.REPRINT_DAMAGED: "/console/print?text={}",
}
"""The lists in which the post of a duty is found."""


@dataclass(frozen=True, kw_only=True)
class Due:
    """One duty as the page shows it: where it is done, if that is in the console."""

    duty: Duty
    address: str


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """The duties of a stretch of time; `more` are left out of the page."""

    zh: str
    en: str
    dues: tuple[Due, ...]
    more: int


@router.get("")
def due(desk: Worker) -> Response:
    """List what is overdue, due within a week, and later."""
    today = office_day(desk.site.clock())
    return desk.page("due.html", stretches=list(_stretches(desk, today)), today=today)


@router.get("/calendar.ics")
def calendar(desk: Worker) -> Response:
    """Return the same for the calendar of a phone or an office (RFC 5545)."""
    now = desk.site.clock()
    issuer = desk.policy.committee_name
    content = agenda(duties_of(desk, office_day(now)), now, issuer=issuer)
    named = {"Content-Disposition": 'attachment; filename="gangpai-due.ics"'}
    return Response(content, media_type="text/calendar", headers=named)


def duties_of(desk: Desk, today: date) -> tuple[Duty, ...]:
    """Return what is to be done in the officer's part of the organisation; nothing for who only looks."""
    if not desk.may(*WORKS):
        return ()
    return desk.site.diary.duties(desk.site.register, desk.policy, today, desk.branch_id)


def _stretches(desk: Desk, today: date) -> Iterator[Stretch]:
    waiting, role = duties_of(desk, today), desk.officer.role
    late = [each for each in waiting if each.overdue]
    soon = [each for each in waiting if not each.overdue and each.due_on <= today + SOON]
    later = [each for each in waiting if not each.overdue and each.due_on > today + SOON]
    yield _stretch(late, role, "已逾期", "Overdue")
    yield _stretch(soon, role, "七天之内", "Within a week")
    yield _stretch(later, role, "以后", "Later")


def _stretch(found: list[Duty], role: Role, zh: str, en: str) -> Stretch:
    shown = tuple(Due(duty=each, address=address_of(each, role)) for each in found[:SHOWN_MOST])
    return Stretch(zh=zh, en=en, dues=shown, more=len(found) - len(shown))


def address_of(duty: Duty, role: Role) -> str:
    """Return where an officer of this role does or sees a duty; empty where that is not in the console."""
    if duty.kind in _ELSEWHERE:
        address = _ELSEWHERE[duty.kind]
        return address if role in _GOES_TO[duty.kind] else ""
    post = _POST.match(duty.object)
    if post is None:
        return ""
    if duty.kind in _LISTED:
        return _LISTED[duty.kind].format(post[0])
    form = _FORMS.get(duty.kind)
    path = f"/acts/{form.name}" if form and role in form.roles else ""
    return f"/console/posts/{post[0]}{path}"
