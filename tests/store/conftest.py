"""An office on a register of its own for every test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from store.register import Register
from store.tinydb_register import TinyDbRegister
from tests.office import Office


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    opened = TinyDbRegister(tmp_path / "register.db")
    yield opened
    opened.close()


@pytest.fixture
def office(register: Register) -> Office:
    return Office(register)


@pytest.fixture
def added(office: Office) -> Callable[[Callable[[], object]], dict[str, int]]:
    """Return what an act added to the register, by class."""

    def measure(act: Callable[[], object]) -> dict[str, int]:
        before = office.written()
        act()
        after = office.written()
        return {name: after[name] - before[name] for name in after if after[name] != before[name]}

    return measure
