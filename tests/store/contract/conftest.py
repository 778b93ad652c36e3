"""The register under test, opened as often as a test asks."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from store.register import Register
from tests.store.contract.engines import ENGINES, OpenRegister, fill, prepare


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def new_place(engine: str, tmp_path: Path) -> Path:
    """Return where any process finds the register of this test, which nobody has opened yet."""
    prepare(engine, tmp_path)
    return tmp_path


@pytest.fixture
def place(engine: str, new_place: Path) -> Path:
    """Return where any process finds the register of this test, with what the samples name in it."""
    fill(engine, new_place)
    return new_place


@pytest.fixture
def open_register(engine: str, place: Path) -> Iterator[OpenRegister]:
    with ExitStack() as stack:
        yield lambda: stack.enter_context(closing(ENGINES[engine](place)))


@pytest.fixture
def empty_register(engine: str, new_place: Path) -> Iterator[Register]:
    with closing(ENGINES[engine](new_place)) as register:
        yield register


@pytest.fixture
def register(open_register: OpenRegister) -> Register:
    return open_register()
