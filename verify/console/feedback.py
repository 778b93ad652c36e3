"""What the public said, as far as the officer may know it, and how the committee answers."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from store.acts.answering import call_back, settle
from store.dossier import Dossier, dossier_of
from store.feedback import TERM_STATE_ZH, Heard, complaints_for, messages_for
from store.records import Role
from store.refusals import Refusal
from store.register import Reader
from verify.console.guard import ConsoleRoute, Desk, Officers, see_other, status_of
from verify.console.places import HEARS

SHOWN_IN_FULL = 200

router = APIRouter(prefix="/console/feedback", route_class=ConsoleRoute)
CommitteeAtDesk = Annotated[Desk, Depends(Officers(Role.COMMITTEE))]


@dataclass(frozen=True, kw_only=True)
class About:
    """A message with the post it is about."""

    heard: Heard
    dossier: Dossier


@router.get("")
def feedback(desk: Annotated[Desk, Depends(Officers(*HEARS))]) -> Response:
    """Show what the public said, newest first; complaints to the committee only (F25)."""
    return _answer(desk)


@router.post("/{receipt}/call-back")
def enter_call_back(desk: CommitteeAtDesk, receipt: str) -> Response:
    """Enter that the giver of a message was called back, or what was tried instead."""
    return _done(
        desk, lambda: call_back(desk.site.register, desk.authority, receipt, note=desk.said("words"))
    )


@router.post("/{receipt}/settle")
def enter_settlement(desk: CommitteeAtDesk, receipt: str) -> Response:
    """Close a message with an answer that its receipt page shows."""
    return _done(desk, lambda: settle(desk.site.register, desk.authority, receipt, answer=desk.said("words")))


def open_complaints(reader: Reader, desk: Desk) -> list[Heard]:
    """Return the messages that wait for an answer, oldest first; nothing for whoever may not read them."""
    if not desk.reads_complaints:
        return []
    return [each for each in reversed(complaints_for(reader, desk.authority)) if each.is_open]


def with_posts(reader: Reader, messages: Sequence[Heard]) -> Iterator[About]:
    """Put each message beside its post."""
    for each in messages:
        yield About(heard=each, dossier=dossier_of(reader, each.post_id))


def _done(desk: Desk, act: Callable[[], object]) -> Response:
    """Do an act and show the list again; a refused one comes back with everything that was filled in."""
    try:
        act()
    except Refusal as refusal:
        return _answer(desk, refusal)
    return see_other("/console/feedback?show=open&done=1")


def _answer(desk: Desk, refusal: Refusal | None = None) -> Response:
    shown = ("open" if refusal else desk.asked("show")) if desk.reads_complaints else ""
    with desk.site.register.snapshot() as reader:
        heard = list(with_posts(reader, _chosen(reader, desk, shown)))
    return desk.page(
        "feedback.html",
        status=status_of(refusal) if refusal else 200,
        heard=heard,
        shown=shown,
        most=SHOWN_IN_FULL,
        states=TERM_STATE_ZH,
        refusal=refusal,
        tried=desk.request.path_params.get("receipt", ""),
        done=bool(desk.asked("done")),
    )


def _chosen(reader: Reader, desk: Desk, shown: str) -> Sequence[Heard]:
    if shown == "open":
        return open_complaints(reader, desk)
    if shown == "bad":
        return complaints_for(reader, desk.authority)[:SHOWN_IN_FULL]
    return messages_for(reader, desk.authority, newest=SHOWN_IN_FULL)
