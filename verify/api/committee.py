"""What concerns the whole organisation: the public's words, the log of acts, and everything that was decided.

Nothing here tells who spoke: no receipt, no contact, no moment finer than a day.
"""

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from pydantic import Field

from store import ledger, records
from store.calendar import office_day
from store.feedback import ACTS_OF_THE_PUBLIC, Heard, messages_for, reads_complaints
from store.records import Channel, Feedback, Grade, LogEntry, Record, Scope, Topic
from store.transfer import export_pieces
from verify.api.cursors import Asked, Paging
from verify.api.doors import ApiRoute, Scoped, Tool
from verify.api.told import BranchId, Page, PostNumber, Told, errors

router = APIRouter(route_class=ApiRoute, tags=["committee"])

DECIDED: tuple[type[Record], ...] = (
    records.Organisation, records.OrganisationRenamed, records.BranchPlan, records.Post, records.Application,
    records.PublicNotice, records.ApplicationReturned, records.Approval, records.Copy, records.Placement,
    records.Damage, records.Loss, records.Return, records.Departure, records.PaperSurvey, records.Inspection,
    records.Award, records.Assessment, records.Rectification, records.RectificationClosed, records.PostEnd,
    records.Veto, records.VetoCorrection, records.RecallLine, records.Commitment, records.ExemplaryDeed,
    records.Supervision, records.YearSummary,
)  # fmt: skip
"""What an export over the network holds: decisions, but no accounts, no words of the public, no files."""


class HeardMessage(Told):
    """What somebody said; never who."""

    post: PostNumber
    branch: BranchId
    topic: Topic
    channel: Channel
    grade: Grade | None
    re_rated: Grade | None
    comment: str
    given_on: date
    answer: str
    waiting: Annotated[bool, Field(description="Whether it still has to be settled.")]
    overdue: bool


class LoggedAct(Told):
    """An act as the log keeps it; for who may not read complaints, `at` is null where it tells who spoke."""

    number: int
    on: date
    at: datetime | None
    actor: str
    act: str
    object: str
    reason: str


@router.get("/office/feedback", summary="群众意见 · What the public said", responses=errors(422))
def office_feedback(
    tool: Annotated[Tool, Depends(Scoped(Scope.FEEDBACK_READ))],
    asked: Annotated[Asked, Depends(Paging("office/feedback"))],
) -> Page[HeardMessage]:
    """List all messages, complaints among them, newest first. Only the committee's tools can have this."""
    with tool.site.register.snapshot() as reader:
        total = reader.count(Feedback)
        end = total if asked.after is None else min(total, int(asked.after[0]))
        newer = total - end
        found = messages_for(reader, tool.authority, newest=newer + asked.limit)[newer:]
    following = asked.following((end - asked.limit,)) if end > asked.limit else None
    return Page(items=[_heard(each) for each in found], next=following)


def _heard(heard: Heard) -> HeardMessage:
    return HeardMessage(
        post=heard.post_id,
        branch=heard.branch_id,
        topic=heard.topic,
        channel=heard.channel,
        grade=heard.grade,
        re_rated=heard.re_rated,
        comment=heard.comment,
        given_on=heard.given_on,
        answer=heard.answer,
        waiting=heard.is_open,
        overdue=heard.is_overdue,
    )


@router.get("/office/ledger", summary="办理记录 · The log of acts", responses=errors(422))
def office_ledger(
    tool: Annotated[Tool, Depends(Scoped(Scope.LEDGER_READ))],
    asked: Annotated[Asked, Depends(Paging("office/ledger"))],
) -> Page[LoggedAct]:
    """List the acts, newest first, with who did them and why."""
    by_day = frozenset() if reads_complaints(tool.authority) else ACTS_OF_THE_PUBLIC
    with tool.site.register.snapshot() as reader:
        last = reader.count(LogEntry) if asked.after is None else int(asked.after[0]) - 1
        first = max(1, last - asked.limit + 1)
        entries = [ledger.entry_at(reader, number) for number in range(last, first - 1, -1)]
    following = asked.following((first,)) if first > 1 else None
    return Page(items=[_logged(each, by_day) for each in entries], next=following)


def _logged(entry: LogEntry, by_day: frozenset[str]) -> LoggedAct:
    return LoggedAct(
        number=entry.number,
        on=office_day(entry.at),
        at=None if entry.act in by_day else entry.at,
        actor=entry.actor,
        act=entry.act,
        object=entry.object,
        reason=entry.reason,
    )


@router.get(
    "/office/export",
    summary="导出 · Everything that was decided",
    response_model=dict[str, dict[str, dict[str, Any]]],
)
def office_export(tool: Annotated[Tool, Depends(Scoped(Scope.EXPORT_READ))]) -> Response:
    """Return every record of a decision, by class and number, in one consistent state.

    Accounts, the words of the public and files are not in it: a backup is made beside the register.
    """
    with tool.site.register.snapshot() as reader:
        content = b"".join(export_pieces(reader, DECIDED))
    return Response(content, media_type="application/json")
