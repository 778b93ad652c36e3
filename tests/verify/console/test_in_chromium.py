"""The console in a real browser, without JavaScript: it fits phone and desk, and nothing is blocked."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, sync_playwright

from store.acts.veto import Charge, veto
from store.records import VetoCause
from tests.verify.console.bureau import PASSWORD, Bureau

pytestmark = pytest.mark.browser
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
SIZES = {"phone": (390, 844), "desk": (1280, 800)}
PAGES = (
    "", "/posts", "/posts/{0}", "/posts/{0}/veto", "/posts/{1}", "/recalls", "/recalls?post={1}", "/return",
    "/feedback", "/log", "/account", "/posts/2026-999", "/import", "/posts?state=applied&all=1",
    "/bulk/approve?post={0}", "/search?q=bbs", "/search?q=", "/posts?due=any&order=due",
)  # fmt: skip


@pytest.fixture
def address(bureau: Bureau) -> Iterator[str]:
    server = uvicorn.Server(uvicorn.Config(bureau.app, port=0, log_level="error", lifespan="off", ws="none"))
    listening = server.config.bind_socket()
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join(10)
    listening.close()


@pytest.fixture(params=SIZES)
def context(request: pytest.FixtureRequest, chromium: Path) -> Iterator[BrowserContext]:
    width, height = SIZES[request.param]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        viewport = {"width": width, "height": height}
        yield browser.new_context(locale="zh-CN", viewport=viewport, java_script_enabled=False)  # type: ignore[arg-type]
        browser.close()


def test_every_page_fits_and_nothing_is_blocked(
    bureau: Bureau, address: str, context: BrowserContext
) -> None:
    standing, fallen = bureau.plated("财务室"), bureau.plated("标本室" * 6)
    charge = Charge(cause=VetoCause.GRAVE_BREACH, facts="查实" * 60)
    veto(bureau.register, bureau.office.by(), fallen, charge)
    page, blocked = context.new_page(), list[str]()
    page.on("console", lambda message: blocked.extend(_violation(message)))
    sign_in(page, address)
    for path in PAGES:
        page.goto(f"{address}/console{path.format(standing, fallen)}")
        body = page.locator("html").bounding_box()
        widest = max(box["width"] + box["x"] for box in _boxes(page))
        assert body is not None
        assert widest <= body["width"], path
    assert blocked == []


def _violation(message: ConsoleMessage) -> list[str]:
    return [message.text] if "Content Security Policy" in message.text else []


def _boxes(page: Page) -> list[dict[str, float]]:
    """Return where the blocks of the page stand; the menu of the head may scroll in itself."""
    blocks = page.locator("main .card, main table, main form, main .notice, main h1, footer").all()
    return [dict(box) for block in blocks if (box := block.bounding_box())]  # type: ignore[arg-type]


def sign_in(page: Page, address: str) -> None:
    page.goto(f"{address}/console")
    page.get_by_label("登录名").fill("committee")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("heading", name="今日要办").wait_for()


def test_a_plate_is_taken_in_by_a_scanner_that_types_and_ends_with_enter(
    bureau: Bureau, address: str, context: BrowserContext
) -> None:
    post_id = bureau.plated()
    veto(bureau.register, bureau.office.by(), post_id, Charge(cause=VetoCause.GRAVE_BREACH, facts="查实"))
    page = context.new_page()
    sign_in(page, address)
    page.goto(f"{address}/console/return")
    for copy in bureau.copies(post_id):
        page.keyboard.type(f"{address}/{copy.code}\n")
        page.get_by_text(f"标牌 {copy.id} 已登记交回").wait_for()
    page.get_by_text("应收标牌已全部收回").wait_for()
