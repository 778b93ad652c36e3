"""Visits of supervision, and what a branch learned in a year."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from store.acts.authority import NotAllowed, ReasonMissing
from store.acts.days import DayAhead
from store.acts.oversight import Guidance, PostOfAnother, YearAhead, summarise_year, supervise
from store.branches import NoSuchBranch
from store.dossier import NoSuchPost
from store.records import Role, Supervision, YearSummary
from tests.office import Office

Measure = Callable[[Callable[[], object]], dict[str, int]]
BRANCH = "畜牧站党总支"
VISIT = Guidance(supervised_on=date(2026, 6, 15), findings="标牌悬挂醒目", guidance="补齐台账")


def test_f28_a_visit_to_a_branch_or_a_post_is_on_record(office: Office, added: Measure) -> None:
    post_id = office.approved()
    assert added(lambda: supervise(office.register, office.by(), BRANCH, VISIT)) == {
        "Supervision": 1,
        "LogEntry": 1,
    }
    of_post = Guidance(supervised_on=VISIT.supervised_on, findings="在岗", guidance="继续", post_id=post_id)
    own = office.by(Role.BRANCH_OFFICER, "O01")
    assert supervise(office.register, own, BRANCH, of_post).id == "O01-U2"
    assert [each.post_id for each in office.register.find(Supervision, branch_id="O01")] == [None, post_id]


def test_f28_a_visit_is_complete_and_of_the_branch(office: Office, added: Measure) -> None:
    office.approved()
    office.applied(replace(office.row("温室组"), branch_name="园艺场党总支"))
    words = {"supervised_on": date(2026, 6, 15), "findings": "在岗", "guidance": "继续"}

    def tried() -> None:
        for changes, reason in (
            ({"findings": ""}, ReasonMissing),
            ({"guidance": " "}, ReasonMissing),
            ({"supervised_on": date(2026, 6, 16)}, DayAhead),
            ({"post_id": "2026-404"}, NoSuchPost),
            ({"post_id": "2026-002"}, PostOfAnother),
        ):
            with pytest.raises(reason):
                supervise(office.register, office.by(), BRANCH, Guidance(**(words | changes)))  # type: ignore[arg-type]
        for name in ("没有这个总支", "场站管理中心党委"):
            with pytest.raises(NoSuchBranch):
                supervise(office.register, office.by(), name, VISIT)
        with pytest.raises(NotAllowed):
            supervise(office.register, office.by(Role.BRANCH_OFFICER, "O02"), BRANCH, VISIT)

    assert added(tried) == {}


def test_f29_a_year_is_summed_up_and_the_latest_counts(office: Office, added: Measure) -> None:
    office.approved()
    first = summarise_year(office.register, office.by(Role.BRANCH_OFFICER, "O01"), BRANCH, 2026, "初稿")
    assert added(lambda: summarise_year(office.register, office.by(), BRANCH, 2026, "定稿")) == {
        "YearSummary": 1,
        "LogEntry": 1,
    }
    found = office.register.find(YearSummary, branch_id="O01", year=2026)
    assert (found[0], found[-1].text) == (first, "定稿")


def test_f29_a_summary_has_words_and_a_year_that_came(office: Office) -> None:
    office.approved()
    with pytest.raises(ReasonMissing):
        summarise_year(office.register, office.by(), BRANCH, 2026, " ")
    with pytest.raises(YearAhead):
        summarise_year(office.register, office.by(), BRANCH, 2027, "展望")
    with pytest.raises(NotAllowed):
        summarise_year(office.register, office.by(Role.BRANCH_OFFICER, "O02"), BRANCH, 2026, "总结")
