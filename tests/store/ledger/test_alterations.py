"""Ten thousand random alterations of a log, each of which is found; and verifiers that leave something out.

Seven thousand are found by the register alone. Three thousand are the work of somebody who writes the past
anew with every number, digest, seal and node recomputed: there only a checkpoint kept elsewhere tells.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from datetime import timedelta
from functools import cache
from typing import Any

import pytest

from store import ledger
from store.documents import digest
from store.ledger import leaves, log, verification
from store.ledger.leaves import leaf_of
from store.ledger.log import complete, entry_id, seal_of
from store.records import LogEntry, Loss, Post, Record, TreeNode
from tests.office import NOON
from tests.store.ledger.in_memory import InMemory

pytestmark = pytest.mark.no_cover  # thousands of cases, which coverage makes three times as slow

SIZE = 11
LOCAL, REWRITTEN = 7_000, 3_000
Chance = random.Random
Past = list[tuple[LogEntry, list[Record]]]
"""Entries, each with the records of its act."""


def post(number: int) -> Post:
    return Post(id=f"2026-{number:03d}", year=2026, branch_id="branch")


def lost(plate: int) -> Loss:
    return Loss(id=f"loss {plate}", copy_id=f"{plate}", post_id="2026-001", reason="遗失", reported_at=NOON)


@cache
def hashed(record: Record) -> str:
    return digest(record)


def told(number: int) -> tuple[LogEntry, list[Record]]:
    """Return an act on a post, or on three plates of one."""
    plates = range(number, number + 3)
    records: list[Record] = [post(number)] if number % 3 else [lost(plate) for plate in plates]
    entry = LogEntry(
        id=entry_id(number), number=number, at=NOON + timedelta(hours=number), actor=f"officer {number}",
        act="issue", object=f"2026-{number:03d}", reason="原因", digests=tuple(map(hashed, records)),
    )  # fmt: skip
    return entry, records


def written(past: Past) -> InMemory:
    register = InMemory()
    for entry, records in past:
        ledger.enter(register, entry, records)
    return register


PAST = [told(number) for number in range(1, SIZE + 1)]
STORY = written(PAST)
KEPT = [ledger.checkpoint(written(PAST[:size])) for size in range(SIZE + 1)]


def another(value: Any, chance: Chance) -> Any:
    """Return another value of the same type."""
    if isinstance(value, tuple):
        return value[1:] if value and chance.random() < 0.5 else (*value, "0" * 64)
    if isinstance(value, str):
        at = chance.randrange(len(value)) if value else 0
        digit = chance.choice([each for each in "0123456789abcdef" if each != value[at : at + 1]])
        return value[:at] + digit + value[at + 1 :]
    if isinstance(value, int):
        return value + chance.choice([-1, 1, 100])
    return value + timedelta(seconds=chance.randint(1, 9))


def change_one(records: list[Any], chance: Chance, names: list[str]) -> None:
    place, name = chance.randrange(len(records)), chance.choice(names)
    records[place] = replace(records[place], **{name: another(getattr(records[place], name), chance)})


def remove_one(records: list[Any], chance: Chance) -> None:
    del records[chance.randrange(len(records))]


def swap_two(records: list[Any], chance: Chance) -> None:
    one, other = chance.sample(range(len(records)), 2)
    records[one], records[other] = records[other], records[one]


def slip_one_in(records: list[Any], chance: Chance) -> None:
    twin = replace(chance.choice(records), id=f"twin {chance.random()}")
    records.insert(chance.randrange(len(records) + 1), twin)


def recompute(register: InMemory) -> None:
    """Seal all entries and build all nodes anew, as somebody would who knows how."""
    before = None
    for place, entry in enumerate(register.lists[LogEntry]):
        before = register.lists[LogEntry][place] = replace(entry, seal=seal_of(entry, before))
    register.lists[TreeNode].clear()
    complete(register)


ENTRY_FIELDS = [each.name for each in fields(LogEntry)]
RECORD_FIELDS = {Post: ["id", "year", "branch_id"], Loss: ["copy_id", "reason", "reported_at"]}


def alter_an_entry(register: InMemory, chance: Chance) -> None:
    change_one(register.lists[LogEntry], chance, ENTRY_FIELDS)


def alter_an_entry_and_recompute(register: InMemory, chance: Chance) -> None:
    change_one(register.lists[LogEntry], chance, ["id", "number", "digests"])
    recompute(register)


def alter_a_record(register: InMemory, chance: Chance) -> None:
    kind = chance.choice(list(RECORD_FIELDS))
    change_one(register.lists[kind], chance, RECORD_FIELDS[kind])


def alter_a_node(register: InMemory, chance: Chance) -> None:
    change_one(register.lists[TreeNode], chance, ["id", "hash"])


def in_some_list(
    change: Callable[[list[Any], Chance], None], *kinds: type[Record]
) -> Callable[[InMemory, Chance], None]:
    return lambda register, chance: change(register.lists[chance.choice(kinds)], chance)


def move_entries_and_recompute(register: InMemory, chance: Chance) -> None:
    """Let two acts change places with their records, their numbers as they were."""
    swap_two(register.lists[LogEntry], chance)
    recompute(register)


ANY = (LogEntry, LogEntry, Post, Loss, TreeNode)
LOCALLY: tuple[Callable[[InMemory, Chance], None], ...] = (
    alter_an_entry,
    alter_an_entry_and_recompute,
    alter_a_record,
    alter_a_node,
    in_some_list(remove_one, *ANY),
    in_some_list(swap_two, *ANY),
    in_some_list(slip_one_in, *ANY),
    move_entries_and_recompute,
)


def locally_altered(chance: Chance) -> InMemory:
    register = STORY.copy()
    chance.choice(LOCALLY)(register, chance)
    return register


def rewritten(chance: Chance, kept: int) -> InMemory:
    """Return a sound log of which the first `kept` entries are not what they were."""
    past, place = list(PAST), chance.randrange(kept)
    entry, records = past[place]
    match chance.choice(["entry", "records", "removed", "moved", "slipped in", "cut off"]):
        case "entry":
            name = chance.choice(["at", "actor", "act", "object", "reason"])
            past[place] = replace(entry, **{name: another(getattr(entry, name), chance)}), records
        case "records":
            past[place] = told(place + 20)
        case "removed":
            del past[place]
        case "moved":
            other = (place + chance.randrange(1, SIZE)) % SIZE
            past[place], past[other] = past[other], past[place]
        case "slipped in":
            past.insert(place, told(place + 20))
        case "cut off":
            del past[place:]
    return written(list(numbered(past)))


def numbered(past: Past) -> Iterator[tuple[LogEntry, list[Record]]]:
    for number, (entry, records) in enumerate(past, start=1):
        digests = tuple(map(hashed, records))
        yield replace(entry, id=entry_id(number), number=number, digests=digests), records


@pytest.fixture(autouse=True)
def _each_record_is_hashed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the hashes of equal records: ten thousand logs are nearly the same."""
    monkeypatch.setattr(verification, "digest", hashed)
    for module in (log, verification):
        monkeypatch.setattr(module, "seal_of", cache(seal_of))
        monkeypatch.setattr(module, "leaf_of", cache(leaf_of))


def escaped_locally(times: int) -> list[int]:
    """Return the seeds of the alterations that are not found."""
    seeds = range(times)
    return [seed for seed in seeds if not ledger.verify(locally_altered(Chance(seed))).faults]


def escaped_rewritten(times: int) -> list[int]:
    escaped = []
    for seed in range(times):
        chance = Chance(seed)
        kept = chance.randint(1, SIZE)
        if not ledger.verify(rewritten(chance, kept), KEPT[kept]).faults:
            escaped.append(seed)
    return escaped


def test_f29_seven_thousand_alterations_are_found_by_the_register_alone() -> None:
    assert ledger.verify(STORY).faults == ()
    assert escaped_locally(LOCAL) == []


def test_f29_three_thousand_rewritten_pasts_are_found_by_a_checkpoint_kept() -> None:
    assert all(ledger.verify(STORY, kept).faults == () for kept in KEPT)
    assert escaped_rewritten(REWRITTEN) == []


def test_a_rewritten_past_is_sound_in_itself() -> None:
    for seed in range(200):
        assert ledger.verify(rewritten(Chance(seed), SIZE)).faults == ()


def test_every_way_to_alter_alters() -> None:
    for seed in range(500):
        assert locally_altered(Chance(seed)).lists != STORY.lists


def nothing(*_: object) -> None:
    return None


MUTANTS: dict[str, tuple[object, str, object]] = {
    "seals are not looked at": (verification, "seal", nothing),
    "the order is not looked at": (verification, "numbering", nothing),
    "the records are not looked at": (verification.Contents, "look", nothing),
    "records beyond the last entry are not looked at": (verification.Contents, "left", nothing),
    "the nodes are not looked at": (verification.KeptNodes, "look", nothing),
    "nodes beyond the last entry are not looked at": (verification.KeptNodes, "left", nothing),
    "a kept checkpoint is not looked at": (verification.Past, "look", nothing),
    "a log cut off is not looked at": (verification.Past, "left", nothing),
    "the reason is not in the leaf": (leaves, "COMMITTED", ("actor", "object", "digests")),
    "a leaf is left out": (
        verification,
        "leaf_of",
        lambda entry: leaf_of(entry) if entry.number - 5 else b"",
    ),
}


@pytest.mark.parametrize(("place", "name", "mutant"), MUTANTS.values(), ids=MUTANTS)
def test_a_verifier_that_leaves_something_out_is_caught(
    place: object, name: str, mutant: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place, name, mutant)
    if place is leaves:
        monkeypatch.setattr(verification, "leaf_of", leaf_of)
    is_caught = ledger.verify(STORY).faults or escaped_locally(1000) or escaped_rewritten(300)
    assert is_caught
