"""年度情况表: a branch's year on one sheet (F27)."""

from collections.abc import Iterator

from store.branch_year import BranchYear, Kept
from store.dossier import POST_STATE_ZH, Dossier
from store.paperwork.applications import post_kind_zh
from store.paperwork.sheet import Align, Column, Fact, Share, Sheet, Signature, Table, Value
from store.policy import Policy
from store.satisfaction import Satisfaction

_COUNT_COLUMNS = (
    Column(heading="条款", width=2.6, align=Align.CENTER),
    Column(heading="项目", width=9),
    Column(heading="数量", width=4, align=Align.CENTER),
    Column(heading="说明", width=22),
)
_POST_COLUMNS = (
    Column(heading="岗位编号", width=4.6, align=Align.CENTER),
    Column(heading="岗位名称", width=10),
    Column(heading="类型", width=4.2, align=Align.CENTER),
    Column(heading="状态", width=3.4, align=Align.CENTER),
    Column(heading="党员人数", width=4.2, align=Align.CENTER),
    Column(heading="测评份数", width=4.2, align=Align.CENTER),
    Column(heading="满意率", width=4.2, align=Align.CENTER),
)


def annual_sheet(policy: Policy, found: BranchYear) -> Sheet:
    """Return the sheet of a branch's year: its numbers, then its posts."""
    return Sheet(
        name="年度情况表",
        title="共产党员示范岗创建活动年度情况表",
        subtitle=f"{found.branch.name}　{found.year}年",
        facts=(
            Fact("年度实施方案", "已报送" if found.has_plan else "未报送"),
            Fact("年度工作总结", "已报送" if found.has_summary else "未报送"),
        ),
        tables=(
            Table(columns=_COUNT_COLUMNS, rows=tuple(_counts(policy, found)), caption="一、工作情况"),
            Table(
                columns=_POST_COLUMNS,
                rows=tuple(_post(policy, each, found.by_post[each.post.id]) for each in found.posts),
                caption="二、岗位情况",
            ),
        ),
        closing=(f"满意度：{found.satisfaction.method_zh}",),
        signatures=(
            Signature(label="党总支（盖章）："),
            Signature(label=f"{policy.committee_name}（盖章）："),
        ),
    )


def _counts(policy: Policy, found: BranchYear) -> Iterator[tuple[Value, ...]]:
    states = "、".join(f"{POST_STATE_ZH[state]}{count}" for state, count in found.states.items())
    yield "F5", "示范岗", len(found.posts), states
    yield "F13", "检查评比", found.inspections, f"共检查{found.inspections}次"
    yield "F16", "本年命名", found.awards, f"共命名{found.awards}个岗位"
    yield (
        "F17",
        "季度考核",
        found.assessments_done,
        f"应考核{found.assessments_wanted}人次，尚缺{found.assessments_open}人次",
    )
    yield "F18", "整改", found.rectifications.total, _kept(found.rectifications)
    yield "F20", "一票否决", found.vetoes, f"其中更正{found.corrected_vetoes}次"
    yield "F23", "标牌收回", found.recalls.total, f"{_kept(found.recalls)}；另挂失{found.recalls_lost}件"
    yield "F24", "群众满意度", _share(policy, found.satisfaction), _asked(policy, found.satisfaction)
    yield "F25", "差评和投诉办结", found.settlements.total, _kept(found.settlements)


def _kept(kept: Kept) -> str:
    return f"按期{kept.in_time}，逾期办结{kept.late}，未办结{kept.still_open}"


def _share(policy: Policy, asked: Satisfaction) -> Value:
    return Share(asked.share) if asked.can_be_shown(policy) else "—"


def _asked(policy: Policy, asked: Satisfaction) -> str:
    if not asked.can_be_shown(policy):
        return f"共{asked.n}份，不足{policy.ratings_min}份，不作统计"
    low, high = asked.interval
    return f"共{asked.n}份，满意{asked.satisfied}份；95%区间{low:.1%}至{high:.1%}"


def _post(policy: Policy, dossier: Dossier, asked: Satisfaction) -> tuple[Value, ...]:
    return (
        dossier.post.id,
        dossier.content.name,
        post_kind_zh(dossier.content),
        POST_STATE_ZH[dossier.state],
        len(dossier.members),
        asked.n,
        _share(policy, asked),
    )
