"""A duty: one thing somebody has to do by a day, and the words for each kind of it.

Knows the kinds, whose each is and which clause asks for it. Leaves out how duties are found.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

_POST = re.compile(r"\d{4}-\d{3,}")


class Owner(StrEnum):
    """Whose duty it is: the committee's office, or the general branch concerned."""

    COMMITTEE = "committee"
    BRANCH = "branch"


OWNER_ZH: dict[Owner, str] = {Owner.COMMITTEE: "党委", Owner.BRANCH: "党总支"}


class DutyKind(StrEnum):
    """What is to be done."""

    PLAN = "plan"
    APPLY = "apply"
    APPROVAL = "approval"
    REVISION = "revision"
    NOTICE = "notice"
    OBJECTION = "objection"
    PRINT_CREATION = "print_creation"
    PRINT_TITLE = "print_title"
    REPRINT_CHANGED = "reprint_changed"
    REPRINT_DAMAGED = "reprint_damaged"
    RECALL = "recall"
    ASSESSMENT = "assessment"
    RECTIFICATION = "rectification"
    ADJUSTMENT = "adjustment"
    SURVEY = "survey"
    INSPECTION = "inspection"
    AWARD = "award"
    CALL_BACK = "call_back"
    SETTLEMENT = "settlement"
    YEAR_SUMMARY = "year_summary"
    RECEIVER = "receiver"


@dataclass(frozen=True)
class DutyTerms:
    """A kind of duty in words, whose it is, and the clause that asks for it."""

    zh: str
    en: str
    owner: Owner
    clause: str


_COMMITTEE, _BRANCH = Owner.COMMITTEE, Owner.BRANCH

DUTY_TERMS: dict[DutyKind, DutyTerms] = {
    DutyKind.PLAN: DutyTerms("报送实施方案", "File the plan", _BRANCH, "F35"),
    DutyKind.APPLY: DutyTerms("申报岗位", "Apply for posts", _BRANCH, "F5"),
    DutyKind.APPROVAL: DutyTerms("待批准", "Decide on the application", _COMMITTEE, "F7"),
    DutyKind.REVISION: DutyTerms("修改后重报", "Revise the application", _BRANCH, "F7"),
    DutyKind.NOTICE: DutyTerms("公示期满", "Close the public notice", _COMMITTEE, "F26"),
    DutyKind.OBJECTION: DutyTerms("答复异议", "Settle the objection", _COMMITTEE, "F26"),
    DutyKind.PRINT_CREATION: DutyTerms("制发创建标牌", "Print the creation plates", _COMMITTEE, "F11"),
    DutyKind.PRINT_TITLE: DutyTerms("换发命名标牌", "Print the title plates", _COMMITTEE, "F12"),
    DutyKind.REPRINT_CHANGED: DutyTerms("换发内容已变的牌", "Replace plates that changed", _COMMITTEE, "F19"),
    DutyKind.REPRINT_DAMAGED: DutyTerms("补制损坏的牌", "Replace a damaged plate", _COMMITTEE, "F10"),
    DutyKind.RECALL: DutyTerms("收回", "Get the plate back", _BRANCH, "F23"),
    DutyKind.ASSESSMENT: DutyTerms("季度考核", "Assess the member", _BRANCH, "F17"),
    DutyKind.RECTIFICATION: DutyTerms("整改", "Put the problem right", _BRANCH, "F18"),
    DutyKind.ADJUSTMENT: DutyTerms("调整岗位", "Adjust the post", _BRANCH, "F19"),
    DutyKind.SURVEY: DutyTerms("满意度测评", "Survey satisfaction", _BRANCH, "F24"),
    DutyKind.INSPECTION: DutyTerms("检查评比", "Inspect the post", _COMMITTEE, "F13"),
    DutyKind.AWARD: DutyTerms("命名授牌", "Award the title", _COMMITTEE, "F16"),
    DutyKind.CALL_BACK: DutyTerms("差评回访", "Call the citizen back", _COMMITTEE, "F25"),
    DutyKind.SETTLEMENT: DutyTerms("差评办结", "Settle the bad rating", _COMMITTEE, "F25"),
    DutyKind.RECEIVER: DutyTerms("检修变动通知", "Mend the receiver of changes", _COMMITTEE, "F26"),
    DutyKind.YEAR_SUMMARY: DutyTerms("年度总结", "File the year's summary", _BRANCH, "F29"),
}


@dataclass(frozen=True, kw_only=True)
class Duty:
    """One thing to do: which kind, for which branch, about what, by which day.

    `id` stays the same for as long as the duty stands. `object` is the number officers know the thing by;
    `zh` and `en` say what is missing.
    """

    id: str
    kind: DutyKind
    branch_id: str | None
    branch_name: str
    object: str
    zh: str
    en: str
    due_on: date
    overdue: bool

    @property
    def post_id(self) -> str:
        """The post it is about, whose number begins that of each plate; empty where it is about none."""
        found = _POST.match(self.object)
        return found[0] if found else ""

    @property
    def terms(self) -> DutyTerms:
        """The words of its kind."""
        return DUTY_TERMS[self.kind]

    @property
    def owner(self) -> Owner:
        """Whose duty it is."""
        return self.terms.owner

    @property
    def clause(self) -> str:
        """The clause that asks for it."""
        return self.terms.clause

    @property
    def who_zh(self) -> str:
        """Whose duty it is, by name."""
        return self.branch_name if self.owner is Owner.BRANCH else OWNER_ZH[self.owner]
