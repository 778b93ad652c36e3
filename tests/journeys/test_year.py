"""A year of the programme in the console, as three officers and a public phone live it in a real browser.

From the plan in May to the annual sheet in December: every step is taken on a page, by hand and eye of
Chromium, on a clock that the story moves. Each page that is shown fits a phone and a desk, and nothing of it
is blocked. With YEAR_SCREENS naming a folder, every step is pictured there at both widths.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Locator, Page, ViewportSize, sync_playwright

from gangpai.local_server import free_port
from gangpai.office import Office
from gangpai.print_jobs import run_next
from gangpai.print_room import PrintRoom, prints_of
from gangpai.settings import Settings, load_settings
from store.acts.authority import Actor, Authority
from store.acts.officers import NewOfficer, add_officer
from store.acts.organisations import add_branch
from store.ledger import verify
from store.lookup import standing_in
from store.policy import founding_plan
from store.recalls import recalls
from store.records import Copy, Feedback, Finding, Post, Role
from store.standing import Verdict
from store.tinydb_register import TinyDbRegister
from tests.rosters import HEADER, filled, good, saved
from tests.signing import note_key
from tests.verify.console.bureau import CHEAP, PASSWORD, PASSWORD_HASH
from verify.app import create_app
from verify.console.doorway import password_gate
from verify.passwords import PasswordGate
from verify.site import WebSettings

pytestmark = pytest.mark.browser

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1280, "height": 900}
BRANCH = "园艺场党总支"
UNFOLD = """part => {
    for (let each = part; each; each = each.parentElement) if (each.tagName === "DETAILS") each.open = true;
}"""
GOOD_POST, POOR_POST = "综合受理服务窗口", "苗圃值班岗"
ROSTER = (
    good(岗位名称=GOOD_POST, 岗位地点="一楼大厅3号窗口", 党员姓名="曾晓明、高赟、汪雪琳"),
    good(岗位名称=POOR_POST, 岗位地点="东门苗圃", 党员姓名="张伟、王芳、李娜"),
)
OFFICERS = {
    "dangwei": (Role.COMMITTEE, ""),
    "zongzhi": (Role.BRANCH_OFFICER, BRANCH),
    "yinzhi": (Role.PRINT_CLERK, ""),
}
COUNTS = {"grade5": "14", "grade4": "5", "grade3": "2", "grade2": "0", "grade1": "0"}


@dataclass
class Story:
    """The office with its web, the clock of the story, and the album of its pictures."""

    register: TinyDbRegister
    settings: Settings
    address: str
    now: datetime = datetime(2026, 5, 20, 1, tzinfo=UTC)
    album: Path | None = None
    pictures: Iterator[int] = field(default_factory=lambda: count(1))

    def on(self, month: int, day: int) -> None:
        """Move the clock on to the morning of a day."""
        self.now = datetime(2026, month, day, 1, tzinfo=UTC)

    @property
    def today(self) -> str:
        return self.now.date().isoformat()

    def post(self, name: str) -> str:
        """Return the number of a post."""
        known = ["2026-001", "2026-002"] if self.register.count(Post) else []
        return known[(GOOD_POST, POOR_POST).index(name)]

    def out(self, post_id: str) -> list[Copy]:
        """Return the plates of a post that are called back and out."""
        return [each.copy for each in recalls(self.register, post_id=post_id) if each.is_open]

    def print_all(self) -> None:
        """Work the queue of the print centre off, as the process beside the server does."""
        office = Office(
            settings=self.settings, policy=founding_plan(), register=self.register, now=lambda: self.now
        )
        while run_next(office, prints_of(self.settings), "runner"):
            continue

    def picture(self, page: Page, name: str) -> None:
        """See that a page fits phone and desk, and keep a picture of both where an album is kept."""
        number = next(self.pictures)
        for size in (PHONE, DESK):
            page.set_viewport_size(size)
            width = page.evaluate("document.scrollingElement.scrollWidth")
            assert width <= size["width"], f"{name} is {width} wide at {size['width']}"
            if self.album:
                picture = self.album / f"{number:02d}-{name}-{size['width']}.png"
                page.screenshot(path=picture, full_page=True)


@dataclass
class Person:
    """Somebody with a browser: an officer who signs in when asked to, or one of the public."""

    story: Story
    page: Page
    name: str = ""

    def goes_to(self, path: str) -> Page:
        self.page.goto(f"{self.story.address}{path}")
        if self.page.locator("form[action='/console/sign-in']").count():
            self.page.locator("[name=name]").fill(self.name)
            self.page.locator("[name=password]").fill(PASSWORD)
            self.page.locator("form[action='/console/sign-in'] button").click()
            self.page.goto(f"{self.story.address}{path}")
        return self.page

    def sees(self, *words: str) -> None:
        text = self.page.locator("body").inner_text()
        for each in words:
            assert each in text, f"{each} is not in {text[:2000]}"

    def sends(self, action: str, /, **fields: str | list[str]) -> None:
        """Fill in the form that leads to an address, and send it."""
        form = self.page.locator(f"form[action$='{action}']").last
        for name, value in fields.items():
            fill(form.locator(f"[name='{name}']"), value)
        reveal(form)
        with self.page.expect_navigation():
            form.locator("button").last.click()

    def acts(self, post_id: str, act: str, /, **fields: str | list[str]) -> None:
        """Do an act on a post with its form, and see that it is entered."""
        self.goes_to(f"/console/posts/{post_id}/acts/{act}")
        self.story.picture(self.page, act)
        self.sends(f"/acts/{act}", **fields)
        assert f"done={act}" in self.page.url, self.page.locator("main").inner_text()[:600]

    def shows(self, name: str) -> None:
        self.story.picture(self.page, name)


def reveal(part: Locator) -> None:
    """Unfold whatever a part of the page is folded into."""
    part.first.evaluate(UNFOLD)


def fill(found: Locator, value: str | list[str]) -> None:
    """Fill a field in, of whichever kind it is; a list ticks the boxes with these values."""
    reveal(found)
    kind = found.first.evaluate("field => field.type || field.tagName")
    if kind in {"radio", "checkbox"}:
        for each in [value] if isinstance(value, str) else value:
            next(box for box in found.all() if box.get_attribute("value") == each).check()
    elif kind == "select-one":
        found.first.select_option(value)
    else:
        assert isinstance(value, str)
        found.first.fill(value)


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    told = {"GANGPAI_STORE": f"tinydb:{tmp_path / 'register.db'}", "GANGPAI_BASE_URL": address}
    settings = load_settings(told | {"GANGPAI_DEMO": "1"}, tmp_path)
    register = TinyDbRegister(tmp_path / "register.db")
    album = Path(os.environ["YEAR_SCREENS"]) if "YEAR_SCREENS" in os.environ else None
    story = Story(register=register, settings=settings, address=address, album=album)
    employ(story)
    with served(story, port):
        yield story
    register.close()


def employ(story: Story) -> None:
    actor = Actor(name="setup", role=Role.ADMINISTRATOR)
    by = Authority(actor=actor, now=story.now, policy=founding_plan())
    add_branch(story.register, by, BRANCH)
    for name, (role, branch) in OFFICERS.items():
        officer = NewOfficer(
            officer_id=name, display_name=name, role=role, branch_name=branch, password_hash=PASSWORD_HASH
        )
        add_officer(story.register, by, officer)


@contextmanager
def served(story: Story, port: int) -> Iterator[None]:
    room = PrintRoom(story.settings, founding_plan(), story.register, lambda: story.now)
    settings = WebSettings(
        base_url=story.address,
        policy=founding_plan(),
        secret=b"s" * 32,
        ledger_key=note_key(),
        code_roles=frozenset(),
        demo=True,
        print_room=room,
    )
    app = create_app(settings, story.register, lambda: story.now)
    app.dependency_overrides[password_gate] = lambda: PasswordGate(CHEAP)
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", lifespan="off", ws="none"))
    listening = server.config.bind_socket()
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(10)
        listening.close()


@pytest.fixture
def browser(chromium: Path) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield opened
        opened.close()


def context(browser: Browser, blocked: list[str], **options: Any) -> BrowserContext:
    opened = browser.new_context(locale="zh-CN", **options)
    opened.on(
        "console",
        lambda message: blocked.append(message.text) if "Content Security Policy" in message.text else None,
    )
    return opened


def test_a_year_of_the_programme(story: Story, browser: Browser) -> None:
    blocked = list[str]()
    committee, branch, printer = (
        Person(story, context(browser, blocked, viewport=DESK).new_page(), name) for name in OFFICERS
    )
    public = Person(story, context(browser, blocked, viewport=PHONE, has_touch=True).new_page())

    the_plan_is_filed(branch)
    the_roster_comes_in(branch)
    what_waits_is_shown(committee, public)
    the_posts_are_approved(committee)
    plates_are_made(printer, "CREATION")
    a_problem_is_put_right(branch)
    the_posts_are_inspected(committee, branch)
    the_titles_are_awarded(committee)
    plates_are_made(printer, "TITLE")
    the_old_plates_come_back(branch)
    the_members_are_assessed(branch)
    somebody_complains(public)
    the_complaint_is_looked_into(committee)
    the_post_falls(committee)
    every_plate_comes_back(branch)
    a_veto_is_taken_back(committee)
    the_year_is_summed_up(branch, committee)

    assert blocked == []
    with story.register.snapshot() as reader:
        assert verify(reader).faults == ()


def the_plan_is_filed(branch: Person) -> None:
    branch.goes_to("/console")
    branch.shows("today")
    branch.goes_to("/console/plans")
    branch.sends("/plan", year="2026", title="2026年创建活动实施方案", text="围绕窗口服务开展创建活动。")
    branch.sees("实施方案已报备")
    branch.shows("plan")


def the_roster_comes_in(branch: Person) -> None:
    branch.story.on(6, 11)
    page = branch.goes_to("/console/import")
    branch.shows("import")
    roster = {"name": "申报表.xlsx", "mimeType": "application/xlsx", "buffer": saved(filled(HEADER, *ROSTER))}
    with page.expect_navigation():
        page.locator("input[type=file]").set_input_files(roster)  # type: ignore[arg-type] # Playwright's shape
    branch.sees(GOOD_POST, POOR_POST)
    branch.shows("differences")
    branch.sends("/import/apply")
    assert branch.story.register.count(Post) == len(ROSTER)


def what_waits_is_shown(committee: Person, public: Person) -> None:
    committee.goes_to("/console/notices")
    committee.shows("notices")
    for notice in ("N2026-01", "N2026-02"):  # the plans, and the posts recommended
        committee.sends("/console/notices", places="党务公开栏、网页专栏")
        committee.sees("公示中", notice)
    public.goes_to("/notice")
    public.sees(GOOD_POST)
    public.shows("public-notice")


def the_posts_are_approved(committee: Person) -> None:
    committee.story.on(6, 19)
    page = committee.goes_to("/console/posts?state=applied&all=1")
    committee.shows("applied")
    with page.expect_navigation():
        page.locator("form[action='/console/bulk/approve'] button").first.click()
    committee.sends("/bulk/approve", document="场党字〔2026〕12号")
    committee.sees("已办理 2 个岗位")
    committee.shows("approved")


def plates_are_made(printer: Person, stage: str) -> None:
    for product in ("plaque", "badge"):
        page = printer.goes_to("/console/print")
        for box in page.locator("input[name=post]").all():
            box.check()
        page.locator("select[name=product]").select_option(product)
        with page.expect_navigation():
            page.locator("form[action='/console/print/order'] button").first.click()
        printer.shows(f"order-{stage}-{product}")
        for warning in page.locator("input[name=accepted]").all():
            warning.check()
        with page.expect_navigation():
            page.get_by_role("button", name="下达制作").click()
        assert "/jobs/" in page.url, page.locator(".notice").all_inner_texts()
        printer.story.print_all()
        page.reload()
        printer.sees("已完成")
        printer.shows(f"job-{stage}-{product}")


def a_problem_is_put_right(branch: Person) -> None:
    post_id = branch.story.post(GOOD_POST)
    branch.acts(post_id, "rectify", problem="服务台账登记不及时")
    branch.acts(post_id, "close-rectification", result="done", evidence="台账已补登")
    branch.shows("post")


def the_posts_are_inspected(committee: Person, branch: Person) -> None:
    story = committee.story
    story.on(6, 20)
    for name in (GOOD_POST, POOR_POST):
        post_id = story.post(name)
        branch.acts(post_id, "survey", **COUNTS, day=story.today, method="窗口发放，当场回收")
        checks = dict.fromkeys(("meets_standards", "recognised", "outstanding", "effective"), "yes")
        committee.acts(
            post_id,
            "inspect",
            day=story.today,
            report="听取岗位汇报",
            report_points="92",
            site="现场查看服务台账",
            site_points="90",
            opinions="走访服务对象",
            **checks,
        )


def the_titles_are_awarded(committee: Person) -> None:
    committee.story.on(7, 1)
    page = committee.goes_to("/console/posts?state=approved&all=1")
    with page.expect_navigation():
        page.locator("form[action='/console/bulk/award'] button").first.click()
    committee.sends("/bulk/award", awarded_on="2026-07-01", document="场党字〔2026〕18号")
    committee.sees("已办理 2 个岗位")
    committee.shows("awarded")


def the_old_plates_come_back(branch: Person) -> None:
    story = branch.story
    story.on(7, 3)
    branch.goes_to("/console/recalls?show=open")
    branch.shows("swap")
    for copy in [each for name in (GOOD_POST, POOR_POST) for each in story.out(story.post(name))]:
        give_back(branch, copy)
    assert not any(story.out(story.post(name)) for name in (GOOD_POST, POOR_POST))


def give_back(branch: Person, copy: Copy) -> None:
    branch.goes_to("/console/return")
    branch.sends("/console/return", plate=copy.id)
    branch.sees(copy.id)


def the_members_are_assessed(branch: Person) -> None:
    story = branch.story
    story.on(9, 21)
    branch.goes_to("/console/due")
    branch.shows("due")
    branch.acts(story.post(GOOD_POST), "assess", day=story.today)
    branch.acts(story.post(POOR_POST), "assess", day=story.today, failed0="2", remarks0="台账不全")
    story.on(9, 28)
    branch.acts(story.post(POOR_POST), "close-rectification", result="done", evidence="已补学补记")


def somebody_complains(public: Person) -> None:
    story = public.story
    story.on(10, 12)
    plates = story.register.find(Copy, post_id=story.post(POOR_POST))
    plate = [each for each in plates if not each.face.holder][-1]
    page = public.goes_to(f"/{plate.code}")
    public.sees("有效")
    public.shows("scan-valid")
    page.get_by_text("非常不满意", exact=True).tap()
    fill(page.locator("textarea").first, "值班无人，跑了三趟没有办成")
    page.get_by_role("button", name="提交").first.tap()
    page.locator(".receipt").wait_for()
    public.shows("receipt")


def the_complaint_is_looked_into(committee: Person) -> None:
    story = committee.story
    [said] = story.register.find(Feedback, post_id=story.post(POOR_POST))
    committee.goes_to("/console/feedback?show=open")
    committee.shows("feedback")
    committee.goes_to(f"/console/feedback/{said.id}")
    committee.shows("message")
    committee.sends("/call-back", words="无联系方式，无法回访")
    committee.goes_to(f"/console/posts/{story.post(POOR_POST)}")
    committee.sends(
        "/investigate",
        finding=Finding.SUBSTANTIATED.value,
        facts="走访五名群众，情况属实",
        feedback=[said.id],
    )
    committee.goes_to(f"/console/feedback/{said.id}")
    committee.sends("/settle", words="情况属实，已作出处理。")
    committee.shows("settled")


def the_post_falls(committee: Person) -> None:
    story, post_id = committee.story, committee.story.post(POOR_POST)
    committee.goes_to(f"/console/posts/{post_id}/veto")
    committee.shows("veto")
    page = committee.page
    investigation = page.locator("[name=investigation] option").last.get_attribute("value") or ""
    committee.sends(
        "/veto", cause="3", investigation=investigation, facts="群众反映强烈，经查证属实", name=POOR_POST
    )
    assert f"/console/recalls?post={post_id}" in page.url
    committee.shows("recalls")
    assert verdicts(story, POOR_POST) >= {Verdict.REVOKED}


def verdicts(story: Story, name: str) -> set[Verdict]:
    plates = story.register.find(Copy, post_id=story.post(name))
    return {standing_in(story.register, each, story.now).verdict for each in plates}


def every_plate_comes_back(branch: Person) -> None:
    story, post_id = branch.story, branch.story.post(POOR_POST)
    story.on(10, 14)
    left = story.out(post_id)
    assert left
    branch.goes_to("/console/return")
    branch.shows("return")
    for copy in left:
        give_back(branch, copy)
    assert story.out(post_id) == []
    branch.goes_to(f"/console/recalls?post={post_id}")
    branch.sees("已全部收回")
    branch.shows("all-back")


def a_veto_is_taken_back(committee: Person) -> None:
    story, post_id = committee.story, committee.story.post(GOOD_POST)
    story.on(11, 2)
    committee.goes_to(f"/console/posts/{post_id}/veto")
    committee.sends("/veto", cause="2", facts="误认为发生重大责任事故", name=GOOD_POST)
    assert Verdict.REVOKED in verdicts(story, GOOD_POST)
    committee.acts(post_id, "correct-veto", document="场党字〔2026〕31号", reason="事故与本岗位无关")
    assert Verdict.VALID in verdicts(story, GOOD_POST)
    committee.goes_to(f"/console/posts/{post_id}")
    committee.shows("post-at-the-end")


def the_year_is_summed_up(branch: Person, committee: Person) -> None:
    branch.story.on(12, 20)
    branch.goes_to("/console/plans")
    branch.sends("/summary", year="2026", text="全年创建岗位两个，命名两个，撤销一个，牌已全部收回。")
    branch.sees("年度总结已登记")
    branch.shows("summary")
    committee.goes_to("/console/reports/annual")
    committee.sees(BRANCH, "年度情况表")
    committee.shows("annual-sheet")
    committee.goes_to("/console/log")
    committee.sees("更正一票否决", "年度总结")
    committee.shows("log")
