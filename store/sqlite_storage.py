"""TinyDB over SQLite: one row for each document, found by index, only ever added to.

Knows SQL, files and their failures. Leaves out what the documents mean and who may use a connection when
(tinydb_register.py). Nothing read is kept, so nothing read can go stale.

TinyDB's own extension points are used: `Storage` holds one connection, `table_class` reads rows instead of
the whole file. Three underscore methods of `Table` are overridden, hence the pin of TinyDB's version.
"""

import os
import sqlite3
from collections.abc import Callable, ItemsView, Iterator, Mapping, MutableMapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NoReturn, cast

from pydantic_core import from_json, to_json
from tinydb import TinyDB
from tinydb.queries import QueryLike
from tinydb.storages import Storage
from tinydb.table import Document, Table

from store.engine import BUSY_TIMEOUT_S
from store.register import (
    DanglingReference,
    DiskFull,
    DuplicateRecord,
    Link,
    NewerRegister,
    RegisterUnavailable,
)
from store.sqlite_statements import extracted, kinship

APPLICATION_ID = 0x67706169
SCHEMA_VERSION = 14
_UNIQUENESS = {sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY}
_NO_ROOM = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE}  # the second: over a quota or a file's limit

_GET = 'SELECT document FROM "{table}" WHERE doc_id = ?'
_NUMBERS = 'SELECT doc_id FROM "{table}" ORDER BY doc_id'
_LAST = 'SELECT coalesce(max(doc_id), 0) FROM "{table}"'
_ALL = 'SELECT doc_id, document FROM "{table}" ORDER BY doc_id'
_NEWEST = 'SELECT doc_id, document FROM "{table}" ORDER BY doc_id DESC LIMIT ?'
_PAGE = 'SELECT doc_id, document FROM "{table}" WHERE doc_id > ? ORDER BY doc_id LIMIT ?'
_WHERE = 'SELECT doc_id, document FROM "{table}" WHERE {conditions} ORDER BY doc_id'
_NEWEST_WHERE = f"{_WHERE} DESC LIMIT ?"
_ADD = 'INSERT INTO "{table}" VALUES (?, ?)'
_NO_UPDATE = """
    CREATE TRIGGER IF NOT EXISTS "{table}_no_update" BEFORE UPDATE ON "{table}"
    BEGIN SELECT RAISE(ABORT, 'the register is only ever added to'); END
"""
_NO_DELETE = """
    CREATE TRIGGER IF NOT EXISTS "{table}_no_delete" BEFORE DELETE ON "{table}"
    BEGIN SELECT RAISE(ABORT, 'the register is only ever added to'); END
"""
_NO_GAP = """
    CREATE TRIGGER IF NOT EXISTS "{table}_no_gap" BEFORE INSERT ON "{table}"
    WHEN NEW.doc_id <> (SELECT coalesce(max(doc_id), 0) + 1 FROM "{table}")
    BEGIN SELECT RAISE(ABORT, 'documents are numbered without gaps'); END
"""
_NOT_DANGLING = """
    CREATE TRIGGER IF NOT EXISTS "{table}_{name}_names_something" BEFORE INSERT ON "{table}"
    WHEN {named} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "{target}" WHERE {id} = {named})
    BEGIN SELECT RAISE(ABORT, '{dangling}: {table}.{name}'); END
"""
_DANGLING = "dangling reference"

_SETTINGS = (
    "PRAGMA synchronous = FULL",  # a commit returns when it is on the disk
    "PRAGMA cache_size = -8000",  # KiB
)

Row = tuple[Any, ...]
Value = str | int


class AppendOnly(TypeError):
    """Something tried to change or remove what the register keeps."""


class NotARegister(RegisterUnavailable):
    """The file is something else. Remedy: correct GANGPAI_STORE, or restore the register."""

    reason_zh = "“{path}”不是登记簿文件。"
    reason_en = "{path} is not a register file."
    remedy_zh = "请核对 GANGPAI_STORE，或从备份恢复。"
    remedy_en = "Correct GANGPAI_STORE, or restore a backup."


class OrphanedLog(RegisterUnavailable):
    """The register is gone, but its newest commits are there. Remedy: put it back, or remove what is left."""

    reason_zh = "登记簿文件不见了，但旁边还有它最近的写入：“{log}”。"
    reason_en = "The register file is gone, but its newest commits are still beside it: {log}."
    remedy_zh = "请把原文件放回原处；确认不再需要时，先删除该文件再新建。"
    remedy_en = (
        "Put the file back; or, if it is not wanted any more, remove this one before making a new one."
    )


@dataclass(frozen=True, kw_only=True)
class Shape:
    """The fields a table can be searched by, those no two documents share a value of, and what they name.

    A reference says in which table the document with that id has to be; one of `emptiable` may be empty.
    """

    indexed: tuple[str, ...]
    unique: tuple[str, ...]
    references: Mapping[str, str] = field(default_factory=dict)
    emptiable: frozenset[str] = frozenset()


Schema = Mapping[str, Shape]


class SqliteStorage(Storage):
    """One connection to the file; used by one thread at a time. After a failure it is closed for good."""

    def __init__(self, path: Path, schema: Schema) -> None:
        self.path = path
        self.schema = schema
        self.closed = False
        self._file = _identity(path)
        self._connection = _connect(path, mode="rw")
        self._check_format()

    def read(self) -> dict[str, Any]:
        """Return the tables, each a lazy mapping over its rows."""
        return {name: Rows(self, name) for name in self.schema}

    def write(self, data: dict[str, Any]) -> NoReturn:
        """Refuse: documents are added through the tables, and never replaced as a whole."""
        raise AppendOnly(f"cannot replace the register by {len(data)} tables")

    def close(self) -> None:
        """Give the connection back to the system."""
        self.closed = True
        self._connection.close()

    def is_current(self) -> bool:
        """Whether the path still leads to the file this connection has open."""
        try:
            return self._file == _identity(self.path)
        except RegisterUnavailable:
            return False

    def rows(self, statement: str, *values: Value) -> list[Row]:
        """Run a statement and return all it yields; after a failure nothing more runs on this connection.

        Raises:
            DuplicateRecord: a unique field is taken.
            DanglingReference: a document named is not there.
            AppendOnly: the statement would change or remove a document.
            RegisterUnavailable: the file cannot be read or written.

        """
        try:
            return self._connection.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            self.close()
            raise _meaning_of(error, self.path) from error

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Keep other writers out, and commit at the end; an exception leaves nothing behind."""
        self.rows("BEGIN IMMEDIATE")
        with self._rolled_back_unless_ended():
            yield
            self.rows("COMMIT")
        if not self.is_current():
            raise RegisterUnavailable  # what was written went down with a file that is no longer there

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Read one state of the file until the end."""
        self.rows("BEGIN")
        with self._rolled_back_unless_ended():
            self.rows("SELECT 1 FROM sqlite_schema LIMIT 1")  # BEGIN alone does not choose the state
            yield

    @contextmanager
    def _rolled_back_unless_ended(self) -> Iterator[None]:
        try:
            yield
        finally:
            if not self.closed and self._connection.in_transaction:
                self.rows("ROLLBACK")

    def _check_format(self) -> None:
        [(application,)] = self.rows("PRAGMA application_id")
        [(version,)] = self.rows("PRAGMA user_version")
        if application != APPLICATION_ID:
            self.close()
            raise NotARegister(path=self.path)
        if version > SCHEMA_VERSION:
            self.close()
            raise NewerRegister(found=version, known=SCHEMA_VERSION)
        if version < SCHEMA_VERSION:
            self._upgrade()

    def _upgrade(self) -> None:
        """Add to a file of an earlier release what it lacks; who comes meanwhile waits, and adds nothing."""
        with self.writing():
            for statement in _definitions(self.schema):
                self.rows(statement)


class Rows(Mapping[str, dict[str, Any]]):
    """The documents of one table under their numbers, read when asked for; each answer is a fresh copy."""

    def __init__(self, storage: SqliteStorage, table: str) -> None:
        self._storage = storage
        self._table = table

    def __getitem__(self, doc_id: str) -> dict[str, Any]:
        for (document,) in self._run(_GET, int(doc_id)):
            return cast("dict[str, Any]", from_json(document))
        raise KeyError(doc_id)

    def __iter__(self) -> Iterator[str]:
        return (str(doc_id) for (doc_id,) in self._run(_NUMBERS))

    def __len__(self) -> int:
        [(last,)] = self._run(_LAST)  # the numbers have no gaps
        return cast("int", last)

    def items(self) -> ItemsView[str, dict[str, Any]]:
        """Read all documents by one statement."""
        return _RowItems(self)

    def all(self) -> list[Row]:
        """Return number and text of all documents, oldest first."""
        return self._run(_ALL)

    def newest(self, limit: int, fields: Mapping[str, Value]) -> list[Row]:
        """Return number and text of up to `limit` documents with these values, newest first."""
        if not fields:
            return self._run(_NEWEST, limit)
        return self._matching(_NEWEST_WHERE, fields, limit)

    def page(self, after: int, limit: int) -> list[Row]:
        """Return number and text of up to `limit` documents numbered beyond `after`, oldest first."""
        return self._run(_PAGE, after, limit)

    def where(self, fields: Mapping[str, Value]) -> list[Row]:
        """Return number and text of the documents whose indexed fields have these values, oldest first."""
        return self._matching(_WHERE, fields)

    def related(self, field: str, values: Sequence[str], links: Sequence[Link[Any]]) -> list[Row]:
        """Return the documents whose field has one of the values, with what belongs to them, in no order.

        Each row is the number of the document asked for, the place of the link (0 for the document itself,
        else from 1 on), and number and text of what was found.
        """
        return self._storage.rows(kinship(self._table, field, links), to_json(values).decode())

    def add(self, doc_id: int, document: Mapping[str, Any]) -> None:
        """Write a document under the next number."""
        self._run(_ADD, doc_id, to_json(document).decode())

    def _matching(self, statement: str, fields: Mapping[str, Value], *others: Value) -> list[Row]:
        try:
            selection = _selection(statement, self._table, tuple(fields))
            return self._storage.rows(selection, *fields.values(), *others)
        except (OverflowError, UnicodeEncodeError):
            return []  # a number or text that no row can hold

    def _run(self, statement: str, *values: Value) -> list[Row]:
        return self._storage.rows(statement.format(table=self._table), *values)


class _RowItems(ItemsView[str, dict[str, Any]]):
    _mapping: Rows

    def __iter__(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for doc_id, document in self._mapping.all():
            yield str(doc_id), from_json(document)


class Additions(MutableMapping[int, Mapping[str, Any]]):
    """What TinyDB's updaters are handed: it takes new documents and refuses everything else."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def __contains__(self, doc_id: object) -> bool:
        return str(doc_id) in self._rows

    def __setitem__(self, doc_id: int, document: Mapping[str, Any]) -> None:
        self._rows.add(doc_id, document)

    def __getitem__(self, doc_id: int) -> NoReturn:
        raise AppendOnly(f"document {doc_id} is not there to be changed")

    def __delitem__(self, doc_id: int) -> NoReturn:
        raise AppendOnly(f"document {doc_id} is not there to be removed")

    def __iter__(self) -> NoReturn:
        raise AppendOnly("the documents are not there to be changed")

    def __len__(self) -> int:
        return len(self._rows)


class RowTable(Table):
    """A TinyDB table whose documents are rows; queries are answered by index or refused."""

    def __init__(self, storage: SqliteStorage, name: str) -> None:
        super().__init__(storage, name)
        self.rows = Rows(storage, name)
        shape = storage.schema[name]
        self._searchable = frozenset(("id", *shape.indexed, *shape.unique))

    def search(self, cond: QueryLike) -> list[Document]:
        """Return the documents the query accepts, oldest first; an index narrows, the query decides.

        Raises:
            LookupError: no equality of the query is on an indexed field.

        """
        fields = {
            name: value
            for name, value in _equalities(getattr(cond, "_hash", None))
            if name in self._searchable
        }
        if not fields:
            raise LookupError(f"{self.name} has no index for {cond!r}")
        return [document for document in self.matching(fields) if cond(document)]

    def matching(self, fields: Mapping[str, Value]) -> list[Document]:
        """Return the documents whose indexed fields have these values, oldest first."""
        return _documents(self.rows.where(fields))

    def get(
        self, cond: QueryLike | None = None, doc_id: int | None = None, doc_ids: list[Any] | None = None
    ) -> Any:  # noqa: ANN401 - one body for TinyDB's seven overloads
        """Return one document, or those with the numbers given, as TinyDB does."""
        if cond is not None and doc_id is None and doc_ids is None:
            return next(iter(self.search(cond)), None)
        return super().get(cond, doc_id, cast("list[Any]", doc_ids))

    def newest(self, limit: int, fields: Mapping[str, Value]) -> list[Document]:
        """Return up to `limit` documents whose indexed fields have these values, newest first."""
        return _documents(self.rows.newest(limit, fields))

    def page(self, after: int, limit: int) -> list[Document]:
        """Return up to `limit` documents numbered beyond `after`, oldest first."""
        return _documents(self.rows.page(after, limit))

    def _get_next_id(self) -> int:
        return len(self.rows) + 1

    def _read_table(self) -> Any:  # noqa: ANN401 - TinyDB says dict, and reads it as a mapping
        return self.rows

    def _update_table(self, updater: Callable[[Any], None]) -> None:
        updater(Additions(self.rows))


class RowDB(TinyDB):
    """TinyDB with rows for tables."""

    default_storage_class = SqliteStorage  # type: ignore[assignment] # TinyDB names its own default here
    table_class = RowTable  # type: ignore[assignment] # made by TinyDB.table, with this storage only

    storage: SqliteStorage


def _documents(rows: list[Row]) -> list[Document]:
    return [Document(from_json(document), doc_id) for doc_id, document in rows]


def _equalities(described: Any) -> Iterator[tuple[str, Value]]:  # noqa: ANN401 - nested tuples of anything
    """Read `field == value` out of the hash by which TinyDB describes a query."""
    match described:
        case ("==", (name,), value) if isinstance(value, str | int):
            yield name, value
        case ("and", parts):
            yield from chain.from_iterable(map(_equalities, parts))


@lru_cache
def _selection(statement: str, table: str, fields: tuple[str, ...]) -> str:
    conditions = " AND ".join(f"{extracted(name)} = ?" for name in fields)
    return statement.format(table=table, conditions=conditions)


def create(path: Path, schema: Schema) -> None:
    """Make a register where there is no file; leave any file as it is.

    It is made aside and linked into place, so that nobody ever opens half of one.

    Raises:
        OrphanedLog: a log without its register is there; SQLite would apply it to the new one.
        RegisterUnavailable: the directory is missing or cannot be written.

    """
    log = path.with_name(f"{path.name}-wal")
    try:
        orphaned = log.exists()  # asked first: a register made meanwhile has its file before its log
        if path.exists():
            return
        if orphaned:
            raise OrphanedLog(log=log)
        _make(path, schema)
    except (OSError, sqlite3.Error) as error:
        raise RegisterUnavailable from error


def _make(path: Path, schema: Schema) -> None:
    with TemporaryDirectory(prefix=f".{path.name}-", dir=path.parent) as aside:
        made = Path(aside, path.name)
        _define(made, schema)
        with suppress(FileExistsError):  # another process was faster
            os.link(made, path)


def _define(path: Path, schema: Schema) -> None:
    with closing(_connect(path, mode="rwc")) as connection:
        connection.execute("PRAGMA journal_mode = WAL")  # kept in the file
        connection.execute("BEGIN")
        for statement in _definitions(schema):
            connection.execute(statement)
        connection.execute("COMMIT")


def _definitions(schema: Schema) -> Iterator[str]:
    for table, shape in schema.items():
        yield f'CREATE TABLE IF NOT EXISTS "{table}" (doc_id INTEGER PRIMARY KEY, document TEXT NOT NULL)'
        for name in ("id", *shape.unique):
            yield f'CREATE UNIQUE INDEX IF NOT EXISTS "{table}_{name}" ON "{table}" ({extracted(name)})'
        for name in set(shape.indexed) - set(shape.unique):
            yield f'CREATE INDEX IF NOT EXISTS "{table}_{name}" ON "{table}" ({extracted(name)})'
        yield from _walls(table)
        yield from _references(table, shape)
    yield f"PRAGMA application_id = {APPLICATION_ID}"
    yield f"PRAGMA user_version = {SCHEMA_VERSION}"


def _walls(table: str) -> Iterator[str]:
    yield _NO_UPDATE.format(table=table)
    yield _NO_DELETE.format(table=table)
    yield _NO_GAP.format(table=table)


def _references(table: str, shape: Shape) -> Iterator[str]:
    for name, target in shape.references.items():
        value = extracted(name, of="NEW.document")
        named = f"nullif({value}, '')" if name in shape.emptiable else value
        yield _NOT_DANGLING.format(
            table=table, name=name, named=named, target=target, id=extracted("id"), dangling=_DANGLING
        )


def _connect(path: Path, *, mode: str) -> sqlite3.Connection:
    address = f"{path.absolute().as_uri()}?mode={mode}"
    try:
        connection = sqlite3.connect(
            address, uri=True, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
        )
    except sqlite3.Error as error:
        raise _meaning_of(error, path) from error
    try:
        for setting in _SETTINGS:
            connection.execute(setting)
    except sqlite3.Error as error:
        connection.close()
        raise _meaning_of(error, path) from error
    return connection


def _identity(path: Path) -> tuple[int, int]:
    try:
        found = os.stat(path)  # noqa: PTH116 - Path.stat costs twice as much, and every look-up asks
    except OSError as error:
        raise RegisterUnavailable from error
    return found.st_dev, found.st_ino


def _meaning_of(error: sqlite3.Error, path: Path) -> Exception:
    code = getattr(error, "sqlite_errorcode", None)
    if code in _UNIQUENESS:
        return DuplicateRecord(str(error))
    if code == sqlite3.SQLITE_CONSTRAINT_TRIGGER:
        return DanglingReference(str(error)) if _DANGLING in str(error) else AppendOnly(str(error))
    if code in _NO_ROOM:
        return DiskFull()
    return NotARegister(path=path) if code == sqlite3.SQLITE_NOTADB else RegisterUnavailable()
