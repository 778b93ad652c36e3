"""What is due, as a list and as a calendar file."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from gangpai.commands.keeping import write_new
from gangpai.office import Office, open_office
from gangpai.terminal import AsJson, Column, Listing, show
from store.branches import branch_named
from store.calendar import office_day
from store.duties import duties
from store.duties.duty import Duty

_COLUMNS = (
    Column(key="date", zh="限期", en="due"),
    Column(key="who_zh", zh="办理", en="who"),
    Column(key="what_zh", zh="事项", en="what"),
    Column(key="object", zh="对象", en="object"),
    Column(key="detail", zh="说明", en="detail"),
    Column(key="clause", zh="条款", en="clause"),
    Column(key="state_zh", zh="是否逾期", en="overdue"),
)


def due(
    *,
    branch: Annotated[
        str | None, typer.Option("--branch", metavar="NAME", help="党总支名称 / name of the general branch")
    ] = None,
    within: Annotated[
        int | None,
        typer.Option("--within", min=0, metavar="DAYS", help="几天内到期的 / due within so many days"),
    ] = None,
    ics: Annotated[
        Path | None,
        typer.Option("--ics", metavar="FILE", help="另存日历文件 / a calendar file as well"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List who must do what by when, the oldest date first; what is overdue is always in the list."""
    with open_office() as office:
        now = office.now()
        found = _within(_duties(office, office_day(now), branch), office_day(now), within)
        if ics:
            write_new(ics, _calendar(office, found, now))
    rows = [_row(each) for each in found]
    show(
        Listing(name="due", columns=_COLUMNS, rows=rows, none_zh="没有待办事项。", none_en="Nothing is due."),
        as_json=as_json,
    )


def _duties(office: Office, today: date, branch_name: str | None) -> tuple[Duty, ...]:
    with office.register.snapshot() as reader:
        branch_id = None if branch_name is None else branch_named(reader, branch_name).id
        return duties(reader, office.policy, today, branch_id)


def _within(found: tuple[Duty, ...], today: date, days: int | None) -> tuple[Duty, ...]:
    if days is None:
        return found
    return tuple(each for each in found if each.due_on <= today + timedelta(days=days))


def _calendar(office: Office, found: tuple[Duty, ...], now: datetime) -> bytes:
    from store.duties.agenda import agenda  # noqa: PLC0415 -- icalendar costs 0.1 s, needed for a file only

    return agenda(found, now, issuer=office.policy.committee_name)


def _row(duty: Duty) -> dict[str, Any]:
    return {
        "date": duty.due_on.isoformat(),
        "who": duty.owner.value,
        "who_zh": duty.who_zh,
        "branch": duty.branch_name,
        "what": duty.kind.value,
        "what_zh": duty.terms.zh,
        "what_en": duty.terms.en,
        "object": duty.object,
        "detail": duty.zh,
        "detail_en": duty.en,
        "clause": duty.clause,
        "overdue": duty.overdue,
        "state_zh": "已逾期" if duty.overdue else "",
    }
