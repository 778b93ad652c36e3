"""The named peers: what the same machine gives without this program, each used the way its manual shows.

None of them binds anything in a log or checks a rule: an insert of one copy and a look-up by its code.
"""

import json
import sqlite3
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
from tinydb import TinyDB, where

from bench.filling import code, copy
from store.documents import to_document


def document(number: int) -> str:
    """Return a copy as the JSON text that all peers keep."""
    return json.dumps(to_document(copy(number)), ensure_ascii=False)


class StockTinyDb:
    """TinyDB as it comes: one JSON file, rewritten at every insert."""

    def __init__(self, path: Path, documents: int) -> None:
        stored = {str(number + 1): to_document(copy(number)) for number in range(documents)}
        path.write_text(json.dumps({"Copy": stored}))
        self._table = TinyDB(path).table("Copy", cache_size=0)
        self._numbers = count(documents)
        self._wanted = where("code") == code(documents // 2).text

    def insert(self) -> None:
        """Insert one copy; nothing is synced to the disk."""
        self._table.insert(to_document(copy(next(self._numbers))))

    def look_up(self) -> None:
        """Find one copy by its code."""
        self._table.get(self._wanted)


class BareSqlite:
    """The sqlite3 module, one table with two indexes, every commit synced."""

    def __init__(self, path: Path, documents: int) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        for statement in _BARE_SQLITE:
            self._connection.execute(statement)
        template = document(0)
        self._connection.execute("BEGIN")
        rows = ((copy_id, text, template) for copy_id, text in _keys(range(documents)))
        self._connection.executemany("INSERT INTO copy VALUES (?, ?, ?)", rows)
        self._connection.execute("COMMIT")
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        self._rows = ((*key, template) for key in _keys(count(documents)))

    def insert(self) -> None:
        """Insert one copy and wait until it is on the disk."""
        self._connection.execute("INSERT INTO copy VALUES (?, ?, ?)", next(self._rows))

    def look_up(self, wanted: str) -> None:
        """Find one copy by its code and read its JSON."""
        [(text,)] = self._connection.execute("SELECT document FROM copy WHERE code = ?", (wanted,))
        json.loads(text)


_BARE_SQLITE = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "CREATE TABLE copy (id TEXT PRIMARY KEY, code TEXT UNIQUE, document TEXT NOT NULL)",
)


class BarePsycopg:
    """psycopg alone, one table with two indexes, every commit synced."""

    def __init__(self, dsn: str, documents: int) -> None:
        self._connection = psycopg.connect(dsn, autocommit=True, prepare_threshold=0)
        self._connection.execute("CREATE TABLE copy (id text PRIMARY KEY, code text UNIQUE, document jsonb)")
        template = document(0)
        with self._connection.cursor() as cursor, cursor.copy("COPY copy FROM STDIN") as filling:
            for copy_id, text in _keys(range(documents)):
                filling.write_row((copy_id, text, template))
        self._connection.execute("ANALYZE copy")
        self._rows = ((*key, template) for key in _keys(count(documents)))

    def insert(self) -> None:
        """Insert one copy and wait until it is on the disk."""
        self._connection.execute("INSERT INTO copy VALUES (%s, %s, %s)", next(self._rows))

    def look_up(self, wanted: str) -> None:
        """Find one copy by its code and read its JSON."""
        self._connection.execute("SELECT document FROM copy WHERE code = %s", (wanted,)).fetchone()

    def close(self) -> None:
        """Sign off."""
        self._connection.close()


def _keys(numbers: Iterator[int] | range) -> Iterator[tuple[str, str]]:
    return ((f"2026-{number}", code(number).text) for number in numbers)
