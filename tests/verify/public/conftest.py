"""A street with plates: a register that can be made to fail, a clock that stands still, and passers-by."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, sync_playwright

from store.register import Register
from store.standing import Verdict
from store.tinydb_register import TinyDbRegister
from tests.office import Office
from tests.verify.in_process import HERE, visitor
from tests.verify.public.plates import FailingRegister, bring_to
from tests.verify.public.street import CODES, SETTINGS, Chance, Clock, Scene, Somebody
from verify.app import create_app
from verify.site import WebSettings


@pytest.fixture(scope="session", params=list(Verdict), ids=str)
def scene(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    kept = TinyDbRegister(tmp_path_factory.mktemp("scene") / "register.db")
    register = FailingRegister(kept)
    client = visitor(create_app(SETTINGS, register, Clock(), Chance()), SETTINGS.base_url)
    yield Scene(request.param, bring_to(Office(register, codes=iter(CODES)), register, request.param), client)
    kept.close()


@pytest.fixture
def register(tmp_path: Path) -> Iterator[FailingRegister]:
    kept = TinyDbRegister(tmp_path / "register.db")
    yield FailingRegister(kept)
    kept.close()


@pytest.fixture
def office(register: Register) -> Office:
    return Office(register, codes=iter(CODES))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def settings() -> WebSettings:
    return SETTINGS


@pytest.fixture
def application(register: Register, clock: Clock) -> Callable[[WebSettings], FastAPI]:
    return lambda settings: create_app(settings, register, clock, Chance())


@pytest.fixture
def app(application: Callable[[WebSettings], FastAPI], settings: WebSettings) -> FastAPI:
    return application(settings)


@pytest.fixture
def somebody(app: FastAPI, settings: WebSettings) -> Somebody:
    def arrive(address: str = HERE[0], **more: Any) -> httpx.Client:
        person = visitor(app, settings.base_url, (address, HERE[1]))
        person.headers.update(more)
        return person

    return arrive


@pytest.fixture
def client(somebody: Somebody) -> httpx.Client:
    return somebody()


@pytest.fixture
def demonstration(application: Callable[[WebSettings], FastAPI], settings: WebSettings) -> httpx.Client:
    return visitor(application(replace(settings, demo=True)), settings.base_url)


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    """Return a browser; while it is open the thread has a loop running, so nothing is asked in process."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()
