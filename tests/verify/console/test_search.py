"""The search across everything: by kind, as it is now, and nobody gets a line of another branch."""

import re
from html import unescape

import pytest

from store.acts.apply import apply_roster
from store.acts.circulation import leave_post
from store.acts.voice import Message, give_feedback
from store.catalogue import Catalogue
from store.dossier import dossiers_named
from store.records import Grade, Role, Topic
from tests.verify.console.bureau import OWN, Browser, Bureau
from verify.console import finds
from verify.console.guard import Desk
from verify.console.search import SHOWN_OF_EACH, SHOWN_OF_ONE

RECEIPT = "7K3M9QXW2D5T"


def shown(browser: Browser, words: str, **more: str) -> dict[str, list[str]]:
    """Return the names found, by kind."""
    page = browser.get("/console/search", params={"q": words} | more)
    assert page.status_code == 200
    sections = re.findall(r'<h2 id="found-(\w+)">(.*?)</section>', page.text, re.DOTALL)
    return {
        kind: [unescape(each) for each in re.findall(r"<li><a href[^>]*><b>(.*?)</b>", text)]
        for kind, text in sections
    }


def rated(bureau: Bureau, post_id: str) -> None:
    message = Message(
        receipt=RECEIPT,
        copy_id=bureau.copies(post_id)[0].id,
        topic=Topic.RATING,
        grade=Grade.VERY_DISSATISFIED,
        comment="跑了三趟",
        voter="voter",
    )
    give_feedback(bureau.register, bureau.office.by(Role.PUBLIC), message)


@pytest.mark.parametrize(
    ("words", "kind", "name"),
    [
        ("财务", "posts", "财务室"),
        ("cws", "posts", "财务室"),
        ("ＣＷＳ", "posts", "财务室"),
        ("caiwushi", "posts", "财务室"),
        ("2026-003", "posts", "财务室"),
        ("汪雪琳", "members", "汪雪琳"),
        ("wxl", "members", "汪雪琳"),
        ("汪　雪琳", "members", "汪雪琳"),
        ("299室", "places", "6号楼299室"),
        ("畜牧", "branches", OWN),
        ("xmz", "branches", OWN),
        ("党字〔2026〕", "documents", "场党字〔2026〕1号"),
        ("場黨字", "documents", "场党字〔2026〕1号"),
    ],
)
def test_everything_is_found_by_what_officers_type(bureau: Bureau, words: str, kind: str, name: str) -> None:
    bureau.plated("财务室")
    assert name in shown(bureau.signed_in(), words)[kind]


def test_a_plate_is_found_by_its_number_whole_or_in_part_and_by_its_code(bureau: Bureau) -> None:
    post_id = bureau.plated("财务室")
    browser, copy = bureau.signed_in(), bureau.copies(post_id)[1]
    without_check = copy.id.rsplit("-", 1)[0]
    for words in (
        copy.id,
        copy.id.replace("-", ""),
        without_check,
        without_check.replace("-", ""),
        copy.id[5:],
    ):
        page = browser.get("/console/search", params={"q": words}).text
        assert f"#plate-{copy.id}" in page, words
        assert f"#plate-{bureau.copies(post_id)[0].id}" not in page, words
    assert len(shown(browser, post_id)["plates"]) == 3
    for words in (copy.code, f"https://example.org/{copy.code}", copy.code.lower()):
        assert f"#plate-{copy.id}" in browser.get("/console/search", params={"q": words}).text
    assert "plates" not in shown(browser, "0000000000000")
    assert "plates" not in shown(browser, "2026-009-01")


def test_what_is_shown_is_read_afresh(bureau: Bureau) -> None:
    post_id, browser = bureau.plated("财务室"), bureau.signed_in()
    assert "创建中" in browser.get("/console/search?q=cws").text
    bureau.office.vetoed(post_id)
    number = bureau.copies(post_id)[0].id
    page = browser.get("/console/search", params={"q": number}).text
    assert ("已撤销" in page, "创建中" in page) == (True, False)
    assert "已撤销" in browser.get("/console/search?q=cws").text


def test_what_bore_the_name_in_earlier_days_says_so(bureau: Bureau) -> None:
    post_id, browser = bureau.approved("财务室"), bureau.signed_in()
    leave_post(bureau.register, bureau.office.by(), post_id, member_name="汪雪琳")
    assert "曾用“汪雪琳”" in browser.get("/console/search?q=wxl").text
    row = bureau.office.row("财务室", place="7号楼101室")
    apply_roster(bureau.register, bureau.office.by(), [row])
    assert "6号楼" in browser.get("/console/search?q=6号楼").text


def check_hidden(bureau: Bureau, words: str) -> None:
    page = bureau.signed_in("other_branch").get("/console/search", params={"q": words}).text
    found = page.partition("<main")[2].replace(f"“{words}”", "")
    for secret in ("2026-003", "财务室", OWN):
        assert secret not in found


@pytest.mark.parametrize(
    "words", ["财务", "cws", "汪雪琳", "6号楼", "党字", "畜牧", "2026-003", "2026-003-01"]
)
def test_a_branch_finds_nothing_of_another(bureau: Bureau, words: str) -> None:
    bureau.plated("财务室", OWN)
    assert shown(bureau.signed_in("own_branch"), words)
    check_hidden(bureau, words)


def test_a_branch_finds_no_plate_of_another_by_its_code(bureau: Bureau) -> None:
    [copy, *_] = bureau.copies(bureau.plated("财务室", OWN))
    assert shown(bureau.signed_in("own_branch"), copy.code)["plates"]
    assert shown(bureau.signed_in("other_branch"), copy.code) == {}


@pytest.mark.parametrize("words", ["2026-003", "财务"])
def test_an_index_that_leaked_would_still_show_nothing(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    bureau.plated("财务室", OWN)
    find = Catalogue.found
    monkeypatch.setattr(
        Catalogue, "found", lambda self, register, shelf, asked, _: find(self, register, shelf, asked, None)
    )
    check_hidden(bureau, words)
    monkeypatch.setattr(finds, "_seen", lambda reader, _, ids: dossiers_named(reader, ids).values())
    with pytest.raises(AssertionError):
        check_hidden(bureau, words)


def test_f25_only_the_committee_finds_a_message_by_its_receipt(bureau: Bureau) -> None:
    rated(bureau, bureau.plated("财务室", OWN))
    for typed in (RECEIPT, RECEIPT.lower(), "7k3m-9qxw-2d5t", " 7K3M9QXW2D5T "):
        assert shown(bureau.signed_in(), typed)["messages"]
    for officer in ("own_branch", "other_branch", "inspector", "administrator", "print_clerk"):
        assert "messages" not in shown(bureau.signed_in(officer), RECEIPT)
    assert shown(bureau.signed_in(), RECEIPT[:-1]) == {}


def test_a_receipt_everybody_could_ask_for_is_noticed(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Desk, "reads_complaints", property(lambda _: True))
    with pytest.raises(AssertionError):
        test_f25_only_the_committee_finds_a_message_by_its_receipt(bureau)


def test_many_are_bounded_on_the_first_page_and_turned_page_by_page(bureau: Bureau) -> None:
    rows = [bureau.office.row(f"第{number}窗口") for number in range(SHOWN_OF_ONE + 5)]
    apply_roster(bureau.register, bureau.office.by(), rows)
    browser = bureau.signed_in()
    assert len(shown(browser, "窗口")["posts"]) == SHOWN_OF_EACH
    assert len(shown(browser, "窗口", kind="posts")["posts"]) == SHOWN_OF_ONE
    assert len(shown(browser, "窗口", kind="posts", page="2")["posts"]) == 5
    for odd in ("0", "-1", "999999999999", "²", "x"):
        assert shown(browser, "窗口", kind="posts", page=odd)["posts"]


@pytest.mark.parametrize(
    "words", ["", "　", "%", "_", "'", "(", "[a", "<script>alert(1)</script>", "{{ 7*7 }}", "\0", "字" * 900]
)
def test_odd_words_find_nothing_and_stay_words(bureau: Bureau, words: str) -> None:
    page = bureau.signed_in().get("/console/search", params={"q": words})
    assert page.status_code == 200
    assert "<script" not in page.text
    assert "可以这样查" in page.text


def test_the_box_is_on_every_page_and_keeps_what_was_typed(bureau: Bureau) -> None:
    browser = bureau.signed_in("print_clerk")
    for address in ("/console", "/console/posts", "/console/account"):
        assert 'action="/console/search"' in browser.get(address).text
    assert 'value="cws"' in browser.get("/console/search?q=cws").text
