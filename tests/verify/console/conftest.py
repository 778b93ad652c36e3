"""A console to test: a register with two branches, an officer of each role, and a clock that tests move."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest
from fastapi import FastAPI

from store.policy import founding_plan
from store.tinydb_register import TinyDbRegister
from tests.office import Office
from tests.signing import note_key
from tests.verify.console.bureau import BASE_URL, CHEAP, OFFICERS, OTHER, OWN, Bureau
from verify.app import create_app
from verify.console.doorway import password_gate
from verify.documents import Documents
from verify.passwords import PasswordGate
from verify.site import WebSettings


@pytest.fixture(scope="session")
def settings() -> WebSettings:
    return WebSettings(
        base_url=BASE_URL,
        policy=founding_plan(),
        secret=b"s" * 32,
        ledger_key=note_key(),
        code_roles=frozenset(),
    )


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A register file with two branches and an officer of each role, and the time it was left at."""

    path: Path
    now: datetime


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """Act once what every test of the console begins with."""
    path = tmp_path_factory.mktemp("prepared") / "register.db"
    with closing(TinyDbRegister(path)) as register:
        bureau = Bureau(register, FastAPI(), Office(register))
        bureau.posted("接待室", OWN)
        bureau.posted("温室组", OTHER)
        for name, (role, branch) in OFFICERS.items():
            bureau.employ(name, role, branch)
        return Prepared(path=path, now=bureau.now)


@contextmanager
def opened(file: Prepared, folder: Path, settings: WebSettings) -> Iterator[Bureau]:
    """Open a copy of a prepared register, with the console over it."""
    path = folder / "register.db"
    path.write_bytes(file.path.read_bytes())
    with closing(TinyDbRegister(path)) as register:
        office = Office(register, now=file.now)
        app = create_app(settings, register, lambda: office.now)
        gate = PasswordGate(CHEAP)
        app.dependency_overrides[password_gate] = lambda: gate
        site = app.state.site
        site.documents.close()
        app.state.site = replace(site, documents=Documents(partial(ThreadPoolExecutor, 1)))
        yield Bureau(register, app, office)


@pytest.fixture
def bureau(prepared: Prepared, tmp_path: Path, settings: WebSettings) -> Iterator[Bureau]:
    with opened(prepared, tmp_path, settings) as bureau:
        yield bureau
