"""Reports: what the year comes to in numbers, on the screen, on paper and in Excel, from the same sheet.

Every report is about a year, and about one branch or all the officer sees; whoever has one branch sees that
alone. A report is worked out anew when anything was added to the register, and else kept. Leaves out what is
counted (store/reports.py, store/branch_year.py), how it reads (store/paperwork) and how it is drawn.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from markupsafe import Markup, escape

from store.branch_year import branch_year
from store.calendar import chinese_day, office_day
from store.feedback import counted_to
from store.paperwork.annual import annual_sheet
from store.paperwork.reports import assessment_sheet, recall_sheet, satisfaction_sheet, scan_sheet
from store.paperwork.sheet import Said, Sheet, Value, english_of, shown
from store.records import Organisation, Role
from store.refusals import Refusal
from store.reports import assessed_year, periods_told, rated_year, recalled_year, scanned_year
from verify.console.guard import ConsoleRoute, Desk, Officers
from verify.console.places import HEARS, INSPECTS
from verify.console.posts import branches_of
from verify.console.report_charts import (
    Chart,
    assessment_chart,
    recall_chart,
    satisfaction_chart,
    scan_chart,
)
from verify.documents import FORMATS, Format

YEARS_TOLD = 5

ROWS_MOST = 200
"""How many rows of a table a page shows; the files hold all."""

router = APIRouter(prefix="/console/reports", route_class=ConsoleRoute)


class NoBranchChosen(Refusal):
    """A sheet of a branch's year was asked for without a branch. Remedy: choose one."""

    clause_id = "F27"
    reason_zh = "年度情况表按党总支填写，没有选择党总支。"
    reason_en = "The annual sheet is a branch's; none was chosen."
    remedy_zh = "请选择一个党总支。"
    remedy_en = "Choose a branch."


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What a report is about: a year and branches; `chosen` is one, or None for all the officer sees."""

    year: int
    today: date
    branches: Sequence[Organisation]
    chosen: Organisation | None

    @property
    def covered(self) -> Sequence[Organisation]:
        """The branches the report covers."""
        return [self.chosen] if self.chosen else self.branches

    @property
    def years(self) -> range:
        """The years that may be asked for, the latest first."""
        return range(self.today.year, self.today.year - YEARS_TOLD, -1)

    @property
    def query(self) -> str:
        """What the address of the report asks for."""
        asked = {"year": str(self.year)} | ({"branch": self.chosen.id} if self.chosen else {})
        return urlencode(asked)

    @property
    def subtitle(self) -> str:
        """Whom the report is about, and as of which day."""
        who = self.chosen.name if self.chosen else "全部党总支"
        whose = "" if self.chosen else "All branches, "
        return Said(f"{who}　截至{chinese_day(self.today)}", f"{whose}as of {self.today}")


@dataclass(frozen=True, kw_only=True)
class Report:
    """A report as worked out: the sheet that paper and Excel get, and what the screen draws besides."""

    sheet: Sheet
    charts: tuple[Chart, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of report: its name in addresses, words, clause, for whom, and how it is worked out."""

    name: str
    zh: str
    en: str
    says: str
    says_en: str
    clause: str
    roles: tuple[Role, ...]
    work_out: Callable[[Desk, Scope], Report]
    is_of_a_branch: bool = False


def _satisfaction(desk: Desk, scope: Scope) -> Report:
    policy, site = desk.authority.policy, desk.site
    told = periods_told(policy.periods, scope.year, scope.today, running=desk.reads_complaints)
    ratings = site.ratings.of(site.register, policy.periods)
    posts = site.post_states.by_post(site.register, None).values()
    found = rated_year(ratings, scope.covered, posts, told)
    sheet = satisfaction_sheet(policy, found, subtitle=scope.subtitle, year=scope.year)
    return Report(sheet=sheet, charts=satisfaction_chart(policy, found))


def _assessments(desk: Desk, scope: Scope) -> Report:
    with desk.site.register.snapshot() as reader:
        found = assessed_year(reader, desk.authority.policy, scope.covered, scope.year, scope.today)
        sheet = assessment_sheet(found, subtitle=scope.subtitle, year=scope.year)
    return Report(sheet=sheet, charts=assessment_chart(found))


def _recalls(desk: Desk, scope: Scope) -> Report:
    branch_id = scope.chosen.id if scope.chosen else ""
    lines = desk.site.recall_book.of(desk.site.register, branch_id=branch_id)
    found = recalled_year(lines, scope.covered, scope.year, scope.today)
    sheet = recall_sheet(found, subtitle=scope.subtitle, year=scope.year)
    return Report(sheet=sheet, charts=recall_chart(found))


def _scans(desk: Desk, scope: Scope) -> Report:
    with desk.site.register.snapshot() as reader:
        found = scanned_year(reader, scope.year, scope.today)
    subtitle = Said(f"全部标牌　截至{chinese_day(scope.today)}", f"All plates, as of {scope.today}")
    return Report(sheet=scan_sheet(found, subtitle=subtitle, year=scope.year), charts=scan_chart(found))


def _annual(desk: Desk, scope: Scope) -> Report:
    if scope.chosen is None:
        raise NoBranchChosen
    policy, now = desk.authority.policy, desk.site.clock()
    with desk.site.register.snapshot() as reader:
        found = branch_year(reader, policy, scope.chosen, scope.year, now, counted_to(desk.authority))
    return Report(sheet=annual_sheet(policy, found))


KINDS = (
    Kind(
        name="satisfaction",
        zh="满意度",
        en="Satisfaction",
        says="按岗位、党总支和季度：份数、满意率、区间",
        says_en="By post, branch and quarter: ratings, satisfied share, interval",
        clause="F24",
        roles=HEARS,
        work_out=_satisfaction,
    ),
    Kind(
        name="assessments",
        zh="季度考核",
        en="Assessments",
        says="按党总支和季度：应考核、已考核、谁还没有考核",
        says_en="By branch and quarter: asked for, done, and who is missing",
        clause="F17",
        roles=HEARS,
        work_out=_assessments,
    ),
    Kind(
        name="recalls",
        zh="标牌收回",
        en="Recalls",
        says="在外天数的分布，按期、逾期、挂失、未收回",
        says_en="How long plates were out: in time, late, lost, still out",
        clause="F23",
        roles=HEARS,
        work_out=_recalls,
    ),
    Kind(
        name="scans",
        zh="扫码次数",
        en="Scans",
        says="每天、每月打开核验页的次数，不记是谁",
        says_en="How often scan pages were opened by day and month, never by whom",
        clause="F11",
        roles=INSPECTS,
        work_out=_scans,
    ),
    Kind(
        name="annual",
        zh="年度情况表",
        en="Annual sheet",
        says="一个党总支一年的工作，供年度考核",
        says_en="A branch's year, for the annual assessment",
        clause="F27",
        roles=HEARS,
        work_out=_annual,
        is_of_a_branch=True,
    ),
)
"""Every report, in the order of the page."""


@router.get("")
def reports(desk: Annotated[Desk, Depends(Officers(*HEARS))]) -> Response:
    """List the reports the officer may see."""
    offered = [each for each in KINDS if desk.may(*each.roles)]
    return desk.page("reports.html", kinds=offered, scope=scope_asked(desk))


def scope_asked(desk: Desk) -> Scope:
    """Return the year and the branch the address asks for; the officer's own branch whatever it asks."""
    today, asked = office_day(desk.site.clock()), desk.asked("year")
    years = range(today.year - YEARS_TOLD + 1, today.year + 1)
    with desk.site.register.snapshot() as reader:
        branches = branches_of(reader, desk)
    wanted = desk.branch_id or desk.asked("branch")
    return Scope(
        year=int(asked) if asked in map(str, years) else today.year,
        today=today,
        branches=branches,
        chosen=next((each for each in branches if each.id == wanted), None),
    )


def worked_out(desk: Desk, kind: Kind, scope: Scope) -> Report:
    """Return a report; the same one as long as nothing was added to the register and the day lasts.

    Raises:
        NoBranchChosen: it is a branch's, and none was chosen.

    """
    told = "all" if desk.reads_complaints else "closed"
    key = (kind.name, scope.query, scope.today.isoformat(), told, repr(desk.authority.policy))
    report: Report = desk.site.reports.kept(key, lambda: kind.work_out(desk, scope))
    return report


_BESIDE = Markup('{} <span lang="en">{}</span>')


def said(value: Value) -> Markup:
    """Write a value of a sheet for a page, its English beside it."""
    english = english_of(value)
    return _BESIDE.format(shown(value), english) if english else escape(shown(value))


def _show(kind: Kind) -> Callable[..., Response]:
    def show(desk: Annotated[Desk, Depends(Officers(*kind.roles))]) -> Response:
        scope = scope_asked(desk)
        can_tell = scope.chosen or not kind.is_of_a_branch
        report = worked_out(desk, kind, scope) if can_tell else None
        return desk.page(
            "report.html",
            kind=kind,
            scope=scope,
            report=report,
            said=said,
            english_of=english_of,
            rows_most=ROWS_MOST,
        )

    return show


def _hand_out(kind: Kind, wanted: Format) -> Callable[..., Response]:
    def hand_out(desk: Annotated[Desk, Depends(Officers(*kind.roles))]) -> Response:
        scope = scope_asked(desk)
        sheet = worked_out(desk, kind, scope).sheet
        content = desk.site.documents.made((wanted.suffix, repr(sheet)), wanted.draw, [sheet])
        who = scope.chosen.name if scope.chosen else "全部"
        name = quote(f"{kind.zh}-{scope.year}-{who}.{wanted.suffix}")
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
        return Response(content, media_type=wanted.media_type, headers=headers)

    return hand_out


for each in KINDS:
    router.add_api_route(f"/{each.name}", _show(each), methods=["GET"])
    for form in FORMATS.values():
        router.add_api_route(f"/{each.name}.{form.suffix}", _hand_out(each, form), methods=["GET"])
