"""Pages of a list: where the next one begins is told in a cursor, which only we can write.

A cursor names the last thing told, not how many there were: what is added meanwhile shifts nothing. Knows no
list; each says by what its things are ordered.
"""

import base64
import hmac
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Query, Request

from store.refusals import Refusal
from verify.network import keyed
from verify.site import Site, site_of

C = TypeVar("C")
T = TypeVar("T")
Place = tuple[str | int, ...]
"""Where a thing stands in its list; places compare as the list is ordered."""

LIMIT_USUAL, LIMIT_MOST = 50, 200
EXAMINED_MOST = 1000
_CURSOR_LONGEST = 400
_MAC_LENGTH = 22


class NotACursor(Refusal):
    """The cursor is not one that this list gave out. Remedy: begin again without a cursor."""

    reason_zh = "“cursor”不是此列表给出的翻页标记。"
    reason_en = "The cursor is not one that this list gave out."
    remedy_zh = "请不带 cursor 从头读取。"
    remedy_en = "Begin again without a cursor."


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which part of a list is asked for: up to `limit` things after a place; None is the beginning."""

    site: Site
    listing: str
    after: Place | None
    limit: int

    def rest(self, things: Iterable[C], place_of: Callable[[C], Place]) -> Iterator[C]:
        """Yield the things that stand after the place."""
        return (each for each in things if self.after is None or place_of(each) > self.after)

    def following(self, place: Place) -> str:
        """Return the cursor that leads on after a place."""
        return cursor(self.site, self.listing, place)

    def cut(
        self, things: Iterable[C], place_of: Callable[[C], Place], line_of: Callable[[C], T | None]
    ) -> "Cut[T]":
        """Take the page out of things that come in ascending places; those without a line are passed over.

        So many are looked at and no more: a page may hold fewer than fit, and still have a next.
        """
        lines: list[T] = []
        last: C | None = None
        for examined, each in enumerate(self.rest(things, place_of)):
            if last is not None and (len(lines) == self.limit or examined == EXAMINED_MOST):
                return Cut(lines=lines, next=self.following(place_of(last)))
            line, last = line_of(each), each
            if line is not None:
                lines.append(line)
        return Cut(lines=lines, next=None)


@dataclass(frozen=True, kw_only=True)
class Cut(Generic[T]):
    """The lines of one page, and the cursor of the next, if there is one."""

    lines: list[T]
    next: str | None


class Paging:
    """Declares that a route answers a list in pages; `listing` keeps the cursors of lists apart."""

    def __init__(self, listing: str) -> None:
        self._listing = listing

    def __call__(
        self,
        request: Request,
        cursor: Annotated[
            str | None,
            Query(max_length=_CURSOR_LONGEST, description="What `next` of the page before said."),
        ] = None,
        limit: Annotated[
            int, Query(ge=1, le=LIMIT_MOST, description="How many a page has at most.")
        ] = LIMIT_USUAL,
    ) -> Asked:
        """Return what is asked for.

        Raises:
            NotACursor: the cursor is not ours.

        """
        site = site_of(request)
        after = _place_in(site, self._listing, cursor) if cursor else None
        return Asked(site=site, listing=self._listing, after=after, limit=limit)


def cursor(site: Site, listing: str, place: Place) -> str:
    """Return the cursor that leads on after a place of a list."""
    text = json.dumps(place, separators=(",", ":"))
    return base64.urlsafe_b64encode(f"{_mac(site, listing, text)}{text}".encode()).decode().rstrip("=")


def _place_in(site: Site, listing: str, given: str) -> Place:
    text = _decoded(given)
    mac, place = text[:_MAC_LENGTH], text[_MAC_LENGTH:]
    if not hmac.compare_digest(mac.encode(), _mac(site, listing, place).encode()):
        raise NotACursor
    known: list[Any] = json.loads(place)
    return tuple(known)


def _decoded(given: str) -> str:
    try:
        return base64.b64decode(given + "=" * (-len(given) % 4), altchars=b"-_", validate=True).decode(
            "ascii"
        )
    except ValueError:
        raise NotACursor from None


def _mac(site: Site, listing: str, text: str) -> str:
    return keyed(site, "cursor", listing, text)[:_MAC_LENGTH]
