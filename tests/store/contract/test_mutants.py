"""The contract catches broken engines: each of the two with one thing taken away."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from store import engine as engines_alike
from store import postgres_register
from store.documents import from_documents
from store.postgres_register import PostgresRegister
from store.postgres_session import Session
from store.register import DuplicateRecord, RegisterUnavailable
from store.sqlite_storage import RowTable, SqliteStorage
from store.tinydb_register import TinyDbRegister
from tests.store.contract import test_records, test_transactions
from tests.store.contract.engines import ENGINES, OpenRegister, address, fill, prepare

Mutant = Callable[[pytest.MonkeyPatch, Path], None]
Check = Callable[[OpenRegister], None]


class TinyDb:
    """The embedded engine, broken."""

    @staticmethod
    def commits_each_statement(patch: pytest.MonkeyPatch, _: Path) -> None:
        patch.setattr(SqliteStorage, "writing", lambda _: _nothing())

    @staticmethod
    def reads_the_newest_in_a_snapshot(patch: pytest.MonkeyPatch, _: Path) -> None:
        patch.setattr(SqliteStorage, "reading", lambda _: _nothing())

    @staticmethod
    def commits_what_failed(patch: pytest.MonkeyPatch, _: Path) -> None:
        patch.setattr(SqliteStorage, "writing", _committing_always)

    @staticmethod
    def remembers_answers(patch: pytest.MonkeyPatch, _: Path) -> None:
        answers: dict[Any, Any] = {}
        matching = RowTable.matching
        patch.setattr(
            RowTable,
            "matching",
            lambda self, fields: answers.setdefault((self.name, repr(fields)), matching(self, fields)),
        )

    @staticmethod
    def never_says_that_it_changed(patch: pytest.MonkeyPatch, _: Path) -> None:
        patch.setattr(TinyDbRegister, "version", lambda _: 1)

    @staticmethod
    def takes_anything_twice(_: pytest.MonkeyPatch, place: Path) -> None:
        _alter(place, 'DROP INDEX "BranchPlan_id"')

    @staticmethod
    def takes_what_names_nothing(_: pytest.MonkeyPatch, place: Path) -> None:
        _alter(place, 'DROP TRIGGER "BranchPlan_branch_id_names_something"')

    @staticmethod
    def hands_out_what_it_keeps(patch: pytest.MonkeyPatch, _: Path) -> None:
        _keep_what_is_handed_out(patch)


class PostgreSql:
    """The engine on a server, broken."""

    @staticmethod
    def commits_each_statement(patch: pytest.MonkeyPatch, _: Path) -> None:
        patch.setattr(Session, "block", lambda *_, **__: _nothing())
        patch.setattr(Session, "commit_with", lambda *_: None)

    @staticmethod
    def reads_the_newest_in_a_snapshot(patch: pytest.MonkeyPatch, _: Path) -> None:
        patch.setattr(postgres_register, "_BEGIN_READING", b"BEGIN; SELECT 1")

    @staticmethod
    def reads_what_was_there_at_its_first_question(patch: pytest.MonkeyPatch, _: Path) -> None:
        patch.setattr(postgres_register, "_BEGIN_READING", b"BEGIN ISOLATION LEVEL REPEATABLE READ")

    @staticmethod
    def commits_what_failed(patch: pytest.MonkeyPatch, _: Path) -> None:
        run = Session.run
        patch.setattr(Session, "run", lambda self, said: run(self, said.replace(b"ROLLBACK", b"COMMIT")))

    @staticmethod
    def lets_writers_overtake(patch: pytest.MonkeyPatch, _: Path) -> None:
        patch.setattr(postgres_register, "_BEGIN_WRITING", b"BEGIN")

    @staticmethod
    def remembers_answers(patch: pytest.MonkeyPatch, _: Path) -> None:
        answers: dict[Any, Any] = {}
        rows = Session.rows

        def remembered(self: Session, statement: bytes, values: Any = ()) -> Any:
            if b"WHERE" not in statement:
                return rows(self, statement, values)
            return answers.setdefault((statement, *values), rows(self, statement, values))

        patch.setattr(Session, "rows", remembered)

    @staticmethod
    def never_says_that_it_changed(patch: pytest.MonkeyPatch, _: Path) -> None:
        patch.setattr(PostgresRegister, "version", lambda _: 1)

    @staticmethod
    def takes_anything_twice(_: pytest.MonkeyPatch, place: Path) -> None:
        _redefine(place, "ALTER TABLE gangpai.branch_plan DROP CONSTRAINT branch_plan_pkey")

    @staticmethod
    def takes_what_names_nothing(_: pytest.MonkeyPatch, place: Path) -> None:
        _redefine(place, "ALTER TABLE gangpai.branch_plan DROP CONSTRAINT branch_plan_branch_id_fkey")

    @staticmethod
    def hands_out_what_it_keeps(patch: pytest.MonkeyPatch, _: Path) -> None:
        _keep_what_is_handed_out(patch)


def two_of_one_id(opening: OpenRegister) -> None:
    test_records.test_two_records_of_one_append_cannot_share_an_id(opening())


def a_name_of_nothing(opening: OpenRegister) -> None:
    test_records.test_a_record_that_names_nothing_is_refused_with_all_beside_it(opening())


def values(opening: OpenRegister) -> None:
    test_records.test_what_is_handed_out_is_a_value(opening())


def overtaking(opening: OpenRegister) -> None:
    test_transactions.test_of_two_that_check_and_then_append_one_wins(opening, 2)


CAUGHT_BY: dict[str, list[Check]] = {
    "commits_each_statement": [
        test_transactions.test_an_exception_leaves_nothing_behind,
        test_transactions.test_nobody_sees_a_transaction_before_its_end,
    ],
    "commits_what_failed": [test_transactions.test_an_exception_leaves_nothing_behind],
    "lets_writers_overtake": [overtaking],
    "reads_the_newest_in_a_snapshot": [test_transactions.test_a_snapshot_stays_as_it_began],
    "reads_what_was_there_at_its_first_question": [test_transactions.test_a_snapshot_stays_as_it_began],
    "remembers_answers": [test_transactions.test_every_handle_reads_a_commit_at_once],
    "never_says_that_it_changed": [test_transactions.test_the_version_differs_after_every_commit],
    "takes_anything_twice": [two_of_one_id],
    "takes_what_names_nothing": [a_name_of_nothing],
    "hands_out_what_it_keeps": [values],
}
CATCHES = [
    pytest.param(engine, getattr(broken, mutant), check, id=f"{engine}-{mutant}-{check.__name__}")
    for engine, broken in (("tinydb", TinyDb), ("postgresql", PostgreSql))
    for mutant in vars(broken)
    if not mutant.startswith("__")
    for check in CAUGHT_BY[mutant]
]


@pytest.mark.parametrize(("engine", "mutant", "check"), CATCHES)
def test_the_contract_catches(
    engine: str, mutant: Mutant, check: Check, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(engine, tmp_path)
    fill(engine, tmp_path)
    mutant(monkeypatch, tmp_path)
    caught = (AssertionError, DuplicateRecord, RegisterUnavailable, pytest.fail.Exception)
    with ExitStack() as stack, pytest.raises(caught):
        check(lambda: stack.enter_context(closing(ENGINES[engine](tmp_path))))


@contextmanager
def _nothing() -> Iterator[None]:
    yield


@contextmanager
def _committing_always(storage: SqliteStorage) -> Iterator[None]:
    storage.rows("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        storage.rows("COMMIT")


def _keep_what_is_handed_out(patch: pytest.MonkeyPatch) -> None:
    kept: dict[Any, Any] = {}
    read = from_documents
    patch.setattr(
        engines_alike,
        "from_documents",
        lambda kind, documents: [kept.setdefault(repr(each), *read(kind, [each])) for each in documents],
    )


def _alter(place: Path, statement: str) -> None:
    with closing(sqlite3.connect(place / "register.db")) as raw:
        raw.execute(statement)
        raw.commit()


def _redefine(place: Path, statement: str) -> None:
    with closing(psycopg.connect(address(place), autocommit=True)) as owner:
        owner.execute(statement.encode())
