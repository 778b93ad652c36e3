"""The list of duties at the command line, and its calendar file."""

from pathlib import Path

import pytest

from tests.gangpai.desk import DATA, Command


@pytest.fixture
def filled(gangpai: Command) -> Command:
    assert gangpai("import", DATA / "roster-2026.xlsx").code == 0
    return gangpai


def test_due_says_who_what_by_when_and_why(filled: Command) -> None:
    rows = filled("due", "--json").json["due"]
    assert [each["date"] for each in rows] == sorted(each["date"] for each in rows)
    keys = {"date", "who", "who_zh", "what", "what_zh", "what_en", "object", "detail", "clause", "overdue"}
    assert all(keys <= set(each) for each in rows)
    assert {"approval", "plan"} <= {each["what"] for each in rows}


def test_f23_the_recalls_that_are_due_are_the_recalls_that_are_open(filled: Command) -> None:
    filled("approve", "2026-001", "--document", "1号")
    filled("print", "plaque", "2026-001", "--out", "out")
    filled("print", "badge", "2026-001", "--out", "out")
    filled("veto", "2026-001", "--cause", "1", "--facts", "经核实")
    lines = filled("recalls", "--open", "--json").json["recalls"]
    rows = [each for each in filled("due", "--json").json["due"] if each["what"] == "recall"]
    assert {(each["object"], each["date"], each["overdue"]) for each in rows} == {
        (each["number"], each["due_on"], each["overdue"]) for each in lines
    }
    assert rows


def test_due_of_one_branch(filled: Command) -> None:
    rows = filled("due", "--json").json["due"]
    names = {each["branch"] for each in rows if each["branch"]}
    for name in names:
        own = filled("due", "--branch", name, "--json").json["due"]
        assert own == [each for each in rows if each["branch"] == name]
    assert filled("due", "--branch", "没有", "--json").json["refused"]["code"] == "NoSuchBranch"


def test_within_keeps_what_is_overdue(filled: Command) -> None:
    rows = filled("due", "--json").json["due"]
    soon = filled("due", "--within", "0", "--json").json["due"]
    assert soon == [each for each in rows if each in soon]
    assert [each for each in rows if each["overdue"]] == [each for each in soon if each["overdue"]]


def test_the_calendar_file_holds_what_the_list_holds(filled: Command, desk: Path) -> None:
    answer = filled("due", "--ics", "due.ics", "--json")
    content = (desk / "due.ics").read_text(encoding="utf-8")
    assert content.count("BEGIN:VEVENT") == len(answer.json["due"]) > 0
    assert filled("due", "--ics", "due.ics", "--json").json["refused"]["code"] == "FileExists"
