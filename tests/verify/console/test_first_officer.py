"""The first account: set up from the machine itself, with its key, and once."""

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from store.records import Officer, Role
from store.register import Register
from store.tinydb_register import TinyDbRegister
from tests.office import Office
from tests.verify.console.bureau import BASE_URL, CHEAP, SAME_ORIGIN, Browser
from tests.verify.in_process import visitor
from verify.app import create_app
from verify.console import first_officer
from verify.console.doorway import password_gate
from verify.joining import setup_key
from verify.passwords import PasswordGate
from verify.site import WebSettings

SETUP = "/console/setup"
SENTENCE = "昨夜雨疏风骤，浓睡不消残酒"
AT_MACHINE, ELSEWHERE = ("127.0.0.1", 4711), ("203.0.113.7", 4711)
Door = Callable[[tuple[str, int]], Browser]


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    opened = TinyDbRegister(tmp_path / "register.db")
    yield opened
    opened.close()


@pytest.fixture
def door(register: Register, settings: WebSettings) -> Door:
    app = create_app(settings, register, lambda: Office(register).now)
    app.dependency_overrides[password_gate] = lambda: PasswordGate(CHEAP)

    def come(address: tuple[str, int]) -> Browser:
        browser = Browser(visitor(app, BASE_URL, address))
        browser.token = setup_key(app.state.site)
        return browser

    return come


def set_up(browser: Browser, *, key: str | None = None, **changes: str) -> httpx.Response:
    fields = {"name": "wang", "display": "王主任", "password": SENTENCE, "again": SENTENCE} | changes
    data = fields | {"key": browser.token if key is None else key}
    return browser.ask("POST", SETUP, data=data, headers=SAME_ORIGIN)


def test_the_first_account_administers_the_others(door: Door, register: Register) -> None:
    browser = door(AT_MACHINE)
    assert browser.get(f"{SETUP}?key={browser.token}").status_code == 200
    at_machine = door(AT_MACHINE)
    assert set_up(at_machine).headers["location"] == "/console"
    assert at_machine.get("/console").status_code == 200
    [officer] = register.find(Officer)
    assert (officer.id, officer.role) == ("wang", Role.ADMINISTRATOR)
    assert door(AT_MACHINE).sign_in("wang", SENTENCE).status_code == 303


@pytest.mark.parametrize(
    ("address", "key"),
    [(ELSEWHERE, None), (AT_MACHINE, ""), (AT_MACHINE, "0" * 64), (("testclient", 1), None)],
)
def test_nobody_sets_it_up_from_elsewhere_or_without_the_key(
    door: Door, register: Register, address: tuple[str, int], key: str | None
) -> None:
    browser = door(address)
    assert browser.get(f"{SETUP}?key={browser.token if key is None else key}").status_code == 422
    assert set_up(browser, key=key).status_code == 422
    assert register.count(Officer) == 0


def test_there_is_no_second_first_account(door: Door, register: Register) -> None:
    set_up(door(AT_MACHINE))
    again = set_up(door(AT_MACHINE), name="li")
    assert (again.status_code, "已经有账号" in again.text) == (422, True)
    assert door(AT_MACHINE).ask("GET", SETUP).headers["location"] == "/console/sign-in"
    assert register.count(Officer) == 1


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"again": "something else"}, "两次输入"),
        ({"password": "short", "again": "short"}, "少于12个"),
        ({"name": " "}, "登录名"),
    ],
)
def test_what_was_typed_stays_when_it_is_refused(
    door: Door, register: Register, changes: dict[str, str], told: str
) -> None:
    answer = set_up(door(AT_MACHINE), **changes)
    assert (answer.status_code, told in answer.text, "王主任" in answer.text) == (422, True, True)
    assert SENTENCE not in answer.text
    assert register.count(Officer) == 0


def test_the_sign_in_page_says_that_there_is_nobody_yet(door: Door) -> None:
    assert "还没有任何账号" in door(ELSEWHERE).get("/console/sign-in").text
    set_up(door(AT_MACHINE))
    assert "还没有任何账号" not in door(ELSEWHERE).get("/console/sign-in").text


def test_a_door_open_to_everybody_is_noticed(
    door: Door, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_officer, "_is_here", lambda _: True)
    with pytest.raises(AssertionError):
        test_nobody_sets_it_up_from_elsewhere_or_without_the_key(door, register, ELSEWHERE, None)
