"""Plates come back: from the list, from one field for number, code and address, and from the scan page."""

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from store.acts.veto import Charge, veto
from store.calendar import chinese_day, office_day
from store.records import Attachment, Copy, Fate, Feedback, Loss, Return, Topic, VetoCause
from store.register import Register, RegisterUnavailable
from store.sightings import Seen, enter_sightings
from tests.verify.console.bureau import OTHER, OWN, SAME_ORIGIN, Browser, Bureau
from tests.verify.pictures import PLANTED, photo
from verify.console.receipts import NothingReturned, PhotoMissing
from verify.console.taking_in import AT_ONCE_MOST, TooManyPlates

SPELLINGS: dict[str, Callable[[Copy], str]] = {
    "the number": lambda copy: copy.id,
    "the number without hyphens": lambda copy: copy.id.replace("-", ""),
    "the number in full width": lambda copy: copy.id.translate(
        str.maketrans("0123456789", "０１２３４５６７８９")
    ),
    "the code": lambda copy: copy.code,
    "the code in lower case": lambda copy: f" {copy.code.lower()} ",
    "the address": lambda copy: f"https://gp.example.cn/{copy.code}",
    "the address with a query": lambda copy: f"https://gp.example.cn/{copy.code}?from=wechat",
    "the address by number": lambda copy: f"https://gp.example.cn/number/{copy.id}",
}


@pytest.fixture
def fallen(bureau: Bureau) -> str:
    post_id = bureau.plated()
    charge = Charge(cause=VetoCause.GRAVE_BREACH, facts="查实")
    veto(bureau.register, bureau.office.by(), post_id, charge)
    return post_id


def at_the_desk(bureau: Bureau) -> Browser:
    browser = bureau.signed_in("own_branch")
    browser.get("/console/return")
    return browser


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_plate_called_back_is_taken_in_however_it_is_named(
    bureau: Bureau, fallen: str, spelling: str
) -> None:
    browser, copy = at_the_desk(bureau), bureau.copies(fallen)[1]
    answer = browser.post("/console/return", plate=SPELLINGS[spelling](copy))
    assert (answer.status_code, answer.headers["location"]) == (303, f"/console/return?done={copy.id}")
    page = browser.get(answer.headers["location"]).text
    assert f"标牌 {copy.id} 已登记交回" in page
    assert "还有 2 块未收回" in page
    assert [each.copy_id for each in bureau.register.find(Return)] == [copy.id]


def test_the_last_one_closes_the_recall(bureau: Bureau, fallen: str) -> None:
    browser = at_the_desk(bureau)
    for copy in bureau.copies(fallen):
        page = browser.get(browser.post("/console/return", plate=copy.id).headers["location"]).text
    assert "应收标牌已全部收回" in page


def scanned(browser: Browser, text: str, **more: str) -> dict[str, str]:
    answer = browser.post("/console/return/scanned", plate=text, **more)
    assert answer.status_code == 200
    found: dict[str, str] = answer.json()
    return found


def test_f23_scanning_plate_after_plate_enters_each_and_tells_what_is_left(
    bureau: Bureau, fallen: str
) -> None:
    browser = at_the_desk(bureau)
    told = [scanned(browser, f"https://gp.example.cn/{copy.code}") for copy in bureau.copies(fallen)]
    assert [each["told"] for each in told] == ["taken"] * 3
    assert "还有 2 块未收回" in told[0]["zh"]
    assert "应收标牌已全部收回" in told[2]["zh"]
    assert {each.taken_by for each in bureau.register.find(Return)} == {"own_branch"}


def test_scanning_twice_is_told_kindly_and_enters_nothing(bureau: Bureau, fallen: str) -> None:
    browser, copy = at_the_desk(bureau), bureau.copies(fallen)[0]
    scanned(browser, copy.code)
    again = scanned(browser, copy.code)
    assert (again["told"], again["number"], "无需重复登记" in again["zh"]) == ("already", copy.id, True)
    assert bureau.register.count(Return) == 1


def test_scanning_never_takes_in_what_is_not_to_be(bureau: Bureau) -> None:
    standing, theirs = bureau.plated(), bureau.plated("标本室", OTHER)
    charge = Charge(cause=VetoCause.GRAVE_BREACH, facts="查实")
    veto(bureau.register, bureau.office.by(), theirs, charge)
    browser = at_the_desk(bureau)
    unasked = scanned(browser, bureau.copies(standing)[0].code)
    elsewhere = scanned(browser, bureau.copies(theirs)[0].code, sure="1")
    unknown = scanned(browser, "https://example.com/<script>")
    assert [each["told"] for each in (unasked, elsewhere, unknown)] == ["unasked", "elsewhere", "unknown"]
    assert OTHER in elsewhere["zh"]
    assert bureau.register.count(Return) == 0
    assert scanned(browser, bureau.copies(standing)[0].code, sure="1")["told"] == "taken"


def test_many_are_taken_in_at_once_each_line_answered(bureau: Bureau, fallen: str) -> None:
    first, second, third = bureau.copies(fallen)
    theirs = bureau.copies(bureau.plated("标本室", OTHER))[0]
    browser = at_the_desk(bureau)
    lines = f"{first.id}\r\n\n {second.code}，{first.id};{theirs.id}\n2026-009-01-00\n<b>x</b>"
    page = browser.post("/console/return/many", plates=lines).text
    assert {each.copy_id for each in bureau.register.find(Return)} == {first.id, second.id}
    assert "2 块已登记，3 块没有登记" in page
    assert f"receipt.pdf?plates={first.id},{second.id}" in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page
    assert "<b>x</b>" not in page
    left = page.partition('<textarea id="plates"')[2].partition("</textarea>")[0]
    assert theirs.id in left
    assert first.id not in left
    assert third.id not in page


def test_too_many_at_once_enter_nothing_and_stay_typed(bureau: Bureau, fallen: str) -> None:
    numbers = [bureau.copies(fallen)[0].id, *(f"x{each}" for each in range(AT_ONCE_MOST))]
    answer = at_the_desk(bureau).post("/console/return/many", plates="\n".join(numbers))
    assert answer.status_code == 422
    assert TooManyPlates(most=AT_ONCE_MOST, count=len(numbers)).zh in answer.text
    assert f"x{AT_ONCE_MOST - 1}</textarea>" in answer.text
    assert bureau.register.count(Return) == 0


def test_only_the_return_desk_may_use_the_camera(bureau: Bureau, fallen: str) -> None:
    browser, copy = at_the_desk(bureau), bureau.copies(fallen)[0]
    with_camera = [browser.get("/console/return"), browser.post("/console/return", plate="nothing")]
    without = [
        browser.get(each) for each in ("/console", "/console/recalls", f"/{copy.code}", "/static/return.js")
    ]
    assert {each.headers["permissions-policy"].split(",")[0] for each in with_camera} == {"camera=(self)"}
    assert {each.headers["permissions-policy"].split(",")[0] for each in without} == {"camera=()"}
    assert "unsafe" not in with_camera[0].headers["content-security-policy"]


def test_f23_a_receipt_lists_what_was_handed_in(bureau: Bureau, fallen: str) -> None:
    browser, copies = at_the_desk(bureau), bureau.copies(fallen)
    bureau.wait(days=9)
    browser = at_the_desk(bureau)
    for copy in copies[:2]:
        scanned(browser, copy.code)
    named = ",".join(each.id for each in copies)
    by_day = f"day={office_day(bureau.now)}"
    for asked in (f"plates={named}", by_day):
        answer = browser.get(f"/console/recalls/receipt.pdf?{asked}")
        assert answer.headers["content-type"] == "application/pdf"
        text = PdfReader(BytesIO(answer.content)).pages[0].extract_text().replace("\n", "")
        assert all(each.id in text for each in copies[:2])
        assert copies[2].id not in text
        wanted = ("交回收据", "今收到下列2件标牌", "逾期2天", "own_", "F23")
        assert [words for words in wanted if words not in text] == []


def test_a_receipt_is_for_nobody_elses_plates_and_for_no_plate_that_is_out(
    bureau: Bureau, fallen: str
) -> None:
    browser, copy = at_the_desk(bureau), bureau.copies(fallen)[0]
    address = f"/console/recalls/receipt.pdf?plates={copy.id}"
    out = browser.get(address)
    assert (out.status_code, NothingReturned().zh in out.text) == (422, True)
    scanned(browser, copy.code)
    assert bureau.signed_in("other_branch").get(address).status_code == 403
    theirs = bureau.signed_in("other_branch").get(
        f"/console/recalls/receipt.pdf?day={office_day(bureau.now)}"
    )
    assert theirs.status_code == 422
    many = ",".join(f"x{each}" for each in range(AT_ONCE_MOST + 1))
    assert browser.get(f"/console/recalls/receipt.pdf?plates={many}").status_code == 422


def test_the_photo_of_a_plate_that_came_back_is_kept_bare_and_shown(bureau: Bureau, fallen: str) -> None:
    browser, copy = at_the_desk(bureau), bureau.copies(fallen)[0]
    sent = {"token": browser.token}
    files = {"photo": ("IMG.jpg", photo(), "image/jpeg")}
    address = f"/console/recalls/{copy.id}/photo"
    early = browser.ask("POST", address, data=sent, files=files, headers=SAME_ORIGIN)
    assert early.status_code == 422
    scanned(browser, copy.code)
    missing = browser.ask("POST", address, data=sent, headers=SAME_ORIGIN)
    assert PhotoMissing().zh in missing.text
    kept = browser.ask("POST", address, data=sent, files=files, headers=SAME_ORIGIN)
    assert kept.status_code == 303
    [attachment] = bureau.register.find(Attachment)
    link = f"/console/recalls/photos/{attachment.id}"
    assert link in browser.get(kept.headers["location"]).text
    assert link in browser.get("/console/recalls").text
    shown = browser.get(link)
    assert (shown.headers["content-type"], PLANTED.encode() in shown.content) == ("image/jpeg", False)
    assert "sandbox" in shown.headers["content-security-policy"]
    assert bureau.signed_in("other_branch").get(link).status_code == 403
    assert bureau.signed_in("administrator").get(link).status_code == 403
    assert browser.get("/console/recalls/photos/Veto-1").status_code == 404
    foreign = bureau.signed_in("other_branch")
    foreign.get("/console/return")
    data = {"token": foreign.token}
    assert foreign.ask("POST", address, data=data, files=files, headers=SAME_ORIGIN).status_code == 403


def test_the_board_stands_by_branch_cause_and_sighting(bureau: Bureau, fallen: str) -> None:
    theirs = bureau.plated("标本室", OTHER, plates=1)
    veto(bureau.register, bureau.office.by(), theirs, Charge(cause=VetoCause.GRAVE_BREACH, facts="查实"))
    bureau.wait(days=9)
    day = office_day(bureau.now)
    enter_sightings(bureau.register, {Seen(line_id=f"{bureau.copies(fallen)[0].id}-R", on=day): 2})
    page = bureau.signed_in().get("/console/recalls").text
    board = page.partition('id="branches-h"')[2].partition("</section>")[0]
    assert all(words in board for words in (OWN, OTHER, "逾期 3 块", "逾期 1 块", "9 天", "尚未催办"))
    assert '<span class="quiet">F23</span>' in page
    browser = bureau.signed_in("own_branch")
    numbers = {
        show: re.findall(r'<b class="number">([^<]+)</b>', browser.get(f"/console/recalls?{show}").text)
        for show in ("", "show=displayed", "cause=veto", "cause=end", "branch=O99")
    }
    assert [len(each) for each in numbers.values()] == [3, 1, 3, 0, 3]
    assert OTHER not in browser.get("/console/recalls").text


def test_a_plate_nobody_called_back_is_asked_about_first(bureau: Bureau) -> None:
    copy = bureau.copies(bureau.plated())[0]
    browser = at_the_desk(bureau)
    asked = browser.post("/console/return", plate=copy.code)
    assert asked.status_code == 200
    assert "没有要求收回" in asked.text
    assert copy.id in asked.text
    assert bureau.register.count(Return) == 0
    assert browser.post("/console/return", plate=copy.code, sure="1").status_code == 303
    assert bureau.register.count(Return) == 1


@pytest.mark.parametrize(
    "text", ["", "2026-001-01-00", "https://example.com/", "0" * 26, "<script>", "x" * 5000]
)
def test_what_names_no_plate_is_refused_and_kept_in_the_field(bureau: Bureau, fallen: str, text: str) -> None:
    answer = at_the_desk(bureau).post("/console/return", plate=text)
    assert answer.status_code == 404
    assert "没有编号或编码为" in answer.text
    assert "<script>" not in answer.text
    assert bureau.copies(fallen)
    assert bureau.register.count(Return) == 0


def test_taking_in_twice_says_when_it_was_the_first_time(bureau: Bureau, fallen: str) -> None:
    browser, copy = at_the_desk(bureau), bureau.copies(fallen)[0]
    browser.post("/console/return", plate=copy.id)
    again = browser.post("/console/return", plate=copy.id)
    assert (again.status_code, "已于2026年6月15日" in again.text) == (422, True)
    by_list = browser.post(f"/console/copies/{copy.id}/return")
    assert (by_list.status_code, "已于2026年6月15日" in by_list.text) == (422, True)
    assert bureau.register.count(Return) == 1


@pytest.mark.usefixtures("fallen")
def test_the_list_says_where_since_when_and_how_late(bureau: Bureau) -> None:
    bureau.wait(days=9)
    page = bureau.signed_in("own_branch").get("/console/recalls?show=overdue").text
    assert "6号楼299室" in page
    assert "2026年6月15日 起，9 天" in page
    assert '期限 <span lang="en">Due</span> 2026年6月22日' in page
    assert page.count("逾期2天") == 3
    assert "一票否决" in page
    assert "未收回 3 块，其中逾期 3 块" in page


def test_a_sighting_by_the_public_stands_in_the_list(bureau: Bureau, fallen: str) -> None:
    copy = bureau.copies(fallen)[0]
    seen = Feedback(
        id="R1",
        copy_id=copy.id,
        post_id=fallen,
        branch_id=copy.branch_id,
        topic=Topic.STILL_DISPLAYED,
        grade=None,
        comment="",
        voter="v",
        counted=False,
        given_at=bureau.now + timedelta(hours=1),
    )
    with bureau.register.transaction() as transaction:
        transaction.append(seen)
    assert "仍在悬挂" in bureau.signed_in().get("/console/recalls").text


def test_scans_of_a_plate_called_back_stand_in_the_lists_by_day(bureau: Bureau, fallen: str) -> None:
    copy = bureau.copies(fallen)[0]
    day = office_day(bureau.now)
    counted = {Seen(line_id=f"{copy.id}-R", on=day + timedelta(days=each)): 3 + each for each in range(2)}
    enter_sightings(bureau.register, counted)
    browser = bureau.signed_in("own_branch")
    page = browser.get("/console/recalls").text
    assert page.count('<span class="chip still_displayed">仍在悬挂 <span') == 1
    assert f"最近一次 {chinese_day(day + timedelta(days=1))}" in page
    assert "扫码 7 次" in page
    assert [f"{chinese_day(each.on)}：{scans} 次" in page for each, scans in counted.items()] == [True, True]
    seen = f'最近见于 <span lang="en">Seen</span> {chinese_day(day + timedelta(days=1))}'
    assert seen in browser.get("/console").text
    browser.get("/console/recalls")
    browser.post(f"/console/copies/{copy.id}/return")
    assert "扫码 7 次" not in browser.get("/console/recalls").text


def test_destroyed_and_lost_close_a_line_too(bureau: Bureau, fallen: str) -> None:
    browser = bureau.signed_in("own_branch")
    first, second, _ = bureau.copies(fallen)
    unsaid = browser.post(f"/console/copies/{first.id}/return", fate="destroyed", note=" ")
    assert (unsaid.status_code, bureau.register.count(Return)) == (422, 0)
    browser.post(f"/console/copies/{first.id}/return", fate="destroyed", note="起火烧毁")
    [gone] = bureau.register.find(Return)
    assert (gone.fate, gone.note, gone.taken_by) == (Fate.DESTROYED, "起火烧毁", "own_branch")
    assert browser.post(f"/console/copies/{second.id}/lost", reason=" ").status_code == 422
    assert browser.post(f"/console/copies/{second.id}/lost", reason="搬迁时遗失").status_code == 303
    assert bureau.register.find(Loss)[0].reason == "搬迁时遗失"
    page = browser.get("/console/recalls?show=closed").text
    assert first.id in page
    assert "已销毁" in page
    assert "已挂失" in page


def test_the_list_stays_as_it_was_filtered(bureau: Bureau, fallen: str) -> None:
    browser, copy = bureau.signed_in(), bureau.copies(fallen)[0]
    fields = {"from_list": "1", "post": "", "branch": copy.branch_id, "show": "open"}
    answer = browser.post(f"/console/copies/{copy.id}/return", **fields)
    assert answer.headers["location"] == f"/console/recalls?branch={copy.branch_id}&show=open&done={copy.id}"


def test_a_filter_cannot_lead_elsewhere(bureau: Bureau, fallen: str) -> None:
    browser, copy = bureau.signed_in(), bureau.copies(fallen)[0]
    hostile = "x&show=//evil.example\r\nX: y"
    location = browser.post(f"/console/copies/{copy.id}/return", from_list="1", post=hostile).headers[
        "location"
    ]
    assert re.fullmatch(r"/console/recalls\?post=x%26show%3D%2F%2F[\w.%&=+-]+", location)


def test_on_the_scan_page_an_officer_finds_the_button(bureau: Bureau, fallen: str) -> None:
    copy = bureau.copies(fallen)[0]
    button = f'action="/console/copies/{copy.id}/return"'
    browser = bureau.signed_in("own_branch")
    assert button in browser.get(f"/{copy.code}").text
    assert browser.post(f"/console/copies/{copy.id}/return").status_code == 303
    assert button not in browser.get(f"/{copy.code}").text


@pytest.mark.parametrize("officer", ["nobody", "other_branch", "inspector", "print_clerk"])
def test_on_the_scan_page_others_find_nothing(bureau: Bureau, fallen: str, officer: str) -> None:
    browser = bureau.browser() if officer == "nobody" else bureau.signed_in(officer)
    assert "/console/" not in browser.get(f"/{bureau.copies(fallen)[0].code}").text


def test_a_plate_that_may_hang_has_no_button(bureau: Bureau) -> None:
    copy = bureau.copies(bureau.plated())[0]
    assert "/console/" not in bureau.signed_in().get(f"/{copy.code}").text


def test_a_register_that_cannot_be_read_is_said_so(
    bureau: Bureau, fallen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = bureau.signed_in()

    def away(*_: object, **__: object) -> None:
        raise RegisterUnavailable

    register: Register = bureau.register
    for reading in ("get", "find", "snapshot", "transaction"):
        monkeypatch.setattr(register, reading, away)
    assert browser.get(f"/console/recalls?post={fallen}").status_code == 503
    assert browser.get("/console").status_code == 503


@pytest.mark.usefixtures("fallen")
@pytest.mark.parametrize("done", ["请汇款至", "2026-001-01-99", "veto"])
def test_an_address_made_up_announces_nothing(bureau: Bureau, done: str) -> None:
    browser, standing = bureau.signed_in(), bureau.plated("标本室", OTHER)
    plate = bureau.copies(standing)[0].id
    for address in ("/console/recalls?", f"/console/recalls?post={standing}&", "/console/return?"):
        for claim in (done, plate):
            assert 'class="notice done' not in browser.get(f"{address}done={claim}").text
    assert 'class="notice done' not in browser.get("/console/posts/2026-001?done=approve").text


def test_a_plate_of_another_branch_is_left_to_them(bureau: Bureau) -> None:
    copy = bureau.copies(bureau.plated("标本室", OTHER))[0]
    assert at_the_desk(bureau).post("/console/return", plate=copy.code).status_code == 403
    assert bureau.register.count(Return) == 0


def test_a_long_list_comes_in_pages(bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verify.console.circulation.LINES_EACH", 2)
    post_id = bureau.plated("财务室", OWN, plates=5)
    veto(bureau.register, bureau.office.by(), post_id, Charge(cause=VetoCause.GRAVE_BREACH, facts="查实"))
    browser = bureau.signed_in()
    pages = [browser.get(f"/console/recalls?page={page}").text for page in (1, 2, 3)]
    numbers = [re.findall(r'<b class="number">([^<]+)</b>', page) for page in pages]
    assert [len(each) for each in numbers] == [2, 2, 1]
    assert len({number for each in numbers for number in each}) == 5
    assert "page=2" in pages[0]
    assert "第 3 页，共 3 页" in pages[2]
    for odd in ("0", "-1", "x", "9" * 40):
        assert browser.get(f"/console/recalls?page={odd}").status_code == 200
    done = browser.post(f"/console/copies/{numbers[1][0]}/return", from_list="1", page="2")
    assert "page=2" in done.headers["location"]
