"""Records as plain JSON documents and back.

Knows the one spelling of every record class, which both engines keep and the ledger hashes. Leaves out where
documents are kept. What JSON engines cannot hold exactly is refused here, so that it is refused everywhere.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar, get_type_hints

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from store.records import INDEXED, KINDS, UNIQUE, Record
from store.refusals import Refusal

R = TypeVar("R", bound=Record)
Document = dict[str, Any]

KEY_BYTES_MOST = 2000
"""How long a text that records are found by may be: an index entry has to fit on a page."""

_INTEGERS = range(-(2**63), 2**63)
_NUL = rb"\u0000"
_LONE_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


class UnknownKind(LookupError):
    """The register keeps no records of this class."""


class DamagedDocument(ValueError):
    """A document does not spell a record of its class."""


class UnstorableText(Refusal):
    """A text holds a NUL or half of a surrogate pair. Remedy: remove the invisible character."""

    reason_zh = "文字中含有无法保存的不可见字符（{kind}）。"
    reason_en = "A text holds an invisible character that cannot be kept ({kind})."
    remedy_zh = "请删除后重新输入，不要直接粘贴。"
    remedy_en = "Remove it, or type the text instead of pasting it."


class UnstorableNumber(Refusal):
    """A number has more than 63 bits and a sign. Remedy: look whether it was mistyped."""

    reason_zh = "数字{number}过大，无法保存（{kind}）。"
    reason_en = "The number {number} is too large to be kept ({kind})."
    remedy_zh = "请核对是否多输了位数。"
    remedy_en = "Look whether digits were typed twice."


class UnstorableKey(Refusal):
    """A text that records are found by is too long for an index. Remedy: shorten it."""

    reason_zh = "“{field}”一项过长，无法编入索引（至多{most}字节，汉字每字三字节）。"
    reason_en = "The field {field!r} is too long for an index (at most {most} bytes)."
    remedy_zh = "请缩短后重新输入。"
    remedy_en = "Shorten it and try again."


# A list of records, because a dataclass takes its strictness from what holds it.
_ADAPTERS: dict[type[Record], TypeAdapter[list[Any]]] = {
    kind: TypeAdapter(list[kind], config=ConfigDict(extra="forbid"))  # type: ignore[valid-type]
    for kind in KINDS
}
_LATER = {kind: [each for each in fields(kind) if each.metadata.get("later")] for kind in KINDS}
_KEYS = {kind: ("id", *INDEXED.get(kind, ()), *UNIQUE.get(kind, ())) for kind in KINDS}
_TIMES = {kind: [name for name, hint in get_type_hints(kind).items() if hint is datetime] for kind in KINDS}
_KINDS_BY_NAME = {kind.__name__: kind for kind in KINDS}


def kind_named(name: str) -> type[Record]:
    """Return the record class of this name.

    Raises:
        UnknownKind: there is none.

    """
    try:
        return _KINDS_BY_NAME[name]
    except KeyError:
        raise UnknownKind(name) from None


def to_document(record: Record) -> Document:
    """Spell a record as a document of JSON values.

    Raises:
        UnknownKind: the register keeps no records of this class.
        UnstorableText, UnstorableNumber, UnstorableKey: a field holds what not every engine can keep.
        ValueError: a time is not in UTC, as records have them.

    """
    document: Document
    [document] = json.loads(_json(record), parse_int=partial(_integer, type(record)))
    _check_keys(record)
    _check_times(record)
    return document


def is_storable(value: str | int) -> bool:
    """Whether a record could hold this value; asking an engine for any other finds nothing."""
    if isinstance(value, int):
        return value in _INTEGERS
    return "\0" not in value and value.encode(errors="replace").decode() == value


def from_document(kind: type[R], document: Mapping[str, Any]) -> R:
    """Read a document back as the record it spells.

    Raises:
        UnknownKind: the register keeps no records of this class.
        DamagedDocument: a field is missing, unknown or impossible.

    """
    [record] = from_documents(kind, [document])
    return record


def from_documents(kind: type[R], documents: Iterable[Mapping[str, Any]]) -> list[R]:
    """Read documents of one class back, in order; raises as `from_document` does."""
    adapter = _adapter(kind)
    try:
        return adapter.validate_python(documents)
    except (ValidationError, Refusal) as error:
        raise DamagedDocument(f"{kind.__name__}: {error}") from error


def from_json_text(kind: type[R], text: str | bytes) -> R:
    """Read a document back that is still spelled as JSON; raises as `from_document` does."""
    record: R
    try:
        [record] = _adapter(kind).validate_json(b"[%b]" % (text.encode() if isinstance(text, str) else text))
    except (ValueError, Refusal) as error:  # of pydantic's, and where the text spells more or less than one
        raise DamagedDocument(f"{kind.__name__}: {error}") from error
    return record


def canonical_json(record: Record) -> bytes:
    """Return the one byte string of a record: its class and fields, sorted, without blanks, in UTF-8.

    A field that came with a later release is left out while it holds its default, so that the digests of
    older records stay what they were.
    """
    document = to_document(record)
    for each in _LATER[type(record)]:
        if getattr(record, each.name) == each.default:
            del document[each.name]
    named = {type(record).__name__: document}
    return json.dumps(named, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(record: Record) -> str:
    """Return the SHA-256 of the record's canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical_json(record)).hexdigest()


def _adapter(kind: type[Record]) -> TypeAdapter[list[Any]]:
    try:
        return _ADAPTERS[kind]
    except KeyError:
        raise UnknownKind(kind.__name__) from None


def _json(record: Record) -> bytes:
    try:
        text = _adapter(type(record)).dump_json([record], warnings="error")
    except PydanticSerializationError as error:
        raise UnstorableText(kind=type(record).__name__) from error
    if _NUL in text and _LONE_NUL.search(text):  # the pattern alone takes a third of the time of a spelling
        raise UnstorableText(kind=type(record).__name__)
    return text


def _integer(kind: type[Record], digits: str) -> int:
    number = int(digits)
    if number not in _INTEGERS:
        raise UnstorableNumber(number=number, kind=kind.__name__)
    return number


def _check_keys(record: Record) -> None:
    for name in _KEYS[type(record)]:
        value = getattr(record, name)
        if isinstance(value, str) and len(value.encode()) > KEY_BYTES_MOST:
            raise UnstorableKey(field=name, most=KEY_BYTES_MOST)


def _check_times(record: Record) -> None:
    for name in _TIMES[type(record)]:
        if getattr(record, name).utcoffset() != timedelta(0):
            raise ValueError(f"{type(record).__name__}.{name} is not in UTC")
