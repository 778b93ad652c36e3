"""Every rule with a date, one second before and after it turns: 23:59:59 and 00:00:00 in Shanghai."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from store.acts.apply import apply_roster
from store.acts.approve import approve
from store.acts.assessment import Judgement, Sheet, assess
from store.acts.circulation import place_copy
from store.acts.notices import NewNotice, NewObjection, object_to, post_notice
from store.acts.rectification import Demand, order_rectification
from store.assessments import assessments_due
from store.calendar import OFFICE_ZONE, office_day
from store.feedback import clocks
from store.policy import NUMBERS
from store.recalls import recalls
from store.records import Application, Copy, NoticeSubject, Role
from store.rectifications import problems
from store.refusals import Refusal
from store.rounds import round_of
from store.tinydb_register import TinyDbRegister
from tests.office import Office
from tests.store.spoken import bad

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
POST = "2026-001"
MONDAY = date(2026, 6, 15)
DATED_UNITS = {"天", "个工作日", "月-日", "名称 月-日"}
Look = Callable[[Office], object]


@dataclass(frozen=True, kw_only=True)
class Turn:
    """A rule that turns at the end of a day: what it says in the last second of it, and in the next one.

    `begin` brings an office, on a Monday at noon, to where the rule matters; `look` asks it.
    """

    ends: date
    before: object
    after: object
    begin: Look
    look: Look


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with closing(TinyDbRegister(tmp_path / "register.db")) as register:
        yield Office(register, now=datetime(2026, 6, 15, 4, tzinfo=UTC))


def refusal(act: Callable[[], object]) -> str:
    """Try an act and return why it was refused; nothing if it was done."""
    try:
        act()
    except Refusal as refused:
        return refused.code
    return ""


def today(office: Office) -> date:
    """Return the day on which the office's next act is done."""
    return office_day(office.now + MINUTE)


# what comes before


def nothing(_: Office) -> None:
    """Leave the office as it is."""


def draft(office: Office) -> None:
    office.now -= timedelta(days=14)
    office.applied()


def plate(office: Office) -> Copy:
    return office.issued(office.approved())


def title(office: Office) -> None:
    office.awarded(office.approved())


def notice(office: Office, opens_on: date = MONDAY) -> None:
    office.applied()
    new = NewNotice(
        subject=NoticeSubject.APPLICATIONS, object_ids=(f"{POST}-A1",), places="公开栏", opens_on=opens_on
    )
    post_notice(office.register, office.by(), new)


def notice_from_wednesday(office: Office) -> None:
    notice(office, date(2026, 6, 17))


def rectification(office: Office) -> None:
    order_rectification(office.register, office.by(), office.approved(), Demand(problem="台账不全"))


def recall(office: Office) -> None:
    office.vetoed(plate(office).post_id)


def complaint(office: Office) -> None:
    bad(office, plate(office))


# what is asked


def timing(office: Office) -> object:
    apply_roster(office.register, office.by(), [office.row()])
    [application] = office.register.find(Application)
    return application.timing.value


def waives_the_window(office: Office) -> object:
    return "F6" in approve(office.register, office.by(), POST, document="1号").consents


def approval(office: Office) -> object:
    return refusal(lambda: approve(office.register, office.by(), POST, document="1号"))


def objection(office: Office) -> object:
    new = NewObjection(receipt="R1", notice_id="N2026-01", object_id=f"{POST}-A1", text="无人值守")
    return refusal(lambda: object_to(office.register, office.by(Role.PUBLIC), new))


def assessed_in_the_fourth_quarter(office: Office) -> object:
    judgements = (Judgement(member_name="高赟"),)
    sheet = Sheet(period="2026-Q4", assessed_on=today(office), judgements=judgements)
    return refusal(lambda: assess(office.register, office.by(), POST, sheet))


def period(office: Office) -> object:
    return office.policy.periods.of(today(office)).id


def assessments_of_the_third_quarter_are_overdue(office: Office) -> object:
    due = assessments_due(office.register, office.policy, today(office))
    return {each.is_overdue for each in due if each.period.id == "2026-Q3"}


def problem_is_overdue(office: Office) -> object:
    return [each.is_overdue(today(office)) for each in problems(office.register)]


def recall_is_overdue(office: Office) -> object:
    return [each.is_overdue(today(office)) for each in recalls(office.register)]


def round_named_in(office: Office) -> object:
    return round_of(today(office), office.policy).id


def round_inspected_for(office: Office) -> object:
    return office.inspected(POST, inspected_on=today(office)).round


def call_back(office: Office) -> object:
    return [str(each.call_back.state) for each in clocks(office.register, office.policy, office.now + MINUTE)]


def settlement(office: Office) -> object:
    return [
        str(each.settlement.state) for each in clocks(office.register, office.policy, office.now + MINUTE)
    ]


def placed_on_the_eighteenth(office: Office) -> object:
    [copy] = office.register.find(Copy)
    day = date(2026, 6, 18)
    return refusal(lambda: place_copy(office.register, office.by(), copy.id, place="大厅", placed_on=day))


BY_POLICY = {
    "window_opens": Turn(
        ends=date(2026, 6, 10), before="early", after="in_window", begin=nothing, look=timing
    ),
    "window_closes": Turn(
        ends=date(2026, 6, 20), before="in_window", after="late", begin=nothing, look=timing
    ),
    # the fifth working day after Monday, 15 June: Friday is the Dragon Boat Festival
    "notice_working_days": Turn(
        ends=date(2026, 6, 23), before="NoticeStillRuns", after="", begin=notice, look=approval
    ),
    "periods": Turn(
        ends=date(2026, 9, 30),
        before="PeriodAhead",
        after="",
        begin=title,
        look=assessed_in_the_fourth_quarter,
    ),
    "rectification_days": Turn(
        ends=date(2026, 6, 30), before=[False], after=[True], begin=rectification, look=problem_is_overdue
    ),
    "recall_days": Turn(
        ends=date(2026, 6, 22), before=[False], after=[True], begin=recall, look=recall_is_overdue
    ),
    "award_days": Turn(
        ends=date(2026, 7, 1), before="2026-07-01", after="2026-12-31", begin=nothing, look=round_named_in
    ),
    "award_cutoff_days": Turn(
        ends=date(2026, 6, 21),
        before="2026-07-01",
        after="2026-12-31",
        begin=Office.approved,
        look=round_inspected_for,
    ),
    "callback_working_days": Turn(
        ends=date(2026, 6, 16), before=["running"], after=["overdue"], begin=complaint, look=call_back
    ),
    "settlement_working_days": Turn(
        ends=date(2026, 7, 7), before=["running"], after=["overdue"], begin=complaint, look=settlement
    ),
}
"""One turn of each number of the policy that is a day or a number of days."""

BESIDE = {
    "a draft counts once the window opens": Turn(
        ends=date(2026, 6, 10), before=True, after=False, begin=draft, look=waives_the_window
    ),
    "a notice opens": Turn(
        ends=date(2026, 6, 16),
        before="NoticeClosed",
        after="",
        begin=notice_from_wednesday,
        look=objection,
    ),
    "a notice closes": Turn(
        ends=date(2026, 6, 23), before="", after="NoticeClosed", begin=notice, look=objection
    ),
    "a quarter ends": Turn(
        ends=date(2026, 12, 31), before="2026-Q4", after="2027-Q1", begin=nothing, look=period
    ),
    "assessments become overdue": Turn(
        ends=date(2026, 9, 30),
        before={False},
        after={True},
        begin=title,
        look=assessments_of_the_third_quarter_are_overdue,
    ),
    "a day has come": Turn(
        ends=date(2026, 6, 17), before="DayAhead", after="", begin=plate, look=placed_on_the_eighteenth
    ),
}


def ask(office: Office, turn: Turn, moment: datetime) -> object:
    turn.begin(office)
    office.now = moment - MINUTE  # every act of the office is a minute later
    return turn.look(office)


def last_second(turn: Turn) -> datetime:
    return datetime.combine(turn.ends, time(23, 59, 59), tzinfo=OFFICE_ZONE).astimezone(UTC)


TURNS = BY_POLICY | BESIDE
each_turn = pytest.mark.parametrize("turn", TURNS.values(), ids=TURNS)


def test_every_dated_number_of_the_policy_has_its_turn() -> None:
    dated = {key for key, number in NUMBERS.items() if number.unit in DATED_UNITS}
    assert dated == BY_POLICY.keys()


@each_turn
def test_until_the_last_second_of_the_day_all_is_as_before(office: Office, turn: Turn) -> None:
    assert ask(office, turn, last_second(turn)) == turn.before


@each_turn
def test_with_the_first_second_of_the_next_day_the_rule_has_turned(office: Office, turn: Turn) -> None:
    assert ask(office, turn, last_second(turn) + SECOND) == turn.after


def test_a_rule_reckoned_in_utc_would_be_noticed(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    turn = BY_POLICY["recall_days"]
    turn.begin(office)
    monkeypatch.setitem(globals(), "office_day", lambda moment: moment.date())
    office.now = last_second(turn) + SECOND - MINUTE
    assert turn.look(office) != turn.after
