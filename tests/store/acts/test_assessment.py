"""Members of titled posts are assessed period by period, and what falls short is put right."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from store.acts.adjust import Change, adjust
from store.acts.approve import approve
from store.acts.assessment import (
    AlreadyAssessed,
    AlreadyCorrected,
    Assessed,
    Judgement,
    NamedTwice,
    NobodyNamed,
    NoSuchAssessment,
    NoSuchPeriod,
    NoSuchStandard,
    NotAMemberThen,
    NotTitled,
    PeriodAhead,
    PeriodBeforeTitle,
    Sheet,
    assess,
    correct_assessment,
)
from store.acts.authority import NotAllowed, ReasonMissing
from store.acts.award import ProblemUnsettled, award
from store.acts.circulation import leave_post
from store.acts.conditions import NotInPost
from store.acts.days import DayAhead
from store.acts.rectification import (
    AlreadyClosed,
    DeadlinePassed,
    Demand,
    NoSuchRectification,
    close_rectification,
    order_rectification,
)
from store.assessments import assessments_due, standing_assessments
from store.merits import TooFewPoints
from store.policy import WARN, Policy, built_in, founding_plan
from store.records import (
    Assessment,
    Member,
    Rectification,
    RectificationClosed,
    RectificationResult,
    Role,
)
from store.rectifications import RectificationState, problem_of, problems
from store.register import Register
from tests.office import Office

Measure = Callable[[Callable[[], object]], dict[str, int]]
MEMBERS = ("曾晓明", "高赟", "汪雪琳")
Q3, Q4 = "2026-Q3", "2026-Q4"
SEPTEMBER, OCTOBER = datetime(2026, 9, 20, 2, tzinfo=UTC), datetime(2026, 10, 8, 2, tzinfo=UTC)
SCHOOL = built_in("wangchuan-school")


@pytest.fixture
def titled(office: Office) -> str:
    """Name a post on 1 July, and let it be 20 September."""
    post_id = office.awarded(office.approved())
    office.now = SEPTEMBER
    return post_id


def sheet(*judgements: Judgement, period: str = Q3, on: date = date(2026, 9, 20)) -> Sheet:
    return Sheet(
        period=period,
        assessed_on=on,
        judgements=judgements or tuple(Judgement(member_name=each) for each in MEMBERS),
    )


def assessed(office: Office, post_id: str, given: Sheet | None = None) -> Assessed:
    return assess(office.register, office.by(), post_id, given or sheet())


def due(office: Office, today: date, policy: Policy | None = None) -> list[tuple[str, str, bool]]:
    found = assessments_due(office.register, policy or founding_plan(), today)
    return [(each.period.id, each.member_name, each.is_overdue) for each in found]


class TestAssess:
    def test_f17_all_members_of_a_post_are_assessed_in_one_act(
        self, office: Office, titled: str, added: Measure
    ) -> None:
        assert added(lambda: assessed(office, titled)) == {"Assessment": 3, "LogEntry": 1}
        found = office.register.find(Assessment, post_id=titled)
        assert [each.member_name for each in found] == list(MEMBERS)
        assert {(each.period, each.standards) for each in found} == {(Q3, (True,) * 6)}

    def test_f31_a_standard_not_met_needs_words_and_opens_a_rectification(
        self, office: Office, titled: str, added: Measure
    ) -> None:
        silent = Judgement(member_name="高赟", failed=frozenset({3}))
        with pytest.raises(ReasonMissing, match="高赟"):
            assessed(office, titled, sheet(silent))
        written = added(lambda: assessed(office, titled, sheet(replace(silent, remarks="两次培训缺席"))))
        assert written == {"Assessment": 1, "Rectification": 1, "LogEntry": 1}
        [found] = office.register.find(Assessment)
        assert found.standards == (True, True, False, True, True, True)
        [order] = office.register.find(Rectification)
        assert (order.assessment_id, order.member_name) == (found.id, "高赟")
        assert order.problem == "2026-Q3考核未达到“勤于学习，开拓创新的示范”：两次培训缺席"
        assert order.due_on == date(2026, 10, 5)

    @pytest.mark.parametrize(
        ("given", "reason"),
        [
            (sheet(period="2026-Q9"), NoSuchPeriod),
            (sheet(period="第三季度"), NoSuchPeriod),
            (sheet(period=Q4), PeriodAhead),
            (sheet(on=date(2026, 6, 30)), PeriodAhead),
            (sheet(on=date(2026, 9, 21)), DayAhead),
            (sheet(period="2026-Q2"), PeriodBeforeTitle),
            (replace(sheet(), judgements=()), NobodyNamed),
            (sheet(Judgement(member_name="张三")), NotAMemberThen),
            (sheet(Judgement(member_name="高赟"), Judgement(member_name="高赟")), NamedTwice),
            (sheet(Judgement(member_name="高赟", failed=frozenset({7}), remarks="x")), NoSuchStandard),
            (sheet(Judgement(member_name="高赟", failed=frozenset({0}), remarks="x")), NoSuchStandard),
        ],
    )
    def test_f17_who_is_not_to_be_assessed_then_is_not(
        self, office: Office, titled: str, added: Measure, *, given: Sheet, reason: type[Exception]
    ) -> None:
        def tried() -> None:
            with pytest.raises(reason):
                assessed(office, titled, given)

        assert added(tried) == {}

    def test_f17_nobody_is_assessed_before_the_title(self, office: Office) -> None:
        post_id = office.approved()
        with pytest.raises(NotTitled):
            assessed(office, post_id, sheet(period="2026-Q2", on=date(2026, 6, 15)))

    def test_f17_the_first_period_is_the_first_full_one(self, office: Office) -> None:
        post_id = office.approved()
        office.surveyed(post_id)
        office.inspected(post_id)
        award(office.register, office.by(), post_id, awarded_on=date(2026, 6, 15))
        office.now = SEPTEMBER
        with pytest.raises(PeriodBeforeTitle, match="2026-06-15"):
            assessed(office, post_id, sheet(period="2026-Q2"))
        assert len(assessed(office, post_id).assessments) == 3

    def test_f17_one_already_assessed_stops_the_whole_sheet(
        self, office: Office, titled: str, added: Measure
    ) -> None:
        assessed(office, titled, sheet(Judgement(member_name="高赟")))

        def again() -> None:
            with pytest.raises(AlreadyAssessed, match="2026-001-K1"):
                assessed(office, titled)

        assert added(again) == {}

    def test_f17_a_branch_assesses_its_own_members_only(self, office: Office, titled: str) -> None:
        own, other = office.by(Role.BRANCH_OFFICER, "O01"), office.by(Role.BRANCH_OFFICER, "O02")
        for refused in (other, office.by(Role.INSPECTOR), office.by(Role.PRINT_CLERK)):
            with pytest.raises(NotAllowed):
                assess(office.register, refused, titled, sheet())
        assert len(assess(office.register, own, titled, sheet()).assessments) == 3


class TestCorrection:
    def test_f29_a_correction_takes_the_wrong_ones_place_and_both_stay(
        self, office: Office, titled: str
    ) -> None:
        wrong = Judgement(member_name="高赟", failed=frozenset({1}), remarks="误登")
        [entered] = assessed(office, titled, sheet(wrong)).assessments
        right = Judgement(member_name="高赟")
        fixed = correct_assessment(
            office.register, office.by(), entered.id, right, reason="张冠李戴"
        ).assessments[0]
        assert (fixed.corrects, fixed.standards) == (entered.id, (True,) * 6)
        assert standing_assessments(office.register, post_id=titled) == [fixed]
        assert office.register.count(Assessment) == 2
        [problem] = problems(office.register, post_id=titled)
        assert (problem.state, problem.is_unsettled) == (RectificationState.WITHDRAWN, False)
        assert problem.is_overdue(date(2027, 1, 1)) is False

    def test_f29_a_correction_needs_a_reason_and_happens_once(self, office: Office, titled: str) -> None:
        [entered] = assessed(office, titled, sheet(Judgement(member_name="高赟"))).assessments
        right = Judgement(member_name="高赟", failed=frozenset({2}), remarks="上班饮酒")
        with pytest.raises(ReasonMissing):
            correct_assessment(office.register, office.by(), entered.id, right, reason=" ")
        with pytest.raises(NotAMemberThen):
            correct_assessment(
                office.register, office.by(), entered.id, Judgement(member_name="曾晓明"), reason="误登"
            )
        fixed = correct_assessment(office.register, office.by(), entered.id, right, reason="查实")
        assert len(fixed.rectifications) == 1
        with pytest.raises(AlreadyCorrected, match=fixed.assessments[0].id):
            correct_assessment(office.register, office.by(), entered.id, right, reason="查实")
        with pytest.raises(NoSuchAssessment):
            correct_assessment(office.register, office.by(), "K404", right, reason="查实")


class TestDue:
    def test_f17_every_member_is_due_in_each_period_until_assessed(self, office: Office, titled: str) -> None:
        assert due(office, date(2026, 6, 30)) == []
        assert due(office, date(2026, 9, 30)) == [(Q3, name, False) for name in MEMBERS]
        assert due(office, date(2026, 10, 1)) == [
            *((Q3, name, True) for name in MEMBERS),
            *((Q4, name, False) for name in MEMBERS),
        ]
        assessed(office, titled, sheet(Judgement(member_name="高赟")))
        assert due(office, date(2026, 9, 30)) == [(Q3, "曾晓明", False), (Q3, "汪雪琳", False)]

    def test_f17_one_branch_is_asked_about_its_own(self, office: Office, titled: str) -> None:
        plan, day = founding_plan(), date(2026, 9, 30)
        assert titled
        assert len(list(assessments_due(office.register, plan, day, "O01"))) == 3
        assert list(assessments_due(office.register, plan, day, "O02")) == []

    def test_f17_who_left_during_a_period_is_not_due_in_it(self, office: Office, titled: str) -> None:
        leave_post(office.register, office.by(), titled, member_name="高赟")
        assert [name for _, name, _ in due(office, date(2026, 9, 30))] == ["曾晓明", "汪雪琳"]

    def test_f17_who_left_after_a_period_is_still_due_in_it(self, office: Office, titled: str) -> None:
        office.now = OCTOBER
        leave_post(office.register, office.by(), titled, member_name="高赟")
        found = due(office, date(2026, 10, 9))
        assert [name for period, name, _ in found if period == Q3] == list(MEMBERS)
        assert [name for period, name, _ in found if period == Q4] == ["曾晓明", "汪雪琳"]
        assert assessed(office, titled, sheet(Judgement(member_name="高赟"), on=date(2026, 10, 8)))

    def test_f17_who_joined_after_a_period_is_not_due_in_it(self, office: Office, titled: str) -> None:
        office.now = OCTOBER
        everybody = tuple(Member(name=each) for each in (*MEMBERS, "贺杰佳"))
        adjust(office.register, office.by(), titled, Change(members=everybody), reason="增补")
        approve(office.register, office.by(), titled, document="2号")
        found = due(office, date(2026, 10, 9))
        assert [period for period, name, _ in found if name == "贺杰佳"] == [Q4]
        with pytest.raises(NotAMemberThen):
            assessed(office, titled, sheet(Judgement(member_name="贺杰佳"), on=date(2026, 10, 8)))

    def test_f22_a_revoked_post_has_nobody_to_assess(self, office: Office, titled: str) -> None:
        office.vetoed(titled)
        assert due(office, date(2026, 10, 9)) == []

    def test_f17_another_organisation_assesses_by_school_term(self, office: Office, titled: str) -> None:
        assert titled
        assert due(office, date(2026, 8, 31), SCHOOL) == []
        assert {period for period, _, _ in due(office, date(2027, 2, 16), SCHOOL)} == {
            "2026-秋季学期",
            "2027-春季学期",
        }

    def test_a_list_that_reads_corrected_assessments_as_standing_is_caught(
        self, office: Office, titled: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assessed(office, titled)
        assert due(office, date(2026, 9, 30)) == []
        monkeypatch.setattr("store.assessments.standing_assessments", lambda *_, **__: [])
        assert len(due(office, date(2026, 9, 30))) == 3


class TestRectification:
    def ordered(self, office: Office, post_id: str, **changes: object) -> Rectification:
        demand = Demand(**({"problem": "台账不全"} | changes))  # type: ignore[arg-type]
        return order_rectification(office.register, office.by(), post_id, demand)

    def closed(
        self, office: Office, order: Rectification, result: RectificationResult = RectificationResult.DONE
    ) -> RectificationClosed:
        return close_rectification(
            office.register, office.by(), order.id, result=result, evidence="现场复查照片"
        )

    def test_f18_a_problem_has_the_policys_days(self, office: Office, added: Measure) -> None:
        post_id = office.approved()
        assert added(lambda: self.ordered(office, post_id)) == {"Rectification": 1, "LogEntry": 1}
        [problem] = problems(office.register, post_id=post_id)
        assert (problem.order.due_on, problem.state) == (date(2026, 6, 30), RectificationState.OPEN)
        assert [problem.is_overdue(day) for day in (date(2026, 6, 30), date(2026, 7, 1))] == [False, True]

    def test_f18_another_deadline_needs_a_reason(self, office: Office) -> None:
        post_id = office.approved()
        with pytest.raises(ReasonMissing, match="15 days"):
            self.ordered(office, post_id, due_on=date(2026, 7, 15))
        later = self.ordered(office, post_id, due_on=date(2026, 7, 15), reason="需招标采购")
        assert later.due_on == date(2026, 7, 15)
        with pytest.raises(DeadlinePassed):
            self.ordered(office, post_id, due_on=date(2026, 6, 14), reason="x")
        assert self.ordered(office, post_id, due_on=date(2026, 6, 30)).due_on == date(2026, 6, 30)

    def test_f18_closing_needs_evidence_and_happens_once(self, office: Office) -> None:
        order = self.ordered(office, office.approved())
        with pytest.raises(ReasonMissing):
            close_rectification(
                office.register, office.by(), order.id, result=RectificationResult.DONE, evidence=""
            )
        self.closed(office, order)
        assert problem_of(office.register, order).state is RectificationState.DONE
        with pytest.raises(AlreadyClosed):
            self.closed(office, order)
        with pytest.raises(NoSuchRectification):
            close_rectification(
                office.register, office.by(), "G404", result=RectificationResult.DONE, evidence="x"
            )

    def test_f19_what_was_not_put_right_needs_an_adjustment_until_there_is_one(self, office: Office) -> None:
        post_id = office.approved()
        order = self.ordered(office, post_id)
        self.closed(office, order, RectificationResult.NOT_DONE)
        assert problem_of(office.register, order).state is RectificationState.NEEDS_ADJUSTMENT
        adjust(office.register, office.by(), post_id, Change(duties="只办核算"), reason="整改不到位")
        assert problem_of(office.register, order).is_unsettled
        approve(office.register, office.by(), post_id, document="2号")
        assert problem_of(office.register, order).state is RectificationState.ADJUSTED

    def test_f18_an_unsettled_problem_stands_in_the_way_of_the_title(self, office: Office) -> None:
        post_id = office.approved()
        order = self.ordered(office, post_id)
        with pytest.raises(ProblemUnsettled) as refused:
            office.awarded(post_id)
        assert "台账不全" in refused.value.zh
        self.closed(office, order)
        assert award(office.register, office.by(), post_id, awarded_on=date(2026, 7, 1))

    def test_an_award_without_this_gate_lets_an_unsettled_problem_through(
        self, office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        post_id = office.approved()
        self.ordered(office, post_id)
        monkeypatch.setattr("store.acts.award._check_settled", lambda *_: None)
        assert office.awarded(post_id)

    def test_f18_a_member_named_is_a_member(self, office: Office) -> None:
        post_id = office.approved()
        assert self.ordered(office, post_id, member_name="高赟").member_name == "高赟"
        with pytest.raises(NotInPost):
            self.ordered(office, post_id, member_name="张三")
        with pytest.raises(ReasonMissing):
            self.ordered(office, post_id, problem="  ")


def test_a_school_names_at_90_points_and_assesses_by_term(register: Register) -> None:
    policy = replace(SCHOOL, plan_before_application=WARN, notice_before_approval=WARN)
    school = Office(register, now=datetime(2026, 6, 10, 2, tzinfo=UTC), policy=policy)
    post_id = school.approved_now(school.applied(school.row(members="、".join((*MEMBERS, "贺杰佳", "崔军")))))
    school.surveyed(post_id, (60, 20, 10, 0, 0))
    school.inspected(post_id, report_points=70, site_points=70)
    with pytest.raises(TooFewPoints, match="90"):
        award(register, school.by(), post_id, awarded_on=date(2026, 6, 30))
    school.inspected(post_id, report_points=100, site_points=100)
    assert award(register, school.by(), post_id, awarded_on=date(2026, 6, 30)).round == "2026-06-30"
    school.now = SEPTEMBER
    with pytest.raises(NoSuchPeriod, match="2026-秋季学期"):
        assessed(school, post_id)
    assert len(assessed(school, post_id, sheet(period="2026-秋季学期")).assessments) == 3


def test_f17_a_period_begins_at_midnight_in_shanghai(office: Office) -> None:
    post_id = office.awarded(office.approved())
    first = datetime(2026, 6, 30, 16, tzinfo=UTC)
    for moment, begun in ((first - timedelta(seconds=1), False), (first, True)):
        office.now = moment - timedelta(minutes=1)
        day = (moment + timedelta(hours=8)).date()
        attempt = sheet(Judgement(member_name="高赟"), on=day)
        if begun:
            assert assessed(office, post_id, attempt).assessments[0].assessed_on == date(2026, 7, 1)
        else:
            with pytest.raises(PeriodAhead):
                assessed(office, post_id, attempt)
