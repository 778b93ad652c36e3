"""What an officer looks at: what is due today, what was done."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from store.calendar import office_day
from store.dossier import dossiers
from store.feedback import ACTS_OF_THE_PUBLIC
from store.recalls import Recall, recalls
from store.records import LogEntry
from store.register import Reader
from verify.console.feedback import open_complaints, with_posts
from verify.console.guard import ConsoleRoute, Desk, Officers
from verify.console.places import EVERY_OFFICER, INSPECTS

SHOWN_TODAY = 6
SHOWN_IN_FULL = 200

router = APIRouter(prefix="/console", route_class=ConsoleRoute)


@router.get("")
def today(desk: Annotated[Desk, Depends(Officers(*EVERY_OFFICER))]) -> Response:
    """Show what waits: applications, plates to come back, complaints to be answered."""
    day = office_day(desk.site.clock())
    with desk.site.register.snapshot() as reader:
        waiting = [each for each in dossiers(reader, desk.branch_id) if each.pending]
        out = _out(reader, desk)
        owed = open_complaints(reader, desk)
        heard = list(with_posts(reader, owed[:SHOWN_TODAY]))
    return desk.page(
        "today.html",
        today=day,
        waiting=waiting,
        out=out,
        overdue=[each for each in out if each.is_overdue(day)],
        owed=owed,
        late=[each for each in owed if each.is_overdue],
        heard=heard,
        most=SHOWN_TODAY,
    )


def _out(reader: Reader, desk: Desk) -> list[Recall]:
    """Return the open recall lines the officer sees, the first due on top."""
    found = recalls(reader, branch_id=desk.branch_id) if desk.branch_id else recalls(reader)
    return sorted((each for each in found if each.is_open), key=lambda recall: recall.line.due_on)


@router.get("/log")
def log(desk: Annotated[Desk, Depends(Officers(*INSPECTS))]) -> Response:
    """Show the newest acts as the ledger keeps them; the moment somebody spoke is the committee's alone."""
    desk.authority.permit(*INSPECTS)
    with desk.site.register.snapshot() as reader:
        entries, total = list(reader.newest(LogEntry, limit=SHOWN_IN_FULL)), reader.count(LogEntry)
    by_day = frozenset() if desk.reads_complaints else ACTS_OF_THE_PUBLIC
    return desk.page("log.html", entries=entries, total=total, most=SHOWN_IN_FULL, by_day=by_day)
