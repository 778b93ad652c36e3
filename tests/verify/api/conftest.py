"""The scene, filled once for the tests that only read, where it matters on each engine."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from store.tinydb_register import TinyDbRegister
from tests.store.contract.engines import ENGINES, prepare
from tests.verify.api.scene import Scene, scene_over


@pytest.fixture(scope="session", params=ENGINES)
def each_scene(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Return a scene for tests that only read, on each engine."""
    place = tmp_path_factory.mktemp("api")
    prepare(request.param, place)
    with closing(ENGINES[request.param](place)) as register:
        yield scene_over(register)


@pytest.fixture(scope="session")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Return a scene for tests that only read."""
    with closing(TinyDbRegister(tmp_path_factory.mktemp("api") / "register.db")) as register:
        yield scene_over(register)


@pytest.fixture
def own_scene(tmp_path: Path) -> Iterator[Scene]:
    """Return a scene of the test's own, which it may change."""
    with closing(TinyDbRegister(tmp_path / "register.db")) as register:
        yield scene_over(register)
