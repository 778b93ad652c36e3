"""Every page on a small phone: nothing runs off its side, and everything on it can be read, day and night."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, Route

from store.acts.apply import apply_roster
from store.acts.approve import approve
from store.acts.issue import issue_copies
from store.records import Copy, Product
from store.standing import VERDICT_ZH, Verdict
from store.tinydb_register import TinyDbRegister
from tests.office import Office
from tests.verify.in_process import visitor
from tests.verify.public.phones import faint, phone, sideways
from tests.verify.public.plates import POST, FailingRegister, bring_to, valid
from tests.verify.public.street import CODES, SETTINGS, Chance, Clock
from verify.app import create_app

pytestmark = pytest.mark.browser

LONG = "非物质文化遗产与群众文艺创作辅导中心Wissenschaftliche-Zusammenarbeit"
NAMES = ("阿卜杜热合曼·买买提依明江", *(f"欧阳{number}" for number in range(29)))
LINES_OF_THE_WORD = """() => {
  const word = document.querySelector("h1");
  return word.offsetHeight / parseFloat(getComputedStyle(word).lineHeight);
}"""
Answers = dict[str, httpx.Response]


@contextmanager
def street(path: Path, **settings: Any) -> Iterator[tuple[Office, FailingRegister, httpx.Client]]:
    with closing(TinyDbRegister(path)) as kept:
        register = FailingRegister(kept)
        app = create_app(replace(SETTINGS, demo=True, **settings), register, Clock(), Chance())
        yield Office(register, codes=iter(CODES)), register, visitor(app, SETTINGS.base_url)


def crowded(office: Office) -> Copy:
    """Return a copy with as much on it as a plate can hold."""
    row = office.row(LONG, members="、".join(NAMES), place=LONG, commitment=LONG, duties=LONG * 3)
    apply_roster(office.register, office.by(), [row])
    approve(office.register, office.by(), "2026-002", document="2号")
    plain = office.copy("2026-002")
    face = replace(plain.face, duties=row.content.duties, branch_name=LONG, issuer=LONG)
    copy = replace(plain, face=face)
    issue_copies(office.register, office.by(), [copy])
    return copy


def other_pages(office: Office, client: httpx.Client) -> Answers:
    path = f"/{valid(office).code}"
    thanked = client.post(f"{path}/feedback", data={"grade": "1"}).headers["location"]
    return {
        "welcome": client.get("/"),
        "notice": client.get("/notice"),
        "number": client.get("/number"),
        "ledger": client.get("/ledger"),
        "mistyped": client.get("/number?number=1"),
        "receipt": client.get(thanked),
        "failure": client.get("/no/such"),
        "refused": client.post(f"{path}/feedback", data={"topic": "rating", "comment": " "}),
        "proof": client.get("/" + "0" * 26),
        "badge": client.get(f"/{office.issued(POST, Product.BADGE).code}"),
        "crowded": client.get(f"/{crowded(office).code}"),
    }


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Answers:
    """Return every page as it was answered, by name."""
    folder = tmp_path_factory.mktemp("streets")
    found: Answers = {}
    for verdict in Verdict:
        with street(folder / f"{verdict}.db") as (office, register, client):
            found[verdict.value] = client.get(bring_to(office, register, verdict).paths[0])
    with street(folder / "others.db") as (office, _, client):
        return found | other_pages(office, client)


def turned(answers: Answers, page: Page) -> Iterator[str]:
    """Show one page after the other, and yield its name while it is shown."""

    def answer(route: Route) -> None:
        found = answers.get(route.request.url.removeprefix(f"{SETTINGS.base_url}/"))
        if found is None:
            route.abort()
        else:
            policy = found.headers["content-security-policy"]
            headers = {"Content-Type": "text/html", "Content-Security-Policy": policy}
            route.fulfill(status=found.status_code, headers=headers, body=found.text)

    page.route("**/*", answer)
    for name in answers:
        page.goto(f"{SETTINGS.base_url}/{name}")
        yield name


@dataclass(frozen=True, kw_only=True)
class Look:
    """What a person would see of one page; lengths in pixels."""

    ground: str
    icon: str
    word_ends: float
    sideways: int
    sideways_enlarged: int
    lines_enlarged: float
    faint_by_day: list[tuple[str, float]]
    faint_by_night: list[tuple[str, float]]


def look(page: Page) -> Look:
    word = page.locator("h1").bounding_box()
    assert word
    return Look(
        ground=page.evaluate("getComputedStyle(document.querySelector('header')).backgroundColor"),
        icon=page.locator("header svg").inner_html(),
        word_ends=word["y"] + word["height"],
        faint_by_day=faint(page, "light"),
        faint_by_night=faint(page, "dark"),
        sideways=sideways(page, "100%"),
        sideways_enlarged=sideways(page, "200%"),
        lines_enlarged=page.evaluate(LINES_OF_THE_WORD),
    )


@pytest.fixture(scope="module")
def looks(answers: Answers, browser: Browser) -> dict[str, Look]:
    """Return how every page looks on a small phone, by name."""
    with phone(browser) as page:
        return {name: look(page) for name in turned(answers, page)}


def test_nothing_runs_off_the_side_of_a_small_phone(looks: dict[str, Look]) -> None:
    assert {name: seen.sideways for name, seen in looks.items() if seen.sideways > 0} == {}


def test_nothing_runs_off_the_side_at_twice_the_size(looks: dict[str, Look]) -> None:
    assert {name: seen.sideways_enlarged for name, seen in looks.items() if seen.sideways_enlarged > 0} == {}


def test_a_short_verdict_is_never_broken_apart(looks: dict[str, Look]) -> None:
    lines = {word: looks[verdict.value].lines_enlarged for verdict, word in VERDICT_ZH.items()}
    assert {word: count for word, count in lines.items() if count > 1.5 and len(word) <= 3} == {}


def test_everything_can_be_read_by_day_and_by_night(looks: dict[str, Look]) -> None:
    assert {name: seen.faint_by_day for name, seen in looks.items() if seen.faint_by_day} == {}
    assert {name: seen.faint_by_night for name, seen in looks.items() if seen.faint_by_night} == {}


def test_every_verdict_has_a_colour_and_an_icon_of_its_own(looks: dict[str, Look]) -> None:
    for feature in ("ground", "icon"):
        assert len({getattr(looks[verdict.value], feature) for verdict in Verdict}) == len(Verdict)


def test_the_word_is_seen_without_scrolling(looks: dict[str, Look]) -> None:
    assert {name: seen.word_ends for name, seen in looks.items() if seen.word_ends > 300} == {}


def test_a_chosen_grade_can_be_read(answers: Answers, browser: Browser) -> None:
    with phone(browser) as page:
        for _ in turned({"valid": answers["valid"]}, page):
            page.locator("label", has_text="基本满意").tap()
            assert page.locator(".grades label:has(:checked)").count() == 1
            assert faint(page, "light") + faint(page, "dark") == []


def test_a_page_too_wide_and_a_text_too_faint_are_caught(answers: Answers, browser: Browser) -> None:
    with phone(browser) as page:
        for _ in turned({"valid": answers["valid"]}, page):
            page.evaluate("document.querySelector('h1').style.cssText = 'width: 500px; color: #3a7a55'")
            assert sideways(page, "100%") > 0
            assert [html[:3] for html, _ in faint(page, "light")] == ["<h1"]
