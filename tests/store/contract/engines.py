"""The engines the contract is tested on, by name, so that another process can open the same one."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from store.postgres_register import PostgresRegister
from store.register import Register
from store.tinydb_register import TinyDbRegister
from tests import postgres
from tests.store.contract.samples import GROUND

OpenRegister = Callable[[], Register]
"""Opens the register of this test once more, as another process would."""

_ADDRESS = "address"


def prepare(engine: str, place: Path) -> None:
    """Make what the engine needs before several processes open a register at the place."""
    if engine == "postgresql":
        (place / _ADDRESS).write_text(postgres.fresh_dsn(), encoding="utf-8")


def address(place: Path) -> str:
    """Return the address of the place's database, as its owner signs in."""
    return (place / _ADDRESS).read_text(encoding="utf-8")


def fill(engine: str, place: Path) -> None:
    """Put into the register at the place what the samples name."""
    with closing(ENGINES[engine](place)) as register, register.transaction() as transaction:
        transaction.append(*GROUND)


def _tinydb(place: Path) -> Register:
    return TinyDbRegister(place / "register.db")


def _postgresql(place: Path) -> Register:
    return PostgresRegister(address(place))


ENGINES: dict[str, Callable[[Path], Register]] = {"tinydb": _tinydb, "postgresql": _postgresql}
