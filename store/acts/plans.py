"""A general branch files its own plan for the programme before it applies (F35)."""

from dataclasses import dataclass

from store.acts.authority import Authority, Deed, enact, stated
from store.branches import general_branch
from store.lookup import only
from store.policy import REQUIRE, Policy
from store.records import BranchPlan, Organisation, Role
from store.refusals import Refusal
from store.register import Reader, Register

PLAN_LONGEST = 20_000


class NoPlan(Refusal):
    """The branch has filed no plan for the year. Remedy: file it, then apply."""

    clause_id = "F35"
    reason_zh = "“{branch_name}”尚未报备{year}年的实施方案。"
    reason_en = "{branch_name} has filed no plan for {year}."
    remedy_zh = "请先报备实施方案（gangpai plan），再申报岗位。"
    remedy_en = "File the plan first (gangpai plan), then apply."


class PlanTooLong(Refusal):
    """The plan is longer than a notice can show. Remedy: file its essence, and attach the document."""

    clause_id = "F35"
    reason_zh = "方案内容有{length}个字，超过{longest}个字。"
    reason_en = "The plan has {length} characters; {longest} are taken."
    remedy_zh = "请填写要点，全文作为附件上传。"
    remedy_en = "File its essence, and attach the whole document."


@dataclass(frozen=True, kw_only=True)
class NewPlan:
    """What a branch plans for a year."""

    year: int
    title: str
    text: str


def file_plan(register: Register, authority: Authority, branch_id: str, plan: NewPlan) -> BranchPlan:
    """File a branch's plan for a year; a later one of the year amends it, and both are kept.

    Raises:
        NotAllowed: the actor is neither the committee nor of this branch.
        ReasonMissing, PlanTooLong, NotAGeneralBranch: there is no such plan, or nobody whose plan it is.

    """
    authority.permit(Role.COMMITTEE, Role.BRANCH_OFFICER, branch_id=branch_id)
    title = stated(plan.title, what_zh="实施方案名称", what_en="title of the plan")
    text = stated(plan.text, what_zh="实施方案内容", what_en="text of the plan")
    if len(text) > PLAN_LONGEST:
        raise PlanTooLong(length=len(text), longest=PLAN_LONGEST)
    with register.transaction() as transaction:
        branch = general_branch(transaction, branch_id)
        earlier = transaction.find(BranchPlan, branch_id=branch_id, year=plan.year)
        filed = BranchPlan(
            id=f"{branch_id}-{plan.year}-F{len(earlier) + 1}",
            branch_id=branch_id,
            year=plan.year,
            title=title,
            text=text,
            filed_at=authority.now,
        )
        deed = Deed(act="file plan", object=branch.name, reason=f"{plan.year} {title}")
        enact(transaction, authority, deed, [filed])
    return filed


def plan_of(reader: Reader, branch_id: str, year: int) -> BranchPlan | None:
    """Return the branch's plan for the year as last amended, or None."""
    return only(reader.find(BranchPlan, branch_id=branch_id, year=year))


def waived_plan(reader: Reader, branch: Organisation, year: int, policy: Policy) -> tuple[str, ...]:
    """Return the clause that is waived where a branch has no plan for the year (F35).

    Raises:
        NoPlan: the policy does not waive it.

    """
    if plan_of(reader, branch.id, year):
        return ()
    if policy.plan_before_application == REQUIRE:
        raise NoPlan(branch_name=branch.name, year=year)
    return ("F35",)
