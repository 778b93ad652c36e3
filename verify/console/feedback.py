"""The feedback desk: what the public said, as far as the officer may know it, sorted by what is to be done.

Whoever answers the public finds here what is new, whom to call back, and what is overdue, from the docket
(store/docket.py); a branch reads the words of praise, plain suggestions, and the public answers. Leaves out
the page of one message and what is done there (message.py).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from store.docket import Owed
from store.dossier import Dossier, dossiers_named
from store.feedback import (
    Clock,
    Heard,
    PublicAnswer,
    messages_for,
    messages_named,
    newest_answers,
)
from store.policy import Policy
from store.records import Feedback, Grade, Topic
from store.register import Reader
from store.terms import GRADE_EN, GRADE_ZH, TOPIC_EN, TOPIC_ZH
from verify.console.guard import ConsoleRoute, Desk, Officers
from verify.console.paging import Page, page_asked
from verify.console.places import HEARS
from verify.console.posts import branches_of

SHOWN_MOST = 40
REACH = 2_000
"""How many of the newest messages are listed at the most."""

READ_THROUGH = 400
"""How many of the newest messages are read through for those that whoever is spoken about may read."""

ANSWERS_MOST = 20

router = APIRouter(prefix="/console/feedback", route_class=ConsoleRoute)


class Show(StrEnum):
    """Which messages by what is to be done about them; EVERYTHING is whatever was said."""

    EVERYTHING = ""
    NEW = "new"
    CALL_BACK = "call-back"
    OVERDUE = "overdue"
    OPEN = "open"
    BAD = "bad"


WAITING = (Show.NEW, Show.CALL_BACK, Show.OVERDUE, Show.OPEN)
"""The lists of messages that wait for something."""

SHOW_WORDS: Mapping[Show, tuple[str, str]] = {
    Show.NEW: ("新到未办", "New"),
    Show.CALL_BACK: ("待回访", "To call back"),
    Show.OVERDUE: ("已逾期", "Overdue"),
    Show.OPEN: ("待办结", "To settle"),
    Show.BAD: ("差评和投诉", "Bad ratings and complaints"),
    Show.EVERYTHING: ("全部来信", "Everything"),
}


@dataclass(frozen=True, kw_only=True)
class Docketed:
    """A message on the docket, and its clock at this moment."""

    owed: Owed
    policy: Policy
    now: datetime

    @cached_property
    def clock(self) -> Clock:
        """Its two terms, reckoned when somebody asks."""
        return self.owed.clock(self.policy, self.now)

    @property
    def is_due_by(self) -> tuple[object, ...]:
        """What comes first: the nearest term that still runs, then whoever waits longest."""
        terms = (self.clock.call_back, self.clock.settlement)
        running = [each.due_on for each in terms if each.done_at is None]
        return (min(running, default=self.clock.settlement.due_on), self.owed.feedback.given_at)

    def is_on(self, show: Show) -> bool:
        """Whether it belongs to a list."""
        match show:
            case Show.NEW:
                return self.owed.is_new
            case Show.CALL_BACK:
                return self.owed.is_open and self.clock.call_back.done_at is None
            case Show.OVERDUE:
                return self.owed.is_open and self.clock.is_overdue
            case Show.OPEN:
                return self.owed.is_open
            case _:
                return True


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What the address asks for; an empty field asks for nothing."""

    show: Show = Show.EVERYTHING
    branch_id: str = ""
    post_id: str = ""
    grade: str = ""
    topic: str = ""

    @property
    def having(self) -> dict[str, str | int]:
        """The fields of a message that an index finds it by."""
        asked = {"branch_id": self.branch_id, "post_id": self.post_id, "topic": self.topic}
        grade: dict[str, str | int] = {"grade": int(self.grade)} if self.grade else {}
        return {name: value for name, value in asked.items() if value} | grade

    def among(self, messages: Iterable[Feedback]) -> list[Feedback]:
        """Return the messages that have what is asked for."""
        having = self.having
        if not having:
            return list(messages)
        return [
            each for each in messages if all(getattr(each, name) == value for name, value in having.items())
        ]


@dataclass(frozen=True, kw_only=True)
class About:
    """A message with the post it is about."""

    heard: Heard
    dossier: Dossier


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A page of messages; `counts` says how many wait, by list, to whoever may know."""

    page: Page
    heard: list[About]
    counts: Mapping[Show, int]
    answers: list[tuple[PublicAnswer, Dossier]]


@router.get("")
def feedback(desk: Annotated[Desk, Depends(Officers(*HEARS))]) -> Response:
    """Show what was said, a page at a time; complaints to the committee only (F25)."""
    chosen = chosen_by(desk)
    found = _to_answer(desk, chosen) if desk.reads_complaints else _to_read(desk, chosen)
    with desk.site.register.snapshot() as reader:
        branches = branches_of(reader, desk)
    return desk.page(
        "feedback.html",
        found=found,
        chosen=chosen,
        branches=branches,
        shows=SHOW_WORDS,
        grades=[(each, GRADE_ZH[each], GRADE_EN[each]) for each in sorted(Grade, reverse=True)],
        topics=[(each, TOPIC_ZH[each], TOPIC_EN[each]) for each in Topic],
        reach=REACH,
    )


def chosen_by(desk: Desk) -> Chosen:
    """Return what the address asks for; what it misspells it does not ask for."""
    asked = {name: desk.asked(name) for name in ("show", "grade", "topic")}
    return Chosen(
        show=Show(asked["show"]) if asked["show"] in set(Show) else Show.EVERYTHING,
        branch_id=desk.branch_id or desk.asked("branch"),
        post_id=desk.asked("post"),
        grade=asked["grade"] if asked["grade"] in {str(int(each)) for each in Grade} else "",
        topic=asked["topic"] if asked["topic"] in set(Topic) else "",
    )


def docketed(desk: Desk) -> list[Docketed]:
    """Return the messages that wait for an answer with their clocks; none to whoever may not read them."""
    if not desk.reads_complaints:
        return []
    policy, now = desk.authority.policy, desk.site.clock()
    return [Docketed(owed=each, policy=policy, now=now) for each in desk.site.docket.waiting()]


def open_complaints(reader: Reader, desk: Desk) -> list[Heard]:
    """Return the messages that wait for an answer, oldest first; nothing for whoever may not read them."""
    if not desk.reads_complaints:
        return []
    waiting = [each.feedback.id for each in desk.site.docket.waiting()]
    return messages_named(reader, desk.authority, waiting)


def with_posts(reader: Reader, messages: Sequence[Heard]) -> list[About]:
    """Put each message beside its post."""
    posts = dossiers_named(reader, {each.post_id for each in messages})
    return [About(heard=each, dossier=posts[each.post_id]) for each in messages]


def _to_answer(desk: Desk, chosen: Chosen) -> Listed:
    wait = docketed(desk)
    counts = {show: sum(each.is_on(show) for each in wait) for show in WAITING}
    if chosen.show in WAITING:
        listed = sorted((each for each in wait if each.is_on(chosen.show)), key=lambda each: each.is_due_by)
        return _of_the_docket(desk, chosen, [each.owed for each in listed], counts)
    if chosen.show is Show.BAD:
        return _of_the_docket(desk, chosen, desk.site.docket.owed()[::-1], counts)
    return _newest(desk, chosen, counts)


def _of_the_docket(desk: Desk, chosen: Chosen, listed: Sequence[Owed], counts: Mapping[Show, int]) -> Listed:
    receipts = [each.id for each in chosen.among(each.feedback for each in listed)]
    page = page_asked(desk, total=len(receipts), size=SHOWN_MOST)
    with desk.site.register.snapshot() as reader:
        heard = with_posts(reader, messages_named(reader, desk.authority, page.of(receipts)))
    return Listed(page=page, heard=heard, counts=counts, answers=[])


def _newest(desk: Desk, chosen: Chosen, counts: Mapping[Show, int]) -> Listed:
    """Return a page of the newest messages; without a filter no more is read than up to its end."""
    with desk.site.register.snapshot() as reader:
        page = page_asked(desk, total=min(reader.count(Feedback), REACH), size=SHOWN_MOST)
        reach = REACH if chosen.having else page.number * SHOWN_MOST
        receipts = [each.id for each in reader.newest(Feedback, reach, **chosen.having)]
        if chosen.having:
            page = page_asked(desk, total=len(receipts), size=SHOWN_MOST)
        heard = with_posts(reader, messages_named(reader, desk.authority, page.of(receipts)))
    return Listed(page=page, heard=heard, counts=counts, answers=[])


def _to_read(desk: Desk, chosen: Chosen) -> Listed:
    """Return a page of what those spoken about may read, among the newest messages of their part."""
    with desk.site.register.snapshot() as reader:
        having = {name: value for name, value in chosen.having.items() if name != "post_id"}
        heard = messages_for(reader, desk.authority, newest=READ_THROUGH, having=having)
        page = page_asked(desk, total=len(heard), size=SHOWN_MOST)
        shown = with_posts(reader, page.of(heard))
        answers = newest_answers(reader, desk.authority, most=ANSWERS_MOST)
        posts = dossiers_named(reader, {each.post_id for each in answers})
    told = [(each, posts[each.post_id]) for each in answers]
    return Listed(page=page, heard=shown, counts={}, answers=told)
