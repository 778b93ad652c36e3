"""The log on every engine: entered, proved, gone through, and taken over from the first release."""

import pytest

from store import ledger
from store.ledger.merkle import full_subtrees
from store.records import TreeNode
from store.register import Register
from tests.store.ledger.test_log import assert_answers, enter, enter_as_the_first_release_did


def test_the_log_has_the_tree_of_the_standard(empty_register: Register) -> None:
    for number in range(1, 22):
        enter(empty_register, number)
    assert empty_register.count(TreeNode) == full_subtrees(21)
    with empty_register.snapshot() as state:
        assert_answers(state, 21)


@pytest.mark.parametrize("size", [1, 5, 12])
def test_a_log_of_the_first_release_gets_its_nodes_with_the_next_acts(
    empty_register: Register, size: int
) -> None:
    enter_as_the_first_release_did(empty_register, size)
    kept = ledger.checkpoint(empty_register)
    enter(empty_register, size + 1, size + 2)
    assert empty_register.count(TreeNode) == full_subtrees(size + 2)
    with empty_register.snapshot() as state:
        assert_answers(state, size + 2)
        assert ledger.verify(state, kept).faults == ()
