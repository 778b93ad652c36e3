"""How satisfied the public is: what is counted, what is not, and the interval beside an exact one."""

from datetime import UTC, date, datetime, timedelta
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.acts.authority import NotAllowed, ReasonMissing
from store.acts.days import DayAhead
from store.acts.survey import Forms, NotASurvey, SurveyEntered, enter_paper_survey
from store.acts.voice import Message, give_feedback
from store.records import Copy, Feedback, Grade, PaperSurvey, ReRating, Role, Topic
from store.satisfaction import Satisfaction, satisfaction_of, wilson
from tests.office import Office

FIRST, LAST = date(2026, 6, 1), date(2026, 6, 30)


def rated(office: Office, post_id: str, grade: Grade, number: int, *, counts: bool = True) -> Feedback:
    copies = office.register.find(Copy, post_id=post_id) or [office.issued(post_id)]
    message = Message(
        receipt=f"R{number:04d}",
        copy_id=copies[0].id,
        topic=Topic.RATING,
        grade=grade,
        comment="",
        voter=f"voter-{number}",
        may_count=counts,
    )
    return give_feedback(office.register, office.by(Role.PUBLIC), message)


def asked(office: Office, post_id: str) -> Satisfaction:
    return satisfaction_of(office.register, post_id, FIRST, LAST)


def test_f24_scans_and_forms_are_counted_by_grade(office: Office) -> None:
    post_id = office.approved()
    for number, grade in enumerate([Grade.VERY_SATISFIED, Grade.FAIRLY_SATISFIED, Grade.DISSATISFIED]):
        rated(office, post_id, grade, number)
    office.surveyed(post_id, (4, 3, 2, 1, 0))
    found = asked(office, post_id)
    assert list(found.counts.values()) == [5, 3, 3, 2, 0]
    assert (found.n, found.n_online, found.n_paper, found.satisfied) == (13, 3, 10, 11)
    assert found.share == pytest.approx(11 / 13)
    assert "扫码评价3份" in found.method_zh
    assert "纸质问卷10份" in found.method_zh
    assert "3 ratings by scan" in found.method_en


def test_f24_what_does_not_count_is_not_counted(office: Office) -> None:
    post_id = office.approved()
    rated(office, post_id, Grade.VERY_DISSATISFIED, 1, counts=False)
    rated(office, post_id, Grade.SATISFIED, 2)
    assert list(asked(office, post_id).counts.values()) == [0, 1, 0, 0, 0]


def test_f24_a_re_rating_takes_the_first_grades_place(office: Office) -> None:
    post_id = office.approved()
    feedback = rated(office, post_id, Grade.VERY_DISSATISFIED, 1)
    assert asked(office, post_id).satisfied == 0
    again = ReRating(
        id="again", feedback_id=feedback.id, post_id=post_id, grade=Grade.SATISFIED, rated_at=office.now
    )
    with office.register.transaction() as transaction:
        transaction.append(again)
    assert list(asked(office, post_id).counts.values()) == [0, 1, 0, 0, 0]


def test_f24_a_share_is_shown_from_enough_ratings_on(office: Office) -> None:
    post_id, policy = office.approved(), office.by().policy
    office.surveyed(post_id, (9, 0, 0, 0, 0))
    assert not asked(office, post_id).can_be_shown(policy)
    office.surveyed(post_id, (1, 0, 0, 0, 0))
    assert asked(office, post_id).can_be_shown(policy)


@pytest.mark.parametrize(
    ("at", "counted"),
    [
        (datetime(2026, 6, 20, 15, 59, 59, tzinfo=UTC), 1),
        (datetime(2026, 6, 20, 16, 0, 0, tzinfo=UTC), 0),
    ],
)
def test_f24_the_last_day_ends_at_midnight_in_shanghai(office: Office, at: datetime, counted: int) -> None:
    post_id = office.approved()
    office.issued(post_id)
    office.now = at - timedelta(minutes=2)
    copy = office.issued(post_id, id="2026-001-02-46")
    message = Message(
        receipt="R1", copy_id=copy.id, topic=Topic.RATING, grade=Grade.SATISFIED, comment="", voter="v"
    )
    given = give_feedback(office.register, office.by(Role.PUBLIC), message)
    assert given.given_at == at
    assert satisfaction_of(office.register, post_id, FIRST, date(2026, 6, 20)).n == counted


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share_and_the_ends_solve_the_score_equation(both: tuple[int, int]) -> None:
    satisfied, n = both
    low, high = wilson(satisfied, n)
    share = satisfied / n
    assert 0 <= low <= share <= high <= 1
    for end in (low, high):
        if 0 < end < 1:
            distance = (share - end) ** 2 / (end * (1 - end) / n)
            assert distance == pytest.approx(1.959964**2, rel=1e-6)


def test_the_interval_is_as_wide_as_it_says() -> None:
    """Add up how likely the outcomes of 60 ratings are whose interval holds the true share of 0.8."""
    n, true = 60, 0.8
    held = sum(
        comb(n, k) * true**k * (1 - true) ** (n - k)
        for k in range(n + 1)
        if wilson(k, n)[0] <= true <= wilson(k, n)[1]
    )
    assert 0.93 < held < 0.97


def test_nobody_asked_tells_nothing() -> None:
    assert wilson(0, 0) == (0.0, 1.0)


class TestPaper:
    def test_f25_a_survey_on_paper_is_one_act_of_the_branch(self, office: Office) -> None:
        post_id = office.approved()
        forms = Forms(held_on=date(2026, 6, 15), counts=(12, 5, 2, 1, 0), method="窗口发放")
        entered = enter_paper_survey(office.register, office.by(Role.BRANCH_OFFICER, "O01"), post_id, forms)
        assert (entered.id, entered.branch_id, entered.method) == ("2026-001-M1", "O01", "窗口发放")
        with pytest.raises(NotAllowed):
            enter_paper_survey(office.register, office.by(Role.BRANCH_OFFICER, "O02"), post_id, forms)

    def test_f24_the_same_forms_count_once(self, office: Office) -> None:
        post_id = office.approved()
        office.surveyed(post_id)
        with pytest.raises(SurveyEntered) as refused:
            office.surveyed(post_id)
        assert "2026-001-M1" in refused.value.zh
        forms = Forms(held_on=date(2026, 6, 15), counts=(12, 5, 2, 1, 0), method="上门走访")
        assert enter_paper_survey(office.register, office.by(), post_id, forms).id == "2026-001-M2"

    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            ({"counts": (1, 2, 3)}, NotASurvey),
            ({"counts": (0, 0, 0, 0, 0)}, NotASurvey),
            ({"counts": (5, 5, -1, 5, 5)}, NotASurvey),
            ({"method": " "}, ReasonMissing),
            ({"held_on": date(2026, 6, 16)}, DayAhead),
        ],
    )
    def test_f24_an_impossible_survey_is_refused(
        self, office: Office, changes: dict[str, object], reason: type[Exception]
    ) -> None:
        post_id = office.approved()
        forms = {"held_on": date(2026, 6, 15), "counts": (12, 5, 2, 1, 0), "method": "窗口发放"} | changes
        with pytest.raises(reason):
            enter_paper_survey(office.register, office.by(), post_id, Forms(**forms))  # type: ignore[arg-type]
        assert office.register.find(PaperSurvey) == []
