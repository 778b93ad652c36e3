"""The members of a titled post are held against the six standards, period by period (F17, F31).

A standard that is not met opens a rectification in the same act (F18).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from store.acts.authority import Authority, Deed, enact, stated
from store.acts.conditions import own_post
from store.acts.days import passed
from store.acts.rectification import deadline
from store.assessments import members_on, periods_assessed, standing_assessments
from store.calendar import office_day
from store.clauses import STANDARDS_ZH
from store.dossier import Dossier
from store.lookup import only
from store.periods import Period
from store.records import STANDARDS, Approval, Assessment, Rectification, Role
from store.refusals import Refusal
from store.register import Reader, Register


class NotTitled(Refusal):
    """The post does not hold the title yet. Remedy: assessments begin once it is named."""

    clause_id = "F17"
    reason_zh = "岗位{post_id}尚未命名授牌，季度考核自授牌后开始。"
    reason_en = "Post {post_id} does not hold the title; assessments begin once it does."
    remedy_zh = "请在命名后按期考核。"
    remedy_en = "Assess it once it has been named."


class NoSuchPeriod(Refusal):
    """The policy knows no such period. Remedy: name one as the policy does."""

    clause_id = "F17"
    reason_zh = "没有名为“{period}”的考核期。"
    reason_en = "There is no period {period!r}."
    remedy_zh = "请按“年份-考核期”填写，如 {example}（gangpai policy）。"
    remedy_en = "Write the year and the period's name, such as {example} (gangpai policy)."


class PeriodAhead(Refusal):
    """The period has not begun. Remedy: assess in it or after it."""

    clause_id = "F17"
    reason_zh = "考核期{period}自{first_day}开始，尚未开始。"
    reason_en = "Period {period} begins on {first_day}."
    remedy_zh = "请在开始后考核。"
    remedy_en = "Assess once it has begun."


class PeriodBeforeTitle(Refusal):
    """The period began before the post was named. Remedy: begin with the first full period."""

    clause_id = "F17"
    reason_zh = "岗位{post_id}于{awarded_on}命名，考核期{period}（自{first_day}）不是命名后的完整考核期。"
    reason_en = "Post {post_id} was named on {awarded_on}; period {period} began earlier, on {first_day}."
    remedy_zh = "自命名后第一个完整考核期起考核。"
    remedy_en = "Assessments begin with the first full period after that."


class NotAMemberThen(Refusal):
    """The person was not in the post when the period ended. Remedy: compare the name and the period."""

    clause_id = "F17"
    reason_zh = "“{member_name}”在考核期{period}不是岗位{post_id}的党员。"
    reason_en = "{member_name!r} was not a member of post {post_id} in period {period}."
    remedy_zh = "该期应考核：{members}。请核对姓名和考核期。"
    remedy_en = "To be assessed: {members}. Compare the name and the period."


class NobodyNamed(Refusal):
    """A sheet names nobody: everybody was assessed, or nobody is to be. Remedy: look at what is due."""

    clause_id = "F17"
    reason_zh = "岗位{post_id}考核期{period}没有要登记的考核。"
    reason_en = "There is nobody to be assessed for post {post_id} in period {period}."
    remedy_zh = "请对照待办事项核对（gangpai due）；已考核的不再登记。"
    remedy_en = "Compare it with what is due (gangpai due); who was assessed is not assessed again."


class NamedTwice(Refusal):
    """One sheet assesses somebody twice. Remedy: leave one of the two out."""

    clause_id = "F17"
    reason_zh = "“{member_name}”在同一次考核中出现两次。"
    reason_en = "{member_name!r} is assessed twice on one sheet."
    remedy_zh = "请删去一处。"
    remedy_en = "Leave one of them out."


class AlreadyAssessed(Refusal):
    """The member was assessed in this period. Remedy: correct that assessment if it is wrong."""

    clause_id = "F17"
    reason_zh = "“{member_name}”{period}已于{assessed_on}考核（{assessment_id}）。"
    reason_en = "{member_name!r} was assessed for {period} on {assessed_on} ({assessment_id})."
    remedy_zh = "登记有误的，请写明理由更正（gangpai reassess {assessment_id}）。"
    remedy_en = "If that is wrong, correct it with a reason (gangpai reassess {assessment_id})."


class NoSuchStandard(Refusal):
    """A number is not one of the six standards'. Remedy: give numbers from 1 to 6."""

    clause_id = "F31"
    reason_zh = "岗位标准没有第{number}条，共{count}条。"
    reason_en = "There is no standard {number}; there are {count}."
    remedy_zh = "请填写1至{count}。"
    remedy_en = "Give numbers from 1 to {count}."


class NoSuchAssessment(Refusal):
    """No assessment has this id. Remedy: compare it."""

    clause_id = "F17"
    reason_zh = "没有编号为“{assessment_id}”的考核。"
    reason_en = "There is no assessment {assessment_id!r}."
    remedy_zh = "请核对编号。"
    remedy_en = "Compare the number."


class AlreadyCorrected(Refusal):
    """The assessment was corrected. Remedy: correct the correction, if that is wrong too."""

    clause_id = "F29"
    reason_zh = "考核{assessment_id}已由{successor}更正。"
    reason_en = "Assessment {assessment_id} was corrected by {successor}."
    remedy_zh = "仍有误的，请更正{successor}。"
    remedy_en = "If that is wrong as well, correct {successor}."


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What was found of one member: the numbers, 1 to 6, of the standards not met, and remarks on them."""

    member_name: str
    failed: frozenset[int] = field(default_factory=frozenset)
    remarks: str = ""


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """The assessments of one post in one period, made on one day."""

    period: str
    assessed_on: date
    judgements: tuple[Judgement, ...]


@dataclass(frozen=True, kw_only=True)
class Assessed:
    """The assessments entered, and the rectifications they opened."""

    assessments: tuple[Assessment, ...]
    rectifications: tuple[Rectification, ...]


def assess(register: Register, authority: Authority, post_id: str, sheet: Sheet) -> Assessed:
    """Enter the assessments of members of a titled post, all of them or none.

    Raises:
        NotAllowed, NoSuchPost: it is not the actor's post, or there is none.
        NotApproved, PostIsRevoked, PostHasEnded: the post does not stand.
        NotTitled, NoSuchPeriod, PeriodAhead, PeriodBeforeTitle, DayAhead: nobody is assessed then (F17).
        NobodyNamed, NamedTwice, NotAMemberThen, AlreadyAssessed: who is on the sheet is not to be assessed.
        NoSuchStandard, ReasonMissing: a judgement is incomplete (F31).

    """
    with register.transaction() as transaction:
        dossier = _titled(transaction, authority, post_id)
        period = _period(dossier, authority, sheet)
        _check_to_assess(transaction, dossier, period, sheet)
        entered = _assessments(transaction, authority, dossier, sheet)
        opened = _rectifications(transaction, authority, entered)
        deed = Deed(act="assess", object=post_id, reason=period.id)
        enact(transaction, authority, deed, [*entered, *opened])
    return Assessed(assessments=tuple(entered), rectifications=tuple(opened))


def correct_assessment(
    register: Register, authority: Authority, assessment_id: str, right: Judgement, *, reason: str
) -> Assessed:
    """Put a right judgement in the place of one entered wrongly, of the same member; both stay on record.

    A rectification the wrong one opened is no longer asked for.

    Raises:
        NotAllowed, NoSuchAssessment, AlreadyCorrected: there is nothing the actor could correct.
        NotAMemberThen, NoSuchStandard, ReasonMissing: the judgement or the reason is incomplete.

    """
    reason = stated(reason, what_zh="更正理由", what_en="reason of the correction")
    with register.transaction() as transaction:
        wrong = _wrong(transaction, authority, assessment_id)
        if right.member_name != wrong.member_name:
            raise NotAMemberThen(
                member_name=right.member_name,
                period=wrong.period,
                post_id=wrong.post_id,
                members=wrong.member_name,
            )
        sheet = Sheet(period=wrong.period, assessed_on=office_day(authority.now), judgements=(right,))
        dossier = _titled(transaction, authority, wrong.post_id)
        [entered] = _assessments(transaction, authority, dossier, sheet)
        corrected = replace(entered, corrects=wrong.id)
        opened = _rectifications(transaction, authority, [corrected])
        deed = Deed(act="correct assessment", object=wrong.id, reason=reason)
        enact(transaction, authority, deed, [corrected, *opened])
    return Assessed(assessments=(corrected,), rectifications=tuple(opened))


def _wrong(reader: Reader, authority: Authority, assessment_id: str) -> Assessment:
    found = reader.get(Assessment, assessment_id)
    if found is None:
        raise NoSuchAssessment(assessment_id=assessment_id)
    authority.permit(Role.COMMITTEE, Role.BRANCH_OFFICER, branch_id=found.branch_id)
    if successor := only(reader.find(Assessment, corrects=found.id)):
        raise AlreadyCorrected(assessment_id=found.id, successor=successor.id)
    return found


def _titled(reader: Reader, authority: Authority, post_id: str) -> Dossier:
    dossier = own_post(reader, authority, post_id)
    if dossier.award is None:
        raise NotTitled(post_id=post_id)
    return dossier


def _period(dossier: Dossier, authority: Authority, sheet: Sheet) -> Period:
    period, today = authority.policy.periods.named(sheet.period), office_day(authority.now)
    if period is None:
        raise NoSuchPeriod(period=sheet.period, example=authority.policy.periods.of(today).id)
    passed(sheet.assessed_on, authority, what_zh="考核日期", what_en="day of the assessment")
    if period.first_day > sheet.assessed_on:
        raise PeriodAhead(period=period.id, first_day=period.first_day)
    if period not in periods_assessed(dossier, authority.policy, today):
        raise PeriodBeforeTitle(
            post_id=dossier.post.id,
            period=period.id,
            first_day=period.first_day,
            awarded_on=dossier.award.awarded_on if dossier.award else None,
        )
    return period


def _check_to_assess(reader: Reader, dossier: Dossier, period: Period, sheet: Sheet) -> None:
    if not sheet.judgements:
        raise NobodyNamed(post_id=dossier.post.id, period=period.id)
    approvals = reader.find(Approval, post_id=dossier.post.id)
    members = [each.name for each in members_on(dossier, approvals, min(period.last_day, sheet.assessed_on))]
    known = {
        each.member_name: each
        for each in standing_assessments(reader, post_id=dossier.post.id)
        if each.period == period.id
    }
    seen: set[str] = set()
    for judgement in sheet.judgements:
        name = judgement.member_name
        if name in seen:
            raise NamedTwice(member_name=name)
        if name not in members:
            raise NotAMemberThen(
                member_name=name, period=period.id, post_id=dossier.post.id, members="、".join(members)
            )
        if name in known:
            raise AlreadyAssessed(
                member_name=name,
                period=period.id,
                assessed_on=known[name].assessed_on,
                assessment_id=known[name].id,
            )
        seen.add(name)


def _assessments(reader: Reader, authority: Authority, dossier: Dossier, sheet: Sheet) -> list[Assessment]:
    post = dossier.post
    before = len(reader.find(Assessment, post_id=post.id))
    return [
        Assessment(
            id=f"{post.id}-K{number}",
            post_id=post.id,
            branch_id=post.branch_id,
            member_name=judgement.member_name,
            period=sheet.period,
            standards=_standards(judgement),
            remarks=_remarks(judgement),
            assessed_on=sheet.assessed_on,
            entered_at=authority.now,
        )
        for number, judgement in enumerate(sheet.judgements, start=before + 1)
    ]


def _standards(judgement: Judgement) -> tuple[bool, ...]:
    for number in judgement.failed:
        if not 1 <= number <= STANDARDS:
            raise NoSuchStandard(number=number, count=STANDARDS)
    return tuple(number not in judgement.failed for number in range(1, STANDARDS + 1))


def _remarks(judgement: Judgement) -> str:
    if not judgement.failed:
        return judgement.remarks.strip()
    return stated(
        judgement.remarks,
        what_zh=f"“{judgement.member_name}”未达标的说明",
        what_en=f"account of what {judgement.member_name!r} falls short of",
    )


def _rectifications(
    reader: Reader, authority: Authority, entered: Sequence[Assessment]
) -> list[Rectification]:
    """Ask for what falls short to be put right, by the policy's days (F18)."""
    failed = [each for each in entered if not all(each.standards)]
    before = len(reader.find(Rectification, post_id=entered[0].post_id)) if failed else 0
    return [
        Rectification(
            id=f"{each.post_id}-G{number}",
            post_id=each.post_id,
            branch_id=each.branch_id,
            member_name=each.member_name,
            assessment_id=each.id,
            problem=_problem(each),
            due_on=deadline(authority),
            ordered_at=authority.now,
        )
        for number, each in enumerate(failed, start=before + 1)
    ]


def _problem(assessment: Assessment) -> str:
    standards = zip(STANDARDS_ZH, assessment.standards, strict=True)
    short = "、".join(f"“{standard}”" for standard, met in standards if not met)
    return f"{assessment.period}考核未达到{short}：{assessment.remarks}"
