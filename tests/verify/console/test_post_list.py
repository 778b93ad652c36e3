"""The list of posts: filtered, counted, sorted and turned by addresses that can be passed on."""

import re

import pytest

from store.acts.apply import apply_roster
from store.records import CollectiveKind, PostKind
from tests.verify.console.bureau import OTHER, OWN, Browser, Bureau
from verify.console.guard import Desk
from verify.console.post_list import SHOWN_MOST, Order


def listed(browser: Browser, **asked: str) -> list[str]:
    page = browser.get("/console/posts", params=asked)
    assert page.status_code == 200
    return re.findall(r'<a class="name" href="/console/posts/([\d-]+)"', page.text)


def count(browser: Browser, facet: str, value: str, **asked: str) -> int:
    page = browser.get("/console/posts", params=asked).text
    select = page.partition(f'<select name="{facet}">')[2].partition("</select>")[0]
    [said] = re.findall(rf'<option value="{value}"[^>]*>[^<]*（(\d+)）', select)
    return int(said)


@pytest.fixture
def some(bureau: Bureau) -> Bureau:
    bureau.approved("财务室")
    bureau.office.vetoed(bureau.plated("标本室", OTHER))
    lone = bureau.office.row("安全岗", "高赟", kind=PostKind.INDIVIDUAL, collective_kind=None)
    apply_roster(bureau.register, bureau.office.by(), [lone])
    return bureau


def test_each_filter_says_how_many_it_would_leave_and_leaves_so_many(some: Bureau) -> None:
    browser = some.signed_in()
    branch = some.dossier("2026-002").branch.id
    for facet, value in (
        *(("state", each) for each in ("applied", "approved", "awarded", "revoked")),
        ("kind", "individual"),
        ("kind", "collective"),
        ("branch", branch),
    ):
        assert count(browser, facet, value) == len(listed(browser, **{facet: value}))
        with_another = {"text": "室", facet: value}
        assert count(browser, facet, value, text="室") == len(listed(browser, **with_another))
    assert count(browser, "state", "applied", kind="individual") == 1
    assert count(browser, "state", "revoked", kind="individual") == 0


def test_the_list_is_sorted_as_asked(some: Bureau) -> None:
    browser = some.signed_in()
    numbers = listed(browser)
    assert numbers == sorted(numbers)
    assert listed(browser, order="newest") == numbers[::-1]
    names = [some.dossier(each).content.name for each in listed(browser, order="name")]
    assert names == ["安全岗", "标本室", "财务室", "接待室", "温室组"]
    first, *_ = listed(browser, order="branch")
    assert some.dossier(first).branch.name == OWN
    assert some.dossier(listed(browser, order="state")[-1]).state == "revoked"


def test_what_is_due_filters_and_sorts_for_those_who_work(some: Bureau) -> None:
    browser = some.signed_in()
    some.wait(days=60)
    browser = some.signed_in()
    due = listed(browser, due="any")
    overdue = listed(browser, due="overdue", order="due")
    assert set(overdue) <= set(due)
    assert overdue
    assert count(browser, "due", "overdue", due="any") == len(overdue)
    days = re.findall(r'<time datetime="([\d-]+)"', browser.get("/console/posts?due=any&order=due").text)
    assert days == sorted(days)
    assert "最近期限" not in some.signed_in("inspector").get("/console/posts?due=any&order=due").text


@pytest.mark.parametrize("order", sorted(Order))
@pytest.mark.parametrize("officer", ["own_branch", "other_branch"])
def test_a_branch_lists_and_counts_its_own(some: Bureau, officer: str, order: str) -> None:
    browser, name = some.signed_in(officer), OWN if officer == "own_branch" else OTHER
    other = next(
        each.id
        for each in [some.dossier("2026-001").branch, some.dossier("2026-002").branch]
        if each.name != name
    )
    posts = listed(browser, order=order)
    assert {some.dossier(each).branch.name for each in posts} == {name}
    assert listed(browser, order=order, branch=other) == posts
    assert count(browser, "state", "revoked") == (1 if name == OTHER else 0)


def test_a_branch_check_left_out_of_the_list_is_noticed(
    some: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Desk, "branch_id", property(lambda _: None))
    with pytest.raises(AssertionError):
        test_a_branch_lists_and_counts_its_own(some, "own_branch", "number")


def test_a_long_list_is_turned_page_by_page_and_all_of_it_is_there(bureau: Bureau) -> None:
    rows = [bureau.office.row(f"第{number}窗口") for number in range(SHOWN_MOST + 3)]
    apply_roster(bureau.register, bureau.office.by(), rows)
    browser = bureau.signed_in()
    first, second = listed(browser, text="窗口"), listed(browser, text="窗口", page="2")
    assert (len(first), len(second), set(first) & set(second)) == (SHOWN_MOST, 3, set())
    page = browser.get("/console/posts", params={"text": "ck", "state": "applied"}).text
    [following] = re.findall(r'<a href="(/console/posts\?[^"]*page=2[^"]*)"', page)
    assert len(re.findall('class="name"', browser.get(following.replace("&amp;", "&")).text)) == 3


@pytest.mark.parametrize(
    "asked",
    [
        {"state": "x"},
        {"kind": "'"},
        {"order": "none"},
        {"due": "1"},
        {"page": "x"},
        {"branch": "O99"},
        {"text": "%"},
    ],
)
def test_what_is_no_choice_asks_for_nothing_or_finds_nothing(bureau: Bureau, asked: dict[str, str]) -> None:
    found = listed(bureau.signed_in(), **asked)
    assert len(found) in {0, 2}


def test_names_are_found_by_pinyin_and_by_members(bureau: Bureau) -> None:
    bureau.approved("财务室")
    browser = bureau.signed_in()
    assert listed(browser, text="cws") == listed(browser, text="caiwu") == ["2026-003"]
    assert "2026-003" in listed(browser, text="wxl")


def test_collective_kinds_count_as_collective(bureau: Bureau) -> None:
    row = bureau.office.row("支部岗", collective_kind=CollectiveKind.BRANCH)
    apply_roster(bureau.register, bureau.office.by(), [row])
    assert "2026-003" in listed(bureau.signed_in(), kind="collective")
