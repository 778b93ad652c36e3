"""Which sheets a form is made of: from what was asked for to sheets ready to be drawn.

Knows how posts, branches, notices and rounds are named, and what stands for all of them where none is. Leaves
out what each sheet says (the modules beside this one) and where it is written to.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from store.acts.assessment import NoSuchPeriod
from store.branch_year import branch_year
from store.branches import general_branches, organisation_named
from store.calendar import chinese_time, office_day
from store.dossier import Dossier, PostState, dossier_of, dossiers
from store.ledger import checkpoint
from store.notices import NoticeState, notice_state
from store.paperwork.annual import annual_sheet
from store.paperwork.applications import application_summary, blank_application_summary
from store.paperwork.assessments import assessment_forms, blank_assessment_form
from store.paperwork.inspections import blank_inspection_sheet, inspection_sheet
from store.paperwork.ledger_book import log_table, main_tables
from store.paperwork.names import names_sheet
from store.paperwork.notices import notice_sheet
from store.paperwork.recall_papers import recall_notice, recall_receipts
from store.paperwork.sheet import Sheet
from store.periods import Period
from store.policy import Policy
from store.read_ahead import ReadAhead
from store.recalls import Recall, recalls
from store.records import Organisation, Post, PublicNotice
from store.refusals import Refusal
from store.register import Reader
from store.rounds import Round, round_before, round_inspected, round_of

T = TypeVar("T")


class NothingByThatName(Refusal):
    """Nothing in the register goes by this name or number. Remedy: compare it with the lists."""

    clause_id = "F29"
    reason_zh = "没有名称或编号为“{subject}”的{wanted_zh}。"
    reason_en = "There is no {wanted_en} {subject!r}."
    remedy_zh = "请对照列表核对（gangpai posts，gangpai organisation list，gangpai notice list）。"
    remedy_en = "Compare it with the lists (gangpai posts, gangpai organisation list, gangpai notice list)."


class NothingToFill(Refusal):
    """The register holds nothing this form is about. Remedy: ask for a blank one, or name something else."""

    clause_id = "F29"
    reason_zh = "没有可填入“{form_zh}”的内容。"
    reason_en = "The register holds nothing for the form {form_en!r}."
    remedy_zh = "请核对岗位、年度、考核期；季度考核表、检查评比表、申报汇总表可用 --blank 打印空表。"
    remedy_en = "Compare post, year and period; --blank prints the forms that are filled in by hand."


class NoBlankForm(Refusal):
    """This form is made from the register only. Remedy: leave --blank out."""

    clause_id = "F29"
    reason_zh = "“{form_zh}”由登记簿生成，没有空表。"
    reason_en = "The form {form_en!r} is made from the register; there is no blank one."
    remedy_zh = "请去掉 --blank。"
    remedy_en = "Leave --blank out."


class NoSuchRound(Refusal):
    """An award round is named by its award day. Remedy: write the day."""

    clause_id = "F16"
    reason_zh = "“{period}”不是命名轮次。"
    reason_en = "{period!r} is no award round."
    remedy_zh = "请填写命名日，如 {example}。"
    remedy_en = "Write the award day, such as {example}."


class Form(StrEnum):
    """The forms there are."""

    APPLICATIONS = "applications"
    NOTICE = "notice"
    NAMES = "names"
    ASSESSMENT = "assessment"
    INSPECTION = "inspection"
    RECALL = "recall"
    RECEIPT = "receipt"
    ANNUAL = "annual"
    LEDGER = "ledger"


FORM_ZH: dict[Form, str] = {
    Form.APPLICATIONS: "申报汇总表",
    Form.NOTICE: "公示",
    Form.NAMES: "命名名单",
    Form.ASSESSMENT: "季度考核表",
    Form.INSPECTION: "检查评比表",
    Form.RECALL: "收回通知",
    Form.RECEIPT: "收回凭证",
    Form.ANNUAL: "年度情况表",
    Form.LEDGER: "台账",
}


@dataclass(frozen=True, kw_only=True)
class Order:
    """What was asked for; `now` is aware, `subjects` are numbers and names, none stands for all.

    `period` is an assessment period, or the award day of a round.
    """

    form: Form
    now: datetime
    subjects: tuple[str, ...] = ()
    year: int | None = None
    period: str | None = None
    blank: bool = False

    @property
    def today(self) -> date:
        """The office's day."""
        return office_day(self.now)

    @property
    def of_year(self) -> int:
        """The year asked for, or this one."""
        return self.year or self.today.year


@dataclass(frozen=True, kw_only=True)
class Made:
    """The sheets of a form; `only_in_workbook` come too long for paper."""

    sheets: tuple[Sheet, ...]
    only_in_workbook: tuple[Sheet, ...] = ()


def make_form(reader: Reader, policy: Policy, order: Order) -> Made:
    """Return the sheets asked for, each with the day and the log's checkpoint at its foot.

    Raises:
        NothingByThatName, NoSuchPeriod: something named is not in the register, or not in the policy.
        NoBlankForm, NothingToFill: there is no such form to make.

    """
    desk = _Desk(reader if order.subjects else ReadAhead(reader), policy, order)
    making = _BLANK.get(order.form) if order.blank else _FILLED[order.form]
    if making is None:
        raise NoBlankForm(form_zh=FORM_ZH[order.form], form_en=order.form.value)
    sheets = tuple(_dated(making(desk), reader, order))
    if not sheets:
        raise NothingToFill(form_zh=FORM_ZH[order.form], form_en=order.form.value)
    log = [log_table(reader)] if order.form is Form.LEDGER else []
    return Made(sheets=sheets, only_in_workbook=tuple(_dated(log, reader, order)))


def _dated(sheets: Iterable[Sheet], reader: Reader, order: Order) -> Iterator[Sheet]:
    made_at = chinese_time(order.now).rpartition(":")[0]
    footer = f"{made_at} 制表\n台账校验值 {checkpoint(reader)}"
    for sheet in sheets:
        yield replace(sheet, footer="" if order.blank else footer)


@dataclass(frozen=True)
class _Desk:
    """What a form is made from."""

    reader: Reader
    policy: Policy
    order: Order

    def branches(self) -> list[Organisation]:
        """Return the branches named, or all."""
        if not self.order.subjects:
            return general_branches(self.reader)
        return [self._named(each, "党总支", "branch") for each in self.order.subjects]

    def posts(self) -> Iterator[Dossier]:
        """Yield the posts named by number or by branch, or all."""
        if not self.order.subjects:
            yield from dossiers(self.reader)
        for subject in self.order.subjects:
            if self.reader.get(Post, subject):
                yield dossier_of(self.reader, subject)
            else:
                yield from dossiers(self.reader, self.branch(subject).id)

    def branch(self, name: str) -> Organisation:
        """Return the branch of this name."""
        return self._named(name, "岗位或党总支", "post or branch")

    def _named(self, name: str, wanted_zh: str, wanted_en: str) -> Organisation:
        return _found(organisation_named(self.reader, name), name, wanted_zh, wanted_en)

    def period(self) -> Period:
        """Return the assessment period named, or today's."""
        periods, wanted = self.policy.periods, self.order.period
        current = periods.of(self.order.today)
        if wanted is None:
            return current
        period = periods.named(wanted)
        if period is None:
            raise NoSuchPeriod(period=wanted, example=current.id)
        return period

    def round(self, otherwise: Round) -> Round:
        """Return the award round named by its award day, or the other one."""
        if self.order.period is None:
            return otherwise
        try:
            return round_of(date.fromisoformat(self.order.period), self.policy)
        except ValueError:
            raise NoSuchRound(period=self.order.period, example=otherwise.id) from None

    def recalls_by_addressee(self) -> Iterator[tuple[str, list[Recall]]]:
        """Yield whom recall lines concern, and the lines: of posts and branches named, or of each branch."""
        for subject in self.order.subjects or [each.name for each in self.branches()]:
            if self.reader.get(Post, subject):
                dossier = dossier_of(self.reader, subject)
                named = f"{dossier.branch.name}　{subject} {dossier.content.name}"
                yield named, list(recalls(self.reader, post_id=subject))
            else:
                yield subject, list(recalls(self.reader, branch_id=self.branch(subject).id))


def _found(found: T | None, subject: str, wanted_zh: str, wanted_en: str) -> T:
    if found is None:
        raise NothingByThatName(subject=subject, wanted_zh=wanted_zh, wanted_en=wanted_en)
    return found


def _applications(desk: _Desk) -> Iterator[Sheet]:
    for branch in desk.branches():
        yield _named(application_summary(desk.reader, branch, desk.order.of_year), branch.name)


def _notices(desk: _Desk) -> Iterator[Sheet]:
    every = desk.reader.find(PublicNotice)
    hanging = [each.id for each in every if notice_state(each, desk.order.today) is not NoticeState.OVER]
    for notice_id in desk.order.subjects or hanging:
        notice = _found(desk.reader.get(PublicNotice, notice_id), notice_id, "公示", "notice")
        yield _named(notice_sheet(desk.reader, desk.policy, notice), notice_id)


def _names(desk: _Desk) -> Iterator[Sheet]:
    yield names_sheet(desk.reader, desk.policy, desk.round(round_before(desk.order.today, desk.policy)))


def _assessments(desk: _Desk) -> Iterator[Sheet]:
    period = desk.period()
    for dossier in desk.posts():
        if dossier.state is PostState.AWARDED:
            yield from assessment_forms(desk.reader, dossier, period, desk.order.today)


def _inspections(desk: _Desk) -> Iterator[Sheet]:
    counted_in = desk.round(round_inspected(desk.order.today, desk.policy))
    for dossier in desk.posts():
        if dossier.state in {PostState.APPROVED, PostState.AWARDED}:
            yield inspection_sheet(desk.reader, desk.policy, dossier, counted_in)


def _recall_notices(desk: _Desk) -> Iterator[Sheet]:
    for addressee, lines in desk.recalls_by_addressee():
        if any(each.is_open for each in lines):
            yield _named(recall_notice(desk.policy, addressee, lines, desk.order.today), addressee)


def _receipts(desk: _Desk) -> Iterator[Sheet]:
    for _, lines in desk.recalls_by_addressee():
        yield from recall_receipts(desk.reader, desk.policy, lines)


def _annual(desk: _Desk) -> Iterator[Sheet]:
    for branch in desk.branches():
        found = branch_year(desk.reader, desk.policy, branch, desk.order.of_year, desk.order.now)
        yield _named(annual_sheet(desk.policy, found), branch.name)


def _ledger(desk: _Desk) -> Iterator[Sheet]:
    return main_tables(desk.reader, desk.order.now)


def _named(sheet: Sheet, name: str) -> Sheet:
    return replace(sheet, name=name)


_Making = Callable[[_Desk], Iterable[Sheet]]
_FILLED: dict[Form, _Making] = {
    Form.APPLICATIONS: _applications,
    Form.NOTICE: _notices,
    Form.NAMES: _names,
    Form.ASSESSMENT: _assessments,
    Form.INSPECTION: _inspections,
    Form.RECALL: _recall_notices,
    Form.RECEIPT: _receipts,
    Form.ANNUAL: _annual,
    Form.LEDGER: _ledger,
}
_BLANK: dict[Form, _Making] = {
    Form.APPLICATIONS: lambda desk: [blank_application_summary(desk.policy.posts_per_branch_max)],
    Form.ASSESSMENT: lambda _: [blank_assessment_form()],
    Form.INSPECTION: lambda desk: [blank_inspection_sheet(desk.policy)],
}
