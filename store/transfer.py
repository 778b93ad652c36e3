"""Taking the register out as one JSON file, and into an empty register again.

Knows the file's shape, which is TinyDB's own, `{"Copy": {"1": {…}, "2": {…}}, …}`, so that TinyDB alone, or
any reader of JSON, opens it. Leaves out who may do so, and where the file lies. Sign-ins and sessions decide
nothing and stay behind; the tree over the log is made anew.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from store import ledger
from store.documents import DamagedDocument, Document, UnknownKind, from_documents, kind_named, to_document
from store.records import KINDS, UNLOGGED, LogEntry, Record
from store.refusals import Refusal
from store.register import DuplicateRecord, Reader, Register

EXPORTED = tuple(kind for kind in KINDS if kind is LogEntry or kind not in UNLOGGED)
"""The record classes an export holds."""


class NotAnExport(Refusal):
    """The data are not an export of a register. Remedy: export again and choose that file."""

    reason_zh = "这不是登记簿的导出文件：{problem}。"
    reason_en = "This is not an export of a register: {problem}."
    remedy_zh = "请重新导出后再导入；登记簿未作任何改动。"
    remedy_en = "Export again and import that file; nothing was changed."


class RegisterNotEmpty(Refusal):
    """An export can only go into an empty register. Remedy: import into a new one."""

    reason_zh = "登记簿中已有内容（{kind}），不能导入。"
    reason_en = "The register holds records already ({kind}), so nothing can be imported."
    remedy_zh = "请用 GANGPAI_STORE 指定一个新的登记簿后导入。"
    remedy_en = "Name a new register in GANGPAI_STORE and import into that."


def export_documents(reader: Reader) -> dict[str, dict[str, Document]]:
    """Return every record as a document, by class name and number; take the reader from a snapshot."""
    return {kind.__name__: _numbered(reader, kind) for kind in EXPORTED}


def export_json(reader: Reader) -> bytes:
    """Return the export as JSON in ASCII, which stock TinyDB opens whatever the machine's encoding."""
    return json.dumps(export_documents(reader)).encode("ascii")


def import_json(register: Register, data: bytes) -> int:
    """Put an export into an empty register as one transaction and return how many records it held.

    Raises:
        NotAnExport: the data are not JSON, or not of the shape of an export, or a record is impossible.
        RegisterNotEmpty: the register holds records of a class that exports hold.

    """
    records = list(_records(_parsed(data)))
    with register.transaction() as transaction:
        _refuse_unless_empty(transaction)
        try:
            transaction.append(*records)
            ledger.complete(transaction)
        except DuplicateRecord as error:
            raise NotAnExport(problem=f"记录重复 / a record occurs twice ({error})") from error
    return len(records)


def _numbered(reader: Reader, kind: type[Record]) -> dict[str, Document]:
    records = enumerate(reader.find(kind), start=1)
    return {str(number): to_document(record) for number, record in records}


def _parsed(data: bytes) -> Mapping[str, Mapping[str, Document]]:
    try:
        tables = json.loads(data)
    except ValueError as error:
        raise NotAnExport(problem=f"不是JSON / not JSON ({error})") from error
    if not _is_mapping_of_mappings(tables):
        raise NotAnExport(problem="不是按类别分组的记录 / not tables of documents")
    return tables  # type: ignore[no-any-return] # just checked


def _is_mapping_of_mappings(tables: Any) -> bool:  # noqa: ANN401 - whatever JSON holds
    return isinstance(tables, dict) and all(isinstance(table, dict) for table in tables.values())


def _records(tables: Mapping[str, Mapping[str, Document]]) -> Iterator[Record]:
    for name, table in tables.items():
        try:
            yield from from_documents(_exported_kind(name), _in_order(table))
        except (DamagedDocument, UnknownKind, ValueError) as error:
            raise NotAnExport(problem=f"{name}: {error}") from error


def _exported_kind(name: str) -> type[Record]:
    kind = kind_named(name)
    if kind not in EXPORTED:
        raise UnknownKind(name)
    return kind


def _in_order(table: Mapping[str, Document]) -> list[Document]:
    return [table[number] for number in sorted(table, key=int)]


def _refuse_unless_empty(reader: Reader) -> None:
    for kind in EXPORTED:
        if reader.count(kind):
            raise RegisterNotEmpty(kind=kind.__name__)
