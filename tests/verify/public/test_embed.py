"""The page that other sites may frame: what it says, what it may do, and that no other page may."""

import httpx
import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from playwright.sync_api import Browser

from tests.office import Office
from tests.verify.public.boards import CREATING, FALLEN, TITLED, fill
from tests.verify.public.phones import faint, phone, sideways
from tests.verify.public.plates import FailingRegister
from tests.verify.public.reading import Page
from tests.verify.public.serving import free_port, served
from tests.verify.public.street import Clock

POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"
WORDS = {TITLED: "有效", CREATING: "创建中", FALLEN: "已撤销", "2026-999": "查无此牌"}


@pytest.fixture(autouse=True)
def board(office: Office) -> None:
    fill(office)


@pytest.mark.parametrize(("post_id", "word"), WORDS.items())
def test_it_says_how_the_post_stands_and_when_that_was_looked_up(
    client: httpx.Client, clock: Clock, post_id: str, word: str
) -> None:
    page = Page(client.get(f"/embed/{post_id}").text)
    assert page.within("strong") == word
    assert page.within("title").startswith(word)
    assert "核验于 2026年11月18日 15:48:07" in page.text
    clock.forward(minutes=1)
    assert "15:49:07" in client.get(f"/embed/{post_id}").text


def test_it_may_be_framed_and_do_nothing_else(client: httpx.Client) -> None:
    answer = client.get(f"/embed/{TITLED}")
    assert answer.headers["content-security-policy"] == POLICY
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["refresh"] == "60"
    assert "set-cookie" not in answer.headers
    page = Page(answer.text)
    assert {"script", "form", "iframe", "img", "object"} & {tag for tag, _ in page.tags} == set()
    assert {held.get("rel") for tag, held in page.tags if tag == "a"} == {"noopener"}


def test_a_failing_register_is_said_inside_the_frame(client: httpx.Client, register: FailingRegister) -> None:
    register.failure = RuntimeError("bug")
    answer = client.get(f"/embed/{TITLED}")
    assert (answer.status_code, answer.headers["content-security-policy"]) == (503, POLICY)
    assert Page(answer.text).within("strong") == "暂时无法核验"
    assert "财务室" not in answer.text


def test_the_page_of_the_post_says_how_to_paste_it(client: httpx.Client) -> None:
    page = Page(client.get(f"/satisfaction/{TITLED}").text).text
    assert f'<iframe src="https://gp.example.cn/embed/{TITLED}"' in page
    assert "iframe" not in client.get(f"/satisfaction/{FALLEN}").text


def elsewhere(ours: str) -> FastAPI:
    """Return another site, which frames two pages of ours."""
    other = FastAPI()
    frames = (("a", f"/embed/{TITLED}"), ("b", f"/satisfaction/{TITLED}"))
    page = "".join(f'<iframe name="{name}" src="{ours}{path}" width="340"></iframe>' for name, path in frames)
    other.get("/", response_class=HTMLResponse)(lambda: page)
    return other


@pytest.mark.browser
def test_another_site_shows_it_and_no_other_page_of_ours(app: FastAPI, browser: Browser) -> None:
    with (
        served(app, free_port()) as ours,
        served(elsewhere(ours), free_port()) as theirs,
        phone(browser) as page,
    ):
        page.goto(theirs)
        shown, refused = page.frame("a"), page.frame("b")
        assert shown
        assert refused
        assert shown.locator(".word strong").inner_text() == "有效"
        size = shown.locator(".word strong").evaluate("each => getComputedStyle(each).fontSize")
        assert float(size.removesuffix("px")) > 20
        assert "财务室" not in refused.locator("body").inner_text()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_read_in_any_light_and_size(app: FastAPI, browser: Browser, scheme: str) -> None:
    with served(app, free_port()) as ours, phone(browser, color_scheme=scheme) as page:
        for post_id in WORDS:
            page.goto(f"{ours}/embed/{post_id}")
            assert faint(page, scheme) == []  # type: ignore[arg-type] # one of the two by parametrisation
            assert sideways(page, "200%") <= 0
