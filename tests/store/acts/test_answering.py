"""The committee calls back, settles, and reads a contact only on the record."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from store.acts import answering
from store.acts.answering import AlreadySettled, NoContact, call_back, read_contact, settle
from store.acts.authority import NotAllowed, ReasonMissing
from store.acts.notices import NewNotice, NewObjection, object_to, post_notice
from store.acts.voice import NoSuchMessage
from store.calendar import chinese_time, office_day
from store.contacts import CannotBeOpened, OpeningKey
from store.documents import canonical_json
from store.records import (
    Application,
    CallBack,
    ContactRead,
    Copy,
    Feedback,
    LogEntry,
    NoticeSubject,
    Role,
    Settlement,
)
from tests.office import Office
from tests.store.spoken import KEY, PHONE, bad, said, sealed

Measure = Callable[[Callable[[], object]], dict[str, int]]
OTHERS = [role for role in Role if role is not Role.COMMITTEE]


@pytest.fixture
def copy(office: Office) -> Copy:
    return office.issued(office.approved())


@pytest.fixture
def message(office: Office, copy: Copy) -> Feedback:
    return bad(office, copy)


def read(office: Office, receipt: str = "R1", key: OpeningKey = KEY, reason: str = "回访") -> str:
    return read_contact(office.register, office.by(), receipt, reason=reason, key=key)


@pytest.mark.usefixtures("message")
def test_f25_a_bad_rating_is_called_back_and_settled(office: Office, added: Measure) -> None:
    act = office.register, office.by()
    assert added(lambda: call_back(*act, "R1", note="电话无人接听")) == {"CallBack": 1, "LogEntry": 1}
    assert added(lambda: call_back(*act, " r1 ", note="已通话")) == {"CallBack": 1, "LogEntry": 1}
    assert added(lambda: settle(*act, "R1", answer="已增开窗口")) == {"Settlement": 1, "LogEntry": 1}
    assert [each.note for each in office.register.find(CallBack)] == ["电话无人接听", "已通话"]
    assert office.register.find(Settlement)[0].answer == "已增开窗口"


@pytest.mark.usefixtures("message")
def test_f25_what_is_settled_stays_settled(office: Office, added: Measure) -> None:
    first = settle(office.register, office.by(), "R1", answer="已增开窗口")

    def again() -> None:
        for act in (
            lambda: settle(office.register, office.by(), "R1", answer="另一个答复"),
            lambda: call_back(office.register, office.by(), "R1", note="又打了电话"),
        ):
            with pytest.raises(AlreadySettled) as refused:
                act()
            assert chinese_time(first.settled_at) in refused.value.zh

    assert added(again) == {}


@pytest.mark.usefixtures("message")
def test_of_racing_answers_exactly_one_is_the_publics(office: Office) -> None:
    authorities = [office.by() for _ in range(8)]

    def race(number: int) -> bool:
        try:
            settle(office.register, authorities[number], "R1", answer=f"答复{number}")
        except AlreadySettled:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(race, range(8))) == 1
    assert office.register.count(Settlement) == 1


@pytest.mark.usefixtures("message")
def test_what_says_nothing_or_answers_nobody_is_refused(office: Office, added: Measure) -> None:
    def act() -> None:
        for receipt, words, refusal in (("R1", " ", ReasonMissing), ("NOBODY", "答复", NoSuchMessage)):
            with pytest.raises(refusal):
                settle(office.register, office.by(), receipt, answer=words)
            with pytest.raises(refusal):
                call_back(office.register, office.by(), receipt, note=words)
            with pytest.raises(refusal):
                read(office, receipt, reason=words)

    assert added(act) == {}


@pytest.mark.parametrize("role", OTHERS)
def test_f25_nobody_but_the_committee_answers_or_reads_a_contact(
    office: Office, message: Feedback, added: Measure, role: Role
) -> None:
    def act() -> None:
        by = office.by(role, message.branch_id)
        with pytest.raises(NotAllowed):
            call_back(office.register, by, "R1", note="情况")
        with pytest.raises(NotAllowed):
            settle(office.register, by, "R1", answer="答复")
        with pytest.raises(NotAllowed):
            read_contact(office.register, by, "R1", reason="回访", key=KEY)

    assert added(act) == {}


def unlogged(office: Office) -> bool:
    """Whether a contact was handed out without being on record."""
    before = office.register.count(ContactRead), office.register.count(LogEntry)
    assert read(office) == PHONE
    return (office.register.count(ContactRead), office.register.count(LogEntry)) != (
        before[0] + 1,
        before[1] + 1,
    )


@pytest.mark.usefixtures("message")
def test_f25_a_contact_is_read_on_the_record_every_time(office: Office) -> None:
    assert not unlogged(office)
    assert not unlogged(office)
    entry = next(office.register.newest(LogEntry, 1))
    assert (entry.act, entry.object, entry.reason) == ("read contact", "2026-001", "回访")


@pytest.mark.usefixtures("message")
def test_a_contact_handed_out_unlogged_is_caught(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answering, "enact", lambda *_: None)
    assert unlogged(office)


@pytest.mark.usefixtures("message")
def test_f25_a_reading_that_cannot_be_entered_hands_nothing_out(
    office: Office, monkeypatch: pytest.MonkeyPatch, added: Measure
) -> None:
    def full(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(answering, "enact", full)
    handed_out: list[str] = []

    def act() -> None:
        with pytest.raises(OSError):  # noqa: PT011 - raised just above
            handed_out.append(read(office))

    assert added(act) == {}
    assert handed_out == []


def test_a_contact_nobody_left_or_another_key_opens_nothing(
    office: Office, copy: Copy, message: Feedback, added: Measure
) -> None:
    said(office, copy, "R2")
    said(office, copy, "R3", sealed_contact=message.sealed_contact)

    def act() -> None:
        with pytest.raises(NoContact):
            read(office, "R2")
        with pytest.raises(CannotBeOpened):
            read(office, "R3")
        with pytest.raises(CannotBeOpened):
            read(office, key=OpeningKey(raw=bytes(32)))

    assert added(act) == {}


def test_f26_the_contact_left_with_an_objection_is_read_in_the_same_way(office: Office) -> None:
    office.applied()
    [application] = office.register.find(Application)
    new = NewNotice(
        subject=NoticeSubject.APPLICATIONS,
        object_ids=(application.id,),
        places="党务公开栏",
        opens_on=office_day(office.now),
    )
    notice = post_notice(office.register, office.by(), new)
    objection = NewObjection(
        receipt="OBJECTION1",
        notice_id=notice.id,
        object_id=application.id,
        text="名单有误",
        sealed_contact=sealed("OBJECTION1"),
    )
    object_to(office.register, office.by(Role.PUBLIC), objection)
    assert read(office, "objection1") == PHONE
    assert next(office.register.newest(LogEntry, 1)).object == notice.id


@pytest.mark.usefixtures("message")
def test_f25_the_record_and_the_log_keep_a_contact_sealed(office: Office) -> None:
    read(office)
    kept = b"".join(
        canonical_json(each)
        for kind in (Feedback, ContactRead, LogEntry)
        for each in office.register.find(kind)
    ).decode()
    assert "R1" in kept
    assert not [part for part in (PHONE, "13800138000", "周女士") if part in kept]
