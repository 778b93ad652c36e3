"""One plate from the roster to the last return, as an officer at a desk and a passer-by with a phone live it.

Everything is real: the command in its own process, the server, the PDF and its code, Chromium.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from gangpai.local_server import free_port, wait_until_ready
from tests.plaques.reading import codes_in

pytestmark = pytest.mark.browser

ROSTER = Path(__file__).parents[1] / "data" / "roster-2026.xlsx"
POST_NAME = "农机作业服务岗"
PASSWORD = "岗位-journey-passphrase"  # noqa: S105 - of a register that lives for one test
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE: ViewportSize = {"width": 360, "height": 740}
DESK: ViewportSize = {"width": 1280, "height": 900}
TURNS_WITHIN_MS = 5000
"""Long enough for a busy machine to paint; the promised second is what the drill measures."""


@dataclass
class Works:
    """An office's machine: a folder, its settings and the command."""

    folder: Path
    port: int = field(default_factory=free_port)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        settings = {"GANGPAI_DEMO": "1", "GANGPAI_BASE_URL": self.url}
        return os.environ | settings | {"GANGPAI_STORE": f"tinydb:{self.folder / 'register.db'}"}

    def run(self, *words: str, stdin: str = "") -> str:
        done = subprocess.run(
            [sys.executable, "-m", "gangpai", *words],
            cwd=self.folder,
            env=self.environment,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    @cached_property
    def post(self) -> str:
        """The post's number, which begins with the year of the day the roster came in."""
        listed = json.loads(self.run("posts", "--json"))["posts"]
        return next(str(each["number"]) for each in listed if each["name"] == POST_NAME)

    def code_in(self, pdf: Path) -> str:
        page = pypdfium2.PdfDocument(pdf)[0].render(scale=150 / 72).to_pil()
        [found] = codes_in(page)
        return found.text


@pytest.fixture(scope="module")
def works(tmp_path_factory: pytest.TempPathFactory) -> Works:
    works = Works(tmp_path_factory.mktemp("office"))
    works.run("import", str(ROSTER))
    works.run("approve", works.post, "--document", "场党字〔2026〕12号")
    works.run("print", "plaque", works.post, "--size", "a4", "--out", "out")
    works.run("print", "badge", works.post, "--out", "out")
    works.run("officer", "add", "dangwei", "--role", "committee", "--password-stdin", stdin=PASSWORD + "\n")
    return works


@pytest.fixture(scope="module")
def served(works: Works) -> Iterator[Works]:
    server = subprocess.Popen(
        [sys.executable, "-m", "gangpai", "serve", "--port", str(works.port), "--workers", "2"],
        cwd=works.folder,
        env=works.environment,
    )
    try:
        wait_until_ready(server, works.port)
        yield works
    finally:
        server.terminate()
        server.wait(15)


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield opened
        opened.close()


def test_from_roster_to_recall(served: Works, browser: Browser) -> None:
    phone = browser.new_context(locale="zh-CN", viewport=PHONE, is_mobile=True, has_touch=True).new_page()
    desk = browser.new_context(locale="zh-CN", viewport=DESK).new_page()

    address = served.code_in(next((served.folder / "out").glob("*标牌*.pdf")))
    scan(phone, address)
    say(phone)
    scan(phone, address)

    sign_in(desk, served.url)
    read_feedback(desk, served.url)
    veto(desk, served)
    turned_within(phone, TURNS_WITHIN_MS)

    rescan(browser, address)
    recall_all(desk, served, address)


def scan(phone: Page, address: str) -> None:
    phone.goto(address)
    expect(phone.locator("h1")).to_have_text("创建中")
    expect(phone).to_have_title("创建中 · 共产党员示范岗标牌核验")
    expect(phone.get_by_text("周䶮").first).to_be_visible()
    assert phone.evaluate("document.scrollingElement.scrollWidth") <= PHONE["width"]
    phone.evaluate("window.neverReloaded = true")


def say(phone: Page) -> None:
    phone.get_by_text("不满意", exact=True).tap()
    phone.get_by_role("button", name="提交").tap()
    expect(phone.locator("h1")).to_have_text("已收到")
    expect(phone.locator(".receipt")).to_have_text(re.compile("^[0-9A-Z]{12}$"))


def sign_in(desk: Page, url: str) -> None:
    desk.goto(f"{url}/console")
    desk.get_by_label("登录名").fill("dangwei")
    desk.get_by_label("密码").fill(PASSWORD)
    desk.get_by_role("button", name="登录").click()
    expect(desk).to_have_url(f"{url}/console")


def read_feedback(desk: Page, url: str) -> None:
    desk.goto(f"{url}/console/feedback")
    expect(desk.get_by_role("cell").get_by_text("不满意").first).to_be_visible()


def veto(desk: Page, works: Works) -> None:
    desk.goto(f"{works.url}/console/posts/{works.post}")
    desk.get_by_role("link", name="一票否决").first.click()
    complaint_without_investigation(desk)
    desk.get_by_role("radio").nth(1).check()
    desk.get_by_label("输入岗位名称以确认").fill(POST_NAME)
    desk.get_by_role("button", name="一票否决").click()
    expect(desk).to_have_url(re.compile(f"/console/recalls\\?post={works.post}"))


def complaint_without_investigation(desk: Page) -> None:
    desk.get_by_role("radio").nth(2).check()
    desk.get_by_label("否决事实").fill("6月20日发生重大责任事故")
    desk.get_by_label("输入岗位名称以确认").fill(POST_NAME)
    desk.get_by_role("button", name="一票否决").click()
    expect(desk.get_by_text("须有经查证属实的查证结论")).to_be_visible()
    expect(desk.get_by_label("否决事实")).to_have_value("6月20日发生重大责任事故")


def turned_within(phone: Page, limit_ms: int) -> None:
    """See the page in the other hand turn by itself, the veto having just been acknowledged."""
    expect(phone.locator("h1")).to_have_text("已撤销", timeout=limit_ms)
    assert phone.evaluate("window.neverReloaded") is True
    assert "周䶮" not in phone.content()
    assert phone.title().startswith("已撤销")


def rescan(browser: Browser, address: str) -> None:
    passer_by = browser.new_context(locale="zh-CN", viewport=PHONE, java_script_enabled=False).new_page()
    answer = passer_by.goto(address)
    assert answer is not None
    assert (answer.status, answer.headers["cache-control"]) == (200, "no-store")
    expect(passer_by.locator("h1")).to_have_text("已撤销")
    passer_by.get_by_role("button", name="我看到它还挂着").click()
    expect(passer_by.locator("h1")).to_have_text("已收到")


def recall_all(desk: Page, works: Works, address: str) -> None:
    desk.goto(f"{works.url}/console/recalls?post={works.post}")
    expect(desk.locator(".chip.still_displayed", has_text="仍在悬挂").first).to_be_visible()
    desk.goto(address)
    desk.get_by_role("button", name="已交回").click()
    for _ in range(3):
        desk.goto(f"{works.url}/console/recalls?post={works.post}")
        desk.get_by_role("button", name="已交回").first.click()
    desk.goto(f"{works.url}/console/recalls?post={works.post}")
    expect(desk.get_by_text("已全部收回")).to_be_visible()
    expect(desk.get_by_role("button", name="已交回")).to_have_count(0)
