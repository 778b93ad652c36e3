"""A branch's plan for the programme: filed, amended, and asked for before it applies (F35)."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from store.acts.apply import apply_roster
from store.acts.approve import approve
from store.acts.authority import Authority, ReasonMissing
from store.acts.plans import (
    PLAN_LONGEST,
    NewPlan,
    NoPlan,
    PlanTooLong,
    file_plan,
    plan_of,
)
from store.branches import NotAGeneralBranch
from store.policy import REQUIRE
from store.records import Organisation, OrganisationKind, Post
from tests.office import Office

Measure = Callable[[Callable[[], object]], dict[str, int]]
PLAN = NewPlan(year=2026, title="畜牧站创建方案", text="组织发动，六月申报，年底总结。")


def branch_of(office: Office) -> str:
    found = office.register.find(Organisation)
    return next(each.id for each in found if each.kind is OrganisationKind.GENERAL_BRANCH)


def strict(authority: Authority) -> Authority:
    return replace(authority, policy=replace(authority.policy, plan_before_application=REQUIRE))


def test_f35_a_plan_is_filed_and_amended_and_both_are_kept(office: Office, added: Measure) -> None:
    office.applied()
    branch = branch_of(office)
    assert added(lambda: file_plan(office.register, office.by(), branch, PLAN)) == {
        "BranchPlan": 1,
        "LogEntry": 1,
    }
    amended = file_plan(office.register, office.by(), branch, replace(PLAN, text="增加宣讲。"))
    assert plan_of(office.register, branch, 2026) == amended
    assert amended.id == f"{branch}-2026-F2"
    assert plan_of(office.register, branch, 2027) is None


def test_f35_applying_without_a_plan_is_noted_with_the_approval(office: Office) -> None:
    office.applied(office.row(), office.row("兽医防疫岗"))
    assert "F35" in approve(office.register, office.by(), "2026-001", document="1号").consents
    file_plan(office.register, office.by(), branch_of(office), PLAN)
    assert "F35" not in approve(office.register, office.by(), "2026-002", document="1号").consents


def test_f35_where_the_policy_requires_it_nobody_applies_without_a_plan(office: Office) -> None:
    office.applied()
    with pytest.raises(NoPlan) as refused:
        apply_roster(office.register, strict(office.by()), [office.row("兽医防疫岗")])
    assert "具体实施方案" in refused.value.zh
    assert office.register.count(Post) == 1
    file_plan(office.register, office.by(), branch_of(office), PLAN)
    apply_roster(office.register, strict(office.by()), [office.row("兽医防疫岗")])
    assert office.register.count(Post) == 2


def test_a_plan_has_a_title_a_text_and_a_branch(office: Office, added: Measure) -> None:
    office.applied()
    committee = office.register.find(Organisation)[0].id

    def file() -> None:
        for plan in (replace(PLAN, title=" "), replace(PLAN, text="")):
            with pytest.raises(ReasonMissing):
                file_plan(office.register, office.by(), branch_of(office), plan)
        with pytest.raises(PlanTooLong):
            file_plan(
                office.register, office.by(), branch_of(office), replace(PLAN, text="字" * (PLAN_LONGEST + 1))
            )
        for nobody in ("O99", committee):
            with pytest.raises(NotAGeneralBranch):
                file_plan(office.register, office.by(), nobody, PLAN)

    assert added(file) == {}
