"""Every page of the console, as each officer who may see it gets it: its headers, its markup, its looks.

The pages follow from the matrix of the guard, so that a new route is judged without a word here. The browser
is shown what was answered before, and each distinct page once.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from http import HTTPStatus
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import axe_playwright_python  # type: ignore[import-untyped] # has no types
import httpx
import pytest
from playwright.sync_api import Page, Route, sync_playwright

from store.acts.tokens import NewToken, grant_token
from store.acts.veto import Charge, veto
from store.acts.webhooks import NewWebhook, add_webhook
from store.calendar import office_day
from store.clauses import CLAUSES
from store.print_queue import claim_job
from store.records import KINDS, Copy, Feedback, Role, Scope, Veto, VetoCause, WebhookEvent
from tests.verify.console.bureau import BASE_URL, OFFICERS, OTHER, Bureau
from tests.verify.console.conftest import Prepared, opened
from tests.verify.console.second_language import chinese_only
from tests.verify.console.test_act_forms import done, titled
from tests.verify.console.test_guard import DOORSTEP, MATRIX, address_of
from tests.verify.console.test_invitations import link_made
from tests.verify.console.test_notices import posted
from tests.verify.console.test_printing import Workshop, opened_shop, ordered
from tests.verify.console.test_settings import decide
from verify.headers import security_headers
from verify.site import WebSettings

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
FAULTS = """async only => {
  document.querySelectorAll("details").forEach(each => { each.open = true; });
  const rules = only ? {runOnly: {type: "rule", values: [only]}} : {};
  const found = await axe.run(document, {resultTypes: ["violations"], ...rules});
  return found.violations.map(each => [each.id, each.nodes[0].html.slice(0, 160)]);
}"""
SIDEWAYS = "document.scrollingElement.scrollWidth - innerWidth"
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 800}
ENLARGED = {"width": 640, "height": 400}
"""What a desk has room for at 200 % (WCAG 2.2, 1.4.10)."""
LARGE_PRINT = "document.documentElement.style.fontSize = '200%'"
"""What a reader who enlarges the text alone sees (WCAG 2.2, 1.4.4)."""

CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"
TOO_SMALL = """controls => {
  const boxed = each => /radio|checkbox/.test(each.type) && each.labels[0] || each;
  const in_a_sentence = each => each.tagName === "A" && getComputedStyle(each).display === "inline";
  const least = each => each.matches("a, .places input") ? 24 : 43.5;
  return [...document.querySelectorAll(controls)].filter(each => {
    const box = boxed(each).getBoundingClientRect(), side = Math.min(box.width, box.height);
    return side && box.right > 0 && !in_a_sentence(each) && side < least(each);
  }).map(each => each.outerHTML.slice(0, 160));
}"""
"""A finger needs 44 pixels for what it fills in or presses, 24 for a link that stands alone (2.5.8)."""
FOCUSED = """controls => {
  const each = document.activeElement, box = each.getBoundingClientRect();
  const marked = part => getComputedStyle(part).outlineStyle !== "none";
  const seen = each.type === "date" || [each, ...each.labels ?? []].some(marked);
  const shown = box.right > 0 && box.bottom > 0 && box.top < innerHeight;
  const place = [...document.querySelectorAll(controls)].indexOf(each);
  return [place, seen && shown, each.outerHTML.slice(0, 120)];
}"""
"""The browser itself marks the part of a date that is focused."""
BY_KEYS = (
    "GET /console",
    "GET /console/posts",
    "GET /console/posts/{post_id}",
    "GET /console/posts/{post_id}/veto",
    "GET /console/print",
    "GET /console/recalls",
    "GET /console/return",
    "GET /console/feedback/{receipt}",
    "GET /console/reports/satisfaction",
    "GET /console/sign-in",
)
"""Pages of every make: tiles, tables, forms, plates, a scanner, charts."""

INLINE = re.compile(r"<style|<script(?![^>]*\bsrc=)|<[^>]*\s(?:style|on\w+)=", re.IGNORECASE)
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
NOT_THERE = "/console/posts/2026-999"
FILES = {
    "/console/feedback/photos/{attachment_id}",
    "/console/posts/{post_id}/files/{attachment_id}",
    "/console/posts/{post_id}/papers/{name}.{suffix}",
    "/console/posts/{post_id}/plates/{number}.png",
    "/console/print/jobs/{job_id}/files/{file_name}",
    "/console/print/picture",
    "/console/recalls/photos/{attachment_id}",
    "/console/recalls/receipt.pdf",
    "/console/settings/designs/{product}/{name}.toml",
    "/console/settings/designs/{product}/{name}/{size}/{stage}.png",
}
"""Pictures and downloads: no pages, and sent by the tests of their own parts."""
OWN_WORDS = frozenset({"Permissions-Policy", "Content-Security-Policy"})
"""Headers in which a page may say something of its own."""


@dataclass(frozen=True)
class Seen:
    """What an officer, or nobody, was answered at an address."""

    officer: str
    route: str
    answer: httpx.Response

    @property
    def address(self) -> str:
        return self.answer.request.url.raw_path.decode()

    @property
    def is_page(self) -> bool:
        return str(self.answer.headers.get("content-type", "")).startswith("text/html")

    @property
    def main(self) -> str:
        """What tells the page from others: all but the frame, and without what changes by session."""
        body = self.answer.text.partition("<main")[2].partition("</main>")[0]
        return re.sub(r'(name="token"|name="sealed") value="[^"]*"|[0-9a-f]{64}', "", body)

    def __str__(self) -> str:
        return f"{self.officer} {self.route}"


def fill(bureau: Bureau) -> dict[str, str]:
    """Put something on every list, and return what is there by the names of the routes."""
    standing, fallen = bureau.plated("咨询台"), bureau.plated("标本室" * 6)
    bureau.plated("学生服务大厅", OTHER)
    code = bureau.copies(standing)[0].code
    for grade in ("1", "5"):
        bureau.browser().ask("POST", f"/{code}/feedback", data={"grade": grade, "comment": "等了很久" * 9})
    charge = Charge(cause=VetoCause.GRAVE_BREACH, facts="查实" * 60)
    veto(bureau.register, bureau.office.by(), fallen, charge)
    bureau.wait(days=9)
    return {"post_id": standing, "receipt": bureau.register.find(Feedback, post_id=standing)[0].id}


def furnish(bureau: Bureau) -> None:
    """Decide a policy, and let another program read the register and one be told of changes."""
    decide(bureau, bureau.signed_in(), recall_days="2")
    new = NewToken(
        label="大厅看板",
        secret_hash="!",  # noqa: S106 -- nobody's
        role=Role.COMMITTEE,
        branch_name="",
        scopes=(Scope.POSTS_READ,),
        days=90,
    )
    grant_token(bureau.register, bureau.administrator(), new)
    events = tuple(WebhookEvent)
    told = NewWebhook(address="https://hall.example.org/hook", events=events, sealed_secret="!")  # noqa: S106 -- as above
    add_webhook(bureau.register, bureau.office.by(), told)


def jobs(bureau: Bureau, shop: Workshop) -> list[str]:
    """Finish one print job, have one under way, one cancelled and one waiting; return where orders are."""
    browser, posts = (
        bureau.signed_in(),
        [bureau.approved(name) for name in ("收费处", "车队", "食堂", "门卫")],
    )
    ordered(browser, posts[0])
    shop.work_off()
    for each in posts[1:-1]:
        ordered(browser, each)
    assert claim_job(bureau.register, "runner", bureau.now)
    browser.post("/console/print/jobs/P3/cancel")
    ordered(browser, posts[-1])
    asked = "&".join(f"post={each}" for each in posts)
    orders = (
        f"order?product=badge&sheet=a4&skip=3&{asked}",
        f"order?product=plaque&{asked}",
        "order?product=flag",
    )
    return [f"/console/print/{each}" for each in (*orders, *(f"jobs/P{number}" for number in range(1, 5)))]


def title(bureau: Bureau) -> list[str]:
    """Have a title assessed, and set right; return the pages of what can be done with it and with others."""
    post_id = titled(bureau)
    bureau.wait(days=60)
    browser, day = bureau.signed_in(), office_day(bureau.now).isoformat()
    done(bureau, browser, post_id, "assess", day=day, failed1="2、3", remarks1="台账不全")
    bureau.wait(days=90)
    acts = ("assess", "correct-assessment", "close-rectification", "deed", "rectify")
    return [f"/console/posts/{post_id}", *(f"/console/posts/{post_id}/acts/{each}" for each in acts)]


def walks(bureau: Bureau, shop: Workshop) -> tuple[dict[str, str], list[str]]:
    """Bring things about, and return their names and the addresses that need more than a name."""
    applied = bureau.posted("传达室")
    of_title, there = title(bureau), fill(bureau)
    [fallen] = [each.post_id for each in bureau.register.find(Veto)]
    notice = posted(bureau, bureau.signed_in())
    furnish(bureau)
    more = [
        f"/console/notices/{notice.id}",
        f"/console/bulk/approve?post={applied}",
        f"/console/bulk/award?post={there['post_id']}",
        f"/console/posts/{applied}/acts/send-back",
        f"/console/posts/{fallen}",
        f"/console/posts/{fallen}/acts/correct-veto",
        "/console/settings/designs/badge/white",
        urlsplit(link_made(bureau.signed_in("administrator"))).path,
    ]
    return there, [*of_title, *more, *jobs(bureau, shop)]


def walked(bureau: Bureau, shop: Workshop) -> Iterator[Seen]:
    there, more = walks(bureau, shop)
    gets = [name for name in sorted(MATRIX) if name.startswith("GET ")]
    for officer in OFFICERS:
        browser = bureau.signed_in(officer)
        for name in gets:
            if officer in MATRIX[name]:
                yield Seen(officer, name, browser.get(address_of(bureau, name.removeprefix("GET "), **there)))
        for address in more:
            yield Seen(officer, address, browser.get(address))
        yield Seen(officer, "an error", browser.get(NOT_THERE))
        yield Seen(officer, "a refusal", browser.post("/console/return", plate="7"))
    for name in sorted(DOORSTEP):
        method, path = name.split(" ")
        yield Seen("nobody", name, bureau.browser().ask(method, address_of(bureau, path)))
    yield Seen("nobody", "turned away", bureau.browser().get("/console"))
    misspelt = decide(bureau, bureau.signed_in(), recall_days="很快")
    yield Seen("committee", "a policy that will not do", misspelt)


@pytest.fixture(scope="module")
def seen(
    prepared: Prepared, settings: WebSettings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[list[Seen], Bureau]]:
    folder = tmp_path_factory.mktemp("walk")
    with opened(prepared, folder, settings) as bureau:
        yield list(walked(bureau, opened_shop(bureau, folder))), bureau


def test_every_officer_was_shown_pages_of_a_filled_register(seen: tuple[list[Seen], Bureau]) -> None:
    answers, bureau = seen
    assert bureau.register.count(Copy)
    assert {each.officer for each in answers if each.is_page} == {*OFFICERS, "nobody"}
    assert [str(each) for each in answers if each.answer.status_code >= 500] == []


def test_no_page_of_the_console_is_left_out(seen: tuple[list[Seen], Bureau]) -> None:
    """Each route that answers a GET was shown as it is when all is well, but for those that send files."""
    shown = [each.address for each in seen[0] if each.answer.status_code < HTTPStatus.BAD_REQUEST]
    routes = {
        name.removeprefix("GET ") for name in MATRIX | dict.fromkeys(DOORSTEP) if name.startswith("GET ")
    }
    left_out = {each for each in routes if not any(map(pattern_of(each).fullmatch, shown))}
    assert left_out == FILES


def pattern_of(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\{\w+\\}", "[^/?]+", re.escape(path)) + r"(\?.*)?")


def test_every_answer_bears_every_header(seen: tuple[list[Seen], Bureau], settings: WebSettings) -> None:
    asked = security_headers("", https_only=settings.secure_cookies)
    for each in seen[0]:
        headers = each.answer.headers
        assert set(map(str.lower, asked)) <= set(headers), str(each)
        said = {name: headers[name] for name in asked if name not in OWN_WORDS}
        assert said == {name: asked[name] for name in said}, str(each)
        assert headers["Content-Security-Policy"].startswith("default-src 'none'"), str(each)
        assert "unsafe" not in headers["Content-Security-Policy"], str(each)


def test_no_page_has_a_script_or_a_style_of_its_own(seen: tuple[list[Seen], Bureau]) -> None:
    found = {str(each): INLINE.findall(each.answer.text) for each in seen[0] if each.is_page}
    assert {name: each for name, each in found.items() if each} == {}
    assert INLINE.search("<p onclick='x'>") and INLINE.search("<script>1</script>")  # noqa: PT018 -- one mutant each


def written(value: object) -> Iterator[str]:
    """Yield every string of a record, however deep it lies."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from written([*value.values()])
    elif isinstance(value, list | tuple | frozenset):
        yield from chain.from_iterable(map(written, value))
    elif is_dataclass(value):
        yield from written([getattr(value, each.name) for each in fields(value)])


def by_others(bureau: Bureau) -> set[str]:
    """Return what nobody of us wrote: what stands in the register, and the founding plan's own words."""
    recorded = (each for kind in KINDS for each in bureau.register.find(kind))
    quoted = chain.from_iterable((each.zh, each.words) for each in CLAUSES.values())
    return {*chain.from_iterable(map(written, recorded)), *quoted}


def test_every_page_says_all_of_it_in_english_too(seen: tuple[list[Seen], Bureau]) -> None:
    answers, bureau = seen
    others = by_others(bureau)
    pages = ((str(each), each.answer.text) for each in distinct(answers).values())
    found = {name: chinese_only(text, others) for name, text in pages}
    assert {name: sorted(set(each)) for name, each in found.items() if each} == {}


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ("<title>报表 · 示范岗管理台 Console</title>", ["title: 报表"]),
        ("<h1>报表</h1>", ["h1: 报表"]),
        ("<table><tr><th>份数</th><th>期限 <span lang=en>Due</span></th></tr></table>", ["th: 份数"]),
        (
            "<p><label>密码 <span lang=en>Password</span></label> <span class=hint>要长</span></p>",
            ["span: 要长"],
        ),
        ("<h2>回访 <span class=chip>逾期</span> <span lang=en>Call</span></h2>", ["span: 逾期"]),
        (
            "<div><button>批准</button> <button>返回 <span lang=en>Back</span></button></div>",
            ["button: 批准"],
        ),
        ("<select><option>标牌</option><option>门牌 Door</option></select>", ["option: 标牌"]),
        ("<input placeholder=姓名>", ["input: 姓名"]),
        ("<td>“接待室”缺标牌</td>", ["td: “接待室”缺标牌"]),
        ("<td>接待室 3 块，2026年6月1日</td><a download>清单.csv</a>", []),
        ("<div><b>没有办成。</b><span lang=en>Not done.</span></div>", []),
    ],
)
def test_what_is_said_in_chinese_only_is_found(page: str, found: list[str]) -> None:
    assert chinese_only(page, {"接待室"}) == found


def distinct(answers: list[Seen]) -> dict[str, Seen]:
    """Return each page once, by its address; the first of every officer for its menu."""
    pages = [each for each in answers if each.is_page]
    first = {each.officer: each for each in reversed(pages)}
    by_main = {each.main: each for each in reversed(pages)} | first
    return {f"/p{number}": each for number, each in enumerate(dict.fromkeys(by_main.values()))}


@contextmanager
def showing(pages: dict[str, Seen], bureau: Bureau, chromium: Path) -> Iterator[Page]:
    """Open a browser in which the pages lie at their addresses, and nothing else but our own files."""
    files: dict[str, httpx.Response] = {}
    visitor = bureau.browser()

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(BASE_URL)
        found = pages[path].answer if path in pages else files.get(path)
        if found is None:
            route.fulfill(status=404)
            return
        headers = {"Content-Type": found.headers["content-type"]}
        headers["Content-Security-Policy"] = found.headers["content-security-policy"]
        route.fulfill(status=200, headers=headers, body=found.content)

    for each in pages.values():
        for path in re.findall(r'(?:href|src)="(/static/[^"]+)"', each.answer.text):
            files[path] = files.get(path) or visitor.get(path)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        context = browser.new_context(locale="zh-CN", viewport=PHONE, reduced_motion="reduce")  # type: ignore[arg-type] # a viewport is a dictionary of these
        context.route("**/*", answer)
        yield context.new_page()
        browser.close()


def faults(page: Page) -> Iterator[Any]:
    """Name what is wrong with the page that is shown: on a phone by day, at a desk by night and enlarged."""
    page.evaluate(AXE)
    yield from page.evaluate(FAULTS, "")
    page.emulate_media(color_scheme="dark")
    yield from page.evaluate(FAULTS, "color-contrast")
    page.emulate_media(color_scheme="light")
    for size in (DESK, ENLARGED, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type] # a viewport is a dictionary of these
        if page.evaluate(SIDEWAYS) > 0:
            yield ["sideways", size["width"]]


@pytest.mark.browser
def test_axe_and_the_eye_find_nothing(seen: tuple[list[Seen], Bureau], chromium: Path) -> None:
    pages, found, blocked = distinct(seen[0]), dict[str, Any](), list[str]()
    with showing(pages, seen[1], chromium) as page:
        page.on("console", lambda said: blocked.append(said.text) if "Security Policy" in said.text else None)
        for path, each in pages.items():
            page.goto(f"{BASE_URL}{path}")
            found[str(each)] = list(faults(page))
    assert {name: each for name, each in found.items() if each} == {}
    assert blocked == []


def tabbed(page: Page) -> Iterator[tuple[int, bool, str]]:
    """Press Tab from the top until the page is left; yield where each press led and whether that is seen."""
    page.evaluate("document.activeElement.blur(); getSelection().collapse(document.body, 0)")
    for press in range(page.locator(CONTROLS).count() * 2):
        page.keyboard.press("Tab")
        place, seen, markup = page.evaluate(FOCUSED, CONTROLS)
        if place < min(press, 1):
            return
        yield place, seen, markup


def astray(page: Page) -> Iterator[str]:
    """Name what a keyboard reaches out of order or unseen, a finger misses, or large print pushes aside."""
    stops = list(tabbed(page))
    places = [place for place, _, _ in stops]
    if not page.locator("[autofocus]").count() and 'class="skip"' not in stops[0][2]:
        yield "the first stop is no way past the menu"
    page.evaluate(LARGE_PRINT)
    if page.evaluate(SIDEWAYS) > 0:
        yield "sideways in large print"
    page.evaluate("document.documentElement.style.fontSize = ''")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type] # a viewport is a dictionary of these
    yield from (f"too small: {each}" for each in page.evaluate(TOO_SMALL, CONTROLS))
    page.set_viewport_size(DESK)  # type: ignore[arg-type] # a viewport is a dictionary of these
    yield from (f"unseen: {markup}" for _, seen, markup in stops if not seen)
    yield from (
        f"out of order: {each[2]}"
        for each, before in zip(stops[1:], places, strict=False)
        if each[0] < before
    )


@pytest.mark.browser
def test_keys_fingers_and_large_print_find_their_way(seen: tuple[list[Seen], Bureau], chromium: Path) -> None:
    everything = {
        each.route: each for each in seen[0] if each.is_page and each.officer in {"committee", "nobody"}
    }
    pages = {f"/k{number}": everything[name] for number, name in enumerate(BY_KEYS)}
    with showing(pages, seen[1], chromium) as page:
        page.set_viewport_size(DESK)  # type: ignore[arg-type] # a viewport is a dictionary of these
        found = {
            str(each): list(astray(page)) for path, each in pages.items() if page.goto(f"{BASE_URL}{path}")
        }
    assert {name: each for name, each in found.items() if each} == {}
