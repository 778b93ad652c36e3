"""Plates that have to come back: which are out, and taking them in by list, by hand or by scanner (F23)."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from store.acts.circulation import NoSuchCopy, report_lost, return_copy
from store.calendar import office_day
from store.codes import PlateCode, PlateNumber
from store.dossier import dossier_of
from store.lookup import only, standing_in
from store.recalls import Recall, outstanding, recalls
from store.records import Copy, Fate
from store.refusals import Refusal
from store.register import Reader
from verify.console.guard import ConsoleRoute, Desk, Officers, see_other, status_of
from verify.console.places import SEES_RECALLS, TAKES_IN
from verify.console.posts import branches_of

LINES_EACH = 100
PAGE_DIGITS = 6

router = APIRouter(prefix="/console", route_class=ConsoleRoute)
OverseerAtDesk = Annotated[Desk, Depends(Officers(*SEES_RECALLS))]
TakerAtDesk = Annotated[Desk, Depends(Officers(*TAKES_IN))]


@dataclass(frozen=True, kw_only=True)
class RecallFilter:
    """Which recall lines the list shows; an empty field asks for nothing."""

    post_id: str = ""
    branch_id: str = ""
    shown: str = ""
    page: int = 1

    def takes(self, recall: Recall, today: date) -> bool:
        """Whether the list shows the line."""
        kinds = {"open": recall.is_open, "overdue": recall.is_overdue(today), "closed": not recall.is_open}
        return kinds.get(self.shown, True)

    def address(self, **more: str) -> str:
        """Return the address of the list as filtered."""
        page = str(self.page) if self.page > 1 else ""
        asked = {"post": self.post_id, "branch": self.branch_id, "show": self.shown, "page": page} | more
        return "/console/recalls?" + urlencode({key: value for key, value in asked.items() if value})


@router.get("/recalls")
def recall_list(desk: OverseerAtDesk) -> Response:
    """List the plates called back, where each hangs and since when it is out."""
    chosen = RecallFilter(
        post_id=desk.asked("post"),
        branch_id=desk.branch_id or desk.asked("branch"),
        shown=desk.asked("show"),
        page=_page_number(desk.asked("page")),
    )
    return _recalls_page(desk, chosen)


def _recalls_page(
    desk: Desk, chosen: RecallFilter, *, refusal: Refusal | None = None, refused_copy: str = ""
) -> Response:
    today = office_day(desk.site.clock())
    with desk.site.register.snapshot() as reader:
        found = _found(reader, chosen)
        post = dossier_of(reader, chosen.post_id) if chosen.post_id else None
        branches = {each.id: each for each in branches_of(reader, desk)}
    if post:
        desk.check_branch(post.post.branch_id)
    lines = [each for each in found if chosen.takes(each, today)]
    return desk.page(
        "recalls.html",
        status=status_of(refusal) if refusal else 200,
        lines=lines[LINES_EACH * (chosen.page - 1) : LINES_EACH * chosen.page],
        pages=-(-len(lines) // LINES_EACH),
        out=sum(each.is_open for each in found),
        overdue=sum(each.is_overdue(today) for each in found),
        total=len(found),
        chosen=chosen,
        post=post,
        just_vetoed=bool(post and post.veto and desk.asked("done") == "veto"),
        branches=branches,
        today=today,
        done=_closed_copy(desk),
        refusal=refusal,
        refused_copy=refused_copy,
    )


def _page_number(text: str) -> int:
    """Return the page asked for; the first where nothing sensible is."""
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) <= PAGE_DIGITS else 1


def _closed_copy(desk: Desk) -> Copy | None:
    """Return the copy just taken in or reported lost; nothing where the address only claims so."""
    copy = desk.site.register.get(Copy, desk.asked("done") or "-")
    if copy is None or desk.branch_id not in {None, copy.branch_id}:
        return None
    return None if outstanding(desk.site.register, [copy]) else copy


def _found(reader: Reader, chosen: RecallFilter) -> list[Recall]:
    """Return the lines of the post and the branch asked for: the open ones first, first due on top."""
    if chosen.post_id:
        found = recalls(reader, post_id=chosen.post_id)
    elif chosen.branch_id:
        found = recalls(reader, branch_id=chosen.branch_id)
    else:
        found = recalls(reader)
    of_branch = (each for each in found if chosen.branch_id in {"", each.line.branch_id})
    return sorted(of_branch, key=lambda recall: (not recall.is_open, recall.line.due_on, recall.copy.id))


@router.post("/copies/{number}/return")
def take_in(desk: TakerAtDesk, number: str) -> Response:
    """Enter that a plate came back or was destroyed; this closes its recall line."""
    fate = Fate.DESTROYED if desk.said("fate") == Fate.DESTROYED else Fate.RETURNED
    try:
        returned = return_copy(desk.site.register, desk.authority, number, fate=fate, note=desk.said("note"))
    except Refusal as refusal:
        return _not_taken(desk, number, refusal)
    return see_other(_filter_of(desk, returned.post_id).address(done=number))


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


@router.get("/return")
def return_desk(desk: TakerAtDesk) -> Response:
    """Ask for one plate after the other, typed or by a scanner that ends each code with Enter."""
    done = _closed_copy(desk)
    if done is None:
        return _return_page(desk)
    left = [each for each in recalls(desk.site.register, post_id=done.post_id) if each.is_open]
    return _return_page(desk, done=done, left=left)


@router.post("/return")
def take_in_scanned(desk: TakerAtDesk) -> Response:
    """Take in a plate by number, code or address; one that nobody called back is asked about first."""
    text = desk.said("plate")
    try:
        copy = copy_named(desk.site.register, text)
        desk.check_branch(copy.branch_id)
        if not desk.said("sure") and not _is_called_back(desk.site.register, copy):
            standing = standing_in(desk.site.register, copy, desk.site.clock())
            return _return_page(desk, plate=text, unasked=copy, standing=standing)
        return_copy(desk.site.register, desk.authority, copy.id)
    except Refusal as refusal:
        return _return_page(desk, plate=text, refusal=refusal)
    return see_other(f"/console/return?done={copy.id}")


def _return_page(desk: Desk, *, refusal: Refusal | None = None, **shown: object) -> Response:
    """Show the field; `done` was just taken in, `unasked` is a plate that nobody called back."""
    nothing: dict[str, object] = {"plate": "", "unasked": None, "standing": None, "done": None, "left": []}
    status = status_of(refusal) if refusal else 200
    return desk.page("return.html", status=status, refusal=refusal, **(nothing | shown))


def _is_called_back(reader: Reader, copy: Copy) -> bool:
    return any(True for _ in recalls(reader, copy_id=copy.id))


def copy_named(reader: Reader, text: str) -> Copy:
    """Return the copy that a typed number, a code or a scanned address names.

    Raises:
        NoSuchCopy: it names none.

    """
    last = text.rstrip("/").rsplit("/", 1)[-1]
    copy = _by_number(reader, last) or _by_code(reader, text)
    if copy is None:
        raise NoSuchCopy(copy_id=text[:60])
    return copy


def _by_number(reader: Reader, text: str) -> Copy | None:
    try:
        return reader.get(Copy, str(PlateNumber.parse(text)))
    except Refusal:
        return None


def _by_code(reader: Reader, text: str) -> Copy | None:
    try:
        return only(reader.find(Copy, code=PlateCode.parse(text).text))
    except Refusal:
        return None
