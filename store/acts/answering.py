"""Answering the public (F25): call-backs, settlements, and contacts read for it; the committee's alone.

Receipt codes and what was said stay out of the log: it names the post, and why a contact was read.
"""

from store.acts.authority import Authority, Deed, enact, stated
from store.acts.voice import message_of
from store.contacts import OpeningKey
from store.feedback import answers_to
from store.records import CallBack, ContactRead, Feedback, ForgeryReport, Objection, Role, Settlement
from store.refusals import Refusal
from store.register import Reader, Register


class AlreadySettled(Refusal):
    """The message was settled before; the first answer stands. Remedy: none is needed."""

    clause_id = "F25"
    reason_zh = "意见“{receipt}”已于{when}处理完毕，回执页显示的是当时的答复。"
    reason_en = "Message {receipt!r} was settled at {when}; the receipt page shows that answer."
    remedy_zh = "无需重复办理。"
    remedy_en = "Nothing has to be done."


class NoContact(Refusal):
    """Whoever spoke left no contact. Remedy: answer on the receipt page."""

    clause_id = "F25"
    reason_zh = "“{subject_id}”没有留下联系方式。"
    reason_en = "No contact was left with {subject_id!r}."
    remedy_zh = "请直接在回执页答复（gangpai feedback settle）。"
    remedy_en = "Answer on the receipt page (gangpai feedback settle)."


def call_back(register: Register, authority: Authority, receipt: str, *, note: str) -> CallBack:
    """Enter that whoever gave a message was called back, or what was tried instead; as often as needed.

    Raises:
        NotAllowed: the actor is not the committee.
        ReasonMissing, NoSuchMessage: nothing is stated, or there is no such message.
        AlreadySettled: the matter is closed; nothing changes.

    """
    authority.permit(Role.COMMITTEE)
    note = stated(note, what_zh="回访情况", what_en="account of the call-back")
    with register.transaction() as transaction:
        feedback = _unsettled(transaction, receipt)
        number = len(transaction.find(CallBack, feedback_id=feedback.id)) + 1
        called = CallBack(
            id=f"{feedback.id}-K{number}",
            feedback_id=feedback.id,
            post_id=feedback.post_id,
            note=note,
            called_at=authority.now,
        )
        enact(transaction, authority, Deed(act="call back", object=feedback.post_id), [called])
    return called


def settle(register: Register, authority: Authority, receipt: str, *, answer: str) -> Settlement:
    """Close a message with an answer that the receipt page shows; a 差评 may then be graded once more.

    Raises:
        NotAllowed: the actor is not the committee.
        ReasonMissing, NoSuchMessage: there is no answer, or no such message.
        AlreadySettled: the first answer stands; nothing changes.

    """
    authority.permit(Role.COMMITTEE)
    answer = stated(answer, what_zh="答复", what_en="answer")
    with register.transaction() as transaction:
        feedback = _unsettled(transaction, receipt)
        settled = Settlement(
            id=f"{feedback.id}-A",
            feedback_id=feedback.id,
            post_id=feedback.post_id,
            answer=answer,
            settled_at=authority.now,
        )
        enact(transaction, authority, Deed(act="settle", object=feedback.post_id), [settled])
    return settled


def read_contact(
    register: Register, authority: Authority, subject_id: str, *, reason: str, key: OpeningKey
) -> str:
    """Open the contact left with a message, an objection or a report; that it was read is on record first.

    Raises:
        NotAllowed: the actor is not the committee.
        ReasonMissing, NoSuchMessage, NoContact: there is no reason, or nothing to open.
        CannotBeOpened: the key is another one, or the contact was altered; nothing is entered.

    """
    authority.permit(Role.COMMITTEE)
    reason = stated(reason, what_zh="查看理由", what_en="reason for reading it")
    with register.transaction() as transaction:
        subject = _left_with(transaction, subject_id)
        contact = key.unseal(subject.sealed_contact, subject_id=subject.id)
        number = len(transaction.find(ContactRead, subject_id=subject.id)) + 1
        read = ContactRead(
            id=f"{subject.id}-C{number}", subject_id=subject.id, reason=reason, read_at=authority.now
        )
        enact(transaction, authority, Deed(act="read contact", object=_about(subject), reason=reason), [read])
    return contact


def _unsettled(reader: Reader, receipt: str) -> Feedback:
    feedback = message_of(reader, receipt)
    if earlier := answers_to(reader, feedback.id).settlement:
        raise AlreadySettled(receipt=feedback.id, when=earlier.settled_at)
    return feedback


def _left_with(reader: Reader, subject_id: str) -> Feedback | Objection | ForgeryReport:
    receipt = subject_id.strip().upper()
    about_no_post = reader.get(Objection, receipt) or reader.get(ForgeryReport, receipt)
    subject = about_no_post or message_of(reader, subject_id)
    if not subject.sealed_contact:
        raise NoContact(subject_id=subject_id)
    return subject


def _about(subject: Feedback | Objection | ForgeryReport) -> str:
    if isinstance(subject, ForgeryReport):
        return ForgeryReport.__name__
    return subject.post_id if isinstance(subject, Feedback) else subject.notice_id
