"""Supervision and guidance of branches (F28), and what they learned in a year (F29)."""

from dataclasses import dataclass
from datetime import date

from store.acts.authority import Authority, Deed, enact, stated
from store.acts.days import passed
from store.branches import branch_named
from store.calendar import office_day
from store.dossier import dossier_of
from store.records import Organisation, Role, Supervision, YearSummary
from store.refusals import Refusal
from store.register import Reader, Register


class YearAhead(Refusal):
    """The year has not begun. Remedy: sum up a year that has."""

    clause_id = "F29"
    reason_zh = "{year}年尚未开始，不能总结。"
    reason_en = "{year} has not begun; there is nothing to sum up."
    remedy_zh = "请核对年份。"
    remedy_en = "Compare the year."


class PostOfAnother(Refusal):
    """The post supervised is another branch's. Remedy: name its own branch, or leave the post out."""

    clause_id = "F28"
    reason_zh = "岗位{post_id}不属于“{branch_name}”。"
    reason_en = "Post {post_id} does not belong to {branch_name}."
    remedy_zh = "请核对岗位编号和党总支。"
    remedy_en = "Compare the number of the post and the branch."


@dataclass(frozen=True, kw_only=True)
class Guidance:
    """A visit of supervision to a branch, or to one of its posts: what was found, what was advised."""

    supervised_on: date
    findings: str
    guidance: str
    post_id: str | None = None


def supervise(register: Register, authority: Authority, branch_name: str, visit: Guidance) -> Supervision:
    """Enter a visit of supervision and guidance.

    Raises:
        ReasonMissing, DayAhead: the visit is incomplete.
        NoSuchBranch, NotAllowed, NoSuchPost, PostOfAnother: there is no such branch or post of the actor's.

    """
    findings = stated(visit.findings, what_zh="督查情况", what_en="findings")
    guidance = stated(visit.guidance, what_zh="指导意见", what_en="guidance")
    passed(visit.supervised_on, authority, what_zh="督查日期", what_en="day of the visit")
    with register.transaction() as transaction:
        branch = _own_branch(transaction, authority, branch_name)
        _check_post_of(transaction, branch, visit.post_id)
        entered = Supervision(
            id=f"{branch.id}-U{len(transaction.find(Supervision, branch_id=branch.id)) + 1}",
            branch_id=branch.id,
            post_id=visit.post_id,
            supervised_on=visit.supervised_on,
            findings=findings,
            guidance=guidance,
            entered_at=authority.now,
        )
        deed = Deed(
            act="supervise", object=visit.post_id or branch.id, reason=visit.supervised_on.isoformat()
        )
        enact(transaction, authority, deed, [entered])
    return entered


def summarise_year(
    register: Register, authority: Authority, branch_name: str, year: int, text: str
) -> YearSummary:
    """Enter what a branch learned in a year; the latest one counts.

    Raises:
        ReasonMissing, YearAhead: there is nothing to enter.
        NoSuchBranch, NotAllowed: there is no such branch of the actor's.

    """
    text = stated(text, what_zh="总结内容", what_en="summary")
    if year > office_day(authority.now).year:
        raise YearAhead(year=year)
    with register.transaction() as transaction:
        branch = _own_branch(transaction, authority, branch_name)
        earlier = transaction.find(YearSummary, branch_id=branch.id, year=year)
        summary = YearSummary(
            id=f"{branch.id}-{year}-{len(earlier) + 1}",
            branch_id=branch.id,
            year=year,
            text=text,
            entered_at=authority.now,
        )
        enact(transaction, authority, Deed(act="summary", object=branch.id, reason=str(year)), [summary])
    return summary


def _own_branch(reader: Reader, authority: Authority, name: str) -> Organisation:
    branch = branch_named(reader, name)
    authority.permit(Role.COMMITTEE, Role.BRANCH_OFFICER, branch_id=branch.id)
    return branch


def _check_post_of(reader: Reader, branch: Organisation, post_id: str | None) -> None:
    if post_id and dossier_of(reader, post_id).post.branch_id != branch.id:
        raise PostOfAnother(post_id=post_id, branch_name=branch.name)
