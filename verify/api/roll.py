"""The roll of plates by number, and the changes of their standing: never a code, a name or a reason."""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import dropwhile
from typing import Annotated

from fastapi import APIRouter, Depends

from store.board import in_order
from store.codes import PlateNumber
from store.plate_changes import Change, ChangeKind, changes
from store.records import Copy, Product, Stage
from store.register import Reader
from store.roll import RollLine, roll_page
from verify.api.cursors import Asked, Paging, Place
from verify.api.doors import ApiRoute, Public, Visitor
from verify.api.posts import posts_in_order
from verify.api.told import BranchId, Page, PlateNumberText, PostNumber, Told, Verdicts, errors

router = APIRouter(route_class=ApiRoute, tags=["roll"])
Anybody = Annotated[Visitor, Depends(Public())]


class RollEntry(Verdicts):
    """A plate by its number, and how it stands since which day; all else is null once it was revoked."""

    number: PlateNumberText
    since: date
    post: PostNumber | None
    post_name: str | None
    branch_name: str | None
    product: Product | None
    stage: Stage | None


class ChangeLine(Told):
    """A change: the plates named read differently since. An issued one may have taken another's place."""

    id: str
    at: datetime
    change: ChangeKind
    post: PostNumber
    branch: BranchId
    plates: list[PlateNumberText]
    replaces: PlateNumberText | None


@router.get("/roll", summary="标牌名册 · The plates that stand, and those revoked", responses=errors(422))
def roll(anybody: Anybody, asked: Annotated[Asked, Depends(Paging("roll"))]) -> Page[RollEntry]:
    """List plates by number. Those returned, lost, replaced or ended are not listed, unless also revoked."""
    first = "" if asked.after is None else str(asked.after[0])
    with anybody.site.register.snapshot() as reader:
        page = roll_page(reader, anybody.site.clock(), first=first, most=asked.limit)
    following = asked.following((page.following,)) if page.following else None
    return Page(items=[_entry(each) for each in page.lines], next=following)


def _entry(line: RollLine) -> RollEntry:
    plate = line.plate
    return RollEntry(
        number=line.number,
        since=line.since,
        post=plate.post_id if plate else None,
        post_name=plate.post_name if plate else None,
        branch_name=plate.branch_name if plate else None,
        product=plate.product if plate else None,
        stage=plate.stage if plate else None,
        **Verdicts.words(line.verdict),
    )


def copies_after(reader: Reader, after: Place | None, branch: str | None = None) -> Iterator[Copy]:
    """Yield the copies in the order of their numbers, from the post on in which the place lies."""
    posts = posts_in_order(reader, branch)
    for post in dropwhile(lambda each: after is not None and in_order(each) < after[:3], posts):
        yield from sorted(reader.find(Copy, post_id=post.id), key=place_of_copy)


def place_of_copy(copy: Copy) -> Place:
    """Return where a copy stands: by the number of its post, then by its serial."""
    year = int(copy.post_id[:4])
    return year, len(copy.post_id), copy.post_id, PlateNumber.parse(copy.id).serial


@router.get("/changes", summary="状态变化 · Changes of standing", responses=errors(422))
def changes_of_standing(
    anybody: Anybody, asked: Annotated[Asked, Depends(Paging("changes"))]
) -> Page[ChangeLine]:
    """List changes, newest first. What is older than the newest ten thousand of a kind is not reached."""
    before = None if asked.after is None else _moment_and_id(asked.after)
    with anybody.site.register.snapshot() as reader:
        found = changes(reader, asked.limit + 1, before)
    shown = found[: asked.limit]
    following = asked.following(_place_of_change(shown[-1])) if len(found) > asked.limit else None
    return Page(items=[_told(each) for each in shown], next=following)


def _place_of_change(change: Change) -> Place:
    return change.at.isoformat(), change.id


def _moment_and_id(place: Place) -> tuple[datetime, str]:
    at, change_id = place
    return datetime.fromisoformat(str(at)), str(change_id)


def _told(change: Change) -> ChangeLine:
    return ChangeLine(
        id=change.id,
        at=change.at,
        change=change.kind,
        post=change.post_id,
        branch=change.branch_id,
        plates=list(change.plates),
        replaces=change.replaces,
    )
