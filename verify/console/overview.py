"""What an officer looks at: what is due today, what the public said, what was done."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from store.calendar import office_day
from store.dossier import Dossier, dossier_of, dossiers
from store.recalls import Recall, recalls
from store.records import Feedback, LogEntry
from store.register import Reader
from store.terms import BAD_GRADES
from verify.console.guard import ConsoleRoute, Desk, Officers
from verify.console.places import EVERY_OFFICER, HEARS, INSPECTS

SHOWN_TODAY = 6
SHOWN_IN_FULL = 200

router = APIRouter(prefix="/console", route_class=ConsoleRoute)


@dataclass(frozen=True, kw_only=True)
class Heard:
    """A message with the post it is about."""

    feedback: Feedback
    dossier: Dossier


@router.get("")
def today(desk: Annotated[Desk, Depends(Officers(*EVERY_OFFICER))]) -> Response:
    """Show what waits: applications, plates to come back, bad ratings."""
    day = office_day(desk.site.clock())
    with desk.site.register.snapshot() as reader:
        waiting = [each for each in dossiers(reader, desk.branch_id) if each.pending and not each.veto]
        out = _out(reader, desk)
        bad = [each for each in _heard(reader, desk) if each.grade in BAD_GRADES]
        heard = list(_with_posts(reader, bad[:SHOWN_TODAY]))
    return desk.page(
        "today.html",
        today=day,
        waiting=waiting,
        out=out,
        overdue=[each for each in out if each.is_overdue(day)],
        bad=len(bad),
        heard=heard,
        most=SHOWN_TODAY,
    )


def _out(reader: Reader, desk: Desk) -> list[Recall]:
    """Return the open recall lines the officer sees, the first due on top."""
    found = recalls(reader, branch_id=desk.branch_id) if desk.branch_id else recalls(reader)
    return sorted((each for each in found if each.is_open), key=lambda recall: recall.line.due_on)


@router.get("/feedback")
def feedback(desk: Annotated[Desk, Depends(Officers(*HEARS))]) -> Response:
    """Show what the public said, newest first; a branch officer sees the own branch."""
    only_bad = desk.asked("show") == "bad"
    with desk.site.register.snapshot() as reader:
        wanted = (each for each in _heard(reader, desk) if each.grade in BAD_GRADES or not only_bad)
        heard = list(_with_posts(reader, islice(wanted, SHOWN_IN_FULL)))
    return desk.page("feedback.html", heard=heard, only_bad=only_bad, most=SHOWN_IN_FULL)


def _heard(reader: Reader, desk: Desk) -> Iterator[Feedback]:
    if desk.branch_id:
        return reversed(reader.find(Feedback, branch_id=desk.branch_id))
    return iter(list(reader.newest(Feedback, limit=SHOWN_IN_FULL * 5)))


def _with_posts(reader: Reader, messages: Iterator[Feedback] | list[Feedback]) -> Iterator[Heard]:
    for each in messages:
        yield Heard(feedback=each, dossier=dossier_of(reader, each.post_id))


@router.get("/log")
def log(desk: Annotated[Desk, Depends(Officers(*INSPECTS))]) -> Response:
    """Show the newest acts as the ledger keeps them."""
    with desk.site.register.snapshot() as reader:
        entries, total = list(reader.newest(LogEntry, limit=SHOWN_IN_FULL)), reader.count(LogEntry)
    return desk.page("log.html", entries=entries, total=total, most=SHOWN_IN_FULL)
