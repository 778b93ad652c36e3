"""A register in a folder of its own, with plates hung, for the long stories."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from gangpai.office import Office, open_office, open_store
from gangpai.settings import Settings
from gangpai.stores import PostgresDatabase, Store, TinyDbFile
from tests import postgres
from tests.journeys.workers import office_at

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
    """Return the place of a register of its own for the test, on each engine."""
    if engine == "postgresql":
        return PostgresDatabase(postgres.fresh_dsn(), tmp_path)
    return TinyDbFile(tmp_path / "register.db")


@pytest.fixture
def at_work(store: Store) -> Iterator[Office]:
    """Return an office at work in the store."""
    with closing(open_store(store)) as register:
        yield office_at(store, register)
