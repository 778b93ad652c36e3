"""The tamper-evident log of acts: one entry for each, written in the act's own transaction.

Knows how an entry binds the records of its act, and the Merkle tree over all entries (RFC 6962, section 2.1).
Leaves out who keeps a checkpoint: a log nobody else keeps a checkpoint of proves nothing.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from store.documents import canonical_json, digest
from store.records import KINDS, UNLOGGED, LogEntry, Record
from store.register import Reader, Transaction


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """The number of entries and the root of their Merkle tree, in hexadecimal."""

    size: int
    root: str


@dataclass(frozen=True, kw_only=True)
class Verification:
    """What came of comparing the log with the register: the checkpoint, and every disagreement found."""

    checkpoint: Checkpoint
    faults: tuple[str, ...]


def enter(transaction: Transaction, entry: LogEntry, records: Sequence[Record]) -> None:
    """Append the records of an act and the entry that binds them."""
    transaction.append(*records, entry)


def checkpoint(reader: Reader) -> Checkpoint:
    """Return the log's size and root."""
    leaves = [leaf_hash(canonical_json(entry)) for entry in reader.find(LogEntry)]
    return Checkpoint(size=len(leaves), root=tree_root(leaves).hex())


def verify(reader: Reader) -> Verification:
    """Recompute what every entry bound and name each that disagrees, the first altered one first."""
    entries = reader.find(LogEntry)
    stored = {digest(record) for kind in KINDS if kind not in UNLOGGED for record in reader.find(kind)}
    faults = (*_gaps(entries), *_missing(entries, stored), *_unlogged(entries, stored))
    return Verification(checkpoint=checkpoint(reader), faults=faults)


def _gaps(entries: Iterable[LogEntry]) -> Iterator[str]:
    for expected, entry in enumerate(entries, start=1):
        if entry.number != expected:
            yield f"第{expected}条记录缺失或次序被改动 / entry {expected} is missing or out of order"
            return


def _missing(entries: Iterable[LogEntry], stored: set[str]) -> Iterator[str]:
    for entry in entries:
        if not set(entry.digests) <= stored:
            yield (
                f"第{entry.number}条记录（{entry.act} {entry.object}）所载内容被改动或删除"
                f" / what entry {entry.number} ({entry.act} {entry.object}) recorded was altered or removed"
            )


def _unlogged(entries: Iterable[LogEntry], stored: set[str]) -> Iterator[str]:
    bound = {each for entry in entries for each in entry.digests}
    if extra := len(stored - bound):
        yield f"有{extra}条内容未见于任何记录 / {extra} records are bound by no entry"


def leaf_hash(leaf: bytes) -> bytes:
    """Return the hash of a leaf (RFC 6962, section 2.1: prefix 0x00)."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def tree_root(hashes: Sequence[bytes]) -> bytes:
    """Return the root over leaf hashes (RFC 6962, section 2.1: prefix 0x01, split at a power of two)."""
    if not hashes:
        return hashlib.sha256().digest()
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + tree_root(hashes[:split]) + tree_root(hashes[split:])).digest()
