"""A page of a long list: which part of it is shown, and where the other parts are."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar
from urllib.parse import urlencode

from verify.console.guard import Desk

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page of a list; `number` begins at 1, `query` is what else the address asks for."""

    path: str
    query: tuple[tuple[str, str], ...]
    number: int
    size: int
    total: int

    @property
    def count(self) -> int:
        """How many pages there are; one where there is nothing."""
        return max(1, -(-self.total // self.size))

    @property
    def more(self) -> int:
        """How many come after this page."""
        return max(0, self.total - self.number * self.size)

    def of(self, items: Sequence[T]) -> Sequence[T]:
        """Return the part of a list that is on this page."""
        return items[(self.number - 1) * self.size : self.number * self.size]

    def address(self, **changed: str) -> str:
        """Return the address of the same list with something else asked, from its first page on."""
        asked = dict(self.query) | {"page": ""} | changed
        kept = {name: value for name, value in asked.items() if value and (name, value) != ("page", "1")}
        return f"{self.path}?{urlencode(kept)}" if kept else self.path

    def turned(self, pages: int) -> str:
        """Return the address so many pages on; empty where there is none."""
        to = self.number + pages
        return self.address(page=str(to)) if 1 <= to <= self.count else ""


def page_asked(desk: Desk, *, total: int, size: int) -> Page:
    """Return the page that the address asks for, or the nearest there is."""
    asked = desk.asked("page")
    wanted = int(asked) if re.fullmatch(r"[0-9]{1,6}", asked) else 1
    query = tuple((name, value) for name, value in desk.request.query_params.items() if name != "page")
    first = Page(path=desk.path, query=query, number=1, size=size, total=total)
    return replace(first, number=max(1, min(wanted, first.count)))
