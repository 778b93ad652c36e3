"""The committee's sheets and notices about one post: which there are now, and how each is made.

Knows which forms a post of this kind and state has, and for which of them it is named. Leaves out what each
says (store/paperwork/) and how it is drawn and handed out (post_files.py).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from store.acts.authority import Authority
from store.assessments import periods_assessed
from store.calendar import office_day
from store.dossier import Dossier, PostState
from store.notices import notices_showing
from store.paperwork.forms import FORM_ZH, Form, Order
from store.recalls import Recall, RecallState
from store.refusals import Refusal
from store.register import Reader

PERIODS_MOST = 4
FORM_EN = {
    Form.APPLICATIONS: "Applications of the branch",
    Form.NOTICE: "Public notice",
    Form.NAMES: "Names of the holders",
    Form.ASSESSMENT: "Quarterly assessment",
    Form.INSPECTION: "Inspection",
    Form.RECALL: "Notice of recall",
    Form.RECEIPT: "Receipts of returned plates",
}
_IN_FORCE = frozenset({PostState.APPROVED, PostState.AWARDED})
_CAME_BACK = frozenset({RecallState.RETURNED, RecallState.DESTROYED})


class NoSuchPaper(Refusal):
    """The post has no sheet of this name now. Remedy: choose one on its page."""

    clause_id = "F29"
    reason_zh = "该岗位目前没有“{name}”这份表单。"
    reason_en = "The post has no sheet {name!r} now."
    remedy_zh = "请在岗位页面的“表单与通知”中选择。"
    remedy_en = "Choose one on the page of the post."


@dataclass(frozen=True, kw_only=True)
class Paper:
    """One sheet or notice: `name` is its place in an address, `about` tells it from others of its form."""

    name: str
    about: str
    order: Order

    @property
    def zh(self) -> str:
        """What it is called."""
        return FORM_ZH[self.order.form]

    @property
    def en(self) -> str:
        """The same in English."""
        return FORM_EN[self.order.form]


def papers(
    reader: Reader, authority: Authority, dossier: Dossier, recalled: Sequence[Recall]
) -> tuple[Paper, ...]:
    """Return the papers about a post, in the order of the year."""
    desk = _Desk(reader=reader, authority=authority, dossier=dossier)
    return (desk.application(), *desk.notices(), *desk.in_force(), *desk.recalls(recalled))


@dataclass(frozen=True, kw_only=True)
class _Desk:
    """What the papers of a post are made from."""

    reader: Reader
    authority: Authority
    dossier: Dossier

    def paper(self, form: Form, about: str = "", **asked: Any) -> Paper:  # noqa: ANN401 - fields of an order
        plain = Order(form=form, now=self.authority.now, subjects=(self.dossier.post.id,))
        name = f"{form.value}-{about}" if about else form.value
        return Paper(name=name, about=about, order=replace(plain, **asked))

    def application(self) -> Paper:
        year, branch = self.dossier.post.year, self.dossier.branch.name
        return self.paper(Form.APPLICATIONS, str(year), subjects=(branch,), year=year)

    def notices(self) -> Iterator[Paper]:
        for notice in notices_showing(self.reader, [each.id for each in self.dossier.applications]):
            yield self.paper(Form.NOTICE, notice.id, subjects=(notice.id,))

    def in_force(self) -> Iterator[Paper]:
        if self.dossier.state in _IN_FORCE:
            yield self.paper(Form.INSPECTION)
        if self.dossier.state is PostState.AWARDED and self.dossier.award:
            today = office_day(self.authority.now)
            for period in periods_assessed(self.dossier, self.authority.policy, today)[-PERIODS_MOST:]:
                yield self.paper(Form.ASSESSMENT, period.id, period=period.id)
            if named_in := self.dossier.award.round:
                yield self.paper(Form.NAMES, named_in, period=named_in, subjects=())

    def recalls(self, recalled: Sequence[Recall]) -> Iterator[Paper]:
        if any(each.is_open for each in recalled):
            yield self.paper(Form.RECALL)
        if any(each.state in _CAME_BACK for each in recalled):
            yield self.paper(Form.RECEIPT)
