"""The Merkle tree of RFC 6962, section 2.1: roots, inclusion and consistency proofs over full subtrees.

Knows hashes only. Leaves out what a leaf says and where nodes are kept: whoever asks hands in `Nodes`, which
gives the hash of the full subtree at a level (0: the leaves) and an index, so that no proof reads more than
O(log² n) of them.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

Nodes = Callable[[int, int], bytes]

EMPTY_ROOT = hashlib.sha256().digest()
"""The root of a tree without leaves."""


@dataclass(frozen=True, kw_only=True)
class Node:
    """A full subtree: it holds the 2**level leaves from index * 2**level on."""

    level: int
    index: int
    hash: bytes


def leaf_hash(leaf: bytes) -> bytes:
    """Return the hash of a leaf (RFC 6962, section 2.1: prefix 0x00)."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash over two subtrees (RFC 6962, section 2.1: prefix 0x01)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(nodes: Nodes, size: int) -> bytes:
    """Return the root over the first `size` leaves (RFC 6962, section 2.1)."""
    return _over(nodes, 0, size) if size else EMPTY_ROOT


def inclusion(nodes: Nodes, index: int, size: int) -> list[bytes]:
    """Return the audit path of the leaf at `index` among `size` (RFC 6962, section 2.1.1).

    Raises:
        ValueError: there is no such leaf.

    """
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} among {size}")
    return list(_path(nodes, index, 0, size))


def consistency(nodes: Nodes, earlier: int, later: int) -> list[bytes]:
    """Return the proof that the first `later` leaves begin with the first `earlier` (RFC 6962, 2.1.2).

    Raises:
        ValueError: `earlier` is 0, about which there is nothing to prove, or beyond `later`.

    """
    if not 0 < earlier <= later:
        raise ValueError(f"{earlier} leaves are not the beginning of {later}")
    return list(_subproof(nodes, earlier, 0, later))


def completed(nodes: Nodes, index: int, leaf: bytes) -> Iterator[Node]:
    """Return the full subtrees above the leaves that the leaf at `index` completes, lowest first."""
    level, hashed = 0, leaf
    while index % 2:
        hashed = node_hash(nodes(level, index - 1), hashed)
        level, index = level + 1, index // 2
        yield Node(level=level, index=index, hash=hashed)


def full_subtrees(size: int) -> int:
    """Return how many full subtrees above the leaves a tree of `size` leaves holds."""
    return size - size.bit_count()


@dataclass
class Frontier:
    """A tree that takes leaf hashes one by one and keeps only what the next ones need."""

    size: int = 0
    _edge: dict[int, bytes] = field(default_factory=dict)

    def add(self, leaf: bytes) -> list[Node]:
        """Add a leaf's hash and return the full subtrees above the leaves that it completes, lowest first."""
        nodes = list(completed(lambda level, _: self._edge[level], self.size, leaf))
        for level, hashed in [(0, leaf), *((node.level, node.hash) for node in nodes)]:
            self._edge[level] = hashed
        self.size += 1
        return nodes

    def root(self) -> bytes:
        """Return the root over all leaves so far."""
        return root(lambda level, _: self._edge[level], self.size)


def _over(nodes: Nodes, begin: int, end: int) -> bytes:
    """Return the hash over the leaves from `begin` to before `end`; full subtrees meet at `begin`."""
    width = end - begin
    if width.bit_count() == 1:
        level = width.bit_length() - 1
        return nodes(level, begin >> level)
    middle = _halved(begin, end)
    return node_hash(_over(nodes, begin, middle), _over(nodes, middle, end))


def _halved(begin: int, end: int) -> int:
    """Return where RFC 6962 divides more than one leaf: the largest power of two below the width."""
    return begin + (1 << (end - begin - 1).bit_length() - 1)


def _path(nodes: Nodes, index: int, begin: int, end: int) -> Iterator[bytes]:
    if end - begin == 1:
        return
    middle = _halved(begin, end)
    if index < middle:
        yield from _path(nodes, index, begin, middle)
        yield _over(nodes, middle, end)
    else:
        yield from _path(nodes, index, middle, end)
        yield _over(nodes, begin, middle)


def _subproof(nodes: Nodes, earlier: int, begin: int, end: int) -> Iterator[bytes]:
    """Return SUBPROOF of RFC 6962, section 2.1.2; it begins at 0 while the earlier root is known whole."""
    if earlier == end:
        if begin:
            yield _over(nodes, begin, end)
        return
    middle = _halved(begin, end)
    if earlier <= middle:
        yield from _subproof(nodes, earlier, begin, middle)
        yield _over(nodes, middle, end)
    else:
        yield from _subproof(nodes, earlier, middle, end)
        yield _over(nodes, begin, middle)
