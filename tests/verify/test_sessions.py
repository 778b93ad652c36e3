"""How long a session lives, and how long a failed sign-in has to wait: pure functions, told the time."""

from datetime import UTC, datetime, timedelta

import pytest

from verify.sessions import is_stale, session_id
from verify.signing_in import WAIT_LONGEST, waiting_time

NOW = datetime(2026, 6, 15, 4, tzinfo=UTC)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("age", "idle", "stale"),
    [
        (0 * HOUR, 0 * MINUTE, False),
        (HOUR, 30 * MINUTE - SECOND, False),
        (HOUR, 30 * MINUTE, True),
        (12 * HOUR - SECOND, SECOND, False),
        (12 * HOUR, 0 * SECOND, True),
    ],
)
def test_a_session_dies_of_idleness_and_of_age(age: timedelta, idle: timedelta, *, stale: bool) -> None:
    assert is_stale(NOW - age, NOW - idle, NOW) is stale


def test_a_session_is_known_by_the_hash_of_its_secret() -> None:
    assert session_id("secret") != session_id("secre")
    assert len(session_id("secret")) == 64
    assert "secret" not in session_id("secret")


def failures(count: int, ago: timedelta = timedelta(0)) -> list[datetime]:
    return [NOW - ago - each * SECOND for each in range(count)]


@pytest.mark.parametrize(
    ("count", "wait_s"), [(0, 0), (1, 0), (2, 0), (3, 2), (4, 4), (5, 8), (8, 64), (12, 900), (500, 900)]
)
def test_waiting_doubles_with_each_failure_up_to_a_quarter_of_an_hour(count: int, wait_s: int) -> None:
    assert waiting_time(failures(count), NOW, free=3) == wait_s * SECOND


def test_waiting_runs_out_and_old_failures_are_forgotten() -> None:
    assert waiting_time(failures(500, ago=WAIT_LONGEST - SECOND), NOW, free=3) == SECOND
    assert waiting_time(failures(500, ago=WAIT_LONGEST), NOW, free=3) == 0 * SECOND
    assert waiting_time(failures(2, ago=0 * SECOND) + failures(9, ago=HOUR), NOW, free=3) == 0 * SECOND


def test_the_order_of_failures_does_not_matter() -> None:
    assert waiting_time(failures(5), NOW, free=3) == waiting_time(failures(5)[::-1], NOW, free=3)
