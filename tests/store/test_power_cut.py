"""The power fails at any moment: what was acknowledged is on the disk, and no act is there by half (F29)."""

import random
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from store import sqlite_storage
from store.register import RegisterUnavailable
from store.sqlite_storage import SqliteStorage
from store.tinydb_register import TinyDbRegister
from tests.store.contract.samples import GROUND, act_of
from tests.store.contract.test_processes import assert_kept_whole
from tests.store.contract.test_records import write
from tests.store.platter import Platter, watched_by

ACTS = 60
CUTS_AMONG_WRITES = 0.02

Cut = tuple[set[int], dict[str, bytes]]
"""What was acknowledged before the power failed, and the files it left."""


def cuts_while_writing(folder: Path, seed: int) -> list[Cut]:
    """Write acts and let the power fail at some writes and after every acknowledgement."""
    with closing(TinyDbRegister(folder / "register.db")) as made:
        write(made, *GROUND)
    chance = random.Random(seed)  # noqa: S311 -- when the power fails, no secret
    platter, acknowledged, cuts = Platter(chance), set[int](), list[Cut]()

    def cut() -> None:
        cuts.append((set(acknowledged), platter.without_power()))

    platter.at_a_write = lambda: cut() if chance.random() < CUTS_AMONG_WRITES else None
    with watched_by(platter), closing(TinyDbRegister(folder / "register.db")) as register:
        for number in range(ACTS):
            write(register, *act_of(number))
            acknowledged.add(number)
            cut()
    return cuts


def check(cuts: list[Cut], folder: Path) -> None:
    """Open what every cut left, and look for what was acknowledged and for halves."""
    for number, (acknowledged, files) in enumerate(cuts):
        left = folder / str(number)
        left.mkdir()
        for name, data in files.items():
            (left / name).write_bytes(data)
        with closing(TinyDbRegister(left / "register.db")) as register:
            assert_kept_whole(register, acknowledged)


@pytest.mark.parametrize("seed", [1, *(pytest.param(each, marks=pytest.mark.soak) for each in range(2, 20))])
def test_f29_a_power_cut_loses_nothing_acknowledged_and_leaves_no_half(tmp_path: Path, seed: int) -> None:
    cuts = cuts_while_writing(tmp_path, seed)
    assert len(cuts) > ACTS, "some fall in the middle of an act"
    check(cuts, tmp_path)


def syncs_at_checkpoints_only(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(sqlite_storage, "_SETTINGS", ("PRAGMA synchronous = NORMAL",))


def never_syncs(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(sqlite_storage, "_SETTINGS", ("PRAGMA synchronous = OFF",))


def commits_each_record(patch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def nothing(_: Any) -> Iterator[None]:
        yield

    patch.setattr(SqliteStorage, "writing", nothing)


@pytest.mark.parametrize("mutant", [syncs_at_checkpoints_only, never_syncs, commits_each_record])
def test_a_writer_that_breaks_the_promise_is_caught(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mutant: Callable[[pytest.MonkeyPatch], None]
) -> None:
    mutant(monkeypatch)
    cuts = cuts_while_writing(tmp_path, seed=1)
    monkeypatch.undo()
    with pytest.raises((AssertionError, RegisterUnavailable)):
        check(cuts, tmp_path)
