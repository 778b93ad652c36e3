"""The public's voice at the command line: listed, answered, typed in, and contacts opened on the record."""

import stat
from pathlib import Path

import pytest

from gangpai.office import Office
from gangpai.practice import hang_plates
from store.acts.authority import Authority
from store.acts.voice import Message, give_feedback
from store.records import ContactRead, Copy, Feedback, Grade, LogEntry, Role, Topic
from tests.gangpai.desk import Command

PHONE = "13800138000"


@pytest.fixture
def copy(office: Office) -> Copy:
    [hung] = hang_plates(office)
    return hung


def say(office: Office, copy: Copy, receipt: str, grade: Grade, comment: str = "") -> None:
    message = Message(
        receipt=receipt, copy_id=copy.id, topic=Topic.RATING, grade=grade, comment=comment, voter=receipt
    )
    public: Authority = office.authority(Role.PUBLIC)
    give_feedback(office.register, public, message)


@pytest.fixture
def spoken(office: Office, copy: Copy) -> Copy:
    say(office, copy, "GOOD", Grade.SATISFIED)
    say(office, copy, "BAD", Grade.DISSATISFIED, "跑了三趟")
    return copy


def test_the_list_says_what_was_said_newest_last(gangpai: Command, spoken: Copy) -> None:
    for words in (("feedback",), ("feedback", "list"), ("feedback", "--post", spoken.post_id)):
        listed = gangpai(*words, "--json").json["feedback"]
        assert [each["receipt"] for each in listed] == ["GOOD", "BAD"]
    bad = listed[1]
    assert (bad["grade"], bad["comment"], bad["number"]) == (2, "跑了三趟", spoken.id)
    assert (bad["call_back"]["state"], bad["settlement"]["state"], bad["overdue"]) == (
        "running",
        "running",
        False,
    )
    assert "call_back" not in listed[0]
    assert "跑了三趟" in gangpai("feedback").out
    assert gangpai("feedback", "--post", "2026-404").code == 1


@pytest.mark.usefixtures("spoken")
def test_f25_a_bad_rating_is_called_back_and_settled_at_the_command_line(gangpai: Command) -> None:
    assert [each["receipt"] for each in gangpai("feedback", "--open", "--json").json["feedback"]] == ["BAD"]
    assert gangpai("feedback", "call-back", "bad", "--note", "已通话").code == 0
    settled = gangpai("feedback", "settle", "BAD", "--answer", "已增开窗口", "--json")
    assert settled.json["receipt"] == "BAD"
    assert gangpai("feedback", "--open", "--json").json["feedback"] == []
    [_, bad] = gangpai("feedback", "--json").json["feedback"]
    assert (bad["answer"], bad["settlement"]["state"]) == ("已增开窗口", "kept")
    again = gangpai("feedback", "settle", "BAD", "--answer", "再答一次", "--json")
    assert (again.code, again.json["refused"]["code"]) == (1, "AlreadySettled")


def test_f25_a_paper_form_is_typed_in_and_listed_as_such(gangpai: Command, spoken: Copy) -> None:
    entered = gangpai(
        "feedback", "paper", spoken.post_id, "--comment", "态度生硬", "--topic", "complaint", "--grade", "1",
        "--json",
    )  # fmt: skip
    assert entered.code == 0
    [listed] = [
        each
        for each in gangpai("feedback", "--open", "--json").json["feedback"]
        if each["channel"] == "paper"
    ]
    assert (listed["receipt"], listed["number"], listed["counted"]) == (entered.json["receipt"], "", False)
    assert (listed["channel_zh"], listed["topic_zh"], listed["grade"]) == ("纸质", "投诉", 1)


def test_f25_a_contact_is_sealed_and_opened_on_the_record(
    gangpai: Command, office: Office, spoken: Copy, monkeypatch: pytest.MonkeyPatch, desk: Path
) -> None:
    form = ("feedback", "paper", spoken.post_id, "--comment", "请回电", "--contact", PHONE, "--json")
    refused = gangpai(*form)
    assert refused.json["refused"]["code"] == "ContactsNotTaken"
    made = gangpai("feedback", "key", "--out", "committee.key", "--json").json
    monkeypatch.setenv("GANGPAI_CONTACT_KEY", made["contact_key"])
    receipt = gangpai(*form).json["receipt"]
    opened = gangpai("feedback", "contact", receipt, "--reason", "回访", "--key", "committee.key", "--json")
    assert opened.json["contact"] == PHONE
    assert [each.reason for each in office.register.find(ContactRead)] == ["回访"]
    assert next(office.register.newest(LogEntry, 1)).act == "read contact"
    stored = b"".join(file.read_bytes() for file in (desk / "data").iterdir())
    assert PHONE.encode() not in stored


def test_a_key_file_is_the_committees_alone_and_never_overwritten(gangpai: Command, desk: Path) -> None:
    assert gangpai("feedback", "key", "--out", "committee.key").code == 0
    made = desk / "committee.key"
    kept = made.read_bytes()
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert gangpai("feedback", "key", "--out", "committee.key").code == 1
    assert made.read_bytes() == kept


@pytest.mark.usefixtures("spoken")
def test_a_key_that_is_missing_or_none_opens_nothing(gangpai: Command, desk: Path, office: Office) -> None:
    (desk / "wrong.key").write_text("x", encoding="utf-8")
    for key, code in (("none.key", "BadSetting"), ("wrong.key", "NotAContactKey")):
        answer = gangpai("feedback", "contact", "BAD", "--reason", "回访", "--key", key, "--json")
        assert answer.json["refused"]["code"] == code
    assert office.register.count(ContactRead) == 0


def test_a_public_key_that_is_none_is_a_bad_setting(
    gangpai: Command, spoken: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GANGPAI_CONTACT_KEY", "x")
    form = ("feedback", "paper", spoken.post_id, "--comment", "请回电", "--contact", PHONE, "--json")
    assert gangpai(*form).json["refused"]["code"] == "BadSetting"


def test_an_empty_list_says_so(gangpai: Command, office: Office) -> None:
    assert office.register.count(Feedback) == 0
    assert "没有群众意见" in gangpai("feedback").out
