"""Files with records: kept once, read by whom the record concerns."""

import base64
from collections.abc import Callable
from typing import Any

import pytest

from store.acts.attachments import (
    CONFIDENTIAL,
    LARGEST_BYTES,
    SUBJECTS,
    AlreadyAttached,
    AttachmentDamaged,
    File,
    FileTooLarge,
    NoSuchAttachment,
    NoSuchSubject,
    Subject,
    attach,
    attachments_of,
    read_attachment,
)
from store.acts.authority import Actor, Authority, NotAllowed
from store.acts.voice import Conclusion, conclude_investigation
from store.ledger import verify
from store.policy import founding_plan
from store.records import (
    Attachment,
    AttachmentContent,
    Finding,
    LogEntry,
    Role,
)
from tests.office import Office

Measure = Callable[[Callable[[], object]], dict[str, int]]
PNG = b"\x89PNG\r\n\x1a\n"
PHOTO = File(name="现场照片.png", content=PNG + b"1", caption=" 门口 ")
OWN, OTHER = "O01", "O02"


@pytest.fixture
def visited(office: Office) -> Subject:
    return Subject(kind="Inspection", id=office.inspected(office.approved()).id)


@pytest.fixture
def complained(office: Office) -> Subject:
    conclusion = Conclusion(finding=Finding.SUBSTANTIATED, facts="证人某某反映")
    found = conclude_investigation(office.register, office.by(), office.approved(), conclusion)
    return Subject(kind="Investigation", id=found.id)


def attached(office: Office, subject: Subject, file: File = PHOTO, by: Authority | None = None) -> Attachment:
    return attach(office.register, by or office.by(), subject, file)


def readers(office: Office, attachment: Attachment) -> set[tuple[Role, str | None]]:
    who = [(role, None) for role in Role] + [(Role.BRANCH_OFFICER, OWN), (Role.BRANCH_OFFICER, OTHER)]
    return {(role, branch) for role, branch in who if reads(office, attachment, role, branch)}


def reads(office: Office, attachment: Attachment, role: Role, branch: str | None) -> bool:
    actor = Actor(name=role, role=role, branch_id=branch)
    authority = Authority(actor=actor, now=office.now, policy=founding_plan())
    try:
        return read_attachment(office.register, authority, attachment.id)[1] == PHOTO.content
    except NotAllowed:
        return False


def test_f14_evidence_is_attached_in_one_act_and_read_back(
    office: Office, visited: Subject, added: Measure
) -> None:
    assert added(lambda: attached(office, visited)) == {
        "Attachment": 1,
        "AttachmentContent": 1,
        "LogEntry": 1,
    }
    [found] = attachments_of(office.register, visited)
    assert (found.file_name, found.media_type, found.caption) == ("现场照片.png", "image/png", "门口")
    assert (found.size_bytes, found.branch_id) == (9, OWN)
    assert read_attachment(office.register, office.by(), found.id) == (found, PHOTO.content)
    assert verify(office.register).faults == ()


def test_f29_the_same_bytes_are_kept_once(office: Office, visited: Subject, added: Measure) -> None:
    attached(office, visited)
    of_the_post = Subject(kind="Post", id="2026-001")
    assert added(lambda: attached(office, of_the_post)) == {"Attachment": 1, "LogEntry": 1}

    def again() -> None:
        with pytest.raises(AlreadyAttached, match="Post-2026-001-1"):
            attached(office, of_the_post)

    assert added(again) == {}


@pytest.mark.parametrize(
    ("size", "taken"), [(0, False), (9, True), (LARGEST_BYTES, True), (LARGEST_BYTES + 1, False)]
)
def test_f29_a_file_is_not_empty_and_not_too_large(
    office: Office, visited: Subject, size: int, *, taken: bool
) -> None:
    file = File(name="照片.png", content=(PNG + bytes(size))[:size] if size else b"")
    if taken:
        assert attached(office, visited, file).size_bytes == size
    else:
        with pytest.raises(FileTooLarge):
            attached(office, visited, file)


@pytest.mark.parametrize(
    "subject",
    [
        Subject(kind="Inspection", id="J404"),
        Subject(kind="Gossip", id="1"),
        Subject(kind="Record", id="1"),
        Subject(kind="LogEntry", id="000000001"),
        Subject(kind="AttachmentContent", id="1"),
        Subject(kind="Officer", id="wang"),
    ],
)
def test_f29_a_file_belongs_to_a_record_that_exists(office: Office, added: Measure, subject: Subject) -> None:
    office.approved()

    def tried() -> None:
        with pytest.raises(NoSuchSubject):
            attached(office, subject)

    assert added(tried) == {}


def test_f29_a_branch_attaches_to_its_own_records(office: Office, visited: Subject) -> None:
    with pytest.raises(NotAllowed):
        attached(office, visited, by=office.by(Role.BRANCH_OFFICER, OTHER))
    with pytest.raises(NotAllowed):
        attached(office, visited, by=office.by(Role.INSPECTOR))
    assert attached(office, visited, by=office.by(Role.BRANCH_OFFICER, OWN))


def test_f29_who_may_read_follows_the_record(office: Office, visited: Subject) -> None:
    assert readers(office, attached(office, visited)) == {
        (Role.COMMITTEE, None),
        (Role.INSPECTOR, None),
        (Role.BRANCH_OFFICER, OWN),
    }


def test_a_complaints_files_are_the_committees_alone(office: Office, complained: Subject) -> None:
    for role, branch in ((Role.BRANCH_OFFICER, OWN), (Role.INSPECTOR, None)):
        with pytest.raises(NotAllowed):
            attached(office, complained, by=office.by(role, branch))
    attachment = attached(office, complained)
    assert attachment.branch_id is None
    assert readers(office, attachment) == {(Role.COMMITTEE, None)}


def test_whether_there_is_a_complaint_to_attach_to_is_the_committees_to_know(
    office: Office, complained: Subject
) -> None:
    for subject in (complained, Subject(kind="Investigation", id="2026-001-I9")):
        with pytest.raises(NotAllowed):
            attached(office, subject, by=office.by(Role.BRANCH_OFFICER, OWN))


def test_a_reading_that_forgets_what_is_confidential_is_caught(
    office: Office, complained: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    attachment = attached(office, complained)
    monkeypatch.setattr("store.acts.attachments.CONFIDENTIAL", frozenset())
    assert (Role.INSPECTOR, None) in readers(office, attachment)


def test_the_log_tells_nothing_of_a_complaints_file(office: Office, complained: Subject) -> None:
    attached(office, complained, File(name="证人某某.png", content=PNG))
    [entry] = office.register.newest(LogEntry, 1)
    assert (entry.act, entry.object, entry.reason) == ("attach", "Investigation", "")


def test_what_may_tell_who_complained_is_confidential() -> None:
    told = {kind for kind in SUBJECTS if {"feedback_id", "feedback_ids", "objection_id"} & fields(kind)}
    assert told <= CONFIDENTIAL


def fields(kind: type[Any]) -> set[str]:
    return set(kind.__dataclass_fields__)


def test_an_unknown_attachment_and_a_damaged_one_are_refused(office: Office, visited: Subject) -> None:
    with pytest.raises(NoSuchAttachment):
        read_attachment(office.register, office.by(), "404")
    content = AttachmentContent(id="0" * 64, data=base64.b64encode(b"other").decode())
    damaged = Attachment(
        id="damaged",
        subject=visited.kind,
        subject_id=visited.id,
        branch_id=OWN,
        file_name="x.png",
        media_type="image/png",
        size_bytes=5,
        content_id=content.id,
        caption="",
        attached_at=office.now,
    )
    with office.register.transaction() as transaction:
        transaction.append(content, damaged)
    with pytest.raises(AttachmentDamaged):
        read_attachment(office.register, office.by(), "damaged")
