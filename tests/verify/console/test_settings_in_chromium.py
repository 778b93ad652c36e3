"""The settings in a real browser: each page fits a phone and a desk, and axe-core finds nothing on it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import axe_playwright_python  # type: ignore[import-untyped] # has no types
import httpx
import pytest
from playwright.sync_api import Page, Route, ViewportSize, sync_playwright

from store.acts.tokens import NewToken, grant_token
from store.acts.webhooks import NewWebhook, add_webhook
from store.records import Role, Scope, WebhookEvent
from tests.verify.console.bureau import BASE_URL, Bureau
from tests.verify.console.test_settings import decide

pytestmark = pytest.mark.browser
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
SIZES = ((390, 844, "light"), (1280, 800, "dark"))
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
FAULTS = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations
  .map(each => [each.id, each.nodes.map(node => node.html.slice(0, 120))])"""
STYLE = "/static/console.css"
OPEN = "document.querySelectorAll('details').forEach(each => { each.open = true; })"
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
LOOKED_AT = {
    "committee": ("", "/policy", "/webhooks", "/designs", "/designs/badge/red-gold", "/texts"),
    "administrator": ("/policy", "/tokens", "/organisations", "/backup"),
}


@pytest.fixture
def answers(bureau: Bureau) -> dict[str, httpx.Response]:
    """Return every page by its address, asked for before a browser is open."""
    furnish(bureau)
    found = {STYLE: bureau.browser().get(STYLE)}
    found["/console/settings/policy?wrong"] = decide(bureau, bureau.signed_in(), recall_days="很快")
    for officer, pages in LOOKED_AT.items():
        browser = bureau.signed_in(officer)
        addresses = [*(f"/console/settings{page}" for page in pages), "/console/log", "/console/log/1"]
        found |= {f"{address}?{officer}": browser.get(address) for address in addresses}
    found["/console/officers"] = bureau.signed_in("administrator").get("/console/officers")
    return found


def furnish(bureau: Bureau) -> None:
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


def shown(answers: dict[str, httpx.Response], page: Page) -> Iterator[str]:
    """Show one page after the other, without its pictures, and yield its address while it is shown."""

    def answer(route: Route) -> None:
        found = answers.get(route.request.url.removeprefix(BASE_URL))
        if found is None:
            route.abort()
            return
        names = {"content-type", "content-security-policy"} & found.headers.keys()
        headers = {name: found.headers[name] for name in names}
        route.fulfill(status=found.status_code, headers=headers, body=found.content)

    page.route("**/*", answer)
    for path in answers.keys() - {STYLE}:
        page.goto(BASE_URL + path, wait_until="load")
        page.evaluate(OPEN)
        yield path


def looked_at(page: Page) -> list[Any]:
    page.evaluate(AXE)
    return [*page.evaluate(FAULTS), *(["sideways"] if page.evaluate(SIDEWAYS) > 0 else [])]


def test_every_page_fits_and_axe_finds_nothing(answers: dict[str, httpx.Response], chromium: Path) -> None:
    found: dict[tuple[int, str], list[Any]] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        for width, height, scheme in SIZES:
            viewport: ViewportSize = {"width": width, "height": height}
            seen_in: dict[str, Any] = {"color_scheme": scheme, "reduced_motion": "reduce"}
            page = browser.new_page(locale="zh-CN", viewport=viewport, **seen_in)
            found |= {(width, path): looked_at(page) for path in shown(answers, page)}
        browser.close()
    assert {seen: faults for seen, faults in found.items() if faults} == {}
