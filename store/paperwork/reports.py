"""The programme in numbers as sheets: for the screen, for paper and for Excel alike (F17, F23, F24)."""

from collections.abc import Iterator, Sequence
from itertools import chain

from store.calendar import chinese_day
from store.paperwork.sheet import Align, Column, Fact, Names, Said, Share, Sheet, Table, Value
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

_WEEKDAYS = tuple(map(Said, "一二三四五六日", ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")))
_WHOLE = Said("合计", "Total")
_UNSHOWN = "—"
_BACK, _LOST, _OUT = Said("已收回", "Back"), Said("挂失", "Lost"), Said("未收回", "Out")


def satisfaction_sheet(policy: Policy, found: RatedYear, *, subtitle: str, year: int) -> Sheet:
    """Return satisfaction by branch, then by post, in each period of a year."""
    periods = (each.id.partition("-")[2] for each in found.periods)
    headings = [*(Said(each, each) for each in periods), _WHOLE]
    lines = (*found.branches, found.whole) if len(found.branches) > 1 else found.branches
    return Sheet(
        name="满意度",
        title=f"{year}年群众满意度",
        subtitle=subtitle,
        tables=(
            Table(
                columns=(Column(heading=Said("党总支", "Branch"), width=14), *_share_columns(headings)),
                rows=tuple((_name(found, each), *_shares(policy, each)) for each in lines),
                caption=Said("一、按党总支", "By branch"),
            ),
            Table(
                columns=(
                    Column(heading=Said("党总支", "Branch"), width=10),
                    Column(heading=Said("岗位编号", "Number"), width=5, align=Align.CENTER),
                    Column(heading=Said("岗位名称", "Post"), width=12),
                    *_share_columns(headings),
                ),
                rows=tuple(
                    (each.row.branch_name, each.row.id, each.row.name, *_shares(policy, each))
                    for each in found.posts
                ),
                caption=Said("二、按岗位", "By post"),
            ),
        ),
        closing=(
            Said(
                f"满意率为“非常满意”“满意”“基本满意”所占比例；份数含扫码评价和纸质问卷；不足{policy.ratings_min}份的不显示满意率。",
                "Satisfied: the first three of five grades, by scan and on paper; "
                f"not shown for fewer than {policy.ratings_min} ratings.",
            ),
        ),
        landscape=True,
    )


def _name(found: RatedYear, line: RatedLine) -> str:
    return _WHOLE if line is found.whole else line.row.name


def _share_columns(headings: Sequence[Said]) -> Iterator[Column]:
    for heading in headings:
        yield Column(heading=Said(f"{heading} 份数", f"{heading.en} ratings"), width=3.4, align=Align.CENTER)
        yield Column(
            heading=Said(f"{heading} 满意率", f"{heading.en} satisfied"), width=3.8, align=Align.CENTER
        )


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
                    Column(heading=Said("党总支", "Branch"), width=14),
                    Column(heading=Said("考核期", "Period"), width=6, align=Align.CENTER),
                    Column(heading=Said("应考核", "Asked for"), width=5, align=Align.CENTER),
                    Column(heading=Said("已考核", "Done"), width=5, align=Align.CENTER),
                    Column(heading=Said("尚缺", "Missing"), width=5, align=Align.CENTER),
                    Column(heading=Said("完成率", "Share done"), width=5, align=Align.CENTER),
                ),
                rows=tuple(map(_assessed, found)),
                caption=Said("一、完成情况", "Done"),
            ),
            Table(
                columns=(
                    Column(heading=Said("党总支", "Branch"), width=9),
                    Column(heading=Said("考核期", "Period"), width=5, align=Align.CENTER),
                    Column(heading=Said("岗位编号", "Number"), width=5, align=Align.CENTER),
                    Column(heading=Said("岗位名称", "Post"), width=10),
                    Column(heading=Said("尚未考核的党员", "Members not assessed"), width=14),
                    Column(heading=Said("期限", "Due"), width=7, align=Align.CENTER),
                    Column(heading=Said("状态", "State"), width=4, align=Align.CENTER),
                ),
                rows=tuple(chain.from_iterable(map(_missing, found))),
                caption=Said("二、尚未考核", "Not assessed yet"),
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
            Said("逾期", "overdue") if owed[0].is_overdue else Said("未到期", "not due"),
        )


def recall_sheet(found: RecalledYear, *, subtitle: str, year: int) -> Sheet:
    """Return the recalls of a year by days out, and by branch (F23)."""
    return Sheet(
        name="标牌收回",
        title=f"{year}年标牌收回情况",
        subtitle=subtitle,
        tables=(
            Table(
                columns=(
                    Column(heading=Said("在外天数", "Days out"), width=10),
                    *_counts(_BACK, _LOST, _OUT, _WHOLE),
                ),
                rows=tuple(map(_days_out, found.by_days)),
                caption=Said("一、按在外天数", "By days out"),
            ),
            Table(
                columns=(
                    Column(heading=Said("党总支", "Branch"), width=14),
                    *_counts(
                        Said("应收回", "Called back"),
                        Said("按期收回", "In time"),
                        Said("逾期收回", "Late"),
                        _LOST,
                        _OUT,
                        Said("其中逾期", "Overdue"),
                    ),
                ),
                rows=tuple(map(_recalled, found.branches)),
                caption=Said("二、按党总支", "By branch"),
            ),
        ),
        closing=(
            Said(
                "按发出收回任务的年份统计；已交回和已销毁的计为收回；否决被纠正的不计。",
                "By year of recall; returned and destroyed plates are back; corrected vetoes left out.",
            ),
        ),
    )


def _counts(*headings: Said) -> tuple[Column, ...]:
    return tuple(Column(heading=each, width=5, align=Align.CENTER) for each in headings)


def _days_out(each: DaysOut) -> tuple[Value, ...]:
    return Said(each.zh, each.en), each.back, each.lost, each.out, each.back + each.lost + each.out


def _recalled(each: RecalledBranch) -> tuple[Value, ...]:
    kept = each.kept
    called = kept.total + each.lost
    return each.branch.name, called, kept.in_time, kept.late, each.lost, kept.still_open, each.overdue


def scan_sheet(found: ScannedYear, *, subtitle: str, year: int) -> Sheet:
    """Return how many scan pages the months and the last days of a year had."""
    counted = _counts(Said("核验标牌", "Plates"), Said("查无此牌", "No such plate"))
    return Sheet(
        name="扫码",
        title=f"{year}年扫码核验次数",
        subtitle=subtitle,
        facts=(Fact(_WHOLE, sum(scans.known + scans.unknown for _, scans in found.months)),),
        tables=(
            Table(
                columns=(Column(heading=Said("月份", "Month"), width=10), *counted),
                rows=tuple((f"{month}月", scans.known, scans.unknown) for month, scans in found.months),
                caption=Said("一、按月", "By month"),
            ),
            Table(
                columns=(
                    Column(heading=Said("日期", "Day"), width=10),
                    Column(heading=Said("星期", "Weekday"), width=4, align=Align.CENTER),
                    *counted,
                ),
                rows=tuple(
                    (chinese_day(day), _WEEKDAYS[day.weekday()], scans.known, scans.unknown)
                    for day, scans in found.days
                ),
                caption=Said("二、最近31天", "The last 31 days"),
            ),
        ),
        closing=(
            Said(
                "只记每天打开核验页的次数（含聊天软件的链接预览），不记是谁、扫的哪块牌、什么时刻；每五分钟入账一次，入账那天计数。",
                "How often scan pages were opened each day, link previews too; never by whom or when.",
            ),
        ),
    )
