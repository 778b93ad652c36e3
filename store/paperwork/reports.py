"""The programme in numbers as sheets: for the screen, for paper and for Excel alike (F17, F23, F24)."""

from collections.abc import Iterator, Sequence
from itertools import chain

from store.calendar import chinese_day
from store.paperwork.sheet import Align, Column, Fact, Names, Share, Sheet, Table, Value
from store.policy import Policy
from store.reports import (
    AssessedPeriod,
    DaysOut,
    RatedLine,
    RatedYear,
    RecalledBranch,
    RecalledYear,
    ScannedYear,
)
from store.satisfaction import Satisfaction

_WEEKDAYS = "一二三四五六日"
_UNSHOWN = "—"


def satisfaction_sheet(policy: Policy, found: RatedYear, *, subtitle: str, year: int) -> Sheet:
    """Return satisfaction by branch, then by post, in each period of a year."""
    headings = [*(each.id.partition("-")[2] for each in found.periods), "合计"]
    lines = (*found.branches, found.whole) if len(found.branches) > 1 else found.branches
    return Sheet(
        name="满意度",
        title=f"{year}年群众满意度",
        subtitle=subtitle,
        tables=(
            Table(
                columns=(Column(heading="党总支", width=14), *_share_columns(headings)),
                rows=tuple((each.row.name, *_shares(policy, each)) for each in lines),
                caption="一、按党总支",
            ),
            Table(
                columns=(
                    Column(heading="党总支", width=10),
                    Column(heading="岗位编号", width=5, align=Align.CENTER),
                    Column(heading="岗位名称", width=12),
                    *_share_columns(headings),
                ),
                rows=tuple(
                    (each.row.branch_name, each.row.id, each.row.name, *_shares(policy, each))
                    for each in found.posts
                ),
                caption="二、按岗位",
            ),
        ),
        closing=(
            f"满意率为“非常满意”“满意”“基本满意”所占比例；份数含扫码评价和纸质问卷；不足{policy.ratings_min}份的不显示满意率。",
        ),
        landscape=True,
    )


def _share_columns(headings: Sequence[str]) -> Iterator[Column]:
    for heading in headings:
        yield Column(heading=f"{heading} 份数", width=3.4, align=Align.CENTER)
        yield Column(heading=f"{heading} 满意率", width=3.8, align=Align.CENTER)


def _shares(policy: Policy, line: RatedLine) -> tuple[Value, ...]:
    said = (*line.by_period, line.whole)
    return tuple(chain.from_iterable(_share(policy, each) for each in said))


def _share(policy: Policy, asked: Satisfaction) -> tuple[Value, Value]:
    return asked.n, Share(asked.share) if asked.can_be_shown(policy) else _UNSHOWN


def assessment_sheet(found: Sequence[AssessedPeriod], *, subtitle: str, year: int) -> Sheet:
    """Return how many members were assessed in each period of a year, and who is missing (F17)."""
    return Sheet(
        name="季度考核",
        title=f"{year}年季度考核完成情况",
        subtitle=subtitle,
        tables=(
            Table(
                columns=(
                    Column(heading="党总支", width=14),
                    Column(heading="考核期", width=6, align=Align.CENTER),
                    Column(heading="应考核", width=5, align=Align.CENTER),
                    Column(heading="已考核", width=5, align=Align.CENTER),
                    Column(heading="尚缺", width=5, align=Align.CENTER),
                    Column(heading="完成率", width=5, align=Align.CENTER),
                ),
                rows=tuple(map(_assessed, found)),
                caption="一、完成情况",
            ),
            Table(
                columns=(
                    Column(heading="党总支", width=9),
                    Column(heading="考核期", width=5, align=Align.CENTER),
                    Column(heading="岗位编号", width=5, align=Align.CENTER),
                    Column(heading="岗位名称", width=10),
                    Column(heading="尚未考核的党员", width=14),
                    Column(heading="期限", width=7, align=Align.CENTER),
                    Column(heading="状态", width=4, align=Align.CENTER),
                ),
                rows=tuple(chain.from_iterable(map(_missing, found))),
                caption="二、尚未考核",
            ),
        ),
    )


def _assessed(each: AssessedPeriod) -> tuple[Value, ...]:
    share = Share(each.done / each.wanted) if each.wanted else _UNSHOWN
    return each.branch.name, each.period, each.wanted, each.done, len(each.missing), share


def _missing(found: AssessedPeriod) -> Iterator[tuple[Value, ...]]:
    posts = dict.fromkeys(each.dossier.post.id for each in found.missing)
    for post_id in posts:
        owed = [each for each in found.missing if each.dossier.post.id == post_id]
        yield (
            found.branch.name,
            found.period,
            post_id,
            owed[0].dossier.content.name,
            Names(tuple(each.member_name for each in owed)),
            owed[0].due_on,
            "逾期" if owed[0].is_overdue else "未到期",
        )


def recall_sheet(found: RecalledYear, *, subtitle: str, year: int) -> Sheet:
    """Return the recalls of a year by days out, and by branch (F23)."""
    return Sheet(
        name="标牌收回",
        title=f"{year}年标牌收回情况",
        subtitle=subtitle,
        tables=(
            Table(
                columns=(Column(heading="在外天数", width=10), *_counts("已收回", "挂失", "未收回", "合计")),
                rows=tuple(map(_days_out, found.by_days)),
                caption="一、按在外天数",
            ),
            Table(
                columns=(
                    Column(heading="党总支", width=14),
                    *_counts("应收回", "按期收回", "逾期收回", "挂失", "未收回", "其中逾期"),
                ),
                rows=tuple(map(_recalled, found.branches)),
                caption="二、按党总支",
            ),
        ),
        closing=("按发出收回任务的年份统计；已交回和已销毁的计为收回；否决被纠正的不计。",),
    )


def _counts(*headings: str) -> tuple[Column, ...]:
    return tuple(Column(heading=each, width=5, align=Align.CENTER) for each in headings)


def _days_out(each: DaysOut) -> tuple[Value, ...]:
    return each.zh, each.back, each.lost, each.out, each.back + each.lost + each.out


def _recalled(each: RecalledBranch) -> tuple[Value, ...]:
    kept = each.kept
    called = kept.total + each.lost
    return each.branch.name, called, kept.in_time, kept.late, each.lost, kept.still_open, each.overdue


def scan_sheet(found: ScannedYear, *, subtitle: str, year: int) -> Sheet:
    """Return how many scan pages the months and the last days of a year had."""
    counted = _counts("核验标牌", "查无此牌")
    return Sheet(
        name="扫码",
        title=f"{year}年扫码核验次数",
        subtitle=subtitle,
        facts=(Fact("合计", sum(scans.known + scans.unknown for _, scans in found.months)),),
        tables=(
            Table(
                columns=(Column(heading="月份", width=10), *counted),
                rows=tuple((f"{month}月", scans.known, scans.unknown) for month, scans in found.months),
                caption="一、按月",
            ),
            Table(
                columns=(
                    Column(heading="日期", width=10),
                    Column(heading="星期", width=4, align=Align.CENTER),
                    *counted,
                ),
                rows=tuple(
                    (chinese_day(day), _WEEKDAYS[day.weekday()], scans.known, scans.unknown)
                    for day, scans in found.days
                ),
                caption="二、最近31天",
            ),
        ),
        closing=(
            "只记每天打开核验页的次数（含聊天软件的链接预览），不记是谁、扫的哪块牌、什么时刻；每五分钟入账一次，入账那天计数。",
        ),
    )
