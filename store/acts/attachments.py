"""Files that belong to records: evidence, photographs, reports (F14, F18, F28, F29).

A file is kept once, under the SHA-256 of its bytes. Who may read it follows from the record it belongs to:
what belongs to a complaint, an objection or a veto is for the committee alone.
"""

import base64
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from store.acts.authority import Authority, Deed, enact
from store.documents import UnknownKind, kind_named
from store.file_types import media_type_of, safe_name
from store.records import (
    KINDS,
    UNLOGGED,
    Addition,
    Attachment,
    AttachmentContent,
    CallBack,
    ContactRead,
    Feedback,
    ForgeryAnswered,
    ForgeryReport,
    Investigation,
    Objection,
    ObjectionSettled,
    Officer,
    OfficerChange,
    OfficerDisabled,
    Organisation,
    OrganisationKind,
    Post,
    Record,
    ReRating,
    Role,
    Settlement,
    Veto,
    VetoCorrection,
)
from store.refusals import Refusal
from store.register import Reader, Register

LARGEST_BYTES = 5 * 1024 * 1024

CONFIDENTIAL: frozenset[type[Record]] = frozenset(
    {
        Feedback,
        Addition,
        CallBack,
        Settlement,
        ReRating,
        ForgeryReport,
        ForgeryAnswered,
        Investigation,
        Objection,
        ObjectionSettled,
        Veto,
        VetoCorrection,
    }
)
"""Records whose files only the committee reads: they may tell who complained."""

SUBJECTS = tuple(
    kind
    for kind in KINDS
    if kind
    not in {*UNLOGGED, Officer, OfficerChange, OfficerDisabled, ContactRead, Attachment, AttachmentContent}
)
"""The record classes that files can belong to."""


class NoSuchSubject(Refusal):
    """There is no record of this class and id that files can belong to. Remedy: compare both."""

    clause_id = "F29"
    reason_zh = "没有可以附文件的记录“{kind} {subject_id}”。"
    reason_en = "There is no record {kind} {subject_id!r} that a file can belong to."
    remedy_zh = "请核对记录类别（如 Inspection、Rectification）和编号。"
    remedy_en = "Compare the class (such as Inspection or Rectification) and the number."


class FileTooLarge(Refusal):
    """A file is larger than is kept, or empty. Remedy: make it smaller."""

    clause_id = "F29"
    reason_zh = "“{file_name}”有{size_bytes}字节，应在1至{largest_bytes}字节之间。"
    reason_en = "{file_name!r} has {size_bytes} bytes; 1 to {largest_bytes} are taken."
    remedy_zh = "请压缩图片或拆分文件后再上传。"
    remedy_en = "Make the picture smaller, or split the file."


class AlreadyAttached(Refusal):
    """The record has just this file. Remedy: none is needed."""

    clause_id = "F29"
    reason_zh = "该记录已附有内容相同的文件（{attachment_id}，{file_name}）。"
    reason_en = "The record has a file of the same content ({attachment_id}, {file_name!r})."
    remedy_zh = "无需重复上传。"
    remedy_en = "Nothing has to be done."


class NoSuchAttachment(Refusal):
    """No attachment has this id. Remedy: look at the list."""

    clause_id = "F29"
    reason_zh = "没有编号为“{attachment_id}”的附件。"
    reason_en = "There is no attachment {attachment_id!r}."
    remedy_zh = "请对照附件清单核对。"
    remedy_en = "Compare it with the list."


class AttachmentDamaged(Refusal):
    """The bytes kept are not those attached. Remedy: restore the register from a backup."""

    clause_id = "F29"
    reason_zh = "附件{attachment_id}的内容与登记时不一致。"
    reason_en = "The bytes of attachment {attachment_id} are not those that were attached."
    remedy_zh = "请保留现状备查，核对台账（gangpai ledger verify），从备份恢复。"
    remedy_en = "Keep it as it is, verify the ledger (gangpai ledger verify), restore a backup."


@dataclass(frozen=True, kw_only=True)
class Subject:
    """The record a file belongs to: the name of its class, and its id."""

    kind: str
    id: str


@dataclass(frozen=True, kw_only=True)
class File:
    """A file as it was handed in."""

    name: str
    content: bytes
    caption: str = ""


def attach(register: Register, authority: Authority, subject: Subject, file: File) -> Attachment:
    """Keep a file with a record.

    Raises:
        FileTooLarge, UnknownFileType, FileHoldsMacros: the file is not taken.
        NoSuchSubject, NotAllowed: there is no such record, or it is not the actor's.
        AlreadyAttached: the record has it; nothing changes.

    """
    _check_size(file)
    content = _content(file)
    with register.transaction() as transaction:
        branch_id = _permitted(transaction, authority, subject)
        earlier = attachments_of(transaction, subject)
        _check_new(earlier, content)
        attachment = _attachment(
            subject, file, number=len(earlier) + 1, at=authority.now, branch_id=branch_id
        )
        kept = transaction.get(AttachmentContent, content.id)
        enact(transaction, authority, _deed(attachment), [attachment] if kept else [content, attachment])
    return attachment


def enclosed(
    reader: Reader, subject: Subject, files: Sequence[File], at: datetime
) -> Iterator[Attachment | AttachmentContent]:
    """Yield the records of the files that come with a message of the public, each content once.

    Whoever receives the message appends them with it, in the same act.

    Raises:
        FileTooLarge, UnknownFileType, FileHoldsMacros: a file is not taken.

    """
    different = {_content(each): each for each in files}
    first = len(attachments_of(reader, subject)) + 1
    for number, (content, file) in enumerate(different.items(), first):
        _check_size(file)
        if reader.get(AttachmentContent, content.id) is None:
            yield content
        yield _attachment(subject, file, number=number, at=at, branch_id=None)


def _attachment(
    subject: Subject, file: File, *, number: int, at: datetime, branch_id: str | None
) -> Attachment:
    media_type = media_type_of(file.name, file.content)
    return Attachment(
        id=f"{subject.kind}-{subject.id}-{number}",
        subject=subject.kind,
        subject_id=subject.id,
        branch_id=branch_id,
        file_name=safe_name(file.name, media_type),
        media_type=media_type,
        size_bytes=len(file.content),
        content_id=_content(file).id,
        caption=file.caption.strip(),
        attached_at=at,
    )


def _deed(attachment: Attachment) -> Deed:
    """Say in the log what a file belongs to, but of complaints neither the receipt nor the file's name."""
    if kind_named(attachment.subject) in CONFIDENTIAL:
        return Deed(act="attach", object=attachment.subject)
    return Deed(
        act="attach", object=f"{attachment.subject} {attachment.subject_id}", reason=attachment.file_name
    )


def attachments_of(reader: Reader, subject: Subject) -> list[Attachment]:
    """Return the attachments of a record, oldest first."""
    return [each for each in reader.find(Attachment, subject_id=subject.id) if each.subject == subject.kind]


def read_attachment(reader: Reader, authority: Authority, attachment_id: str) -> tuple[Attachment, bytes]:
    """Return an attachment and its bytes. They are whatever somebody handed in: never show them in a page.

    Raises:
        NoSuchAttachment, NotAllowed: there is none, or it is not for the actor.
        AttachmentDamaged: its bytes are not those attached.

    """
    found = reader.get(Attachment, attachment_id)
    if found is None:
        raise NoSuchAttachment(attachment_id=attachment_id)
    check_may_read(authority, found)
    kept = reader.get(AttachmentContent, found.content_id)
    content = base64.b64decode(kept.data) if kept else b""
    if hashlib.sha256(content).hexdigest() != found.content_id:
        raise AttachmentDamaged(attachment_id=attachment_id)
    return found, content


def check_may_read(authority: Authority, attachment: Attachment) -> None:
    """Let those pass who may read an attachment.

    Raises:
        NotAllowed: it belongs to a complaint, or to another branch.

    """
    if kind_named(attachment.subject) in CONFIDENTIAL:
        authority.permit(Role.COMMITTEE)
    else:
        readers = (Role.COMMITTEE, Role.INSPECTOR, Role.BRANCH_OFFICER)
        authority.permit(*readers, branch_id=attachment.branch_id)


def _check_size(file: File) -> None:
    if not 0 < len(file.content) <= LARGEST_BYTES:
        raise FileTooLarge(file_name=file.name, size_bytes=len(file.content), largest_bytes=LARGEST_BYTES)


def _content(file: File) -> AttachmentContent:
    return AttachmentContent(
        id=hashlib.sha256(file.content).hexdigest(), data=base64.b64encode(file.content).decode()
    )


def _permitted(reader: Reader, authority: Authority, subject: Subject) -> str | None:
    """Return the branch that a record belongs to, if the actor may attach to it."""
    kind = _kind(subject)
    if kind in CONFIDENTIAL:
        authority.permit(Role.COMMITTEE)  # before it is told whether there is such a complaint
    record = reader.get(kind, subject.id)
    if record is None:
        raise NoSuchSubject(kind=subject.kind, subject_id=subject.id)
    if kind in CONFIDENTIAL:
        return None
    branch_id = _branch_of(reader, record)
    authority.permit(Role.COMMITTEE, Role.BRANCH_OFFICER, branch_id=branch_id)
    return branch_id


def _kind(subject: Subject) -> type[Record]:
    try:
        kind = kind_named(subject.kind)
    except UnknownKind:
        kind = Record
    if kind not in SUBJECTS:
        raise NoSuchSubject(kind=subject.kind, subject_id=subject.id)
    return kind


def _branch_of(reader: Reader, record: Record) -> str | None:
    if isinstance(record, Organisation):
        return record.id if record.kind is OrganisationKind.GENERAL_BRANCH else None
    if branch_id := getattr(record, "branch_id", None):
        return str(branch_id)
    post = reader.get(Post, getattr(record, "post_id", ""))
    return post.branch_id if post else None


def _check_new(earlier: list[Attachment], content: AttachmentContent) -> None:
    for each in earlier:
        if each.content_id == content.id:
            raise AlreadyAttached(attachment_id=each.id, file_name=each.file_name)
