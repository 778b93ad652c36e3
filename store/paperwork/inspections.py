"""检查评比表: an inspection with its three kinds of evidence, judgements and points (F13-F15, F24, F32)."""

from collections.abc import Iterator

from store.calendar import chinese_day
from store.dossier import Dossier
from store.lookup import only
from store.merits import JUDGEMENTS, SLOTS
from store.paperwork.assessments import boxes
from store.paperwork.sheet import Align, Column, Fact, Share, Sheet, Signature, Table, Value
from store.policy import FULL_MARKS, Policy
from store.records import Inspection
from store.register import Reader
from store.rounds import Round

_EVIDENCE_COLUMNS = (
    Column(heading="方式", width=6.5, align=Align.CENTER),
    Column(heading="情况记录", width=24),
    Column(heading="得分", width=3.4, align=Align.CENTER),
    Column(heading="权重", width=3.6, align=Align.CENTER),
)
_JUDGEMENT_COLUMNS = (
    Column(heading="认定事项", width=20),
    Column(heading="是", width=4, align=Align.CENTER),
    Column(heading="否", width=4, align=Align.CENTER),
)
_LABELS = ("党总支", "岗位编号", "岗位名称", "命名轮次", "检查日期", "测评份数", "满意率", "总分")
_SIGNATURES = (
    Signature(label="检查人（签字）："),
    Signature(label="岗位负责人（签字）："),
    Signature(label="党委（盖章）："),
)
_EVIDENCE_LINES = 5


def inspection_sheet(reader: Reader, policy: Policy, dossier: Dossier, counted_in: Round) -> Sheet:
    """Return the sheet of a post's latest inspection in a round, or one to be filled in on the visit."""
    found = reader.find(Inspection, post_id=dossier.post.id)
    inspection = only([each for each in found if each.round == counted_in.id])
    known: tuple[Value, ...] = (
        dossier.branch.name,
        dossier.post.id,
        dossier.content.name,
        f"{chinese_day(counted_in.award_day)}命名",
    )
    return _sheet(policy, dossier.post.id, (*known, *_results(inspection)), inspection)


def blank_inspection_sheet(policy: Policy) -> Sheet:
    """Return the sheet with every field empty."""
    return _sheet(policy, "检查评比表", (None,) * len(_LABELS), None)


def _results(inspection: Inspection | None) -> tuple[Value, ...]:
    if inspection is None:
        return None, None, None, None
    asked = inspection.survey_count
    share = Share(inspection.survey_satisfied / asked) if asked else None
    return inspection.inspected_on, asked, share, inspection.points


def _sheet(policy: Policy, name: str, values: tuple[Value, ...], inspection: Inspection | None) -> Sheet:
    return Sheet(
        name=name,
        title="共产党员示范岗检查评比表",
        facts=tuple(map(Fact, _LABELS, values)),
        tables=(
            Table(
                columns=_EVIDENCE_COLUMNS,
                rows=tuple(_evidence(policy, inspection)),
                lines=_EVIDENCE_LINES,
            ),
            Table(columns=_JUDGEMENT_COLUMNS, rows=tuple(_judgements(inspection))),
        ),
        closing=(_rule(policy),),
        signatures=_SIGNATURES,
    )


def _evidence(policy: Policy, inspection: Inspection | None) -> Iterator[tuple[Value, ...]]:
    weights = (policy.report_weight, policy.site_weight, policy.survey_weight)
    points = ("report_points", "site_points", "survey_points")
    for (field, zh, _), weight, given in zip(SLOTS, weights, points, strict=True):
        words = getattr(inspection, field) if inspection else None
        yield zh, words, getattr(inspection, given) if inspection else None, Share(weight)


def _judgements(inspection: Inspection | None) -> Iterator[tuple[Value, ...]]:
    for field, zh in (("meets_standards", "符合创建标准"), *((each[0], each[1]) for each in JUDGEMENTS)):
        yield zh, *boxes(getattr(inspection, field) if inspection else None)


def _rule(policy: Policy) -> str:
    return (
        f"各项按{FULL_MARKS}分计。“听取群众意见”一项的得分为群众满意度测评的满意率，权重最大。总分不低于"
        f"{policy.award_points_min}分、测评不少于{policy.ratings_min}份、满意率不低于{policy.satisfied_share_min:.0%}，"
        "三种方式齐备且各项认定均为“是”的，方可命名。"
    )
