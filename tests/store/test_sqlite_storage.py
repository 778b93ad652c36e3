"""The embedded engine's own promises: indexes, walls, failures, files that come and go, TinyDB underneath."""

import inspect
import json
import os
import resource
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from importlib.metadata import version
from itertools import count
from pathlib import Path
from timeit import repeat
from typing import Any

import pytest
from tinydb import where
from tinydb.table import Document, Table

from store import sqlite_storage
from store.documents import canonical_json, from_document, kind_named
from store.records import INDEXED, KINDS, BranchPlan, CallBack, Copy, Feedback, Organisation, Record
from store.register import (
    DamagedRegister,
    DanglingReference,
    DiskFull,
    NestedTransaction,
    NewerRegister,
    RegisterUnavailable,
)
from store.sqlite_storage import SCHEMA_VERSION, AppendOnly, NotARegister, OrphanedLog, RowDB, RowTable
from store.tinydb_register import SCHEMA, TinyDbRegister
from tests.store import first_release
from tests.store.contract.referents import simplest
from tests.store.contract.samples import GROUND, copy, plan
from tests.store.contract.test_processes import await_all, start
from tests.store.contract.test_records import write

FORKS = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")  # newer Pythons warn beside threads


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "register.db"


@pytest.fixture
def register(path: Path) -> Iterator[TinyDbRegister]:
    with closing(opened(path)) as register:
        yield register


def opened(path: Path) -> TinyDbRegister:
    """Open a register with what the samples name in it."""
    register = TinyDbRegister(path)
    if not register.count(Organisation):
        write(register, *GROUND)
    return register


@pytest.fixture
def db(register: TinyDbRegister, path: Path) -> Iterator[RowDB]:
    write(register, *(copy(number) for number in range(1, 4)))
    with RowDB(path, SCHEMA) as db:
        yield db


@pytest.fixture
def copies(db: RowDB) -> RowTable:
    table = db.table("Copy")
    assert isinstance(table, RowTable)
    return table


class TestTinyDb:
    def test_its_version_is_the_one_whose_underscore_methods_are_known(self) -> None:
        assert version("tinydb").startswith("4.9.")

    @pytest.mark.parametrize(
        ("method", "parameters"),
        [("_read_table", ["self"]), ("_update_table", ["self", "updater"]), ("_get_next_id", ["self"])],
    )
    def test_the_overridden_methods_are_still_there(self, method: str, parameters: list[str]) -> None:
        assert list(inspect.signature(getattr(Table, method)).parameters) == parameters
        assert method in vars(RowTable)

    def test_it_still_reads_and_writes_only_through_them(self) -> None:
        users = {
            name
            for name, function in inspect.getmembers(Table, inspect.isfunction)
            if "self._storage." in inspect.getsource(function)
        }
        assert users == {"_read_table", "_update_table"}

    def test_a_query_still_describes_itself_by_its_hash(self) -> None:
        assert (where("code") == "A")._hash == ("==", ("code",), "A")  # noqa: SLF001 - what the index reads
        both = (where("a") == 1) & (where("b") == "2")
        assert both._hash == ("and", frozenset({("==", ("a",), 1), ("==", ("b",), "2")}))  # noqa: SLF001 - its own test

    def test_its_own_reading_methods_work_on_rows(self, copies: RowTable, db: RowDB) -> None:
        assert len(copies) == 3
        assert db.tables() == {kind.__name__ for kind in KINDS}
        assert [each.doc_id for each in copies] == [1, 2, 3]
        assert copies.get(doc_id=2) == copies.all()[1]
        assert copies.get(doc_ids=[3, 1, 9]) == [copies.all()[0], copies.all()[2]]
        assert copies.get(where("code") == copy(3).code) == copies.all()[2]
        assert copies.get(where("code") == "none") is None
        assert copies.get(doc_id=9) is None
        assert copies.contains(where("id") == copy(1).id)
        assert copies.count(where("post_id") == "2026-001") == 3

    def test_the_index_narrows_and_the_query_decides(self, copies: RowTable) -> None:
        ours = where("post_id") == "2026-001"
        assert len(copies.search(ours & (where("place") == "一楼大厅"))) == 3
        assert copies.search(ours & (where("place") == "elsewhere")) == []
        assert copies.search(ours & ~(where("code") == copy(1).code)) == copies.all()[1:]
        assert copies.search(ours & (where("post_id") == "2026-002")) == []

    @pytest.mark.parametrize(
        "query",
        [
            where("place") == "一楼大厅",
            where("code") != "x",
            (where("code") == "x") | (where("post_id") == "y"),
            where("face").heading == "x",
            where("code").test(bool),
            where("replaces") == None,  # noqa: E711 - TinyDB's spelling
        ],
    )
    def test_a_query_without_an_index_is_refused(self, copies: RowTable, query: Any) -> None:
        with pytest.raises(LookupError, match="no index"):
            copies.search(query)

    def test_numbers_of_many_documents_inserted_at_once_follow_each_other(self, db: RowDB) -> None:
        with db.storage.writing():
            numbers = db.table("BranchPlan").insert_multiple({"id": str(number)} for number in range(5))
        assert numbers == [1, 2, 3, 4, 5]

    @pytest.mark.parametrize(
        "change",
        [
            lambda table: table.update({"place": "x"}),
            lambda table: table.update({"place": "x"}, where("code") == copy(1).code),
            lambda table: table.update({"place": "x"}, doc_ids=[1]),
            lambda table: table.update(lambda document: document.clear(), doc_ids=[1]),
            lambda table: table.update_multiple([({"place": "x"}, where("id") == copy(1).id)]),
            lambda table: table.upsert(Document({"place": "x"}, doc_id=1)),
            lambda table: table.remove(where("code") == copy(1).code),
            lambda table: table.remove(doc_ids=[1]),
            lambda table: table.truncate(),
        ],
    )
    def test_its_changing_methods_are_refused(
        self, copies: RowTable, change: Callable[[RowTable], object]
    ) -> None:
        before = copies.all()
        with pytest.raises(AppendOnly):
            change(copies)
        assert copies.all() == before

    def test_dropping_tables_is_refused(self, db: RowDB) -> None:
        with pytest.raises(AppendOnly):
            db.drop_tables()
        with pytest.raises(AppendOnly):
            db.drop_table("Copy")

    def test_numbers_leave_no_gaps(self, db: RowDB) -> None:
        with pytest.raises(AppendOnly, match="gaps"):
            db.table("Copy").insert(Document({"id": "x"}, doc_id=9))


class TestSql:
    @pytest.mark.parametrize("statement", ["UPDATE Copy SET document = '{}'", "DELETE FROM Copy"])
    def test_the_file_itself_refuses_changes(self, db: RowDB, path: Path, statement: str) -> None:
        with closing(sqlite3.connect(path)) as raw, pytest.raises(sqlite3.IntegrityError, match="added to"):
            raw.execute(statement)
        assert len(db.table("Copy")) == 3

    @pytest.mark.parametrize("kind", KINDS)
    def test_every_search_uses_an_index(self, db: RowDB, kind: type[Record]) -> None:
        for field in ("id", *INDEXED.get(kind, ())):
            for wanted, values in ((sqlite_storage._WHERE, ("x",)), (sqlite_storage._NEWEST_WHERE, ("x", 1))):  # noqa: SLF001 - its own test
                statement = sqlite_storage._selection(wanted, kind.__name__, (field,))  # noqa: SLF001 - as above
                plan = [row[-1] for row in db.storage.rows(f"EXPLAIN QUERY PLAN {statement}", *values)]
                assert plan == [f"SEARCH {kind.__name__} USING INDEX {kind.__name__}_{field} (<expr>=?)"]

    def test_a_commit_is_on_the_disk_before_it_returns(self, db: RowDB) -> None:
        assert db.storage.rows("PRAGMA journal_mode") == [("wal",)]
        assert db.storage.rows("PRAGMA synchronous") == [(2,)]

    def test_counting_reads_one_row(self, db: RowDB) -> None:
        plan = db.storage.rows("EXPLAIN QUERY PLAN " + sqlite_storage._LAST.format(table="Copy"))  # noqa: SLF001 - its own test
        assert [row[-1] for row in plan] == ["SEARCH Copy"]


class TestFile:
    def test_no_directory_is_made(self, tmp_path: Path) -> None:
        with pytest.raises(RegisterUnavailable):
            TinyDbRegister(tmp_path / "missing" / "register.db")
        assert list(tmp_path.iterdir()) == []

    def test_strange_names_are_fine(self, tmp_path: Path) -> None:
        path = tmp_path / "登记簿 100%? #1.db"
        with closing(opened(path)) as register:
            write(register, plan(1))
        assert [each.name for each in tmp_path.iterdir()] == [path.name]

    @pytest.mark.parametrize("content", [b"", b"a text, not a register; long enough to be read as one" * 30])
    def test_another_file_is_refused_and_left_alone(self, path: Path, content: bytes) -> None:
        path.write_bytes(content)
        with pytest.raises(NotARegister, match=r"register\.db is not a register"):
            TinyDbRegister(path)
        assert path.read_bytes() == content

    def test_a_foreign_database_is_refused(self, path: Path) -> None:
        with closing(sqlite3.connect(path)) as foreign:
            foreign.execute("CREATE TABLE Copy (a)")
        with pytest.raises(NotARegister):
            TinyDbRegister(path)

    @pytest.mark.parametrize(
        "change", ["json_set(document, '$.year', 'never')", "json_remove(document, '$.year')"]
    )
    def test_a_damaged_record_is_named_and_nothing_is_read_from_it(
        self, register: TinyDbRegister, path: Path, change: str
    ) -> None:
        write(register, plan(1), plan(2), plan(3))
        with closing(sqlite3.connect(path)) as raw:
            raw.execute("DROP TRIGGER BranchPlan_no_update")
            raw.execute(f"UPDATE BranchPlan SET document = {change} WHERE doc_id = 2")  # noqa: S608 - of the two above
            raw.commit()
        for read in (register.find, partial(register.newest, limit=3)):
            with pytest.raises(DamagedRegister, match="BranchPlan 2 of the register is damaged"):
                read(BranchPlan)
        assert register.get(BranchPlan, plan(3).id) == plan(3)

    def test_a_directory_in_its_place_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(RegisterUnavailable):
            TinyDbRegister(tmp_path)

    def test_a_newer_format_is_refused(self, register: TinyDbRegister, path: Path) -> None:
        register.close()
        with closing(sqlite3.connect(path)) as raw:
            raw.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
        told = f"format {SCHEMA_VERSION + 1}; this program knows {SCHEMA_VERSION}"
        with pytest.raises(NewerRegister, match=told):
            TinyDbRegister(path)
        with pytest.raises(NewerRegister):
            register.find(BranchPlan)

    def test_a_deleted_file_is_noticed_and_not_made_anew(self, register: TinyDbRegister, path: Path) -> None:
        write(register, plan(1))
        register.version()
        path.unlink()
        for ask in (register.version, lambda: register.find(BranchPlan), lambda: write(register, plan(2))):
            with pytest.raises(RegisterUnavailable):
                ask()
        assert not path.exists()

    def test_no_new_register_is_made_beside_the_log_of_a_lost_one(
        self, register: TinyDbRegister, path: Path
    ) -> None:
        write(register, plan(1))
        lost = path.rename(path.with_suffix(".lost"))
        with pytest.raises(OrphanedLog, match=r"register\.db-wal"):
            TinyDbRegister(path)
        assert not path.exists()
        lost.rename(path)
        with closing(TinyDbRegister(path)) as found:
            assert found.find(BranchPlan) == [plan(1)]

    def test_a_replaced_file_is_read_at_once(
        self, register: TinyDbRegister, path: Path, tmp_path: Path
    ) -> None:
        other = tmp_path / "other.db"
        with closing(opened(other)) as restored:
            write(restored, plan(7))
        write(register, plan(1))
        before = register.version()
        register.close()
        other.replace(path)
        assert register.version() != before
        assert register.find(BranchPlan) == [plan(7)]

    def test_a_file_that_comes_back_is_used_again(
        self, register: TinyDbRegister, path: Path, tmp_path: Path
    ) -> None:
        write(register, plan(1))
        register.close()
        away = shutil.move(path, tmp_path / "away.db")
        with pytest.raises(RegisterUnavailable):
            register.find(BranchPlan)
        shutil.move(away, path)
        assert register.find(BranchPlan) == [plan(1)]
        write(register, plan(2))

    def test_a_commit_into_a_deleted_file_is_not_acknowledged(
        self, register: TinyDbRegister, path: Path
    ) -> None:
        def write_while_the_file_goes() -> None:
            with register.transaction() as transaction:
                transaction.append(plan(1))
                path.unlink()

        with pytest.raises(RegisterUnavailable):
            write_while_the_file_goes()

    def test_a_damaged_document_makes_the_register_unreadable_not_wrong(
        self, register: TinyDbRegister, path: Path
    ) -> None:
        with closing(sqlite3.connect(path)) as raw, raw:
            raw.execute("INSERT INTO BranchPlan VALUES (1, ?)", [json.dumps({"id": "x", "year": "soon"})])
        with pytest.raises(RegisterUnavailable):
            register.get(BranchPlan, "x")


class TestFullDisk:
    @pytest.fixture
    def pages(self, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
        def limit(pages: int) -> None:
            settings = (*sqlite_storage._SETTINGS, f"PRAGMA max_page_count = {pages}")  # noqa: SLF001 - its own test
            monkeypatch.setattr(sqlite_storage, "_SETTINGS", settings)

        return limit

    def test_reads_go_on_writes_fail_and_nothing_is_lost(
        self, register: TinyDbRegister, path: Path, pages: Callable[[int], None]
    ) -> None:
        register.close()
        pages(path.stat().st_size // 4096 + 40)
        stored = list(_written_until_full(register))
        assert stored
        assert register.find(Copy) == stored
        register.close()
        pages(100_000)
        write(register, copy(10_000))
        assert register.find(Copy) == [*stored, copy(10_000)]

    @FORKS
    def test_a_file_that_may_not_grow_fails_the_write_only(self, path: Path) -> None:
        pid = os.fork()
        if not pid:
            os._exit(_write_under_a_size_limit(path))
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


class TestSpeed:
    """The bars in a light form; `python -m bench.store` measures them in full."""

    def test_size_changes_neither_opening_nor_writing_nor_finding(
        self, register: TinyDbRegister, path: Path
    ) -> None:
        write(register, *(copy(number) for number in range(100)))
        small = _timings(register, path, 100)
        write(register, *(copy(number) for number in range(1000, 11_000)))
        large = _timings(register, path, 11_000)
        assert large.insert_s < 5 * small.insert_s
        assert large.look_up_s < min(5 * small.look_up_s, 0.001)
        assert large.opening_s < 0.05


class TestSharing:
    def test_a_locked_file_is_unavailable_after_the_patience_and_heals(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sqlite_storage, "BUSY_TIMEOUT_S", 0.05)
        register = opened(path)
        register.close()
        with closing(sqlite3.connect(path, isolation_level=None)) as raw:
            raw.execute("BEGIN IMMEDIATE")
            with pytest.raises(RegisterUnavailable):
                write(register, plan(1))
            assert register.find(BranchPlan) == []
        write(register, plan(1))
        assert register.find(BranchPlan) == [plan(1)]
        register.close()

    def test_nesting_has_its_own_error(self, register: TinyDbRegister) -> None:
        with register.transaction(), pytest.raises(NestedTransaction), register.transaction():
            pass

    @FORKS
    def test_a_forked_process_uses_connections_of_its_own(self, register: TinyDbRegister) -> None:
        write(register, plan(1))
        before = register.version()
        pid = os.fork()
        if not pid:
            os._exit(_read_and_write_in_a_fork(register, before))
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
        assert register.version() != before
        assert register.find(BranchPlan) == [plan(1), plan(2)]
        write(register, plan(3))

    def test_the_number_of_connections_is_that_of_simultaneous_readers(
        self, register: TinyDbRegister, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        connections: list[Path] = []
        connect = sqlite_storage._connect  # noqa: SLF001 - counted, not replaced

        def counting(path: Path, *, mode: str) -> sqlite3.Connection:
            connections.append(path)
            return connect(path, mode=mode)

        monkeypatch.setattr(sqlite_storage, "_connect", counting)
        register.close()
        for number in range(20):
            write(register, plan(number))
            register.find(BranchPlan)
        assert len(connections) == 1
        with register.snapshot(), register.snapshot(), register.snapshot():
            assert len(connections) == 3


@dataclass(frozen=True, kw_only=True)
class _Timings:
    insert_s: float
    look_up_s: float
    opening_s: float


def _timings(register: TinyDbRegister, path: Path, first: int) -> _Timings:
    numbers = count(first)
    return _Timings(
        insert_s=_fastest(lambda: write(register, copy(next(numbers)))),
        look_up_s=_fastest(lambda: register.find(Copy, code=copy(50).code)),
        opening_s=_fastest(lambda: TinyDbRegister(path).close()),
    )


def _fastest(work: Callable[[], object]) -> float:
    return min(repeat(work, number=1, repeat=20))


def _written_until_full(register: TinyDbRegister) -> Iterator[Copy]:
    for number in range(2000):
        try:
            write(register, copy(number))
        except DiskFull:
            return
        yield copy(number)
    raise AssertionError("the disk never filled up")


def _write_under_a_size_limit(path: Path) -> int:
    register = opened(path)
    write(register, plan(1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, resource.RLIM_INFINITY))
    stored = list(_written_until_full(register))
    unchanged = register.find(Copy) == stored and register.find(BranchPlan) == [plan(1)]
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    write(register, plan(2))
    return 0 if unchanged and stored and register.count(BranchPlan) == 2 else 1


def _read_and_write_in_a_fork(register: TinyDbRegister, before: int) -> int:
    inherited = register.version()
    read = register.find(BranchPlan)
    write(register, plan(2))
    return 0 if read == [plan(1)] and inherited != before else 1


class TestUpgrade:
    @pytest.fixture
    def old(self, path: Path) -> Path:
        first_release.make_file(path)
        return path

    def test_a_file_of_the_first_release_is_read_as_it_was_written(self, old: Path) -> None:
        with closing(TinyDbRegister(old)) as register:
            for name, documents in first_release.DOCUMENTS.items():
                kind = kind_named(name)
                assert register.find(kind) == [from_document(kind, each) for each in documents]
                assert register.count(kind) == len(documents)

    def test_it_has_every_table_index_and_trigger_of_a_new_file_afterwards(
        self, old: Path, tmp_path: Path
    ) -> None:
        new = tmp_path / "new.db"
        for path in (old, new):
            TinyDbRegister(path).close()
        assert _definitions_in(old) == _definitions_in(new)

    def test_it_takes_records_of_the_new_classes_and_refuses_what_names_nothing(self, old: Path) -> None:
        with closing(TinyDbRegister(old)) as register:
            message = simplest(CallBack, "c")
            write(register, replace(message, feedback_id="f-1", post_id="2026-001"))
            with pytest.raises(DanglingReference):
                write(register, replace(message, id="d", feedback_id="f-2", post_id="2026-001"))
            assert register.count(CallBack) == 1
            assert [each.id for each in register.find(Feedback, grade=2)] == ["f-1"]

    def test_many_processes_may_open_it_at_once(self, old: Path) -> None:
        await_all([start(_open_and_append, old, number) for number in range(6)])
        with closing(TinyDbRegister(old)) as register:
            assert register.count(Organisation) == 2 + 6

    def test_an_upgrade_that_fails_half_way_leaves_the_file_as_it_was(
        self, old: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = _definitions_in(old)
        define = sqlite_storage._definitions  # noqa: SLF001 - the mutant fails at its last statement
        monkeypatch.setattr(sqlite_storage, "_definitions", lambda schema: [*define(schema), "NONSENSE"])
        with pytest.raises(RegisterUnavailable):
            TinyDbRegister(old)
        monkeypatch.undo()
        assert _definitions_in(old) == before
        TinyDbRegister(old).close()

    def test_its_digests_stay_what_they_were(self, old: Path) -> None:
        with closing(TinyDbRegister(old)) as register:
            for name, [first, *_] in first_release.DOCUMENTS.items():
                spelled = json.dumps({name: first}, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
                assert canonical_json(register.find(kind_named(name))[0]) == spelled.encode()


def _open_and_append(path: Path, number: int) -> None:
    with closing(TinyDbRegister(path)) as register:
        write(register, simplest(Organisation, str(number)))


def _definitions_in(path: Path) -> set[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as raw:
        named = raw.execute("SELECT type, name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'").fetchall()
        version = raw.execute("PRAGMA user_version").fetchone()
    return {*named, ("format", str(*version))}
