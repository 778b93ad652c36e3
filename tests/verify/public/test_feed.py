"""The feed of changes, as a feed reader understands it, and what it never tells."""

import re
from typing import Any

import feedparser
import httpx
import pytest

from store.acts.adjust import end_post
from store.acts.correction import correct_veto
from store.records import EndCause
from tests.office import Office
from tests.verify.public.boards import CREATING, FALLEN, FALLEN_NAME, HOSTILE, NAMES, TITLED, fill

TAG = re.compile(r"tag:gp\.example\.cn,\d{4}-\d\d-\d\d:change/[a-z]+/[-\w]+")


def read(client: httpx.Client, tag: str = "zh-CN") -> Any:
    """Return the feed as an independent reader has it; it must not have had to forgive anything."""
    answer = client.get("/changes.atom", headers={"Accept-Language": tag})
    assert answer.headers["content-type"] == "application/atom+xml"
    assert answer.headers["cache-control"] == "no-store"
    found = feedparser.parse(answer.content)
    assert (found.bozo, found.version) == (False, "atom10")
    return found


def test_an_empty_register_has_a_feed_without_entries(client: httpx.Client) -> None:
    found = read(client)
    assert (found.entries, found.feed.title) == ([], "岗位变动")
    assert found.feed.id == "tag:gp.example.cn,2026-01-01:changes"


def test_changes_are_told_newest_first_each_with_an_id_of_its_own(
    client: httpx.Client, office: Office
) -> None:
    fill(office)
    end_post(office.register, office.by(), CREATING, cause=EndCause.STOPPED, reason="长期无人值守")
    found = read(client)
    assert [each.tags[0].term for each in found.entries] == [
        "ended", "revoked", "awarded", "approved", "approved", "approved",
    ]  # fmt: skip
    assert all(TAG.fullmatch(each.id) for each in found.entries)
    assert len({each.id for each in found.entries}) == 6
    assert found.feed.updated == max(each.updated for each in found.entries)
    assert found.feed.author == "场站管理中心党委"
    links = {each.rel: each.href for each in found.feed.links}
    assert links == {
        "self": "https://gp.example.cn/changes.atom",
        "alternate": "https://gp.example.cn/notice",
    }


def test_a_change_says_what_when_and_of_which_post(client: httpx.Client, office: Office) -> None:
    fill(office)
    awarded = next(each for each in read(client).entries if each.tags[0].term == "awarded")
    assert awarded.title == f"命名授牌 · {TITLED} 财务室"
    assert awarded.summary == "2026年6月15日 · 命名授牌 · 畜牧站党总支 · 财务室"
    assert awarded.link == f"https://gp.example.cn/satisfaction/{TITLED}"
    english = next(each for each in read(client, "en").entries if each.tags[0].term == "awarded")
    assert english.title == f"Title awarded · {TITLED} 财务室"
    assert (english.id, read(client, "en").feed.language) == (awarded.id, "en")


def test_f22_a_veto_takes_the_name_out_of_what_was_told_before(client: httpx.Client, office: Office) -> None:
    fill(office)
    of_fallen = [each for each in read(client).entries if FALLEN in each.title]
    assert [each.title for each in of_fallen] == [f"撤销称号 · {FALLEN}", f"批准创建 · {FALLEN}"]
    assert len({each.updated for each in of_fallen}) == 1
    assert of_fallen[1].published < of_fallen[1].updated
    correct_veto(office.register, office.by(), FALLEN, document="更正1号", reason="查实有误")
    again = [each for each in read(client).entries if FALLEN in each.title]
    assert again[0].title == f"更正撤销，称号恢复 · {FALLEN} {FALLEN_NAME}"
    assert [each.id for each in again[1:]] == [each.id for each in of_fallen]


def test_neither_persons_nor_reasons_are_told_and_a_hostile_name_stays_a_text(
    client: httpx.Client, office: Office
) -> None:
    fill(office)
    end_post(office.register, office.by(), CREATING, cause=EndCause.STOPPED, reason="长期无人值守")
    text = client.get("/changes.atom").text
    assert [each for each in (*NAMES, "长期无人值守", "重大责任事故") if each in text] == []
    assert f"停用 · {CREATING} {HOSTILE}" in [_plain(each.title) for each in read(client).entries]


def _plain(title: str) -> str:
    return title.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


@pytest.mark.parametrize("character", ["\x01", "\x0b", "\ufffe", "\U0001f600"])
def test_no_character_in_a_name_breaks_the_feed(client: httpx.Client, office: Office, character: str) -> None:
    office.applied(office.row(name=f"甲{character}乙"))
    office.approved_now("2026-001")
    [entry] = read(client).entries
    assert entry.title.startswith("批准创建 · 2026-001 甲")
    assert entry.title.endswith("乙")
