"""Writing the log, and asking it: entries, the nodes of their tree, checkpoint and proofs.

Kept are the full subtrees above the leaves, each appended by the entry that completes it: one small row for
each act on average. They can be computed from the entries at any time, so a register without them, of an
earlier release, still answers every question; its next acts write the missing ones.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from store.documents import canonical_json
from store.ledger import merkle
from store.ledger.checkpoints import Checkpoint
from store.ledger.leaves import leaf_of
from store.ledger.merkle import Frontier, Node, Nodes, leaf_hash, node_hash
from store.records import LogEntry, Record, TreeNode
from store.refusals import Refusal
from store.register import DamagedRegister, Reader, Transaction


class NoSuchEntry(Refusal):
    """The log has no such entry, or never had that size. Remedy: stay within the size of its checkpoint."""

    clause_id = "F29"
    reason_zh = "台账没有第{number}条（共{size}条）。"
    reason_en = "The log has no entry {number}; it holds {size}."
    remedy_zh = "请在校验值所载的条数之内查询。"
    remedy_en = "Stay within the size that the checkpoint says."


def entry_id(number: int) -> str:
    """Return the id of the entry with this number."""
    return f"{number:09d}"


def enter(transaction: Transaction, entry: LogEntry, records: Sequence[Record]) -> None:
    """Append the records of an act, the entry that binds them, sealed, and the nodes it completes."""
    before = next(transaction.newest(LogEntry, 1), None)
    salted = replace(entry, salt=transaction.salt())
    sealed = replace(salted, seal=seal_of(salted, before))
    if sealed.number % 2 == 0 and not transaction.count(TreeNode):
        complete(transaction)
    nodes = merkle.completed(_nodes(transaction), sealed.number - 1, leaf_hash(leaf_of(sealed)))
    transaction.append(*records, sealed, *map(kept_node, nodes))


def complete(transaction: Transaction) -> None:
    """Append the nodes of all entries there are, for a register that has none of them."""
    tree = Frontier()
    for entry in transaction.iterate(LogEntry):
        transaction.append(*map(kept_node, tree.add(leaf_hash(leaf_of(entry)))))


def seal_of(entry: LogEntry, before: LogEntry | None) -> str:
    """Return the SHA-256 of an entry in which the seal of the entry before stands for its own."""
    bound = replace(entry, seal=before.seal if before else "")
    return hashlib.sha256(canonical_json(bound)).hexdigest()


def entry_at(reader: Reader, number: int) -> LogEntry:
    """Return the entry with this number.

    Raises:
        NoSuchEntry: there is none.

    """
    _check_within(reader, number)
    return _entry(reader, number)


def checkpoint(reader: Reader) -> Checkpoint:
    """Return the log's size and root."""
    size = reader.count(LogEntry)
    return Checkpoint(size=size, root=merkle.root(_nodes(reader), size).hex())


def inclusion(reader: Reader, number: int, size: int) -> list[bytes]:
    """Return the proof that the entry is the one of its number among the first `size` (RFC 6962, 2.1.1).

    Raises:
        NoSuchEntry: the log has no such entry, or is not that long.

    """
    _check_within(reader, size)
    if not 0 < number <= size:
        raise NoSuchEntry(number=number, size=size)
    return merkle.inclusion(_nodes(reader), number - 1, size)


def consistency(reader: Reader, earlier: int, later: int) -> list[bytes]:
    """Return the proof that the first `later` entries begin with the first `earlier` (RFC 6962, 2.1.2).

    Raises:
        NoSuchEntry: the log is not that long, or the sizes are not in this order.

    """
    _check_within(reader, later)
    if not 0 < earlier <= later:
        raise NoSuchEntry(number=earlier, size=later)
    return merkle.consistency(_nodes(reader), earlier, later)


def _check_within(reader: Reader, number: int) -> None:
    size = reader.count(LogEntry)
    if not 0 < number <= size:
        raise NoSuchEntry(number=number, size=size)


def _entry(reader: Reader, number: int) -> LogEntry:
    entry = reader.get(LogEntry, entry_id(number))
    if entry is None:
        raise DamagedRegister(kind=LogEntry.__name__, number=number)
    return entry


def _nodes(reader: Reader) -> Nodes:
    def node(level: int, index: int) -> bytes:
        if not level:
            return leaf_hash(leaf_of(_entry(reader, index + 1)))
        kept = reader.get(TreeNode, _node_id(level, index))
        if kept is not None:
            return bytes.fromhex(kept.hash)
        return node_hash(node(level - 1, 2 * index), node(level - 1, 2 * index + 1))

    return node


def kept_node(node: Node) -> TreeNode:
    """Return a full subtree as the register keeps it."""
    return TreeNode(id=_node_id(node.level, node.index), hash=node.hash.hex())


def _node_id(level: int, index: int) -> str:
    return f"{level}-{index}"
