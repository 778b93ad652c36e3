"""Suspected forgeries (F25): somebody reports a plate that the register does not know; the committee answers.

Neither the report's words nor its receipt code enter the log.
"""

from dataclasses import dataclass

from store.acts.attachments import File, Subject, enclosed
from store.acts.authority import Authority, Deed, enact, stated
from store.acts.voice import AlreadyReceived
from store.codes import PlateCode, PlateNumber
from store.records import ForgeryAnswered, ForgeryReport, Role
from store.refusals import Refusal
from store.register import Reader, Register

PLACE_LONGEST = 100
LOOKS_LONGEST = 500
_RECEIPT_SHOWN = 40


class ForgeryTooLong(Refusal):
    """A field of the report is longer than is kept. Remedy: shorten it."""

    clause_id = "F25"
    reason_zh = "“{field_zh}”有{length}个字，超过{longest}个字。"
    reason_en = "The field {field_en!r} has {length} characters; {longest} are taken."
    remedy_zh = "请删减后再提交；您写的内容仍在输入框中。"
    remedy_en = "Shorten it and send it again."


class NoSuchForgery(Refusal):
    """No report of a forgery has this receipt code. Remedy: compare it with the receipt."""

    clause_id = "F25"
    reason_zh = "没有回执编号为“{receipt}”的伪造线索。"
    reason_en = "There is no report of a forgery {receipt!r}."
    remedy_zh = "请核对回执编号。"
    remedy_en = "Compare it with the receipt."


class ForgeryAnsweredBefore(Refusal):
    """The report was answered before; the first answer stands. Remedy: none is needed."""

    clause_id = "F25"
    reason_zh = "这条线索已于{when}答复，回执页显示的是当时的答复。"
    reason_en = "The report was answered at {when}; the receipt page shows that answer."
    remedy_zh = "无需重复办理。"
    remedy_en = "Nothing has to be done."


@dataclass(frozen=True, kw_only=True)
class Suspicion:
    """What somebody reports of a plate: where it hangs, what it looks like, and what was scanned.

    `sealed_contact` was sealed by whoever received it (contacts.py).
    """

    receipt: str
    place: str
    looks: str = ""
    scanned: str = ""
    sealed_contact: str = ""
    photos: tuple[File, ...] = ()


def report_forgery(register: Register, authority: Authority, new: Suspicion) -> ForgeryReport:
    """Receive a report of a plate that may be forged; of what was scanned only what has our form is kept.

    Raises:
        NotAllowed: an officer speaks in the public's place.
        ReasonMissing, ForgeryTooLong: it does not say where, or too much.
        AlreadyReceived: the receipt code is taken; nothing changes.

    """
    authority.permit(Role.PUBLIC)
    report = ForgeryReport(
        id=new.receipt,
        place=_short(stated(new.place, what_zh="所在地点", what_en="place"), PLACE_LONGEST, "地点", "place"),
        looks=_short(new.looks.strip(), LOOKS_LONGEST, "样子", "looks"),
        scanned=of_our_form(new.scanned),
        sealed_contact=new.sealed_contact,
        reported_at=authority.now,
    )
    with register.transaction() as transaction:
        if transaction.get(ForgeryReport, report.id):
            raise AlreadyReceived(receipt=report.id)
        subject = Subject(kind=ForgeryReport.__name__, id=report.id)
        photos = enclosed(transaction, subject, new.photos, authority.now)
        about = Deed(act="report forgery", object=ForgeryReport.__name__)
        enact(transaction, authority, about, [report, *photos])
    return report


def answer_forgery(register: Register, authority: Authority, receipt: str, *, answer: str) -> ForgeryAnswered:
    """Answer a report of a forgery; its receipt page shows the answer.

    Raises:
        NotAllowed: the actor is not the committee.
        ReasonMissing, NoSuchForgery: there is no answer, or no such report.
        ForgeryAnsweredBefore: the first answer stands; nothing changes.

    """
    authority.permit(Role.COMMITTEE)
    answer = stated(answer, what_zh="答复", what_en="answer")
    with register.transaction() as transaction:
        report = report_of(transaction, receipt)
        for earlier in transaction.find(ForgeryAnswered, report_id=report.id):
            raise ForgeryAnsweredBefore(when=earlier.answered_at)
        answered = ForgeryAnswered(
            id=f"{report.id}-A", report_id=report.id, answer=answer, answered_at=authority.now
        )
        about = Deed(act="answer forgery", object=ForgeryReport.__name__)
        enact(transaction, authority, about, [answered])
    return answered


def report_of(reader: Reader, receipt: str) -> ForgeryReport:
    """Return the report a receipt code belongs to.

    Raises:
        NoSuchForgery: it is nobody's.

    """
    report = reader.get(ForgeryReport, receipt.strip().upper())
    if report is None:
        raise NoSuchForgery(receipt=receipt[:_RECEIPT_SHOWN])
    return report


def of_our_form(scanned: str) -> str:
    """Return what was scanned if it is spelled like a code or a number of ours; else nothing."""
    for kind in (PlateCode, PlateNumber):
        try:
            return _spelled(kind.parse(scanned))
        except Refusal:
            continue
    return ""


def _spelled(name: PlateCode | PlateNumber) -> str:
    return name.text if isinstance(name, PlateCode) else str(name)


def _short(text: str, longest: int, field_zh: str, field_en: str) -> str:
    if len(text) > longest:
        raise ForgeryTooLong(field_zh=field_zh, field_en=field_en, length=len(text), longest=longest)
    return text
