"""Every tampering is named, by the entry that comes first; what a kept checkpoint shows, it shows."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from store import ledger
from store.acts.veto import Charge, veto
from store.ledger import Checkpoint, seal_of
from store.records import Approval, Copy, LogEntry, Post, Record, TreeNode, Veto, VetoCause
from store.register import Register
from tests.office import NOON, Office
from tests.store.ledger.in_memory import InMemory

Change = Callable[[list[Any]], list[Any]]


@pytest.fixture
def story() -> InMemory:
    """Return a post's four entries, from the application to the veto."""
    register = InMemory()
    office = Office(register)
    office.issued(office.approved())
    veto(register, office.by(), "2026-001", Charge(cause=VetoCause.GRAVE_BREACH, facts="违纪"))
    return register


def altered(story: InMemory, kind: type[Record], change: Change) -> InMemory:
    register = story.copy()
    register.lists[kind] = change(register.lists[kind])
    assert register.lists[kind] != story.lists[kind]
    return register


def first_fault(register: InMemory, kept: Checkpoint | None = None) -> tuple[int, str]:
    fault = ledger.verify(register, kept).faults[0]
    return fault.number, fault.zh


def test_a_whole_story_verifies(register: Register, office: Office) -> None:
    office.issued(office.approved())
    veto(register, office.by(), "2026-001", Charge(cause=VetoCause.GRAVE_BREACH, facts="违纪"))
    verification = ledger.verify(register)
    assert verification.faults == ()
    assert verification.checkpoint == ledger.checkpoint(register)
    assert verification.checkpoint.size == 4


def test_an_empty_log_verifies(register: Register) -> None:
    assert ledger.verify(register).faults == ()
    assert str(ledger.checkpoint(register)).startswith("0:e3b0c442")


def test_a_checkpoint_changes_with_every_act(office: Office) -> None:
    roots = [ledger.checkpoint(office.register).root]
    office.applied()
    roots.append(ledger.checkpoint(office.register).root)
    assert len(set(roots)) == 2


def later(records: list[Veto]) -> list[Veto]:
    return [replace(each, cast_at=each.cast_at + timedelta(days=1)) for each in records]


@pytest.mark.parametrize(
    ("kind", "change", "number", "named"),
    [
        (Veto, later, 4, "所载内容被改动"),
        (Copy, lambda _: [], 3, "所载内容被改动、删除"),
        (Approval, lambda records: [replace(each, document="伪造") for each in records], 2, "第2条"),
        (Post, lambda posts: [*posts, replace(posts[0], id="slipped in")], 5, "1条内容未见于任何记录"),
        (Post, lambda posts: [replace(posts[0], id="slipped in"), *posts], 1, "其前有内容插入"),
        (LogEntry, lambda entries: entries[:1] + entries[2:], 2, "第2条记录缺失"),
        (LogEntry, lambda entries: [entries[1], entries[0], *entries[2:]], 1, "第1条记录缺失或次序"),
        (LogEntry, lambda entries: [*entries, entries[-1]], 5, "第5条记录缺失"),
        (LogEntry, lambda entries: entries[:-1], 4, "未见于任何记录"),
        (TreeNode, lambda nodes: [replace(nodes[0], hash="00" * 32), *nodes[1:]], 2, "校验树"),
        (TreeNode, lambda nodes: nodes[:-1], 4, "校验树"),
        (TreeNode, lambda nodes: [*nodes, nodes[-1]], 5, "校验树多于4条"),
    ],
)
def test_each_tampering_is_named(
    story: InMemory, kind: type[Record], change: Change, number: int, named: str
) -> None:
    found, words = first_fault(altered(story, kind, change))
    assert (found, named in words) == (number, True), words
    assert ledger.verify(story).faults == ()


@pytest.mark.parametrize("number", [1, 2, 3, 4])
@pytest.mark.parametrize(
    "change",
    [
        {"actor": "无名"},
        {"reason": "改"},
        {"at": NOON},
        {"salt": "00" * 16},
        {"salt": ""},
        {"seal": "0" * 64},
    ],
    ids=lambda change: next(iter(change)),
)
def test_an_altered_entry_is_named_first(story: InMemory, number: int, change: dict[str, Any]) -> None:
    tampered = altered(
        story,
        LogEntry,
        lambda entries: [replace(each, **change) if each.number == number else each for each in entries],
    )
    found, words = first_fault(tampered)
    assert found == number
    assert words.startswith(f"第{number}条记录（")
    assert "被改动" in words


def test_an_entry_under_another_id_is_named(story: InMemory) -> None:
    tampered = altered(story, LogEntry, lambda entries: [replace(entries[0], id="x"), *entries[1:]])
    assert first_fault(tampered) == (1, "第1条记录缺失或次序被改动")


def test_an_entry_sealed_again_after_a_change_betrays_itself_by_the_next(story: InMemory) -> None:
    def sealed_again(entries: list[Any]) -> list[Any]:
        changed = replace(entries[1], actor="无名")
        return [entries[0], replace(changed, seal=seal_of(changed, entries[0])), *entries[2:]]

    tampered = altered(story, LogEntry, sealed_again)
    del tampered.lists[TreeNode]
    assert first_fault(tampered)[0] == 3


def test_a_log_written_anew_from_some_point_on_is_told_by_a_checkpoint_kept(story: InMemory) -> None:
    kept = Checkpoint.parse(str(ledger.checkpoint(story)))
    anew = InMemory()
    for entry in story.lists[LogEntry]:
        ledger.enter(anew, replace(entry, actor="无名"), [])
    anew.lists.update(
        {kind: found for kind, found in story.lists.items() if kind not in {LogEntry, TreeNode}}
    )
    assert ledger.verify(story, kept).faults == ()
    assert ledger.verify(anew).faults == ()
    assert first_fault(anew, kept) == (4, f"与留存的校验值{kept}不符")


@pytest.mark.parametrize("size", [0, 1, 3, 5, 1000])
def test_a_checkpoint_of_another_log_is_not_this_one_s(story: InMemory, size: int) -> None:
    kept = Checkpoint(size=size, root="00" * 32)
    assert first_fault(story, kept)[1] == f"与留存的校验值{kept}不符"


def test_the_checkpoint_of_the_log_before_its_first_entry_holds_for_every_log(story: InMemory) -> None:
    assert ledger.verify(story, ledger.checkpoint(InMemory())).faults == ()


def test_records_put_into_another_order_are_noticed() -> None:
    office = Office(InMemory())
    office.applied(office.row("财务室"), office.row("检测岗"))
    assert isinstance(office.register, InMemory)
    tampered = altered(office.register, Post, lambda posts: posts[::-1])
    assert first_fault(tampered)[0] == 1
