"""The year of each general branch: its plan at the beginning and its summary at the end (F35, F29)."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from store.acts.oversight import summarise_year
from store.acts.plans import PLAN_LONGEST, NewPlan, file_plan
from store.branches import NoSuchBranch, organisation
from store.calendar import office_day
from store.records import BranchPlan, Organisation, YearSummary
from store.refusals import Refusal
from store.register import Reader
from verify.console.fields import number_of
from verify.console.guard import ConsoleRoute, Desk, Officers, see_other, status_of
from verify.console.places import IMPORTS
from verify.console.posts import branches_of

DONE = {
    "plan": ("实施方案已报备。", "The plan is on file."),
    "summary": ("年度总结已登记。", "The summary of the year is entered."),
}

router = APIRouter(prefix="/console/plans", route_class=ConsoleRoute)
FilerAtDesk = Annotated[Desk, Depends(Officers(*IMPORTS))]


@dataclass(frozen=True, kw_only=True)
class BranchInYear:
    """A branch with what it filed for a year, as amended last."""

    branch: Organisation
    plan: BranchPlan | None
    summary: YearSummary | None


@router.get("")
def plans(desk: FilerAtDesk) -> Response:
    """Show who has filed what for a year, and ask for plan and summary."""
    return _page(desk)


@router.post("/plan")
def enter_plan(desk: FilerAtDesk) -> Response:
    """File a branch's plan for a year, or amend it."""

    def act(branch: Organisation, year: int) -> object:
        plan = NewPlan(year=year, title=desk.said("title"), text=desk.said("text"))
        return file_plan(desk.site.register, desk.authority, branch.id, plan)

    return _filed(desk, "plan", act)


@router.post("/summary")
def enter_summary(desk: FilerAtDesk) -> Response:
    """Enter what a branch learned in a year."""

    def act(branch: Organisation, year: int) -> object:
        return summarise_year(desk.site.register, desk.authority, branch.name, year, desk.said("text"))

    return _filed(desk, "summary", act)


def _filed(desk: Desk, what: str, act: Callable[[Organisation, int], object]) -> Response:
    """Do an act on a branch's year and show it; a refused one comes back with everything that was typed."""
    try:
        year = number_of(desk.said("year"), what_zh="年度", what_en="year")
        act(_branch(desk), year)
    except Refusal as refusal:
        return _page(desk, refusal, tried=what)
    return see_other(f"/console/plans?year={year}&done={what}")


def _branch(desk: Desk) -> Organisation:
    wanted = desk.branch_id or desk.said("branch")
    found = organisation(desk.site.register, wanted or "-")
    if found is None:
        raise NoSuchBranch(branch_name=wanted)
    return found


def _page(desk: Desk, refusal: Refusal | None = None, tried: str = "") -> Response:
    this_year = office_day(desk.site.clock()).year
    year = int(asked) if re.fullmatch(r"[12][0-9]{3}", asked := desk.asked("year")) else this_year
    with desk.site.register.snapshot() as reader:
        branches = _in_year(reader, branches_of(reader, desk), year)
    return desk.page(
        "plans.html",
        status=status_of(refusal) if refusal else 200,
        branches=branches,
        year=year,
        this_year=this_year,
        longest=PLAN_LONGEST,
        refusal=refusal,
        tried=tried,
        done=DONE.get(desk.asked("done")),
    )


def _in_year(reader: Reader, branches: list[Organisation], year: int) -> list[BranchInYear]:
    plans = {each.branch_id: each for each in reader.find(BranchPlan, year=year)}
    summaries = {each.branch_id: each for each in reader.find(YearSummary, year=year)}
    return [
        BranchInYear(branch=each, plan=plans.get(each.id), summary=summaries.get(each.id))
        for each in branches
    ]
