"""The queue of print jobs on both engines: one runner to a job, a lease that lapses, one end."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest

from store.acts.authority import Actor, Authority, NotAllowed
from store.dossier import NoSuchPost
from store.policy import founding_plan
from store.print_queue import (
    AT_ONCE,
    ATTEMPTS_MOST,
    LEASE,
    OPEN_MOST,
    POSTS_MOST,
    ClaimLost,
    JobCancelled,
    JobHasEnded,
    JobState,
    NoPostToPrint,
    NoSuchJob,
    QueueFull,
    TooManyToPrint,
    awaits_runner,
    begin_part,
    cancel_job,
    check_goes_on,
    claim_job,
    course_of,
    end_job,
    finished_parts,
    job_claimed,
    job_seen,
    jobs_seen,
    order_print,
    tell_alive,
)
from store.records import (
    Copy,
    Officer,
    Organisation,
    Post,
    PrintClaim,
    PrintJob,
    PrintOrder,
    PrintOutcome,
    Product,
    Role,
)
from store.register import Register, Transaction
from tests.store.contract.engines import OpenRegister
from tests.store.contract.referents import simplest, with_referents

NOON = datetime(2026, 7, 1, 4, tzinfo=UTC)
ORDER = PrintOrder(product=Product.BADGE, skip=3, sheet="a4")
OWN, OTHER = "own-branch", "other-branch"
POSTS = {"2031-001": OWN, "2031-002": OWN, "2031-003": OTHER}


def authority(role: Role = Role.COMMITTEE, branch_id: str | None = None, after: int = 0) -> Authority:
    actor = Actor(name="clerk", role=role, branch_id=branch_id)
    return Authority(actor=actor, now=NOON + timedelta(seconds=after), policy=founding_plan())


@pytest.fixture
def queue(register: Register) -> Register:
    """Return a register with an officer and the posts of two branches."""
    general = simplest(Organisation, OWN), simplest(Organisation, OTHER)
    posts = (replace(simplest(Post, number), branch_id=branch) for number, branch in POSTS.items())
    with register.transaction() as transaction:
        transaction.append(*(replace(each, name=each.id) for each in general), *posts)
        transaction.append(replace(simplest(Officer, "clerk"), branch_id=None))
    return register


def ordered(queue: Register, *posts: str) -> PrintJob:
    return order_print(queue, authority(), posts or ["2031-001"], ORDER, accepted=["小"])


def claimed(queue: Register, after: timedelta = timedelta(0), runner: str = "r1") -> PrintClaim:
    claim = claim_job(queue, runner, NOON + after)
    assert claim
    return claim


def test_a_job_is_kept_as_it_was_ordered(queue: Register) -> None:
    job = ordered(queue, "2031-001", "2031-002", "2031-001")
    kept = queue.get(PrintJob, job.id)
    assert kept == job
    assert (job.post_ids, job.branch_id, job.order.skip) == (("2031-001", "2031-002"), OWN, 3)
    assert job_claimed(queue, claimed(queue))[0] == job
    assert ordered(queue, "2031-001", "2031-003").branch_id is None


def test_who_may_print_orders_and_sees(queue: Register) -> None:
    own, both = ordered(queue, "2031-001"), ordered(queue, "2031-001", "2031-003")
    officer, stranger = authority(Role.BRANCH_OFFICER, OWN), authority(Role.BRANCH_OFFICER, OTHER)
    assert [each.job.id for each in jobs_seen(queue, officer, 9)] == [own.id]
    assert [each.job.id for each in jobs_seen(queue, authority(), 9)] == [both.id, own.id]
    for job, who in ((own, stranger), (both, officer), (own, authority(Role.INSPECTOR))):
        with pytest.raises(NotAllowed):
            job_seen(queue, who, job.id)
        with pytest.raises(NotAllowed):
            cancel_job(queue, who, job.id)
    for who, posts in (
        (stranger, ["2031-001"]),
        (officer, list(POSTS)),
        (authority(Role.PUBLIC), ["2031-001"]),
    ):
        with pytest.raises(NotAllowed):
            order_print(queue, who, posts, ORDER)


def test_nothing_too_much_and_what_is_not_there_is_refused(queue: Register) -> None:
    for posts, refusal in (
        ([], NoPostToPrint),
        (["2031-999"], NoSuchPost),
        ([str(number) for number in range(POSTS_MOST + 1)], TooManyToPrint),
    ):
        with pytest.raises(refusal):
            order_print(queue, authority(), posts, ORDER)
    with pytest.raises(NoSuchJob):
        job_seen(queue, authority(), "P77")
    assert queue.count(PrintJob) == 0


def test_a_full_queue_takes_no_more_until_one_has_ended(queue: Register) -> None:
    jobs = [ordered(queue) for _ in range(OPEN_MOST)]
    with pytest.raises(QueueFull):
        ordered(queue)
    cancel_job(queue, authority(), jobs[0].id)
    assert ordered(queue)


def test_jobs_are_taken_up_oldest_first_a_few_at_once(queue: Register) -> None:
    jobs = [ordered(queue) for _ in range(AT_ONCE + 1)]
    taken = [claimed(queue).job_id for _ in range(AT_ONCE)]
    assert taken == [job.id for job in jobs[:AT_ONCE]]
    assert claim_job(queue, "r9", NOON) is None
    assert not awaits_runner(queue, NOON)
    assert awaits_runner(queue, NOON + LEASE * 2)


def test_a_silent_runner_loses_its_job_and_a_lively_one_keeps_it(queue: Register) -> None:
    job = ordered(queue)
    first = claimed(queue)
    tell_alive(queue, first, posts_done=1, copies_done=5, now=NOON + LEASE)
    assert claim_job(queue, "r2", NOON + LEASE * 2) is None
    assert course_of(queue, job).copies_done == 5
    second = claimed(queue, LEASE * 2 + timedelta(seconds=1), "r2")
    assert second.job_id == first.job_id
    copy = simplest(Copy, "2031-001-01")
    for deed in (
        lambda: tell_alive(queue, first, posts_done=2, copies_done=9, now=NOON),
        lambda: begin_part(queue, first, [copy], NOON),
        lambda: check_goes_on(queue, first),
        lambda: end_job(queue, first, PrintOutcome.FINISHED, (), NOON),
    ):
        with pytest.raises(ClaimLost):
            deed()
    assert course_of(queue, job).posts_done == 0


def test_a_clock_set_back_leaves_no_job_lying(queue: Register) -> None:
    ordered(queue)
    claimed(queue)
    assert claimed(queue, -LEASE * 2, "r2")


def test_a_job_that_kills_its_runner_is_given_up(queue: Register) -> None:
    job = ordered(queue)
    for attempt in range(ATTEMPTS_MOST):
        claimed(queue, LEASE * 2 * attempt)
    assert claim_job(queue, "r", NOON + LEASE * 2 * ATTEMPTS_MOST) is None
    course = course_of(queue, job)
    assert course.state(NOON) is JobState.STOPPED
    assert course.end
    assert "接连" in course.end.remarks[0].zh


def test_a_cancelled_job_goes_no_further_and_is_ended_once(queue: Register) -> None:
    job = ordered(queue)
    claim = claimed(queue)
    assert cancel_job(queue, authority(), job.id) == cancel_job(queue, authority(after=1), job.id)
    assert course_of(queue, job).state(NOON) is JobState.RUNNING
    with pytest.raises(JobCancelled):
        begin_part(queue, claim, [simplest(Copy, "2031-001-01")], NOON)
    end_job(queue, claim, PrintOutcome.CANCELLED, (), NOON)
    with pytest.raises(JobHasEnded):
        cancel_job(queue, authority(), job.id)
    with pytest.raises(ClaimLost):
        end_job(queue, claim, PrintOutcome.FINISHED, (), NOON)


def test_a_part_is_finished_when_its_copies_are_on_record(queue: Register) -> None:
    job = ordered(queue)
    claim, copy = claimed(queue), simplest(Copy, "2031-001-01")
    part = begin_part(queue, claim, [copy], NOON)
    assert finished_parts(queue, job.id) == []
    with queue.transaction() as transaction:
        known = [each for each in with_referents(copy) if transaction.get(type(each), each.id) is None]
        transaction.append(*known)
    assert finished_parts(queue, job.id) == [part]


def race(open_register: OpenRegister, runners: int = 8) -> list[PrintClaim]:
    """Have many runners, each with its own connection, take up jobs in the same instant."""
    registers, start = [open_register() for _ in range(runners)], Barrier(runners)

    def claim(number: int) -> PrintClaim | None:
        start.wait(30)
        return claim_job(registers[number], f"r{number}", NOON)

    with ThreadPoolExecutor(runners) as pool:
        return [each for each in pool.map(claim, range(runners)) if each]


def test_of_many_runners_one_gets_a_job(queue: Register, open_register: OpenRegister) -> None:
    ordered(queue)
    [claim] = race(open_register)
    [entered] = queue.find(PrintClaim)
    assert claim == entered


def test_claiming_without_a_transaction_is_noticed(
    queue: Register, open_register: OpenRegister, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading before and appending in another step lets several runners begin one job."""
    ordered(queue)
    everybody_read, whole = Barrier(8), type(queue).transaction

    @contextmanager
    def torn(register: Register) -> Iterator[object]:
        yield _Torn(register, lambda: whole(register), everybody_read)

    monkeypatch.setattr(type(queue), "transaction", torn)
    with pytest.raises(ValueError, match="too many values"):
        [_] = race(open_register)


class _Torn:
    """What a transaction must not be: reads now, appends later, by a step of its own."""

    def __init__(
        self,
        register: Register,
        whole: Callable[[], AbstractContextManager[Transaction]],
        everybody_read: Barrier,
    ) -> None:
        self._register, self._whole, self._everybody_read = register, whole, everybody_read

    def __getattr__(self, name: str) -> object:
        return getattr(self._register, name)

    def append(self, record: PrintClaim) -> None:
        self._everybody_read.wait(30)
        with self._whole() as transaction:
            transaction.append(replace(record, id=f"{record.id}-{record.runner}"))
