"""The calendar file, opened by a reader of its own."""

import re
from datetime import UTC, date, datetime

from store.duties.agenda import agenda
from store.duties.duty import Duty, DutyKind

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)


def duty(zh: str = "“财务室”的申报待批准", **changes: object) -> Duty:
    said: dict[str, object] = {
        "id": "approval:2026-001",
        "kind": DutyKind.APPROVAL,
        "branch_id": "O01",
        "branch_name": "畜牧站党总支",
        "object": "2026-001",
        "zh": zh,
        "en": "the application waits for a decision",
        "due_on": date(2026, 12, 31),
        "overdue": False,
    }
    return Duty(**(said | changes))  # type: ignore[arg-type]


def events(content: bytes) -> list[dict[str, str]]:
    """Read a calendar as RFC 5545 has it: unfold the lines, part names from values, unescape."""
    lines = content.decode("utf-8").replace("\r\n ", "").split("\r\n")
    found: list[dict[str, str]] = []
    for line in lines:
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found and ":" in line:
            name, _, value = line.partition(":")
            found[-1].setdefault(name, re.sub(r"\\([\\;,nN])", _unescaped, value))
    return found


def _unescaped(match: re.Match[str]) -> str:
    return "\n" if match[1] in "nN" else match[1]


def test_a_duty_is_an_event_of_the_whole_day_it_is_due_on() -> None:
    [event] = events(agenda([duty()], NOW, issuer="中心党委"))
    assert event["DTSTART;VALUE=DATE"] == "20261231"
    assert event["DTEND;VALUE=DATE"] == "20270101"
    assert event["SUMMARY"] == "待批准 2026-001 / Decide on the application"
    assert event["TRANSP"] == "TRANSPARENT"
    assert event["DTSTAMP"] == "20261122T040000Z"


def test_words_that_mean_something_to_a_calendar_arrive_as_words() -> None:
    zh = "一，二;三,四\\五\nBEGIN:VEVENT\r\nSUMMARY:伪造"
    found = events(agenda([duty(zh)], NOW, issuer="中心党委"))
    assert len(found) == 1
    assert "一，二;三,四\\五" in found[0]["DESCRIPTION"]
    assert "F7" in found[0]["DESCRIPTION"]


def test_lines_are_folded_by_bytes_and_no_character_is_torn() -> None:
    content = agenda([duty("办理报销与核算" * 40)], NOW, issuer="中心党委")
    assert max(map(len, content.split(b"\r\n"))) <= 75
    assert "办理报销与核算" * 40 in events(content)[0]["DESCRIPTION"]


def test_the_identity_lasts_and_is_the_registers_own() -> None:
    uids = [
        events(agenda([duty(), duty(id="approval:2026-002")], moment, issuer=issuer))
        for moment, issuer in ((NOW, "甲党委"), (NOW.replace(day=23), "甲党委"), (NOW, "乙党委"))
    ]
    first, second, other = [[event["UID"] for event in found] for found in uids]
    assert first == second
    assert len({*first, *other}) == 4


def test_no_duty_is_a_calendar_still() -> None:
    content = agenda([], NOW, issuer="中心党委")
    assert content.startswith(b"BEGIN:VCALENDAR\r\n")
    assert events(content) == []
