"""Branches are reminded of overdue plates: once a day, encrypted, recorded, and without naming anybody."""

import asyncio
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from gangpai import outbound, reminding
from gangpai.addresses import AddressBook, address_book
from gangpai.mail import MailServer, mail_server
from gangpai.office import Office, open_office
from gangpai.outbound import Reach, reach_of
from gangpai.practice import hang_plates
from gangpai.reminding import Channels, Reminding
from gangpai.settings import BadSetting, load_settings
from store.acts.circulation import return_copy
from store.acts.veto import Charge, veto
from store.records import Copy, Organisation, RecallReminder, RecallReminderOutcome, ReminderWay, VetoCause
from store.reminders import problem_zh
from store.webhooks.addresses import NotAReceiver
from tests.gangpai.desk import Command
from tests.gangpai.mail_server import LOOPBACK, PostRoom, post_room
from tests.gangpai.receivers import Receiver, receiving, reply, say
from tests.present import STARTS_AT

PASSWORD = "hidden-7"  # noqa: S105 -- of a mail server that runs in tests only
CHARGE = Charge(cause=VetoCause.GRAVE_ACCIDENT, facts="测试")
MINE, THEIRS = "dangwei@zb.example.cn", "office@zb.example.cn"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def room(tmp_path: Path) -> Iterator[PostRoom]:
    with post_room(tmp_path) as room:
        yield room


@pytest.fixture
def copy(office: Office) -> Copy:
    """Hang a plate and veto its post."""
    [copy] = hang_plates(office)
    veto(office.register, office.authority(), copy.post_id, CHARGE)
    return copy


def days_on(days: float = 8, **more: float) -> datetime:
    return STARTS_AT + timedelta(days=days, **more)


def server_of(room: PostRoom, **changes: object) -> MailServer:
    server = MailServer(
        host=LOOPBACK, port=room.port, tls_from_start=False, sender=MINE, login="dw", password=PASSWORD
    )
    return replace(server, **changes)  # type: ignore[arg-type]


def channels(room: PostRoom | None = None, receiver: Receiver | None = None) -> Channels:
    book = AddressBook(mail={"*": (THEIRS,)} if room else {}, robots={"*": receiver.url} if receiver else {})
    return Channels(
        server=server_of(room) if room else None,
        book=book,
        reach=reach_of(demo=True),
        trust=room.trust if room else reach_of(demo=False).trust,
        base_url="https://gp.example.cn",
    )


def remind(office: Office, found: Channels, at: datetime) -> list[str]:
    """Remind at a moment; return what went wrong each time, or nothing for what was taken."""
    told = asyncio.run(Reminding(office.register, found, lambda: at).remind_due())
    return [each.outcome.problem if each.outcome else "cut off" for each in told]


def test_f23_a_letter_goes_out_once_a_day_encrypted(office: Office, room: PostRoom, copy: Copy) -> None:
    assert remind(office, channels(room), days_on(7)) == []
    assert remind(office, channels(room), days_on()) == [""]
    assert remind(office, channels(room), days_on(minutes=1)) == []
    [letter] = room.letters
    branch = office.register.get(Organisation, copy.branch_id)
    assert branch is not None
    assert (letter["From"], letter["To"], room.encrypted) == (MINE, THEIRS, [True])
    assert branch.name in letter["Subject"]
    text = letter.get_content()
    assert all(words in text for words in (copy.id, copy.face.post_name, "逾期1天", "收回挂牌"))
    assert f"https://gp.example.cn/console/recalls?branch={copy.branch_id}&show=overdue" in text
    assert all(name not in letter.as_string() + text for name in copy.face.names)
    assert remind(office, channels(room), days_on(9)) == [""]
    assert [each.plates for each in office.register.find(RecallReminder)] == [1, 1]


def test_what_came_back_is_not_reminded_of(office: Office, room: PostRoom, copy: Copy) -> None:
    return_copy(office.register, office.authority(), copy.id)
    assert remind(office, channels(room), days_on()) == []
    assert room.letters == []


def test_the_password_goes_out_after_encryption_only(office: Office, room: PostRoom, copy: Copy) -> None:
    assert copy
    room.offers_tls = False
    assert remind(office, channels(room), days_on()) == ["no_tls_or_login_offered"]
    assert not any(line.startswith(("AUTH", "MAIL")) for line in room.heard)
    assert PASSWORD not in repr(server_of(room)) + repr(channels(room))


def test_a_certificate_nobody_trusts_gets_no_letter(office: Office, room: PostRoom, copy: Copy) -> None:
    assert copy
    doubting = replace(channels(room), trust=reach_of(demo=False).trust)
    assert remind(office, doubting, days_on()) == ["certificate_or_tls"]
    assert room.letters == []


def test_tls_from_the_first_byte(office: Office, tmp_path: Path, copy: Copy) -> None:
    assert copy
    with post_room(tmp_path, tls_from_start=True) as room:
        found = replace(channels(room), server=server_of(room, tls_from_start=True, login=""))
        assert remind(office, found, days_on()) == [""]
    assert room.encrypted == [True]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"refuses": THEIRS}, "recipients_refused"),
        ({"refuses": MINE}, "sender_refused"),
        ({"answer": "451 busy"}, "not_taken"),
    ],
)
def test_what_failed_is_recorded_and_tried_again(
    office: Office, room: PostRoom, copy: Copy, change: dict[str, str], problem: str
) -> None:
    assert copy
    for name, value in change.items():
        setattr(room, name, value)
    assert remind(office, channels(room), days_on()) == [problem]
    assert remind(office, channels(room), days_on(minutes=29)) == []
    room.refuses, room.answer = "-", "250 taken"
    assert remind(office, channels(room), days_on(minutes=31)) == [""]
    assert [each.problem for each in office.register.find(RecallReminderOutcome)] == [problem, ""]
    assert len(room.letters) == 1


def test_three_failures_are_enough_for_a_day(office: Office, room: PostRoom, copy: Copy) -> None:
    assert copy
    room.answer = "550 never"
    tried = [remind(office, channels(room), days_on(minutes=31 * each)) for each in range(5)]
    assert [len(each) for each in tried] == [1, 1, 1, 0, 0]


def test_f23_a_robot_is_told_in_its_own_form(office: Office, receiver: Receiver, copy: Copy) -> None:
    assert remind(office, channels(receiver=receiver), days_on()) == [""]
    [got] = receiver.got
    told = json.loads(got.body)
    assert (told["msgtype"], copy.id in told["markdown"]["content"]) == ("markdown", True)
    assert got.headers["content-type"].startswith("application/json")
    assert all(name not in told["markdown"]["content"] for name in copy.face.names)


def test_a_robot_that_fails_is_recorded_without_its_address(
    office: Office, receiver: Receiver, copy: Copy, caplog: pytest.LogCaptureFixture
) -> None:
    assert copy
    receiver.answer = lambda handler: reply(handler, 500)
    assert remind(office, channels(receiver=receiver), days_on()) == ["status_500"]
    assert receiver.url not in caplog.text + repr(channels(receiver=receiver))


@pytest.mark.parametrize(
    ("says", "problem"),
    [
        (b'{"errcode":0,"errmsg":"ok"}', ""),
        (b'{"errcode":93000,"errmsg":"invalid webhook url"}', "errcode_93000"),
        (b'{ "errmsg": "freq out of limit", "errcode" : 45009 }', "errcode_45009"),
        (b'{"errcode": -1, "errmsg": "busy"}', "errcode_-1"),
        (b"taken", ""),
    ],
)
def test_f23_a_robot_that_answers_200_and_an_errcode_has_not_taken_it(
    office: Office, receiver: Receiver, copy: Copy, says: bytes, problem: str
) -> None:
    assert copy
    receiver.answer = lambda handler: say(handler, says)
    assert remind(office, channels(receiver=receiver), days_on()) == [problem]
    assert ("错误码" in problem_zh(problem)) == bool(problem)
    later = remind(office, channels(receiver=receiver), days_on(minutes=31))
    assert later == ([problem] if problem else [])


def test_a_robot_believed_by_its_status_alone_is_caught(
    office: Office, receiver: Receiver, copy: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminding, "post_to_robot", outbound.post)
    with pytest.raises(AssertionError):
        test_f23_a_robot_that_answers_200_and_an_errcode_has_not_taken_it(
            office, receiver, copy, b'{"errcode":93000}', "errcode_93000"
        )


def test_a_robot_in_the_own_network_is_never_called(office: Office, receiver: Receiver, copy: Copy) -> None:
    assert copy
    address = receiver.url.replace("http:", "https:")
    found = replace(channels(), book=AddressBook(robots={"*": address}), reach=Reach())
    assert remind(office, found, days_on()) == ["ReceiverNotPublic"]
    assert receiver.got == []


def test_many_workers_send_one_reminder(office: Office, receiver: Receiver, copy: Copy) -> None:
    assert copy
    at, started = days_on(), threading.Barrier(4)

    def work() -> None:
        with open_office(office.settings) as own:
            started.wait()
            remind(own, channels(receiver=receiver), at)

    workers = [threading.Thread(target=work) for _ in range(4)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    assert len(receiver.got) == 1
    assert office.register.count(RecallReminder) == 1


def test_the_command_lists_and_sends_only_when_told(
    gangpai: Command, office: Office, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = replace(office, now=lambda: days_on(-9))
    [copy] = hang_plates(before)
    veto(office.register, before.authority(), copy.post_id, CHARGE)
    assert gangpai("remind", "--json").json["reminders"][0]["ways"] == []
    monkeypatch.setenv("GANGPAI_DEMO", "1")
    monkeypatch.setenv("GANGPAI_REMINDER_ROBOTS", f"*={receiver.url}")
    [listed] = gangpai("remind", "--json").json["reminders"]
    assert (listed["plates"], listed["ways"], listed["due"]) == (1, ["robot"], ["robot"])
    assert receiver.got == []
    assert gangpai("remind", "--send", "--json").json == {"sent": 1, "taken": 1, "problems": []}
    assert gangpai("remind", "--send", "--json").json["sent"] == 0
    assert len(receiver.got) == 1


def test_the_settings_are_read_and_secrets_kept_out_of_sight(tmp_path: Path) -> None:
    environment = {
        "GANGPAI_SMTP": "smtps://dw%40zb.example.cn@mail.example.cn",
        "GANGPAI_SMTP_PASSWORD": PASSWORD,
        "GANGPAI_MAIL_FROM": MINE,
        "GANGPAI_REMINDER_MAIL": f"畜牧站党总支={THEIRS} {MINE}；*={MINE}",
        "GANGPAI_REMINDER_ROBOTS": "畜牧站党总支=https://qyapi.example.cn/send?key=hidden-8",
    }
    settings = load_settings(environment, tmp_path)
    server = settings.mail_server
    assert server is not None
    assert (server.host, server.port, server.tls_from_start, server.login) == (
        "mail.example.cn",
        465,
        True,
        "dw@zb.example.cn",
    )
    assert settings.address_book.mail_of("畜牧站党总支") == (THEIRS, MINE)
    assert settings.address_book.mail_of("园艺场党总支") == (MINE,)
    assert settings.address_book.robot_of("园艺场党总支") == ""
    assert settings.address_book.mail_of("畜牧中心党总支", "畜牧站党总支") == (THEIRS, MINE)
    assert PASSWORD not in repr(settings)
    assert "hidden-8" not in repr(settings)


@pytest.mark.parametrize(
    "environment",
    [
        {"GANGPAI_SMTP": "mail.example.cn:465", "GANGPAI_MAIL_FROM": MINE},
        {"GANGPAI_SMTP": "smtp://dw:secret-9@mail.example.cn", "GANGPAI_MAIL_FROM": MINE},
        {"GANGPAI_SMTP": "smtps://mail.example.cn"},
        {"GANGPAI_SMTP": "smtps://mail.example.cn", "GANGPAI_MAIL_FROM": "a@b.cn\r\nBcc: c@d.cn"},
        {"GANGPAI_SMTP": "smtps://m.example.cn", "GANGPAI_MAIL_FROM": MINE, "GANGPAI_SMTP_PASSWORD": "密"},
        {"GANGPAI_REMINDER_MAIL": "畜牧站党总支"},
        {"GANGPAI_REMINDER_MAIL": "畜牧站党总支=nobody"},
        {"GANGPAI_REMINDER_ROBOTS": "*=http://qyapi.example.cn/secret-9"},
        {"GANGPAI_REMINDER_ROBOTS": "*=secret-9"},
    ],
)
def test_settings_that_cannot_be_used_are_refused_without_showing_secrets(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    with pytest.raises(BadSetting) as refused:
        load_settings(environment, tmp_path)
    assert "secret-9" not in refused.value.zh + refused.value.en


def test_the_parts_refuse_by_themselves() -> None:
    with pytest.raises(ValueError, match="smtps"):
        mail_server("https://mail.example.cn", sender=MINE, password="")
    with pytest.raises(NotAReceiver):
        address_book("", "*=https://user@qyapi.example.cn/", demo=False)
    assert channels().ways_to("畜牧站党总支") == []
    assert ReminderWay.MAIL in Channels(
        server=MailServer(host="h", port=1, tls_from_start=True, sender=MINE),
        book=AddressBook(mail={"*": (MINE,)}),
        reach=Reach(),
        trust=Reach().trust,
        base_url="",
    ).ways_to("任何党总支")
