"""The pages of the notice board in both languages, word for word, and what no page of it gives away."""

import re
import sys
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from store.acts.correction import correct_veto
from store.records import PublicNotice
from tests.office import Office
from tests.verify.public.boards import (
    CREATING,
    FALLEN,
    FALLEN_NAME,
    HOSTILE,
    NAMES,
    RECOMMENDED,
    TITLED,
    fill,
)
from tests.verify.public.plates import FailingRegister
from tests.verify.public.reading import Page
from tests.verify.public.street import Clock

GOLDEN = Path(__file__).parent / "golden" / "board"
SHOWN = f"/notice/N2026-01/{RECOMMENDED}-A1"
PAGES = {
    "notice": "/notice",
    "notice-in-full": "/notice/N2026-02",
    "objection-form": SHOWN,
    "satisfaction": "/satisfaction",
    "post": f"/satisfaction/{TITLED}",
    "post-with-few-ratings": f"/satisfaction/{CREATING}",
    "post-revoked": f"/satisfaction/{FALLEN}",
    "roll": "/roll",
    "embed": f"/embed/{TITLED}",
    "embed-revoked": f"/embed/{FALLEN}",
}
EVERYWHERE = (*PAGES.values(), "/changes.atom", "/ledger")


@pytest.fixture(autouse=True)
def board(office: Office) -> None:
    fill(office)


def words_of(html: str) -> str:
    """Return what a page says between its head and its foot; a checkpoint is another one in every run."""
    main = html.partition("<main")[2].partition("</main>")[0]
    return re.sub(r"(gp\.example\.cn/ledger\n)(.*\n)*(?=— )(.*\n)", r"\1…\n", Page(f"<main{main}").text)


@pytest.mark.parametrize("tag", ["zh-CN", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_what_is_on_file(client: httpx.Client, name: str, tag: str) -> None:
    html = client.get(PAGES[name], headers={"Accept-Language": tag}).text
    assert words_of(html) == (GOLDEN / f"{name}.{tag}.txt").read_text("utf-8")


@pytest.mark.parametrize("path", EVERYWHERE)
@pytest.mark.parametrize("tag", ["zh-CN", "en"])
def test_no_page_names_a_person_or_a_post_that_fell(client: httpx.Client, path: str, tag: str) -> None:
    told = client.get(path, headers={"Accept-Language": tag}).text
    assert [each for each in (*NAMES, FALLEN_NAME, "事故") if each in told] == []


def test_a_post_is_named_again_once_its_veto_is_taken_back(client: httpx.Client, office: Office) -> None:
    correct_veto(office.register, office.by(), FALLEN, document="更正1号", reason="查实有误")
    for path in ("/notice", f"/satisfaction/{FALLEN}", "/roll", f"/embed/{FALLEN}", "/changes.atom"):
        assert FALLEN_NAME in client.get(path).text


@pytest.mark.parametrize("path", EVERYWHERE)
def test_a_hostile_name_is_never_markup(client: httpx.Client, path: str) -> None:
    told = client.get(path).text
    assert "<b>" not in told
    assert "<i>" not in told
    assert HOSTILE not in told


def test_f24_few_ratings_and_those_of_a_revoked_post_are_not_published(client: httpx.Client) -> None:
    few, fallen, every = (
        Page(client.get(f"/satisfaction{each}").text).text for each in (f"/{CREATING}", f"/{FALLEN}", "")
    )
    for told in (few, fallen, every):
        assert "100.0%" not in told
        assert "0.0%" not in told.replace("90.0%", "")
    assert "不足 10 份" in few
    assert "n =" not in few + fallen


def test_figures_are_drawn_and_told_with_their_method(client: httpx.Client) -> None:
    page = Page(client.get(f"/satisfaction/{TITLED}").text)
    assert [held["class"] for tag, held in page.tags if tag == "circle" and "class" in held] == ["dot", "dot"]
    for said in ("90.0%", "74.4%～96.5%", "30 (30/0)", "2026-Q3", "同一设备对同一块牌每周计一次", "威尔逊"):
        assert said in page.text


def test_what_is_drawn_is_hidden_from_who_hears_the_page(client: httpx.Client) -> None:
    html = client.get(f"/satisfaction/{TITLED}").text
    drawn = re.findall(r'<(?:ul|div) class="(?:plot|row)"[^>]*>', html)
    outermost = [each for each in drawn if "plot" in each or "aria-hidden" in each]
    assert all("aria-hidden" in each for each in outermost)
    assert "<caption>" in html


def test_an_unknown_post_is_not_found(client: httpx.Client) -> None:
    for path in ("/satisfaction/2026-999", f"/satisfaction/{RECOMMENDED}", "/embed/2026-999", "/embed/<b>"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "档案室" not in answer.text
    assert client.get("/notice?from=2026-999").status_code == 404
    assert client.get("/roll?from=%00").status_code == 404
    assert client.get("/notice/N2026-77").status_code == 404


def put_on_notice(office: Office, *object_ids: str) -> str:
    """Show applications on a notice of their own, whatever was decided about them."""
    shown = office.register.get(PublicNotice, "N2026-01")
    assert shown
    with office.register.transaction() as transaction:
        transaction.append(replace(shown, id="N2026-09", object_ids=object_ids))
    return "/notice/N2026-09"


def test_f22_a_post_that_falls_leaves_the_notice_too(client: httpx.Client, office: Office) -> None:
    where = put_on_notice(office, f"{CREATING}-A1")
    paths = ("/notice", where, f"{where}/{CREATING}-A1")
    assert all("=1+1" in client.get(path).text for path in paths)
    office.vetoed(CREATING)
    assert not [path for path in paths if "=1+1" in client.get(path).text]


def test_a_notice_that_ran_its_term_shows_nothing_any_more(client: httpx.Client, clock: Clock) -> None:
    clock.forward(days=6)
    assert client.get("/notice/N2026-01").status_code == 404
    page = Page(client.get(SHOWN).text).text
    assert "至2026年11月23日止" in page
    assert "档案室" not in page


def test_a_long_notice_is_shown_a_page_at_a_time(
    client: httpx.Client, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = put_on_notice(office, f"{RECOMMENDED}-A1", f"{CREATING}-A1")
    module = sys.modules["verify.public.notices"]  # the package has a router of this name
    monkeypatch.setattr(module, "ON_ITS_PAGE_MOST", 1)
    monkeypatch.setattr(module, "ON_THE_BOARD_MOST", 1)
    assert where in Page(client.get("/notice").text).attributes("href")
    first, second = (client.get(f"{where}?page={number}").text for number in (1, 2))
    assert ("档案室" in first, "档案室" in second) == (True, False)
    assert f"{where}?page=2" in Page(first).attributes("href")
    assert f"{where}?page=1" in Page(second).attributes("href")


def test_nothing_is_told_once_the_register_failed(client: httpx.Client, register: FailingRegister) -> None:
    register.failure = RuntimeError("bug")
    for path in EVERYWHERE:
        answer = client.get(path)
        assert answer.status_code == 503
        assert "财务室" not in answer.text
    assert "暂时无法核验" in client.get(f"/embed/{TITLED}").text
