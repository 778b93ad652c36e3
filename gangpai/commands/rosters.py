"""Rosters and the posts they bring: importing, every fault or difference shown first; lists and lives."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from gangpai.commands.moving import move_register
from gangpai.office import Office, open_office
from gangpai.terminal import AsJson, Column, Listing, Outcome, refusal_facts, show
from store.acts.apply import RosterPlan, apply_roster, plan_roster
from store.acts.plans import plan_of
from store.branches import bearer_of, branch_named, former_names
from store.calendar import chinese_time, office_day
from store.dossier import POST_STATE_ZH, Dossier, dossiers
from store.policy import REQUIRE, Policy
from store.records import PostKind, Timing
from store.refusals import Refusal
from store.register import Reader
from store.roster import Roster, RosterRefused, read_roster
from store.roster.faults import Notice
from store.rules import shortfall
from store.timeline import timeline

ROSTER_BYTES_MOST = 20 * 1024 * 1024


class RosterUnreadable(Refusal):
    """The roster's file cannot be opened. Remedy: compare the path."""

    reason_zh = "名册“{path}”无法打开（{problem}）。"
    reason_en = "The roster {path!r} cannot be opened ({problem})."
    remedy_zh = "请核对文件名和路径。"
    remedy_en = "Compare the file's name and path."


class ConsentNeeded(Refusal):
    """The roster changes posts that are in the register. Remedy: look at the differences, then say --yes."""

    clause_id = "F19"
    reason_zh = "名册改动了{count}个已登记的岗位，未作任何更改。"
    reason_en = "The roster changes {count} posts in the register; nothing was changed."
    remedy_zh = "核对上列差异后，加 --yes 再次导入。"
    remedy_en = "Look at the differences above, then import again with --yes."


def import_roster(
    *,
    roster: Annotated[
        Path | None, typer.Argument(metavar="[ROSTER.xlsx|.csv]", help="名册 / the roster")
    ] = None,
    origin: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="STORE|FILE.json",
            help="改为搬入整个登记簿：tinydb:路径、postgresql://…或导出文件 / move a whole register instead",
        ),
    ] = "",
    check: Annotated[
        bool, typer.Option("--check", help="只检查，不导入 / look only, import nothing")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="同意所列改动 / consent to the changes")] = False,
    as_json: AsJson = False,
) -> None:
    """Read a roster, show every fault or difference at once, and file the applications; or move a register.

    Raises:
        typer.BadParameter: neither, or both, of a roster and a register are named.
        typer.Exit: the roster has faults.
        ConsentNeeded: it changes posts, and nobody consented.

    """
    if (roster is None) == (not origin):
        raise typer.BadParameter("a roster, or --from with a register: one of the two")
    if roster is None:
        move_register(origin, as_json=as_json)
    else:
        _import_roster(roster, check=check, yes=yes, as_json=as_json)


def _import_roster(roster: Path, *, check: bool, yes: bool, as_json: bool) -> None:
    with open_office() as office:
        read = _read_or_report(roster, office, as_json=as_json)
        with office.register.snapshot() as reader:
            plan = plan_roster(reader, read.rows)
            consents = list(_consents_ahead(reader, office, plan))
        if not as_json:
            _show_notices((*read.notices, *consents))
            _show_changes(plan)
        if not check:
            _consent(plan, yes=yes, may_ask=not as_json)
            plan = apply_roster(office.register, office.authority(), read.rows)
    show(_outcome(plan, read, consents, checked_only=check), as_json=as_json)


def _read_or_report(path: Path, office: Office, *, as_json: bool) -> Roster:
    try:
        renamed = former_names(office.register)
        return read_roster(_bytes(path), path.name, members_min=office.policy.members_min, renamed=renamed)
    except RosterRefused as refused:
        _show_faults(refused, as_json=as_json)
        raise typer.Exit(1) from refused


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > ROSTER_BYTES_MOST:
            raise RosterUnreadable(path=str(path), problem="超过20 MB / larger than 20 MB")
        return path.read_bytes()
    except OSError as error:
        raise RosterUnreadable(path=str(path), problem=error.strerror) from error


def _show_faults(refused: RosterRefused, *, as_json: bool) -> None:
    if as_json:
        faults = [{"zh": each.zh, "en": each.en, **_spot(each)} for each in refused.faults]
        show(
            Outcome(zh="", en="", facts={"refused": {**refusal_facts(refused), "faults": faults}}),
            as_json=True,
        )
        return
    typer.echo(f"{refused.zh}\n{refused.en}", err=True)
    for number, fault in enumerate(refused.faults, start=1):
        typer.echo(f"{number:>3}. {fault.zh}\n     {fault.en}", err=True)


def _spot(fault: Any) -> dict[str, Any]:  # noqa: ANN401 -- a Fault or a Notice; both stand at a spot
    return {"sheet": fault.sheet, "row": fault.row, "column": fault.column, "value": fault.value}


@dataclass(frozen=True, kw_only=True)
class Consent:
    """What the committee will have to consent to when it approves the applications, and by which clause."""

    zh: str
    en: str
    clause: str


def _consents_ahead(reader: Reader, office: Office, plan: RosterPlan) -> Iterator[Consent]:
    if not plan.new:
        return
    today = office_day(office.now())
    if (timing := office.policy.timing_of(today)) is not Timing.IN_WINDOW:
        yield _OFF_WINDOW[timing]
    if office.policy.plan_before_application == REQUIRE:
        return
    for name in dict.fromkeys(line.row.branch_name for line in plan.new):
        known = bearer_of(reader, name)
        if not (known and plan_of(reader, known.id, today.year)):
            yield Consent(
                zh=f"“{name}”尚未报备{today.year}年的实施方案（F35），批准时将记为党委同意事项。",
                en=f"{name} has no plan for {today.year} on file (F35); an approval will note that.",
                clause="F35",
            )


_OFF_WINDOW = {
    Timing.EARLY: Consent(
        zh="早于申报期（F6），先作草稿登记；申报期开始前批准的，记为党委同意事项。",
        en="Before the window (F6): filed as a draft; an approval before it opens will note a consent.",
        clause="F6",
    ),
    Timing.LATE: Consent(
        zh="晚于申报期（F6），批准时将记为党委同意事项。",
        en="After the window (F6); an approval will note a consent.",
        clause="F6",
    ),
}


def _show_notices(notices: Iterable[Notice | Consent]) -> None:
    for notice in notices:
        typer.echo(f"! {notice.zh}\n  {notice.en}")


def _show_changes(plan: RosterPlan) -> None:
    for line in _change_lines(plan):
        typer.echo(line)


def _change_lines(plan: RosterPlan) -> Iterator[str]:
    if len(plan.new) < len(plan.lines):  # beside posts that are known, a new one may be a known one renamed
        yield from (f"+ {line.row.branch_name} {line.row.content.name}" for line in plan.new)
    for line in plan.changed:
        yield f"± {line.post_id} {line.row.branch_name} {line.row.content.name}"
        for each in line.differences:
            yield f"    {each.zh}"


def _consent(plan: RosterPlan, *, yes: bool, may_ask: bool) -> None:
    if not plan.changed or yes:
        return
    asked = may_ask and sys.stdin.isatty()
    if not (asked and typer.confirm("是否按以上差异更改？ Apply these changes?", default=False)):
        raise ConsentNeeded(count=len(plan.changed), changed=_changed_facts(plan))


def _changed_facts(plan: RosterPlan) -> list[dict[str, Any]]:
    return [
        {"post": line.post_id, "field": each.field, "before": each.before, "after": each.after}
        for line in plan.changed
        for each in line.differences
    ]


def _outcome(plan: RosterPlan, roster: Roster, consents: Sequence[Consent], *, checked_only: bool) -> Outcome:
    counts = {
        "new": len(plan.new),
        "changed": len(plan.changed),
        "again": len(plan.again),
        "unchanged": len(plan.unchanged),
    }
    facts = {
        **counts,
        "imported": not checked_only,
        "changes": _changed_facts(plan),
        "notices": _notices(roster),
        "consents": [asdict(each) for each in consents],
    }
    if len(plan.unchanged) == len(plan.lines):
        return Outcome(
            zh=f"没有变化：{len(plan.unchanged)}个岗位与登记内容一致。",
            en=f"Nothing has changed: all {len(plan.unchanged)} posts are in the register in these words.",
            facts=facts,
        )
    done_zh, done_en = (
        ("检查无误，未导入", "No fault; not imported") if checked_only else ("已导入", "Imported")
    )
    again_zh = f"退回后重新申报{counts['again']}个，" if plan.again else ""
    again_en = f"{counts['again']} sent back and filed again, " if plan.again else ""
    return Outcome(
        zh=f"{done_zh}：新增{counts['new']}个岗位，更改{counts['changed']}个，{again_zh}"
        f"不变{counts['unchanged']}个。",
        en=f"{done_en}: {counts['new']} new, {counts['changed']} changed, {again_en}"
        f"{counts['unchanged']} unchanged.",
        facts=facts,
    )


def _notices(roster: Roster) -> list[dict[str, Any]]:
    return [{"zh": each.zh, "en": each.en, **_spot(each)} for each in roster.notices]


_COLUMNS = (
    Column(key="number", zh="编号", en="number"),
    Column(key="name", zh="岗位名称", en="name"),
    Column(key="branch", zh="党总支", en="branch"),
    Column(key="kind_zh", zh="类型", en="kind"),
    Column(key="member_count", zh="党员", en="members"),
    Column(key="place", zh="地点", en="place"),
    Column(key="state_zh", zh="状态", en="state"),
)


def posts(
    *,
    branch: Annotated[
        str | None, typer.Option("--branch", metavar="NAME", help="党总支名称 / name of the general branch")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the posts, all or of one branch."""
    with open_office() as office, office.register.snapshot() as reader:
        branch_id = None if branch is None else branch_named(reader, branch).id
        rows = [_row(each, office.policy) for each in dossiers(reader, branch_id)]
    show(
        Listing(
            name="posts",
            columns=_COLUMNS,
            rows=rows,
            none_zh="尚无岗位，请先导入名册。",
            none_en="No posts yet.",
        ),
        as_json=as_json,
    )


def _row(dossier: Dossier, policy: Policy) -> dict[str, Any]:
    content = dossier.content
    short = shortfall(content, dossier.members, policy) if dossier.is_open else None
    return {
        "number": dossier.post.id,
        "name": content.name,
        "branch": dossier.branch.name,
        "kind": content.kind.value,
        "kind_zh": "个人" if content.kind is PostKind.INDIVIDUAL else "集体",
        "member_count": len(dossier.members),
        "members": _names(dossier),
        "duties": content.duties,
        "place": content.place,
        "state": dossier.state.value,
        "state_zh": POST_STATE_ZH[dossier.state] + _pending_zh(dossier) + ("，党员人数不足" if short else ""),
        "falls_short": short.code if short else None,
        "pending": dossier.pending,
    }


def _names(dossier: Dossier) -> Sequence[str]:
    return [member.name for member in dossier.members]


def _pending_zh(dossier: Dossier) -> str:
    return "，变更待批" if dossier.pending and dossier.approval else ""


_HISTORY_COLUMNS = (
    Column(key="at", zh="时间", en="time"),
    Column(key="what_zh", zh="事项", en="event"),
    Column(key="detail", zh="内容", en="particulars"),
)


def history(
    *,
    post: Annotated[str, typer.Argument(metavar="POST", help="岗位编号 / post number, as 2026-007")],
    as_json: AsJson = False,
) -> None:
    """Tell the life of a post, event by event."""
    with open_office() as office, office.register.snapshot() as reader:
        events = timeline(reader, post, confidential=True)
    rows = [
        {
            "at": chinese_time(each.at),
            "kind": each.kind.__name__,
            "what_zh": each.zh,
            "what_en": each.en,
            "detail": each.text,
        }
        for each in events
    ]
    show(Listing(name="events", columns=_HISTORY_COLUMNS, rows=rows), as_json=as_json)
