"""The tamper-evident log of acts: one entry for each, written in the act's own transaction.

Knows how an entry binds the records of its act and the entry before it, and the Merkle tree over all entries
(RFC 6962, section 2.1).
Leaves out who keeps a checkpoint: a log nobody else keeps a checkpoint of proves nothing.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Self

from store.documents import canonical_json, digest
from store.records import KINDS, UNLOGGED, LogEntry, Record
from store.refusals import Refusal
from store.register import Reader, Transaction

_CHECKPOINT = re.compile(r"(\d{1,12}):([0-9a-f]{64})", re.ASCII)


class NotACheckpoint(Refusal):
    """The text is not a checkpoint of the log. Remedy: give it as it was printed."""

    clause_id = "F29"
    reason_zh = "“{text}”不是台账校验值：形如 12:3f9a…，冒号后为64位十六进制字符。"
    reason_en = "{text!r} is not a checkpoint: the form is 12:3f9a…, with 64 hexadecimal digits."
    remedy_zh = "请照当时打印的原样填写（gangpai ledger checkpoint）。"
    remedy_en = "Give it as it was printed (gangpai ledger checkpoint)."


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """The number of entries and the root of their Merkle tree, in hexadecimal."""

    size: int
    root: str

    def __str__(self) -> str:
        return f"{self.size}:{self.root}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a checkpoint as it is printed: size, colon, root.

        Raises:
            NotACheckpoint: the text is something else.

        """
        match = _CHECKPOINT.fullmatch(text.strip())
        if match is None:
            raise NotACheckpoint(text=text)
        return cls(size=int(match[1]), root=match[2])


@dataclass(frozen=True)
class Fault:
    """One disagreement, in Chinese and English."""

    zh: str
    en: str


@dataclass(frozen=True, kw_only=True)
class Verification:
    """What came of comparing the log with the register: the checkpoint, and every disagreement found."""

    checkpoint: Checkpoint
    faults: tuple[Fault, ...]


def enter(transaction: Transaction, entry: LogEntry, records: Sequence[Record]) -> None:
    """Append the records of an act and the entry that binds them, sealed to the entry before it."""
    before = next(transaction.newest(LogEntry, 1), None)
    transaction.append(*records, replace(entry, seal=seal_of(entry, before)))


def seal_of(entry: LogEntry, before: LogEntry | None) -> str:
    """Return the SHA-256 of an entry in which the seal of the entry before stands for its own."""
    bound = replace(entry, seal=before.seal if before else "")
    return hashlib.sha256(canonical_json(bound)).hexdigest()


def checkpoint(reader: Reader) -> Checkpoint:
    """Return the log's size and root."""
    return _checkpoint_of(reader.find(LogEntry))


def _checkpoint_of(entries: Iterable[LogEntry]) -> Checkpoint:
    leaves = [leaf_hash(canonical_json(entry)) for entry in entries]
    return Checkpoint(size=len(leaves), root=tree_root(leaves).hex())


def verify(reader: Reader, kept: Checkpoint | None = None) -> Verification:
    """Recompute what every entry bound and name each that disagrees, the first altered one first.

    A checkpoint that someone kept elsewhere is compared with the entries there were at the time.
    """
    entries = reader.find(LogEntry)
    stored = {kind: [digest(each) for each in reader.find(kind)] for kind in KINDS if kind not in UNLOGGED}
    digests = {each for found in stored.values() for each in found}
    faults = (
        *_altered(entries, digests),
        *_out_of_order(entries, stored),
        *_unlogged(entries, digests),
        *_rewritten(entries, kept),
    )
    return Verification(checkpoint=_checkpoint_of(entries), faults=faults)


def _altered(entries: Sequence[LogEntry], stored: set[str]) -> Iterator[Fault]:
    before = None
    for expected, entry in enumerate(entries, start=1):
        if entry.number != expected:
            yield Fault(f"第{expected}条记录缺失或次序被改动", f"entry {expected} is missing or out of order")
            return
        named = f"{entry.act} {entry.object}"
        if entry.seal != seal_of(entry, before):
            yield Fault(f"第{expected}条记录（{named}）被改动", f"entry {expected} ({named}) was altered")
        if not set(entry.digests) <= stored:
            yield Fault(
                f"第{expected}条记录（{named}）所载内容被改动或删除",
                f"what entry {expected} ({named}) recorded was altered or removed",
            )
        before = entry


def _out_of_order(
    entries: Iterable[LogEntry], stored: Mapping[type[Record], Sequence[str]]
) -> Iterator[Fault]:
    bound = chain.from_iterable(entry.digests for entry in entries)
    place = {each: number for number, each in enumerate(bound)}
    for kind, digests in stored.items():
        places = [place[each] for each in digests if each in place]
        if places != sorted(places):
            yield Fault(f"{kind.__name__}类内容的先后被改动", f"the order of {kind.__name__} was altered")


def _unlogged(entries: Iterable[LogEntry], stored: set[str]) -> Iterator[Fault]:
    bound = {each for entry in entries for each in entry.digests}
    if extra := len(stored - bound):
        yield Fault(f"有{extra}条内容未见于任何记录", f"{extra} records are bound by no entry")


def _rewritten(entries: Sequence[LogEntry], kept: Checkpoint | None) -> Iterator[Fault]:
    if kept and _checkpoint_of(entries[: kept.size]) != kept:
        yield Fault(f"与留存的校验值{kept}不符", f"the log is not the one checkpoint {kept} was taken of")


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
