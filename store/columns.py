"""Records as rows: for each class one table, for each field one column with a type of its own.

Knows names, types and choices of the columns, and how a document becomes a row and a row a document again.
The migrations must say the same, and a test compares them. Leaves out SQL statements and connections
(postgres_register.py).
"""

import re
import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, get_args, get_origin, get_type_hints

from store.documents import Document
from store.records import KINDS, Record

NUMBER = "doc_id"
"""The column that numbers the rows of a table without gaps, oldest first."""

_SCALARS = {bool: "boolean", int: "bigint", datetime: "timestamptz", date: "date", str: "text"}
_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: its name, where its value stands in a document, its SQL type, and what it may hold."""

    name: str
    path: tuple[str, ...]
    type: str
    nullable: bool = False
    choices: tuple[str | int, ...] = ()

    @property
    def is_json(self) -> bool:
        """Whether the value is kept as JSON: a list of things that have fields themselves."""
        return self.type == "jsonb"


def table_of(kind: type[Record]) -> str:
    """Return the name of the table that keeps the class: RecallLine in recall_line."""
    return _CAPITAL.sub("_", kind.__name__).lower()


def columns_of(kind: type[Record]) -> tuple[Column, ...]:
    """Return the columns of a class in the order of its fields; those of a part carry the part's name."""
    return _COLUMNS[kind]


def row_of(kind: type[Record], document: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return the values of a document in the order of the columns."""
    return tuple(_value_at(document, column.path) for column in columns_of(kind))


def document_of(kind: type[Record], row: Sequence[Any]) -> Document:
    """Return the document that a row holds, its values as the database gave them."""
    document: Document = {}
    for column, value in zip(columns_of(kind), row, strict=True):
        part = document
        for name in column.path[:-1]:
            part = part.setdefault(name, {})
        part[column.path[-1]] = value
    return document


def _columns(kind: type, path: tuple[str, ...]) -> Iterator[Column]:
    hints = get_type_hints(kind)
    for field in fields(kind):
        inner = (*path, field.name)
        if is_dataclass(hints[field.name]):
            yield from _columns(hints[field.name], inner)
        else:
            yield _column(hints[field.name], inner)


def _column(hint: Any, path: tuple[str, ...]) -> Column:  # noqa: ANN401 - a type as it was annotated
    name, (plain, nullable) = "_".join(path), _without_none(hint)
    if get_origin(plain) is tuple:
        return Column(name=name, path=path, type=_list_type(get_args(plain)[0]))
    return Column(name=name, path=path, type=_scalar_type(plain), nullable=nullable, choices=_choices(plain))


def _without_none(hint: Any) -> tuple[Any, bool]:  # noqa: ANN401 - as above
    if get_origin(hint) is not types.UnionType:
        return hint, False
    [plain] = (each for each in get_args(hint) if each is not types.NoneType)
    return plain, True


def _list_type(item: type) -> str:
    return "jsonb" if is_dataclass(item) else f"{_scalar_type(item)}[]"


def _scalar_type(plain: type) -> str:
    return next(name for base, name in _SCALARS.items() if issubclass(plain, base))


def _choices(plain: type) -> tuple[str | int, ...]:
    return tuple(each.value for each in plain) if issubclass(plain, Enum) else ()


def _value_at(document: Mapping[str, Any], path: tuple[str, ...]) -> Any:  # noqa: ANN401 - any JSON value
    value: Any = document
    for name in path:
        value = value[name]
    return value


_COLUMNS = {kind: tuple(_columns(kind, ())) for kind in KINDS}
