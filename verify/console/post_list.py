"""The list of posts: which of them it shows, in which order, and how many there would be of each kind.

Knows the filters and orders as an address spells them. Which posts pass follows from what is kept at hand of
every post (store/post_states.py) and from the catalogue; every line that is shown is read afresh. Leaves out
the page (posts.py).
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import chain
from typing import Any

from store.calendar import office_day
from store.catalogue import Shelf
from store.dossier import Dossier, PostState, dossiers_named
from store.duties import Duty
from store.pinyin import order_of
from store.post_states import PostLine
from store.records import Copy, Loss, Post, PostKind, Return
from store.register import Link, Reader
from verify.console.guard import Desk
from verify.console.paging import Page, page_asked

SHOWN_MOST = 50

_SEARCHED = (Shelf.POST, Shelf.MEMBER, Shelf.PLACE)
_COPIES = Link(kind=Copy, by="post_id", to="id")
_RETURNS = Link(kind=Return, by="post_id", to="id")
_LOSSES = Link(kind=Loss, by="post_id", to="id")


class Due(StrEnum):
    """What is due of a post: something that is overdue, or anything."""

    OVERDUE = "overdue"
    ANY = "any"


def _states_of(line: PostLine, _: Mapping[str, Duty]) -> tuple[str, ...]:
    """Return the state; a change that waits is listed with first applications too."""
    waits = line.pending and line.state is not PostState.APPLIED
    return (line.state, PostState.APPLIED) if waits else (line.state,)


def _dues_of(line: PostLine, due: Mapping[str, Duty]) -> tuple[str, ...]:
    duty = due.get(line.post_id)
    return () if duty is None else (Due.OVERDUE, Due.ANY) if duty.overdue else (Due.ANY,)


FACETS: Mapping[str, Callable[[PostLine, Mapping[str, Duty]], tuple[str, ...]]] = {
    "branch": lambda line, _: (line.branch_id,),
    "state": _states_of,
    "kind": lambda line, _: (line.kind,),
    "due": _dues_of,
}
"""What the list is filtered by besides a text, and what a post is under each filter."""


class Order(StrEnum):
    """What the list is sorted by."""

    NUMBER = "number"
    NEWEST = "newest"
    NAME = "name"
    BRANCH = "branch"
    STATE = "state"
    DUE = "due"


@dataclass(frozen=True, kw_only=True)
class PostFilter:
    """Which posts the list shows, and in which order; an empty field asks for nothing."""

    branch: str = ""
    state: str = ""
    kind: str = ""
    due: str = ""
    text: str = ""
    order: Order = Order.NUMBER

    @property
    def asks_for_due(self) -> bool:
        """Whether the list depends on what is due of each post."""
        return bool(self.due) or self.order is Order.DUE


@dataclass(frozen=True, kw_only=True)
class Row:
    """One post of the list as it is now, how many of its plates are out, and what is due of it first."""

    dossier: Dossier
    plates_out: int
    duty: Duty | None


@dataclass(frozen=True, kw_only=True)
class PostList:
    """What the page of the list shows; `counts` says how many posts each choice of a filter would leave."""

    chosen: PostFilter
    rows: tuple[Row, ...]
    page: Page
    counts: Mapping[str, Counter[str]]


def filter_asked(desk: Desk) -> PostFilter:
    """Return the filter an address spells; what is no choice of a filter asks for nothing."""
    due = _choice(Due, desk.asked("due")) if desk.works else ""
    order = _choice(Order, desk.asked("order"))
    return PostFilter(
        branch=desk.branch_id or desk.asked("branch"),
        state=_choice(PostState, desk.asked("state")),
        kind=_choice(PostKind, desk.asked("kind")),
        due=due,
        text=desk.asked("text"),
        order=Order(order) if order and (order != Order.DUE or desk.works) else Order.NUMBER,
    )


def _choice(choices: type[StrEnum], asked: str) -> str:
    return asked if asked in set(choices) else ""


def post_list(desk: Desk, chosen: PostFilter) -> PostList:
    """Return the posts the officer may see and asks for.

    Raises:
        RegisterUnavailable: the register cannot be read.

    """
    due = _first_due(desk) if chosen.asks_for_due else {}
    lines = desk.site.post_states.by_post(desk.site.register, None).values()
    own = desk.branch_id
    named = _with_text(desk, chosen.text)
    kept = [
        each for each in lines if own in {None, each.branch_id} and (named is None or each.post_id in named)
    ]
    found, counts = _sifted(kept, chosen, due)
    ordered = sorted(found, key=_ORDERS[chosen.order](due), reverse=chosen.order is Order.NEWEST)
    page = page_asked(desk, total=len(ordered), size=SHOWN_MOST)
    with desk.site.register.snapshot() as reader:
        rows = tuple(_rows(reader, desk, [each.post_id for each in page.of(ordered)], due))
    return PostList(chosen=chosen, rows=rows, page=page, counts=counts)


def _with_text(desk: Desk, text: str) -> Collection[str] | None:
    """Return the posts whose number, name, place or members are asked for; None where all are."""
    if not text:
        return None
    catalogue, register = desk.site.catalogue, desk.site.register
    asked = catalogue.asked(register, text)
    if asked is None:
        return ()
    return {each for shelf in _SEARCHED for each in catalogue.found(register, shelf, asked, desk.branch_id)}


def _first_due(desk: Desk) -> dict[str, Duty]:
    """Return what is due first of each post that something is due of."""
    today = office_day(desk.site.clock())
    waiting = desk.site.diary.duties(desk.site.register, desk.policy, today, desk.branch_id)
    return {duty.post_id: duty for duty in reversed(waiting) if duty.post_id}


def _sifted(
    kept: Sequence[PostLine], chosen: PostFilter, due: Mapping[str, Duty]
) -> tuple[Sequence[PostLine], dict[str, Counter[str]]]:
    """Return the posts that pass every filter, and by filter the choices of those all others let pass."""
    wanted = {facet: one for facet in FACETS if (one := getattr(chosen, facet))}
    found = _passing(kept, wanted, due)
    counts = dict[str, Counter[str]]()
    for facet, choices in FACETS.items():
        others = {other: one for other, one in wanted.items() if other != facet}
        among = _passing(kept, others, due) if facet in wanted else found
        counts[facet] = Counter(chain.from_iterable(choices(each, due) for each in among))
    return found, counts


def _passing(
    lines: Sequence[PostLine], wanted: Mapping[str, str], due: Mapping[str, Duty]
) -> Sequence[PostLine]:
    for facet, one in wanted.items():
        choices = FACETS[facet]
        lines = [each for each in lines if one in choices(each, due)]
    return lines


_Key = Callable[[PostLine], Any]
_STATES = list(PostState)
_ORDERS: Mapping[Order, Callable[[Mapping[str, Duty]], _Key]] = {
    Order.NUMBER: lambda _: lambda line: line.post_id,
    Order.NEWEST: lambda _: lambda line: line.post_id,
    Order.NAME: lambda _: lambda line: (order_of(line.name), line.post_id),
    Order.BRANCH: lambda _: lambda line: (line.branch_id, line.post_id),
    Order.STATE: lambda _: lambda line: (_STATES.index(line.state), line.post_id),
    Order.DUE: lambda due: lambda line: (_due_on(due.get(line.post_id)), line.post_id),
}


def _due_on(duty: Duty | None) -> date:
    return duty.due_on if duty else date.max


def _rows(reader: Reader, desk: Desk, post_ids: Sequence[str], due: Mapping[str, Duty]) -> Iterator[Row]:
    out = _plates_out(reader, post_ids)
    for post_id, dossier in dossiers_named(reader, post_ids).items():
        if desk.branch_id in {None, dossier.post.branch_id}:
            yield Row(dossier=dossier, plates_out=out[post_id], duty=due.get(post_id))


def _plates_out(reader: Reader, post_ids: Sequence[str]) -> Counter[str]:
    """Count the plates that neither came back nor were reported lost, by post."""
    found = reader.related(Post, "id", post_ids, (_COPIES, _RETURNS, _LOSSES))
    out = Counter[str]()
    for post_id, posts in found.items():
        for post in posts:
            gone = {each.copy_id for each in post.linked(_RETURNS)}
            gone |= {each.copy_id for each in post.linked(_LOSSES)}
            out[post_id] = len({each.id for each in post.linked(_COPIES)} - gone)
    return out
