"""Reports of forged plates, which concern no post, with what became of them. Leaves out the acts."""

from dataclasses import dataclass

from store.acts.authority import Authority
from store.records import Attachment, ForgeryAnswered, ForgeryReport, Role
from store.register import Link, Reader, Related

_ANSWERS = Link(kind=ForgeryAnswered, by="report_id", to="id")
_ATTACHMENTS = Link(kind=Attachment, by="subject_id", to="id")
_BELONGING = (_ANSWERS, _ATTACHMENTS)


@dataclass(frozen=True, kw_only=True)
class Forgery:
    """One report, the committee's answer once there is one, and the photos that came with it."""

    report: ForgeryReport
    answered: ForgeryAnswered | None
    attachments: tuple[Attachment, ...]


def forgery_with(reader: Reader, report: ForgeryReport) -> Forgery:
    """Return a report with what became of it."""
    [found] = reader.related(ForgeryReport, "id", [report.id], _BELONGING)[report.id]
    return _forgery(found)


def forgeries_for(reader: Reader, authority: Authority, *, newest: int) -> list[Forgery]:
    """Return the newest reports, newest first, read with what belongs to them by one question.

    Raises:
        NotAllowed: the actor is not the committee.

    """
    authority.permit(Role.COMMITTEE)
    receipts = [each.id for each in reader.newest(ForgeryReport, newest)]
    found = reader.related(ForgeryReport, "id", receipts, _BELONGING)
    return [_forgery(each) for receipt in receipts for each in found[receipt]]


def _forgery(found: Related[ForgeryReport]) -> Forgery:
    return Forgery(
        report=found.record,
        answered=next(iter(found.linked(_ANSWERS)), None),
        attachments=tuple(found.linked(_ATTACHMENTS)),
    )
