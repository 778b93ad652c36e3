"""What a record names, as simple as the types allow: no register takes a record that names the unknown."""

import types
from dataclasses import MISSING, fields
from datetime import UTC, date, datetime
from enum import Enum
from hashlib import sha256
from typing import Any, TypeVar, get_origin, get_type_hints

from store.codes import PlateCode
from store.records import (
    REFERENCES,
    Assessment,
    Copy,
    Face,
    Feedback,
    PaperSurvey,
    PostContent,
    PostKind,
    PrintOrder,
    Product,
    PublicNotice,
    Record,
)

R = TypeVar("R", bound=Record)
Found = dict[tuple[type[Record], str], Record]
NOON = datetime(2026, 7, 1, 4, tzinfo=UTC)
DAY = date(2026, 7, 1)


def with_referents(*records: Record) -> list[Record]:
    """Return the records, each once, with whatever they name before them."""
    found: Found = {}
    for record in records:
        _place(record, found)
    return list(found.values())


def _place(record: Record, found: Found) -> None:
    for field, kind in REFERENCES.get(type(record), {}).items():
        named = getattr(record, field)
        if named and (kind, named) not in found:
            _place(simplest(kind, named), found)
    found.setdefault((type(record), record.id), record)


def simplest(kind: type[R], record_id: str) -> R:
    """Return a record of the class with this id that names as little as it can."""
    hints = get_type_hints(kind)
    required = [each.name for each in fields(kind) if each.default is MISSING and each.name != "id"]
    values = {name: _value(hints[name], name) for name in required} | _PARTICULAR.get(kind, {})
    if kind is Copy:
        values["code"] = PlateCode.from_bits(_bits(record_id)).text
    return kind(id=record_id, **values)


def _value(hint: Any, name: str) -> Any:
    if get_origin(hint) is types.UnionType:
        return None
    if hint in _PLAIN:
        return _PLAIN[hint]
    if get_origin(hint) is tuple:
        return ()
    return next(iter(hint)) if issubclass(hint, Enum) else name.removesuffix("_id")


def _bits(text: str) -> int:
    return int.from_bytes(sha256(text.encode()).digest()) % 2**130


_PLAIN: dict[Any, Any] = {
    int: 1,
    bool: False,
    date: DAY,
    datetime: NOON,
    PostContent: PostContent(
        name="服务窗口", kind=PostKind.INDIVIDUAL, collective_kind=None, place="", duties="", members=()
    ),
    Face: Face(
        heading="共产党员示范岗",
        post_name="服务窗口",
        duties="",
        member_count=0,
        names=(),
        holder="",
        holder_title="",
        branch_name="",
        issuer="",
        dated_on=DAY,
    ),
    PrintOrder: PrintOrder(product=Product.PLAQUE),
}
_PARTICULAR: dict[type[Record], dict[str, Any]] = {
    Assessment: {"period": "2026-Q1", "standards": (True,) * 6},
    Feedback: {"copy_id": ""},
    PaperSurvey: {"counts": (1,) * 5},
    PublicNotice: {"object_ids": ("1",)},
}
