"""Reports of forged plates, which concern no post, with what became of them. Leaves out the acts."""

from dataclasses import dataclass

from store.acts.authority import Authority
from store.records import Attachment, ForgeryAnswered, ForgeryReport, Role
from store.register import Reader


@dataclass(frozen=True, kw_only=True)
class Forgery:
    """One report, the committee's answer once there is one, and the photos that came with it."""

    report: ForgeryReport
    answered: ForgeryAnswered | None
    attachments: tuple[Attachment, ...]


def forgery_with(reader: Reader, report: ForgeryReport) -> Forgery:
    """Return a report with what became of it."""
    answered = reader.find(ForgeryAnswered, report_id=report.id)
    return Forgery(
        report=report,
        answered=answered[0] if answered else None,
        attachments=tuple(reader.find(Attachment, subject_id=report.id)),
    )


def forgeries_for(reader: Reader, authority: Authority, *, newest: int) -> list[Forgery]:
    """Return the newest reports, newest first.

    Raises:
        NotAllowed: the actor is not the committee.

    """
    authority.permit(Role.COMMITTEE)
    return [forgery_with(reader, each) for each in reader.newest(ForgeryReport, newest)]
