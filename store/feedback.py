"""What the public said, read as far as its reader may know it, and the clocks of what must be answered.

Knows which messages are complaints, who may read those, and by which days a message is to be called back and
settled. Leaves out the acts (acts/voice.py, acts/answering.py) and how satisfied all were (satisfaction.py).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from heapq import nlargest
from itertools import islice
from types import MappingProxyType
from typing import TypeVar

from store.acts.authority import Authority
from store.calendar import office_day
from store.dossier import NoSuchPost
from store.policy import Policy
from store.records import (
    Addition,
    Attachment,
    CallBack,
    Channel,
    Feedback,
    Grade,
    Investigation,
    PlatePart,
    Post,
    ReRating,
    Role,
    Settlement,
    Topic,
)
from store.register import Link, Reader, Related
from store.terms import BAD_GRADES
from store.working_days import after, reckoned_plainly

Told = TypeVar("Told", CallBack, Settlement, ReRating)

_ADDITIONS = Link(kind=Addition, by="feedback_id", to="id")
_CALL_BACKS = Link(kind=CallBack, by="feedback_id", to="id")
_SETTLEMENTS = Link(kind=Settlement, by="feedback_id", to="id")
_RE_RATINGS = Link(kind=ReRating, by="feedback_id", to="id")
_ATTACHMENTS = Link(kind=Attachment, by="subject_id", to="id")
_INVESTIGATIONS = Link(kind=Investigation, by="post_id", to="post_id")
_BELONGING = (_ADDITIONS, _CALL_BACKS, _SETTLEMENTS, _RE_RATINGS, _ATTACHMENTS, _INVESTIGATIONS)
"""What belongs to a message, or may."""

_READ_AT_ONCE = 500

OFFICERS = tuple(role for role in Role if role is not Role.PUBLIC)
PLAIN_TOPICS = frozenset({Topic.RATING, Topic.OTHER, Topic.PRAISE})
"""What whoever is spoken about may read too; everything else accuses somebody, if only of a wrong plate."""

ACTS_OF_THE_PUBLIC = frozenset({"feedback", "add to feedback", "re-rate", "object", "report forgery"})
"""What the log calls them; their moment, read at a quiet counter, would tell who spoke."""


class TermState(StrEnum):
    """How a term stands: running or overdue, kept or kept too late."""

    RUNNING = "running"
    OVERDUE = "overdue"
    KEPT = "kept"
    LATE = "late"


TERM_STATE_ZH: dict[TermState, str] = {
    TermState.RUNNING: "未到期",
    TermState.OVERDUE: "已逾期",
    TermState.KEPT: "按期办结",
    TermState.LATE: "逾期办结",
}

TERM_STATE_EN: dict[TermState, str] = {
    TermState.RUNNING: "not due",
    TermState.OVERDUE: "overdue",
    TermState.KEPT: "in time",
    TermState.LATE: "late",
}


@dataclass(frozen=True, kw_only=True)
class Term:
    """Something due by the last second of an office day; `done_at` is None until it is done."""

    due_on: date
    done_at: datetime | None
    state: TermState

    @property
    def reckoned_plainly(self) -> bool:
        """Whether the day was reckoned without the State Council's calendar, and may prove to be later."""
        return reckoned_plainly(self.due_on)


@dataclass(frozen=True, kw_only=True)
class Clock:
    """The two terms of a message that must be answered; its id is the receipt code, which is secret."""

    feedback_id: str
    post_id: str
    branch_id: str
    received_at: datetime
    call_back: Term
    settlement: Term

    @property
    def is_open(self) -> bool:
        """Whether the message still has to be settled."""
        return self.settlement.done_at is None

    @property
    def is_overdue(self) -> bool:
        """Whether the call-back or the settlement is still to be done and should have been."""
        return TermState.OVERDUE in {self.call_back.state, self.settlement.state}


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What became of one message: the first call-back, the settlement, the second grade."""

    call_back: CallBack | None = None
    settlement: Settlement | None = None
    re_rating: ReRating | None = None

    @property
    def settled_at(self) -> datetime | None:
        """When the message was settled."""
        return self.settlement.settled_at if self.settlement else None

    @property
    def called_at(self) -> datetime | None:
        """When its giver was called back; where nobody was, the answer stands for the call."""
        return self.call_back.called_at if self.call_back else self.settled_at


@dataclass(frozen=True, kw_only=True)
class Particulars:
    """What only the committee knows of a message: with the receipt code one could speak for its giver."""

    receipt: str
    copy_id: str
    given_at: datetime
    counted: bool
    has_contact: bool
    clock: Clock | None
    investigations: tuple[Investigation, ...]
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Heard:
    """One message as far as its reader may know it; `particulars` are there for the committee alone."""

    post_id: str
    branch_id: str
    topic: Topic
    channel: Channel
    grade: Grade | None
    re_rated: Grade | None
    comment: str
    given_on: date
    answer: str
    differs: PlatePart | None = None
    particulars: Particulars | None = None

    @property
    def is_open(self) -> bool:
        """Whether it still has to be settled, as far as its reader may know."""
        return self._clock is not None and self._clock.is_open

    @property
    def is_overdue(self) -> bool:
        """Whether the call-back or the settlement is late, as far as its reader may know."""
        return self._clock is not None and self._clock.is_overdue

    @property
    def _clock(self) -> Clock | None:
        return self.particulars.clock if self.particulars else None

    @property
    def says_more(self) -> bool:
        """Whether it says more than a grade."""
        return bool(self.comment) or self.topic is not Topic.RATING


@dataclass(frozen=True, kw_only=True)
class PublicAnswer:
    """An answer to a message, which may be known where the message may not."""

    post_id: str
    answered_on: date
    answer: str


NOTHING_ASKED: Mapping[str, str | int] = MappingProxyType({})


def reads_complaints(authority: Authority) -> bool:
    """Tell whether the actor may read complaints: nobody who could be spoken about, the committee alone."""
    return authority.actor.role is Role.COMMITTEE


def counted_to(authority: Authority) -> date:
    """Return the last day of which the actor sees counts; for whoever is spoken about the last full week's.

    Counts that moved while a visitor stands at the counter would tell how that visitor rated.
    """
    today = office_day(authority.now)
    return today if reads_complaints(authority) else today - timedelta(days=today.isoweekday())


def is_complaint(feedback: Feedback) -> bool:
    """Tell whether a message speaks against somebody: by its topic, or as 差评."""
    return feedback.topic not in PLAIN_TOPICS or feedback.grade in BAD_GRADES


def must_be_answered(feedback: Feedback) -> bool:
    """Tell whether a message has clocks: a 差评 of the national scale, or a complaint (F25)."""
    return feedback.topic is Topic.COMPLAINT or feedback.grade in BAD_GRADES


def additions_to(reader: Reader, **fields: str) -> dict[str, Addition]:
    """Return what was added to messages, by the message: of all there are, or of those with these fields."""
    return {each.feedback_id: each for each in reader.find(Addition, **fields)}


def as_it_stands(feedback: Feedback, additions: Mapping[str, Addition]) -> Feedback:
    """Return a message with what was added to it, as one message."""
    added = additions.get(feedback.id)
    if added is None:
        return feedback
    return replace(
        feedback,
        topic=added.topic or feedback.topic,
        comment="\n".join(filter(None, (feedback.comment, added.comment))),
        sealed_contact=added.sealed_contact or feedback.sealed_contact,
    )


def messages_for(
    reader: Reader,
    authority: Authority,
    *,
    post_id: str = "",
    newest: int | None = None,
    having: Mapping[str, str | int] = NOTHING_ASKED,
) -> list[Heard]:
    """Return what the actor may hear, newest first: of all messages or a post's, or of the newest of them.

    The committee hears everything but the contact. Everybody else hears the words of praise and of plain
    suggestions in the own part of the organisation, and nothing that tells one giver from another. `having`
    names indexed fields of messages and the values they must have.

    Raises:
        NoSuchPost: no post has this number.
        NotAllowed: the actor is no officer, or the post is another branch's.

    """
    _permit(reader, authority, post_id)
    within = {"post_id": post_id} if post_id else _own_part(authority)
    limit = reader.count(Feedback) if newest is None else newest
    found = reader.newest(Feedback, limit, **{**having, **within})
    messages = found if reads_complaints(authority) else _harmless(reader, found)
    return list(_heard(reader, authority, (each.id for each in messages)))


def complaints_for(reader: Reader, authority: Authority) -> list[Heard]:
    """Return the messages that must be answered, newest first.

    Raises:
        NotAllowed: the actor is not the committee.

    """
    authority.permit(Role.COMMITTEE, branch_id=authority.actor.branch_id)
    owed = to_be_answered(reader, authority.actor.branch_id)
    return list(_heard(reader, authority, (each.id for each in reversed(owed))))


def messages_named(reader: Reader, authority: Authority, receipts: Iterable[str]) -> list[Heard]:
    """Return the messages with these receipts in their order; one that is not there is left out.

    Raises:
        NotAllowed: the actor is not the committee.

    """
    authority.permit(Role.COMMITTEE, branch_id=authority.actor.branch_id)
    return list(_heard(reader, authority, receipts))


def answers_for(reader: Reader, authority: Authority, post_id: str) -> list[PublicAnswer]:
    """Return the answers given to messages about a post, newest first, to complaints as well.

    Raises:
        NoSuchPost: no post has this number.
        NotAllowed: the actor is no officer, or the post is another branch's.

    """
    _permit(reader, authority, post_id)
    return [
        PublicAnswer(post_id=post_id, answered_on=office_day(each.settled_at), answer=each.answer)
        for each in reversed(reader.find(Settlement, post_id=post_id))
    ]


def newest_answers(reader: Reader, authority: Authority, *, most: int) -> list[PublicAnswer]:
    """Return the newest answers to messages about the actor's part, newest first, to complaints as well.

    Raises:
        NotAllowed: the actor is no officer.

    """
    _permit(reader, authority, post_id="")
    return [
        PublicAnswer(post_id=each.post_id, answered_on=office_day(each.settled_at), answer=each.answer)
        for each in _newest_settlements(reader, authority, most)
    ]


def _newest_settlements(reader: Reader, authority: Authority, most: int) -> list[Settlement]:
    own = _own_part(authority)
    if not own:
        return list(reader.newest(Settlement, most))
    posts = [each.id for each in reader.find(Post, **own)]
    found = reader.related(Settlement, "post_id", posts, ()).values()
    given = (each.record for about in found for each in about)
    return nlargest(most, given, key=lambda each: each.settled_at)


def clocks(reader: Reader, policy: Policy, now: datetime, branch_id: str | None = None) -> list[Clock]:
    """Return the clock of every message that must be answered, oldest first, of all branches or of one."""
    answers = answers_by_message(reader)
    return [clock_of(each, answers[each.id], policy, now) for each in to_be_answered(reader, branch_id)]


def to_be_answered(reader: Reader, branch_id: str | None = None) -> list[Feedback]:
    """Return the messages that must be answered, as they stand, oldest first: of all branches or of one.

    Found by grade and by topic: of all that was said, the little that must be answered is read.
    """
    bad = [each for grade in BAD_GRADES for each in reader.find(Feedback, grade=grade.value)]
    complaints = reader.find(Feedback, topic=Topic.COMPLAINT.value)
    additions = additions_to(reader)
    became = [reader.get(Feedback, each.feedback_id) for each in additions.values() if each.topic]
    found = {each.id: as_it_stands(each, additions) for each in (*bad, *complaints, *became) if each}
    owed = [each for each in found.values() if must_be_answered(each) and branch_id in {None, each.branch_id}]
    return sorted(owed, key=lambda each: each.given_at)


def clock_of(feedback: Feedback, answers: Answers, policy: Policy, now: datetime) -> Clock:
    """Return the clock of a message that must be answered, as it stands now."""
    received_on = office_day(feedback.given_at)
    return Clock(
        feedback_id=feedback.id,
        post_id=feedback.post_id,
        branch_id=feedback.branch_id,
        received_at=feedback.given_at,
        call_back=_term(after(received_on, policy.callback_working_days), answers.called_at, now),
        settlement=_term(after(received_on, policy.settlement_working_days), answers.settled_at, now),
    )


def answers_to(reader: Reader, feedback_id: str) -> Answers:
    """Return what became of one message."""
    return answers_by_message(reader, feedback_id=feedback_id)[feedback_id]


def looked_into_on(reader: Reader, feedback: Feedback, answers: Answers) -> date | None:
    """Return the day on which the committee first did something about a message, if it has."""
    found = reader.find(Investigation, post_id=feedback.post_id)
    moments = [each.concluded_at for each in found if feedback.id in each.feedback_ids]
    if answers.called_at:
        moments.append(answers.called_at)
    return office_day(min(moments)) if moments else None


def _term(due_on: date, done_at: datetime | None, now: datetime) -> Term:
    in_time = office_day(done_at or now) <= due_on
    running = TermState.RUNNING if in_time else TermState.OVERDUE
    kept = TermState.KEPT if in_time else TermState.LATE
    return Term(due_on=due_on, done_at=done_at, state=kept if done_at else running)


def _permit(reader: Reader, authority: Authority, post_id: str) -> None:
    post = reader.get(Post, post_id) if post_id else None
    if post_id and post is None:
        raise NoSuchPost(post_id=post_id)
    authority.permit(*OFFICERS, branch_id=post.branch_id if post else authority.actor.branch_id)


def _own_part(authority: Authority) -> dict[str, str | int]:
    """Return the fields that confine the actor to the own part of the organisation."""
    return {"branch_id": authority.actor.branch_id} if authority.actor.branch_id else {}


def answers_by_message(reader: Reader, **fields: str) -> Mapping[str, Answers]:
    """Return what became of messages, by the message: of all there are, or of those with these fields."""
    call_backs = _first_by_message(reader.find(CallBack, **fields))
    settlements = _first_by_message(reader.find(Settlement, **fields))
    re_ratings = _first_by_message(reader.find(ReRating, **fields))
    answered: defaultdict[str, Answers] = defaultdict(Answers)
    for feedback_id in {*call_backs, *settlements, *re_ratings}:
        answered[feedback_id] = Answers(
            call_back=call_backs.get(feedback_id),
            settlement=settlements.get(feedback_id),
            re_rating=re_ratings.get(feedback_id),
        )
    return answered


def _first_by_message(told: list[Told]) -> dict[str, Told]:
    return {each.feedback_id: each for each in reversed(told)}


def _harmless(reader: Reader, messages: Iterable[Feedback]) -> Iterator[Feedback]:
    """Yield the messages whose words accuse nobody: most are grades without words, and so read no further."""
    waiting = iter(messages)
    while batch := list(islice(waiting, _READ_AT_ONCE)):
        added = reader.related(Addition, "feedback_id", [each.id for each in batch], ())
        additions = {receipt: only.record for receipt, found in added.items() for only in found}
        yield from (each for each in batch if _accuses_nobody(as_it_stands(each, additions)))


def _accuses_nobody(message: Feedback) -> bool:
    return bool(message.comment) and not is_complaint(message)


def _heard(reader: Reader, authority: Authority, receipts: Iterable[str]) -> Iterator[Heard]:
    """Yield what the actor may hear of some messages, in their order, read with what belongs to them."""
    waiting = iter(receipts)
    while batch := list(islice(waiting, _READ_AT_ONCE)):
        found = reader.related(Feedback, "id", batch, _BELONGING)
        for spoken in (_Spoken.of(each) for receipt in batch for each in found[receipt]):
            if reads_complaints(authority):
                yield spoken.heard(spoken.particulars(authority))
            elif spoken.is_harmless:
                yield spoken.heard(None)


@dataclass(frozen=True, kw_only=True)
class _Spoken:
    """A message as it stands, with all that belongs to it."""

    feedback: Feedback
    answers: Answers
    investigations: tuple[Investigation, ...]
    attachments: tuple[Attachment, ...]

    @classmethod
    def of(cls, found: Related[Feedback]) -> "_Spoken":
        said = found.record
        about = found.linked(_INVESTIGATIONS)
        return cls(
            feedback=as_it_stands(said, {each.feedback_id: each for each in found.linked(_ADDITIONS)}),
            answers=Answers(
                call_back=next(iter(found.linked(_CALL_BACKS)), None),
                settlement=next(iter(found.linked(_SETTLEMENTS)), None),
                re_rating=next(iter(found.linked(_RE_RATINGS)), None),
            ),
            investigations=tuple(each for each in about if said.id in each.feedback_ids),
            attachments=tuple(found.linked(_ATTACHMENTS)),
        )

    @property
    def is_harmless(self) -> bool:
        """Whether those spoken about may read the words: they accuse nobody, and nobody looked into them."""
        return _accuses_nobody(self.feedback) and not self.investigations

    def heard(self, particulars: Particulars | None) -> Heard:
        said, answers = self.feedback, self.answers
        return Heard(
            post_id=said.post_id,
            branch_id=said.branch_id,
            topic=said.topic,
            channel=said.channel,
            grade=said.grade,
            re_rated=answers.re_rating.grade if answers.re_rating else None,
            comment=said.comment,
            given_on=office_day(said.given_at),
            answer=answers.settlement.answer if answers.settlement else "",
            differs=said.differs,
            particulars=particulars,
        )

    def particulars(self, authority: Authority) -> Particulars:
        said, owed = self.feedback, must_be_answered(self.feedback)
        return Particulars(
            receipt=said.id,
            copy_id=said.copy_id,
            given_at=said.given_at,
            counted=said.counted,
            has_contact=bool(said.sealed_contact),
            clock=clock_of(said, self.answers, authority.policy, authority.now) if owed else None,
            investigations=self.investigations,
            attachments=self.attachments,
        )
