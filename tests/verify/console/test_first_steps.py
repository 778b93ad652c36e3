"""The way from an empty register to printed plates: the first page names the next step to whose it is."""

import re
from html import unescape

import pytest

from store.acts.officers import disable_officer
from store.records import Product
from tests.verify.console.bureau import SAME_ORIGIN, Bureau

BUTTON = re.compile(r'class="button" href="([^"]+)">')


def next_address(bureau: Bureau, officer: str) -> list[str]:
    card = bureau.signed_in(officer).get("/console").text.partition('class="steps"')[2].partition("</ol>")[0]
    return [unescape(each) for each in BUTTON.findall(card)]


def test_f7_what_was_applied_for_is_decided_in_one_click(bureau: Bureau) -> None:
    wanted = "/console/bulk/approve?post=2026-001&post=2026-002"
    assert next_address(bureau, "committee") == [wanted]
    assert bureau.signed_in().get(wanted).status_code == 200


@pytest.mark.parametrize("officer", ["own_branch", "inspector", "administrator"])
def test_f7_nobody_else_is_led_to_the_decision(bureau: Bureau, officer: str) -> None:
    assert next_address(bureau, officer) == []


def test_f10_after_the_decision_comes_the_print(bureau: Bureau) -> None:
    browser = bureau.signed_in()
    page = browser.get("/console/bulk/approve?post=2026-001&post=2026-002").text
    fields = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page))
    fields |= {"token": browser.token, "document": "1号", "over_quota_reason": "试点"}
    chosen = fields | {"post": ["2026-001", "2026-002"]}
    answer = browser.ask("POST", "/console/bulk/approve", data=chosen, headers=SAME_ORIGIN)
    assert "下一步：制作标牌" in answer.text
    assert next_address(bureau, "committee") == ["/console/print/order?every=1&product=plaque"]


def test_the_steps_are_gone_with_the_first_plate(bureau: Bureau) -> None:
    bureau.office.issued(bureau.approved(), Product.PLAQUE)
    assert next_address(bureau, "committee") == []
    assert "从这里开始" not in bureau.signed_in().get("/console").text


def test_whoever_set_the_system_up_is_led_to_invite_the_committee(bureau: Bureau) -> None:
    administrator = bureau.signed_in("administrator")
    assert administrator.get("/console/next").headers["location"] == "/console"
    disable_officer(bureau.register, bureau.administrator(), "committee", reason="调离")
    assert next_address(bureau, "administrator") == ["/console/officers"]
    assert administrator.get("/console/next").headers["location"] == "/console/officers"
