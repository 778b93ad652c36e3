"""The notice board on phones: nothing to push sideways, nothing faint, no letter small, no column unsaid."""

from collections.abc import Iterator
from contextlib import closing
from typing import Literal

import pytest
from playwright.sync_api import Browser

from store.tinydb_register import TinyDbRegister
from tests.office import Office
from tests.verify.public.boards import CREATING, FALLEN, RECOMMENDED, TITLED, fill
from tests.verify.public.phones import faint, phone, sideways
from tests.verify.public.serving import free_port, served
from tests.verify.public.street import CODES, SETTINGS, Chance, Clock
from verify.app import create_app

pytestmark = pytest.mark.browser
SMALLEST_PX = 13
PATHS = (
    "/notice",
    "/notice/N2026-01",
    f"/notice/N2026-01/{RECOMMENDED}-A1",
    "/satisfaction",
    f"/satisfaction/{TITLED}",
    f"/satisfaction/{CREATING}",
    f"/satisfaction/{FALLEN}",
    "/roll",
    "/ledger",
)
_LETTERS = """() => [...document.body.querySelectorAll("*")]
  .filter(each => [...each.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
  .map(each => [parseFloat(getComputedStyle(each).fontSize), each.outerHTML.slice(0, 80)])"""
_OVERLAPS = """() => {
  const boxes = [...document.querySelectorAll("svg.scale")].map(
    scale => [...scale.querySelectorAll("text")].map(text => text.getBoundingClientRect()));
  const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  return boxes.flatMap(row => row.flatMap((a, at) => row.slice(at + 1).filter(b => meet(a, b)))).length;
}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with closing(TinyDbRegister(tmp_path_factory.mktemp("board") / "register.db")) as register:
        fill(Office(register, codes=iter(CODES)))
        with served(create_app(SETTINGS, register, Clock(), Chance()), free_port()) as base:
            yield base


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("tag", ["zh-CN", "en"])
def test_a_page_can_be_read_on_a_small_phone(address: str, browser: Browser, path: str, tag: str) -> None:
    with phone(browser, locale=tag) as page:
        page.goto(f"{address}{path}")
        assert [each for each in page.evaluate(_LETTERS) if each[0] < SMALLEST_PX] == []
        assert sideways(page, "100%") <= 0
        assert page.evaluate(_OVERLAPS) == 0
        assert sideways(page, "200%") <= 0


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_faint(
    address: str, browser: Browser, path: str, scheme: Literal["light", "dark"]
) -> None:
    with phone(browser) as page:
        page.goto(f"{address}{path}")
        assert faint(page, scheme) == []


def test_a_row_of_the_chart_is_as_wide_as_its_page(address: str, browser: Browser) -> None:
    widths = []
    for width in (360, 1280):
        with phone(browser) as page:
            page.set_viewport_size({"width": width, "height": 740})
            page.goto(f"{address}/satisfaction/{TITLED}")
            box, dot = (page.locator(each).first.bounding_box() for each in ("svg.share", "svg .dot"))
            assert box
            assert dot
            widths.append((box["width"], dot["width"]))
    (narrow, small), (wide, same) = widths
    assert narrow > 240
    assert wide > 2 * narrow - 60
    assert small == pytest.approx(same, abs=0.5)


def test_without_its_style_sheet_the_page_says_the_same(address: str, browser: Browser) -> None:
    with phone(browser) as page:
        page.route("**/board.css", lambda route: route.abort())
        page.goto(f"{address}/satisfaction/{TITLED}")
        assert "90.0%" in page.locator("table").inner_text()


def test_paper_has_the_roll_and_nothing_to_press(address: str, browser: Browser) -> None:
    with phone(browser) as page:
        page.goto(f"{address}/roll")
        page.emulate_media(media="print")
        assert page.locator(".pair").is_hidden()
        assert page.locator(".roll").is_visible()
