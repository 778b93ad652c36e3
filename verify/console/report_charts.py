"""What the screen draws of a report: rows of a label, a drawing and the same in words.

Knows which numbers are drawn beside which. Leaves out how marks are drawn (verify/charts.py) and the numbers
themselves; whoever cannot see a drawing reads the words, and the tables below.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from store.calendar import chinese_day
from store.paperwork.sheet import Said
from store.policy import Policy
from store.reports import AssessedPeriod, RatedLine, RatedYear, RecalledYear, ScannedYear
from store.scan_counts import Scans
from verify.charts import bar_row, scale, share_row


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One row: what it is about, its drawing, and the same in words."""

    label: str
    drawing: Markup
    says: str


@dataclass(frozen=True, kw_only=True)
class Chart:
    """Rows under a title; `key_zh` and `key_en` say how to read them, `foot` is drawn below the last."""

    zh: str
    en: str
    key_zh: str
    key_en: str
    bars: tuple[Bar, ...]
    foot: Markup | None = None


def satisfaction_chart(policy: Policy, found: RatedYear) -> tuple[Chart, ...]:
    """Draw the satisfied share of each branch; of each post where there is one branch only."""
    lines = found.branches if len(found.branches) > 1 else found.posts
    rows = tuple(_share_bar(policy, each) for each in lines if each.whole.can_be_shown(policy))
    if not rows:
        return ()
    wanted = policy.satisfied_share_min
    return (
        Chart(
            zh="满意率",
            en="Satisfied share",
            key_zh=f"点为满意率，横条为95%区间，虚线为命名所需的{wanted:.0%}；低于虚线的点是空心的。",
            key_en="Dot: share; bar: 95 % interval; dashes: what an award asks for, a hollow dot below.",
            bars=rows,
            foot=scale(wanted),
        ),
    )


def _share_bar(policy: Policy, line: RatedLine) -> Bar:
    asked = line.whole
    return Bar(
        label=line.row.name,
        drawing=share_row(asked, policy.satisfied_share_min),
        says=f"{asked.share:.1%}（{asked.n}份）",
    )


def assessment_chart(found: Sequence[AssessedPeriod]) -> tuple[Chart, ...]:
    """Draw how many were assessed in each period, all branches together."""
    by_period = groupby(sorted(found, key=lambda each: each.period), key=lambda each: each.period)
    counted = [(period, list(each)) for period, each in by_period]
    most = max((sum(each.wanted for each in lines) for _, lines in counted), default=0)
    rows = tuple(_assessed_bar(period, lines, most) for period, lines in counted)
    key = "实心为已考核，空心为尚缺。"
    chart = Chart(zh="完成情况", en="Done", key_zh=key, key_en="Full: done; hollow: missing.", bars=rows)
    return (chart,) if rows else ()


def _assessed_bar(period: str, lines: list[AssessedPeriod], most: int) -> Bar:
    done, missing = sum(each.done for each in lines), sum(len(each.missing) for each in lines)
    says = Said(f"已考核{done}人次，尚缺{missing}人次", f"{done} done, {missing} missing")
    return Bar(label=period, drawing=bar_row(done, missing, most), says=says)


def recall_chart(found: RecalledYear) -> tuple[Chart, ...]:
    """Draw how many days plates were out, back and lost ones full, those still out hollow."""
    most = max(each.back + each.lost + each.out for each in found.by_days)
    if not most:
        return ()
    rows = tuple(
        Bar(
            label=Said(each.zh, each.en),
            drawing=bar_row(each.back + each.lost, each.out, most),
            says=Said(
                f"收回{each.back}，挂失{each.lost}，未收回{each.out}",
                f"{each.back} back, {each.lost} lost, {each.out} out",
            ),
        )
        for each in found.by_days
    )
    key = "实心为已收回或挂失，空心为未收回。"
    return (
        Chart(zh="在外天数", en="Days out", key_zh=key, key_en="Full: back or lost; hollow: out.", bars=rows),
    )


def scan_chart(found: ScannedYear) -> tuple[Chart, ...]:
    """Draw how many scan pages each of the last days had."""
    most = max((scans.known + scans.unknown for _, scans in found.days), default=0)
    if not most:
        return ()
    rows = tuple(
        Bar(label=chinese_day(day), drawing=bar_row(scans.known, scans.unknown, most), says=_scanned(scans))
        for day, scans in found.days
    )
    key = "实心为核验标牌，空心为查无此牌。"
    return (
        Chart(zh="每天", en="By day", key_zh=key, key_en="Full: plates; hollow: no such plate.", bars=rows),
    )


def _scanned(scans: Scans) -> str:
    if not scans.unknown:
        return f"{scans.known}次"
    return Said(f"{scans.known}次，查无此牌{scans.unknown}次", f"{scans.unknown} of no such plate")
