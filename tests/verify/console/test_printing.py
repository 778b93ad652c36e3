"""The print centre: looked at, ordered as it was looked at, fetched by whoever may print those posts."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Page, sync_playwright

from gangpai.office import Office
from gangpai.print_jobs import run_next, sweep
from gangpai.print_room import PrintRoom, prints_of
from gangpai.settings import load_settings
from plaques.preflight.findings import Check, Finding, Severity
from store.print_queue import KEPT_FOR
from store.records import Copy, PrintEnd, PrintJob, PrintOutcome, PrintRemark, RemarkKind
from tests.verify.console.bureau import OTHER, OWN, PASSWORD, Browser, Bureau
from verify.site import Site

QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PNG = b"\x89PNG\r\n"
WARNING = Finding(
    severity=Severity.WARNING,
    number="",
    part="",
    text="",
    check=Check.EMBLEM,
    zh="党徽过小",
    en="Small emblem",
)


class Workshop:
    """The print room of a bureau, and its runner."""

    def __init__(self, bureau: Bureau, folder: Path) -> None:
        settings = load_settings({"GANGPAI_BASE_URL": "https://gp.example.cn"}, folder)
        policy = bureau.office.policy
        self.room = PrintRoom(settings, policy, bureau.register, lambda: bureau.now)
        self.office = Office(
            settings=settings, policy=policy, register=bureau.register, now=lambda: bureau.now
        )
        self.folder = prints_of(settings)

    def work_off(self) -> None:
        while run_next(self.office, self.folder, "runner"):
            pass


def opened_shop(bureau: Bureau, folder: Path) -> Workshop:
    """Open a print room to the console of a bureau."""
    workshop = Workshop(bureau, folder)
    site: Site = bureau.app.state.site
    settings = replace(site.settings, print_room=workshop.room)
    bureau.app.state.site = replace(site, settings=settings)
    return workshop


@pytest.fixture
def shop(bureau: Bureau, tmp_path: Path) -> Workshop:
    return opened_shop(bureau, tmp_path)


def sent(html: str) -> dict[str, list[str]]:
    """Return what a browser sends when the page's form is sent as it is."""
    fields: dict[str, list[str]] = {}
    chosen = re.findall(r'name="(\w+)" value="([^"]*)" checked', html)
    for name, value in [*re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', html), *chosen]:
        fields.setdefault(name, []).append(value)
    for name, options in re.findall(r'<select id="o-\w+" name="(\w+)">(.*?)</select>', html):
        fields[name] = re.findall(r'value="([^"]*)" selected', options)
    return fields


def ordered(browser: Browser, *post_ids: str, **options: object) -> str:
    """Look at an order and place it; return the address of its job."""
    query = "&".join(["product=plaque", *(f"post={each}" for each in post_ids)])
    query += "".join(f"&{name}={value}" for name, value in options.items())
    shown = browser.get(f"/console/print/order?{query}")
    assert shown.status_code == 200
    fields: dict[str, object] = dict(sent(shown.text))
    answer = browser.post("/console/print/order", **fields)
    assert answer.status_code == 303
    return str(answer.headers["location"])


def files_on(browser: Browser, address: str) -> list[str]:
    return re.findall(rf'href="({address}/files/[^"]+)"', browser.get(address).text)


@pytest.mark.parametrize("officer", ["committee", "print_clerk", "own_branch"])
def test_from_choosing_to_the_pack(bureau: Bureau, shop: Workshop, officer: str) -> None:
    post_id, browser = bureau.approved("财务室", OWN), bureau.signed_in(officer)
    assert post_id in browser.get("/console/print").text
    address = ordered(browser, post_id)
    assert "等候中" in browser.get(address).text
    shop.work_off()
    page = browser.get(address)
    assert "已完成：1 件" in page.text
    [pack, *_] = files_on(browser, address)
    fetched = browser.get(pack)
    assert fetched.content[:2] == b"PK"
    assert "attachment" in fetched.headers["content-disposition"]
    [job] = bureau.register.find(PrintJob)
    assert job.officer_id == officer


def test_the_page_shows_the_artwork_and_what_preflight_made_sure_of(bureau: Bureau, shop: Workshop) -> None:
    post_id, browser = bureau.approved("财务室", OWN), bureau.signed_in()
    before = bureau.office.written()
    page = browser.get(f"/console/print/order?product=plaque&post={post_id}").text
    assert "文字齐全" in page
    assert "将制作 1 件" in page
    picture = browser.get(re.findall(r'src="(/console/print/picture[^"]+)"', page)[0].replace("&amp;", "&"))
    assert (picture.headers["content-type"], picture.content[:6]) == ("image/png", PNG)
    assert bureau.office.written() == before
    assert shop.room.files is not None


def test_what_is_printed_already_interrupts_and_says_where_it_is(bureau: Bureau, shop: Workshop) -> None:
    post_id, browser = bureau.plated("财务室", OWN, plates=1), bureau.signed_in()
    [copy] = bureau.copies(post_id)
    page = browser.get(f"/console/print/order?product=plaque&post={post_id}").text
    assert copy.id in page
    assert copy.place in page
    assert "下达制作" not in page
    again = browser.get(f"/console/print/order?product=plaque&post={post_id}&again=all").text
    assert "将制作 1 件" in again
    assert "须收回" in again
    assert shop.folder


def test_an_order_that_differs_from_what_was_shown_is_shown_again(bureau: Bureau, shop: Workshop) -> None:
    own, other = bureau.approved("财务室", OWN), bureau.approved("标本室", OTHER)
    browser = bureau.signed_in()
    fields = sent(browser.get(f"/console/print/order?product=plaque&post={own}").text)
    for changed in ({"size": "a4"}, {"post": [own, other]}, {"again": "all"}, {"seen": ["x"]}):
        answer = browser.post("/console/print/order", **(dict(fields) | changed))
        assert (answer.status_code, "改过" in answer.text) == (422, True)
    assert bureau.register.count(PrintJob) == 0
    assert shop.folder


def test_other_options_are_looked_at_without_an_order_and_without_a_secret_in_the_address(
    bureau: Bureau, shop: Workshop
) -> None:
    post_id, browser = bureau.approved("财务室", OWN), bureau.signed_in()
    page = browser.get(f"/console/print/order?product=plaque&post={post_id}").text
    assert 'method="get"' not in page.partition('id="main"')[2]
    looked = browser.post("/console/print/order", **(dict(sent(page)) | {"size": "a4", "look": "1"}))
    assert (looked.status_code, sent(looked.text)["size"]) == (200, ["a4"])
    assert bureau.register.count(PrintJob) == 0
    assert browser.post("/console/print/order", **dict(sent(looked.text))).status_code == 303
    assert shop.folder


def test_warnings_are_asked_about(bureau: Bureau, shop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    sample = shop.room.sample
    monkeypatch.setattr(shop.room, "sample", lambda *order: replace(sample(*order), findings=(WARNING,)))
    post_id, browser = bureau.approved("财务室", OWN), bureau.signed_in()
    page = browser.get(f"/console/print/order?product=plaque&post={post_id}").text
    assert "党徽过小" in page
    fields: dict[str, object] = dict(sent(page))
    assert browser.post("/console/print/order", **fields).status_code == 422
    assert browser.post("/console/print/order", **fields, accepted=["党徽过小"]).status_code == 303
    [job] = bureau.register.find(PrintJob)
    assert job.accepted == ("党徽过小",)


def test_a_job_that_met_a_warning_goes_on_when_it_is_confirmed(bureau: Bureau, shop: Workshop) -> None:
    post_id, browser = bureau.approved("财务室", OWN), bureau.signed_in()
    address = ordered(browser, post_id)
    remark = PrintRemark(kind=RemarkKind.WARNING, subject="", zh="党徽过小", en="Small emblem")
    end = PrintEnd(
        id="P1-E",
        job_id="P1",
        outcome=PrintOutcome.UNANSWERED,
        remarks=(remark,),
        ended_at=bureau.now,
    )
    with bureau.register.transaction() as transaction:
        transaction.append(end)
    assert "党徽过小" in browser.get(address).text
    assert browser.post(f"{address}/go-on").status_code == 422
    follower = browser.post(f"{address}/go-on", accepted="党徽过小").headers["location"]
    shop.work_off()
    assert "已完成：1 件" in browser.get(follower).text


def test_a_job_is_cancelled_and_an_ended_one_is_not(bureau: Bureau, shop: Workshop) -> None:
    post_id, browser = bureau.approved("财务室", OWN), bureau.signed_in()
    address = ordered(browser, post_id)
    assert browser.post(f"{address}/cancel").status_code == 303
    shop.work_off()
    assert "已取消" in browser.get(address).text
    assert bureau.register.count(Copy) == 0
    late = browser.post(f"{address}/cancel")
    assert (late.status_code, "已经结束" in late.text) == (422, True)


def test_another_branchs_posts_jobs_and_files_are_out_of_reach(bureau: Bureau, shop: Workshop) -> None:
    own, other = bureau.approved("财务室", OWN), bureau.approved("标本室", OTHER)
    committee, stranger = bureau.signed_in(), bureau.signed_in("other_branch")
    for posts in ([own], [own, other]):
        address = ordered(committee, *posts)
        shop.work_off()
        for each in (address, *files_on(committee, address)):
            assert stranger.get(each).status_code == 403
        for deed in ("cancel", "go-on"):
            assert stranger.post(f"{address}/{deed}").status_code == 403
        assert address not in stranger.get("/console/print").text
    for page in ("order", "picture"):
        assert stranger.get(f"/console/print/{page}?product=plaque&post={own}").status_code == 403
    assert own not in stranger.get(f"/console/print?branch={bureau.dossier(own).branch.id}").text
    every = stranger.get("/console/print/order?product=plaque&every=1").text
    assert (own in every, other in every) == (False, True)


def test_a_forged_order_for_another_branchs_post_is_refused(bureau: Bureau, shop: Workshop) -> None:
    own, other = bureau.approved("财务室", OWN), bureau.approved("标本室", OTHER)
    browser = bureau.signed_in("other_branch")
    fields = sent(browser.get(f"/console/print/order?product=plaque&post={other}").text)
    answer = browser.post("/console/print/order", **(dict(fields) | {"post": own}))
    assert answer.status_code in {403, 422}
    assert bureau.register.count(PrintJob) == 0
    assert shop.folder


def test_files_have_no_way_out_of_their_folder(bureau: Bureau, shop: Workshop) -> None:
    post_id, browser = bureau.approved("财务室", OWN), bureau.signed_in()
    address = ordered(browser, post_id)
    shop.work_off()
    (shop.folder / "secret.txt").write_text("x")
    for name in ("..%2Fsecret.txt", "%2e%2e%2fsecret.txt", ".gangpai-print-x.json", "x.pdf"):
        assert browser.get(f"{address}/files/{name}").status_code in {404, 422}


def test_files_are_gone_after_their_time_and_the_page_says_so(bureau: Bureau, shop: Workshop) -> None:
    post_id, browser = bureau.approved("财务室", OWN), bureau.signed_in()
    address = ordered(browser, post_id)
    shop.work_off()
    [file, *_] = files_on(browser, address)
    sweep(bureau.register, shop.folder, bureau.now + KEPT_FOR * 2)
    assert files_on(browser, address) == []
    gone = browser.get(file)
    assert (gone.status_code, "保存30天" in gone.text) == (422, True)


def test_the_first_place_is_chosen_on_a_picture_of_the_sheet(bureau: Bureau, shop: Workshop) -> None:
    post_id, browser = bureau.approved("财务室", OWN), bureau.signed_in()
    page = browser.get(f"/console/print/order?product=badge&sheet=a4&skip=3&post={post_id}").text
    places = re.findall(
        r'type="radio" name="skip" value="(\d+)"( checked)? aria-label="从第 (\d+) 格起印', page
    )
    assert [value for value, checked, _ in places if checked] == ["3"]
    assert len(places) == 10
    assert "side-2" in page
    too_far = browser.get(f"/console/print/order?product=badge&sheet=a4&skip=10&post={post_id}")
    assert (too_far.status_code, "每张纸只有10个位置" in too_far.text) == (422, True)
    assert shop.folder


@pytest.mark.parametrize("option", ["sheet=b5", "inks=gold", "again=x", "skip=-1", "product=flag", "bleed=9"])
def test_an_option_no_page_offers_is_refused(bureau: Bureau, shop: Workshop, option: str) -> None:
    post_id, browser = bureau.approved("财务室", OWN), bureau.signed_in()
    answer = browser.get(f"/console/print/order?product=plaque&post={post_id}&{option}")
    last_wins = browser.get(f"/console/print/order?{option}&post={post_id}")
    assert 422 in {answer.status_code, last_wins.status_code}
    assert shop.folder


def test_without_a_print_room_the_page_says_so(bureau: Bureau) -> None:
    post_id, browser = bureau.approved("财务室", OWN), bureau.signed_in()
    answer = browser.get(f"/console/print/order?product=plaque&post={post_id}")
    assert (answer.status_code, "没有开设制作中心" in answer.text) == (422, True)


@pytest.mark.browser
@pytest.mark.parametrize("size", [(390, 844), (1280, 800)], ids=["phone", "desk"])
def test_an_officer_prints_with_a_mouse_or_a_thumb(
    bureau: Bureau, shop: Workshop, chromium: Path, size: tuple[int, int]
) -> None:
    post_id = bureau.approved("财务室", OWN)
    with serving(bureau.app) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        page = browser.new_page(locale="zh-CN", viewport={"width": size[0], "height": size[1]})
        blocked = list[str]()
        page.on("console", lambda message: blocked.append(message.text))
        sign_in(page, address)
        page.goto(f"{address}/console/print")
        fits(page, size)
        page.get_by_label("种类").select_option("badge")
        page.get_by_label(f"选择 Choose {post_id}").check()
        page.get_by_role("button", name="所选岗位").click()
        page.get_by_label("纸张").select_option("a4")
        page.get_by_role("button", name="按新选项预览").click()
        page.get_by_label("从第 1 格起印").press("ArrowRight")
        page.get_by_role("button", name="按新选项预览").click()
        assert page.get_by_label("从第 2 格起印").is_checked()
        page.wait_for_load_state("networkidle")
        assert page.locator("img.artwork").evaluate("picture => picture.naturalWidth") > 0
        fits(page, size)
        page.get_by_role("button", name="下达制作").click()
        page.get_by_text("等候中").first.wait_for()
        fits(page, size)
        shop.work_off()
        page.get_by_text("已完成：3 件").wait_for()
        fits(page, size)
        with page.expect_download() as fetched:
            page.get_by_role("link", name="印制包.zip").click()
        assert fetched.value.suggested_filename.endswith("-印制包.zip")
        browser.close()
    assert [each for each in blocked if "Content Security Policy" in each] == []
    [job] = bureau.register.find(PrintJob)
    assert (job.order.sheet, job.order.skip) == ("a4", 1)


def fits(page: Page, size: tuple[int, int]) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """Serve an application at an address of this machine for as long as the block lasts."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="off", ws="none"))
    listening = server.config.bind_socket()
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        listening.close()


def sign_in(page: Page, address: str) -> None:
    page.goto(f"{address}/console")
    page.get_by_label("登录名").fill("committee")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(f"{address}/console")
