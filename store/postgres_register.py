"""The register in a PostgreSQL database: many workers, many machines.

Knows how records are read and added, in which transactions. Leaves out sessions and failures
(postgres_session.py), statements (postgres_statements.py), how the tables came to be (postgres_schema.py),
and who may use a session when (engine.py).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any, Self, TypeVar

from psycopg.types.json import Jsonb

from store.columns import columns_of, document_of, row_of
from store.documents import Document, is_storable, to_document
from store.engine import (
    LendingRegister,
    page_of,
    records_of,
    refuse_unindexed,
    refuse_unlinkable,
    related_of,
    salt,
)
from store.postgres_schema import WRITERS, prepare
from store.postgres_session import ANSWER_S, ROLLBACK, WRITE_S, Row, Session
from store.postgres_statements import kinship, statements
from store.records import LogEntry, Record
from store.register import Link, Reader, Related, Transaction

R = TypeVar("R", bound=Record)

SESSIONS_MOST = 10
"""How many sessions one process opens at once: eight workers stay below PostgreSQL's hundred."""

_TYPES = {"text": str, "bigint": int, "boolean": bool}
_BEGIN_READING = b"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT 1"  # BEGIN alone chooses no state
_BEGIN_WRITING = f"BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock({WRITERS})".encode()
_COMMIT = b"COMMIT"
"""Ends what was only read as well: after a rollback psycopg forgets every statement it had prepared."""
_COMMIT_WRITTEN = b"UPDATE commit_count SET n = n + 1; COMMIT"
_VERSION = b"SELECT n FROM commit_count"


class PostgresRegister(LendingRegister["_Connection"]):
    """The register as a database keeps it; any number of processes and machines may share it."""

    is_remote = True

    def __init__(self, dsn: str) -> None:
        """Open the register at the address, making its tables where they are missing or old.

        Raises:
            RegisterUnavailable: the server cannot answer, or the tables cannot be used or made.

        """
        super().__init__(partial(_Connection, dsn), most=SESSIONS_MOST, patience_s=ANSWER_S)
        self.count(LogEntry)  # the database is there and of a format this program knows

    def version(self) -> int:
        """Return a number that differs after any commit by any thread or process."""
        with self._lent() as connection:
            [(commits,)] = connection.session.rows(_VERSION)
            return int(commits)


class _Connection:
    """One session in the role that only reads and adds."""

    def __init__(self, dsn: str) -> None:
        self.session = Session.signed_in(dsn)
        self.newest_state: Reader = _PostgresReader(self.session)
        try:
            prepare(self.session)
        except BaseException:
            self.session.close()
            raise

    def is_usable(self) -> bool:
        return self.session.is_usable()

    def close(self) -> None:
        self.session.close()

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        with (
            self.session.block(_BEGIN_READING, _COMMIT),
            _PostgresReader(self.session).until_the_end() as reader,
        ):
            yield reader

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        with self.session.block(_BEGIN_WRITING, ROLLBACK, patience_s=WRITE_S):
            with _PostgresTransaction(self.session).until_the_end() as transaction:
                yield transaction
            self.session.commit_with(_COMMIT_WRITTEN if transaction.has_written else _COMMIT)


class _PostgresReader:
    """Reads through one session, in whatever state that session is."""

    def __init__(self, session: Session) -> None:
        self._lent: Session | None = session

    def get(self, kind: type[R], record_id: str, /) -> R | None:
        found = self._matching(kind, {"id": record_id})
        return found[0] if found else None

    def find(self, kind: type[R], /, **fields: str | int) -> list[R]:
        statements(kind)
        refuse_unindexed(kind, fields)
        return self._matching(kind, fields) if fields else list(self.iterate(kind))

    def related(
        self, kind: type[R], field: str, values: Collection[str], links: Sequence[Link[Any]], /
    ) -> dict[str, list[Related[R]]]:
        refuse_unlinkable(kind, field, tuple(links))  # type: ignore[arg-type] # a class can be hashed
        asked = [value for value in values if is_storable(value)]
        parts = self._session.rows(kinship(statements(kind), field, tuple(links)), (asked,))
        return related_of(kind, field, values, links, parts)

    def count(self, kind: type[R], /) -> int:
        [(last,)] = self._session.rows(statements(kind).last)  # the numbers have no gaps
        return int(last)

    def newest(self, kind: type[R], /, limit: int, **fields: str | int) -> Iterator[R]:
        statement = statements(kind)
        refuse_unindexed(kind, fields)
        if not all(_may_hold(kind, *each) for each in fields.items()):
            return iter(())
        rows = self._session.rows(statement.newest(tuple(fields)), (*fields.values(), limit))
        return iter(_records(kind, rows))

    def iterate(self, kind: type[R], /) -> Iterator[R]:
        after = 0
        while page := self._session.rows(statements(kind).page, (after, page_of(kind))):
            yield from _records(kind, page)
            after = page[-1][0]

    @contextmanager
    def until_the_end(self) -> Iterator[Self]:
        """Hand itself out for a block and be of no use afterwards, when the session is another's."""
        try:
            yield self
        finally:
            self._lent = None

    def _matching(self, kind: type[R], fields: Mapping[str, str | int]) -> list[R]:
        statement = statements(kind).matching(tuple(fields))
        if not all(_may_hold(kind, name, value) for name, value in fields.items()):
            return []
        return _records(kind, self._session.rows(statement, tuple(fields.values())))

    @property
    def _session(self) -> Session:
        if self._lent is None:
            raise RuntimeError("the register is asked after the end of the block")
        return self._lent


class _PostgresTransaction(_PostgresReader):
    """Reads and appends through the session that holds the writers' lock."""

    has_written = False

    def append(self, *records: Record) -> None:
        spelled = [(type(record), to_document(record)) for record in records]
        for kind, group in groupby(spelled, itemgetter(0)):
            documents = enumerate((document for _, document in group), start=self.count(kind) + 1)
            self._session.add(statements(kind).insertion, [_row(kind, *each) for each in documents])
            self.has_written = True

    def salt(self) -> str:
        return salt()


def _records(kind: type[R], rows: Sequence[Row]) -> list[R]:
    return records_of(kind, [(number, document_of(kind, values)) for number, *values in rows])


def _row(kind: type[Record], number: int, document: Document) -> Row:
    pairs = zip(columns_of(kind), row_of(kind, document), strict=True)
    return (number, *(Jsonb(value) if column.is_json else value for column, value in pairs))


def _may_hold(kind: type[Record], name: str, value: str | int) -> bool:
    """Whether a row could have this value: the server is asked only what can be put to it."""
    type_of_column = next(column.type for column in columns_of(kind) if column.name == name)
    return isinstance(value, _TYPES[type_of_column]) and is_storable(value)
