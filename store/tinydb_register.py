"""The register in one file on one machine: TinyDB in front, SQLite underneath.

Knows who may use a connection when: each reader and writer has one to itself, processes share only the file.
Leaves out SQL (sqlite_storage.py) and the spelling of records (documents.py).
"""

import os
import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import count, groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, NoReturn, Self, TypeVar, cast

from tinydb.table import Document

from store.documents import UnknownKind, is_storable, to_document
from store.engine import (
    BUSY_TIMEOUT_S,
    LendingRegister,
    keep_inherited,
    page_of,
    records_of,
    refuse_unindexed,
    refuse_unlinkable,
    related_of,
    salt,
)
from store.records import INDEXED, KINDS, MAY_BE_EMPTY, REFERENCES, UNIQUE, LogEntry, Record
from store.register import Link, Reader, Related, Transaction
from store.sqlite_storage import RowDB, RowTable, Schema, Shape, create

R = TypeVar("R", bound=Record)

CONNECTIONS_MOST = 64


def _shape(kind: type[Record]) -> Shape:
    references = REFERENCES.get(kind, {})
    return Shape(
        indexed=INDEXED.get(kind, ()),
        unique=UNIQUE.get(kind, ()),
        references={name: target.__name__ for name, target in references.items()},
        emptiable=frozenset(name for name in references if (kind, name) in MAY_BE_EMPTY),
    )


SCHEMA: Schema = {kind.__name__: _shape(kind) for kind in KINDS}


class _Connection(RowDB):
    """One connection with the table of each record class; used by one reader or writer at a time."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, SCHEMA)
        self.by_kind = {kind: cast("RowTable", self.table(kind.__name__)) for kind in KINDS}

        self.newest_state: Reader = _TinyDbReader(self.by_kind)

    def is_usable(self) -> bool:
        """Whether it works and the path still leads to its file."""
        return not self.storage.closed and self.storage.is_current()

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        """Read one state of the file until the end."""
        with self.storage.reading(), _TinyDbReader(self.by_kind).until_the_end() as reader:
            yield reader

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        """Keep other writers out, and commit at the end."""
        with self.storage.writing(), _TinyDbTransaction(self.by_kind).until_the_end() as transaction:
            yield transaction


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
        refuse_unindexed(kind, fields)
        return _records(kind, table.matching(fields) if fields else table.all())

    def related(
        self, kind: type[R], field: str, values: Collection[str], links: Sequence[Link[Any]], /
    ) -> dict[str, list[Related[R]]]:
        refuse_unlinkable(kind, field, tuple(links))  # type: ignore[arg-type] # a class can be hashed
        asked = [value for value in dict.fromkeys(values) if is_storable(value)]
        parts = self._table(kind).rows.related(field, asked, tuple(links))
        return related_of(kind, field, values, links, parts)

    def count(self, kind: type[R], /) -> int:
        return len(self._table(kind))

    def newest(self, kind: type[R], /, limit: int, **fields: str | int) -> Iterator[R]:
        table = self._table(kind)
        refuse_unindexed(kind, fields)
        return iter(_records(kind, table.newest(limit, fields)))

    def iterate(self, kind: type[R], /) -> Iterator[R]:
        after = 0
        while page := self._table(kind).page(after, page_of(kind)):
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
        return salt()


class _Watcher:
    """A connection that never writes: SQLite tells it of every commit by the others."""

    def __init__(self, path: Path, generation: int) -> None:
        self.pid = os.getpid()
        self.generation = generation
        self._connection = _Connection(path)

    def is_usable(self) -> bool:
        """Whether it works, and belongs to this process."""
        return self.pid == os.getpid() and self._connection.is_usable()

    def version(self) -> int:
        """Return a number that no other watcher returns, and that differs after every commit."""
        [(commits,)] = self._connection.storage.rows("PRAGMA data_version")
        return self.generation << 32 | cast("int", commits)

    def close(self) -> None:
        """Close the connection, or keep it where it is a parent process's."""
        if self.pid == os.getpid():
            self._connection.close()
        else:
            keep_inherited(self)


class TinyDbRegister(LendingRegister[_Connection]):
    """The embedded register; threads and processes of one machine may share its file."""

    def __init__(self, path: Path) -> None:
        """Open the register at `path`, creating the file, but no directory, if there is none.

        Raises:
            RegisterUnavailable: the file cannot be created or read, or is not a register.

        """
        super().__init__(partial(_Connection, path), most=CONNECTIONS_MOST, patience_s=BUSY_TIMEOUT_S)
        self._path = path
        self._generations = count()
        self._watching = threading.Lock()
        self._watcher: _Watcher | None = None
        create(path, SCHEMA)
        self.count(LogEntry)  # the file is a register of a format this program knows

    def version(self) -> int:
        """Return a number that differs after any commit by any thread or process."""
        with self._watching:
            if self._watcher is None or not self._watcher.is_usable():
                self._stop_watching()
                self._watcher = _Watcher(self._path, next(self._generations))
            return self._watcher.version()

    def close(self) -> None:
        """Close what is open and not in use; a later call opens it again."""
        super().close()
        with self._watching:
            self._stop_watching()

    def _stop_watching(self) -> None:
        if self._watcher is not None:
            self._watcher.close()
            self._watcher = None


def _records(kind: type[R], documents: list[Document]) -> list[R]:
    return records_of(kind, [(document.doc_id, document) for document in documents])
