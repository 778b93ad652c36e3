"""The board of plates that have to come back: by branch and line, and what is entered about each (F23).

Leaves out how plates are handed in one after the other (taking_in.py), and receipts and photos (receipts.py).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from store.acts.authority import stated
from store.acts.circulation import NoSuchCopy, report_lost, return_copy
from store.calendar import office_day
from store.dossier import dossier_of
from store.recalls import CLAUSE_OF_CAUSE, Recall, RecallState
from store.records import Attachment, Copy, Fate, Organisation, RecallCause
from store.refusals import Refusal
from store.reminders import Told, last_told, problem_en, problem_zh
from verify.console.guard import ConsoleRoute, Desk, Officers, see_other, status_of
from verify.console.places import SEES_RECALLS, TAKES_IN
from verify.console.posts import branches_of
from verify.console.receipts import OPENS_PHOTOS
from verify.console.taking_in import closed_copy, photos_by_plate

LINES_EACH = 50
PAGE_DIGITS = 6

router = APIRouter(prefix="/console", route_class=ConsoleRoute)
OverseerAtDesk = Annotated[Desk, Depends(Officers(*SEES_RECALLS))]
TakerAtDesk = Annotated[Desk, Depends(Officers(*TAKES_IN))]


SHOWS: Mapping[str, Callable[[Recall, date], bool]] = {
    "": lambda _, __: True,
    "open": lambda recall, _: recall.is_open,
    "overdue": Recall.is_overdue,
    "displayed": lambda recall, _: recall.state is RecallState.STILL_DISPLAYED,
    "closed": lambda recall, _: not recall.is_open,
}
"""Which lines a list shows, by how they stand."""


@dataclass(frozen=True, kw_only=True)
class RecallFilter:
    """Which recall lines the list shows; an empty field asks for nothing."""

    post_id: str = ""
    branch_id: str = ""
    shown: str = ""
    cause: str = ""
    page: int = 1

    def among(self, recalls: Iterable[Recall], today: date) -> list[Recall]:
        """Return the lines that the list shows."""
        shows, causes = SHOWS.get(self.shown, SHOWS[""]), {self.cause} if self.cause else set(RecallCause)
        return [each for each in recalls if shows(each, today) and each.line.cause in causes]

    def address(self, **more: str) -> str:
        """Return the address of the list as filtered."""
        page = str(self.page) if self.page > 1 else ""
        asked = {"post": self.post_id, "branch": self.branch_id, "show": self.shown, "cause": self.cause}
        kept = asked | {"page": page} | more
        return "/console/recalls?" + urlencode({key: value for key, value in kept.items() if value})


@dataclass(frozen=True, kw_only=True)
class BranchBoard:
    """How a branch stands with its plates; `told` is the last reminder it was sent."""

    branch: Organisation
    out: int
    overdue: int
    displayed: int
    most_days: int
    told: Told | None


@dataclass(frozen=True, kw_only=True)
class Board:
    """How many lines stand in each way, those the filter takes, and how each branch stands."""

    counts: Mapping[str, int]
    lines: Sequence[Recall]
    branches: Sequence[BranchBoard]
    photos: Mapping[str, list[Attachment]]


@router.get("/recalls")
def recall_list(desk: OverseerAtDesk) -> Response:
    """List the plates called back by branch, where each hangs, since when it is out and who saw it hang."""
    chosen = RecallFilter(
        post_id=desk.asked("post"),
        branch_id=desk.branch_id or desk.asked("branch"),
        shown=desk.asked("show"),
        cause=desk.asked("cause"),
        page=_page_number(desk.asked("page")),
    )
    return _recalls_page(desk, chosen)


def _recalls_page(
    desk: Desk, chosen: RecallFilter, *, refusal: Refusal | None = None, refused_copy: str = ""
) -> Response:
    today = office_day(desk.site.clock())
    with desk.site.register.snapshot() as reader:
        post = dossier_of(reader, chosen.post_id) if chosen.post_id else None
        branches = {each.id: each for each in branches_of(reader, desk)}
    if post:
        desk.check_branch(post.post.branch_id)
    board = _board(desk, chosen, branches, today)
    return desk.page(
        "recalls.html",
        status=status_of(refusal) if refusal else 200,
        board=board,
        lines=_part(board.lines, chosen.page),
        pages=-(-len(board.lines) // LINES_EACH),
        chosen=chosen,
        causes=tuple(RecallCause),
        clauses=CLAUSE_OF_CAUSE,
        post=post,
        just_vetoed=bool(post and post.veto and desk.asked("done") == "veto"),
        branches=branches,
        today=today,
        problem_zh=problem_zh,
        problem_en=problem_en,
        opens_photos=desk.may(*OPENS_PHOTOS),
        done=closed_copy(desk),
        refusal=refusal,
        refused_copy=refused_copy,
    )


def _board(desk: Desk, chosen: RecallFilter, branches: Mapping[str, Organisation], today: date) -> Board:
    site = desk.site
    found = site.recall_book.of(site.register, branch_id=chosen.branch_id, post_id=chosen.post_id)
    lines = sorted(
        chosen.among(found, today),
        key=lambda recall: (not recall.is_open, recall.line.due_on, recall.copy.id),
    )
    still_out = [each for each in found if each.is_open]
    out = defaultdict[str, list[Recall]](list)
    for each in still_out:
        out[each.line.branch_id].append(each)
    with site.register.snapshot() as reader:
        on_board = {} if chosen.post_id else branches
        told = last_told(reader, on_board)
        boards = [_branch_board(each, out[each.id], told.get(each.id), today) for each in on_board.values()]
        gone = [each.copy.id for each in _part(lines, chosen.page) if each.state is RecallState.RETURNED]
        photos = photos_by_plate(reader, gone)
    shown = [each for each in boards if each.out or each.told]
    counts = {name: sum(shows(each, today) for each in still_out) for name, shows in SHOWS.items()}
    counts |= {"": len(found), "closed": len(found) - len(still_out)}
    return Board(counts=counts, lines=lines, branches=shown, photos=photos)


def _branch_board(branch: Organisation, out: Sequence[Recall], told: Told | None, today: date) -> BranchBoard:
    return BranchBoard(
        branch=branch,
        out=len(out),
        overdue=sum(each.is_overdue(today) for each in out),
        displayed=sum(each.state is RecallState.STILL_DISPLAYED for each in out),
        most_days=max((each.days_out(today) for each in out), default=0),
        told=told,
    )


def _part(lines: Sequence[Recall], page: int) -> Sequence[Recall]:
    return lines[LINES_EACH * (page - 1) : LINES_EACH * page]


def _page_number(text: str) -> int:
    """Return the page asked for; the first where nothing sensible is."""
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) <= PAGE_DIGITS else 1


@router.post("/copies/{number}/return")
def take_in(desk: TakerAtDesk, number: str) -> Response:
    """Enter that a plate came back, or was destroyed and how; this closes its recall line."""
    fate = Fate.DESTROYED if desk.said("fate") == Fate.DESTROYED else Fate.RETURNED
    try:
        returned = return_copy(desk.site.register, desk.authority, number, fate=fate, note=_note(desk, fate))
    except Refusal as refusal:
        return _not_taken(desk, number, refusal)
    return see_other(_filter_of(desk, returned.post_id).address(done=number))


def _note(desk: Desk, fate: Fate) -> str:
    """Return what is said about a return.

    Raises:
        ReasonMissing, StatementTooLong: how a plate was destroyed is not said, or at too great length.

    """
    if fate is Fate.RETURNED:
        return desk.said("note")
    return stated(desk.said("note"), what_zh="销毁情况", what_en="account of the destruction")


@router.post("/copies/{number}/lost")
def lost(desk: TakerAtDesk, number: str) -> Response:
    """Enter that a plate is lost; it reads 已挂失, or 已撤销 if its post has fallen."""
    try:
        loss = report_lost(desk.site.register, desk.authority, number, reason=desk.said("reason"))
    except Refusal as refusal:
        return _not_taken(desk, number, refusal)
    return see_other(_filter_of(desk, loss.post_id).address(done=number))


def _filter_of(desk: Desk, post_id: str) -> RecallFilter:
    """Return the filter the form came from; the post's own list where it came from elsewhere."""
    if not desk.said("from_list"):
        return RecallFilter(post_id=post_id)
    return RecallFilter(
        post_id=desk.said("post"),
        branch_id=desk.said("branch"),
        shown=desk.said("show"),
        cause=desk.said("cause"),
        page=_page_number(desk.said("page")),
    )


def _not_taken(desk: Desk, number: str, refusal: Refusal) -> Response:
    """Show the list of the plate's post with what was refused.

    Raises:
        NoSuchCopy: there is no such plate.
        NotAllowed: the plate is another branch's.

    """
    copy = desk.site.register.get(Copy, number)
    if copy is None:
        raise NoSuchCopy(copy_id=number)
    chosen = RecallFilter(post_id=copy.post_id, branch_id=desk.branch_id or "")
    return _recalls_page(desk, chosen, refusal=refusal, refused_copy=number)
