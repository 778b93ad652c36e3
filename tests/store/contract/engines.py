"""The engines the contract is tested on, by name, so that another process can open the same one."""

from collections.abc import Callable
from pathlib import Path

from store.register import Register
from store.tinydb_register import TinyDbRegister

OpenRegister = Callable[[], Register]
"""Opens the register of this test once more, as another process would."""


def _tinydb(place: Path) -> Register:
    return TinyDbRegister(place / "register.db")


ENGINES: dict[str, Callable[[Path], Register]] = {"tinydb": _tinydb}
