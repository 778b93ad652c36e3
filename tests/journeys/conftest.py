"""A register in a folder of its own, with plates hung, for the long stories."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from gangpai.office import Office, open_office
from gangpai.settings import Settings
from gangpai.stores import TinyDbFile
from tests import postgres
from tests.journeys.workers import Store

ENGINES = ("tinydb", "postgresql")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(Settings(store=TinyDbFile(tmp_path / "register.db"), demo=True)) as opened:
        yield opened


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def store(engine: str, tmp_path: Path) -> Store:
    """Return a register of its own for the test on each engine."""
    address = postgres.fresh_dsn() if engine == "postgresql" else ""
    return Store(engine=engine, address=address, folder=tmp_path)


@pytest.fixture
def at_work(store: Store) -> Iterator[Office]:
    """Return an office at work in the store."""
    with closing(store.open()) as register:
        yield store.office(register)
