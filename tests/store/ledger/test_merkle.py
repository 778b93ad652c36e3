"""The tree agrees with a plain reading of RFC 6962, with a published library, and with known roots."""

import random
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymerkle import InmemoryTree  # type: ignore[import-untyped] # it ships no types

from store.ledger import merkle
from store.ledger.merkle import (
    Frontier,
    Node,
    consistency,
    full_subtrees,
    inclusion,
    leaf_hash,
    node_hash,
    root,
)
from tests.store.ledger.rfc6962 import is_consistent, is_included, mth, path, proof

MOST = 200
KNOWN_LEAVES = [
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
]  # fmt: skip
KNOWN_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""What the makers of certificate transparency test their own trees with."""


@cache
def full_subtree(level: int, index: int) -> bytes:
    """Give any node of a tree whose leaves are 0, 1, 2, … in decimal."""
    if not level:
        return leaf_hash(str(index).encode())
    return node_hash(full_subtree(level - 1, 2 * index), full_subtree(level - 1, 2 * index + 1))


def first(size: int) -> list[bytes]:
    return [str(number).encode() for number in range(size)]


def grown(leaves: list[bytes]) -> tuple[Frontier, list[Node]]:
    frontier = Frontier()
    return frontier, [node for leaf in leaves for node in frontier.add(merkle.leaf_hash(leaf))]


def test_known_trees_have_their_known_roots() -> None:
    leaves = [bytes.fromhex(leaf) for leaf in KNOWN_LEAVES]
    assert [grown(leaves[:size])[0].root().hex() for size in range(1, 9)] == KNOWN_ROOTS
    assert Frontier().root().hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize("size", range(MOST + 1))
def test_roots_and_proofs_of_every_small_tree_are_those_of_the_standard(size: int) -> None:
    leaves = first(size)
    assert root(full_subtree, size) == grown(leaves)[0].root() == mth(leaves)
    for index in {*range(min(size, 5)), *range(0, size, 7), size - 1} - {-1}:
        assert inclusion(full_subtree, index, size) == path(index, leaves)
    for earlier in {*range(1, min(size, 5)), *range(1, size, 7), size} - {0}:
        assert consistency(full_subtree, earlier, size) == proof(earlier, leaves)


@pytest.mark.parametrize("size", [*range(1, 40), 64, 100, 127, 128, 129, MOST])
def test_a_published_library_has_the_same_roots_and_audit_paths(size: int) -> None:
    tree = InmemoryTree.init_from_entries(first(size), algorithm="sha256")
    assert root(full_subtree, size) == tree.get_root()
    for index in range(size):
        _, *hashes = tree.prove_inclusion(index + 1, size).path
        assert inclusion(full_subtree, index, size) == hashes


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_proofs_of_large_trees_hold_and_are_short(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 100_000))
    index, earlier = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    whole, part = root(full_subtree, size), root(full_subtree, earlier)
    audit, proven = inclusion(full_subtree, index, size), consistency(full_subtree, earlier, size)
    assert is_included(str(index).encode(), index, size, audit, whole)
    assert is_consistent(earlier, size, proven, (part, whole))
    assert max(len(audit), len(proven)) <= size.bit_length() + 1


@pytest.mark.parametrize("spoil", [lambda proven: proven[:-1], lambda proven: [*proven, b"x" * 32], reversed])
def test_a_spoiled_proof_does_not_hold(spoil: object) -> None:
    whole, part = root(full_subtree, 200), root(full_subtree, 77)
    audit = list(spoil(inclusion(full_subtree, 76, 200)))  # type: ignore[operator] # one of the three above
    proven = list(spoil(consistency(full_subtree, 77, 200)))  # type: ignore[operator] # the same
    assert not is_included(b"76", 76, 200, audit, whole)
    assert not is_consistent(77, 200, proven, (part, whole))


@pytest.mark.parametrize("size", [0, 1, 2, 3, 7, 8, 100, MOST])
def test_a_growing_tree_yields_every_full_subtree_once(size: int) -> None:
    frontier, nodes = grown(first(size))
    assert (frontier.size, len(nodes)) == (size, full_subtrees(size))
    assert {(node.level, node.index) for node in nodes} == {
        (level, index) for level in range(1, 9) for index in range(size >> level)
    }
    assert all(node.hash == full_subtree(node.level, node.index) for node in nodes)


def test_a_proof_of_a_million_reads_few_nodes() -> None:
    asked: list[tuple[int, int]] = []

    def counted(level: int, index: int) -> bytes:
        asked.append((level, index))
        return b"%032d" % random.Random(f"{level}-{index}").getrandbits(64)  # noqa: S311 - stands for a hash

    for index, size in ((0, 1_000_000), (999_998, 999_999), (524_287, 1_000_000), (700_001, 1_048_575)):
        inclusion(counted, index, size)
        consistency(counted, index + 1, size)
        root(counted, size)
    assert len(asked) < 4 * 3 * 200 / 2


@pytest.mark.parametrize(("index", "size"), [(-1, 5), (5, 5), (0, 0)])
def test_there_is_no_proof_for_what_is_not_there(index: int, size: int) -> None:
    with pytest.raises(ValueError, match=f"{index} "):
        inclusion(full_subtree, index, size)
    with pytest.raises(ValueError, match="not the beginning"):
        consistency(full_subtree, size + 1, size)
    with pytest.raises(ValueError, match="not the beginning"):
        consistency(full_subtree, 0, size)


MUTANTS = {
    "a leaf hashed like a node": ("leaf_hash", lambda leaf: node_hash(leaf, b"")),
    "siblings swapped": ("node_hash", lambda left, right: node_hash(right, left)),
    "divided in the middle": ("_halved", lambda begin, end: (begin + end + 1) // 2),
}


@pytest.mark.parametrize(("name", "wrong"), MUTANTS.values(), ids=MUTANTS)
def test_a_wrong_tree_is_caught(name: str, wrong: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merkle, name, wrong)
    with pytest.raises((AssertionError, KeyError)):
        test_known_trees_have_their_known_roots()
