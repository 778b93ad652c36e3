"""What the measurements measure: registers and acts as real ones, so that a figure means something."""

from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from bench.bulk import fill_file
from bench.filling import COPIES_PER_POST, DOCUMENTS_PER_POST, Work, applications, copy, fill
from bench.peers import BareSqlite
from bench.resident import peak_megabytes
from bench.timing import Bar, medians_ms
from store import ledger
from store.records import KINDS, Application, Copy, Feedback, Return
from store.tinydb_register import TinyDbRegister

DOCUMENTS = 20 * DOCUMENTS_PER_POST


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "register.db"


@pytest.fixture
def register(path: Path) -> Iterator[TinyDbRegister]:
    with closing(TinyDbRegister(path)) as register:
        fill(register, DOCUMENTS)
        yield register


def test_a_filled_register_is_one_the_ledger_agrees_with(register: TinyDbRegister) -> None:
    assert DOCUMENTS <= sum(register.count(kind) for kind in KINDS) < 1.3 * DOCUMENTS
    with register.snapshot() as reader:
        assert ledger.verify(reader).faults == ()


def test_a_file_filled_in_bulk_holds_what_acts_would_have_entered(tmp_path: Path) -> None:
    fill_file(tmp_path / "bulk.db", 100 * COPIES_PER_POST)
    with closing(TinyDbRegister(tmp_path / "bulk.db")) as register:
        assert register.find(Application) == list(applications(range(100)))
        assert register.find(Copy) == [copy(number) for number in range(1000)]
        assert register.find(Copy, code=copy(999).code) == [copy(999)]


def test_the_work_measured_is_done(register: TinyDbRegister) -> None:
    work = Work(register, DOCUMENTS)
    for act in (work.give_back, work.vote):
        act()
        act()
    assert [register.count(kind) for kind in (Return, Feedback)] == [2, 2]
    assert register.find(Copy, code=next(work.codes).text) == [copy(0)]


def test_the_bare_peer_holds_as_many_copies_and_takes_another(tmp_path: Path) -> None:
    bare = BareSqlite(tmp_path / "bare.db", 100)
    bare.insert()
    for number in (0, 99, 100):
        bare.look_up(copy(number).code)


def test_the_memory_of_a_process_is_told(register: TinyDbRegister, path: Path) -> None:
    register.close()
    assert 20 < peak_megabytes(path, DOCUMENTS) < 500


def test_turns_are_taken_and_bars_compare() -> None:
    taken: list[str] = []
    works = {name: partial(taken.append, name) for name in "ab"}
    assert set(medians_ms(works, turns=2)) == {"a", "b"}
    assert taken == ["a", "b", "a", "b"]
    assert str(Bar(name="x", measured=2, allowed=1, unit="ms")).startswith("MISSED")
    assert Bar(name="x", measured=1, allowed=1, unit="ms").holds
