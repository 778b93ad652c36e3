"""Every public page and state in both languages, as axe-core judges it: day and night, at twice the size."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import axe_playwright_python  # type: ignore[import-untyped] # has no types
import pytest
from playwright.sync_api import Browser, Page

from tests.verify.public.gallery import gallery
from tests.verify.public.phones import phone
from tests.verify.public.test_layout import Answers, turned
from verify.languages import TAGS

pytestmark = pytest.mark.browser

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
FAULTS = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations
  .map(each => [each.id, each.nodes.map(node => node.html.slice(0, 120))])"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Answers]:
    """Return every page by language and name; asked for before a browser is open."""
    return {tag: gallery(tag, tmp_path_factory.mktemp("axe")) for tag in TAGS}


def faults(page: Page) -> list[Any]:
    page.evaluate(AXE)
    return list(page.evaluate(FAULTS))


def by_day_by_night_and_enlarged(page: Page) -> Iterator[Any]:
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    yield from faults(page)
    page.emulate_media(color_scheme="dark")
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    yield from page.evaluate(FAULTS)
    page.emulate_media(color_scheme="light")


@pytest.mark.parametrize("tag", TAGS)
def test_axe_finds_nothing(pages: dict[str, Answers], browser: Browser, tag: str) -> None:
    with phone(browser) as page:
        found = {name: list(by_day_by_night_and_enlarged(page)) for name in turned(pages[tag], page)}
    assert {name: each for name, each in found.items() if each} == {}


def test_a_page_with_a_nameless_field_is_caught(pages: dict[str, Answers], browser: Browser) -> None:
    with phone(browser) as page:
        for _ in turned({"valid": pages["en"]["valid"]}, page):
            page.evaluate("document.querySelector('main').append(document.createElement('input'))")
            assert "label" in [fault for fault, _ in faults(page)]
