"""Every page of the console, as each officer who may see it gets it: its headers, its markup, its looks.

The pages follow from the matrix of the guard, so that a new route is judged without a word here. The browser
is shown what was answered before, and each distinct page once.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import axe_playwright_python  # type: ignore[import-untyped] # has no types
import httpx
import pytest
from playwright.sync_api import Page, Route, sync_playwright

from store.acts.veto import Charge, veto
from store.print_queue import claim_job
from store.records import Copy, Feedback, VetoCause
from tests.verify.console.bureau import BASE_URL, OFFICERS, OTHER, Bureau
from tests.verify.console.conftest import Prepared, opened
from tests.verify.console.test_guard import DOORSTEP, MATRIX, address_of
from tests.verify.console.test_printing import Workshop, opened_shop, ordered
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

INLINE = re.compile(r"<style|<script(?![^>]*\bsrc=)|<[^>]*\s(?:style|on\w+)=", re.IGNORECASE)
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
NOT_THERE = "/console/posts/2026-999"
OWN_WORDS = frozenset({"Permissions-Policy", "Content-Security-Policy"})
"""Headers in which a page may say something of its own."""


@dataclass(frozen=True)
class Seen:
    """What an officer, or nobody, was answered at an address."""

    officer: str
    route: str
    answer: httpx.Response

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
    standing, fallen = bureau.plated("财务室"), bureau.plated("标本室" * 6)
    bureau.plated("学生服务大厅", OTHER)
    code = bureau.copies(standing)[0].code
    for grade in ("1", "5"):
        bureau.browser().ask("POST", f"/{code}/feedback", data={"grade": grade, "comment": "等了很久" * 9})
    charge = Charge(cause=VetoCause.GRAVE_BREACH, facts="查实" * 60)
    veto(bureau.register, bureau.office.by(), fallen, charge)
    bureau.wait(days=9)
    return {"post_id": standing, "receipt": bureau.register.find(Feedback, post_id=standing)[0].id}


def with_jobs(bureau: Bureau, shop: Workshop) -> list[str]:
    """Print one post, have a second under way, a third cancelled, a fourth waiting; return their addresses."""
    browser, posts = (
        bureau.signed_in(),
        [bureau.approved(name) for name in ("收费处", "车队", "食堂", "门卫")],
    )
    jobs = [ordered(browser, posts[0], size="a5")]
    shop.work_off()
    jobs += [ordered(browser, each) for each in posts[1:]]
    assert claim_job(bureau.register, "runner", bureau.now)
    browser.post(f"{jobs[2]}/cancel")
    asked = "&".join(f"post={each}" for each in posts)
    orders = (f"product=badge&sheet=a4&skip=3&{asked}", f"product=plaque&{asked}", "product=flag", "")
    return [*jobs, *(f"/console/print/order?{each}" for each in orders)]


def walked(bureau: Bureau, shop: Workshop) -> Iterator[Seen]:
    there, more = fill(bureau), with_jobs(bureau, shop)
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
