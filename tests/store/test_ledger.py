"""The log is compared with a second, iterative reading of RFC 6962, and every tampering is named."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store import ledger
from store.acts.veto import Charge, veto
from store.ledger import Checkpoint, Fault, NotACheckpoint, leaf_hash, seal_of, tree_root
from store.records import Approval, Copy, LogEntry, Post, Record, Veto, VetoCause
from store.register import Reader
from tests.office import NOON, Office


def folded_root(leaves: list[bytes]) -> bytes:
    """Merge complete subtrees from the left as they form; another reading of RFC 6962, section 2.1."""
    peaks: list[tuple[int, bytes]] = []
    for leaf in leaves:
        peaks.append((0, hashlib.sha256(b"\x00" + leaf).digest()))
        while len(peaks) > 1 and peaks[-1][0] == peaks[-2][0]:
            (height, right), (_, left) = peaks.pop(), peaks.pop()
            peaks.append((height + 1, hashlib.sha256(b"\x01" + left + right).digest()))
    root = peaks.pop()[1] if peaks else hashlib.sha256(b"").digest()
    while peaks:
        root = hashlib.sha256(b"\x01" + peaks.pop()[1] + root).digest()
    return root


@given(st.lists(st.binary(max_size=8), max_size=70))
def test_root_agrees_with_another_reading_of_the_standard(leaves: list[bytes]) -> None:
    assert tree_root([leaf_hash(leaf) for leaf in leaves]) == folded_root(leaves)


def test_an_empty_and_a_single_tree_have_the_standard_s_roots() -> None:
    assert tree_root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"


def test_a_whole_story_verifies(office: Office) -> None:
    office.issued(office.approved())
    veto(office.register, office.by(), "2026-001", Charge(cause=VetoCause.GRAVE_BREACH, facts="违纪"))
    verification = ledger.verify(office.register)
    assert verification.faults == ()
    assert verification.checkpoint.size == 4


def test_a_checkpoint_changes_with_every_act(office: Office) -> None:
    roots = [ledger.checkpoint(office.register).root]
    office.applied()
    roots.append(ledger.checkpoint(office.register).root)
    assert len(set(roots)) == 2


class Tampered:
    """A register in which one class of records reads otherwise than it was written."""

    def __init__(self, reader: Reader, kind: type[Record], change: Callable[[list[Any]], list[Any]]) -> None:
        self._reader, self._kind, self._change = reader, kind, change

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reader, name)

    def find(self, kind: type[Record], /, **fields: str | int) -> list[Any]:
        found = self._reader.find(kind, **fields)
        return self._change(found) if kind is self._kind else found


def later(records: list[Veto]) -> list[Veto]:
    return [replace(each, cast_at=each.cast_at + timedelta(days=1)) for each in records]


def duplicated(records: list[Any]) -> list[Any]:
    return [*records, replace(records[0], id="slipped in")]


@pytest.mark.parametrize(
    ("kind", "change", "named"),
    [
        (Veto, later, "第4条"),
        (Copy, lambda _: [], "第3条"),
        (Approval, lambda records: [replace(each, document="伪造") for each in records], "第2条"),
        (Post, duplicated, "1条内容未见于任何记录"),
        (LogEntry, lambda records: records[:1] + records[2:], "第2条记录缺失"),
        (LogEntry, lambda records: [records[1], records[0], *records[2:]], "第1条记录缺失或次序"),
    ],
)
def test_each_tampering_is_named(
    office: Office, kind: type[Record], change: Callable[[list[Any]], list[Any]], named: str
) -> None:
    office.issued(office.approved())
    veto(office.register, office.by(), "2026-001", Charge(cause=VetoCause.GRAVE_BREACH, facts="违纪"))
    tampered = cast("Reader", Tampered(office.register, kind, change))
    assert named in ledger.verify(tampered).faults[0].zh
    assert ledger.verify(office.register).faults == ()


def test_a_rewritten_log_has_another_root(office: Office) -> None:
    office.approved()
    rewritten = Tampered(
        office.register, LogEntry, lambda entries: [replace(entries[0], actor="无名"), *entries[1:]]
    )
    assert ledger.checkpoint(cast("Reader", rewritten)) != ledger.checkpoint(office.register)


@pytest.mark.parametrize("number", [1, 2, 3, 4])
@pytest.mark.parametrize("change", [{"actor": "无名"}, {"reason": "改"}, {"at": NOON}, {"digests": ()}])
def test_an_altered_entry_is_named_first(office: Office, number: int, change: dict[str, Any]) -> None:
    office.issued(office.approved())
    veto(office.register, office.by(), "2026-001", Charge(cause=VetoCause.GRAVE_BREACH, facts="违纪"))

    def altered(entries: list[Any]) -> list[Any]:
        return [replace(each, **change) if each.number == number else each for each in entries]

    tampered = cast("Reader", Tampered(office.register, LogEntry, altered))
    assert ledger.verify(tampered).faults[0].zh.startswith(f"第{number}条记录")
    assert "被改动" in ledger.verify(tampered).faults[0].zh


def test_an_entry_sealed_again_after_a_change_betrays_itself_by_the_next(office: Office) -> None:
    office.issued(office.approved())

    def sealed_again(entries: list[Any]) -> list[Any]:
        altered = replace(entries[1], actor="无名")
        return [entries[0], replace(altered, seal=seal_of(altered, entries[0])), *entries[2:]]

    tampered = cast("Reader", Tampered(office.register, LogEntry, sealed_again))
    assert ledger.verify(tampered).faults[0].zh.startswith("第3条记录")


def test_a_log_written_anew_from_some_point_on_is_told_by_a_checkpoint_kept(office: Office) -> None:
    office.issued(office.approved())
    kept = Checkpoint.parse(str(ledger.checkpoint(office.register)))
    office.now += timedelta(days=1)
    veto(office.register, office.by(), "2026-001", Charge(cause=VetoCause.GRAVE_BREACH, facts="违纪"))

    def written_anew(entries: list[Any]) -> list[Any]:
        anew: list[Any] = []
        for each in entries:
            changed = replace(each, actor="无名")
            anew.append(replace(changed, seal=seal_of(changed, anew[-1] if anew else None)))
        return anew

    tampered = cast("Reader", Tampered(office.register, LogEntry, written_anew))
    assert ledger.verify(office.register, kept).faults == ()
    assert ledger.verify(tampered).faults == ()
    assert f"与留存的校验值{kept}不符" in ledger.verify(tampered, kept).faults[0].zh


@pytest.mark.parametrize("text", ["", "12", "12:zz", "-1:" + "0" * 64, "１:" + "0" * 64])
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NotACheckpoint):
        Checkpoint.parse(text)


def test_records_put_into_another_order_are_noticed(office: Office) -> None:
    office.applied(office.row("财务室"), office.row("检测岗"))
    tampered = cast("Reader", Tampered(office.register, Post, lambda posts: posts[::-1]))
    assert ledger.verify(tampered).faults == (
        Fault("Post类内容的先后被改动", "the order of Post was altered"),
    )
