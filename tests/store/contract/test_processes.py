"""Several processes share the register, and any of them may be killed at any moment."""

import multiprocessing
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest

from store.records import Commitment, LogEntry, Organisation, Veto
from store.register import Register
from tests.store.contract import workers
from tests.store.contract.engines import ENGINES, OpenRegister

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload([workers.__name__])
PATIENCE_S = 30
KILLS = 20
Worker = Callable[[str, Path, int, Connection], None]


def start(target: Callable[..., None], *arguments: Any) -> BaseProcess:
    process = PROCESSES.Process(target=target, args=arguments, daemon=True)
    process.start()
    return process


def await_all(processes: list[BaseProcess]) -> None:
    for process in processes:
        process.join(PATIENCE_S)
    assert [process.exitcode for process in processes] == [0] * len(processes)


@contextmanager
def started(target: Callable[..., None], *arguments: Any) -> Iterator[Connection]:
    """Start a worker that talks through a pipe; it is killed at the end."""
    here, there = PROCESSES.Pipe()
    process = start(target, *arguments, there)
    there.close()
    try:
        yield here
    finally:
        process.kill()
        process.join(PATIENCE_S)


def received(connection: Connection) -> int:
    assert connection.poll(PATIENCE_S)
    number: int = connection.recv()
    return number


def test_four_processes_writing_lose_nothing(engine: str, place: Path, open_register: OpenRegister) -> None:
    shares = [range(first, first + 25) for first in (0, 100, 200, 300)]
    await_all([start(workers.write_acts, engine, place, share) for share in shares])
    register = open_register()
    assert {entry.number for entry in register.find(LogEntry)} == {each for share in shares for each in share}
    assert (register.count(Veto), register.count(Commitment), register.count(LogEntry)) == (100, 200, 100)


def test_processes_that_open_a_new_register_at_once_all_find_it_whole(engine: str, new_place: Path) -> None:
    await_all([start(workers.open_and_write, engine, new_place, number) for number in range(6)])
    with closing(ENGINES[engine](new_place)) as register:
        assert sorted(each.id for each in register.find(Organisation)) == [str(n) for n in range(6)]


def test_a_commit_of_another_process_is_read_at_once(engine: str, place: Path, register: Register) -> None:
    register.count(Veto)
    versions = {register.version()}
    with started(workers.serve_commits, engine, place) as worker:
        for number in range(50):
            worker.send(number)
            assert received(worker) == number
            assert register.get(Veto, f"veto-{number}")
            assert register.version() not in versions
            versions.add(register.version())
        worker.send(None)


def killed_after(worker: Worker, engine: str, place: Path, first: int, acknowledgements: int) -> set[int]:
    """Kill a worker after some acknowledgements and return all it sent."""
    with started(worker, engine, place, first) as connection:
        acknowledged = {received(connection) for _ in range(acknowledgements)}
    try:
        while True:
            acknowledged.add(connection.recv())
    except (EOFError, ConnectionResetError):
        return acknowledged


def assert_kept_whole(register: Register, acknowledged: set[int]) -> None:
    """Everything acknowledged is stored, and every act is there as a whole."""
    entries = {entry.number for entry in register.find(LogEntry)}
    assert acknowledged <= entries
    assert {veto.id for veto in register.find(Veto)} == {f"veto-{number}" for number in entries}
    assert register.count(Commitment) == 5 * len(entries)


def test_whoever_is_killed_loses_nothing_acknowledged_and_leaves_no_half(
    engine: str, place: Path, open_register: OpenRegister
) -> None:
    began = time.monotonic()
    watching = open_register()
    acknowledged: set[int] = set()
    for turn in range(KILLS):
        acknowledged |= killed_after(workers.write_until_killed, engine, place, 1000 * turn, 1 + turn % 7)
        for register in (open_register(), watching):
            assert_kept_whole(register, acknowledged)
    assert len(acknowledged) >= KILLS
    assert time.monotonic() - began < PATIENCE_S


@pytest.mark.parametrize("mutant", [workers.acknowledge_too_early, workers.commit_each_record])
def test_the_check_catches_a_writer_that_breaks_the_promise(
    engine: str, place: Path, open_register: OpenRegister, mutant: Worker
) -> None:
    acknowledged = killed_after(mutant, engine, place, 1, 1)
    with pytest.raises(AssertionError):
        assert_kept_whole(open_register(), acknowledged)
