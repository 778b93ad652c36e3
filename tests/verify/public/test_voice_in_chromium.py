"""Speaking up in a real browser: two taps, with scripts and without, past the limits, on small phones."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page

from store.contacts import OpeningKey
from store.records import Feedback
from store.register import Register
from store.tinydb_register import TinyDbRegister
from tests.office import Office
from tests.verify.pictures import photo
from tests.verify.public.phones import faint, phone, sideways
from tests.verify.public.plates import valid
from tests.verify.public.serving import LOOPBACK, free_port, served
from tests.verify.public.street import CODES, SETTINGS, Chance, Clock
from verify.app import create_app
from verify.proof import WAIT
from verify.throttle import FLOOD_FACTOR

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Served:
    """A plate on the web, and what is behind it."""

    url: str
    code: str
    register: Register
    clock: Clock

    @property
    def plate(self) -> str:
        return f"{self.url}/{self.code}"

    def flood(self) -> None:
        """Let the phone's network send as much as it may."""
        for _ in range(FLOOD_FACTOR):
            httpx.post(f"{self.plate}/feedback", data={"topic": "not_here"})


@pytest.fixture
def street(tmp_path: Path) -> Iterator[Served]:
    port, clock = free_port(), Clock()
    policy = replace(SETTINGS.policy, votes_per_network_hour=1)
    key = OpeningKey(raw=bytes(range(32))).sealing
    settings = replace(SETTINGS, base_url=f"http://{LOOPBACK}:{port}", policy=policy, contact_key=key)
    with closing(TinyDbRegister(tmp_path / "register.db")) as register:
        copy = valid(Office(register, codes=iter(CODES)))
        with served(create_app(settings, register, clock, Chance()), port) as url:
            yield Served(url, copy.code, register, clock)


def tap_and_send(page: Page) -> None:
    page.locator("label", has=page.locator("input[name=grade][value='2']")).tap()
    page.locator("#voice button").tap()


def heading(page: Page) -> str:
    return page.locator("h1").inner_text()


@pytest.mark.parametrize("scripts", [True, False])
def test_two_taps_are_a_message(browser: Browser, street: Served, *, scripts: bool) -> None:
    with phone(browser, java_script_enabled=scripts) as page:
        page.goto(street.plate)
        tap_and_send(page)
        page.wait_for_url("**/receipt/*")
        assert heading(page) == "已收到"
    assert street.register.count(Feedback) == 1


def test_more_is_added_where_one_lands(browser: Browser, street: Served, tmp_path: Path) -> None:
    (tmp_path / "wet floor.jpg").write_bytes(photo())
    with phone(browser) as page:
        page.goto(street.plate)
        tap_and_send(page)
        page.wait_for_url("**/receipt/*")
        page.get_by_label("投诉，只有党委看得到").check()
        page.get_by_label("想说的话，可不填").fill("地面湿滑")
        page.get_by_label("照片，可不选").set_input_files(tmp_path / "wet floor.jpg")
        page.get_by_role("button", name="补充").tap()
        page.locator("dd", has_text="地面湿滑").wait_for()
        assert page.locator("#addition").count() == 0
        assert page.locator("dl").inner_text().replace("\n", " ").count("投诉") == 1


def test_past_the_limit_the_page_does_the_proof_itself(browser: Browser, street: Served) -> None:
    with phone(browser) as page:
        page.goto(street.plate)
        street.flood()
        tap_and_send(page)
        page.get_by_role("status").filter(has_text="验证完成").wait_for()
        page.locator("#voice button").tap()
        page.wait_for_url("**/receipt/*")
    assert street.register.count(Feedback) == FLOOD_FACTOR + 1


def test_past_the_limit_one_waits_where_no_script_runs(browser: Browser, street: Served) -> None:
    with phone(browser, java_script_enabled=False) as page:
        page.goto(street.plate)
        street.flood()
        tap_and_send(page)
        assert "等30秒" in page.get_by_role("alert").inner_text()
        assert page.locator("input[name=grade]:checked").get_attribute("value") == "2"
        street.clock.now += WAIT
        page.locator("#voice button").tap()
        page.wait_for_url("**/receipt/*")
    assert street.register.count(Feedback) == FLOOD_FACTOR + 1


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_every_page_of_the_voice_fits_and_can_be_read(browser: Browser, street: Served, locale: str) -> None:
    with phone(browser, locale=locale) as page:
        for path in pages_of(street):
            page.goto(f"{street.url}{path}", wait_until="domcontentloaded")
            for closed in page.locator("#voice details:not([open]) summary").all():
                closed.tap()
            assert [size for size in ("100%", "200%") if sideways(page, size) > 0] == [], path
            assert faint(page, "light") + faint(page, "dark") == [], path


def pages_of(street: Served) -> list[str]:
    said = {"grade": "2", "comment": "窗口排队太久", "topic": "complaint", "contact": "13800138000"}
    receipt = httpx.post(f"{street.plate}/feedback", data=said).headers["location"]
    forgery = httpx.post(f"{street.url}/forgery", data={"place": "北门"}).headers["location"]
    return [f"/{street.code}", receipt, "/forgery", forgery]
