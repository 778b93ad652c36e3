"""Deciding on many posts at once: each by its own act, the refused ones kept with their reasons."""

import re

from store.acts.approve import approve
from store.policy import founding_plan
from store.records import Approval, Award, LogEntry
from tests.verify.console.bureau import OTHER, OWN, SAME_ORIGIN, Browser, Bureau

LIST = "/console/posts?state=applied"
APPROVE = "/console/bulk/approve"


def chosen(html: str) -> list[str]:
    return re.findall(r'name="post" value="([^"]+)"[^>]*checked', html)


def confirm(browser: Browser, posts: list[str], **fields: str) -> str:
    page = browser.get(APPROVE, params={"post": posts}).text
    return decide(browser, page, **fields)


def decide(browser: Browser, page: str, **fields: str) -> str:
    known = dict(re.findall(r'name="(application-[^"]+)" value="([^"]+)"', page))
    data = {"token": browser.token, "post": chosen(page)} | known | fields
    return browser.ask("POST", APPROVE, data=data, headers=SAME_ORIGIN).text


def test_all_is_chosen_by_a_link_and_the_effect_is_said_first(bureau: Bureau) -> None:
    browser = bureau.signed_in()
    assert chosen(browser.get(LIST).text) == []
    posts = chosen(browser.get(f"{LIST}&all=1").text)
    assert len(posts) == 2
    page = browser.get(APPROVE, params={"post": posts}).text
    assert "将批准2个岗位，批准后即可制作创建标牌" in page
    assert bureau.register.count(Approval) == 0


def test_who_does_not_decide_chooses_nothing(bureau: Bureau) -> None:
    assert 'name="post"' not in bureau.signed_in("own_branch").get(LIST).text


def test_f7_each_post_is_approved_by_an_act_of_its_own(bureau: Bureau) -> None:
    browser, entries = bureau.signed_in(), bureau.register.count(LogEntry)
    said = confirm(browser, ["2026-001", "2026-002"], document="场党字〔2026〕3号")
    assert bureau.register.count(LogEntry) == entries + 2
    assert f"办理记录第 {entries + 1} 号" in said
    assert f"办理记录第 {entries + 2} 号" in said
    assert {each.document for each in bureau.register.find(Approval)} == {"场党字〔2026〕3号"}


def test_f5_the_refused_stay_chosen_with_their_reason_and_the_others_are_done(bureau: Bureau) -> None:
    most = founding_plan().posts_per_branch_max
    posts = ["2026-001", *(bureau.posted(f"{number}号窗口", OWN) for number in "一二三四"[:most]), "2026-002"]
    browser = bureau.signed_in()
    said = confirm(browser, posts, document="场党字〔2026〕3号")
    assert chosen(said) == [posts[-2]]
    assert f"超过每个总支{most}个的上限" in said
    assert len(bureau.register.find(Approval)) == most + 1
    assert "已办理 1 个岗位" in decide(browser, said, document="场党字〔2026〕3号", reason="试点")


def test_what_was_applied_for_since_is_not_approved(bureau: Bureau) -> None:
    browser = bureau.signed_in()
    page = browser.get(APPROVE, params={"post": ["2026-001"]}).text
    bureau.posted("接待室", OWN, "曾晓明、高赟、汪雪琳、李娜")
    assert "本次未批准" in decide(browser, page, document="场党字〔2026〕3号")
    assert bureau.register.count(Approval) == 0


def test_nothing_chosen_is_said(bureau: Bureau) -> None:
    browser = bureau.signed_in()
    assert "没有选择岗位" in browser.get(APPROVE).text
    assert "一次最多办理200个岗位" in browser.get(APPROVE, params={"post": [str(n) for n in range(201)]}).text


def test_f12_posts_are_awarded_together_and_the_uninspected_refused(bureau: Bureau) -> None:
    posts = ["2026-001", "2026-002"]
    for post_id in posts:
        approve(bureau.register, bureau.office.by(), post_id, document="1号")
    browser = bureau.signed_in()
    page = browser.get("/console/posts?state=approved&all=1").text
    assert chosen(page) == posts
    data = {"token": browser.token, "post": posts, "awarded_on": "2026-07-01"}
    answer = browser.ask("POST", "/console/bulk/award", data=data, headers=SAME_ORIGIN)
    assert (answer.status_code, chosen(answer.text)) == (422, posts)
    assert bureau.register.count(Award) == 0
    assert OTHER in answer.text
