"""The veto in the browser: what is asked, what is refused with everything kept, and that only one wins."""

import re

import pytest

from store.acts.voice import Conclusion, conclude_investigation
from store.records import Finding, RecallLine, Veto, VetoCause
from tests.verify.console.bureau import Browser, Bureau

FACTS = "6月12日巡查发现，已报纪检部门"


def cast(browser: Browser, post_id: str, **changes: str) -> tuple[int, str]:
    fields = {"cause": "1", "facts": FACTS, "name": "财务室"} | changes
    browser.get(f"/console/posts/{post_id}/veto")
    answer = browser.post(f"/console/posts/{post_id}/veto", **fields)
    return answer.status_code, answer.headers.get("location", "") or answer.text


def investigated(bureau: Bureau, post_id: str, finding: Finding = Finding.SUBSTANTIATED) -> str:
    conclusion = Conclusion(finding=finding, facts="走访五名师生")
    return conclude_investigation(bureau.register, bureau.office.by(), post_id, conclusion).id


def test_a_post_falls_and_its_plates_come_back(bureau: Bureau) -> None:
    post_id = bureau.plated()
    browser = bureau.signed_in()
    assert post_id in browser.get("/console/posts").text
    assert f"/console/posts/{post_id}/veto" in browser.get(f"/console/posts/{post_id}").text
    form = browser.get(f"/console/posts/{post_id}/veto").text
    assert "3 块标牌将立即显示“已撤销”，并生成 3 条收回任务" in form

    assert cast(browser, post_id) == (303, f"/console/recalls?post={post_id}&done=veto")
    page = browser.get(f"/console/recalls?post={post_id}&done=veto").text
    assert "已被一票否决" in page
    assert "6号楼299室" in page
    scanned = bureau.browser().get(f"/{bureau.copies(post_id)[0].code}")
    assert "<title>已撤销" in scanned.text

    first, second, third = (copy.id for copy in bureau.copies(post_id))
    answer = browser.post(f"/console/copies/{first}/return")
    assert answer.headers["location"] == f"/console/recalls?post={post_id}&done={first}"
    assert "已收 1 / 共 3 块" in browser.get(answer.headers["location"]).text
    browser.post(f"/console/copies/{second}/return", fate="destroyed", note="牌面破损")
    assert "已全部收回" not in browser.get(f"/console/recalls?post={post_id}").text
    browser.post(f"/console/copies/{third}/lost", reason="搬迁时遗失")
    assert "已全部收回" in browser.get(f"/console/recalls?post={post_id}").text


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"name": "财务"}, "与“财务室”不一致"),
        ({"name": ""}, "与“财务室”不一致"),
        ({"facts": "  "}, "没有填写否决事实"),
        ({"cause": ""}, "没有选择否决情形"),
        ({"cause": "5"}, "没有选择否决情形"),
        ({"cause": "3"}, "须有经查证属实的查证结论"),
        ({"cause": "3", "investigation": "2026-001-I9"}, "须有经查证属实的查证结论"),
    ],
)
def test_a_refused_veto_keeps_everything_typed(bureau: Bureau, changes: dict[str, str], reason: str) -> None:
    post_id, browser = bureau.plated(), bureau.signed_in()
    status, page = cast(browser, post_id, **changes)
    assert status == 422
    refused = page.index(reason)
    assert refused < page.index('<span lang="en">', refused), "Chinese comes first"
    assert page.count('aria-invalid="true" aria-describedby="refusal') == 1, "the field at fault says so"
    if "facts" not in changes:
        assert FACTS in page
    if "name" not in changes:
        assert 'value="财务室"' in page
    if "cause" not in changes:
        assert re.search(r'value="1" required checked', page)
    assert bureau.register.count(Veto) == bureau.register.count(RecallLine) == 0


def test_cause_3_needs_a_substantiated_investigation_and_says_so_before(bureau: Bureau) -> None:
    post_id, browser = bureau.plated(), bureau.signed_in()
    assert "选此项不能通过" in browser.get(f"/console/posts/{post_id}/veto").text
    unproven = investigated(bureau, post_id, Finding.UNSUBSTANTIATED)
    assert cast(browser, post_id, cause="3", investigation=unproven)[0] == 422
    proven = investigated(bureau, post_id)
    form = browser.get(f"/console/posts/{post_id}/veto").text
    assert "选此项不能通过" not in form
    assert f'<option value="{proven}"' in form
    assert f'<option value="{unproven}"' not in form
    assert cast(browser, post_id, cause="3", investigation=proven)[0] == 303
    kept = bureau.register.find(Veto)[0]
    assert (kept.cause, kept.investigation_id) == (VetoCause.SUBSTANTIATED_COMPLAINT, proven)


def test_the_second_veto_is_refused_with_the_first_ones_date(bureau: Bureau) -> None:
    post_id, first, second = bureau.plated(), bureau.signed_in(), bureau.signed_in()
    second.get(f"/console/posts/{post_id}/veto")
    assert cast(first, post_id)[0] == 303
    status, page = cast(second, post_id)
    assert status == 422
    assert "已于2026年6月15日" in page
    assert bureau.register.count(Veto) == 1
    assert bureau.register.count(RecallLine) == 3


def test_a_post_never_approved_has_nothing_to_lose(bureau: Bureau) -> None:
    post_id, browser = bureau.posted("财务室"), bureau.signed_in()
    assert f"{post_id}/veto" not in browser.get(f"/console/posts/{post_id}").text
    assert cast(browser, post_id)[0] == 422


def test_plates_that_were_out_before_are_counted_once(bureau: Bureau) -> None:
    post_id = bureau.plated(plates=1)
    old = bureau.copies(post_id)[0]
    bureau.office.issued(post_id, replaces=old.id)
    form = bureau.signed_in().get(f"/console/posts/{post_id}/veto").text
    assert "2 块标牌将立即显示“已撤销”，并生成 1 条收回任务" in form


def test_the_veto_is_cast_in_the_officers_name(bureau: Bureau) -> None:
    post_id, browser = bureau.plated(), bureau.signed_in()
    cast(browser, post_id)
    page = browser.get("/console/log").text
    row = next(row for row in page.split("<tr>")[1:] if "一票否决" in row)
    assert FACTS in row
    assert ">committee<" in row
