"""Entering acts grows the tree node by node; a register without nodes answers all the same, and gets them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from store import ledger
from store.documents import canonical_json
from store.ledger import NoSuchEntry, log, verification
from store.ledger.leaves import leaf_of
from store.ledger.merkle import full_subtrees
from store.records import LogEntry, Record, TreeNode
from store.register import DamagedRegister, Reader, Register, Transaction
from store.tinydb_register import TinyDbRegister
from store.transfer import export_json, import_json
from tests.office import NOON, Office
from tests.store.ledger.in_memory import InMemory
from tests.store.ledger.rfc6962 import mth, path, proof


def entry(number: int, **changes: object) -> LogEntry:
    said: dict[str, object] = {
        "id": ledger.entry_id(number), "number": number, "at": NOON, "actor": "committee", "act": "approve",
        "object": f"2026-{number:03d}", "reason": "", "digests": (),
    }  # fmt: skip
    return LogEntry(**(said | changes))  # type: ignore[arg-type]


def enter(register: Register, *numbers: int) -> None:
    with register.transaction() as transaction:
        for number in numbers:
            ledger.enter(transaction, entry(number), [])


def enter_as_the_first_release_did(register: Register, size: int) -> None:
    before = None
    with register.transaction() as transaction:
        for number in range(1, size + 1):
            before = entry(number, seal=log.seal_of(entry(number), before))
            transaction.append(before)


def leaves_of(register: Reader) -> list[bytes]:
    return [leaf_of(each) for each in register.find(LogEntry)]


def assert_answers(register: Reader, size: int) -> None:
    """Assert that checkpoint and proofs are those of the standard, and that the whole log verifies."""
    leaves = leaves_of(register)
    assert len(leaves) == size
    assert ledger.checkpoint(register).root == mth(leaves).hex()
    for number in {1, size // 2 or 1, size}:
        assert ledger.inclusion(register, number, size) == path(number - 1, leaves)
        assert ledger.consistency(register, number, size) == proof(number, leaves)
    assert ledger.verify(register).faults == ()


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 21])
def test_a_log_has_the_tree_of_the_standard(register: Register, size: int) -> None:
    enter(register, *range(1, size + 1))
    assert register.count(TreeNode) == full_subtrees(size)
    assert_answers(register, size)


def test_every_entry_has_a_salt_of_its_own(register: Register) -> None:
    enter(register, *range(1, 30))
    assert len({each.salt for each in register.find(LogEntry)}) == 29


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 12])
def test_a_register_of_the_first_release_answers_and_gets_its_nodes_with_the_next_acts(
    register: Register, size: int
) -> None:
    enter_as_the_first_release_did(register, size)
    leaves = leaves_of(register)
    assert leaves == [canonical_json(each) for each in register.find(LogEntry)]
    kept = ledger.checkpoint(register)
    assert_answers(register, size)
    for number in range(size + 1, size + 6):
        enter(register, number)
        assert_answers(register, number)
        assert ledger.verify(register, kept).faults == ()
    assert register.count(TreeNode) == full_subtrees(size + 5)
    assert leaves_of(register)[:size] == leaves


def test_an_imported_register_has_its_nodes_at_once(office: Office, tmp_path: Path) -> None:
    office.issued(office.approved())
    other = TinyDbRegister(tmp_path / "other.db")
    import_json(other, export_json(office.register))
    assert other.find(TreeNode) == office.register.find(TreeNode)
    assert ledger.checkpoint(other) == ledger.checkpoint(office.register)
    other.close()


def enter_and_fail(transaction: Transaction, number: int) -> None:
    ledger.enter(transaction, entry(number), [])
    assert 1 / (1 - transaction.count(TreeNode))


def test_an_act_that_fails_leaves_no_node_behind(register: Register) -> None:
    enter(register, 1)
    with pytest.raises(ZeroDivisionError), register.transaction() as transaction:
        enter_and_fail(transaction, 2)
    assert register.count(TreeNode) == 0
    enter(register, 2)
    assert_answers(register, 2)


class Counting(InMemory):
    """A log of so many entries that counts what is read of it one by one."""

    def __init__(self, size: int) -> None:
        super().__init__()
        filled = InMemory()
        enter(filled, *range(1, size + 1))
        self.lists, self.reads = filled.lists, 0
        self.by_id = {(kind, each.id): each for kind, found in self.lists.items() for each in found}

    def get(self, kind: type[Record], record_id: str, /) -> Any:
        self.reads += 1
        return self.by_id.get((kind, record_id))


QUESTIONS: tuple[Callable[[Counting], object], ...] = (
    ledger.checkpoint,
    lambda register: ledger.inclusion(register, 700, 1499),
    lambda register: ledger.consistency(register, 701, 1499),
)


@pytest.mark.parametrize("ask", QUESTIONS)
def test_no_question_reads_more_than_a_few_nodes(ask: Callable[[Counting], object]) -> None:
    register = Counting(1499)
    ask(register)
    assert 0 < register.reads <= 70


@pytest.mark.parametrize(("size", "reads"), [(1022, 0), (1023, 10), (1025, 1)])
def test_an_act_reads_only_the_nodes_it_completes_others_with(size: int, reads: int) -> None:
    register = Counting(size)
    ledger.enter(register, entry(size + 1, salt="00"), [])
    assert register.reads == reads


def test_what_is_not_in_the_log_is_not_proved(register: Register) -> None:
    enter(register, 1, 2, 3)
    for number in (0, 4, -1):
        with pytest.raises(NoSuchEntry):
            ledger.entry_at(register, number)
    for number, size in ((0, 3), (4, 3), (1, 4), (1, 0), (3, 2)):
        with pytest.raises(NoSuchEntry):
            ledger.inclusion(register, number, size)
        with pytest.raises(NoSuchEntry):
            ledger.consistency(register, number, size)


def test_an_entry_that_is_gone_is_damage_and_no_answer() -> None:
    register = InMemory()
    enter(register, 1, 2, 3)
    register.lists[LogEntry][2] = entry(3, id="another")
    with pytest.raises(DamagedRegister):
        ledger.entry_at(register, 3)


def test_going_through_the_log_holds_no_more_than_a_page(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(register, *range(1, 400))
    monkeypatch.setattr(type(register), "find", None)
    with register.snapshot() as reader:
        monkeypatch.setattr(type(reader), "find", None)
        assert verification.verify(reader).faults == ()
