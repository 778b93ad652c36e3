"""年度情况表: a branch's year on one sheet (F27)."""

from collections.abc import Iterator

from store.branch_year import BranchYear, Kept
from store.dossier import POST_STATE_EN, POST_STATE_ZH, Dossier
from store.paperwork.applications import post_kind_en, post_kind_zh
from store.paperwork.sheet import Align, Column, Fact, Said, Share, Sheet, Signature, Table, Value
from store.policy import Policy
from store.satisfaction import Satisfaction

_COUNT_COLUMNS = (
    Column(heading=Said("条款", "Clause"), width=2.6, align=Align.CENTER),
    Column(heading=Said("项目", "Item"), width=9),
    Column(heading=Said("数量", "Count"), width=4, align=Align.CENTER),
    Column(heading=Said("说明", "Note"), width=22),
)
_POST_COLUMNS = (
    Column(heading=Said("岗位编号", "Number"), width=4.6, align=Align.CENTER),
    Column(heading=Said("岗位名称", "Post"), width=10),
    Column(heading=Said("类型", "Kind"), width=4.2, align=Align.CENTER),
    Column(heading=Said("状态", "State"), width=3.4, align=Align.CENTER),
    Column(heading=Said("党员人数", "Members"), width=4.2, align=Align.CENTER),
    Column(heading=Said("测评份数", "Ratings"), width=4.2, align=Align.CENTER),
    Column(heading=Said("满意率", "Satisfied"), width=4.2, align=Align.CENTER),
)

_FILED, _NOT_FILED = Said("已报送", "filed"), Said("未报送", "not filed")


def annual_sheet(policy: Policy, found: BranchYear) -> Sheet:
    """Return the sheet of a branch's year: its numbers, then its posts."""
    return Sheet(
        name="年度情况表",
        title="共产党员示范岗创建活动年度情况表",
        subtitle=f"{found.branch.name}　{found.year}年",
        facts=(
            Fact(Said("年度实施方案", "Plan"), _FILED if found.has_plan else _NOT_FILED),
            Fact(Said("年度工作总结", "Summary"), _FILED if found.has_summary else _NOT_FILED),
        ),
        tables=(
            Table(
                columns=_COUNT_COLUMNS,
                rows=tuple(_counts(policy, found)),
                caption=Said("一、工作情况", "The work"),
            ),
            Table(
                columns=_POST_COLUMNS,
                rows=tuple(_post(policy, each, found.by_post[each.post.id]) for each in found.posts),
                caption=Said("二、岗位情况", "The posts"),
            ),
        ),
        closing=(Said(f"满意度：{found.satisfaction.method_zh}", found.satisfaction.method_en),),
        signatures=(
            Signature(label="党总支（盖章）："),
            Signature(label=f"{policy.committee_name}（盖章）："),
        ),
    )


def _counts(policy: Policy, found: BranchYear) -> Iterator[tuple[Value, ...]]:
    yield from _work(found)
    rectified = _kept(found.rectifications)
    yield "F18", Said("整改", "Rectifications"), found.rectifications.total, rectified
    corrected = Said(f"其中更正{found.corrected_vetoes}次", f"{found.corrected_vetoes} corrected")
    yield "F20", Said("一票否决", "Vetoes"), found.vetoes, corrected
    yield "F23", Said("标牌收回", "Recalls"), found.recalls.total, _recalled(found)
    asked = found.satisfaction
    yield "F24", Said("群众满意度", "Satisfaction"), _share(policy, asked), _asked(policy, asked)
    settled = Said("差评和投诉办结", "Complaints settled")
    yield "F25", settled, found.settlements.total, _kept(found.settlements)


def _work(found: BranchYear) -> Iterator[tuple[Value, ...]]:
    yield "F5", Said("示范岗", "Posts"), len(found.posts), _states(found)
    inspected = Said(f"共检查{found.inspections}次", f"{found.inspections} inspections")
    yield "F13", Said("检查评比", "Inspections"), found.inspections, inspected
    awarded = Said(f"共命名{found.awards}个岗位", f"{found.awards} posts")
    yield "F16", Said("本年命名", "Awarded"), found.awards, awarded
    yield "F17", Said("季度考核", "Assessments"), found.assessments_done, _assessed(found)


def _states(found: BranchYear) -> Said:
    zh = "、".join(f"{POST_STATE_ZH[state]}{count}" for state, count in found.states.items())
    en = ", ".join(f"{POST_STATE_EN[state].lower()} {count}" for state, count in found.states.items())
    return Said(zh, en)


def _assessed(found: BranchYear) -> Said:
    wanted, missing = found.assessments_wanted, found.assessments_open
    return Said(f"应考核{wanted}人次，尚缺{missing}人次", f"{wanted} asked for, {missing} missing")


def _recalled(found: BranchYear) -> Said:
    kept, lost = _kept(found.recalls), found.recalls_lost
    return Said(f"{kept}；另挂失{lost}件", f"{kept.en}; {lost} lost")


def _kept(kept: Kept) -> Said:
    return Said(
        f"按期{kept.in_time}，逾期办结{kept.late}，未办结{kept.still_open}",
        f"{kept.in_time} in time, {kept.late} late, {kept.still_open} open",
    )


def _share(policy: Policy, asked: Satisfaction) -> Value:
    return Share(asked.share) if asked.can_be_shown(policy) else "—"


def _asked(policy: Policy, asked: Satisfaction) -> Said:
    if not asked.can_be_shown(policy):
        few = policy.ratings_min
        return Said(f"共{asked.n}份，不足{few}份，不作统计", f"{asked.n}, fewer than {few}: not counted up")
    low, high = asked.interval
    return Said(
        f"共{asked.n}份，满意{asked.satisfied}份；95%区间{low:.1%}至{high:.1%}",
        f"{asked.satisfied} of {asked.n} satisfied; 95 % interval {low:.1%} to {high:.1%}",
    )


def _post(policy: Policy, dossier: Dossier, asked: Satisfaction) -> tuple[Value, ...]:
    return (
        dossier.post.id,
        dossier.content.name,
        Said(post_kind_zh(dossier.content), post_kind_en(dossier.content)),
        Said(POST_STATE_ZH[dossier.state], POST_STATE_EN[dossier.state]),
        len(dossier.members),
        asked.n,
        _share(policy, asked),
    )
