"""Many pages on one worker, each of a plate of its own: one veto turns them all, and each costs little."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bench.open_pages import HELD_KB, HELD_MS, PAGES, Turned, turn
from gangpai.stores import PostgresDatabase, Store, TinyDbFile
from tests.postgres import DURABLE, Server

FEW = 300
TURNED_WITHIN_MS = 5 * HELD_MS
"""So that a busy machine passes; the promised second is held in the soak."""


@pytest.fixture(params=["tinydb", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "tinydb":
        yield TinyDbFile(tmp_path / "register.db")
        return
    with closing(Server(DURABLE)) as server:
        yield PostgresDatabase(server.fresh_dsn(), tmp_path)


def assert_kept(turned: Turned, pages: int, within_ms: float) -> None:
    assert len(turned.turned_ms) == pages
    assert turned.p99_ms < within_ms
    assert turned.kilobytes_each < HELD_KB


def test_some_hundred_pages_turn_and_cost_little(store: Store) -> None:
    assert_kept(turn("few", store, FEW), FEW, TURNED_WITHIN_MS)


@pytest.mark.soak  # a time of this machine, which others may be using
def test_two_thousand_pages_turn_within_a_second(store: Store) -> None:
    assert_kept(turn("many", store, PAGES), PAGES, HELD_MS)
