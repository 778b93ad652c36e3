"""A register file of any size in moments: documents spelled from one model, indexes built when all are in.

Leaves out the log: what is measured on such a file is reading.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bench.filling import (
    COPIES_PER_POST,
    DOCUMENTS_PER_POST,
    applications,
    branch_id_of,
    code,
    copies,
    fill,
    post_id_of,
    posts,
)
from store.documents import to_document
from store.records import Application, Copy, Post, Record
from store.tinydb_register import TinyDbRegister

SCHEMA = "SELECT name, type, sql FROM sqlite_schema WHERE type IN ('index', 'trigger') AND sql IS NOT NULL"


def fill_file(path: Path, size: int) -> None:
    """Make a register at the path with so many copies, the same as `bench.filling` enters one by one."""
    with closing(TinyDbRegister(path)) as register:
        fill(register, DOCUMENTS_PER_POST)
    with in_bulk(path) as file:
        for table, rows in _rows(range(1, -(-size // COPIES_PER_POST))):
            _insert(file, table, rows)


def pour(path: Path, classes: Iterable[tuple[type[Record], Iterable[Record]]]) -> None:
    """Add records, class by class, to a register at the path that holds none of these classes."""
    with in_bulk(path) as file:
        for kind, records in classes:
            _insert(file, kind.__name__, enumerate(map(_text, records), start=1))


@contextmanager
def in_bulk(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a register's file for very many rows: its indexes and walls stand again at the end."""
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("PRAGMA synchronous = OFF")
        laid_aside = file.execute(SCHEMA).fetchall()
        file.execute("BEGIN")
        for name, kind, _ in laid_aside:
            file.execute(f'DROP {kind} "{name}"')
        yield file
        for *_, sql in laid_aside:
            file.execute(sql)
        file.execute("COMMIT")
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _insert(file: sqlite3.Connection, table: str, rows: Iterable[tuple[int, str]]) -> None:
    file.executemany(f'INSERT INTO "{table}" VALUES (?, ?)', rows)  # noqa: S608 - the name of a class


def _rows(numbers: range) -> Iterator[tuple[str, Iterator[tuple[int, str]]]]:
    model = range(1)
    for kind, records in ((Post, posts(model)), (Application, applications(model))):
        yield kind.__name__, _of_posts(_text(next(records)), numbers)
    yield Copy.__name__, _of_copies(_text(next(copies(model))), numbers)


def _text(record: Record) -> str:
    return json.dumps(to_document(record), ensure_ascii=False, separators=(",", ":"))


def _of_posts(model: str, numbers: range) -> Iterator[tuple[int, str]]:
    return ((number + 1, _moved(model, number)) for number in numbers)


def _of_copies(model: str, numbers: range) -> Iterator[tuple[int, str]]:
    for number in numbers:
        of_post, post_id = _moved(model, number), post_id_of(number)
        for each in range(COPIES_PER_POST):
            place = number * COPIES_PER_POST + each
            of_copy = of_post.replace(f'"{post_id}-00"', f'"{post_id}-{each:02d}"')
            yield place + 1, of_copy.replace(code(0).text, code(place).text)


def _moved(model: str, number: int) -> str:
    """Return the document of the first post's record as that of another post's."""
    first, other = (f'"{branch_id_of(each)}"' for each in (0, number))
    return model.replace(post_id_of(0), post_id_of(number)).replace(first, other)
