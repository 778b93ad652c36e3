"""From sign-in to the last plate back, as the committee walks it in the browser."""

import pytest

from store.records import RecallLine, Return, Veto
from tests.verify.console.conftest import Bureau

FACTS = "6月12日巡查发现，已报纪检部门"


def test_a_post_falls_and_its_plates_come_back(bureau: Bureau) -> None:
    post_id = bureau.plated()
    browser = bureau.signed_in()
    assert post_id in browser.get("/console/posts").text
    assert f"/console/posts/{post_id}/veto" in browser.get(f"/console/posts/{post_id}").text
    assert "3 块标牌将立即显示“已撤销”，并生成 3 条收回任务" in browser.get(f"/console/posts/{post_id}/veto").text

    answer = browser.post(f"/console/posts/{post_id}/veto", cause="1", facts=FACTS, name="财务室")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/console/recalls?post={post_id}&done=veto")
    page = browser.get(answer.headers["location"]).text
    assert "称号已撤销" in page
    assert "6号楼299室" in page

    first, second, third = (copy.id for copy in bureau.copies(post_id))
    answer = browser.post(f"/console/copies/{first}/return")
    assert answer.headers["location"] == f"/console/recalls?post={post_id}&done={first}"
    assert "已收 1 / 共 3 块" in browser.get(answer.headers["location"]).text
    browser.post(f"/console/copies/{second}/return", fate="destroyed")
    assert "已全部收回" not in browser.get(f"/console/recalls?post={post_id}").text
    browser.post(f"/console/copies/{third}/lost", reason="搬迁时遗失")
    assert "已全部收回" in browser.get(f"/console/recalls?post={post_id}").text
