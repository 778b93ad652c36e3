"""The SQL by which records are read and added, derived from the columns of their classes.

Knows names and statements. Leaves out who runs them (postgres_register.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import groupby
from typing import Any

from psycopg import sql

from store.columns import NUMBER, Column, columns_of, table_of
from store.documents import UnknownKind
from store.records import KINDS, Record
from store.register import Link

_NUMBER = sql.Identifier(NUMBER)
_OLDEST = sql.SQL("ORDER BY {}").format(_NUMBER).as_bytes()
_NEWEST = sql.SQL("ORDER BY {} DESC LIMIT %s").format(_NUMBER).as_bytes()
_ROOTS = """
    WITH root AS MATERIALIZED (SELECT * FROM {table} WHERE {field} = ANY(%s))
    SELECT {number}, 0, {number}, {document} FROM root
"""
_BRANCH = "UNION ALL SELECT root.{number}, {place}, found.{number}, {document} FROM root {joins}"
_JOIN = "CROSS JOIN LATERAL (SELECT * FROM {table} WHERE {field} = {value} OFFSET 0) AS {name}"
"""OFFSET keeps the order: the server would rather read a table whole that was small when it last looked."""


@dataclass(frozen=True)
class Statements:
    """What is said to the server about one class."""

    kind: type[Record]

    @cached_property
    def last(self) -> bytes:
        """Ask for the number of the newest row, 0 if there is none."""
        return sql.SQL("SELECT coalesce(max({}), 0) FROM {}").format(_NUMBER, self._table).as_bytes()

    def newest(self, names: tuple[str, ...]) -> bytes:
        """Ask for so many of the rows whose fields of these names have the values given, newest first."""
        return self._selection + _conditions(names) + _NEWEST

    @cached_property
    def page(self) -> bytes:
        """Ask for the rows beyond a number, at most so many, oldest first."""
        return self._selection + sql.SQL("WHERE {0} > %s ORDER BY {0} LIMIT %s").format(_NUMBER).as_bytes()

    @cached_property
    def insertion(self) -> bytes:
        """Add one row: its number, then its values in the order of the columns."""
        values = sql.SQL(", ").join(sql.Placeholder() * len(self._names))
        statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})")
        return statement.format(self._table, sql.SQL(", ").join(self._names), values).as_bytes()

    def matching(self, names: tuple[str, ...]) -> bytes:
        """Ask for the rows whose fields of these names have the values given, oldest first."""
        return self._selection + _conditions(names) + _OLDEST

    @cached_property
    def _selection(self) -> bytes:
        names = sql.SQL(", ").join(self._names)
        return sql.SQL("SELECT {} FROM {} ").format(names, self._table).as_bytes()

    @property
    def _table(self) -> sql.Identifier:
        return sql.Identifier(table_of(self.kind))

    @property
    def _names(self) -> list[sql.Identifier]:
        return [_NUMBER, *(sql.Identifier(column.name) for column in columns_of(self.kind))]


def statements(kind: type[Record]) -> Statements:
    """Return the statements of a class.

    Raises:
        UnknownKind: the register keeps no records of this class.

    """
    try:
        return _STATEMENTS[kind]
    except KeyError:
        raise UnknownKind(kind.__name__) from None


@lru_cache
def _conditions(names: tuple[str, ...]) -> bytes:
    if not names:
        return b""
    equalities = sql.SQL(" AND ").join(sql.SQL("{} = %s").format(sql.Identifier(name)) for name in names)
    return sql.SQL("WHERE {} ").format(equalities).as_bytes()


@lru_cache
def kinship(root: Statements, field: str, links: Sequence[Link[Any]]) -> bytes:
    """Ask for the rows whose field has one of the values in an array, with what belongs to them.

    Each row is the number of the row asked for, the place of the link (0 for the row itself, else from 1 on),
    and number and document, as JSON text, of what was found.
    """
    roots = sql.SQL(_ROOTS).format(
        table=sql.Identifier(table_of(root.kind)),
        field=sql.Identifier(field),
        number=_NUMBER,
        document=_document(root.kind, "root"),
    )
    return (
        sql.SQL(" ").join((roots, *(_branch(place, link) for place, link in enumerate(links, 1)))).as_bytes()
    )


def _branch(place: int, link: Link[Any]) -> sql.Composed:
    return sql.SQL(_BRANCH).format(
        number=_NUMBER,
        place=sql.Literal(place),
        document=_document(link.kind, "found"),
        joins=sql.SQL(" ").join(_joins(link, "found")),
    )


def _joins(link: Link[Any], name: str) -> list[sql.Composed]:
    """Join what the links before found, from the row asked for on, and last what this one finds."""
    owner = f"of_{name}" if link.of else "root"
    join = sql.SQL(_JOIN).format(
        table=sql.Identifier(table_of(link.kind)),
        field=sql.Identifier(link.by),
        value=sql.Identifier(owner, link.to),
        name=sql.Identifier(name),
    )
    return [*(_joins(link.of, owner) if link.of else ()), join]


def _document(kind: type[Record], name: str) -> sql.Composable:
    """Spell a row as the document it holds, its parts under their names."""
    return sql.SQL("{}::text").format(_object(name, columns_of(kind), depth=0))


def _object(name: str, columns: Sequence[Column], depth: int) -> sql.Composable:
    members: list[sql.Composable] = []
    for key, group in groupby(columns, key=lambda column: column.path[depth]):
        inner = list(group)
        is_part = len(inner[0].path) > depth + 1
        value = _object(name, inner, depth + 1) if is_part else sql.Identifier(name, inner[0].name)
        members += (sql.Literal(key), value)
    return sql.SQL("json_build_object({})").format(sql.SQL(", ").join(members))


_STATEMENTS = {kind: Statements(kind) for kind in KINDS}
