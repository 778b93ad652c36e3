"""Taking the register out as one JSON file, and into an empty register again.

Knows the file's shape, which is TinyDB's own, `{"Copy": {"1": {…}, "2": {…}}, …}`, so that TinyDB alone, or
any reader of JSON, opens it. Leaves out who may do so, and where the file lies. Sign-ins and sessions decide
nothing and stay behind; the tree over the log is made anew.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any

from store import ledger
from store.documents import DamagedDocument, Document, UnknownKind, from_documents, kind_named, to_document
from store.records import (
    KINDS,
    UNLOGGED,
    Delivery,
    DeliveryOutcome,
    LogEntry,
    RecallReminder,
    RecallReminderOutcome,
    Record,
    ScanCount,
    Sighting,
)
from store.refusals import Refusal
from store.register import DanglingReference, DuplicateRecord, Reader, Register

_TAKEN_ALONG = frozenset(
    {LogEntry, Sighting, ScanCount, RecallReminder, RecallReminderOutcome, Delivery, DeliveryOutcome}
)

EXPORTED = tuple(kind for kind in KINDS if kind in _TAKEN_ALONG or kind not in UNLOGGED)
"""The record classes an export holds."""

PAGE = 500


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


class LedgerDisagrees(Refusal):
    """The ledger and the register disagree. Remedy: keep the file as it is and restore a backup elsewhere."""

    clause_id = "F29"
    reason_zh = "台账与登记簿不一致：{faults_zh}。"
    reason_en = "The ledger and the register disagree: {faults_en}."
    remedy_zh = "请保留现状备查，并与留存的校验值和备份对照。"
    remedy_en = "Keep everything as it is and compare with checkpoints and backups kept elsewhere."


def check_agreed(verification: ledger.Verification) -> None:
    """Let a log pass in which everything agrees.

    Raises:
        LedgerDisagrees: something does not.

    """
    if faults := verification.faults:
        raise LedgerDisagrees(
            faults_zh="；".join(each.zh for each in faults), faults_en="; ".join(each.en for each in faults)
        )


def export_pieces(reader: Reader, kinds: Sequence[type[Record]] = EXPORTED) -> Iterator[bytes]:
    """Yield the export, record by record, as JSON in ASCII, which stock TinyDB opens on any machine.

    Take the reader from a snapshot. An export of fewer kinds than usual is for reading, not for importing.
    """
    before = b"{"
    for kind in kinds:
        yield before + json.dumps(kind.__name__).encode("ascii") + b": {"
        yield from _numbered(reader, kind)
        before = b"}, "
    yield b"}}"


def export_json(reader: Reader) -> bytes:
    """Return the export as a whole."""
    return b"".join(export_pieces(reader))


def import_json(register: Register, data: bytes) -> int:
    """Put an export into an empty register as one transaction and return how many records it held.

    Raises:
        NotAnExport: the data are not JSON, or not of the shape of an export, or a record is impossible.
        RegisterNotEmpty: the register holds records of a class that exports hold.
        LedgerDisagrees: what the export holds is not what its log says.

    """
    return _take_in(register, _records(_parsed(data)))


def move(source: Reader, register: Register) -> int:
    """Put what an export of the source would hold into an empty register, and return how many records.

    Take the reader from a snapshot. However much there is, only a page of it is held; raises as
    `import_json` does.
    """
    return _take_in(register, chain.from_iterable(map(source.iterate, EXPORTED)))


def _take_in(register: Register, records: Iterator[Record]) -> int:
    count = 0
    with register.transaction() as transaction:
        _refuse_unless_empty(transaction)
        try:
            while page := list(islice(records, PAGE)):
                transaction.append(*page)
                count += len(page)
        except DuplicateRecord as error:
            raise NotAnExport(problem=f"记录重复 / a record occurs twice ({error})") from error
        except DanglingReference as error:
            raise NotAnExport(problem=f"所指的记录不存在 / a record named is missing ({error})") from error
        ledger.complete(transaction)
        check_agreed(ledger.verify(transaction))
    return count


def _numbered(reader: Reader, kind: type[Record]) -> Iterator[bytes]:
    before = ""
    for number, record in enumerate(reader.iterate(kind), start=1):
        yield f'{before}"{number}": {json.dumps(to_document(record))}'.encode("ascii")
        before = ", "


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
    for name in sorted(tables, key=_place):
        try:
            yield from from_documents(kind_named(name), _in_order(tables[name]))
        except (DamagedDocument, ValueError) as error:
            raise NotAnExport(problem=f"{name}: {error}") from error


def _place(name: str) -> int:
    """Return the place of a class among those exports hold: each behind those its records name."""
    try:
        return EXPORTED.index(kind_named(name))
    except (UnknownKind, ValueError) as error:
        raise NotAnExport(problem=f"{name}: 不是登记内容 / not a class of records") from error


def _in_order(table: Mapping[str, Document]) -> list[Document]:
    return [table[number] for number in sorted(table, key=int)]


def _refuse_unless_empty(reader: Reader) -> None:
    for kind in EXPORTED:
        if reader.count(kind):
            raise RegisterNotEmpty(kind=kind.__name__)
