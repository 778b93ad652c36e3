"""The return desk in a real browser: a camera is shown printed plates, and takes them in without a tap."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped] # has no types
from PIL import Image
from playwright.sync_api import BrowserContext, Page, sync_playwright

from plaques.design.library import DesignLibrary
from plaques.print_run import preview_png
from store.acts.veto import Charge, veto
from store.records import Copy, Return, VetoCause
from tests.verify.console.bureau import OTHER, PASSWORD, Bureau
from tests.verify.public.serving import free_port, served, until

pytestmark = pytest.mark.browser
PLATES = 20
FRAME = (640, 480)
FRAMES_EACH = 10
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
CAMERA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]


@pytest.fixture
def address(bureau: Bureau) -> Iterator[str]:
    with served(bureau.app, free_port(), lifespan="off") as address:
        yield address


def fallen(bureau: Bureau, plates: int = PLATES) -> list[Copy]:
    """Have so many plates called back."""
    post_id = bureau.plated(plates=plates)
    veto(bureau.register, bureau.office.by(), post_id, Charge(cause=VetoCause.GRAVE_BREACH, facts="查实"))
    return bureau.copies(post_id)


def mixed(bureau: Bureau) -> list[Copy]:
    """Have two plates called back, one that may hang, and one of another branch."""
    standing = bureau.copies(bureau.plated("标本室", plates=1))
    return [*fallen(bureau, 2), *standing, *bureau.copies(bureau.plated("育种组", OTHER, plates=1))]


def film(folder: Path, copies: Sequence[Copy]) -> Path:
    """Make what a camera sees of printed plates held before it one by one, as motion JPEG."""
    frames = [_frame(each) for each in copies]
    played = folder / "plates.mjpeg"
    played.write_bytes(b"".join(frame for each in frames for frame in [each] * FRAMES_EACH))
    return played


def _frame(copy: Copy) -> bytes:
    design = DesignLibrary.shipped().design(copy.product)
    drawn = Image.open(BytesIO(preview_png(copy, design, base_url="https://gp.example.cn", width_px=600)))
    frame = Image.new("RGB", FRAME, (120, 110, 95))
    drawn.thumbnail((FRAME[0] - 40, FRAME[1] - 20))
    frame.paste(drawn.convert("RGB"), (20, 10))
    out = BytesIO()
    frame.save(out, "JPEG", quality=85)
    return out.getvalue()


@pytest.fixture
def phone(request: pytest.FixtureRequest, chromium: Path, tmp_path: Path) -> Iterator[BrowserContext]:
    """Open a phone whose camera shows the plates that the bureau has called back."""
    shown = film(tmp_path, request.getfixturevalue("copies"))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=[*QUIET, *CAMERA, f"--use-file-for-fake-video-capture={shown}"]
        )
        viewport = {"width": 390, "height": 844}
        yield browser.new_context(locale="zh-CN", viewport=viewport, permissions=["camera"])  # type: ignore[arg-type]
        browser.close()


@pytest.fixture
def copies(request: pytest.FixtureRequest, bureau: Bureau) -> list[Copy]:
    """Return the plates that the camera is shown."""
    made: list[Copy] = getattr(request, "param", fallen)(bureau)
    return made


def at_the_desk(page: Page, address: str) -> None:
    page.goto(f"{address}/console")
    page.get_by_label("登录名").fill("own_branch")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("heading", name="今日要办").wait_for()
    page.goto(f"{address}/console/return")


def rows(page: Page, told: str) -> int:
    return page.locator(f'.scans li[data-told="{told}"]').count()


def test_f23_twenty_plates_are_taken_in_by_one_tap_that_opens_the_camera(
    bureau: Bureau, address: str, phone: BrowserContext, copies: list[Copy]
) -> None:
    page, blocked = phone.new_page(), list[str]()
    page.on("console", lambda message: blocked.append(message.text))
    at_the_desk(page, address)
    page.get_by_role("button", name="打开摄像头").click()  # the one tap
    until(lambda: bureau.register.count(Return) == PLATES, within_s=120)
    until(lambda: rows(page, "taken") == PLATES)
    assert {each.copy_id for each in bureau.register.find(Return)} == {each.id for each in copies}
    page.get_by_text(f"本次已登记交回 {PLATES} 块").wait_for()
    receipt = page.get_by_role("link", name="下载本次收据").get_attribute("href") or ""
    assert set(receipt.partition("=")[2].split(",")) == {each.id for each in copies}
    assert Axe().run(page).response["violations"] == []
    assert [each for each in blocked if "Policy" in each] == []


@pytest.mark.parametrize("copies", [mixed], indirect=True)
def test_without_a_network_no_scan_is_lost_and_each_is_answered_when_it_is_back(
    bureau: Bureau, address: str, phone: BrowserContext, copies: list[Copy]
) -> None:
    page = phone.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    at_the_desk(page, address)
    phone.route("**/console/return/scanned", lambda route: route.abort())
    page.get_by_role("button", name="打开摄像头").click()
    until(lambda: rows(page, "waiting") == len(copies), within_s=60)
    page.get_by_text("网络不通").wait_for()
    assert bureau.register.count(Return) == 0
    page.reload()
    assert rows(page, "waiting") == len(copies)
    phone.unroute("**/console/return/scanned")
    until(lambda: rows(page, "waiting") == 0, within_s=30)
    assert [rows(page, told) for told in ("taken", "unasked", "elsewhere")] == [2, 1, 1]
    assert bureau.register.count(Return) == 2
    page.get_by_role("button", name="仍要登记交回").click()
    until(lambda: rows(page, "taken") == 3)
    assert bureau.register.count(Return) == 3


@pytest.mark.parametrize("copies", [mixed], indirect=True)
def test_the_browsers_own_detector_is_asked_first_and_an_ended_session_loses_nothing(
    bureau: Bureau, address: str, phone: BrowserContext, copies: list[Copy]
) -> None:
    page = phone.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    page.add_init_script(
        """window.BarcodeDetector = class {
          static getSupportedFormats() { return Promise.resolve(["qr_code"]); }
          detect() { return Promise.resolve([{ rawValue: " PLATE " }]); }
        };""".replace("PLATE", copies[0].id)
    )
    at_the_desk(page, address)
    bureau.wait(hours=13)
    page.get_by_role("button", name="打开摄像头").click()
    page.get_by_text("登录已过期").wait_for()
    assert (rows(page, "waiting"), bureau.register.count(Return)) == (1, 0)
    at_the_desk(page, address)
    until(lambda: rows(page, "taken") == 1)
    assert [each.copy_id for each in bureau.register.find(Return)] == [copies[0].id]
