"""The public grades once more after the answer, and speaks on paper."""

from collections.abc import Callable
from datetime import date

import pytest

from store.acts.answering import settle
from store.acts.authority import NotAllowed
from store.acts.voice import (
    COMMENT_LONGEST,
    AlreadyReRated,
    CommentTooLong,
    NoSuchMessage,
    NothingSaid,
    NothingToReRate,
    NotSettled,
    re_rate,
)
from store.calendar import chinese_time
from store.dossier import NoSuchPost
from store.records import Channel, Copy, Grade, LogEntry, ReRating, Role, Topic
from store.satisfaction import satisfaction_of
from tests.office import Office
from tests.store.spoken import bad, said, written

Measure = Callable[[Callable[[], object]], dict[str, int]]
POST = "2026-001"
ALWAYS = (date(2026, 1, 1), date(2026, 12, 31))


@pytest.fixture
def copy(office: Office) -> Copy:
    return office.issued(office.approved())


def again(office: Office, receipt: str = "R1", grade: Grade = Grade.SATISFIED) -> ReRating:
    return re_rate(office.register, office.by(Role.PUBLIC), receipt, grade)


def settled(office: Office, receipt: str = "R1") -> None:
    settle(office.register, office.by(), receipt, answer="已增开窗口")


def test_f24_a_second_grade_counts_in_the_first_ones_place(office: Office, copy: Copy) -> None:
    bad(office, copy)
    settled(office)
    before = satisfaction_of(office.register, POST, *ALWAYS)
    again(office, " r1 ", Grade.VERY_SATISFIED)
    after = satisfaction_of(office.register, POST, *ALWAYS)
    assert (before.n, before.satisfied, after.n, after.satisfied) == (1, 0, 1, 1)
    assert after.counts[Grade.VERY_SATISFIED] == 1


def test_f25_a_message_is_graded_again_once_and_the_second_time_refused_with_the_date(
    office: Office, copy: Copy, added: Measure
) -> None:
    bad(office, copy)
    settled(office)
    assert added(lambda: again(office)) == {"ReRating": 1, "LogEntry": 1}
    first = office.register.find(ReRating)[0]

    def once_more() -> None:
        with pytest.raises(AlreadyReRated) as refused:
            again(office, grade=Grade.VERY_DISSATISFIED)
        assert chinese_time(first.rated_at) in refused.value.zh
        assert "“满意”" in refused.value.zh

    assert added(once_more) == {}


def test_f25_a_message_is_graded_again_only_when_it_is_settled(
    office: Office, copy: Copy, added: Measure
) -> None:
    bad(office, copy)

    def too_early() -> None:
        with pytest.raises(NotSettled):
            again(office)

    assert added(too_early) == {}


@pytest.mark.parametrize("grade", [None, Grade.FAIRLY_SATISFIED, Grade.VERY_SATISFIED])
def test_f25_only_a_bad_rating_is_graded_again(office: Office, copy: Copy, grade: Grade | None) -> None:
    said(office, copy, grade=grade, comment="再快些就好了")
    settled(office)
    with pytest.raises(NothingToReRate):
        again(office)


def test_a_receipt_that_is_nobodys_grades_nothing(office: Office) -> None:
    with pytest.raises(NoSuchMessage):
        again(office, "ABCDEFGHJKMN")


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.PUBLIC])
def test_no_officer_speaks_in_the_publics_place(office: Office, copy: Copy, role: Role) -> None:
    bad(office, copy)
    settled(office)
    with pytest.raises(NotAllowed):
        re_rate(office.register, office.by(role, copy.branch_id), "R1", Grade.VERY_SATISFIED)
    assert office.register.count(ReRating) == 0


def test_f25_a_paper_form_is_entered_and_marked_as_such(office: Office, copy: Copy, added: Measure) -> None:
    assert added(lambda: written(office, POST)) == {"Feedback": 1, "LogEntry": 1}
    entered = written(office, POST, "P2", topic=Topic.COMPLAINT, grade=Grade.DISSATISFIED)
    assert (entered.channel, entered.copy_id, entered.voter) == (Channel.PAPER, "", "")
    assert (entered.post_id, entered.branch_id) == (POST, copy.branch_id)


def test_f24_a_grade_on_a_paper_form_is_kept_and_not_counted(office: Office, copy: Copy) -> None:
    said(office, copy)
    entered = written(office, POST, grade=Grade.VERY_SATISFIED)
    assert entered.grade is Grade.VERY_SATISFIED
    assert satisfaction_of(office.register, POST, *ALWAYS).n == 1


@pytest.mark.usefixtures("copy")
def test_a_paper_form_without_words_with_too_many_or_of_no_post_is_refused(
    office: Office, added: Measure
) -> None:
    def enter() -> None:
        for wrong, refusal in (
            ({"comment": " ", "grade": Grade.SATISFIED}, NothingSaid),
            ({"comment": "言" * (COMMENT_LONGEST + 1)}, CommentTooLong),
            ({"post_id": "2026-404"}, NoSuchPost),
        ):
            with pytest.raises(refusal):
                written(office, **({"post_id": POST} | wrong))

    assert added(enter) == {}


def test_f25_neither_words_nor_receipts_reach_the_log(office: Office, copy: Copy) -> None:
    bad(office, copy)
    settled(office)
    again(office)
    written(office, POST, "P1")
    for entry in office.register.newest(LogEntry, 4):
        told = f"{entry.act} {entry.object} {entry.reason}"
        assert not [secret for secret in ("R1", "P1", "跑了三趟", "增设座椅", "增开窗口") if secret in told]
