"""Going through the log once more: whether everything is as it was when it was entered.

Knows what must agree at every entry, and names the first that does not. However long the log is, no more is
held than a page of each class of records.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import attrgetter

from store.documents import digest
from store.ledger.checkpoints import Checkpoint
from store.ledger.leaves import leaf_of
from store.ledger.log import entry_id, kept_node, seal_of
from store.ledger.merkle import Frontier, Node, leaf_hash
from store.records import KINDS, UNLOGGED, LogEntry, TreeNode
from store.register import Reader


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One disagreement, in Chinese and English, and the number of the first entry it concerns."""

    number: int
    zh: str
    en: str


@dataclass(frozen=True, kw_only=True)
class Verification:
    """What came of going through the log: the checkpoint, and the first disagreement of each sort."""

    checkpoint: Checkpoint
    faults: tuple[Fault, ...]


@dataclass(frozen=True, kw_only=True)
class Step:
    """One entry as it is met: its place, itself, the one before, the nodes it completes, the tree so far."""

    place: int
    entry: LogEntry
    before: LogEntry | None
    nodes: Sequence[Node]
    tree: Frontier

    @property
    def named(self) -> str:
        """What the entry says it is."""
        return f"{self.entry.act} {self.entry.object}"


Look = Callable[[Step], Fault | None]


def verify(reader: Reader, kept: Checkpoint | None = None) -> Verification:
    """Go through the log once and name the first entry that disagrees, in each way it may.

    Take the reader from a snapshot. A checkpoint that someone kept elsewhere is compared with the tree as it
    was at that size.
    """
    tree, found = Frontier(), dict[Look, Fault]()
    contents, nodes, past = Contents(reader), KeptNodes(reader), Past(kept)
    looks: tuple[Look, ...] = (numbering, seal, contents.look, nodes.look, past.look)
    for step in _steps(reader, tree):
        for look in looks:
            if look not in found and (fault := look(step)):
                found[look] = fault
    at_the_end = (left(tree) for left in (contents.left, nodes.left, past.left))
    faults = sorted([*found.values(), *filter(None, at_the_end)], key=attrgetter("number"))
    return Verification(checkpoint=checkpoint_of(tree), faults=tuple(faults))


def checkpoint_of(tree: Frontier) -> Checkpoint:
    """Return the checkpoint of the entries that a tree has taken."""
    return Checkpoint(size=tree.size, root=tree.root().hex())


def _steps(reader: Reader, tree: Frontier) -> Iterator[Step]:
    before = None
    for place, entry in enumerate(reader.iterate(LogEntry), start=1):
        nodes = tree.add(leaf_hash(leaf_of(entry)))
        yield Step(place=place, entry=entry, before=before, nodes=nodes, tree=tree)
        before = entry


def numbering(step: Step) -> Fault | None:
    """Compare an entry's number and id with its place: counted from 1 on, without a gap."""
    if (step.entry.number, step.entry.id) == (step.place, entry_id(step.place)):
        return None
    return Fault(
        number=step.place,
        zh=f"第{step.place}条记录缺失或次序被改动",
        en=f"entry {step.place} is missing or out of order",
    )


def seal(step: Step) -> Fault | None:
    """Compare an entry's seal with the one over itself and the entry before."""
    if step.entry.seal == seal_of(step.entry, step.before):
        return None
    return Fault(
        number=step.place,
        zh=f"第{step.place}条记录（{step.named}）被改动",
        en=f"entry {step.place} ({step.named}) was altered",
    )


class Contents:
    """The records of every class, which must be those the entries bind, in the same order, and no others."""

    def __init__(self, reader: Reader) -> None:
        self._awaited: dict[str, Iterator[str]] = {}
        for kind in KINDS:
            if kind not in UNLOGGED:
                self._await(map(digest, reader.iterate(kind)))

    def look(self, step: Step) -> Fault | None:
        """Compare what an entry binds with the records that come next."""
        if all(map(self._comes, step.entry.digests)):
            return None
        self._awaited.clear()
        return Fault(
            number=step.place,
            zh=f"第{step.place}条记录（{step.named}）所载内容被改动、删除、调换，或其前有内容插入",
            en=f"what entry {step.place} ({step.named}) recorded was altered, removed or moved, "
            "or something slipped in before it",
        )

    def left(self, tree: Frontier) -> Fault | None:
        """Count the records that no entry bound."""
        if not self._awaited:
            return None
        extra = sum(1 + sum(1 for _ in others) for others in self._awaited.values())
        return Fault(
            number=tree.size + 1,
            zh=f"有{extra}条内容未见于任何记录",
            en=f"{extra} records are bound by no entry",
        )

    def _comes(self, bound: str) -> bool:
        """Whether the next record of some class has this digest; if so, await the one after it."""
        others = self._awaited.pop(bound, None)
        if others is None:
            return False
        self._await(others)
        return True

    def _await(self, digests: Iterator[str]) -> None:
        for each in islice(digests, 1):
            self._awaited[each] = digests


class KeptNodes:
    """The nodes kept, which must be those of the entries; a register of an earlier release has none yet."""

    def __init__(self, reader: Reader) -> None:
        self._kept = reader.iterate(TreeNode)
        self._is_there = reader.count(TreeNode) > 0

    def look(self, step: Step) -> Fault | None:
        """Compare the nodes that an entry completes with those that come next."""
        if not self._is_there or [*map(kept_node, step.nodes)] == [*islice(self._kept, len(step.nodes))]:
            return None
        self._is_there = False
        return Fault(
            number=step.place,
            zh=f"第{step.place}条记录处所存的校验树与台账不符",
            en=f"the tree kept at entry {step.place} is not that of the entries",
        )

    def left(self, tree: Frontier) -> Fault | None:
        """Find nodes that no entry completed."""
        if not self._is_there or next(self._kept, None) is None:
            return None
        return Fault(
            number=tree.size + 1,
            zh=f"所存的校验树多于{tree.size}条台账",
            en=f"the tree kept is larger than that of {tree.size} entries",
        )


class Past:
    """The entries of a checkpoint kept elsewhere, with which the log must begin."""

    def __init__(self, kept: Checkpoint | None) -> None:
        self._kept = kept

    def look(self, step: Step) -> Fault | None:
        """Compare the tree with the checkpoint where it has that size."""
        return self._compared(step.tree) if self._kept and self._kept.size == step.place else None

    def left(self, tree: Frontier) -> Fault | None:
        """Find that the log never had that size."""
        if self._kept is None or 0 < self._kept.size <= tree.size:
            return None
        return self._compared(tree if self._kept.size else Frontier())

    def _compared(self, tree: Frontier) -> Fault | None:
        if checkpoint_of(tree) == self._kept:
            return None
        return Fault(
            number=tree.size,
            zh=f"与留存的校验值{self._kept}不符",
            en=f"the log is not the one checkpoint {self._kept} was taken of",
        )
