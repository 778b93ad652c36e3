"""What a reminder says and when it goes out: bounded, without markup of anybody's, from the morning on."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from store.acts.veto import Charge, veto
from store.calendar import office_day
from store.records import VetoCause
from store.register import Register
from store.reminder_texts import LISTED_MOST, ROBOT_BYTES_MOST, letter, robot_body, subject
from store.reminders import Overdue, last_told, may_be_sent, overdue_by_branch
from tests.office import Office

BASE = "https://gp.example.cn"


@pytest.fixture
def overdue(register: Register, office: Office) -> Overdue:
    post_id = office.approved()
    office.issued(post_id)
    veto(register, office.by(), post_id, Charge(cause=VetoCause.GRAVE_BREACH, facts="查实"))
    office.now = datetime(2026, 6, 25, 4, tzinfo=UTC)
    [found] = overdue_by_branch(register, office_day(office.now))
    return found


def many(overdue: Overdue, count: int, post_name: str) -> Overdue:
    [line] = overdue.lines
    face = replace(line.copy.face, post_name=post_name)
    return replace(overdue, lines=(replace(line, copy=replace(line.copy, face=face)),) * count)


def test_before_the_last_day_is_over_nothing_is_overdue(register: Register, overdue: Overdue) -> None:
    assert overdue_by_branch(register, overdue.lines[0].line.due_on) == []
    assert last_told(register, [overdue.branch.id]) == {}


@pytest.mark.parametrize(("hour_utc", "may"), [(0, False), (1, True), (15, True), (16, False), (23, False)])
def test_reminders_wait_for_the_morning(hour_utc: int, may: bool) -> None:  # noqa: FBT001 -- the table's answer
    assert may_be_sent(datetime(2026, 6, 25, hour_utc, 0, tzinfo=UTC)) is may


@pytest.mark.parametrize("count", [1, 30, 500])
def test_a_robots_message_stays_within_its_bound(overdue: Overdue, count: int) -> None:
    told = json.loads(robot_body(many(overdue, count, "服务" * 30), BASE))
    content = told["markdown"]["content"]
    assert len(content.encode()) <= ROBOT_BYTES_MOST
    assert f"{count}块标牌逾期" in content
    shown = content.count("\n> ")
    assert shown >= 1
    assert (f"另有{count - shown}块" in content) == (shown < count)


def test_a_name_becomes_no_markup_and_no_header(overdue: Overdue) -> None:
    hostile = many(overdue, 1, "窗口\r\nBcc: x\n# [点我](https://evil.example) <@all> `x`")
    content = json.loads(robot_body(hostile, BASE))["markdown"]["content"]
    assert not set("<`#") & set(content)
    assert content.count("](") == 1
    assert "\nBcc" not in letter(hostile, BASE)
    named = replace(overdue, branch=replace(overdue.branch, name="甲\r\nBcc: x"))
    assert "\n" not in subject(named)


def test_a_long_letter_says_how_many_it_leaves_out(overdue: Overdue) -> None:
    text = letter(many(overdue, LISTED_MOST + 5, "财务室"), BASE)
    assert "另有5块" in text
    assert text.count("“财务室”") == LISTED_MOST
