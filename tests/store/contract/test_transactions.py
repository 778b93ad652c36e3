"""One act is whole or not at all, nobody sees half of it, and nobody overtakes it."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from store.records import BranchPlan, Commitment, Copy, LogEntry, Record, Veto
from store.register import DuplicateRecord, Register, RegisterUnavailable
from tests.store.contract.engines import OpenRegister
from tests.store.contract.samples import act_of, copy, plan, veto
from tests.store.contract.test_records import write

ROUNDS = 15


class Mishap(Exception):
    """Something that goes wrong in the middle of an act."""


def fail_half_way(register: Register, *records: Record) -> None:
    with pytest.raises(Mishap):
        abandon(register, *records)


def abandon(register: Register, *records: Record) -> None:
    with register.transaction() as transaction:
        transaction.append(*records)
        raise Mishap


def test_an_exception_leaves_nothing_behind(open_register: OpenRegister) -> None:
    register, other = open_register(), open_register()
    write(register, plan(1))
    fail_half_way(register, *act_of(1), copy(1))
    for handle in (register, other, open_register()):
        assert [handle.count(kind) for kind in (BranchPlan, Veto, Commitment, LogEntry, Copy)] == [
            1,
            0,
            0,
            0,
            0,
        ]
    write(register, *act_of(1))
    assert other.count(Commitment) == 5


def test_a_refused_duplicate_spoils_the_whole_transaction(register: Register) -> None:
    write(register, plan(1))

    def carry_on_regardless() -> None:
        with register.transaction() as transaction:
            transaction.append(plan(2))
            with pytest.raises(DuplicateRecord):
                transaction.append(plan(1))
            transaction.append(plan(3))

    with pytest.raises((DuplicateRecord, RegisterUnavailable)):
        carry_on_regardless()
    assert register.find(BranchPlan) == [plan(1)]


def test_a_transaction_reads_what_it_wrote(register: Register) -> None:
    with register.transaction() as transaction:
        transaction.append(*act_of(1))
        assert transaction.get(Veto, "veto-1") == act_of(1)[0]
        assert transaction.count(Commitment) == len(transaction.find(Commitment, post_id="2026-001")) == 5
        assert [each.id for each in transaction.newest(Commitment, 1)] == ["commitment-1-4"]


def test_nobody_sees_a_transaction_before_its_end(open_register: OpenRegister) -> None:
    register, other = open_register(), open_register()
    with register.transaction() as transaction:
        transaction.append(*act_of(1))
        for reader in (register, other, open_register()):
            assert [reader.count(kind) for kind in (Veto, Commitment, LogEntry)] == [0, 0, 0]
            assert reader.find(Veto, post_id="2026-001") == []
    assert other.count(Commitment) == 5


def test_every_handle_reads_a_commit_at_once(open_register: OpenRegister) -> None:
    writer, readers = open_register(), [open_register(), open_register()]
    for number in range(ROUNDS):
        post_id = f"2026-{number:03d}"
        assert not any(reader.find(Veto, post_id=post_id) for reader in (*readers, writer))
        write(writer, veto(post_id))
        for reader in (*readers, writer):
            assert reader.find(Veto, post_id=post_id)
            with reader.snapshot() as state:
                assert state.count(Veto) == number + 1


def test_a_snapshot_stays_as_it_began(open_register: OpenRegister) -> None:
    register, other = open_register(), open_register()
    write(register, plan(1))
    with register.snapshot() as state:
        write(other, plan(2), copy(1))
        assert state.find(BranchPlan) == [plan(1)]
        assert state.count(Copy) == 0
        write(register, plan(3))
        assert list(state.newest(BranchPlan, 5)) == [plan(1)]
        assert state.get(BranchPlan, plan(3).id) is None
        assert register.count(BranchPlan) == 3
    with register.snapshot() as state:
        assert state.count(BranchPlan) == 3


def test_snapshots_may_overlap_and_nest(register: Register) -> None:
    with register.snapshot() as outer:
        write(register, plan(1))
        with register.snapshot() as inner:
            assert (outer.count(BranchPlan), inner.count(BranchPlan)) == (0, 1)
        assert outer.count(BranchPlan) == 0


def test_a_snapshot_ends_when_its_block_fails(register: Register) -> None:
    def read_and_fail() -> None:
        with register.snapshot() as state:
            assert state.count(BranchPlan) == 0
            raise Mishap

    with pytest.raises(Mishap):
        read_and_fail()
    write(register, plan(1))
    with register.snapshot() as state:
        assert state.count(BranchPlan) == 1


def test_a_transaction_inside_a_transaction_is_refused(register: Register) -> None:
    with register.transaction() as transaction:
        with pytest.raises(RuntimeError), register.transaction():
            pass
        transaction.append(plan(1))
    assert register.count(BranchPlan) == 1
    write(register, plan(2))


def test_a_handle_is_of_no_use_after_its_block(register: Register) -> None:
    with register.transaction() as transaction:
        transaction.append(plan(1))
    with register.snapshot() as state:
        assert state.count(BranchPlan) == 1
    with pytest.raises(RuntimeError):
        transaction.append(plan(2))
    for ended in (transaction, state):
        with pytest.raises(RuntimeError):
            ended.find(BranchPlan)
    assert register.find(BranchPlan) == [plan(1)]


def test_the_version_differs_after_every_commit(open_register: OpenRegister) -> None:
    register, other = open_register(), open_register()
    seen = {handle: {handle.version()} for handle in (register, other)}
    for number in range(ROUNDS):
        write((register, other)[number % 2], plan(number))
        for handle, versions in seen.items():
            assert handle.version() not in versions
            assert handle.version() == handle.version()
            versions.add(handle.version())


def test_the_version_stays_when_nothing_was_committed(register: Register) -> None:
    write(register, plan(1))
    before = register.version()
    fail_half_way(register, plan(2))
    register.find(BranchPlan)
    assert register.version() == before


def test_the_version_differs_across_closing(register: Register) -> None:
    before = register.version()
    register.close()
    write(register, plan(1))
    assert register.version() != before


def at_once(*works: Callable[[], object]) -> list[object]:
    """Run the works in a thread each, started together, and return their results."""
    barrier = threading.Barrier(len(works))

    def run(work: Callable[[], object]) -> object:
        barrier.wait(timeout=20)
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works, timeout=60))


@pytest.mark.parametrize("handles", [1, 2])
def test_two_threads_writing_lose_nothing(open_register: OpenRegister, handles: int) -> None:
    opened = [open_register() for _ in range(handles)]

    def writer(offset: int) -> Callable[[], None]:
        def work() -> None:
            for number in range(offset, offset + 40):
                write(opened[offset % handles], *act_of(number, lines=2))

        return work

    at_once(writer(100), writer(201))
    assert {each.number for each in opened[0].find(LogEntry)} == {*range(100, 140), *range(201, 241)}
    assert opened[0].count(Commitment) == 160


@pytest.mark.parametrize("handles", [1, 2])
def test_of_two_that_check_and_then_append_one_wins(open_register: OpenRegister, handles: int) -> None:
    opened = [open_register() for _ in range(handles)]

    def cast(officer: int, post_id: str) -> bool:
        with opened[officer % handles].transaction() as transaction:
            if transaction.find(Veto, post_id=post_id):
                return False
            each = veto(post_id, facts=f"by {officer}")
            transaction.append(Veto(**(vars(each) | {"id": f"{post_id}-{officer}"})))
            return True

    for number in range(ROUNDS):
        post_id = f"2026-{number:03d}"
        won = at_once(lambda post_id=post_id: cast(0, post_id), lambda post_id=post_id: cast(1, post_id))  # type: ignore[misc]
        assert sorted(map(bool, won)) == [False, True]
        assert len(opened[0].find(Veto, post_id=post_id)) == 1


def test_readers_always_see_whole_acts(open_register: OpenRegister) -> None:
    writer, reader = open_register(), open_register()
    done = threading.Event()

    def write_acts() -> None:
        try:
            for number in range(40):
                write(writer, *act_of(number, lines=3))
        finally:
            done.set()

    def count_halves() -> int:
        halves = 0
        while not done.is_set():
            with reader.snapshot() as state:
                counts = (state.count(Veto), state.count(Commitment), state.count(LogEntry))
            halves += counts != (counts[0], 3 * counts[0], counts[0])
        return halves

    assert at_once(write_acts, count_halves) == [None, 0]
