"""A register in a folder of its own, with plates hung, for the long stories."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gangpai.office import Office, open_office
from gangpai.settings import Settings


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(Settings(store_path=tmp_path / "register.db", demo=True)) as opened:
        yield opened
