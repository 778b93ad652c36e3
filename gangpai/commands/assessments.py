"""Holding members of titled posts against the six standards, and seeing that problems are put right."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Annotated, Any

import typer

from gangpai.commands.decisions import each_of
from gangpai.office import Office, open_office
from gangpai.terminal import AsJson, Column, Listing, Outcome, show, show_batch
from store.acts.assessment import (
    Assessed,
    Judgement,
    NoSuchStandard,
    Sheet,
    correct_assessment,
)
from store.acts.assessment import assess as assess_members
from store.acts.rectification import Demand, close_rectification, order_rectification
from store.assessments import assessments_due, due_of_post
from store.branches import branch_named
from store.calendar import chinese_day, office_day
from store.dossier import dossier_of
from store.records import STANDARDS, Assessment, Rectification, RectificationResult
from store.rectifications import RECTIFICATION_STATE_ZH, Problem, problems
from store.register import Reader

Posts = Annotated[
    list[str] | None, typer.Argument(metavar="POST", help="岗位编号 / post numbers, as 2026-007")
]
BranchOption = Annotated[
    str | None, typer.Option("--branch", metavar="NAME", help="党总支名称 / name of the general branch")
]
Failed = Annotated[
    str, typer.Option("--fail", metavar="3,5", help="未达标的条目，1至6 / standards not met, 1 to 6")
]
Remarks = Annotated[
    str, typer.Option("--remarks", metavar="TEXT", help="说明，有未达标的必填 / needed where one is not met")
]


def assess(  # noqa: PLR0913 -- each parameter is an option of the command
    *,
    period: Annotated[
        str, typer.Option("--period", metavar="2026-Q3", help="考核期 / the period, as the policy names it")
    ],
    posts: Posts = None,
    branch: BranchOption = None,
    member: Annotated[str, typer.Option("--member", metavar="NAME", help="党员姓名 / the member")] = "",
    fail: Failed = "",
    remarks: Remarks = "",
    all_pass: Annotated[
        bool, typer.Option("--all-pass", help="未考核的均达标 / all still due meet every standard")
    ] = False,
    on: Annotated[
        datetime | None,
        typer.Option("--on", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="考核日期，默认今天 / the day"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Enter the assessment of one member, or of everybody still due in posts or a whole branch."""
    if bool(member) == all_pass:
        raise typer.BadParameter("--member 或 --all-pass / name a member or say --all-pass")
    with open_office() as office:
        day = on.date() if on else office_day(office.now())
        judged = Judgement(member_name=member, failed=_numbers(fail), remarks=remarks) if member else None

        def assess_one(office: Office, post_id: str) -> Outcome:
            judgements = (judged,) if judged else tuple(_all_passing(office, post_id, period))
            sheet = Sheet(period=period, assessed_on=day, judgements=judgements)
            return _assessed(post_id, assess_members(office.register, office.authority(), post_id, sheet))

        chosen = _chosen(office, posts, branch, period)
        show_batch(each_of(office, chosen, "assessed", assess_one), as_json=as_json)


def _numbers(text: str) -> frozenset[int]:
    numbers = [each.strip() for each in text.replace("，", ",").replace("、", ",").split(",") if each.strip()]
    for number in numbers:
        if not (number.isascii() and number.isdigit()):
            raise NoSuchStandard(number=number, count=STANDARDS)
    return frozenset(int(each) for each in numbers)


def _chosen(office: Office, posts: Sequence[str] | None, branch: str | None, period: str) -> list[str]:
    if bool(posts) == bool(branch):
        raise typer.BadParameter("POST… 或 --branch / name posts or a branch")
    if posts:
        return list(posts)
    with office.register.snapshot() as reader:
        branch_id = branch_named(reader, branch or "").id
        today = office_day(office.now())
        due = assessments_due(reader, office.policy, today)
        wanted = [each for each in due if each.period.id == period and each.dossier.branch.id == branch_id]
    return list(dict.fromkeys(each.dossier.post.id for each in wanted))


def _all_passing(office: Office, post_id: str, period: str) -> Iterator[Judgement]:
    with office.register.snapshot() as reader:
        due = due_of_post(reader, dossier_of(reader, post_id), office.policy, office_day(office.now()))
        yield from (Judgement(member_name=each.member_name) for each in due if each.period.id == period)


def _assessed(post_id: str, assessed: Assessed) -> Outcome:
    names = "、".join(f"{each.member_name}（{each.id}）" for each in assessed.assessments)
    orders = [_ordered_zh(each) for each in assessed.rectifications]
    return Outcome(
        zh=f"{post_id} 已考核：{names}。{'；'.join(orders)}".rstrip("。；") + "。",
        en=f"{len(assessed.assessments)} assessed, {len(assessed.rectifications)} to be put right",
        facts={
            "post": post_id,
            "assessments": [each.id for each in assessed.assessments],
            "rectifications": [each.id for each in assessed.rectifications],
        },
    )


def _ordered_zh(order: Rectification) -> str:
    who = f"{order.member_name}须" if order.member_name else "须"
    return f"{who}在{chinese_day(order.due_on)}前整改（{order.id}）"


def reassess(
    *,
    assessment: Annotated[str, typer.Argument(metavar="ID", help="有误的考核编号 / the wrong assessment")],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="更正理由 / why it was wrong")],
    fail: Failed = "",
    remarks: Remarks = "",
    as_json: AsJson = False,
) -> None:
    """Put a right judgement in the place of one entered wrongly; both stay on record."""
    with open_office() as office:
        wrong = office.register.get(Assessment, assessment)
        right = Judgement(
            member_name=wrong.member_name if wrong else "", failed=_numbers(fail), remarks=remarks
        )
        corrected = correct_assessment(office.register, office.authority(), assessment, right, reason=reason)
    entered = corrected.assessments[0]
    show(
        Outcome(
            zh=f"考核{assessment}已由{entered.id}更正。",
            en=f"Assessment {assessment} is corrected by {entered.id}.",
            facts={"assessment": entered.id, "corrects": assessment},
        ),
        as_json=as_json,
    )


PostOrOrder = Annotated[
    str, typer.Argument(metavar="POST|ID", help="岗位编号，或要办结的整改编号 / a post, or one to close")
]
ProblemFound = Annotated[str, typer.Option("--problem", metavar="TEXT", help="存在的问题 / the problem")]
Whose = Annotated[
    str, typer.Option("--member", metavar="NAME", help="涉及的党员，不填即整个岗位 / whose it is")
]
Due = Annotated[
    datetime | None,
    typer.Option("--due", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="另定的限期 / another deadline"),
]
WhyAnother = Annotated[
    str, typer.Option("--reason", metavar="TEXT", help="另定限期的理由 / why another deadline")
]
Result = Annotated[
    RectificationResult | None, typer.Option("--result", help="办结：整改到位/不到位 / close it as")
]
Evidence = Annotated[str, typer.Option("--evidence", metavar="TEXT", help="整改佐证 / the evidence")]


def rectify(  # noqa: PLR0913 -- each parameter is an option of the command
    *,
    what: PostOrOrder,
    problem: ProblemFound = "",
    member: Whose = "",
    due: Due = None,
    reason: WhyAnother = "",
    result: Result = None,
    evidence: Evidence = "",
    as_json: AsJson = False,
) -> None:
    """Order that a problem be put right, or enter what became of it."""
    with open_office() as office:
        if result:
            outcome = _close(office, what, result, evidence)
        else:
            day = due.date() if due else None
            outcome = _order(
                office, what, Demand(problem=problem, member_name=member, due_on=day, reason=reason)
            )
    show(outcome, as_json=as_json)


def _order(office: Office, post_id: str, demand: Demand) -> Outcome:
    order = order_rectification(office.register, office.authority(), post_id, demand)
    return Outcome(
        zh=f"岗位{post_id}{_ordered_zh(order)}。",
        en=f"Post {post_id}: to be put right by {order.due_on} ({order.id}).",
        facts={"rectification": order.id, "post": post_id, "due_on": order.due_on.isoformat()},
    )


def _close(office: Office, rectification_id: str, result: RectificationResult, evidence: str) -> Outcome:
    closed = close_rectification(
        office.register, office.authority(), rectification_id, result=result, evidence=evidence
    )
    done = result is RectificationResult.DONE
    return Outcome(
        zh=f"整改{rectification_id}已办结：{'整改到位' if done else '整改不到位，须调整岗位（F19）'}。",
        en=f"{rectification_id} is closed: {'done' if done else 'not done; the post is to be adjusted'}.",
        facts={"rectification": rectification_id, "result": result.value, "closed": closed.id},
    )


_COLUMNS = (
    Column(key="id", zh="编号", en="number"),
    Column(key="post", zh="岗位", en="post"),
    Column(key="member", zh="党员", en="member"),
    Column(key="problem", zh="问题", en="problem"),
    Column(key="due_on", zh="限期", en="due"),
    Column(key="state_zh", zh="状态", en="state"),
)


def rectifications(
    *,
    branch: BranchOption = None,
    only_open: Annotated[
        bool, typer.Option("--open", help="仅未了结的 / only what somebody still has to act on")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List what is to be put right, and what became of it."""
    with open_office() as office, office.register.snapshot() as reader:
        found = [each for each in _problems(reader, branch) if each.is_unsettled or not only_open]
        rows = [_row(office, each) for each in found]
    show(
        Listing(
            name="rectifications",
            columns=_COLUMNS,
            rows=rows,
            none_zh="没有整改事项。",
            none_en="Nothing is to be put right.",
        ),
        as_json=as_json,
    )


def _problems(reader: Reader, branch_name: str | None) -> Iterator[Problem]:
    if branch_name is None:
        return problems(reader)
    return problems(reader, branch_id=branch_named(reader, branch_name).id)


def _row(office: Office, problem: Problem) -> dict[str, Any]:
    order, overdue = problem.order, problem.is_overdue(office_day(office.now()))
    return {
        "id": order.id,
        "post": order.post_id,
        "member": order.member_name,
        "problem": order.problem,
        "due_on": order.due_on.isoformat(),
        "overdue": overdue,
        "state": problem.state.value,
        "state_zh": RECTIFICATION_STATE_ZH[problem.state] + ("，已逾期" if overdue else ""),
        "evidence": problem.closed.evidence if problem.closed else None,
    }
