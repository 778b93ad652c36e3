"""What other processes do to the register under test. Each runs until it is done, told to stop, or killed."""

from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path

from store.records import Organisation
from tests.store.contract.engines import ENGINES
from tests.store.contract.referents import simplest
from tests.store.contract.samples import act_of
from tests.store.contract.test_records import write


def write_acts(engine: str, place: Path, numbers: range) -> None:
    """Write the acts with these numbers, one transaction each."""
    register = ENGINES[engine](place)
    for number in numbers:
        write(register, *act_of(number, lines=2))


def write_until_killed(engine: str, place: Path, first: int, acknowledged: Connection) -> None:
    """Write acts and send the number of each when it is committed."""
    register = ENGINES[engine](place)
    for number in count(first):
        write(register, *act_of(number))
        acknowledged.send(number)


def acknowledge_too_early(engine: str, place: Path, first: int, acknowledged: Connection) -> None:
    """Send the number of an act that is not committed yet, and wait to be killed: a mutant."""
    with ENGINES[engine](place).transaction() as transaction:
        transaction.append(*act_of(first))
        acknowledged.send(first)
        acknowledged.recv()


def commit_each_record(engine: str, place: Path, first: int, acknowledged: Connection) -> None:
    """Commit the records of an act one by one, and wait in the middle to be killed: a mutant."""
    register = ENGINES[engine](place)
    for record in act_of(first)[:3]:
        write(register, record)
    acknowledged.send(first)
    acknowledged.recv()


def open_and_write(engine: str, place: Path, number: int) -> None:
    """Open the register, which may not exist yet, and write one record."""
    write(ENGINES[engine](place), simplest(Organisation, str(number)))


def serve_commits(engine: str, place: Path, requests: Connection) -> None:
    """Commit one act for each number received and send the number back; None ends it."""
    register = ENGINES[engine](place)
    for number in iter(requests.recv, None):
        write(register, *act_of(number, lines=1))
        requests.send(number)
