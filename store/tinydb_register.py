"""The register in one file on one machine: TinyDB in front, SQLite underneath.

Knows who may use a connection when: each reader and writer has one to itself, processes share only the file.
Leaves out SQL (sqlite_storage.py) and the spelling of records (documents.py).
"""

import os
import secrets
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count, groupby
from operator import itemgetter
from pathlib import Path
from typing import NoReturn, Self, TypeVar, cast

from tinydb.table import Document

from store.documents import DamagedDocument, UnknownKind, from_document, from_documents, to_document
from store.records import INDEXED, KINDS, UNIQUE, LogEntry, Record
from store.register import DamagedRegister, Reader, RegisterUnavailable, Transaction
from store.sqlite_storage import BUSY_TIMEOUT_S, RowDB, RowTable, Schema, Shape, create

R = TypeVar("R", bound=Record)

PAGE = 500
SALT_BYTES = 16

SCHEMA: Schema = {
    kind.__name__: Shape(indexed=INDEXED.get(kind, ()), unique=UNIQUE.get(kind, ())) for kind in KINDS
}


class NestedTransaction(RuntimeError):
    """A thread began a transaction inside its own."""


class _Connection(RowDB):
    """One connection with the table of each record class; used by one reader or writer at a time."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, SCHEMA)
        self.by_kind = {kind: cast("RowTable", self.table(kind.__name__)) for kind in KINDS}

    def is_usable(self) -> bool:
        """Whether it works and the path still leads to its file."""
        return not self.storage.closed and self.storage.is_current()


class _Ended(dict[type[Record], RowTable]):
    """Stands for the tables when the block that could use them has ended."""

    def __missing__(self, kind: type[Record]) -> NoReturn:
        raise RuntimeError(f"{kind.__name__} is asked for after the end of the block")


class _TinyDbReader:
    """Reads through one connection, in whatever state that connection is."""

    def __init__(self, tables: dict[type[Record], RowTable]) -> None:
        self._tables = tables

    def get(self, kind: type[R], record_id: str, /) -> R | None:
        found = _records(kind, self._table(kind).matching({"id": record_id}))
        return found[0] if found else None

    def find(self, kind: type[R], /, **fields: str | int) -> list[R]:
        table = self._table(kind)
        _check_indexed(kind, fields)
        return _records(kind, table.matching(fields) if fields else table.all())

    def count(self, kind: type[R], /) -> int:
        return len(self._table(kind))

    def newest(self, kind: type[R], /, limit: int) -> Iterator[R]:
        return iter(_records(kind, self._table(kind).newest(limit)))

    def iterate(self, kind: type[R], /) -> Iterator[R]:
        after = 0
        while page := self._table(kind).page(after, PAGE):
            yield from _records(kind, page)
            after = page[-1].doc_id

    @contextmanager
    def until_the_end(self) -> Iterator[Self]:
        """Hand itself out for a block and be of no use afterwards, when the connection is another's."""
        try:
            yield self
        finally:
            self._tables = _Ended()

    def _table(self, kind: type[Record]) -> RowTable:
        try:
            return self._tables[kind]
        except KeyError:
            raise UnknownKind(kind.__name__) from None


class _TinyDbTransaction(_TinyDbReader):
    """Reads and appends through the connection that holds the write lock."""

    def append(self, *records: Record) -> None:
        spelled = [(self._table(type(record)), to_document(record)) for record in records]
        for table, group in groupby(spelled, itemgetter(0)):
            table.insert_multiple(document for _, document in group)

    def salt(self) -> str:
        return secrets.token_hex(SALT_BYTES)


@dataclass
class _Process:
    """What one process holds of the register. A connection must not cross a fork."""

    pid: int
    idle: list[_Connection] = field(default_factory=list)
    watcher: _Connection | None = None
    watching: threading.Lock = field(default_factory=threading.Lock)
    writing: threading.Lock = field(default_factory=threading.Lock)
    writer: int | None = None


_INHERITED: list[_Process] = []
"""What a forked process got from its parent: closing it would disturb the parent's locks, so it is kept."""


class TinyDbRegister:
    """The embedded register; threads and processes of one machine may share its file."""

    def __init__(self, path: Path) -> None:
        """Open the register at `path`, creating the file, but no directory, if there is none.

        Raises:
            RegisterUnavailable: the file cannot be created or read, or is not a register.

        """
        self._path = path
        self._process = _Process(os.getpid())
        self._generations = count()
        self._generation = 0
        create(path, SCHEMA)
        self.count(LogEntry)  # the file is a register of a format this program knows

    def get(self, kind: type[R], record_id: str, /) -> R | None:
        """Return the record with this id in the newest state, or None."""
        with self._lent() as connection:
            return _TinyDbReader(connection.by_kind).get(kind, record_id)

    def find(self, kind: type[R], /, **fields: str | int) -> list[R]:
        """Return the records of the newest state whose indexed fields have these values, oldest first."""
        with self._lent() as connection:
            return _TinyDbReader(connection.by_kind).find(kind, **fields)

    def count(self, kind: type[R], /) -> int:
        """Return how many records of the class there are, in constant time."""
        with self._lent() as connection:
            return _TinyDbReader(connection.by_kind).count(kind)

    def newest(self, kind: type[R], /, limit: int) -> Iterator[R]:
        """Return up to `limit` records of the class, newest first."""
        with self._lent() as connection:
            return _TinyDbReader(connection.by_kind).newest(kind, limit)

    def iterate(self, kind: type[R], /) -> Iterator[R]:
        """Return every record of the class in one state, oldest first, a page at a time."""
        with self.snapshot() as reader:
            yield from reader.iterate(kind)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Begin to write; leaving the block commits durably, an exception leaves nothing behind.

        Raises:
            NestedTransaction: this thread is writing already.
            RegisterUnavailable: another process writes for longer than 10 s, or the file fails.

        """
        with (
            self._only_writer(),
            self._lent() as connection,
            connection.storage.writing(),
            _TinyDbTransaction(connection.by_kind).until_the_end() as transaction,
        ):
            yield transaction

    @contextmanager
    def snapshot(self) -> Iterator[Reader]:
        """Begin to read one state, at least as new as every commit acknowledged before."""
        with (
            self._lent() as connection,
            connection.storage.reading(),
            _TinyDbReader(connection.by_kind).until_the_end() as reader,
        ):
            yield reader

    def version(self) -> int:
        """Return a number that differs after any commit by any thread or process."""
        process = self._here()
        with process.watching:
            watcher = self._watcher(process)
            [(commits,)] = watcher.storage.rows("PRAGMA data_version")
            return self._generation << 32 | cast("int", commits)

    def close(self) -> None:
        """Close what is open and not in use; a later call opens it again."""
        process = self._here()
        with suppress(IndexError):
            while True:
                process.idle.pop().close()
        with process.watching:
            if process.watcher is not None:
                process.watcher.close()

    def _watcher(self, process: _Process) -> _Connection:
        """Return the connection that never writes: SQLite tells it of every commit by the others."""
        watcher = process.watcher
        if watcher is not None and watcher.is_usable():
            return watcher
        if watcher is not None:
            watcher.close()
        self._generation = next(self._generations)
        process.watcher = _Connection(self._path)
        return process.watcher

    @contextmanager
    def _only_writer(self) -> Iterator[None]:
        """Queue the threads of this process here, where waiting is fair, and not at the file."""
        process = self._here()
        if process.writer == threading.get_ident():
            raise NestedTransaction
        if not process.writing.acquire(timeout=BUSY_TIMEOUT_S):
            raise RegisterUnavailable
        process.writer = threading.get_ident()
        try:
            yield
        finally:
            process.writer = None
            process.writing.release()

    @contextmanager
    def _lent(self) -> Iterator[_Connection]:
        idle = self._here().idle
        connection = self._take(idle)
        try:
            yield connection
        finally:
            if not connection.storage.closed:
                idle.append(connection)

    def _take(self, idle: list[_Connection]) -> _Connection:
        with suppress(IndexError):  # none is idle, or another thread took the last one in between
            while True:
                connection = idle.pop()
                if connection.is_usable():
                    return connection
                connection.close()
        return _Connection(self._path)

    def _here(self) -> _Process:
        if self._process.pid != os.getpid():
            _INHERITED.append(self._process)
            self._process = _Process(os.getpid())
        return self._process


def _check_indexed(kind: type[Record], fields: Iterable[str]) -> None:
    unindexed = set(fields).difference(INDEXED.get(kind, ()))
    if unindexed:
        raise LookupError(f"{kind.__name__} cannot be found by {', '.join(sorted(unindexed))}")


def _records(kind: type[R], documents: list[Document]) -> list[R]:
    try:
        return from_documents(kind, documents)
    except DamagedDocument as error:
        raise DamagedRegister(kind=kind.__name__, number=_first_damaged(kind, documents)) from error


def _first_damaged(kind: type[Record], documents: list[Document]) -> int:
    for document in documents:
        try:
            from_document(kind, document)
        except DamagedDocument:
            return document.doc_id
    raise LookupError(f"every {kind.__name__} can be read by itself")
