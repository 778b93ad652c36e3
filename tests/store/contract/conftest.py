"""The register under test, opened as often as a test asks."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from store.register import Register
from tests.store.contract.engines import ENGINES, OpenRegister


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def open_register(engine: str, tmp_path: Path) -> Iterator[OpenRegister]:
    with ExitStack() as stack:
        yield lambda: stack.enter_context(closing(ENGINES[engine](tmp_path)))


@pytest.fixture
def register(open_register: OpenRegister) -> Register:
    return open_register()
