"""Records as plain JSON documents and back.

Knows the one spelling of every record class, which both engines keep and the ledger hashes. Leaves out where
documents are kept. What JSON engines cannot hold exactly is refused here, so that it is refused everywhere.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any, TypeVar

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from store.records import KINDS, Record
from store.refusals import Refusal

R = TypeVar("R", bound=Record)
Document = dict[str, Any]

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


# A list of records, because a dataclass takes its strictness from what holds it.
_ADAPTERS: dict[type[Record], TypeAdapter[list[Any]]] = {
    kind: TypeAdapter(list[kind], config=ConfigDict(extra="forbid"))  # type: ignore[valid-type]
    for kind in KINDS
}
_LATER = {kind: [each for each in fields(kind) if each.metadata.get("later")] for kind in KINDS}
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
        UnstorableText: a text holds what not every engine can keep.

    """
    document: Document
    [document] = json.loads(_json(record))
    return document


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
    if _LONE_NUL.search(text):
        raise UnstorableText(kind=type(record).__name__)
    return text
