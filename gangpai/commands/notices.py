"""What is shown to the public before it is decided: branches' plans, notices, and objections to them."""

import secrets
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from gangpai.office import Office, open_office
from gangpai.terminal import AsJson, Column, Listing, Outcome, show
from store.acts.notices import NewNotice, NewObjection, object_to, post_notice, settle_objection
from store.acts.plans import NewPlan, file_plan
from store.branches import branch_named, organisations
from store.calendar import chinese_day, chinese_time, office_day
from store.codes import RECEIPT_BYTES, receipt_code
from store.dossier import dossier_of, dossiers
from store.lookup import only
from store.notices import NOTICE_STATE_ZH, notice_state, notices_showing, unsettled
from store.records import (
    BranchPlan,
    Finding,
    NoticeSubject,
    Objection,
    ObjectionSettled,
    PublicNotice,
)
from store.refusals import Refusal
from store.register import Reader
from store.terms import CHANNEL_ZH, FINDING_ZH, NOTICE_SUBJECT_ZH

Branch = Annotated[str, typer.Argument(metavar="BRANCH", help="党总支名称 / name of the general branch")]
Year = Annotated[int | None, typer.Option("--year", metavar="YYYY", help="年度，默认今年 / default: this")]
PLAN_BYTES_MOST = 1024 * 1024


class PlanUnreadable(Refusal):
    """The file of a plan cannot be read as text. Remedy: compare the path, save it as UTF-8 text."""

    clause_id = "F35"
    reason_zh = "方案文件“{path}”无法读取（{problem}）。"
    reason_en = "The plan's file {path!r} cannot be read ({problem})."
    remedy_zh = "请核对路径，并另存为 UTF-8 编码的纯文本（不超过1 MB）。"
    remedy_en = "Compare the path, and save it as plain text in UTF-8 (at most 1 MB)."


def plan_file(  # noqa: PLR0913 -- each parameter is an option of the command
    *,
    branch: Branch,
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help="方案名称 / title of the plan")],
    text: Annotated[str, typer.Option("--text", metavar="TEXT", help="方案内容 / text of the plan")] = "",
    file: Annotated[
        Path | None, typer.Option("--file", metavar="FILE.txt", help="方案文本文件 / a text file with it")
    ] = None,
    year: Year = None,
    as_json: AsJson = False,
) -> None:
    """File a branch's plan for a year, or amend it."""
    with open_office() as office:
        this_year = office_day(office.now()).year
        plan = NewPlan(year=year or this_year, title=title, text=_plan_text(file) if file else text)
        branch_id = branch_named(office.register, branch).id
        filed = file_plan(office.register, office.authority(), branch_id, plan)
    show(
        Outcome(
            zh=f"{branch}{filed.year}年的实施方案已报备，编号 {filed.id}。",
            en=f"The plan of {branch} for {filed.year} is on file as {filed.id}.",
            facts={"plan": filed.id, "branch": branch, "year": filed.year, "title": filed.title},
        ),
        as_json=as_json,
    )


def _plan_text(path: Path) -> str:
    try:
        if path.stat().st_size > PLAN_BYTES_MOST:
            raise PlanUnreadable(path=str(path), problem="超过1 MB / larger than 1 MB")
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise PlanUnreadable(path=str(path), problem=error.strerror) from error
    except UnicodeDecodeError as error:
        raise PlanUnreadable(path=str(path), problem="不是 UTF-8 / not UTF-8") from error


_PLAN_COLUMNS = (
    Column(key="plan", zh="编号", en="plan"),
    Column(key="branch", zh="党总支", en="branch"),
    Column(key="year", zh="年度", en="year"),
    Column(key="title", zh="名称", en="title"),
    Column(key="filed_at", zh="报备时间", en="filed"),
)


def plan_list(*, as_json: AsJson = False) -> None:
    """List the branches' plans, amendments included."""
    with open_office() as office, office.register.snapshot() as reader:
        branches = {each.id: each.name for each in organisations(reader)}
        rows = [_plan_row(each, branches[each.branch_id]) for each in reader.find(BranchPlan)]
    show(
        Listing(
            name="plans",
            columns=_PLAN_COLUMNS,
            rows=rows,
            none_zh="尚未报备实施方案。",
            none_en="No plans on file.",
        ),
        as_json=as_json,
    )


def _plan_row(plan: BranchPlan, branch_name: str) -> dict[str, Any]:
    return {
        "plan": plan.id,
        "branch": branch_name,
        "year": plan.year,
        "title": plan.title,
        "text": plan.text,
        "filed_at": chinese_time(plan.filed_at),
    }


def notice_post(  # noqa: PLR0913 -- each parameter is an option of the command
    *,
    places: Annotated[
        str, typer.Option("--places", metavar="TEXT", help="公示地点 / where it hangs, as 党务公开栏")
    ],
    posts: Annotated[
        list[str] | None, typer.Argument(metavar="POST", help="岗位编号 / post numbers, as 2026-007")
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="全部待批而未公示的 / all that wait and were not shown")
    ] = False,
    plans: Annotated[
        list[str] | None, typer.Option("--plan", metavar="PLAN", help="改为公示方案 / show plans instead")
    ] = None,
    opens: Annotated[
        datetime | None,
        typer.Option(
            "--from", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="开始日期，默认今天 / default: today"
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show the applications of posts, or branches' plans, to the public."""
    with open_office() as office:
        subject, object_ids = _to_be_shown(office.register, posts, plans, every=every)
        opens_on = opens.date() if opens else office_day(office.now())
        new = NewNotice(subject=subject, object_ids=object_ids, places=places, opens_on=opens_on)
        notice = post_notice(office.register, office.authority(), new)
    show(_posted(notice), as_json=as_json)


def _to_be_shown(
    reader: Reader, posts: Sequence[str] | None, plans: Sequence[str] | None, *, every: bool
) -> tuple[NoticeSubject, tuple[str, ...]]:
    if sum(map(bool, (posts, plans, every))) != 1:
        raise typer.BadParameter("POST…、--plan 或 --all 三选一 / name posts, or plans, or say --all")
    if plans:
        return NoticeSubject.PLANS, tuple(plans)
    named = [dossier_of(reader, each).latest.id for each in posts or ()]
    return NoticeSubject.APPLICATIONS, tuple(named or _unshown(reader))


def _unshown(reader: Reader) -> Iterator[str]:
    for dossier in dossiers(reader):
        if dossier.pending and not notices_showing(reader, [dossier.latest.id]):
            yield dossier.latest.id


def _posted(notice: PublicNotice) -> Outcome:
    first, last = chinese_day(notice.opens_on), chinese_day(notice.closes_on)
    return Outcome(
        zh=f"公示 {notice.id} 已登记，共{len(notice.object_ids)}项，自{first}至{last}；期满次日起可批准。",
        en=f"Notice {notice.id} shows {len(notice.object_ids)}, from {notice.opens_on} "
        f"to {notice.closes_on}; approval is possible from the day after.",
        facts={
            "notice": notice.id,
            "subject": notice.subject.value,
            "objects": list(notice.object_ids),
            "opens_on": notice.opens_on.isoformat(),
            "closes_on": notice.closes_on.isoformat(),
        },
    )


_NOTICE_COLUMNS = (
    Column(key="notice", zh="编号", en="notice"),
    Column(key="subject_zh", zh="内容", en="subject"),
    Column(key="objects_text", zh="对象", en="shows"),
    Column(key="places", zh="地点", en="places"),
    Column(key="opens_on", zh="开始", en="from"),
    Column(key="closes_on", zh="期满", en="to"),
    Column(key="state_zh", zh="状态", en="state"),
    Column(key="unsettled", zh="未答复意见", en="unsettled"),
)


def notice_list(*, as_json: AsJson = False) -> None:
    """List the public notices and how many objections wait for an answer."""
    with open_office() as office, office.register.snapshot() as reader:
        today = office_day(office.now())
        rows = [_notice_row(reader, each, today) for each in reader.find(PublicNotice)]
    show(
        Listing(
            name="notices",
            columns=_NOTICE_COLUMNS,
            rows=rows,
            none_zh="尚无公示。",
            none_en="No notices yet.",
        ),
        as_json=as_json,
    )


def _notice_row(reader: Reader, notice: PublicNotice, today: date) -> dict[str, Any]:
    state = notice_state(notice, today)
    return {
        "notice": notice.id,
        "subject": notice.subject.value,
        "subject_zh": NOTICE_SUBJECT_ZH[notice.subject],
        "objects": list(notice.object_ids),
        "objects_text": "、".join(notice.object_ids),
        "places": notice.places,
        "opens_on": notice.opens_on.isoformat(),
        "closes_on": notice.closes_on.isoformat(),
        "state": state.value,
        "state_zh": NOTICE_STATE_ZH[state],
        "unsettled": len(unsettled(reader, notice.object_ids)),
    }


def objection_add(
    *,
    notice: Annotated[str, typer.Argument(metavar="NOTICE", help="公示编号 / notice, as N2026-01")],
    subject: Annotated[
        str, typer.Argument(metavar="POST|PLAN", help="岗位或方案编号 / the post or plan objected to")
    ],
    text: Annotated[str, typer.Option("--text", metavar="TEXT", help="意见内容 / what was said")],
    as_json: AsJson = False,
) -> None:
    """Enter an objection that came on paper."""
    with open_office() as office:
        new = NewObjection(
            receipt=receipt_code(secrets.token_bytes(RECEIPT_BYTES)),
            notice_id=notice,
            object_id=_object_of(office, notice, subject),
            text=text,
        )
        objection = object_to(office.register, office.authority(), new)
    show(
        Outcome(
            zh=f"公示意见已登记，回执编号 {objection.id}。答复之前不能批准。",
            en=f"The objection is entered as {objection.id}. Nothing is approved before it is settled.",
            facts={"objection": objection.id, "notice": notice, "object": objection.object_id},
        ),
        as_json=as_json,
    )


def _object_of(office: Office, notice_id: str, subject: str) -> str:
    """Return the id of what the notice shows of a post; a plan, or an unknown word, names itself."""
    notice = office.register.get(PublicNotice, notice_id)
    shown = notice.object_ids if notice else ()
    return next((each for each in shown if each.startswith(f"{subject}-A")), subject)


_OBJECTION_COLUMNS = (
    Column(key="objection", zh="回执", en="objection"),
    Column(key="notice", zh="公示", en="notice"),
    Column(key="object", zh="对象", en="object"),
    Column(key="channel_zh", zh="来源", en="channel"),
    Column(key="text", zh="意见", en="text"),
    Column(key="received_at", zh="时间", en="received"),
    Column(key="finding_zh", zh="查证", en="finding"),
    Column(key="answer", zh="答复", en="answer"),
)


def objection_list(*, as_json: AsJson = False) -> None:
    """List what was objected to notices, and the answers."""
    with open_office() as office, office.register.snapshot() as reader:
        rows = [_objection_row(reader, each) for each in reader.find(Objection)]
    show(
        Listing(
            name="objections",
            columns=_OBJECTION_COLUMNS,
            rows=rows,
            none_zh="没有公示意见。",
            none_en="No objections.",
        ),
        as_json=as_json,
    )


def _objection_row(reader: Reader, objection: Objection) -> dict[str, Any]:
    settled = only(reader.find(ObjectionSettled, objection_id=objection.id))
    return {
        "objection": objection.id,
        "notice": objection.notice_id,
        "object": objection.object_id,
        "channel": objection.channel.value,
        "channel_zh": CHANNEL_ZH[objection.channel],
        "text": objection.text,
        "received_at": chinese_time(objection.received_at),
        "has_contact": bool(objection.sealed_contact),
        "finding": settled.finding.value if settled else None,
        "finding_zh": FINDING_ZH[settled.finding] if settled else "待答复",
        "answer": settled.answer if settled else None,
    }


def objection_settle(
    *,
    objection: Annotated[str, typer.Argument(metavar="RECEIPT", help="回执编号 / receipt code")],
    finding: Annotated[Finding, typer.Option("--finding", help="属实/不属实/无法查证 / the finding")],
    answer: Annotated[str, typer.Option("--answer", metavar="TEXT", help="答复 / the answer")],
    as_json: AsJson = False,
) -> None:
    """Enter what was found about an objection, and the answer to it."""
    with open_office() as office:
        settled = settle_objection(
            office.register, office.authority(), objection, finding=finding, answer=answer
        )
    show(
        Outcome(
            zh=f"公示意见 {objection} 已答复（{FINDING_ZH[settled.finding]}）。",
            en=f"Objection {objection} is settled ({settled.finding.value}).",
            facts={"objection": objection, "finding": settled.finding.value, "answer": settled.answer},
        ),
        as_json=as_json,
    )
