"""The contract catches broken engines: the embedded one with one thing taken away."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from store import sqlite_storage, tinydb_register
from store.documents import from_documents
from store.register import DuplicateRecord, RegisterUnavailable
from store.sqlite_storage import RowTable, SqliteStorage
from store.tinydb_register import TinyDbRegister
from tests.store.contract import test_records, test_transactions
from tests.store.contract.engines import OpenRegister


def commits_each_statement(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(SqliteStorage, "writing", lambda _: _nothing())


def reads_the_newest_in_a_snapshot(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(SqliteStorage, "reading", lambda _: _nothing())


def commits_what_failed(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(SqliteStorage, "writing", _committing_always)


def remembers_answers(patch: pytest.MonkeyPatch) -> None:
    answers: dict[Any, Any] = {}
    matching = RowTable.matching

    def remembered(table: RowTable, fields: dict[str, Any]) -> Any:
        return answers.setdefault((table.name, *fields.items()), matching(table, fields))

    patch.setattr(RowTable, "matching", remembered)


def never_says_that_it_changed(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(TinyDbRegister, "version", lambda _: 1)


def takes_anything_twice(patch: pytest.MonkeyPatch) -> None:
    define = sqlite_storage._definitions  # noqa: SLF001 - the mutant is what this would be without UNIQUE
    patch.setattr(
        sqlite_storage,
        "_definitions",
        lambda schema: (statement.replace("UNIQUE ", "") for statement in define(schema)),
    )


def hands_out_what_it_keeps(patch: pytest.MonkeyPatch) -> None:
    kept: dict[Any, Any] = {}
    read = from_documents
    patch.setattr(
        tinydb_register,
        "from_documents",
        lambda kind, documents: [kept.setdefault(repr(each), *read(kind, [each])) for each in documents],
    )


CATCHES: list[tuple[Callable[[pytest.MonkeyPatch], None], Callable[[OpenRegister], None]]] = [
    (commits_each_statement, test_transactions.test_an_exception_leaves_nothing_behind),
    (commits_each_statement, test_transactions.test_nobody_sees_a_transaction_before_its_end),
    (commits_what_failed, test_transactions.test_an_exception_leaves_nothing_behind),
    (reads_the_newest_in_a_snapshot, test_transactions.test_a_snapshot_stays_as_it_began),
    (remembers_answers, test_transactions.test_every_handle_reads_a_commit_at_once),
    (never_says_that_it_changed, test_transactions.test_the_version_differs_after_every_commit),
    (
        takes_anything_twice,
        lambda opening: test_records.test_two_records_of_one_append_cannot_share_an_id(opening()),
    ),
    (hands_out_what_it_keeps, lambda opening: test_records.test_what_is_handed_out_is_a_value(opening())),
]


@pytest.fixture
def open_embedded(tmp_path: Path) -> Iterator[OpenRegister]:
    with ExitStack() as stack:
        yield lambda: stack.enter_context(closing(TinyDbRegister(tmp_path / "register.db")))


@pytest.mark.parametrize(("mutant", "check"), CATCHES)
def test_the_contract_catches(
    mutant: Callable[[pytest.MonkeyPatch], None],
    check: Callable[[OpenRegister], None],
    open_embedded: OpenRegister,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mutant(monkeypatch)
    with pytest.raises((AssertionError, DuplicateRecord, RegisterUnavailable, pytest.fail.Exception)):
        check(open_embedded)


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
