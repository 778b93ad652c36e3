"""Reminding branches of overdue plates by command: what would go out, or sending it."""

import asyncio
from typing import Annotated, Any

import typer

from gangpai.office import open_office
from gangpai.reminding import Reminding, Waiting, channels_of
from gangpai.terminal import AsJson, Column, Listing, Outcome, show
from store.records import ReminderWay
from store.reminders import WAY_ZH, Told

_COLUMNS = (
    Column(key="branch", zh="党总支", en="branch"),
    Column(key="plates", zh="逾期标牌", en="overdue plates"),
    Column(key="first_due", zh="最早期限", en="first due"),
    Column(key="ways_zh", zh="送达方式", en="ways"),
    Column(key="due_zh", zh="现在待送", en="due now"),
)


def remind(
    *,
    send: Annotated[
        bool, typer.Option("--send", help="现在送出；不加则只列出 / send now, else only list")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List the branches with overdue plates and how each is reached; with --send remind those due today."""
    with open_office() as office:
        reminding = Reminding(office.register, channels_of(office.settings), office.now)
        if send:
            _sent(asyncio.run(reminding.remind_due()), as_json=as_json)
            return
        rows = [_row(each) for each in reminding.waiting()]
    show(
        Listing(
            name="reminders",
            columns=_COLUMNS,
            rows=rows,
            none_zh="没有逾期未交回的标牌。",
            none_en="No plate is overdue.",
        ),
        as_json=as_json,
    )


def _sent(told: list[Told], *, as_json: bool) -> None:
    taken = sum(each.is_taken for each in told)
    problems = sorted({each.outcome.problem for each in told if each.outcome and each.outcome.problem})
    because = f"（{'、'.join(problems)}）" if problems else ""
    show(
        Outcome(
            zh=f"送出{len(told)}份催办，对方服务器收下{taken}份{because}。",
            en=f"{len(told)} reminders were sent, {taken} were taken{because}.",
            facts={"sent": len(told), "taken": taken, "problems": problems},
        ),
        as_json=as_json,
    )


def _row(waiting: Waiting) -> dict[str, Any]:
    overdue = waiting.overdue
    return {
        "branch": overdue.branch.name,
        "plates": len(overdue.lines),
        "first_due": overdue.lines[0].line.due_on.isoformat(),
        "ways": [each.value for each in waiting.ways],
        "ways_zh": _words(waiting.ways) or "没有设置地址",
        "due": [each.value for each in waiting.due],
        "due_zh": _words(waiting.due) or "—",
    }


def _words(ways: tuple[ReminderWay, ...]) -> str:
    return "、".join(WAY_ZH[each] for each in ways)
