"""季度考核表: one member against the six standards, filled from the register or by hand (F17, F31)."""

from collections.abc import Iterator
from datetime import date

from store.assessments import members_on, standing_assessments
from store.calendar import chinese_day
from store.clauses import STANDARDS_ZH
from store.dossier import Dossier
from store.paperwork.sheet import TICKED, UNTICKED, Align, Column, Fact, Sheet, Signature, Table, Value
from store.periods import Period
from store.records import Approval, Assessment, Rectification
from store.register import Reader

_STANDARD_COLUMNS = (
    Column(heading="序号", width=2, align=Align.CENTER),
    Column(heading="岗位标准", width=30),
    Column(heading="达到", width=4, align=Align.CENTER),
    Column(heading="未达到", width=4, align=Align.CENTER),
)
_REMARK_COLUMNS = (
    Column(heading="项目", width=6, align=Align.CENTER),
    Column(heading="内容", width=30),
)
_SIGNATURES = (
    Signature(label="被考核人（签字）："),
    Signature(label="考核人（签字）："),
    Signature(label="党总支（盖章）："),
)
_REMARK_LINES = 4


def assessment_forms(reader: Reader, dossier: Dossier, period: Period, today: date) -> Iterator[Sheet]:
    """Yield a form for each member of a post in a period: with what was found, or still to be filled in."""
    approvals = reader.find(Approval, post_id=dossier.post.id)
    assessed = {
        each.member_name: each
        for each in standing_assessments(reader, post_id=dossier.post.id)
        if each.period == period.id
    }
    for member in members_on(dossier, approvals, min(period.last_day, today)):
        yield _form(reader, dossier, period, member.name, assessed.get(member.name))


def blank_assessment_form() -> Sheet:
    """Return the form with every field empty."""
    labels = ("党总支", "岗位编号", "岗位名称", "党员姓名", "考核期", "考核日期")
    return _sheet("季度考核表", tuple(Fact(label, None) for label in labels), None, None, None)


def _form(
    reader: Reader, dossier: Dossier, period: Period, member_name: str, assessment: Assessment | None
) -> Sheet:
    facts = (
        Fact("党总支", dossier.branch.name),
        Fact("岗位编号", dossier.post.id),
        Fact("岗位名称", dossier.content.name),
        Fact("党员姓名", member_name),
        Fact("考核期", f"{period.id}（{_month_day(period.first_day)}至{_month_day(period.last_day)}）"),
        Fact("考核日期", assessment.assessed_on if assessment else None),
    )
    standards = assessment.standards if assessment else None
    remarks = (assessment.remarks or "（无）") if assessment else None
    return _sheet(member_name, facts, standards, remarks, _ordered(reader, assessment))


def _month_day(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _ordered(reader: Reader, assessment: Assessment | None) -> str | None:
    if assessment is None:
        return None
    orders = reader.find(Rectification, assessment_id=assessment.id)
    return "；".join(f"{each.problem}（限{chinese_day(each.due_on)}前）" for each in orders) or "（无）"


def _sheet(
    name: str,
    facts: tuple[Fact, ...],
    standards: tuple[bool, ...] | None,
    remarks: str | None,
    ordered: str | None,
) -> Sheet:
    remark_rows = (("考核意见", remarks), ("问题与整改要求", ordered))
    return Sheet(
        name=name,
        title="共产党员示范岗党员季度考核表",
        facts=facts,
        tables=(
            Table(columns=_STANDARD_COLUMNS, rows=tuple(_standard_rows(standards)), lines=2),
            Table(columns=_REMARK_COLUMNS, rows=remark_rows, lines=_REMARK_LINES),
        ),
        signatures=_SIGNATURES,
    )


def _standard_rows(met: tuple[bool, ...] | None) -> Iterator[tuple[Value, ...]]:
    for number, standard in enumerate(STANDARDS_ZH, start=1):
        yield (number, standard, *boxes(met[number - 1] if met else None))


def boxes(answer: bool | None) -> tuple[str, str]:  # noqa: FBT001 - the answer itself
    """Return the boxes for yes and no: the one that holds ticked, or both to be ticked by hand."""
    if answer is None:
        return UNTICKED, UNTICKED
    return (TICKED, "") if answer else ("", TICKED)
