"""The SQL by which records are read and added, derived from the columns of their classes.

Knows names and statements. Leaves out who runs them (postgres_register.py).
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache

from psycopg import sql

from store.columns import NUMBER, columns_of, table_of
from store.documents import UnknownKind
from store.records import KINDS, Record

_NUMBER = sql.Identifier(NUMBER)


@dataclass(frozen=True)
class Statements:
    """What is said to the server about one class."""

    kind: type[Record]

    @cached_property
    def last(self) -> bytes:
        """Ask for the number of the newest row, 0 if there is none."""
        return sql.SQL("SELECT coalesce(max({}), 0) FROM {}").format(_NUMBER, self._table).as_bytes()

    @cached_property
    def newest(self) -> bytes:
        """Ask for so many rows, newest first."""
        return self._selection + sql.SQL("ORDER BY {} DESC LIMIT %s").format(_NUMBER).as_bytes()

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
        return self._selection + _condition(names)

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
def _condition(names: tuple[str, ...]) -> bytes:
    equalities = sql.SQL(" AND ").join(sql.SQL("{} = %s").format(sql.Identifier(name)) for name in names)
    return sql.SQL("WHERE {} ORDER BY {}").format(equalities, _NUMBER).as_bytes()


_STATEMENTS = {kind: Statements(kind) for kind in KINDS}
