"""Satisfaction as it is published: closed periods, enough ratings, and never an older count than there is."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from store import figures
from store.figures import Figure, Figures
from store.policy import founding_plan
from store.records import Feedback, Grade, ReRating
from store.register import Reader, Register
from tests.office import Office
from tests.ratings import rate
from tests.store.contract.engines import ENGINES, prepare

GOOD, BAD = Grade.SATISFIED, Grade.DISSATISFIED
JULY, AUGUST, OCTOBER = (datetime(2026, month, 6, 4, tzinfo=UTC) for month in (7, 8, 10))
IN_OCTOBER = date(2026, 10, 9)
THIRD = "2026-Q3"
Counted = Callable[[], tuple[Figure, ...]]


@pytest.fixture(params=ENGINES)
def register(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Register]:
    prepare(request.param, tmp_path)
    with closing(ENGINES[request.param](tmp_path)) as opened:
        yield opened


@pytest.fixture
def post(office: Office) -> str:
    return office.approved()


@pytest.fixture
def counted(office: Office, post: str) -> Counted:
    memory = Figures()

    def ask() -> tuple[Figure, ...]:
        with office.register.snapshot() as reader:
            return memory.of(reader, office.policy, post, IN_OCTOBER)

    return ask


def summed(found: tuple[Figure, ...]) -> list[tuple[str, int, int] | tuple[str, None]]:
    return [
        (each.period.id, each.asked.satisfied, each.asked.n) if each.asked else (each.period.id, None)
        for each in found
    ]


def test_f24_a_closed_period_is_published_from_enough_ratings(
    office: Office, post: str, counted: Counted
) -> None:
    assert counted() == ()
    rate(office.register, post, [GOOD] * 9, JULY)
    assert summed(counted()) == [(THIRD, None)]
    rate(office.register, post, [BAD], AUGUST)
    assert summed(counted()) == [(THIRD, 9, 10)]


def test_f24_a_period_that_runs_is_not_published(office: Office, post: str, counted: Counted) -> None:
    rate(office.register, post, [GOOD] * 20, JULY)
    before = counted()
    rate(office.register, post, [BAD] * 20, OCTOBER)
    assert counted() == before
    with office.register.snapshot() as reader:
        later = Figures().of(reader, office.policy, post, date(2027, 1, 1))
    assert summed(later) == [("2026-Q4", 0, 20), (THIRD, 20, 20)]


def test_periods_are_told_from_the_first_rated_on_and_the_latest_only(
    office: Office, post: str, counted: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    rate(office.register, post, [GOOD] * 10, datetime(2026, 2, 6, 4, tzinfo=UTC))
    rate(office.register, post, [BAD] * 10, JULY)
    assert summed(counted()) == [(THIRD, 0, 10), ("2026-Q2", None), ("2026-Q1", 10, 10)]
    monkeypatch.setattr(figures, "PERIODS_MOST", 2)
    with office.register.snapshot() as reader:
        fresh = Figures().of(reader, office.policy, post, IN_OCTOBER)
    assert summed(fresh) == [(THIRD, 0, 10)]


def test_a_re_rating_and_a_paper_survey_of_a_closed_period_are_counted_at_once(
    office: Office, post: str, counted: Counted
) -> None:
    rate(office.register, post, [BAD] * 10, JULY)
    assert summed(counted()) == [(THIRD, 0, 10)]
    again = ReRating(id="A1", feedback_id="R0", post_id=post, grade=GOOD, rated_at=OCTOBER)
    with office.register.transaction() as transaction:
        transaction.append(again)
    assert summed(counted()) == [(THIRD, 1, 10)]
    office.now = AUGUST
    office.surveyed(post, (3, 2, 0, 0, 0))
    assert summed(counted()) == [(THIRD, 6, 15)]


def test_nothing_is_counted_twice_while_nothing_was_added(
    office: Office, post: str, counted: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    rate(office.register, post, [GOOD] * 10, JULY)
    first = counted()
    monkeypatch.setattr(figures, "satisfaction_over", None)
    office.issued(post)
    assert counted() is first


def test_what_was_said_of_another_post_lets_the_count_of_this_one_stand(
    office: Office, post: str, counted: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    rate(office.register, post, [GOOD] * 10, JULY)
    first = counted()
    office.applied(office.row(name="档案室"))
    rate(office.register, "2026-002", [BAD] * 10, AUGUST)
    assert counted() is first
    monkeypatch.setattr(figures, "NEWEST_MOST", 5)
    rate(office.register, "2026-002", [BAD] * 10, AUGUST)
    assert counted() is not first


def test_a_count_from_an_older_state_is_not_kept(office: Office, post: str) -> None:
    rate(office.register, post, [GOOD] * 10, JULY)
    memory = Figures()
    with office.register.snapshot() as older:
        older.count(Feedback)
        rate(office.register, post, [BAD] * 10, AUGUST)
        assert summed(_asked(memory, office.register, post)) == [(THIRD, 10, 20)]
        assert summed(memory.of(older, office.policy, post, IN_OCTOBER)) == [(THIRD, 10, 10)]
    assert summed(_asked(memory, office.register, post)) == [(THIRD, 10, 20)]


def test_a_memory_that_never_forgets_is_caught(
    office: Office, post: str, counted: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Figures, "_forget", lambda *_: None)
    rate(office.register, post, [GOOD] * 10, JULY)
    first = counted()
    rate(office.register, post, [BAD] * 10, AUGUST)
    assert counted() == first


def _asked(memory: Figures, register: Register, post: str) -> tuple[Figure, ...]:
    reader: Reader
    with register.snapshot() as reader:
        return memory.of(reader, founding_plan(), post, IN_OCTOBER)
