"""A console to test: a register with two branches, an officer of each role, and a clock that tests move."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.policy import founding_plan
from store.tinydb_register import TinyDbRegister
from tests.office import Office
from tests.signing import note_key
from tests.verify.console.bureau import BASE_URL, CHEAP, OFFICERS, OTHER, OWN, Bureau
from verify.app import create_app
from verify.console.doorway import password_gate
from verify.passwords import PasswordGate
from verify.site import WebSettings


@pytest.fixture
def settings() -> WebSettings:
    return WebSettings(
        base_url=BASE_URL,
        policy=founding_plan(),
        secret=b"s" * 32,
        ledger_key=note_key(),
        code_roles=frozenset(),
    )


@pytest.fixture
def bureau(tmp_path: Path, settings: WebSettings) -> Iterator[Bureau]:
    register = TinyDbRegister(tmp_path / "register.db")
    office = Office(register)
    app = create_app(settings, register, lambda: office.now)
    gate = PasswordGate(CHEAP)
    app.dependency_overrides[password_gate] = lambda: gate
    bureau = Bureau(register, app, office)
    bureau.posted("接待室", OWN)
    bureau.posted("温室组", OTHER)
    for name, (role, branch) in OFFICERS.items():
        bureau.employ(name, role, branch)
    yield bureau
    register.close()
