"""Who may hear what: complaints reach the committee alone. And the clocks of what must be answered."""

from datetime import UTC, date, datetime, timedelta

import pytest

from store import feedback
from store.acts.answering import call_back, settle
from store.acts.authority import Authority, NotAllowed
from store.acts.voice import Conclusion, conclude_investigation, re_rate
from store.calendar import OFFICE_ZONE
from store.dossier import NoSuchPost
from store.feedback import (
    Clock,
    TermState,
    answers_for,
    clocks,
    complaints_for,
    messages_for,
    must_be_answered,
)
from store.records import Channel, Copy, Feedback, Finding, Grade, Role, Topic
from store.register import Reader
from tests.office import Office
from tests.store.spoken import PHONE, bad, said, written

POST = "2026-001"
CONFINED = (Role.BRANCH_OFFICER, Role.PRINT_CLERK, Role.INSPECTOR, Role.ADMINISTRATOR)
HIDDEN_TOPICS = (Topic.COMPLAINT, Topic.PLATE_DIFFERS, Topic.NOT_HERE, Topic.STILL_DISPLAYED)


@pytest.fixture
def copy(office: Office) -> Copy:
    return office.issued(office.approved())


@pytest.fixture
def spoken(office: Office, copy: Copy) -> Copy:
    """Let the public say everything that can be said."""
    bad(office, copy, "BAD1", comment="差评里的话")
    said(office, copy, "BAD2", grade=Grade.VERY_DISSATISFIED, topic=Topic.PRAISE, comment="反话")
    for topic in HIDDEN_TOPICS:
        said(office, copy, f"T-{topic}".upper(), topic=topic, grade=None, comment=f"关于{topic}的话")
    said(office, copy, "ASKED", comment="被查证的话")
    said(office, copy, "SILENT")
    said(office, copy, "GOOD", topic=Topic.PRAISE, grade=Grade.VERY_SATISFIED, comment="热情周到")
    written(office, POST, "FORM1", comment="建议增设座椅")
    written(office, POST, "FORM2", topic=Topic.COMPLAINT, comment="纸上的投诉")
    found = Conclusion(finding=Finding.UNVERIFIABLE, facts="经查", feedback_ids=("ASKED",))
    conclude_investigation(office.register, office.by(), POST, found)
    settle(office.register, office.by(), "BAD1", answer="已增开窗口")
    re_rate(office.register, office.by(Role.PUBLIC), "BAD1", Grade.SATISFIED)
    return copy


SECRET_WORDS = (
    "差评里的话", "反话", "被查证的话", "纸上的投诉", *(f"关于{topic}的话" for topic in HIDDEN_TOPICS)
)  # fmt: skip


def of_branch(office: Office, copy: Copy, role: Role = Role.BRANCH_OFFICER) -> Authority:
    return office.by(role, copy.branch_id)


def overheard(office: Office, authority: Authority) -> set[str]:
    """Return what of the complaints and their givers an actor gets to know."""
    told = messages_for(office.register, authority) + messages_for(office.register, authority, post_id=POST)
    text = repr(told)
    receipts = [each.id for each in office.register.find(Feedback)]
    return {secret for secret in (*SECRET_WORDS, *receipts, "given_at=") if secret in text}


@pytest.mark.parametrize("role", CONFINED)
def test_f25_those_spoken_about_hear_praise_and_suggestions_only(
    office: Office, spoken: Copy, role: Role
) -> None:
    authority = of_branch(office, spoken, role)
    assert overheard(office, authority) == set()
    heard = messages_for(office.register, authority)
    assert [each.comment for each in heard] == ["建议增设座椅", "热情周到"]
    assert [each.channel for each in heard] == [Channel.PAPER, Channel.SCAN]
    assert {each.particulars for each in heard} == {None}


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.ADMINISTRATOR, Role.PRINT_CLERK])
@pytest.mark.usefixtures("spoken")
def test_f25_who_belongs_to_no_branch_hears_no_complaint_either(office: Office, role: Role) -> None:
    assert overheard(office, office.by(role)) == set()


def test_a_branch_that_reads_complaints_is_caught(
    office: Office, spoken: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feedback, "reads_complaints", lambda _: True)
    assert set(SECRET_WORDS) <= overheard(office, of_branch(office, spoken))


def test_a_complaint_taken_as_plain_is_caught(
    office: Office, spoken: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feedback, "is_complaint", lambda _: False)
    assert "差评里的话" in overheard(office, of_branch(office, spoken))


@pytest.mark.usefixtures("spoken")
def test_f25_the_committee_hears_everything_but_the_contact(office: Office) -> None:
    heard = messages_for(office.register, office.by())
    assert len(heard) == office.register.count(Feedback)
    assert set(SECRET_WORDS) <= {each.comment for each in heard}
    by_receipt = {each.particulars.receipt: each for each in heard if each.particulars}
    first = by_receipt["BAD1"]
    assert (first.answer, first.re_rated) == ("已增开窗口", Grade.SATISFIED)
    assert first.particulars
    assert first.particulars.has_contact
    assert PHONE not in repr(heard)
    assert office.register.find(Feedback)[0].sealed_contact not in repr(heard)
    asked = by_receipt["ASKED"].particulars
    assert asked
    assert [each.finding for each in asked.investigations] == [Finding.UNVERIFIABLE]


@pytest.mark.usefixtures("spoken")
def test_f25_complaints_are_listed_for_the_committee_newest_first(office: Office) -> None:
    heard = complaints_for(office.register, office.by())
    receipts = [each.particulars.receipt for each in heard if each.particulars]
    assert receipts == ["FORM2", "T-COMPLAINT", "BAD2", "BAD1"]


@pytest.mark.parametrize("role", CONFINED)
def test_f25_complaints_are_listed_for_nobody_else(office: Office, spoken: Copy, role: Role) -> None:
    for branch_id in (spoken.branch_id, None):
        with pytest.raises(NotAllowed):
            complaints_for(office.register, office.by(role, branch_id))


def test_f25_the_public_answer_is_the_branchs_to_read(office: Office, spoken: Copy) -> None:
    told = answers_for(office.register, of_branch(office, spoken), POST)
    assert [each.answer for each in told] == ["已增开窗口"]


def test_another_branch_hears_nothing(office: Office, spoken: Copy) -> None:
    stranger = office.by(Role.BRANCH_OFFICER, "elsewhere")
    assert spoken.branch_id != "elsewhere"
    assert messages_for(office.register, stranger) == []
    for read in (messages_for, answers_for):
        with pytest.raises(NotAllowed):
            read(office.register, stranger, post_id=POST)
        with pytest.raises(NoSuchPost):
            read(office.register, office.by(), post_id="2026-404")


@pytest.mark.usefixtures("spoken")
def test_the_public_and_an_officer_without_a_branch_read_nothing(office: Office) -> None:
    for role in (Role.PUBLIC, Role.BRANCH_OFFICER):
        with pytest.raises(NotAllowed):
            messages_for(office.register, office.by(role))


@pytest.mark.usefixtures("spoken")
def test_only_the_newest_are_read_where_no_more_are_asked_for(office: Office) -> None:
    newest = messages_for(office.register, office.by(), newest=2)
    assert [each.comment for each in newest] == ["纸上的投诉", "建议增设座椅"]
    of_post = messages_for(office.register, office.by(), post_id=POST, newest=2)
    assert [each.comment for each in of_post] == ["纸上的投诉", "建议增设座椅"]


RECEIVED = datetime(2026, 9, 29, 23, 59, 59, tzinfo=OFFICE_ZONE).astimezone(UTC)
"""The last second of a Tuesday before National Day: one working day is left, the next is 8 October."""


def end_of(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=OFFICE_ZONE).astimezone(UTC)


def clock_at(office: Office, now: datetime) -> Clock:
    [clock] = clocks(office.register, office.by().policy, now)
    return clock


@pytest.fixture
def received(office: Office, copy: Copy) -> Feedback:
    office.now = RECEIVED - timedelta(minutes=1)
    return bad(office, copy)


@pytest.mark.usefixtures("received")
def test_f25_a_bad_rating_is_due_within_one_and_fifteen_working_days(office: Office) -> None:
    clock = clock_at(office, RECEIVED)
    assert (clock.call_back.due_on, clock.settlement.due_on) == (date(2026, 9, 30), date(2026, 10, 26))
    assert not clock.call_back.reckoned_plainly


@pytest.mark.usefixtures("received")
@pytest.mark.parametrize(
    ("due_on", "term"), [(date(2026, 9, 30), "call_back"), (date(2026, 10, 26), "settlement")]
)
def test_f25_a_term_runs_to_the_last_second_of_its_day(office: Office, due_on: date, term: str) -> None:
    last = end_of(due_on)
    states = [getattr(clock_at(office, last + timedelta(seconds=n)), term).state for n in (0, 1)]
    assert states == [TermState.RUNNING, TermState.OVERDUE]


@pytest.mark.usefixtures("received")
@pytest.mark.parametrize(("late_by", "state"), [(0, TermState.KEPT), (1, TermState.LATE)])
def test_f25_a_term_is_kept_to_the_last_second_of_its_day(
    office: Office, late_by: int, state: TermState
) -> None:
    office.now = end_of(date(2026, 9, 30)) + timedelta(seconds=late_by, minutes=-1)
    call_back(office.register, office.by(), "R1", note="已通话")
    office.now = end_of(date(2026, 10, 26)) + timedelta(seconds=late_by, minutes=-1)
    settle(office.register, office.by(), "R1", answer="已增开窗口")
    clock = clock_at(office, office.now)
    assert (clock.call_back.state, clock.settlement.state) == (state, state)
    assert (clock.is_open, clock.is_overdue) == (False, False)


@pytest.mark.usefixtures("received")
def test_an_answer_stands_for_the_call_that_was_never_made(office: Office) -> None:
    settle(office.register, office.by(), "R1", answer="已增开窗口")
    assert clock_at(office, office.now + timedelta(days=99)).call_back.state is TermState.KEPT


@pytest.mark.usefixtures("received")
def test_a_second_call_does_not_move_the_first(office: Office) -> None:
    first = call_back(office.register, office.by(), "R1", note="无人接听")
    call_back(office.register, office.by(), "R1", note="已通话")
    assert clock_at(office, office.now).call_back.done_at == first.called_at


def test_f25_only_bad_ratings_and_complaints_have_clocks(office: Office, spoken: Copy) -> None:
    owed = [each.id for each in office.register.find(Feedback) if must_be_answered(each)]
    running = clocks(office.register, office.by().policy, office.now)
    assert [each.feedback_id for each in running] == owed == ["BAD1", "BAD2", "T-COMPLAINT", "FORM2"]
    assert [each.is_open for each in running] == [False, True, True, True]
    assert clocks(office.register, office.by().policy, office.now, "elsewhere") == []
    own = clocks(office.register, office.by().policy, office.now, spoken.branch_id)
    assert [each.feedback_id for each in own] == owed


def test_past_the_known_calendar_a_term_says_that_it_was_reckoned_plainly(office: Office, copy: Copy) -> None:
    office.now = datetime(2026, 12, 30, 4, tzinfo=UTC)
    bad(office, copy)
    clock = clock_at(office, office.now)
    assert (clock.call_back.reckoned_plainly, clock.settlement.reckoned_plainly) == (False, True)


class OnlyByIndex:
    """A reader that hands out no class whole that grows with what is said."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def __getattr__(self, name: str) -> object:
        raise AssertionError(f"{name} is not to be asked")

    def find(self, kind: type[Feedback], /, **fields: str | int) -> list[Feedback]:
        assert fields or kind is not Feedback
        return self._reader.find(kind, **fields)


@pytest.mark.usefixtures("spoken")
def test_clocks_are_read_without_reading_every_message(office: Office) -> None:
    assert len(clocks(OnlyByIndex(office.register), office.by().policy, office.now)) == 4  # type: ignore[arg-type]
