"""Reminders on both engines: one of many workers sends each, and what failed is tried again."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest

from store.acts.veto import Charge, veto
from store.calendar import office_day
from store.records import RecallReminder, RecallReminderOutcome, ReminderWay, VetoCause
from store.register import Register
from store.reminders import (
    AGAIN_AFTER,
    ATTEMPTS_MOST,
    Overdue,
    begin,
    finish,
    last_told,
    next_attempt,
    overdue_by_branch,
)
from tests.office import Office
from tests.store.contract.engines import ENGINES

MORNING = datetime(2026, 6, 25, 2, tzinfo=UTC)
ROBOT = ReminderWay.ROBOT
WORKERS = 6


@pytest.fixture
def overdue(empty_register: Register) -> Overdue:
    """Return what a branch has overdue: a plate of a vetoed post."""
    office = Office(empty_register)
    post_id = office.approved()
    office.issued(post_id)
    veto(empty_register, office.by(), post_id, Charge(cause=VetoCause.GRAVE_BREACH, facts="查实"))
    [found] = overdue_by_branch(empty_register, office_day(MORNING))
    return found


def begun(register: Register, overdue: Overdue, after: timedelta = timedelta(0)) -> RecallReminder:
    reminder = begin(register, overdue, ROBOT, MORNING + after)
    assert reminder
    return reminder


def test_a_reminder_is_kept_as_it_was_begun_and_as_it_ended(
    empty_register: Register, overdue: Overdue
) -> None:
    reminder = begun(empty_register, overdue)
    assert empty_register.get(RecallReminder, reminder.id) == reminder
    assert begin(empty_register, overdue, ROBOT, MORNING) is None
    finish(empty_register, reminder, "", MORNING)
    told = last_told(empty_register, [overdue.branch.id]).get(overdue.branch.id)
    assert told
    assert (told.reminder, told.is_taken) == (reminder, True)
    assert next_attempt(empty_register, overdue.branch.id, ROBOT, MORNING + AGAIN_AFTER) is None
    assert next_attempt(empty_register, overdue.branch.id, ReminderWay.MAIL, MORNING) == 1
    assert next_attempt(empty_register, overdue.branch.id, ROBOT, MORNING + timedelta(days=1)) == 1


def test_what_failed_is_tried_again_and_not_for_ever(empty_register: Register, overdue: Overdue) -> None:
    for attempt in range(ATTEMPTS_MOST):
        reminder = begun(empty_register, overdue, AGAIN_AFTER * attempt)
        assert reminder.attempt == attempt + 1
        finish(empty_register, reminder, "errcode_45009", reminder.begun_at)
        assert begin(empty_register, overdue, ROBOT, reminder.begun_at) is None
    assert begin(empty_register, overdue, ROBOT, MORNING + AGAIN_AFTER * ATTEMPTS_MOST) is None
    problems = [each.problem for each in empty_register.find(RecallReminderOutcome)]
    assert problems == ["errcode_45009"] * ATTEMPTS_MOST


def test_of_many_workers_one_sends_a_reminder(
    empty_register: Register, overdue: Overdue, engine: str, new_place: Path
) -> None:
    start = Barrier(WORKERS)
    with ExitStack() as stack, ThreadPoolExecutor(WORKERS) as pool:
        registers = [stack.enter_context(closing(ENGINES[engine](new_place))) for _ in range(WORKERS)]

        def work(register: Register) -> RecallReminder | None:
            start.wait(30)
            return begin(register, overdue, ROBOT, MORNING)

        [entered] = [each for each in pool.map(work, registers) if each]
    assert empty_register.find(RecallReminder) == [entered]
