"""What was printed and where it is: copies, recall lines, returns and losses."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, Any

import typer

from gangpai.commands.copy_facts import copy_facts
from gangpai.office import find_copy, open_office
from gangpai.terminal import AsJson, Column, Listing, Outcome, show
from store.acts.circulation import report_lost, return_copy
from store.branches import branch_named
from store.calendar import chinese_time, office_day
from store.dossier import dossier_of
from store.lookup import place_of, standing_in
from store.recalls import RECALL_CAUSE_ZH, Recall
from store.recalls import recalls as read_recalls
from store.records import Copy, Fate
from store.register import Reader
from store.standing import VERDICT_ZH
from store.terms import plate_kind_zh

Plate = Annotated[
    str, typer.Argument(metavar="CODE|NUMBER", help="编码、网址或牌面编号 / code, address or plate number")
]
PostOption = Annotated[str | None, typer.Option("--post", metavar="POST", help="岗位编号 / post number")]
BranchOption = Annotated[
    str | None, typer.Option("--branch", metavar="NAME", help="党总支名称 / name of the general branch")
]

_COPY_COLUMNS = (
    Column(key="number", zh="编号", en="number"),
    Column(key="post", zh="岗位", en="post"),
    Column(key="kind", zh="种类", en="kind"),
    Column(key="holder", zh="持有人", en="holder"),
    Column(key="place", zh="地点", en="place"),
    Column(key="standing_zh", zh="状态", en="standing"),
    Column(key="issued_at", zh="制发时间", en="issued"),
)


def copies(
    *,
    post: Annotated[str | None, typer.Argument(metavar="POST", help="岗位编号 / post number")] = None,
    as_json: AsJson = False,
) -> None:
    """List the printed plates, of all posts or of one."""
    with open_office() as office, office.register.snapshot() as reader:
        rows = [_copy_row(reader, copy, office.now()) for copy in _copies(reader, post)]
    show(
        Listing(
            name="copies",
            columns=_COPY_COLUMNS,
            rows=rows,
            none_zh="尚未制发标牌。",
            none_en="No plates yet.",
        ),
        as_json=as_json,
    )


def _copies(reader: Reader, post_id: str | None) -> list[Copy]:
    if post_id is None:
        return reader.find(Copy)
    dossier_of(reader, post_id)
    return reader.find(Copy, post_id=post_id)


def _copy_row(reader: Reader, copy: Copy, now: datetime) -> dict[str, Any]:
    standing = standing_in(reader, copy, now)
    return copy_facts(copy) | {
        "place": place_of(reader, copy),
        "standing": standing.verdict.value,
        "standing_zh": VERDICT_ZH[standing.verdict],
        "issued_at": chinese_time(copy.issued_at),
    }


_RECALL_COLUMNS = (
    Column(key="number", zh="编号", en="number"),
    Column(key="post", zh="岗位", en="post"),
    Column(key="kind", zh="种类", en="kind"),
    Column(key="holder", zh="持有人", en="holder"),
    Column(key="place", zh="地点", en="place"),
    Column(key="cause_zh", zh="原因", en="cause"),
    Column(key="state_zh", zh="状态", en="state"),
    Column(key="days_out", zh="已过天数", en="days out"),
    Column(key="due_on", zh="限期", en="due"),
)


def recalls(
    *,
    post: PostOption = None,
    branch: BranchOption = None,
    only_open: Annotated[bool, typer.Option("--open", help="仅未收回的 / only those still out")] = False,
    as_json: AsJson = False,
) -> None:
    """List the plates that must come back, and which of them have."""
    with open_office() as office, office.register.snapshot() as reader:
        lines = [each for each in _recalls(reader, post, branch) if each.is_open or not only_open]
    rows = [_recall_row(each, office_day(office.now())) for each in lines]
    show(
        Listing(
            name="recalls",
            columns=_RECALL_COLUMNS,
            rows=rows,
            none_zh="没有待收回的标牌。",
            none_en="No recalls.",
        ),
        as_json=as_json,
    )


def _recalls(reader: Reader, post_id: str | None, branch_name: str | None) -> Iterator[Recall]:
    wanted: dict[str, str] = {}
    if post_id is not None:
        wanted["post_id"] = dossier_of(reader, post_id).post.id
    if branch_name is not None:
        wanted["branch_id"] = branch_named(reader, branch_name).id
    return read_recalls(reader, **wanted)


def _recall_row(recall: Recall, today: date) -> dict[str, Any]:
    overdue = "，已逾期" if recall.is_overdue(today) else ""
    return {
        "number": recall.copy.id,
        "post": recall.copy.post_id,
        "kind": plate_kind_zh(recall.copy.product, recall.copy.stage),
        "holder": recall.copy.face.holder,
        "place": recall.place,
        "cause": recall.line.cause.value,
        "cause_zh": RECALL_CAUSE_ZH[recall.line.cause],
        "state": recall.state.value,
        "state_zh": recall.state_zh + overdue,
        "open": recall.is_open,
        "overdue": recall.is_overdue(today),
        "sightings": len(recall.reported_on),
        "scans": sum(recall.scans.values()),
        "scans_by_day": {day.isoformat(): scans for day, scans in recall.scans.items()},
        "seen_on": recall.seen_on.isoformat() if recall.seen_on else None,
        "opened_at": chinese_time(recall.line.opened_at),
        "days_out": recall.days_out(today) if recall.is_open else None,
        "due_on": recall.line.due_on.isoformat(),
        "closed_at": chinese_time(recall.closed_at) if recall.closed_at else None,
    }


def return_plate(
    *,
    plate: Plate,
    destroyed: Annotated[bool, typer.Option("--destroyed", help="已销毁 / it was destroyed")] = False,
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="备注 / a note")] = "",
    as_json: AsJson = False,
) -> None:
    """Enter that a plate came back, or was destroyed."""
    fate = Fate.DESTROYED if destroyed else Fate.RETURNED
    with open_office() as office:
        copy = find_copy(office.register, plate)
        returned = return_copy(office.register, office.authority(), copy.id, fate=fate, note=note)
        still_out = _still_out(office.register, copy.post_id)
    word = "销毁" if destroyed else "交回"
    rest = (
        f"该岗位还有{len(still_out)}件未收回：{'、'.join(still_out)}"
        if still_out
        else "该岗位应收标牌已全部收回"
    )
    show(
        Outcome(
            zh=f"标牌{copy.id}已登记{word}，时间{chinese_time(returned.returned_at)}。{rest}。",
            en=f"Plate {copy.id} is entered as {fate.value}; still out of its post: {len(still_out)}.",
            facts={"number": copy.id, "fate": fate.value, "still_out": still_out},
        ),
        as_json=as_json,
    )


def _still_out(reader: Reader, post_id: str) -> list[str]:
    return [each.copy.id for each in read_recalls(reader, post_id=post_id) if each.is_open]


def lost(
    *,
    plate: Plate,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="遗失情况 / how it was lost")],
    as_json: AsJson = False,
) -> None:
    """Report a plate lost."""
    with open_office() as office:
        copy = find_copy(office.register, plate)
        loss = report_lost(office.register, office.authority(), copy.id, reason=reason)
    show(
        Outcome(
            zh=f"标牌{copy.id}已于{chinese_time(loss.reported_at)}挂失。",
            en=f"Plate {copy.id} is reported lost.",
            facts={"number": copy.id, "reported_at": loss.reported_at.isoformat()},
        ),
        as_json=as_json,
    )
