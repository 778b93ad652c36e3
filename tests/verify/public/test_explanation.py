"""The page that explains the programme and how to complain (F37)."""

import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape

import httpx
import pytest
from fastapi import FastAPI

from store.clauses import STANDARDS_EN, STANDARDS_ZH
from store.policy import built_in
from store.terms import VETO_CAUSE_EN, VETO_CAUSE_ZH
from tests.verify.in_process import visitor
from verify.site import WebSettings


def words(client: httpx.Client, tag: str = "zh-CN") -> str:
    """Return what the page says in a language, without its tags."""
    answer = client.get("/", params={"lang": tag})
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", answer.text.partition("<main>")[2])))


def test_f37_the_programme_is_explained_to_anybody_in_both_languages(client: httpx.Client) -> None:
    chinese, english = words(client), words(client, "en")
    for heading in ("什么是共产党员示范岗", "岗位标准", "什么情况撤销", "怎样反映意见", "怎样核验"):
        assert heading in chinese
    for heading in (
        "What an exemplary post is",
        "The six standards",
        "When the title falls",
        "How to complain",
    ):
        assert heading in english
    assert all(each in chinese for each in (*STANDARDS_ZH, *VETO_CAUSE_ZH.values()))
    assert all(each in english for each in (*STANDARDS_EN, *VETO_CAUSE_EN.values()))


def test_f37_whoever_wants_to_complain_reads_how_and_what_follows(client: httpx.Client) -> None:
    assert "不用登录，不记录您是谁" in words(client)
    assert "1个工作日内回访、15个工作日内办结" in words(client)
    assert "within 1 and settled within 15 working days" in words(client, "en")


def test_f37_the_numbers_are_those_of_the_policy_in_force(
    application: Callable[[WebSettings], FastAPI], settings: WebSettings
) -> None:
    school = replace(settings, policy=built_in("wangchuan-school"))
    page = words(visitor(application(school), settings.base_url))
    assert "2个工作日内回访、10个工作日内办结" in page
    assert "至少5名党员" in page
    assert "3天内收回标牌" in page
    assert "望川学校党委命名授牌" in page


@pytest.mark.parametrize("page", ["/", "/notice", "/number"])
def test_f37_every_page_leads_to_the_explanation(client: httpx.Client, page: str) -> None:
    assert '<a href="/">说明' in client.get(page).text
