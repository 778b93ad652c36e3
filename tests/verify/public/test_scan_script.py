"""The open page in a real browser: it turns by itself, is grey when in doubt, and works without scripts."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, Request, Route
from playwright.sync_api import TimeoutError as NotInTime

from store.acts.veto import veto
from store.records import Feedback, Grade, Sighting, Topic
from store.tinydb_register import TinyDbRegister
from tests.office import Office
from tests.verify.public.phones import VIEWPORT, phone, verdict
from tests.verify.public.plates import CHARGE, POST, Plate, plate_of, valid
from tests.verify.public.serving import free_port, served, until
from tests.verify.public.street import Clock
from verify.site import WebSettings

pytestmark = pytest.mark.browser

SCRIPT = Path(__file__).parents[3] / "verify" / "static" / "scan.js"
GREY = "rgb(90, 90, 94)"
PROMISED_MS = 1000
NAMES = ("曾晓明", "高赟", "汪雪琳")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with phone(browser) as page:
        yield page


@pytest.fixture
def still_page(browser: Browser) -> Iterator[Page]:
    """Return a page on a phone that runs no scripts."""
    with phone(browser, java_script_enabled=False) as page:
        yield page


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def settings(settings: WebSettings, port: int) -> WebSettings:
    return replace(settings, base_url=f"http://127.0.0.1:{port}")


@pytest.fixture
def plate(office: Office) -> Plate:
    return plate_of(valid(office))


@pytest.fixture(params=[0, 1], ids=["by code", "by number"])
def path(request: pytest.FixtureRequest, plate: Plate) -> str:
    return plate.paths[request.param]


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Office]:
    """Return the office as another process has it: through a handle of its own on the same file."""
    register = TinyDbRegister(tmp_path / "register.db")
    yield Office(register)
    register.close()


@pytest.fixture
def address(app: FastAPI, plate: Plate, port: int) -> Iterator[str]:
    assert plate
    with served(app, port) as address:
        yield address


def opened(page: Page, app: FastAPI, url: str) -> None:
    """Open a scan page, mark its window and wait until it listens."""
    page.goto(url)
    page.evaluate("window.marker = 'the same window'")
    until(lambda: app.state.site.hub.open_pages == 1)


def wait_for(page: Page, word: str, *, within_ms: int = 10_000) -> None:
    page.wait_for_function(
        "word => document.getElementById('verdict').textContent === word", arg=word, timeout=within_ms
    )


def is_grey(page: Page) -> bool:
    colour = page.evaluate("getComputedStyle(document.querySelector('header')).backgroundColor")
    return verdict(page) == "暂时无法核验" and colour == GREY


def test_the_open_page_turns_within_a_second_of_the_veto(
    page: Page, app: FastAPI, address: str, path: str, elsewhere: Office
) -> None:
    opened(page, app, address + path)
    assert all(name in page.content() for name in NAMES)
    veto(elsewhere.register, elsewhere.by(), POST, CHARGE)
    wait_for(page, "已撤销", within_ms=PROMISED_MS)
    assert page.title().startswith("已撤销")
    assert page.evaluate("document.body.className") == "revoked"
    assert page.evaluate("window.marker") == "the same window"
    assert not [name for name in NAMES if name in page.content()]
    assert "plate.png" not in page.content()
    page.get_by_role("button", name="我看到它还挂着").click()
    page.wait_for_url("**/receipt/*")
    assert elsewhere.register.find(Feedback)[0].topic is Topic.STILL_DISPLAYED


def test_a_page_whose_server_stops_turns_grey_and_recovers(
    page: Page, application: Callable[[WebSettings], FastAPI], settings: WebSettings, plate: Plate, port: int
) -> None:
    app = application(settings)
    with served(app, port) as address:
        opened(page, app, f"{address}/{plate.code}")
        assert verdict(page) == "有效"
    wait_for(page, "暂时无法核验")
    assert is_grey(page)
    assert page.title().startswith("暂时无法核验")
    header = page.locator("header").inner_text()
    assert "Cannot be verified now" in header
    assert "Valid" not in header
    with served(application(settings), port):
        wait_for(page, "有效")
        assert page.title().startswith("有效")
        assert not is_grey(page)
        assert page.evaluate("window.marker") == "the same window"


def test_a_page_without_network_turns_grey_at_once_and_recovers(
    page: Page, app: FastAPI, address: str, plate: Plate
) -> None:
    opened(page, app, f"{address}/{plate.code}")
    page.context.set_offline(offline=True)
    wait_for(page, "暂时无法核验")
    assert is_grey(page)
    page.context.set_offline(offline=False)
    wait_for(page, "有效")


def test_a_network_that_swallows_questions_turns_the_page_grey(
    page: Page, address: str, plate: Plate
) -> None:
    page.clock.install()
    page.route(lambda url: "?t=" in url or url.endswith("/live"), lambda _: None)
    page.goto(f"{address}/{plate.code}")
    page.evaluate("dispatchEvent(new Event('pageshow'))")
    assert verdict(page) == "有效"
    page.clock.fast_forward(5_000)
    wait_for(page, "暂时无法核验")
    page.unroute_all(behavior="ignoreErrors")


def test_a_page_whose_stream_was_refused_listens_again(
    page: Page, app: FastAPI, address: str, plate: Plate, elsewhere: Office
) -> None:
    page.route("**/live", lambda route: route.fulfill(status=503), times=1)
    opened(page, app, f"{address}/{plate.code}")
    veto(elsewhere.register, elsewhere.by(), POST, CHARGE)
    wait_for(page, "已撤销", within_ms=PROMISED_MS)


def test_a_browser_that_cannot_listen_asks_every_few_seconds(
    page: Page, address: str, plate: Plate, office: Office
) -> None:
    page.add_init_script("delete window.EventSource")
    page.clock.install()
    with page.expect_response(lambda answer: "?t=" in answer.url):
        page.goto(f"{address}/{plate.code}")
    veto(office.register, office.by(), POST, CHARGE)
    page.clock.fast_forward(7_000)
    wait_for(page, "已撤销")


def test_a_page_that_is_returned_to_asks_anew(
    page: Page, app: FastAPI, address: str, plate: Plate, office: Office
) -> None:
    opened(page, app, f"{address}/{plate.code}")
    page.goto(f"{address}/notice")
    veto(office.register, office.by(), POST, CHARGE)
    page.go_back()
    wait_for(page, "已撤销")


def test_a_number_typed_in_leads_to_a_page_that_stays_true(
    page: Page, app: FastAPI, address: str, plate: Plate, office: Office
) -> None:
    page.goto(f"{address}/number")
    page.get_by_label("牌面上的编号").fill(plate.number)
    page.get_by_role("button", name="查询").click()
    until(lambda: app.state.site.hub.open_pages == 1)
    assert verdict(page) == "有效"
    veto(office.register, office.by(), POST, CHARGE)
    wait_for(page, "已撤销", within_ms=PROMISED_MS)


Browsing = Callable[[str], None]


@pytest.fixture
def stored(page: Page, still_page: Page, address: str, plate: Plate, office: Office) -> Browsing:
    """Store a page that says 有效, veto, and show it again without network, with what is stored beside it."""
    still_page.goto(f"{address}/{plate.code}")
    html = still_page.request.get(f"{address}/{plate.code}").text()
    assert "有效" in html
    veto(office.register, office.by(), POST, CHARGE)

    def show(script: str) -> None:
        def answer(route: Route) -> None:
            url = route.request.url
            if url == f"{address}/{plate.code}":
                route.fulfill(body=html, content_type="text/html; charset=utf-8")
            elif script and url.endswith("/scan.js"):
                route.fulfill(body=script, content_type="text/javascript")
            else:
                route.abort()

        for each in (page, still_page):
            each.route("**", answer)
            each.goto(f"{address}/{plate.code}")

    return show


def header_colour(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.querySelector('header')).backgroundColor"))


def test_a_stored_page_shown_without_network_is_grey(page: Page, stored: Browsing) -> None:
    stored(SCRIPT.read_text(encoding="utf-8"))
    wait_for(page, "暂时无法核验", within_ms=PROMISED_MS)
    assert is_grey(page)


def test_a_stored_page_whose_script_was_not_stored_does_not_stay_green(page: Page, stored: Browsing) -> None:
    stored("")
    until(lambda: header_colour(page) == GREY, within_s=12.0)


def test_a_stored_page_without_scripts_says_in_large_type_when_it_was_true(
    still_page: Page, stored: Browsing, clock: Clock
) -> None:
    stored("")
    time = still_page.locator("header time")
    assert time.is_visible()
    assert datetime.fromisoformat(time.get_attribute("datetime") or "") == clock.now
    assert still_page.evaluate("parseFloat(getComputedStyle(document.querySelector('time')).fontSize)") >= 24
    box = time.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < VIEWPORT["height"] / 2


def test_a_page_come_back_from_the_browser_s_memory_without_network_is_grey(
    page: Page, app: FastAPI, address: str, plate: Plate, office: Office
) -> None:
    opened(page, app, f"{address}/{plate.code}")
    page.route(lambda url: "?t=" in url or url.endswith("/live"), lambda route: route.abort())
    veto(office.register, office.by(), POST, CHARGE)
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    page.wait_for_function(
        "() => document.getElementById('verdict').textContent !== '有效'", timeout=PROMISED_MS
    )


@pytest.mark.parametrize(("chance", "waits_ms"), [(0.1, {300, 4000}), (0.9, {2700, 6000})])
def test_pages_that_lose_their_server_ask_for_it_at_different_times(
    page: Page, address: str, plate: Plate, chance: float, waits_ms: set[int]
) -> None:
    page.add_init_script(f"""
      const wait = window.setTimeout;
      window.waits = [];
      Math.random = () => {chance};
      window.setTimeout = (work, ms) => {{ waits.push(Math.round(ms)); return wait(work, ms); }};
    """)
    page.route("**/live", lambda route: route.fulfill(status=503))
    page.goto(f"{address}/{plate.code}")
    page.wait_for_function("wanted => wanted.every(ms => waits.includes(ms))", arg=[*waits_ms])


def spoil(page: Page, sound: str, spoiled: str) -> None:
    """Serve the page a script in which one thing is broken."""
    script = SCRIPT.read_text(encoding="utf-8")
    assert script.count(sound) == 1
    body = script.replace(sound, spoiled)

    def answer(route: Route) -> None:
        route.fulfill(body=body, content_type="text/javascript")

    page.route("**/static/scan.js", answer)


def test_a_script_that_never_doubts_is_caught(
    page: Page, application: Callable[[WebSettings], FastAPI], settings: WebSettings, plate: Plate, port: int
) -> None:
    spoil(page, "function doubt() {", "function doubt() { return;")
    app = application(settings)
    with served(app, port) as address:
        opened(page, app, f"{address}/{plate.code}")
    with pytest.raises(NotInTime):
        wait_for(page, "暂时无法核验", within_ms=500)


def test_a_script_that_does_not_listen_is_caught(
    page: Page, address: str, plate: Plate, office: Office
) -> None:
    spoil(page, 'if (tone() !== "unknown") { listen(); }', "")
    with page.expect_response(lambda answer: "?t=" in answer.url):
        page.goto(f"{address}/{plate.code}")
    veto(office.register, office.by(), POST, CHARGE)
    with pytest.raises(NotInTime):
        wait_for(page, "已撤销", within_ms=500)


def told(page: Page) -> list[Request]:
    """Collect what a page tells of being looked at."""
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request) if request.url.endswith("/sighting") else None)
    return sent


def test_a_revoked_page_tells_once_a_view_that_it_is_looked_at(
    page: Page, address: str, path: str, office: Office
) -> None:
    sent = told(page)
    veto(office.register, office.by(), POST, CHARGE)
    page.goto(address + path)
    until(lambda: office.register.count(Sighting) == 1)
    for _ in range(2):  # when the second question is answered, whatever followed the first is sent
        with page.expect_response(lambda answer: "?t=" in answer.url):
            page.evaluate("dispatchEvent(new Event('pageshow'))")
    with page.expect_response(lambda answer: answer.url.endswith("/sighting")):
        page.reload()
    assert [(each.method, each.post_data, each.headers.get("cookie")) for each in sent] == [
        ("POST", None, None)
    ] * 2
    assert sum(each.scans for each in office.register.find(Sighting)) == 1


def test_a_page_that_stands_and_one_that_turns_tell_nothing(
    page: Page, app: FastAPI, address: str, plate: Plate, elsewhere: Office
) -> None:
    sent = told(page)
    opened(page, app, f"{address}/{plate.code}")
    veto(elsewhere.register, elsewhere.by(), POST, CHARGE)
    wait_for(page, "已撤销")
    with page.expect_response(lambda answer: "?t=" in answer.url):
        page.evaluate("dispatchEvent(new Event('pageshow'))")
    assert sent == []
    page.reload()
    until(lambda: elsewhere.register.count(Sighting) == 1)


def test_a_script_that_tells_at_every_question_is_caught(
    page: Page, address: str, path: str, office: Office
) -> None:
    spoil(page, "if (seen) { return; }", "")
    with pytest.raises(AssertionError):
        test_a_revoked_page_tells_once_a_view_that_it_is_looked_at(page, address, path, office)


def test_without_scripts_two_taps_are_a_vote(
    still_page: Page, address: str, plate: Plate, office: Office
) -> None:
    still_page.goto(f"{address}/{plate.code}")
    still_page.locator("label", has_text="基本满意").tap()
    still_page.get_by_role("button", name="提交").tap()
    still_page.wait_for_url("**/receipt/*")
    assert still_page.locator("h1").inner_text() == "已收到"
    [feedback] = office.register.find(Feedback)
    assert (feedback.grade, feedback.counted) == (Grade.FAIRLY_SATISFIED, True)


def test_without_scripts_the_keyboard_votes(
    still_page: Page, address: str, plate: Plate, office: Office
) -> None:
    still_page.goto(f"{address}/{plate.code}")
    keys = still_page.keyboard
    still_page.locator("a", has=still_page.locator("img")).focus()
    for key in ("Tab", "Tab", "ArrowRight", "Tab", "Enter", "Tab", "Tab"):
        keys.press(key)
    keys.type("谢谢")
    for key in ("Tab", "Tab", "Enter"):
        keys.press(key)
    still_page.wait_for_url("**/receipt/*")
    [feedback] = office.register.find(Feedback)
    assert (feedback.grade, feedback.comment) == (Grade.SATISFIED, "谢谢")


def test_without_scripts_an_unanswered_form_is_not_lost(still_page: Page, address: str, plate: Plate) -> None:
    still_page.goto(f"{address}/{plate.code}")
    still_page.get_by_role("button", name="提交").tap()
    assert still_page.url == f"{address}/{plate.code}"
    assert verdict(still_page) == "有效"


def test_the_page_asks_no_other_host_and_breaks_none_of_its_own_rules(
    page: Page, app: FastAPI, address: str, plate: Plate
) -> None:
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    opened(page, app, f"{address}/{plate.code}")
    page.wait_for_load_state("load")
    assert any(url.endswith("plate.png") for url in asked)
    assert [url for url in asked if not url.startswith(address)] == []
    assert said == []
