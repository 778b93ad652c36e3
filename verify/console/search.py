"""The search across everything: one box on every page, and what it finds by kind.

Knows how much of what was found a page shows. Leaves out what words lead to (finds.py).
"""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from store.catalogue import ASKED_LONGEST, FOUND_MOST
from store.register import Reader
from verify.console.finds import GROUP_EN, GROUP_ZH, Finds, Group, Line, lines, look_for
from verify.console.guard import ConsoleRoute, Desk, Officers
from verify.console.paging import Page, page_asked
from verify.console.places import EVERY_OFFICER

SHOWN_OF_EACH = 6
SHOWN_OF_ONE = 50

router = APIRouter(prefix="/console/search", route_class=ConsoleRoute)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One kind of what was found: the lines of this page, and where it lies in all of them."""

    group: Group
    lines: tuple[Line, ...]
    page: Page

    @property
    def zh(self) -> str:
        """What the kind is called."""
        return GROUP_ZH[self.group]

    @property
    def en(self) -> str:
        """The same in English."""
        return GROUP_EN[self.group]


@router.get("")
def search(desk: Annotated[Desk, Depends(Officers(*EVERY_OFFICER))]) -> Response:
    """Show what the officer's words lead to, a little of each kind or one kind page by page."""
    words = desk.asked("q")[:ASKED_LONGEST]
    wanted = [each for each in Group if each == desk.asked("kind")]
    finds = look_for(desk, words)
    with desk.site.register.snapshot() as reader:
        shown = _shown(reader, desk, finds, wanted) if finds else []
    return desk.page(
        "search.html",
        typed=words,
        shown=shown,
        only=bool(wanted),
        by_sound=bool(finds and finds.by_sound),
        most=FOUND_MOST,
    )


def _shown(reader: Reader, desk: Desk, finds: Finds, wanted: list[Group]) -> list[Shown]:
    size = SHOWN_OF_ONE if wanted else SHOWN_OF_EACH
    groups = [each for each in wanted or Group if finds.ids.get(each)]
    return [_of_group(reader, desk, finds, each, size=size) for each in groups]


def _of_group(reader: Reader, desk: Desk, finds: Finds, group: Group, *, size: int) -> Shown:
    ids = finds.ids[group]
    page = page_asked(desk, total=len(ids), size=size)
    return Shown(group=group, lines=tuple(lines(reader, desk, finds, group, page.of(ids))), page=page)
