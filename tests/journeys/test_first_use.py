"""The first use, counted: from an empty register to printed plaques, and twenty plates taken in by a phone.

The page itself counts every click of a hand; sending a form by Enter clicks its button, and counts alike.
What is typed and which files are chosen is counted beside it. The officers follow what the pages show.
"""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pyotp
import pypdfium2
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from gangpai.local_server import free_port
from gangpai.print_room import PrintRoom
from gangpai.settings import load_settings
from store.acts.veto import Charge, veto
from store.policy import founding_plan
from store.records import Copy, Post, Product, Return, Role, VetoCause
from store.tinydb_register import TinyDbRegister
from tests.journeys.test_year import DESK, FLAGS, PHONE, Story
from tests.office import Office
from tests.plaques.reading import codes_in
from tests.rosters import DATA
from tests.signing import note_key
from tests.verify.console.bureau import CHEAP, OWN, PASSWORD, Bureau
from tests.verify.public.serving import served, until
from verify.app import create_app
from verify.console.doorway import password_gate
from verify.joining import setup_key
from verify.passwords import PasswordGate
from verify.site import WebSettings

pytestmark = pytest.mark.browser

CLICKS_MOST = 12
WORDS_MOST = 12
PLATES = 20
CAMERA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
READABLE = 150 / 72
COUNTER = """addEventListener("click", event => {
    if (!event.isTrusted) return;
    const what = event.target.closest("button, a, input, select, summary, label") || event.target;
    const clicks = JSON.parse(sessionStorage.getItem("clicks") || "[]");
    sessionStorage.setItem("clicks", JSON.stringify([...clicks, what.textContent.trim() || what.name || ""]));
}, true);"""
DETECTOR = """window.BarcodeDetector = class {
    static getSupportedFormats() { return Promise.resolve(["qr_code"]); }
    detect() {
        window.held = (window.held || 0) + 1;
        const plates = PLATES;
        return Promise.resolve([{ rawValue: plates[Math.min(window.held, plates.length) - 1] }]);
    }
};"""


@dataclass
class Hand:
    """A hand at a page that counts what it does."""

    page: Page
    typed: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    @classmethod
    def at(cls, context: BrowserContext) -> "Hand":
        context.add_init_script(COUNTER)
        return cls(context.new_page())

    @property
    def clicks(self) -> list[str]:
        """What was clicked, as the page counted it."""
        counted: list[str] = self.page.evaluate("JSON.parse(sessionStorage.getItem('clicks') || '[]')")
        return counted

    def types(self, **words: str) -> None:
        for label, text in words.items():
            self.page.get_by_role("main").get_by_label(label).first.fill(text)
            self.typed.append(label)

    def chooses(self, label: str, file: Path) -> None:
        self.page.get_by_label(label).set_input_files(file)
        self.files.append(file.name)

    def presses(self, label: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=label).click()

    def follows(self, label: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("main").get_by_role("link", name=label).click()

    def takes_up_a_device(self, story: Story) -> pyotp.TOTP:
        """Take the key shown into a device, and return it half a minute later, when it shows a new code."""
        device = pyotp.TOTP(self.page.locator(".key").inner_text().replace(" ", ""))
        self.types(六位数字=device.at(story.now))
        self.presses("启用并登录")
        self.follows("已存好，下一步")
        story.now += timedelta(seconds=30)
        return device


@dataclass(frozen=True, kw_only=True)
class Start:
    """A register in which nothing is, and the address that its machine shows for the first account."""

    story: Story
    setup: str


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=[*FLAGS, *CAMERA])
        yield opened
        opened.close()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Serve a register in which nothing is, not even an officer."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    told = {"GANGPAI_STORE": f"tinydb:{tmp_path / 'register.db'}", "GANGPAI_BASE_URL": address}
    settings = load_settings(told | {"GANGPAI_DEMO": "1"}, tmp_path)
    register = TinyDbRegister(tmp_path / "register.db")
    story = Story(register=register, settings=settings, address=address)
    story.on(6, 12)
    room = PrintRoom(settings, founding_plan(), register, lambda: story.now)
    app = create_app(web(address, room), register, lambda: story.now)
    app.dependency_overrides[password_gate] = lambda: PasswordGate(CHEAP)
    with served(app, port, lifespan="off"):
        yield Start(story=story, setup=f"{address}/console/setup?key={setup_key(app.state.site)}")
    register.close()


def web(address: str, room: PrintRoom | None = None) -> WebSettings:
    return WebSettings(
        base_url=address,
        policy=founding_plan(),
        secret=b"s" * 32,
        ledger_key=note_key(),
        code_roles=frozenset({Role.COMMITTEE, Role.ADMINISTRATOR}),
        print_room=room,
    )


def test_from_an_empty_register_to_printed_plaques_in_twelve_clicks(start: Start, browser: Browser) -> None:
    desk = Hand.at(browser.new_context(locale="zh-CN", viewport=DESK))
    invitation = sets_the_system_up(desk, start)
    comes_in(desk, start, invitation)
    brings_the_roster(desk)
    approves(desk)
    pack = prints(desk, start.story)

    assert len(desk.clicks) <= CLICKS_MOST, desk.clicks
    assert len(desk.typed) <= WORDS_MOST, desk.typed
    assert desk.files == ["roster-2026.xlsx"]
    plaques = start.story.register.find(Copy)
    assert {each.product for each in plaques} == {Product.PLAQUE}
    assert {each.post_id for each in plaques} == {each.id for each in start.story.register.find(Post)}
    assert codes_printed(pack) == {f"{start.story.address}/{each.code}".upper() for each in plaques}


def sets_the_system_up(desk: Hand, start: Start) -> str:
    """Open the first account and invite the committee's officer; return the link for them."""
    desk.page.goto(start.setup)
    desk.types(登录名="admin", 密码=PASSWORD, 再输入一遍=PASSWORD)
    desk.presses("设立并登录")
    device = desk.takes_up_a_device(start.story)
    desk.types(登录名="dangwei", 姓名="党委办公室", 验证码=device.at(start.story.now))
    desk.presses("生成链接")
    return desk.page.locator(".notice .key").inner_text()


def comes_in(desk: Hand, start: Start, invitation: str) -> None:
    """Follow the invitation, as its officer does in a browser of their own."""
    desk.page.context.clear_cookies()
    desk.page.goto(invitation)
    desk.types(密码=PASSWORD, 再输入一遍=PASSWORD)
    desk.presses("设定并登录")
    desk.takes_up_a_device(start.story)


def brings_the_roster(desk: Hand) -> None:
    with desk.page.expect_navigation():
        desk.chooses("名册文件", DATA / "roster-2026.xlsx")
    desk.presses("按以上内容导入")


def approves(desk: Hand) -> None:
    desk.types(批准文号="场党字〔2026〕12号", 超额设岗的理由="各总支首批试点")
    desk.presses("批准所选")


def prints(desk: Hand, story: Story) -> bytes:
    """Order the plaques of every post, and return the order pack that is fetched."""
    desk.follows("下一步：制作标牌")
    desk.presses("下达制作")
    story.print_all()
    with desk.page.expect_download() as fetched:
        desk.page.get_by_role("link", name=".zip").click()
    return fetched.value.path().read_bytes()


def codes_printed(pack: bytes) -> set[str]:
    """Return what a reader that is not ours finds on every page of the artwork in a pack."""
    with zipfile.ZipFile(BytesIO(pack)) as opened:
        artwork = [
            opened.read(each) for each in opened.namelist() if "标牌" in each and each.endswith(".pdf")
        ]
    pages = [page for each in artwork for page in pypdfium2.PdfDocument(each)]
    return {code.text.upper() for page in pages for code in codes_in(page.render(scale=READABLE).to_pil())}


def test_a_click_too_many_is_seen_and_so_is_a_form_sent_by_enter(start: Start, browser: Browser) -> None:
    desk = Hand.at(browser.new_context(locale="zh-CN", viewport=DESK))
    desk.page.goto(start.setup)
    desk.page.get_by_role("heading").first.click()
    desk.types(登录名="admin", 密码=PASSWORD, 再输入一遍=PASSWORD)
    with desk.page.expect_navigation():
        desk.page.keyboard.press("Enter")
    assert [each.partition(" ")[0] for each in desk.clicks] == ["设立首个账号", "设立并登录"]
    desk.page.evaluate("document.body.click()")
    assert len(desk.clicks) == len(["the heading", "the button that Enter pressed"])


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Bureau]:
    """Open a register whose branch officer takes in what is called back."""
    register = TinyDbRegister(tmp_path / "register.db")
    office = Office(register)
    app = create_app(web("http://127.0.0.1"), register, lambda: office.now)
    app.dependency_overrides[password_gate] = lambda: PasswordGate(CHEAP)
    bureau = Bureau(register, app, office)
    bureau.posted("接待室", OWN)
    bureau.employ("own_branch", Role.BRANCH_OFFICER, OWN)
    yield bureau
    register.close()


def test_twenty_plates_are_taken_in_without_a_tap_once_the_scanner_is_open(
    bureau: Bureau, browser: Browser
) -> None:
    post_id = bureau.plated(plates=PLATES)
    veto(bureau.register, bureau.office.by(), post_id, Charge(cause=VetoCause.GRAVE_BREACH, facts="查实"))
    plates = bureau.copies(post_id)
    context = browser.new_context(
        locale="zh-CN", viewport=PHONE, has_touch=True, is_mobile=True, permissions=["camera"]
    )
    context.add_init_script(DETECTOR.replace("PLATES", str([each.id for each in plates])))
    phone = Hand.at(context)
    with served(bureau.app, free_port(), lifespan="off") as address:
        opens_the_scanner(phone, address)
        before = len(phone.clicks)
        until(lambda: phone.page.locator('.scans li[data-told="taken"]').count() == PLATES, within_s=60)
        assert len(phone.clicks) - before <= PLATES
        assert phone.clicks[before:] == []
    assert {each.copy_id for each in bureau.register.find(Return)} == {each.id for each in plates}


def opens_the_scanner(phone: Hand, address: str) -> None:
    phone.page.goto(f"{address}/console")
    phone.types(登录名="own_branch", 密码=PASSWORD)
    phone.page.get_by_role("button", name="登录").tap()
    phone.page.get_by_role("heading", name="今日要办").wait_for()
    phone.page.goto(f"{address}/console/return")
    phone.page.get_by_role("button", name="打开摄像头").tap()
