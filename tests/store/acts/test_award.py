"""Naming a post: every gate on the way to the title, and what remains when one is taken away."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from store.acts.authority import NotAllowed
from store.acts.award import AlreadyAwarded, InspectedSince, NotInspected, award
from store.acts.circulation import leave_post
from store.acts.conditions import NotApproved
from store.acts.days import DayAhead, DayOutOfReach
from store.acts.inspection import NotPoints
from store.merits import (
    EvidenceMissing,
    JudgementMissing,
    NotSatisfiedEnough,
    StandardsNotMet,
    SurveyMissing,
    TooFewPoints,
    TooFewRatings,
)
from store.paperwork.names import posts_named
from store.records import Award, Inspection, Role
from store.refusals import Refusal
from store.rounds import round_of
from store.rules import TooFewMembers
from tests.office import Office

Measure = Callable[[Callable[[], object]], dict[str, int]]
JULY, DECEMBER = date(2026, 7, 1), date(2026, 12, 31)
CONTENT = (12, 5, 2, 1, 0)


def awarded(office: Office, post_id: str, on: date = JULY) -> Award:
    return award(office.register, office.by(), post_id, awarded_on=on)


def refused(office: Office, post_id: str, reason: type[Refusal], on: date = JULY) -> Refusal:
    with pytest.raises(reason) as refusal:
        awarded(office, post_id, on)
    return refusal.value


class TestGates:
    @pytest.mark.parametrize(
        ("counts", "changes", "reason", "words"),
        [
            (CONTENT, {"report": " "}, EvidenceMissing, "缺少：听取汇报"),
            (CONTENT, {"site": ""}, EvidenceMissing, "缺少：实地考评"),
            (CONTENT, {"opinions": ""}, EvidenceMissing, "缺少：听取群众意见"),
            (CONTENT, {"report": "", "opinions": ""}, EvidenceMissing, "听取汇报、听取群众意见"),
            (CONTENT, {"meets_standards": False}, StandardsNotMet, "不符合创建标准"),
            (CONTENT, {"recognised": False}, JudgementMissing, "群众公认"),
            (CONTENT, {"outstanding": False}, JudgementMissing, "实绩突出"),
            (CONTENT, {"effective": False}, JudgementMissing, "作用明显"),
            ((), {}, SurveyMissing, "没有群众满意度测评结果"),
            ((9, 0, 0, 0, 0), {}, TooFewRatings, "只有9份，少于10份"),
            ((5, 2, 0, 2, 1), {}, NotSatisfiedEnough, "70.0%（7/10），低于80%"),
            ((4, 3, 1, 1, 1), {"report_points": 79, "site_points": 78}, TooFewPoints, "得79分，低于80分"),
        ],
    )
    def test_f15_each_gate_has_its_own_refusal(  # noqa: PLR0913 - a row of the table is four values
        self,
        office: Office,
        added: Measure,
        *,
        counts: tuple[int, ...],
        changes: dict[str, object],
        reason: type[Refusal],
        words: str,
    ) -> None:
        post_id = office.approved()
        if counts:
            office.surveyed(post_id, counts)
        office.inspected(post_id, **changes)
        assert added(lambda: refused(office, post_id, reason)) == {}
        refusal = refused(office, post_id, reason)
        assert words in refusal.zh
        assert refusal.clause is not None
        assert refusal.clause.zh in refusal.zh
        assert refusal.remedy_zh
        assert refusal.remedy_en

    def test_f15_the_least_that_suffices_suffices(self, office: Office) -> None:
        post_id = office.approved()
        office.surveyed(post_id, (4, 3, 1, 1, 1))
        assert office.inspected(post_id, report_points=80, site_points=80).points == 80
        assert awarded(office, post_id).inspection_id == "2026-001-J1"

    def test_f12_the_award_names_its_round_and_its_inspection(self, office: Office, added: Measure) -> None:
        post_id = office.approved()
        office.surveyed(post_id)
        inspection = office.inspected(post_id)
        assert added(lambda: awarded(office, post_id)) == {"Award": 1, "LogEntry": 1}
        [named] = office.register.find(Award, post_id=post_id)
        assert (named.round, named.inspection_id) == ("2026-07-01", inspection.id)

    def test_awards_need_an_approval_and_happen_once(self, office: Office) -> None:
        post_id = office.applied()
        refused(office, post_id, NotApproved)
        office.approved_now(post_id)
        with pytest.raises(NotAllowed):
            award(office.register, office.by(Role.BRANCH_OFFICER, "O01"), post_id, awarded_on=JULY)
        office.awarded(post_id)
        assert "2026-07-01" in refused(office, post_id, AlreadyAwarded, DECEMBER).en

    def test_f4_a_post_that_lost_members_is_not_named(self, office: Office) -> None:
        post_id = office.approved()
        office.surveyed(post_id)
        office.inspected(post_id)
        leave_post(office.register, office.by(), post_id, member_name="高赟")
        refused(office, post_id, TooFewMembers)


GATES: dict[str, tuple[dict[str, Any], tuple[int, ...]]] = {
    "store.merits._check_evidence": ({"site": ""}, CONTENT),
    "store.merits._check_judgements": ({"recognised": False}, CONTENT),
    "store.merits._check_survey": ({}, (5, 0, 0, 0, 0)),
    "store.acts.award.check_merits": ({"report_points": 0, "site_points": 0}, CONTENT),
}


@pytest.mark.parametrize("gate", GATES)
def test_an_award_without_one_gate_lets_through_what_the_gate_holds_back(
    office: Office, monkeypatch: pytest.MonkeyPatch, gate: str
) -> None:
    """The mutants: the post that a gate refuses is named once this gate alone is gone."""
    changes, counts = GATES[gate]
    post_id = office.approved()
    office.surveyed(post_id, counts)
    office.inspected(post_id, **changes)
    refused(office, post_id, Refusal)
    monkeypatch.setattr(gate, lambda *_: None)
    assert awarded(office, post_id)


def test_an_award_that_takes_any_inspection_lets_through_what_the_round_holds_back(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    post_id = office.approved()
    office.surveyed(post_id)
    office.inspected(post_id)
    refused(office, post_id, NotInspected, DECEMBER)
    monkeypatch.setattr("store.acts.award.round_of", lambda _, policy: round_of(JULY, policy))
    assert awarded(office, post_id, DECEMBER)


class TestRounds:
    def test_f13_a_post_is_named_only_if_inspected_in_its_round(self, office: Office) -> None:
        post_id = office.approved()
        office.surveyed(post_id)
        assert "2026-06-21" in refused(office, post_id, NotInspected).zh
        office.inspected(post_id)
        refused(office, post_id, NotInspected, DECEMBER)
        assert awarded(office, post_id)

    @pytest.mark.parametrize(
        ("at", "counted_in"),
        [
            (datetime(2026, 6, 21, 15, 59, 59, tzinfo=UTC), "2026-07-01"),
            (datetime(2026, 6, 21, 16, 0, 0, tzinfo=UTC), "2026-12-31"),
        ],
    )
    def test_f16_inspections_close_at_the_end_of_the_closing_day(
        self, office: Office, at: datetime, counted_in: str
    ) -> None:
        post_id = office.approved()
        office.now = at - timedelta(minutes=1)
        assert office.inspected(post_id, inspected_on=round_day(at)).round == counted_in

    def test_f16_an_inspection_after_the_day_of_the_award_does_not_count(self, office: Office) -> None:
        post_id = office.approved()
        office.surveyed(post_id)
        office.inspected(post_id)
        refused(office, post_id, NotInspected, date(2026, 6, 14))

    def test_f13_the_latest_inspection_of_a_round_counts(self, office: Office) -> None:
        post_id = office.approved()
        office.surveyed(post_id)
        office.inspected(post_id, site="")
        refused(office, post_id, EvidenceMissing)
        office.inspected(post_id)
        assert awarded(office, post_id).inspection_id == "2026-001-J2"

    def test_f16_the_list_names_who_holds_the_title_of_a_round(self, office: Office) -> None:
        policy = office.by().policy
        office.awarded(office.approved())
        [(dossier, title)] = posts_named(office.register, round_of(JULY, policy))
        assert (dossier.post.id, title.round) == ("2026-001", "2026-07-01")
        assert posts_named(office.register, round_of(DECEMBER, policy)) == []
        office.vetoed("2026-001")
        assert posts_named(office.register, round_of(JULY, policy)) == []


def round_day(moment: datetime) -> date:
    return (moment + timedelta(hours=8)).date()


class TestInspection:
    def test_f13_an_inspection_is_one_act_of_the_committee(self, office: Office, added: Measure) -> None:
        post_id = office.approved()
        assert added(lambda: office.inspected(post_id)) == {"Inspection": 1, "LogEntry": 1}

    def test_f14_three_kinds_of_evidence_may_come_one_by_one(self, office: Office) -> None:
        post_id = office.approved()
        first = office.inspected(post_id, report="听取汇报", site="", opinions="")
        assert (first.report, first.site, first.opinions) == ("听取汇报", "", "")

    def test_f24_the_survey_weighs_most_in_the_points(self, office: Office) -> None:
        post_id = office.approved()
        office.surveyed(post_id, (0, 0, 5, 5, 0))
        inspection = office.inspected(post_id, report_points=100, site_points=100)
        assert (inspection.survey_count, inspection.survey_satisfied) == (10, 5)
        assert (inspection.survey_points, inspection.points) == (50, 70)

    def test_f32_the_three_judgements_are_on_record(self, office: Office) -> None:
        inspection = office.inspected(office.approved(), outstanding=False)
        assert (inspection.recognised, inspection.outstanding, inspection.effective) == (True, False, True)

    def test_an_impossible_inspection_is_refused(self, office: Office, added: Measure) -> None:
        post_id = office.approved()

        def tried() -> None:
            for changes, reason in (
                ({"inspected_on": date(2026, 6, 16)}, DayAhead),
                ({"report_points": 101}, NotPoints),
                ({"site_points": -1}, NotPoints),
            ):
                with pytest.raises(reason):
                    office.inspected(post_id, **changes)

        assert added(tried) == {}
        assert office.register.find(Inspection) == []

    def test_nothing_is_inspected_before_approval(self, office: Office) -> None:
        with pytest.raises(NotApproved):
            office.inspected(office.applied())
        with pytest.raises(NotApproved):
            office.surveyed("2026-001")


def test_f16_a_policy_with_other_days_has_other_rounds(office: Office) -> None:
    plan = replace(office.by().policy, award_days=((9, 10),), award_cutoff_days=5)
    found = round_of(date(2026, 9, 11), plan)
    assert (found.first_day, found.closes_on, found.award_day) == (
        date(2026, 9, 6),
        date(2027, 9, 5),
        date(2027, 9, 10),
    )


def test_f13_an_earlier_day_of_the_award_does_not_get_around_the_latest_inspection(office: Office) -> None:
    post_id = office.approved()
    office.surveyed(post_id)
    good = office.inspected(post_id)
    office.now += timedelta(days=3)
    bad = office.inspected(post_id, meets_standards=False)
    refusal = refused(office, post_id, InspectedSince, good.inspected_on)
    assert bad.id in refusal.zh
    refused(office, post_id, StandardsNotMet, bad.inspected_on)


@pytest.mark.parametrize("day", [date.min, date.max])
def test_a_mistyped_year_is_refused_and_breaks_nothing(office: Office, day: date) -> None:
    post_id = office.approved()
    office.surveyed(post_id)
    office.inspected(post_id)
    refused(office, post_id, DayOutOfReach, day)
    with pytest.raises(DayOutOfReach):
        office.inspected(post_id, inspected_on=day)
