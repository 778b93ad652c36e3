"""The page of one message: all the committee may know of it, and what the committee does about it (F21, F25).

Shows the words, the photos, the plate and the post they are about, what was said of the post before, how far
the matter has come as its giver sees it, and whether a contact was opened. Here it is called back, looked
into, answered, and led on to a veto. Leaves out the list (feedback.py) and how a contact is opened: that
takes the key file, which no web page has.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from store.acts.answering import call_back, settle
from store.acts.voice import Conclusion, NoSuchMessage, conclude_investigation, message_of
from store.dossier import Dossier, dossier_of
from store.feedback import (
    Heard,
    Particulars,
    answers_to,
    looked_into_on,
    messages_for,
    messages_named,
)
from store.lookup import place_of, standing_in
from store.records import (
    CallBack,
    ContactRead,
    Copy,
    Finding,
    Investigation,
    Role,
    Settlement,
    Veto,
    VetoCorrection,
)
from store.refusals import Refusal
from store.register import Reader
from store.standing import Standing
from verify.console.guard import ConsoleRoute, Desk, Officers, see_other, status_of
from verify.console.posts import conclusion_of

EARLIER_MOST = 12

router = APIRouter(prefix="/console/feedback", route_class=ConsoleRoute)
CommitteeAtDesk = Annotated[Desk, Depends(Officers(Role.COMMITTEE))]


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """The plate a message was spoken of, how it stands now and where it is."""

    copy: Copy
    standing: Standing
    place: str


@dataclass(frozen=True, kw_only=True)
class Grounded:
    """A veto that rests on an investigation of a message, and whether it was taken back since."""

    veto: Veto
    taken_back: bool


@dataclass(frozen=True, kw_only=True)
class MessagePage:
    """Everything the page of a message shows; `looked_into_on` is the day its giver reads on the receipt."""

    heard: Heard
    known: Particulars
    dossier: Dossier
    plate: Spoken | None
    calls: tuple[CallBack, ...]
    settlement: Settlement | None
    looked_into_on: date | None
    contact_reads: tuple[ContactRead, ...]
    earlier: tuple[Heard, ...]
    vetoes: tuple[Grounded, ...]

    @property
    def ground(self) -> Investigation | None:
        """The investigation of this message that a veto for cause 3 can rest on (F21), the newest."""
        found = [each for each in self.known.investigations if each.finding is Finding.SUBSTANTIATED]
        return found[-1] if found else None

    @property
    def is_settled(self) -> bool:
        """Whether an answer was given, whether or not one was owed."""
        return self.settlement is not None


@router.get("/{receipt}")
def message(desk: CommitteeAtDesk, receipt: str) -> Response:
    """Show a message with all that belongs to it."""
    return _answer(desk, receipt)


@router.post("/{receipt}/call-back")
def enter_call_back(desk: CommitteeAtDesk, receipt: str) -> Response:
    """Enter that the giver of a message was called back, or what was tried instead."""
    note = desk.said("words")
    return _done(
        desk, receipt, "call-back", lambda: call_back(desk.site.register, desk.authority, receipt, note=note)
    )


@router.post("/{receipt}/settle")
def enter_settlement(desk: CommitteeAtDesk, receipt: str) -> Response:
    """Close a message with an answer that its receipt page shows."""
    answer = desk.said("words")
    return _done(
        desk, receipt, "settle", lambda: settle(desk.site.register, desk.authority, receipt, answer=answer)
    )


@router.post("/{receipt}/investigate")
def enter_finding(desk: CommitteeAtDesk, receipt: str) -> Response:
    """Enter what an investigation of this message, and of others about the same post, has found (F21)."""
    return _done(desk, receipt, "investigate", lambda: _conclude(desk, receipt))


def _conclude(desk: Desk, receipt: str) -> Investigation:
    spoken, told = message_of(desk.site.register, receipt), conclusion_of(desk)
    looked_into = tuple(dict.fromkeys((spoken.id, *told.feedback_ids)))
    whole = Conclusion(finding=told.finding, facts=told.facts, feedback_ids=looked_into)
    return conclude_investigation(desk.site.register, desk.authority, spoken.post_id, whole)


def _done(desk: Desk, receipt: str, name: str, act: Callable[[], object]) -> Response:
    """Do an act and show the message again; a refused one comes back with everything that was filled in."""
    try:
        act()
    except NoSuchMessage:
        raise
    except Refusal as refusal:
        return _answer(desk, receipt, tried=name, refusal=refusal)
    return see_other(f"/console/feedback/{receipt}?done={name}")


def _answer(desk: Desk, receipt: str, *, tried: str = "", refusal: Refusal | None = None) -> Response:
    with desk.site.register.snapshot() as reader:
        page = message_page(reader, desk, receipt)
    return desk.page(
        "message.html",
        status=status_of(refusal) if refusal else 200,
        page=page,
        refusal=refusal,
        tried=tried,
        done=desk.asked("done"),
        findings=list(Finding),
        policy=desk.authority.policy,
    )


def message_page(reader: Reader, desk: Desk, receipt: str) -> MessagePage:
    """Gather the page of a message.

    Raises:
        NoSuchMessage: no message has this receipt.
        NotAllowed: the officer is not of the committee.

    """
    spoken = message_of(reader, receipt)
    [heard] = messages_named(reader, desk.authority, [spoken.id])
    if heard.particulars is None:
        raise LookupError(f"{receipt} is told in part to whoever reads complaints")
    answers = answers_to(reader, spoken.id)
    return MessagePage(
        heard=heard,
        known=heard.particulars,
        dossier=dossier_of(reader, spoken.post_id),
        plate=_plate(reader, desk, spoken.copy_id),
        calls=tuple(reader.find(CallBack, feedback_id=spoken.id)),
        settlement=answers.settlement,
        looked_into_on=looked_into_on(reader, spoken, answers),
        contact_reads=tuple(reader.find(ContactRead, subject_id=spoken.id)),
        earlier=_earlier(reader, desk, heard),
        vetoes=_vetoes(reader, heard.particulars, spoken.post_id),
    )


def _plate(reader: Reader, desk: Desk, copy_id: str) -> Spoken | None:
    copy = reader.get(Copy, copy_id) if copy_id else None
    if copy is None:
        return None
    standing = standing_in(reader, copy, desk.site.clock())
    return Spoken(copy=copy, standing=standing, place=place_of(reader, copy))


def _earlier(reader: Reader, desk: Desk, heard: Heard) -> tuple[Heard, ...]:
    """Return the newest other messages about the post that say more than a grade."""
    about = messages_for(reader, desk.authority, post_id=heard.post_id, newest=EARLIER_MOST * 10)
    return tuple(each for each in about if each != heard and each.says_more)[:EARLIER_MOST]


def _vetoes(reader: Reader, known: Particulars, post_id: str) -> tuple[Grounded, ...]:
    grounds = {each.id for each in known.investigations}
    taken_back = {each.veto_id for each in reader.find(VetoCorrection, post_id=post_id)}
    cast = reader.find(Veto, post_id=post_id)
    return tuple(
        Grounded(veto=each, taken_back=each.id in taken_back)
        for each in cast
        if each.investigation_id in grounds
    )
