"""A message is added to: once, while it is fresh, by whoever has its receipt, and read as one message."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from store.acts.answering import NoContact, read_contact, settle
from store.acts.attachments import File, Subject, attachments_of
from store.acts.voice import (
    ADDED_WITHIN,
    COMMENT_LONGEST,
    AlreadyAdded,
    AlreadyReceived,
    CommentTooLong,
    Extra,
    NoSuchMessage,
    NotAboutThePlate,
    NothingAdded,
    TooLateToAdd,
    add_to_feedback,
    may_add,
    message_of,
)
from store.feedback import clocks, complaints_for, messages_for
from store.ledger import verify
from store.records import Addition, Copy, Grade, LogEntry, PlatePart, Role, Topic
from tests.office import Office
from tests.store.spoken import KEY, PHONE, said, sealed, written

Measure = Callable[[Callable[[], object]], dict[str, int]]
JPEG = b"\xff\xd8\xff"
PHOTOS = (File(name="a1.jpg", content=JPEG + b"1"), File(name="b2.jpg", content=JPEG + b"2"))


@pytest.fixture
def copy(office: Office) -> Copy:
    return office.issued(office.approved())


def added_to(office: Office, receipt: str = "R1", **extra: object) -> Addition:
    return add_to_feedback(office.register, office.by(Role.PUBLIC), receipt, Extra(**extra))  # type: ignore[arg-type]


def test_f25_what_is_added_is_read_with_the_message_as_one(
    office: Office, copy: Copy, added: Measure
) -> None:
    said(office, copy, comment="排队太久")
    assert added(lambda: added_to(office, " r1 ", comment=" 没有人引导 ", photos=PHOTOS)) == {
        "Addition": 1,
        "Attachment": 2,
        "AttachmentContent": 2,
        "LogEntry": 1,
    }
    [heard] = messages_for(office.register, office.by())
    assert heard.comment == "排队太久\n没有人引导"
    assert heard.grade is Grade.SATISFIED
    assert heard.particulars
    assert [each.file_name for each in heard.particulars.attachments] == ["a1.jpg", "b2.jpg"]
    assert verify(office.register).faults == ()


def test_f25_a_rating_becomes_a_complaint_with_its_clocks_and_reaches_the_committee_alone(
    office: Office, copy: Copy
) -> None:
    said(office, copy)
    assert clocks(office.register, office.policy, office.now) == []
    added_to(office, topic=Topic.COMPLAINT, comment="收了好处费")
    [clock] = clocks(office.register, office.policy, office.now)
    assert clock.feedback_id == "R1"
    assert [each.topic for each in complaints_for(office.register, office.by())] == [Topic.COMPLAINT]
    branch = office.by(Role.BRANCH_OFFICER, copy.branch_id)
    assert messages_for(office.register, branch) == []


def test_f25_words_added_to_praise_reach_the_branch_without_what_tells_its_giver(
    office: Office, copy: Copy
) -> None:
    said(office, copy, photos=PHOTOS)
    added_to(office, topic=Topic.PRAISE, comment="热情周到")
    [heard] = messages_for(office.register, office.by(Role.BRANCH_OFFICER, copy.branch_id))
    assert (heard.topic, heard.comment, heard.particulars) == (Topic.PRAISE, "热情周到", None)


def test_a_message_is_added_to_once(office: Office, copy: Copy, added: Measure) -> None:
    said(office, copy)
    added_to(office, comment="一")

    def again() -> None:
        with pytest.raises(AlreadyAdded):
            added_to(office, comment="二")

    assert added(again) == {}


def test_a_message_is_added_to_while_it_is_fresh(office: Office, copy: Copy, added: Measure) -> None:
    said(office, copy)
    office.now += ADDED_WITHIN - timedelta(minutes=1)
    assert may_add(office.register, office.by(Role.PUBLIC), message_of(office.register, "R1"))

    def late() -> None:
        with pytest.raises(TooLateToAdd, match="60 minutes"):
            added_to(office, comment="晚了")

    assert added(late) == {}


def test_what_is_answered_or_came_on_paper_is_not_added_to(office: Office, copy: Copy) -> None:
    said(office, copy)
    settle(office.register, office.by(), "R1", answer="谢谢")
    written(office, copy.post_id)
    for receipt in ("R1", "P1"):
        with pytest.raises(TooLateToAdd):
            added_to(office, receipt, comment="还有")


@pytest.mark.parametrize(
    ("refusal", "extra"),
    [
        (NothingAdded, {}),
        (NothingAdded, {"comment": " \n"}),
        (CommentTooLong, {"comment": "言" * (COMMENT_LONGEST + 1)}),
        (NoSuchMessage, {"receipt": "R9", "comment": "还有"}),
    ],
)
def test_an_addition_adds_something_short_to_a_message(
    office: Office, copy: Copy, added: Measure, refusal: type[Exception], extra: dict[str, str]
) -> None:
    said(office, copy)

    def tried() -> None:
        with pytest.raises(refusal):
            added_to(office, **({"receipt": "R1"} | extra))

    assert added(tried) == {}


def test_f25_a_contact_added_later_is_opened_on_the_record(office: Office, copy: Copy) -> None:
    said(office, copy)
    with pytest.raises(NoContact):
        read_contact(office.register, office.by(), "R1", reason="回访", key=KEY)
    added_to(office, sealed_contact=sealed("R1"))
    assert read_contact(office.register, office.by(), "R1", reason="回访", key=KEY) == PHONE


def test_the_log_tells_neither_the_words_nor_the_receipt_of_an_addition(office: Office, copy: Copy) -> None:
    said(office, copy)
    added_to(office, comment="收了好处费", photos=PHOTOS)
    entry = office.register.find(LogEntry)[-1]
    assert (entry.act, entry.object, entry.reason) == ("add to feedback", copy.id, "")
    assert len(entry.digests) == 5


def test_photos_are_kept_with_the_message_in_one_act_and_each_content_once(
    office: Office, copy: Copy, added: Measure
) -> None:
    twice = (*PHOTOS, PHOTOS[0])
    assert added(lambda: said(office, copy, photos=twice)) == {
        "Feedback": 1,
        "Attachment": 2,
        "AttachmentContent": 2,
        "LogEntry": 1,
    }
    assert added(lambda: said(office, copy, receipt="R2", photos=PHOTOS[:1])) == {
        "Feedback": 1,
        "Attachment": 1,
        "LogEntry": 1,
    }
    found = attachments_of(office.register, Subject(kind="Feedback", id="R1"))
    assert [each.branch_id for each in found] == [None, None]


def test_only_a_plate_that_differs_says_what_differs(office: Office, copy: Copy, added: Measure) -> None:
    said(office, copy, topic=Topic.PLATE_DIFFERS, grade=None, differs=PlatePart.NAME)
    assert messages_for(office.register, office.by())[0].differs is PlatePart.NAME

    def elsewhere() -> None:
        with pytest.raises(NotAboutThePlate):
            said(office, copy, receipt="R2", differs=PlatePart.NAME)

    assert added(elsewhere) == {}


def test_a_receipt_is_given_once(office: Office, copy: Copy, added: Measure) -> None:
    said(office, copy)

    def again() -> None:
        with pytest.raises(AlreadyReceived, match="R1"):
            said(office, copy, comment="再来一次")

    assert added(again) == {}
